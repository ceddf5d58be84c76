"""The pointer of a data folder: its published edition, the previously published one, and its
drafts.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from enum import StrEnum

from pydantic import TypeAdapter

from vectorstore.manifest import FORMAT
from vectorstore.storage import EditionMismatch, say

MOST_DRAFTS = 5
OLDER_POINTER = rb"\d{4}-\d\d-\d\d-\d+\n"  # of 1.0.0: a name on the first line, "2026-11-20-1"


class EditionState(StrEnum):
    """The state of an edition: published now (CURRENT) or before, an unpublished draft, or rolled
    back from.
    """

    CURRENT = "current"
    BEFORE = "before"
    DRAFT = "draft"
    ROLLED_BACK = "left"


@dataclass(frozen=True, slots=True)
class DraftEntry:
    """A draft's entry in the pointer: the edition that was current when it was started, and its
    time (UTC).
    """

    based_on: str | None
    made: datetime


@dataclass(frozen=True, slots=True)
class EditionInfo:
    """An edition in a list: counts and day are None if it is damaged; the last three fields are for
    drafts only.
    """

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
    """The published edition, the one published `before` it, the drafts, and the `format` of the
    data folder.
    """

    current: str | None = None
    before: str | None = None
    drafts: Mapping[str, DraftEntry] = field(default_factory=dict)
    format: int = FORMAT

    def with_draft(self, name: str, entry: DraftEntry | None) -> Pointer:
        """The pointer with this entry of a draft, or without the draft for None."""
        drafts = dict(self.drafts)
        drafts.pop(name, None)
        return replace(self, drafts=drafts if entry is None else {**drafts, name: entry})

    def with_current(self, name: str) -> Pointer:
        """The pointer after publishing another edition, which is no draft any more."""
        return replace(self.with_draft(name, None), current=name, before=self.current)

    def base_of(self, name: str | None) -> str | None:
        """The edition that a new draft made from this one is based on; None: from the current one.

        For a draft it is the edition that was current when the draft was started, None if there was
        none. An edition that is no draft is the base itself.
        """
        draft = self.drafts.get(name or "")
        return draft.based_on if draft else name or self.current

    def state_of(self, name: str) -> EditionState:
        """The state of an edition.

        An edition that is named nowhere in the pointer was published once and rolled back from: all
        other editions that are no longer published are removed.
        """
        if name in self.drafts:
            return EditionState.DRAFT
        published = {self.current: EditionState.CURRENT, self.before: EditionState.BEFORE}
        return published.get(name, EditionState.ROLLED_BACK)

    def is_outdated(self, name: str) -> bool:
        """True for a draft that is based on an edition which is no longer current."""
        return name in self.drafts and self.drafts[name].based_on != self.current

    def dumped(self) -> bytes:
        """The pointer as JSON, which `loaded` reads."""
        return POINTER.dump_json(self, indent=1)

    @classmethod
    def loaded(cls, content: bytes) -> Pointer:
        """The pointer in JSON that `dumped` wrote.

        Raises EditionMismatch for the plain text of version 1.0.0 and for another format of the
        data folder, ValueError for other data.
        """
        if re.match(OLDER_POINTER, content):
            raise EditionMismatch(say("store.older_editions"))
        pointer = POINTER.validate_json(content)
        if pointer.format != FORMAT:
            raise EditionMismatch(say("store.other_format", found=pointer.format, read=FORMAT))
        return pointer


POINTER = TypeAdapter(Pointer)
