"""Requests to read documents, their outcomes, and the protocol of the reader, which the composition
root passes in.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from pathlib import Path
from typing import Any, Protocol

from service.office.uploads.reviewed_document import ReviewedDocument
from vectorstore.records import BY_STAFF, Document, ParsedDocument, ProposedRecord, Provenance

ParsedDocuments = Mapping[str, ParsedDocument]
ReportProgress = Callable[[str, float], None]


class JobState(StrEnum):
    """The state of a job."""

    WAITING = "waiting"
    READING = "reading"
    DONE = "done"
    FAILED = "failed"
    CANCELLED = "cancelled"


@dataclass(frozen=True, slots=True)
class ReadingRequest:
    """A request to read documents into a draft: `files` are added to the published edition; else
    documents of the edition `base`, a draft or the published one, are read again.

    `only` are the ids of these documents, `answers` their metadata as typed by
    people, by document and field, `provenance` that of files from followed sources, by document. If
    it `asks`, the language model is asked which titles are records.
    """

    person: str
    files: tuple[str, ...] = ()
    base: str | None = None
    only: tuple[str, ...] = ()
    answers: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    provenance: Mapping[str, Provenance] = field(default_factory=dict)
    asks: bool = False


@dataclass(frozen=True, slots=True)
class FileOutcome:
    """The outcome of one file as a text in `told`; `taken` is true if it is a document of the
    draft.
    """

    file: str
    taken: bool
    told: str


# ids in order → kind of relation, id of the document that counts ("" for both)
DecidedPairs = Mapping[tuple[str, str], tuple[str, str]]


OPEN = "open"  # kind of a look: not decided, or to be taken back


@dataclass(frozen=True, slots=True)
class StaffLook:
    """A decision on the records that look like examples: their `kind`, "none" for no records.

    `examples` are number and title as printed, with the PDF page (None for any); `source` is
    "staff", "register", "predecessor" or a model.
    """

    kind: str
    examples: tuple[tuple[str, int | None], ...]
    source: str = BY_STAFF

    @property
    def names(self) -> tuple[str, ...]:
        """The names of its examples."""
        return tuple(name for name, _ in self.examples)


@dataclass(frozen=True, slots=True)
class ExampleTrial:
    """What looks like the examples that a person points at: the `lines` of a page, of so many
    `pages`, each with its number in the document, its text and its edges (left, top, right, bottom,
    in points), and all `records` that look like the `examples`; `size` is that of the page in
    points, None where nothing has a place, `refused` says why the examples are not followed, and
    `change` how an answer changes the records of the document.
    """

    pages: int
    lines: tuple[tuple[int, str, tuple[float, float, float, float]], ...]
    examples: tuple[tuple[str, int | None], ...]
    records: tuple[ProposedRecord, ...]
    size: tuple[float, float] | None
    refused: str = ""
    change: str = ""


@dataclass(frozen=True, slots=True)
class ReadingOutcome:
    """The outcome of a reading: the new edition, whether it is a draft, the files, and in `told` a
    text on what a model answered.
    """

    edition: str | None
    draft: bool
    files: tuple[FileOutcome, ...]
    told: str = ""


class ReadingFailed(Exception):
    """No document could be read; the message is one sentence for people."""


class DocumentReader(Protocol):
    """The interface by which the service has documents read; `service.cli.ingestion` implements
    it.
    """

    def read(self, request: ReadingRequest, folder: Path, tell: ReportProgress) -> ReadingOutcome:
        """Read the files into a draft; raises ReadingFailed, StoreError. Runs in the job's own
        process.
        """

    def review(
        self, parsed: ParsedDocument, before: ParsedDocument | None, report: Mapping[str, Any]
    ) -> ReviewedDocument:
        """Return a document of a draft prepared for review.

        `before` is the same document in the published edition, `report` that of the ingestion that
        made the draft.
        """

    def question_price(self, document: ReviewedDocument) -> str:
        """Return a text on what it costs to have a language model say which titles are records, ""
        where nothing is open or no model is configured.
        """

    def make_items(self, parsed: ParsedDocument, starts: Sequence[int], kind: str) -> None:
        """Store that the rows and sections at these offsets are items of a kind; raises ValueError,
        StoreError, OSError.
        """

    def looks(self, document_id: str) -> tuple[StaffLook, ...]:
        """Return what was said of records that look alike."""

    def add_look(self, document_id: str, look: StaffLook) -> None:
        """Store what records look like; raises ValueError if one of the examples was decided on
        meanwhile, StoreError, OSError.
        """

    def remove_look(self, document_id: str, names: Sequence[str]) -> None:
        """Undo `add_look` for examples with these names; raises what `add_look` does."""

    def try_examples(
        self,
        document: Document,
        path: Path,
        look: StaffLook,
        page: int = 1,
        line: int | None = None,
    ) -> ExampleTrial | float:
        """Return what in the file of a document looks like the examples of a look, the lines of its
        page `page` (from 1) and, unless the look is OPEN, how this answer changes the records.

        `line` is a line that becomes an example too, by its number in the document from 0; None for
        none. The file is read in the background; until that is done, the share of it that is read
        is returned, 0 to 1. Raises ReadingFailed, also for an answer that may not be stored.
        """

    def relations(self) -> DecidedPairs:
        """Return what staff decided of pairs of documents."""

    def decide_relation(
        self, ids: tuple[str, str], kind: str, counts: str | None, before: str | None
    ) -> None:
        """Store which document of a pair counts: its id, "" for both, None to take the decision
        back.

        `before` is the decision that the person saw, in the same form. Raises ValueError if it is
        another one by now, so that nobody overwrites what they did not see; raises StoreError,
        OSError.
        """

    def remove_item(self, document_id: str, name: str) -> None:
        """Undo `make_items` for the row or section called `name`: its number and title.

        Raises StoreError, OSError.
        """
