"""What became of each record from one document to another: the one comparison of tool, pages, feed and command.

Records are matched one to one by number and title: each pair is scored by how similar its titles are, higher where the
number is the same, and the assignment with the highest sum is taken. Matched records are compared part by part.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum

import numpy as np
from rapidfuzz import fuzz, process

from vectorstore.records import Document, Field, Item, ItemKind, ItemStatus

PLANS, GOALS = (ItemKind.PROJECT, ItemKind.MEASURE), (ItemKind.GOAL,)  # kinds within which records are matched
_SIMILAR, _SIMILAR_SAME_REF = 78.0, 45.0  # similarity of titles, 0 to 100, from which two records may be the same
_SAME_REF = 20.0
_NAMING = frozenset(("ref", "title", "theme"))
_PRINTED = ("body", "table_row", "status_heading")
_PARTS = ("responsible", "period", "cost", "priority", "cooperation", "state", "description")


class ChangeKind(StrEnum):
    """What became of a record, the first that is true; `MOVED` is another number, title or theme."""

    NEW = "new"
    FINISHED = "finished"
    STATUS = "status"
    DROPPED = "dropped"
    MOVED = "moved"
    FIELD = "field"
    UNCHANGED = "unchanged"


@dataclass(frozen=True, slots=True)
class Change:
    """A record in the earlier document, in the later one, or in both."""

    kind: ChangeKind
    old: Item | None
    new: Item | None

    @property
    def item(self) -> Item:
        """The record as the later document has it, else as the earlier one had it."""
        item = self.new or self.old
        assert item is not None
        return item


@dataclass(frozen=True, slots=True)
class Quote:
    """A verbatim text of a document with its PDF page, from 1; "" where the document does not say it."""

    text: str = ""
    page: int | None = None


def compare_items(before: Iterable[Item], after: Iterable[Item], *groups: Iterable[ItemKind]) -> Iterator[Change]:
    """What became of the records of each group of kinds, in the later document's order, dropped ones last.

    An archive's row in the later document is dropped, in the earlier one it is none.
    """
    for kinds in groups:
        old = [item for item in before if item.kind in kinds and not is_archived(item)]
        new = [item for item in after if item.kind in kinds]
        matches = dict(match_items(old, new))
        for place, item in enumerate(new):
            if place in matches:
                yield Change(change_kind(old[matches[place]], item), old[matches[place]], item)
            elif not is_archived(item):
                yield Change(ChangeKind.NEW, None, item)
        for place in sorted(set(range(len(old))) - set(matches.values())):
            yield Change(ChangeKind.DROPPED, old[place], None)


def match_items(before: Sequence[Item], after: Sequence[Item]) -> Iterator[tuple[int, int]]:
    """The positions of records that are the same, that in `after` first."""
    if not before or not after:
        return
    from scipy.optimize import linear_sum_assignment  # a quarter of a second that a start need not wait for

    titles = [[item.title for item in items] for items in (after, before)]
    similarity = process.cdist(*titles, scorer=fuzz.token_sort_ratio, processor=str.casefold, dtype=np.float32)
    refs = np.array([_ref(item) for item in before])
    same = np.array([(refs == _ref(item)) & (refs != "") for item in after])
    fitting = (similarity >= _SIMILAR) | (same & (similarity >= _SIMILAR_SAME_REF))
    scores = np.where(fitting, similarity + _SAME_REF * same, 0.0)
    for place, other in zip(*linear_sum_assignment(scores, maximize=True), strict=True):
        if fitting[place, other]:
            yield int(place), int(other)


def change_kind(old: Item, new: Item) -> ChangeKind:
    """What became of a record that is in both documents."""
    if is_archived(new):
        return ChangeKind.DROPPED
    parts = differing_parts(old, new)
    if "status" in parts and new.status is ItemStatus.IMPLEMENTED:
        return ChangeKind.FINISHED
    if "status" in parts and None not in (new.status, old.status):
        return ChangeKind.STATUS
    if parts.isdisjoint(_NAMING):
        return ChangeKind.FIELD if parts else ChangeKind.UNCHANGED
    return ChangeKind.MOVED


def differing_parts(old: Item, new: Item) -> set[str]:
    """The parts of a record that differ by more than white space; a theme only where both documents name one.

    Where the printed text is the same, fields and a printed status were only read otherwise, and do not differ.
    """
    before, after = ({part: _squeeze(quote.text) for part, quote in parts_of(item).items()} for item in (old, new))
    before, after = before | {"ref": _ref(old)}, after | {"ref": _ref(new)}
    parts = {part for part in before.keys() | after.keys() if before.get(part, "") != after.get(part, "")}
    parts |= {"status"} if old.status is not new.status else set()
    parts -= {"theme"} if not old.theme or not new.theme else set()
    texts = [[_squeeze(getattr(item, part) or "") for part in _PRINTED] for item in (old, new)]
    if texts[0] != texts[1] or old.corrected or new.corrected:
        return parts
    is_printed = any(item.status_heading or item.table_row or _status_field(item) for item in (old, new))
    return parts & (_NAMING if is_printed else _NAMING | {"status"})


def parts_of(item: Item) -> dict[str, Quote]:
    """The parts of a record but its status, by name or label: as a field prints them, else as they were read."""
    theme = f"{item.theme.ref} {item.theme.title}" if item.theme else ""
    parts = {"ref": Quote(item.ref), "title": Quote(item.title), "theme": Quote(theme)}
    for field in item.fields:
        if field.field not in ("ref", "title", "theme", "status"):
            part = field.label if field.field in parts else field.field or field.label
            parts.setdefault(part, Quote(field.text, field.page))
    for part in _PARTS:
        value = getattr(item, part)
        if value and part not in parts:
            parts[part] = Quote(value if isinstance(value, str) else ", ".join(value), item.page)
    return parts if item.fields or item.description else {**parts, "text": Quote(item.body, item.page)}


def status_quote(item: Item, document: Document) -> Quote:
    """The printed text that gives a record its status: its field, the heading of its group, or its row of a table."""
    if field := _status_field(item):
        return Quote(field.text, field.page or item.page)
    text = item.status and (item.status_heading or item.table_row)
    if not text:
        return Quote()
    place = document.text.rfind(text, 0, item.start) if item.status_heading else item.table_start or 0
    page = document.page_at(place) if place >= 0 else None
    return Quote(text, page.number if page else item.page)


def predecessor(document: Document, known: Mapping[str, Document]) -> Document | None:
    """The document that one replaces, else the one before it in its series by date; one without a date is first."""
    replaced = known.get(document.replaces or "")
    if replaced is not None or document.series is None:
        return replaced if replaced != document else None
    series = sorted((other for other in known.values() if other.series == document.series), key=document_age)
    place = series.index(document)
    return series[place - 1] if place else None


def document_age(document: Document) -> tuple[str, str]:
    """What documents of a series are ordered by."""
    return document.as_of.isoformat() if document.as_of else "", document.id


def is_archived(item: Item) -> bool:
    """True for a row of an archive, which is outside lists and counts."""
    return item.status is ItemStatus.ARCHIVED


def _status_field(item: Item) -> Field | None:
    return next((field for field in item.fields if field.field == "status" and field.text.strip()), None)


def _squeeze(text: str) -> str:
    return " ".join(text.split())


def _ref(item: Item) -> str:
    """A record's number, the former one of an archive's row; "" for one that only repeats the title."""
    ref = (item.former_ref or "") if is_archived(item) else item.ref
    return "" if ref == item.title else "".join(ref.split()).casefold()
