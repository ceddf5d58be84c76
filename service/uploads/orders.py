"""What staff want read: files that they handed in, or documents of a draft once more with what they said of them."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from pathlib import Path
from typing import Any, Protocol

from service.review.paper import Paper
from vectorstore.records import Document, ParsedDocument

Papers = Mapping[str, ParsedDocument]
Tell = Callable[[str, float], None]


class JobState(StrEnum):
    """How far a job is."""

    WAITING = "waiting"
    READING = "reading"
    DONE = "done"
    FAILED = "failed"
    CANCELLED = "cancelled"


@dataclass(frozen=True, slots=True)
class Order:
    """One reading: `files` are added to the published edition; with `base` the draft of this name is read on.

    `only` are the documents of the draft that are read again, `answers` the parts of their front matter that people
    gave, as text by document and part, `unplanned` those for which what staff said of their plans is forgotten.
    """

    person: str
    files: tuple[str, ...] = ()
    base: str | None = None
    only: tuple[str, ...] = ()
    answers: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    unplanned: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class FileOutcome:
    """What became of one file, in words; `taken` tells whether it is a document of the draft."""

    file: str
    taken: bool
    told: str


@dataclass(frozen=True, slots=True)
class Outcome:
    """What came of a reading: the edition that holds it, whether that is a draft, and every file."""

    edition: str | None
    draft: bool
    files: tuple[FileOutcome, ...]


@dataclass(frozen=True, slots=True)
class PlanFamilyRow:
    """Records of one numbering as the form shows them: shape of their numbers, kind, place."""

    label: str
    kind: str
    place: str


@dataclass(frozen=True, slots=True)
class PlanForm:
    """A reading plan as a form: families, what labels mean ("" for nothing), what status words mean ("" for none).

    `whole` says that all of it is confirmed, not only what is another than was read.
    """

    families: Sequence[PlanFamilyRow] = ()
    labels: Sequence[tuple[str, str]] = ()
    statuses: Sequence[tuple[str, str]] = ()
    whole: bool = False


@dataclass(frozen=True, slots=True)
class PlanChoices:
    """What can be chosen in that form, each value with its words."""

    kinds: Mapping[str, str]
    places: Mapping[str, str]
    fields: Mapping[str, str]
    statuses: Mapping[str, str]


class PlanRefused(Exception):
    """A plan that contradicts itself; the message says where, a sentence on a line each."""


class Reader(Protocol):
    """What reads documents; the composition root hands it in, as the service itself reads none."""

    def read(self, order: Order, folder: Path, tell: Tell) -> Outcome:
        """Read and leave a draft; raises what ingestion raises. Runs in a process of its own."""

    def papers(self, name: str, drafted: Papers, before: Papers, report: Mapping[str, Any]) -> list[Paper]:
        """Return the documents that a draft (by its name) has anew or otherwise, ready to be looked through."""

    def drop(self, name: str) -> None:
        """Drop a draft; raises NotPublishable, WriterBusy."""

    def choices(self) -> PlanChoices:
        """Return what can be chosen in a plan."""

    def plan_of(self, document: Document) -> PlanForm:
        """Return a document's reading plan as a form."""

    def keep_plan(self, document: Document, form: PlanForm) -> None:
        """Keep a plan for every reading to come; raises PlanRefused."""

    def forget_plan(self, document_id: str) -> None:
        """Forget what staff said of a plan, for every reading to come."""

    def is_corrected(self, document: Document) -> bool:
        """Tell whether staff said anything of a document's plan."""
