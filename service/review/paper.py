"""A paper that was read, with what was told of it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from vectorstore.records import Document, Family, Item, ItemKind, ItemStatus, ParsedDocument


@dataclass(frozen=True, slots=True)
class Paper:
    """A paper that was read, and the same paper in the edition before.

    `places` says by the form of a family's numbers as what its records stand there, `plan` what else the reading plan
    says; `page_doubts` are the warnings that name pages, `warnings` the others, `loose` what no record holds, as the
    report tells it as JSON.
    """

    parsed: ParsedDocument
    before: ParsedDocument | None = None
    places: Mapping[str, str] = field(default_factory=dict)
    plan: tuple[str, ...] = ()
    page_doubts: tuple[str, ...] = ()
    warnings: tuple[str, ...] = ()
    loose: Mapping[str, Any] = field(default_factory=dict)

    @property
    def document(self) -> Document:
        """The document as it was read."""
        return self.parsed.document

    def members(self, family: Family) -> list[Item]:
        """Return the records of a family in the order of the paper."""
        return [
            one
            for one in self.parsed.items
            if one.family == family.label and one.kind is family.kind and one.status is not ItemStatus.ARCHIVED
        ]

    def most(self) -> list[Item]:
        """Return the records of the largest family; without families the most frequent kind of item."""
        groups = [self.members(family) for family in self.document.families]
        if not any(groups):
            kinds = [[one for one in self.parsed.items if one.kind is kind] for kind in ItemKind]
            groups = [*kinds[:-1]] if any(kinds[:-1]) else kinds
        return max(groups, key=len)

    def examples(self) -> list[Item]:
        """Return the first, a middle and the last record of the largest family."""
        records = self.most()
        places = sorted({0, len(records) // 2, len(records) - 1}) if records else []
        return [records[place] for place in places]
