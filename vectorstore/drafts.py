"""What an edition is at the moment: published, the one before, left, or a draft: complete, and not yet published."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from enum import StrEnum

from pydantic import TypeAdapter

MOST_DRAFTS = 5


class EditionState(StrEnum):
    """What an edition is at the moment; `LEFT` is one that was rolled back from."""

    CURRENT = "current"
    BEFORE = "before"
    DRAFT = "draft"
    LEFT = "left"


@dataclass(frozen=True, slots=True)
class DraftOf:
    """A draft to be made: the edition that it started from, and the draft that it takes the place of, if any."""

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
    """Which edition is published, and which are drafts; `before` was published until then, where age does not tell."""

    current: str | None = None
    before: str | None = None
    drafts: Mapping[str, DraftNote] = field(default_factory=dict)

    def with_draft(self, name: str, note: DraftNote | None) -> Pointer:
        """The same with an edition as a draft, or with None as none."""
        others = {one: known for one, known in self.drafts.items() if one != name}
        return replace(self, drafts=others if note is None else {**others, name: note})

    def dumped(self) -> bytes:
        """As the contents of a file: the name of the published edition, in a second line what else is to be said."""
        rest = _POINTER.dump_python(replace(self, current=None), mode="json", exclude_defaults=True)
        return (f"{self.current or ''}\n" + (f"{json.dumps(rest)}\n" if rest else "")).encode()

    @classmethod
    def loaded(cls, text: str) -> Pointer:
        """What `dumped` gave; of other texts the first line."""
        name, _, rest = text.partition("\n")
        try:
            known = _POINTER.validate_json(rest or "{}")
        except ValueError:
            known = cls()
        return replace(known, current=name.strip() or None)


_POINTER = TypeAdapter(Pointer)
