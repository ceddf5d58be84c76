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
from itertools import chain, product, starmap
from typing import Any

import numpy as np
from rapidfuzz import fuzz, process

from ingest.families import ListEntry, Listing
from ingest.keys import Keys, equivalent_kinds, number_of
from ingest.readers.claims import Claim, ClaimedField
from ingest.readers.lexicon import status_of
from ingest.readers.titles import normalize_title
from ingest.table_grid import is_mark
from ingest.tree import OPENING, Tree, extent_of, ref_title
from ingest.values.units import spells_abbreviation
from vectorstore.language import fold_ref
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
# similarity of titles needed: with an equal or no number; with different ones
_MIN_SIMILAR = 0.55
_MIN_SURE = 0.75
# the least similarity of titles assumed for an equal number with letters ("K-07")
_CODE_SIMILARITY = 0.3
_MIN_SCORE = 0.5  # similarity with `_SAME_NUMBER`, below which row and record do not match
_MIN_AGREEMENT = 90  # similarity of two values, 0 to 100, from which they agree
# with more conflicts than both, a column means another thing than the sheet's field
_MAX_CONFLICTS = 4
_MAX_CONFLICT_SHARE = 0.6
_COMPARED = ("responsible", "period", "cost", "priority")
_UNIT_SEPARATOR = re.compile(r"[,;/\n]|\s(?:und|sowie)\s")  # in "Amt 61, Amt 66 und Bauhof"
_MAX_STATUS_LENGTH = 60  # characters of words for a status
_MAX_MARK_LENGTH = 3  # characters of a mark in a status column


class RowMerger:
    """Merges the table rows of one document with its items."""

    def __init__(self, tree: Tree, keys: Keys, items: Sequence[Item]) -> None:
        self._tree, self._keys, self._items = tree, keys, list(items)

    def merge(self) -> tuple[list[Item], list[Listing]]:
        """Return the items, with new items for rows at their end, and the document's own lists.

        A row of the archive, or one that staff added, always becomes a new item. The other rows
        of each kind are a list of the document, and are compared with its records.
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
        """Return the rows of one kind as a list of the document, after merging them with its items.

        Records that match a row are completed with its values. A row that matches no record becomes
        an item, unless most rows match: then the list only repeats records. Rows of a table that is
        no list of records by itself (confidence 0) never become items. The source of the list is
        "list" if statuses are marks ("x"), else "overview"; conflicts name it.
        """
        current = [item for item in self._items if item.status is not ItemStatus.ARCHIVED]
        records = [item for item in current if item.kind in equivalent_kinds(kind)]
        matched = match_rows(records, rows)
        fields = chain.from_iterable(row.fields for row in rows)
        statuses = [field.text for field in fields if field.meaning == "status"]
        source = "overview"
        if any(len(text) <= _MAX_MARK_LENGTH for text in statuses):
            source = "list"
        rows_by_key = {key: rows[index] for index, key in matched.items()}
        self._items = complete_with_rows(self._items, rows_by_key, self._tree.text, source)
        repeats_records = len(matched) >= _MIN_MATCHED * len(rows)
        # by number and title: a list may be printed twice
        new_keys: dict[tuple[str, str], str] = {}
        entries = []
        for index, row in enumerate(rows):
            key = matched.get(index)
            name = (row.ref, normalize_title(row.title))
            if key is None and not repeats_records and row.confidence > 0:
                key = new_keys[name] = new_keys.get(name) or self._add_item(row)
            self._tree.assign_row(row, key or self._tree.find_owner_key(extent_of(row).start))
            entries.append(ListEntry(row.number or "", row.title, key))
        return Listing(source, rows[0].page, tuple(entries))

    def _add_item(self, row: Claim) -> str:
        """Add an item for a row, and return the item's key.

        A row of the archive becomes a project with the number "Archiv". Any other row becomes an
        item below its theme, or below the item whose text the row stands in. A theme that the row
        names is kept by its title even if no item is that theme.
        """
        extent = extent_of(row)
        key_above = self._tree.find_owner_key(extent.start)
        above = next((item for item in reversed(self._items) if item.key == key_above), None)
        theme = self._theme_of(row, above)
        theme_title = ref_title(theme)
        if theme is None and row.parent:
            theme_title = RefTitle("", row.parent)
        is_archived = row.status == ItemStatus.ARCHIVED
        if is_archived:
            kind = ItemKind.PROJECT
            ref = "Archiv"
            values = _archived_values(row)
        else:
            kind = ItemKind(row.kind)
            ref = row.number or row.title
            values = _placed_values(row, theme, above)
        key = self._keys.make(ref, first_suffix=is_archived)
        text = self._tree.text[slice(*extent)]
        self._tree.assign_row(row, key)
        item = self._tree.make_item(
            key,
            ref,
            kind,
            row.title,
            [extent],
            heading=row.title,
            body=text,
            table_row=text,
            table_start=extent.start,
            read_by=row.source,
            theme=theme_title,
            **values,
        )
        self._items.append(item)
        return key

    def _theme_of(self, row: Claim, above: Item | None) -> Item | None:
        """Return the theme that a row names by number or title, else the item `above` it if that is
        a theme.

        None without either.
        """
        name = row.parent or ""
        themes = [item for item in self._items if item.kind is ItemKind.THEME and name]
        for theme in themes:
            if theme.ref == name or normalize_title(theme.title) == normalize_title(name):
                return theme
        if above is not None and above.kind is ItemKind.THEME:
            return above
        return None


def _archived_values(row: Claim) -> dict[str, Any]:
    return {"status": ItemStatus.ARCHIVED, "former_ref": row.number, "path": ("Archiv",)}


def _placed_values(row: Claim, theme: Item | None, above: Item | None) -> dict[str, Any]:
    """Return the values of a new item for a row: its own, and its place.

    The item is placed below its theme, without one below the item `above`, in whose text the row
    stands. It has the same goal as `above`.
    """
    goal = None
    if above is not None:
        goal = above.goal
    return {
        **values_of(row),
        "fields": row_fields(row),
        "path": tuple(filter(None, [row.parent])),
        "goal": goal,
        "parent": _key_of(theme or above),
    }


def _key_of(parent: Item | None) -> str | None:
    """Return the key of a parent, None for the text before the first heading."""
    if parent is None or parent.key == OPENING:
        return None
    return parent.key


def match_rows(records: Sequence[Item], rows: Sequence[Claim]) -> dict[int, str]:
    """Return the key of the record that each row matches, by the index of the row.

    Each record matches at most one row; of several possible pairs the one with the highest score is
    taken first.
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
    """Return how well each record matches each row, shape (records, rows); 0 is no match.

    A record matches a row in three cases: their titles are nearly equal (`_MIN_SURE`); they are
    similar (`_MIN_SIMILAR`) and the numbers are equal, or the record or the row has none; or their
    equal number has letters ("K-07"), whatever the titles. The score is the similarity of the
    titles, 0 to 1, for an equal number with letters at least `_CODE_SIMILARITY`; an equal number
    adds `_SAME_NUMBER`.
    """
    similarity = _title_similarity(records, rows)
    refs = np.array([fold_ref(item.ref) for item in records])[:, np.newaxis]
    numbers = np.array([fold_ref(row.number or "") for row in rows])
    same_number = (refs == numbers) & (refs != "")
    is_record_unnumbered = np.array([not number_of(item) for item in records])[:, np.newaxis]
    is_unnumbered = is_record_unnumbered | (numbers == "")
    has_letters = np.array([bool(re.search(r"[a-z]", number)) for number in numbers])
    same_code = same_number & has_letters
    is_nearly_equal = similarity >= _MIN_SURE
    is_similar = (similarity >= _MIN_SIMILAR) & (same_number | is_unnumbered)
    is_match = is_nearly_equal | is_similar | same_code
    score = np.maximum(similarity, _CODE_SIMILARITY * same_code) + _SAME_NUMBER * same_number
    return np.asarray(np.where(is_match, score, 0), dtype=np.float32)


def _title_similarity(
    records: Sequence[Item], rows: Sequence[Claim]
) -> np.ndarray[tuple[int, int], np.dtype[np.float32]]:
    """Return the similarity of titles, shape (records, rows), 0 to 1.

    It is the mean of the similarity as a whole and that by words, for which neither their order nor
    further words in one of the titles count.
    """
    titles = [_without_punctuation(item.title) for item in records]
    row_titles = [_without_punctuation(row.title) for row in rows]
    whole = process.cdist(titles, row_titles, scorer=fuzz.ratio, dtype=np.float32) / 100
    parts = process.cdist(titles, row_titles, scorer=fuzz.token_set_ratio, dtype=np.float32) / 100
    return np.asarray(0.5 * whole + 0.5 * parts, dtype=np.float32)


def _without_punctuation(title: str) -> str:
    return re.sub(r"[^\w\s]", " ", title.lower())


def complete_with_rows(
    items: Sequence[Item], rows: Mapping[str, Claim], text: str, source: str
) -> list[Item]:
    """Return the items, completed with the values of their rows; different values are conflicts.

    `rows` are by the item's key; `source` is the source of the rows, "overview" or "list". A field
    that differs in most pairs of item and row means another thing in rows than in sheets, and is no
    conflict.
    """
    differences = {
        item.key: _differences(item, rows[item.key]) for item in items if item.key in rows
    }
    counts = Counter(chain.from_iterable(differences.values()))
    limit = max(_MAX_CONFLICTS, _MAX_CONFLICT_SHARE * len(differences))
    ignored = {name for name in _COMPARED if counts[name] > limit}
    completed = []
    for item in items:
        row = rows.get(item.key)
        if row is not None:
            differing = differences[item.key]
            conflicts = {name: both for name, both in differing.items() if name not in ignored}
            item = _complete(item, row, text, source, conflicts)
        completed.append(item)
    return completed


def _complete(
    item: Item, row: Claim, text: str, source: str, differing: Mapping[str, tuple[str, str]]
) -> Item:
    """Return an item with the text of its row, with the values and fields of the row that it lacks,
    and with conflicts.

    `differing` has for each field in conflict the values of (item, row); a conflict that the item
    has already stays. `source` tells where the row's value stands; that of the item stands in its
    "sheet", or without fields in its "text".
    """
    changes = {name: getattr(item, name) or value for name, value in values_of(row).items()}
    if item.table_title in (None, item.title):
        changes["table_title"] = row.title
    if item.table_row is None:
        extent = extent_of(row)
        changes |= {"table_row": text[slice(*extent)], "table_start": extent.start}
    origin = "sheet" if item.fields else "text"
    known_conflicts = {conflict.field for conflict in item.conflicts}
    conflicts = list(item.conflicts)
    for name, (value, row_value) in sorted(differing.items()):
        if name not in known_conflicts:
            sources = (
                ConflictValue(value, item.page, origin),
                ConflictValue(row_value, row.page, source),
            )
            conflicts.append(Conflict(name, value, row_value, sources))
    fields = (*item.fields, *_find_new_fields(item, row, source))
    return replace(item, fields=fields, conflicts=tuple(conflicts), **changes)


def _find_new_fields(item: Item, row: Claim, source: str) -> Iterator[Field]:
    """Yield the fields of a row that an item is completed with, as no field of it has their label.

    A column with a mark ("x") is added from every source, except a status. A column with a known
    meaning is added if no field of the item has this meaning; from a "list" only the partners, as
    its other columns are often shortened.
    """
    labels = {field.label.casefold() for field in item.fields}
    meanings = {field.field for field in item.fields}
    for field in row_fields(row):
        if field.label.casefold() in labels:
            continue
        is_marked = field.field != "status" and is_mark(field.text)
        has_new_meaning = field.field is not None and field.field not in meanings
        may_complete = source != "list" or field.field == "partners"
        if is_marked or (has_new_meaning and may_complete):
            yield field


def values_of(claim: Claim) -> dict[str, Any]:
    """Return the values of a claim by name of the item's attribute; None or () where it has none.

    A mark ("x") in the column of partners names no partner, and is left out.
    """
    partners = claim.partners
    if partners and is_mark(partners):
        partners = None
    return {
        "status": status_from(claim.status),
        "responsible": claim.units,
        "cooperation": partners,
        "period": claim.period,
        "cost": claim.cost,
        "priority": claim.priority,
        "state": _text_of_fields(claim, "state"),
        "description": _text_of_fields(claim, "description"),
    }


def _text_of_fields(claim: Claim, meaning: str) -> str | None:
    """Return the texts of all fields with a meaning as one, None without any."""
    texts = [field.text for field in claim.fields if field.meaning == meaning]
    return "\n\n".join(filter(None, texts)) or None


def row_fields(row: Claim) -> tuple[Field, ...]:
    """Return the fields of a row in the form of an item's fields."""
    return tuple(field_of(claimed, row.page) for claimed in row.fields)


def field_of(claimed: ClaimedField, page: int | None) -> Field:
    """Return a claimed field in the form of an item's field; `start` is -1 without a span."""
    start = -1
    if claimed.span is not None:
        start = claimed.span.start
    return Field(claimed.label, claimed.text, claimed.meaning, page, start)


def status_from(words: str | None) -> ItemStatus | None:
    """Return the status that words state, None if they state none.

    The words are the value of a status ("planned"), or German ("in Planung").
    """
    if words and words in set(ItemStatus):
        return ItemStatus(words)
    if words and len(words) <= _MAX_STATUS_LENGTH:
        return status_of(words)
    return None


def _differences(item: Item, row: Claim) -> dict[str, tuple[str, str]]:
    """Return the values in which an item and its row differ, as (item, row) by name.

    Compared are the fields that both state, the number ("ref") and the status.
    """
    values = values_of(row)
    pairs = {
        name: (_value_text(getattr(item, name)), _value_text(values[name])) for name in _COMPARED
    }
    stated = {name: both for name, both in pairs.items() if all(map(normalize_title, both))}
    differing = {name: both for name, both in stated.items() if not _agree(name, *both)}
    if row.number and number_of(item) and fold_ref(row.number) != fold_ref(item.ref):
        differing["ref"] = (item.ref.partition("~")[0], row.number)
    if item.status and values["status"] not in (None, item.status):
        differing["status"] = (item.status.value, values["status"].value)
    return differing


def _value_text(value: object) -> str:
    if isinstance(value, tuple):
        return "; ".join(value)
    return str(value or "")


def _agree(name: str, first: str, second: str) -> bool:
    """True if two values of the field `name` agree.

    Lists of units ("responsible") agree if they have a unit in common. Periods agree if their least
    and their greatest number are equal, costs if all numbers are. Any texts agree if they are
    similar, unless each has a number that the other lacks: "50.000" is only a part of "150.000".
    """
    if name == "responsible":
        pairs = product(_UNIT_SEPARATOR.split(first), _UNIT_SEPARATOR.split(second))
        return any(starmap(_is_same_unit, pairs))
    numbers, others = _numbers_in(first), _numbers_in(second)
    is_same = name == "cost" and numbers == others
    if name == "period":
        is_same = numbers[:1] + numbers[-1:] == others[:1] + others[-1:]
    if numbers and is_same:
        return True
    has_all_numbers = set(numbers) <= set(others) or set(numbers) >= set(others)
    return has_all_numbers and _is_similar(first, second)


def _numbers_in(text: str) -> list[int]:
    text = re.sub(r"(?<=\d)\.(?=\d{3}(?!\d))", "", text)  # "1.000" is one number
    return sorted(map(int, re.findall(r"\d{1,9}", text)))


def _is_same_unit(first: str, second: str) -> bool:
    """True if two names of units have a number in common, are similar, or if the shorter name
    abbreviates the longer.
    """
    short, long = sorted((first, second), key=len)
    if set(re.findall(r"\d+", first)).intersection(re.findall(r"\d+", second)):
        return True
    return _is_similar(first, second) or spells_abbreviation(short, long)


def _is_similar(first: str, second: str) -> bool:
    """True if two texts nearly agree, or one of them contains the other.

    False if one of them has neither letters nor digits.
    """
    bare, other = normalize_title(first), normalize_title(second)
    if not bare or not other:
        return False
    if bare in other or other in bare:
        return True
    return fuzz.token_set_ratio(first, second) >= _MIN_AGREEMENT
