"""Which edition is published, which was before, and which are drafts: complete, and not yet published."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from enum import StrEnum

from pydantic import TypeAdapter

from vectorstore.errors import EditionMismatch, say
from vectorstore.manifest import FORMAT

MOST_DRAFTS = 5


class EditionState(StrEnum):
    """What an edition is at the moment; `LEFT` is one that was rolled back from."""

    CURRENT = "current"
    BEFORE = "before"
    DRAFT = "draft"
    LEFT = "left"


@dataclass(frozen=True, slots=True)
class DraftOf:
    """A draft to be made: the edition that it started from, and the draft that it replaces, if any."""

    based_on: str | None
    instead_of: str | None = None


@dataclass(frozen=True, slots=True)
class DraftNote:
    """What is known of a draft: the edition that was current when it was begun, and when (UTC) it was made."""

    based_on: str | None
    made: datetime


@dataclass(frozen=True, slots=True)
class EditionInfo:
    """One edition of a data folder; numbers and day are None where it is damaged, the rest is of drafts alone."""

    name: str
    state: EditionState
    created: date | None = None
    documents: int | None = None
    items: int | None = None
    based_on: str | None = None
    made: datetime | None = None
    outdated: bool = False


@dataclass(frozen=True, slots=True)
class Pointer:
    """The published edition, the one that was published until then, and the drafts; in a data folder of `format`."""

    current: str | None = None
    before: str | None = None
    drafts: Mapping[str, DraftNote] = field(default_factory=dict)
    format: int = FORMAT

    def with_draft(self, name: str, note: DraftNote | None) -> Pointer:
        """The pointer with an edition as a draft, or with None as none."""
        remaining = {draft: known for draft, known in self.drafts.items() if draft != name}
        return replace(self, drafts=remaining if note is None else {**remaining, name: note})

    def with_current(self, name: str) -> Pointer:
        """The pointer with another edition published."""
        return replace(self.with_draft(name, None), current=name, before=self.current)

    def state_of(self, name: str) -> EditionState:
        """What an edition is."""
        if name in self.drafts:
            return EditionState.DRAFT
        return {self.current: EditionState.CURRENT, self.before: EditionState.BEFORE}.get(name, EditionState.LEFT)

    def is_outdated(self, name: str) -> bool:
        """True if a draft started from an edition that is no longer current."""
        return name in self.drafts and self.drafts[name].based_on != self.current

    def dumped(self) -> bytes:
        """The pointer as JSON, which `loaded` reads."""
        return POINTER.dump_json(self, indent=1)

    @classmethod
    def loaded(cls, content: bytes | str) -> Pointer:
        """The pointer that `dumped` gave; raises EditionMismatch for another format, ValueError for anything else."""
        pointer = POINTER.validate_json(content)
        if pointer.format != FORMAT:
            raise EditionMismatch(say("store.other_format", found=pointer.format, read=FORMAT))
        return pointer


POINTER = TypeAdapter(Pointer)
