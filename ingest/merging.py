"""Rows of overviews join the records that they name, one to one by number and title together.

The sheet is the record: it gives fields and page, the row adds its wording of the title and what the sheet leaves out.
Where the two state a field differently both are told.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace
from typing import Any

import numpy as np
from rapidfuzz import fuzz, process

from ingest.keys import compare_ref
from ingest.readers.claims import Claim, ClaimedField
from ingest.readers.lexicon import status_of
from vectorstore.records import Conflict, ConflictValue, Field, Item, ItemStatus

_SAME_NUMBER = 0.35  # what an equal number adds to the similarity of titles, 0 to 1
_STRANGE = 0.55  # similarity of titles below which an equal number does not count
_SURE = 0.75  # similarity of titles from which another number does not matter
_LEAST = 0.5  # similarity with the number's share below which row and record stay apart
_SIMILAR = 90  # similarity of two statements, 0 to 100, from which they say the same
_ENOUGH, _DIFFERING = 5, 0.6  # pairs, and the share that differs from which two columns mean different things
_COMPARED = ("responsible", "period", "cost", "priority")
_TAKEN = ("status", "responsible", "cooperation", "period", "cost", "priority", "state", "description")
_UNITS = re.compile(r"[,;/\n]|\s(?:und|sowie)\s")
_OFFICE_WORD = r"(?:Amt|Dez(?:ernat)?|FB|FD|Fach(?:bereich|dienst)|Abt(?:eilung)?|SG|Sachgebiet)\b\.?"
_CODE = 6  # letters of a unit's abbreviation at most


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
    """Return similarities, shape (records, rows): title 0 to 1, plus the share of an equal number."""
    left, right = [_words(item.title) for item in records], [_words(row.title) for row in rows]
    whole = process.cdist(left, right, scorer=fuzz.ratio, dtype=np.float32) / 100
    parts = process.cdist(left, right, scorer=fuzz.token_set_ratio, dtype=np.float32) / 100
    numbers, refs = [compare_ref(row.number or "") for row in rows], [compare_ref(item.ref) for item in records]
    unnumbered = [ref == compare_ref(item.title) for ref, item in zip(refs, records, strict=True)]
    same = np.array([[bool(ref) and ref == number for number in numbers] for ref in refs], dtype=np.float32)
    bare = np.array([[alone or not number for number in numbers] for alone in unnumbered])
    similarity = 0.5 * whole + 0.5 * parts
    coded = np.array([[bool(re.search(r"[a-z]", number)) for number in numbers] for _ in refs])
    fits = (similarity >= _SURE) | ((similarity >= _STRANGE) & ((same > 0) | bare)) | ((same > 0) & coded)
    score = np.where(fits, np.maximum(similarity, np.where((same > 0) & coded, 0.3, 0.0)) + _SAME_NUMBER * same, 0)
    return np.asarray(score, dtype=np.float32)


def _words(title: str) -> str:
    return re.sub(r"[^\w\s]", " ", title.lower())


def complete_with_rows(items: list[Item], matched: dict[str, Claim], text: str, source: str) -> None:
    """Give records what their rows add, and note what the two disagree about; `items` are changed in place."""
    pairs = [(item, matched[item.key]) for item in items if item.key in matched]
    compared = _comparable(pairs)
    for place, item in enumerate(items):
        if row := matched.get(item.key):
            items[place] = _with_row(item, row, text, source, compared)


def row_values(row: Claim) -> dict[str, Any]:
    """Return the fields of an item that a row states, by name."""
    return {
        "status": status_from(row.status),
        "responsible": row.units,
        "cooperation": row.partners,
        "period": row.period,
        "cost": row.cost,
        "priority": row.priority,
        "state": _text_of(row, "state"),
        "description": _text_of(row, "description"),
    }


def status_from(words: str | None) -> ItemStatus | None:
    """Return the status that a claim states: a status's own name, or words for one."""
    if not words:
        return None
    if words in set(ItemStatus):
        return ItemStatus(words)
    return status_of(words) if len(words) <= 60 else None


def _text_of(row: Claim, meaning: str) -> str | None:
    return next((field.text for field in row.fields if field.meaning == meaning and field.text), None)


def _comparable(pairs: Sequence[tuple[Item, Claim]]) -> tuple[str, ...]:
    """Return in which fields rows can contradict records: one that differs nearly everywhere means another thing."""
    kept = []
    for name in _COMPARED:
        both = [
            (own, other) for item, row in pairs
            if (own := _statement(getattr(item, name))) and (other := _statement(row_values(row)[name]))
        ]  # fmt: skip
        differing = sum(not _agree(name, own, other) for own, other in both)
        if len(both) < _ENOUGH or differing <= _DIFFERING * len(both):
            kept.append(name)
    return tuple(kept)


def _statement(value: object) -> str:
    return "; ".join(value) if isinstance(value, tuple) else str(value or "")


def _with_row(item: Item, row: Claim, text: str, source: str, compared: Sequence[str]) -> Item:
    values = row_values(row)
    differing: dict[str, tuple[str, str]] = {}
    for name in compared:
        own, other = _statement(getattr(item, name)), _statement(values[name])
        if own and other and not _agree(name, own, other):
            differing[name] = (own, other)
    if row.number and compare_ref(row.number) != compare_ref(item.ref) and item.ref != item.title:
        differing["ref"] = (item.ref.partition("~")[0], row.number)
    status = values["status"]
    if isinstance(status, ItemStatus) and item.status and status is not item.status:
        differing["status"] = (item.status.value, status.value)
    own_source = "sheet" if item.fields else "text"
    known = {conflict.field for conflict in item.conflicts}
    conflicts = tuple(
        Conflict(name, *both, (ConflictValue(both[0], item.page, own_source), ConflictValue(both[1], row.page, source)))
        for name, both in differing.items() if name not in known
    )  # fmt: skip
    extent = row.extent or row.head
    known_fields = {field.field for field in item.fields if field.field} | {
        field.label.casefold() for field in item.fields
    }
    further = [
        field for field in row_fields(row)
        if field.field is not None and field.field not in known_fields and field.label.casefold() not in known_fields
    ]  # fmt: skip
    return replace(
        item,
        table_title=row.title if item.table_title in (None, item.title) else item.table_title,
        table_row=item.table_row or (text[extent.start : extent.end] if extent else None),
        table_start=item.table_start if item.table_start is not None or extent is None else extent.start,
        fields=item.fields if source == "list" else (*item.fields, *further),
        conflicts=(*item.conflicts, *sorted(conflicts, key=lambda conflict: conflict.field)),
        **{name: getattr(item, name) or values[name] for name in _TAKEN},
    )


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
        return any(_same_unit(unit, other) for unit in _UNITS.split(first) for other in _UNITS.split(second))
    bare, other = _letters(first), _letters(second)
    if (
        bare in other
        or other in bare
        or fuzz.ratio(bare, other) >= _SIMILAR
        or fuzz.token_set_ratio(first, second) >= 99
    ):
        return True
    years, others = ([int(year) for year in re.findall(r"\d{1,9}", part)] for part in (first, second))
    if name not in ("period", "cost") or not years or not others:
        return False
    return (min(years), max(years)) == (min(others), max(others)) if name == "period" else years == others


def _same_unit(first: str, second: str) -> bool:
    """True if two names may be one unit's: similar, in part, of one number, or an abbreviation of the other."""
    short, long = sorted((first.strip(), second.strip()), key=len)
    if _letters(short) in _letters(long) or fuzz.token_set_ratio(short, long) >= _SIMILAR:
        return True
    numbers, others = (set(re.findall(r"\d+", part)) for part in (short, long))
    if numbers & others or not re.search(r"[^\W\d_]", re.sub(_OFFICE_WORD, "", short)):
        return True
    is_code = len(short) <= _CODE and sum(letter.isupper() for letter in short) >= 2
    return is_code and " " not in short and short[0].casefold() in {word[0].casefold() for word in long.split()}


def _letters(text: str) -> str:
    return re.sub(r"[\W_]+", "", text).casefold()
