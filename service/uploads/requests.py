"""What staff want read, what became of it, and what reads: the composition root hands a reader in."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from pathlib import Path
from typing import Any, Protocol

from service.uploads.reviewed_document import ReviewedDocument
from vectorstore.records import ParsedDocument

ParsedDocuments = Mapping[str, ParsedDocument]
Tell = Callable[[str, float], None]


class JobState(StrEnum):
    """How far a job is."""

    WAITING = "waiting"
    READING = "reading"
    DONE = "done"
    FAILED = "failed"
    CANCELLED = "cancelled"


@dataclass(frozen=True, slots=True)
class ReadingRequest:
    """One reading: `files` are added to the published edition; with `base` the draft of this name is read on.

    `only` are the documents of the draft that are read again, `answers` the parts of their front matter that people
    gave, as text by document and part; `model` has the language model read them and, with `questions`, write questions.
    """

    person: str
    files: tuple[str, ...] = ()
    base: str | None = None
    only: tuple[str, ...] = ()
    answers: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    model: bool = False
    questions: bool = True


@dataclass(frozen=True, slots=True)
class FileOutcome:
    """What became of one file, in words; `taken` tells whether it is a document of the draft."""

    file: str
    taken: bool
    told: str


@dataclass(frozen=True, slots=True)
class ReadingOutcome:
    """What came of a reading: the edition that holds it, whether that is a draft, every file, and what it cost."""

    edition: str | None
    draft: bool
    files: tuple[FileOutcome, ...]
    told: str = ""


class ReadingFailed(Exception):
    """Nothing could be read; the message is one sentence for people."""


class DocumentReader(Protocol):
    """What reads documents; the service itself reads none, `service.cli.ingestion` does."""

    def read(self, request: ReadingRequest, folder: Path, tell: Tell) -> ReadingOutcome:
        """Read and leave a draft; raises ReadingFailed, StoreError. Runs in a process of its own."""

    def review(
        self, drafted: ParsedDocuments, before: ParsedDocuments, report: Mapping[str, Any]
    ) -> list[ReviewedDocument]:
        """Return the documents that a draft has anew or otherwise, ready to be looked through."""

    def price(self, document: ReviewedDocument) -> str:
        """Say what it takes to have the language model read a document, "" where it does not."""

    def choose(self, document_id: str, label: str, kind: str | None) -> None:
        """Store what a family of numbers is, None for what reading finds; raises ValueError, StoreError, OSError."""

    def take(self, parsed: ParsedDocument, starts: Sequence[int], kind: str) -> None:
        """Store that rows and sections are items, by where they begin; raises what `choose` does."""

    def release(self, document_id: str, name: str) -> None:
        """Store that what was taken is no item, by number and title; raises StoreError, OSError."""

    def drop(self, name: str) -> None:
        """Drop a draft; raises NotPublishable, WriterBusy."""
