"""The records of an earlier paper and those of a later one, matched one to one by number and title.

Each pair gets how alike its titles are, more where the number is the same; the assignment with the highest sum holds.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

import numpy as np
from rapidfuzz import fuzz, process

from prompts import say
from vectorstore.catalogue import Catalogue
from vectorstore.records import Document, Item, ItemKind, ItemStatus

GROUPS = ((ItemKind.PROJECT, ItemKind.MEASURE), (ItemKind.GOAL,))
_ALIKE, _ALIKE_SAME_REF = 78.0, 45.0  # likeness of titles, 0 to 100, from which two records may be one
_SAME_REF = 20.0


class ChangeKind(StrEnum):
    """What became of a record from one paper to the next, the first that holds."""

    NEW = "new"
    FINISHED = "finished"
    STATUS = "status"
    DROPPED = "dropped"
    MOVED = "moved"
    UNCHANGED = "unchanged"


WORDS = {kind: say(f"labels.change_{kind}") for kind in ChangeKind}


@dataclass(frozen=True, slots=True)
class Change:
    """A record in the earlier paper, in the later one, or in both."""

    kind: ChangeKind
    old: Item | None
    new: Item | None

    @property
    def item(self) -> Item:
        """The record as the later paper has it, else as the earlier one had it."""
        found = self.new or self.old
        assert found is not None
        return found


@dataclass(frozen=True, slots=True)
class Comparison:
    """Two papers of one series and what changed between them, in the order of the later paper, what went last."""

    old: Document
    new: Document
    changes: tuple[Change, ...]

    def of(self, *kinds: ChangeKind) -> list[Change]:
        """The changes of these kinds."""
        return [one for one in self.changes if one.kind in kinds]

    @property
    def common(self) -> bool:
        """Whether any record stands in both."""
        return any(one.old and one.new for one in self.changes)

    @property
    def counts(self) -> dict[ChangeKind, int]:
        """How many records each kind has, all kinds."""
        return {kind: len(self.of(kind)) for kind in ChangeKind}


def pairs(catalogue: Catalogue) -> list[tuple[Document, Document]]:
    """The papers that follow one another, each with the one before it, the latest first.

    A paper follows the one that it replaces, else the one before it in its series by date; one without a date is first.
    """
    found = []
    for one in catalogue.documents.values():
        before = catalogue.documents.get(one.replaces or "") or _before(one, catalogue)
        if before is not None and before is not one:
            found.append((before, one))
    return sorted(found, key=lambda pair: (_age(pair[1]), pair[1].id), reverse=True)


def compare(catalogue: Catalogue, old: Document, new: Document) -> Comparison:
    """What changed from one paper to another; records of archives count as gone."""
    changes: list[Change] = []
    for kinds in GROUPS:
        before = [one for one in catalogue.items_of(old.id) if one.kind in kinds and not _archived(one)]
        after = [one for one in catalogue.items_of(new.id) if one.kind in kinds]
        changes += _compared(before, after)
    return Comparison(old, new, tuple(changes))


def row_of(change: Change) -> dict[str, Any]:
    """A change as a row, for pages, files and below answers; what a paper does not have is None."""
    row: dict[str, Any] = {"change": WORDS[change.kind]}
    for names in (("ref", "title", "status"), ("document_id", "key")):
        for ending, item in (("", change.new), ("_before", change.old)):
            row |= {f"{name}{ending}": getattr(item, name, None) for name in names}
    statuses = {name: row[name] and row[name].value for name in ("status", "status_before")}
    return row | statuses


def _before(one: Document, catalogue: Catalogue) -> Document | None:
    if one.series is None:
        return None
    mine = sorted((each for each in catalogue.documents.values() if each.series == one.series), key=_order)
    place = mine.index(one)
    return mine[place - 1] if place else None


def _order(one: Document) -> tuple[str, str]:
    return _age(one), one.id


def _age(one: Document) -> str:
    return one.as_of.isoformat() if one.as_of else ""


def _compared(before: Sequence[Item], after: Sequence[Item]) -> Iterator[Change]:
    pairs = dict(matched(before, after))
    for place, item in enumerate(after):
        old = before[pairs[place]] if place in pairs else None
        if old is not None:
            yield Change(_kind(old, item), old, item)
        elif not _archived(item):
            yield Change(ChangeKind.NEW, None, item)
    gone = set(range(len(before))) - set(pairs.values())
    for place in sorted(gone):
        yield Change(ChangeKind.DROPPED, before[place], None)


def _kind(old: Item, new: Item) -> ChangeKind:
    if _archived(new):
        return ChangeKind.DROPPED
    if new.status is ItemStatus.IMPLEMENTED and old.status is not ItemStatus.IMPLEMENTED:
        return ChangeKind.FINISHED
    if new.status is not old.status and None not in (new.status, old.status):
        return ChangeKind.STATUS
    moved = _ref(old) != _ref(new) or (old.theme is not None and new.theme is not None and old.theme != new.theme)
    return ChangeKind.MOVED if moved else ChangeKind.UNCHANGED


def matched(before: Sequence[Item], after: Sequence[Item]) -> Iterator[tuple[int, int]]:
    """The places of the records that are one, those of the later paper first."""
    if not before or not after:
        return
    from scipy.optimize import linear_sum_assignment  # a quarter of a second that a start need not wait for

    likeness = process.cdist(
        [one.title for one in after],
        [one.title for one in before],
        scorer=fuzz.token_sort_ratio,
        processor=str.casefold,
        dtype=np.float32,
    )
    refs = np.array([_ref(one) for one in before])
    same = np.array([(refs == _ref(one)) & (refs != "") for one in after])
    fitting = (likeness >= _ALIKE) | (same & (likeness >= _ALIKE_SAME_REF))
    scores = np.where(fitting, likeness + _SAME_REF * same, 0.0)
    for place, other in zip(*linear_sum_assignment(scores, maximize=True), strict=True):
        if fitting[place, other]:
            yield int(place), int(other)


def _ref(item: Item) -> str:
    """A record's number, the former one of an archive's row; "" for one that only repeats the title."""
    ref = (item.former_ref or "") if _archived(item) else item.ref
    return "" if ref == item.title else "".join(ref.split()).casefold()


def _archived(item: Item) -> bool:
    return item.status is ItemStatus.ARCHIVED
