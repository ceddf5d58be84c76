"""Rows of lists: a row of an overview completes the record that it names, rows of other lists become records.

The sheet is the record: it gives fields and page, the row adds its wording of the title and what the sheet leaves out.
Where the two state a field differently both are kept as a conflict.
"""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

import numpy as np
from rapidfuzz import fuzz, process

from ingest.families import ListEntry, Listing
from ingest.keys import RECORDS, Keys
from ingest.readers.claims import Claim, ClaimedField, Span
from ingest.readers.lexicon import status_of
from ingest.readers.simple.titles import normalize_title
from ingest.tree import OPENING, Tree, ref_title
from ingest.values.units import spells
from vectorstore.notation import fold_ref
from vectorstore.records import BY_STAFF, Conflict, ConflictValue, Field, Item, ItemKind, ItemStatus, RefTitle

_OVERVIEW = 0.5  # share of the rows of a list that are records elsewhere, from which its other rows are missing records
_SAME_NUMBER = 0.35  # what an equal number adds to the similarity of titles, 0 to 1
_DIFFERENT, _SURE = 0.55, 0.75  # similarity below which an equal number does not count, from which another does not
_CODED = 0.3  # similarity that an equal number of letters and digits counts for at least
_LEAST = 0.5  # similarity with the number's share below which row and record are distinct
_SIMILAR = 90  # similarity of two statements, 0 to 100, from which they say the same
_ENOUGH, _DIFFERING = 5, 0.6  # conflicts, and their share of the pairs, from which two columns mean different things
_COMPARED = ("responsible", "period", "cost", "priority")
_COMPLETED = ("status", "responsible", "cooperation", "period", "cost", "priority", "state", "description")
_UNITS = re.compile(r"[,;/\n]|\s(?:und|sowie)\s")
_LONGEST_STATUS, _LONGEST_MARK = 60, 3  # characters of words for a status, and of a mark in a column


class RowMerger:
    """Merges the rows of one document with its items."""

    def __init__(self, tree: Tree, keys: Keys, items: Sequence[Item]) -> None:
        self._tree, self._keys, self._items = tree, keys, list(items)

    def merge(self) -> tuple[list[Item], list[Listing]]:
        """Return the items with those of rows at their end, and the document's lists."""
        by_kind: dict[str, list[Claim]] = defaultdict(list)
        for row in self._tree.rows:
            if row.status == ItemStatus.ARCHIVED or row.source == BY_STAFF:
                self._add_item(row)
            else:
                by_kind[row.kind].append(row)
        listings = [self._merge_list(ItemKind(kind), rows) for kind, rows in by_kind.items()]
        return self._items, listings

    def _merge_list(self, kind: ItemKind, rows: Sequence[Claim]) -> Listing:
        """Complete the records that the rows of a kind name; rows of a list that is no overview are records."""
        kinds = RECORDS if kind in RECORDS else (kind,)
        records = [item for item in self._items if item.kind in kinds and item.status is not ItemStatus.ARCHIVED]
        matched = match_rows(records, rows)
        has_marks = any(_is_mark(field) for row in rows for field in row.fields)
        source = "list" if has_marks else "overview"
        named = {key: rows[place] for place, key in matched.items()}
        self._items = complete_with_rows(self._items, named, self._tree.text, source)
        is_overview = len(matched) >= _OVERVIEW * len(rows)
        made: dict[tuple[str, str], str] = {}  # a list may be printed twice
        entries = []
        for place, row in enumerate(rows):
            key, name = matched.get(place), (fold_ref(row.number or ""), normalize_title(row.title))
            if key is None and not is_overview:
                key = made[name] = made.get(name) or self._add_item(row)
            self._tree.own(row, key or self._tree.key_before(_extent(row).start))
            entries.append(ListEntry(row.number or "", row.title, key))
        return Listing(source, rows[0].page, tuple(entries))

    def _add_item(self, row: Claim) -> str:
        """Add the item of a row and return its key."""
        extent, is_archived = _extent(row), row.status == ItemStatus.ARCHIVED
        before = self._tree.key_before(extent.start)
        ref = "Archiv" if is_archived else row.number or row.title
        key, text = self._keys.make(ref, first_suffix=is_archived), self._tree.text[slice(*extent)]
        self._tree.own(row, key)
        above = next((item for item in reversed(self._items) if item.key == before), None)
        named = (item for item in self._items if item.kind is ItemKind.THEME and _is_called(item, row.parent))
        theme = next(named, None) or (above if above is not None and above.kind is ItemKind.THEME else None)
        parent = theme or above
        stated: dict[str, Any] = {"status": ItemStatus.ARCHIVED, "former_ref": row.number, "path": ("Archiv",)}
        if not is_archived:
            stated = {
                **row_values(row), "fields": row_fields(row), "goal": above.goal if above else None,
                "parent": parent.key if parent and parent.key != OPENING else None,
                "path": tuple(filter(None, (row.parent,))),
            }  # fmt: skip
        self._items.append(self._tree.item(
            key, ref, ItemKind.PROJECT if is_archived else ItemKind(row.kind), row.title, [extent],
            heading=row.title, body=text, table_row=text, table_start=extent.start, read_by=row.source,
            theme=ref_title(theme) or (RefTitle("", row.parent) if row.parent else None), **stated,
        ))  # fmt: skip
        return key


def _extent(row: Claim) -> Span:
    return row.extent or Span(0, 0)


def _is_called(item: Item, name: str | None) -> bool:
    return bool(name) and (item.ref == name or normalize_title(item.title) == normalize_title(name or ""))


def _is_mark(field: ClaimedField) -> bool:
    return field.meaning == "status" and len(field.text) <= _LONGEST_MARK


def match_rows(records: Sequence[Item], rows: Sequence[Claim]) -> dict[int, str]:
    """Return the key of the record that a row names by the row's place: one to one, the most similar first."""
    if not records or not rows:
        return {}
    scores = _scores(records, rows)
    matched: dict[int, str] = {}
    taken: set[str] = set()
    for pair in np.argsort(-scores, axis=None, kind="stable"):
        record, row = divmod(int(pair), len(rows))
        if scores[record, row] < _LEAST:
            break
        if row not in matched and records[record].key not in taken:
            matched[row] = records[record].key
            taken.add(records[record].key)
    return matched


def _scores(records: Sequence[Item], rows: Sequence[Claim]) -> np.ndarray[tuple[int, int], np.dtype[np.float32]]:
    """Return similarities, shape (records, rows): of titles 0 to 1, plus the share of an equal number.

    A code of letters and digits decides by itself; another number counts only beside a similar title.
    """
    left, right = [_words(item.title) for item in records], [_words(row.title) for row in rows]
    whole = process.cdist(left, right, scorer=fuzz.ratio, dtype=np.float32) / 100
    parts = process.cdist(left, right, scorer=fuzz.token_set_ratio, dtype=np.float32) / 100
    similarity = 0.5 * whole + 0.5 * parts
    refs = np.array([fold_ref(item.ref) for item in records])[:, np.newaxis]
    numbers = np.array([fold_ref(row.number or "") for row in rows])
    same = (refs == numbers) & (refs != "")
    is_unnumbered = np.array([item.ref == item.title for item in records])[:, np.newaxis] | (numbers == "")
    coded = same & np.array([bool(re.search(r"[a-z]", number)) for number in numbers])
    fits = (similarity >= _SURE) | ((similarity >= _DIFFERENT) & (same | is_unnumbered)) | coded
    score = np.where(fits, np.maximum(similarity, _CODED * coded) + _SAME_NUMBER * same, 0)
    return np.asarray(score, dtype=np.float32)


def _words(title: str) -> str:
    return re.sub(r"[^\w\s]", " ", title.lower())


def complete_with_rows(items: Sequence[Item], rows: Mapping[str, Claim], text: str, source: str) -> list[Item]:
    """Return items with what their rows add, and what the two state differently; `source` is overview or list.

    What differs nearly everywhere means another thing in rows than in sheets, and is no conflict.
    """
    differences = {item.key: _differences(item, rows[item.key]) for item in items if item.key in rows}
    counts = Counter(name for results in differences.values() for name in results if name in _COMPARED)
    ignored = {name for name, count in counts.items() if count >= _ENOUGH and count > _DIFFERING * len(differences)}
    completed = []
    for item in items:
        if row := rows.get(item.key):
            results = {name: both for name, both in differences[item.key].items() if name not in ignored}
            item = _complete(item, row, text, source, results)
        completed.append(item)
    return completed


def _complete(item: Item, row: Claim, text: str, source: str, differing: Mapping[str, tuple[str, str]]) -> Item:
    values, span, own = row_values(row), row.extent or row.head, "sheet" if item.fields else "text"
    names = {field.field for field in item.fields} | {field.label.casefold() for field in item.fields} | {None}
    further = [field for field in row_fields(row) if not {field.field, field.label.casefold()} & names]
    known = {conflict.field for conflict in item.conflicts}
    conflicts = [
        Conflict(name, *both, (ConflictValue(both[0], item.page, own), ConflictValue(both[1], row.page, source)))
        for name, both in sorted(differing.items()) if name not in known
    ]  # fmt: skip
    return replace(
        item,
        table_title=row.title if item.table_title in (None, item.title) else item.table_title,
        table_row=item.table_row or (text[slice(*span)] if span else None),
        table_start=item.table_start if item.table_start is not None or span is None else span.start,
        fields=item.fields if source == "list" else (*item.fields, *further),
        conflicts=(*item.conflicts, *conflicts),
        **{name: getattr(item, name) or values[name] for name in _COMPLETED},
    )


def row_values(row: Claim) -> dict[str, Any]:
    """Return the parts of an item that a row states, by name."""
    texts = {field.meaning: field.text for field in reversed(row.fields) if field.text}
    return {
        "status": status_from(row.status), "responsible": row.units, "cooperation": row.partners,
        "period": row.period, "cost": row.cost, "priority": row.priority,
        "state": texts.get("state"), "description": texts.get("description"),
    }  # fmt: skip


def row_fields(row: Claim) -> tuple[Field, ...]:
    """Return the fields of a row as an item has them."""
    return tuple(field_of(claimed, row.page) for claimed in row.fields)


def field_of(claimed: ClaimedField, page: int | None) -> Field:
    """Return a claimed field as an item has it."""
    start = claimed.span.start if claimed.span is not None else -1
    return Field(claimed.label, claimed.text, claimed.meaning, page, start)


def status_from(words: str | None) -> ItemStatus | None:
    """Return the status that a claim states: a status's own name, or words for one."""
    if words and words in set(ItemStatus):
        return ItemStatus(words)
    return status_of(words) if words and len(words) <= _LONGEST_STATUS else None


def _differences(item: Item, row: Claim) -> dict[str, tuple[str, str]]:
    """Return what sheet and row state differently, by name."""
    values = row_values(row)
    stated = {name: (_statement(getattr(item, name)), _statement(values[name])) for name in _COMPARED}
    results = {name: both for name, both in stated.items() if all(both) and not _agree(name, *both)}
    if row.number and item.ref != item.title and fold_ref(row.number) != fold_ref(item.ref):
        results["ref"] = (item.ref.partition("~")[0], row.number)
    if item.status and values["status"] not in (None, item.status):
        results["status"] = (item.status.value, values["status"].value)
    return results


def _statement(value: object) -> str:
    return "; ".join(value) if isinstance(value, tuple) else str(value or "")


def _agree(name: str, first: str, second: str) -> bool:
    """True if two statements say the same: in other words, in part, the same years, or with one unit in common."""
    if name == "responsible":
        return any(_is_same_unit(unit, other) for unit in _UNITS.split(first) for other in _UNITS.split(second))
    years, other_years = (sorted(map(int, re.findall(r"\d{1,9}", part))) for part in (first, second))
    if name == "period" and years and other_years and (years[0], years[-1]) == (other_years[0], other_years[-1]):
        return True
    return _is_similar(first, second) or (name == "cost" and bool(years) and years == other_years)


def _is_same_unit(first: str, second: str) -> bool:
    numbers, other_numbers = (set(re.findall(r"\d+", name)) for name in (first, second))
    return bool(numbers & other_numbers) or _is_similar(first, second) or spells(*sorted((first, second), key=len))


def _is_similar(first: str, second: str) -> bool:
    bare, other = normalize_title(first), normalize_title(second)
    return bare in other or other in bare or fuzz.token_set_ratio(first, second) >= _SIMILAR
