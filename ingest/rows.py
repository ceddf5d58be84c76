"""Table rows that are records: a row completes the record that it matches; others become items
unless most match.

The sheet of a record gives its fields and page; the row adds its wording of the title and the
fields that the sheet lacks. If both state a field differently, the two values are stored as a
conflict.
"""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from typing import Any

import numpy as np
from rapidfuzz import fuzz, process

from ingest.families import ListEntry, Listing
from ingest.keys import RECORDS, Keys
from ingest.readers.claims import Claim, ClaimedField, Span
from ingest.readers.lexicon import status_of
from ingest.readers.titles import normalize_title
from ingest.tables import is_mark
from ingest.tree import OPENING, Tree, ref_title
from ingest.values.units import spells_abbreviation
from vectorstore.notation import fold_ref
from vectorstore.records import (
    BY_STAFF,
    Conflict,
    ConflictValue,
    Field,
    Item,
    ItemKind,
    ItemStatus,
    RefTitle,
)

# share of a list's rows that match records, from which it only repeats records and adds no items
_MIN_MATCHED = 0.5
_SAME_NUMBER = 0.35  # added to the similarity of titles, 0 to 1, for an equal number
_MIN_SIMILAR, _MIN_SURE = (
    0.55,
    0.75,
)  # similarity of titles needed: with an equal or no number; with different ones
_CODE_SIMILARITY = (
    0.3  # the least similarity of titles assumed for an equal number with letters ("K-07")
)
_MIN_SCORE = 0.5  # similarity with `_SAME_NUMBER`, below which row and record do not match
_MIN_AGREEMENT = 90  # similarity of two values, 0 to 100, from which they agree
_MAX_CONFLICTS, _MAX_CONFLICT_SHARE = (
    4,
    0.6,
)  # with more than both, a column means another thing than the sheet's field
_COMPARED = ("responsible", "period", "cost", "priority")
_COMPLETED = (
    "status",
    "responsible",
    "cooperation",
    "period",
    "cost",
    "priority",
    "state",
    "description",
)
_UNIT_SEPARATOR = re.compile(r"[,;/\n]|\s(?:und|sowie)\s")  # in "Amt 61, Amt 66 und Bauhof"
_MAX_STATUS_LENGTH, _MAX_MARK_LENGTH = (
    60,
    3,
)  # characters: of words for a status; of a mark in a status column


class RowMerger:
    """Merges the table rows of one document with its items."""

    def __init__(self, tree: Tree, keys: Keys, items: Sequence[Item]) -> None:
        self._tree, self._keys, self._items = tree, keys, list(items)

    def merge(self) -> tuple[list[Item], list[Listing]]:
        """Return the items, followed by new ones for unmatched rows, and the document's own
        lists.
        """
        by_kind: dict[str, list[Claim]] = defaultdict(list)
        for row in self._tree.rows:
            if row.status == ItemStatus.ARCHIVED or row.source == BY_STAFF:
                self._add_item(row)
            else:
                by_kind[row.kind].append(row)
        listings = [self._merge_list(ItemKind(kind), rows) for kind, rows in by_kind.items()]
        return self._items, listings

    def _merge_list(self, kind: ItemKind, rows: Sequence[Claim]) -> Listing:
        """Complete the records that match rows of a kind, and return the rows as the document's own
        list.

        Other rows become items, unless most rows match records. The list's source, which conflicts
        name, is "list" if statuses are marks ("x"), "overview" if they are words.
        """
        kinds = RECORDS if kind in RECORDS else (kind,)
        records = [
            item
            for item in self._items
            if item.kind in kinds and item.status is not ItemStatus.ARCHIVED
        ]
        matched = match_rows(records, rows)
        fields = [field for row in rows for field in row.fields if field.meaning == "status"]
        source = (
            "list" if any(len(field.text) <= _MAX_MARK_LENGTH for field in fields) else "overview"
        )
        rows_by_key = {key: rows[index] for index, key in matched.items()}
        self._items = complete_with_rows(self._items, rows_by_key, self._tree.text, source)
        repeats_records = len(matched) >= _MIN_MATCHED * len(rows)
        new_keys: dict[
            tuple[str, str], str
        ] = {}  # by number and title: a list may be printed twice
        entries = []
        for index, row in enumerate(rows):
            key, name = matched.get(index), (row.ref, normalize_title(row.title))
            if key is None and not repeats_records and row.confidence > 0:
                key = new_keys[name] = new_keys.get(name) or self._add_item(row)
            self._tree.assign_row(row, key or self._tree.find_owner_key(_extent_of(row).start))
            entries.append(ListEntry(row.number or "", row.title, key))
        return Listing(source, rows[0].page, tuple(entries))

    def _add_item(self, row: Claim) -> str:
        """Add an item for a row, below the theme that it names, else the item before, or archived;
        return its key.
        """
        extent, is_archived = _extent_of(row), row.status == ItemStatus.ARCHIVED
        key_before = self._tree.find_owner_key(extent.start)
        ref = "Archiv" if is_archived else row.number or row.title
        key, text = self._keys.make(ref, first_suffix=is_archived), self._tree.text[slice(*extent)]
        self._tree.assign_row(row, key)
        above = next((item for item in reversed(self._items) if item.key == key_before), None)
        theme = self._find_theme(row.parent or "") or (
            above if above and above.kind is ItemKind.THEME else None
        )
        parent = theme or above
        values: dict[str, Any] = {
            "status": ItemStatus.ARCHIVED,
            "former_ref": row.number,
            "path": ("Archiv",),
        }
        if not is_archived:
            values = {
                **row_values(row),
                "fields": row_fields(row),
                "goal": above.goal if above else None,
                "parent": parent.key if parent and parent.key != OPENING else None,
                "path": tuple(filter(None, (row.parent,))),
            }
        self._items.append(
            self._tree.make_item(
                key,
                ref,
                ItemKind.PROJECT if is_archived else ItemKind(row.kind),
                row.title,
                [extent],
                heading=row.title,
                body=text,
                table_row=text,
                table_start=extent.start,
                read_by=row.source,
                theme=ref_title(theme) or (RefTitle("", row.parent) if row.parent else None),
                **values,
            )
        )
        return key

    def _find_theme(self, name: str) -> Item | None:
        """Return the theme with a number or title, None without one."""
        for item in self._items:
            is_named = item.ref == name or normalize_title(item.title) == normalize_title(name)
            if name and item.kind is ItemKind.THEME and is_named:
                return item
        return None


def _extent_of(row: Claim) -> Span:
    return row.extent or Span(0, 0)


def match_rows(records: Sequence[Item], rows: Sequence[Claim]) -> dict[int, str]:
    """Return the keys of the records that rows match, by row index: one to one, the highest score
    first.
    """
    if not records or not rows:
        return {}
    scores = _scores(records, rows)
    matched: dict[int, str] = {}
    taken: set[str] = set()
    for pair in np.argsort(-scores, axis=None, kind="stable"):
        record, row = divmod(int(pair), len(rows))
        if scores[record, row] < _MIN_SCORE:
            break
        if row not in matched and records[record].key not in taken:
            matched[row] = records[record].key
            taken.add(records[record].key)
    return matched


def _scores(
    records: Sequence[Item], rows: Sequence[Claim]
) -> np.ndarray[tuple[int, int], np.dtype[np.float32]]:
    """Return scores, shape (records, rows): similarity of titles, 0 to 1, plus `_SAME_NUMBER` for
    an equal number.

    It is 0 unless titles are nearly equal (`_MIN_SURE`), or similar (`_MIN_SIMILAR`) with an equal
    number or where one has none, or the equal number has letters, whatever the titles.
    """
    record_titles = [_without_punctuation(item.title) for item in records]
    row_titles = [_without_punctuation(row.title) for row in rows]
    whole = process.cdist(record_titles, row_titles, scorer=fuzz.ratio, dtype=np.float32) / 100
    parts = (
        process.cdist(record_titles, row_titles, scorer=fuzz.token_set_ratio, dtype=np.float32)
        / 100
    )
    similarity = 0.5 * whole + 0.5 * parts
    refs = np.array([fold_ref(item.ref) for item in records])[:, np.newaxis]
    numbers = np.array([fold_ref(row.number or "") for row in rows])
    same_number = (refs == numbers) & (refs != "")
    is_unnumbered = np.array([item.ref == item.title for item in records])[:, np.newaxis] | (
        numbers == ""
    )
    same_code = same_number & np.array([bool(re.search(r"[a-z]", number)) for number in numbers])
    is_supported = (similarity >= _MIN_SIMILAR) & (same_number | is_unnumbered)
    is_match = (similarity >= _MIN_SURE) | is_supported | same_code
    score = np.where(
        is_match,
        np.maximum(similarity, _CODE_SIMILARITY * same_code) + _SAME_NUMBER * same_number,
        0,
    )
    return np.asarray(score, dtype=np.float32)


def _without_punctuation(title: str) -> str:
    return re.sub(r"[^\w\s]", " ", title.lower())


def complete_with_rows(
    items: Sequence[Item], rows: Mapping[str, Claim], text: str, source: str
) -> list[Item]:
    """Return items with the values of their rows (by key) and conflicts; `source` is "overview" or
    "list".

    A field that differs in most pairs means another thing in rows than in sheets, and is no
    conflict.
    """
    differences = {
        item.key: _differences(item, rows[item.key]) for item in items if item.key in rows
    }
    counts = Counter(
        name for differing in differences.values() for name in differing if name in _COMPARED
    )
    limit = max(_MAX_CONFLICTS, _MAX_CONFLICT_SHARE * len(differences))
    ignored = {name for name, count in counts.items() if count > limit}
    conflicts = {
        key: {name: both for name, both in differing.items() if name not in ignored}
        for key, differing in differences.items()
    }
    return [
        _complete(item, rows[item.key], text, source, conflicts[item.key])
        if item.key in rows
        else item
        for item in items
    ]


def _complete(
    item: Item, row: Claim, text: str, source: str, differing: Mapping[str, tuple[str, str]]
) -> Item:
    """Return an item with its row's text, the values and fields that it lacks, and conflicts.

    `differing` are the values in conflict by field, as (item, row).
    """
    values, span, origin = (
        row_values(row),
        row.extent or row.head,
        "sheet" if item.fields else "text",
    )
    known_conflicts = {conflict.field for conflict in item.conflicts}
    conflicts = [
        Conflict(
            name,
            *both,
            (ConflictValue(both[0], item.page, origin), ConflictValue(both[1], row.page, source)),
        )
        for name, both in sorted(differing.items())
        if name not in known_conflicts
    ]
    return replace(
        item,
        table_title=row.title if item.table_title in (None, item.title) else item.table_title,
        table_row=item.table_row or (text[slice(*span)] if span else None),
        table_start=item.table_start
        if item.table_start is not None or span is None
        else span.start,
        fields=(*item.fields, *_find_new_fields(item, row, source)),
        conflicts=(*item.conflicts, *conflicts),
        **{name: getattr(item, name) or values[name] for name in _COMPLETED},
    )


def _find_new_fields(item: Item, row: Claim, source: str) -> Iterator[Field]:
    """Yield the fields of a row that an item lacks: columns with a mark ("x") other than statuses,
    and columns with a meaning; of a "list" only that with partners.
    """
    labels = {field.label.casefold() for field in item.fields}
    meanings = {None, *(field.field for field in item.fields)}
    for field in row_fields(row):
        may_complete = source != "list" or field.field == "partners"
        is_new = may_complete and field.field not in meanings
        is_marked = field.field != "status" and is_mark(field.text)
        if field.label.casefold() not in labels and (is_new or is_marked):
            yield field


def row_values(row: Claim) -> dict[str, Any]:
    """Return the values of a row by name of the item's attribute; None or () where it has none."""
    texts = {field.meaning: field.text for field in reversed(row.fields) if field.text}
    return {
        "status": status_from(row.status),
        "responsible": row.units,
        "cooperation": None if is_mark(row.partners or "") else row.partners,
        "period": row.period,
        "cost": row.cost,
        "priority": row.priority,
        "state": texts.get("state"),
        "description": texts.get("description"),
    }


def row_fields(row: Claim) -> tuple[Field, ...]:
    """Return the fields of a row in the form of an item's fields."""
    return tuple(field_of(claimed, row.page) for claimed in row.fields)


def field_of(claimed: ClaimedField, page: int | None) -> Field:
    """Return a claimed field in the form of an item's field; `start` is -1 without a span."""
    start = claimed.span.start if claimed.span is not None else -1
    return Field(claimed.label, claimed.text, claimed.meaning, page, start)


def status_from(words: str | None) -> ItemStatus | None:
    """Return the status that a claim states, by a status value ("planned") or German words; None
    without one.
    """
    if words and words in set(ItemStatus):
        return ItemStatus(words)
    return status_of(words) if words and len(words) <= _MAX_STATUS_LENGTH else None


def _differences(item: Item, row: Claim) -> dict[str, tuple[str, str]]:
    """Return the stated values in which item and row differ, number and status too, as (item, row)
    by name.
    """
    values = row_values(row)
    pairs = {
        name: (_value_text(getattr(item, name)), _value_text(values[name])) for name in _COMPARED
    }
    stated = {name: both for name, both in pairs.items() if all(map(normalize_title, both))}
    differing = {name: both for name, both in stated.items() if not _agree(name, *both)}
    if row.number and item.ref != item.title and fold_ref(row.number) != fold_ref(item.ref):
        differing["ref"] = (item.ref.partition("~")[0], row.number)
    if item.status and values["status"] not in (None, item.status):
        differing["status"] = (item.status.value, values["status"].value)
    return differing


def _value_text(value: object) -> str:
    return "; ".join(value) if isinstance(value, tuple) else str(value or "")


def _agree(name: str, first: str, second: str) -> bool:
    """True if two values of the field `name` agree: units if any is common, others if similar or
    with equal numbers.

    Of a period only the least and the greatest number count, of a priority none.
    """
    if name == "responsible":
        units, other_units = _UNIT_SEPARATOR.split(first), _UNIT_SEPARATOR.split(second)
        return any(_is_same_unit(unit, other) for unit in units for other in other_units)
    numbers, other_numbers = (
        sorted(map(int, re.findall(r"\d{1,9}", part))) for part in (first, second)
    )
    if name == "period":
        numbers, other_numbers = ([*part[:1], *part[-1:]] for part in (numbers, other_numbers))
    are_equal = numbers == other_numbers != []
    return _is_similar(first, second) or (are_equal and name in ("period", "cost"))


def _is_same_unit(first: str, second: str) -> bool:
    """True if two names have a number in common, are similar, or the shorter one abbreviates the
    other.
    """
    numbers, other_numbers = (set(re.findall(r"\d+", name)) for name in (first, second))
    short, long = sorted((first, second), key=len)
    return (
        not numbers.isdisjoint(other_numbers)
        or _is_similar(first, second)
        or spells_abbreviation(short, long)
    )


def _is_similar(first: str, second: str) -> bool:
    """True if two texts nearly agree, or one contains the other; False where one has neither
    letters nor digits.
    """
    bare, other = normalize_title(first), normalize_title(second)
    is_part = bare in other or other in bare
    return bool(bare and other) and (
        is_part or fuzz.token_set_ratio(first, second) >= _MIN_AGREEMENT
    )
