"""Rows of lists: a row of an overview completes the record that it names, rows of other lists become records.

The sheet is the record: it gives fields and page, the row adds its wording of the title and what the sheet leaves out.
Where the two state a field differently both are kept as a conflict.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import replace
from typing import Any

import numpy as np
from rapidfuzz import fuzz, process

from ingest.families import Listing
from ingest.keys import RECORDS, Keys
from ingest.readers.claims import Claim, ClaimedField, Span
from ingest.readers.lexicon import status_of
from ingest.readers.simple.titles import normalize_title
from ingest.tree import OPENING, Tree, ref_title
from vectorstore.notation import fold_ref
from vectorstore.records import BY_STAFF, Conflict, ConflictValue, Field, Item, ItemKind, ItemStatus, RefTitle

_OVERVIEW = 0.5  # share of the rows of a list that are records elsewhere, from which its other rows are missing records
_SAME_NUMBER = 0.35  # what an equal number adds to the similarity of titles, 0 to 1
_DIFFERENT, _SURE = 0.55, 0.75  # similarity below which an equal number does not count, from which another does not
_CODED = 0.3  # similarity that an equal number of letters and digits counts for at least
_LEAST = 0.5  # similarity with the number's share below which row and record are distinct
_SIMILAR = 90  # similarity of two statements, 0 to 100, from which they say the same
_ENOUGH, _DIFFERING = 5, 0.6  # pairs, and the share that differs from which two columns mean different things
_COMPARED = ("responsible", "period", "cost", "priority")
_COMPLETED = ("status", "responsible", "cooperation", "period", "cost", "priority", "state", "description")
_UNITS = re.compile(r"[,;/\n]|\s(?:und|sowie)\s")
_OFFICE_WORD = re.compile(r"(?:Amt|Dez(?:ernat)?|FB|FD|Fach(?:bereich|dienst)|Abt(?:eilung)?|SG|Sachgebiet)\b\.?")
_CODE = 6  # letters of a unit's abbreviation at most
_LONGEST_STATUS, _LONGEST_MARK = 60, 3  # characters of words for a status, and of a mark in a column


class RowMerger:
    """Merges the rows of one document with its items."""

    def __init__(self, tree: Tree, keys: Keys, items: Sequence[Item]) -> None:
        self._tree, self._keys, self._items = tree, keys, list(items)

    def merge(self) -> tuple[list[Item], list[Listing]]:
        """Return the items with those of rows at their end, and what the lists say of how many records there are."""
        listings: list[Listing] = []
        by_kind: dict[str, list[Claim]] = defaultdict(list)
        for row in self._tree.rows:
            if row.status == ItemStatus.ARCHIVED or row.source == BY_STAFF:
                self._items.append(self._row_item(row))
            else:
                by_kind[row.kind].append(row)
        for kind, rows in by_kind.items():
            if listing := self._merge_list(ItemKind(kind), rows):
                listings.append(listing)
        return self._items, listings

    def _merge_list(self, kind: ItemKind, rows: Sequence[Claim]) -> Listing | None:
        """Complete the records that the rows of a kind name; rows of a list that is no overview are records."""
        kinds = RECORDS if kind in RECORDS else (kind,)
        records = [item for item in self._items if item.kind in kinds and item.status is not ItemStatus.ARCHIVED]
        matched, left = match_rows(records, rows)
        has_marks = any(_is_mark(field) for row in rows for field in row.fields)
        source = "list" if has_marks else "overview"
        self._items = complete_with_rows(self._items, matched, self._tree.text, source)
        for key, row in matched.items():
            self._own(row, key)
        is_overview = len(matched) >= _OVERVIEW * len(rows)
        for row in left:
            if is_overview:
                self._own(row, self._tree.key_before(_extent(row).start))
        if not is_overview:  # a list may be printed twice
            distinct = {(fold_ref(row.number or ""), normalize_title(row.title)): row for row in reversed(left)}
            self._items += [self._row_item(row) for row in reversed(distinct.values())]
        return Listing.of(kind, rows, left if is_overview else (), source) if matched or not is_overview else None

    def _own(self, row: Claim, key: str) -> None:
        if row.extent is not None:
            self._tree.owners[row.extent.start] = key

    def _row_item(self, row: Claim) -> Item:
        extent, text = _extent(row), self._tree.text[slice(*_extent(row))]
        is_archived = row.status == ItemStatus.ARCHIVED
        ref = "Archiv" if is_archived else row.number or row.title
        key = self._keys.make(ref, first_suffix=is_archived)
        before = self._tree.key_before(extent.start)
        self._own(row, key)
        above = next(
            (item for item in reversed(self._items) if item.start <= extent.start and item.key == before), None
        )
        theme = self._find_theme(row.parent) if row.parent else None
        theme = theme or (above if above is not None and above.kind is ItemKind.THEME else None)
        parent = theme or above
        stated: dict[str, Any] = {"status": ItemStatus.ARCHIVED, "former_ref": row.number}
        if not is_archived:
            stated = {
                **row_values(row),
                "fields": row_fields(row),
                "goal": above.goal if above else None,
                "parent": parent.key if parent and parent.key != OPENING else None,
            }
        return self._tree.item(
            key, ref, ItemKind.PROJECT if is_archived else ItemKind(row.kind), row.title, extent, at=extent.start,
            heading=row.title, body=text, table_row=text, table_start=extent.start, read_by=row.source,
            path=("Archiv",) if is_archived else tuple(filter(None, (row.parent,))),
            theme=ref_title(theme) or (RefTitle("", row.parent) if row.parent else None), **stated,
        )  # fmt: skip

    def _find_theme(self, name: str) -> Item | None:
        """Return the theme that a row names, by its title or its number."""
        themes = (item for item in self._items if item.kind is ItemKind.THEME)
        return next((t for t in themes if normalize_title(t.title) == normalize_title(name) or t.ref == name), None)


def _extent(row: Claim) -> Span:
    return row.extent or Span(0, 0)


def _is_mark(field: ClaimedField) -> bool:
    return field.meaning == "status" and len(field.text) <= _LONGEST_MARK


def match_rows(records: Sequence[Item], rows: Sequence[Claim]) -> tuple[dict[str, Claim], list[Claim]]:
    """Return the row of each record by its key, the most similar first, and the rows that belong to none."""
    if not records or not rows:
        return {}, list(rows)
    scores = _scores(records, rows)
    matched: dict[str, Claim] = {}
    free = np.ones(len(rows), dtype=bool)
    for pair in np.argsort(-scores, axis=None, kind="stable"):
        place, row = divmod(int(pair), len(rows))
        if scores[place, row] < _LEAST:
            break
        if free[row] and records[place].key not in matched:
            matched[records[place].key] = rows[row]
            free[row] = False
    return matched, [row for row, is_free in zip(rows, free, strict=True) if is_free]


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


def complete_with_rows(items: Sequence[Item], matched: dict[str, Claim], text: str, source: str) -> list[Item]:
    """Return items with what their rows add, and what the two state differently; `source` is overview or list."""
    pairs = [(item, row_values(matched[item.key])) for item in items if item.key in matched]
    compared = [name for name in _COMPARED if _means_the_same(name, pairs)]
    return [_complete(item, matched[item.key], text, source, compared) if item.key in matched else item
            for item in items]  # fmt: skip


def row_values(row: Claim) -> dict[str, Any]:
    """Return the parts of an item that a row states, by name."""
    texts = {name: _text_of(row, name) for name in ("state", "description")}
    return {
        "status": status_from(row.status), "responsible": row.units, "cooperation": row.partners,
        "period": row.period, "cost": row.cost, "priority": row.priority, **texts,
    }  # fmt: skip


def status_from(words: str | None) -> ItemStatus | None:
    """Return the status that a claim states: a status's own name, or words for one."""
    if words and words in set(ItemStatus):
        return ItemStatus(words)
    return status_of(words) if words and len(words) <= _LONGEST_STATUS else None


def _text_of(row: Claim, meaning: str) -> str | None:
    return next((field.text for field in row.fields if field.meaning == meaning and field.text), None)


def _means_the_same(name: str, pairs: Sequence[tuple[Item, dict[str, Any]]]) -> bool:
    """True if rows and records state the same thing under a name: what differs nearly everywhere means another."""
    both = [(_statement(getattr(item, name)), _statement(values[name])) for item, values in pairs]
    differing = [not _agree(name, own, other) for own, other in both if own and other]
    return len(differing) < _ENOUGH or sum(differing) <= _DIFFERING * len(differing)


def _statement(value: object) -> str:
    return "; ".join(value) if isinstance(value, tuple) else str(value or "")


def _complete(item: Item, row: Claim, text: str, source: str, compared: Sequence[str]) -> Item:
    values, span = row_values(row), row.extent or row.head
    names = {field.field for field in item.fields} | {field.label.casefold() for field in item.fields}
    further = [
        field for field in row_fields(row)
        if field.field is not None and field.field not in names and field.label.casefold() not in names
    ]  # fmt: skip
    own = "sheet" if item.fields else "text"
    conflicts = [
        Conflict(name, *both, (ConflictValue(both[0], item.page, own), ConflictValue(both[1], row.page, source)))
        for name, both in sorted(_differences(item, row, values, compared).items())
        if all(name != conflict.field for conflict in item.conflicts)
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


def _differences(
    item: Item, row: Claim, values: dict[str, Any], compared: Sequence[str]
) -> dict[str, tuple[str, str]]:  # fmt: skip
    """Return what sheet and row state differently, by name."""
    stated = {name: (_statement(getattr(item, name)), _statement(values[name])) for name in compared}
    found = {name: both for name, both in stated.items() if all(both) and not _agree(name, *both)}
    if row.number and item.ref != item.title and fold_ref(row.number) != fold_ref(item.ref):
        found["ref"] = (item.ref.partition("~")[0], row.number)
    if item.status and values["status"] not in (None, item.status):
        found["status"] = (item.status.value, values["status"].value)
    return found


def row_fields(row: Claim) -> tuple[Field, ...]:
    """Return the fields of a row as an item has them."""
    return tuple(field_of(claimed, row.page) for claimed in row.fields)


def field_of(claimed: ClaimedField, page: int | None) -> Field:
    """Return a claimed field as an item has it."""
    start = claimed.span.start if claimed.span is not None else -1
    return Field(claimed.label, claimed.text, claimed.meaning, page, start)


def _agree(name: str, first: str, second: str) -> bool:
    """True if two statements say the same: in other words, in part, the same years, or with one unit in common."""
    if name == "responsible":
        return any(_is_same_unit(unit, other) for unit in _UNITS.split(first) for other in _UNITS.split(second))
    bare, other = normalize_title(first), normalize_title(second)
    if bare in other or other in bare or fuzz.ratio(bare, other) >= _SIMILAR or _same_words(first, second):
        return True
    years, others = (sorted(map(int, re.findall(r"\d{1,9}", part))) for part in (first, second))
    if name == "period" and years and others:
        return (years[0], years[-1]) == (others[0], others[-1])
    return name == "cost" and bool(years) and years == others


def _same_words(first: str, second: str) -> bool:
    return fuzz.token_set_ratio(first, second) >= 99


def _is_same_unit(first: str, second: str) -> bool:
    """True if two names may be one unit's: similar, in part, of one number, or an abbreviation of the other."""
    short, long = sorted((first.strip(), second.strip()), key=len)
    if normalize_title(short) in normalize_title(long) or fuzz.token_set_ratio(short, long) >= _SIMILAR:
        return True
    numbers, others = (set(re.findall(r"\d+", part)) for part in (short, long))
    if numbers & others or not re.search(r"[^\W\d_]", _OFFICE_WORD.sub("", short)):
        return True
    is_code = len(short) <= _CODE and " " not in short and sum(letter.isupper() for letter in short) >= 2
    return is_code and short[0].casefold() in {word[0].casefold() for word in long.split()}
