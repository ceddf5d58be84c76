"""Rows of lists of records, and which of them are records that stand elsewhere: by number and title together."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from rapidfuzz import fuzz, process

from ingest.keys import plain_ref
from ingest.tables import Table, TableRow
from vectorstore.records import Evidence, Field, Item, ItemKind, ItemStatus

_SAME_NUMBER = 0.35  # what an equal number adds to the likeness of titles, 0 to 1
_STRANGE = 0.55  # likeness of titles below which an equal number does not count
_SURE = 0.75  # likeness of titles from which another number does not matter
_LEAST = 0.5  # likeness with the number's share below which row and record stay apart


@dataclass(frozen=True, slots=True)
class ListRow:
    """A row of a table that lists records, with what its columns say as printed; `word` stood before the number.

    `parent` is the key of the item that it is claimed to stand under.
    """

    ref: str
    title: str
    status: ItemStatus | None
    cooperation: str | None
    responsible: tuple[str, ...]
    row: TableRow
    table: Table
    kind: ItemKind = ItemKind.MEASURE
    word: str = ""
    theme: str | None = None
    period: str | None = None
    cost: str | None = None
    priority: str | None = None
    state: str | None = None
    description: str | None = None
    fields: tuple[Field, ...] = ()
    parent: str | None = None


@dataclass(frozen=True, slots=True)
class Listing:
    """What a document's own list says of a family: kind, numbers and titles of its rows, and where it stands."""

    kind: ItemKind
    refs: tuple[str, ...]
    titles: tuple[str, ...]
    evidence: Evidence


def join(records: Sequence[Item], rows: Sequence[ListRow]) -> tuple[dict[str, ListRow], list[ListRow]]:
    """Return the row of each record by its key, the most alike first, and the rows that belong to none."""
    if not records or not rows:
        return {}, list(rows)
    scores = _scores(records, rows)
    joined: dict[str, ListRow] = {}
    free = np.ones(len(rows), dtype=bool)
    for pair in np.argsort(-scores, axis=None, kind="stable"):
        place, row = divmod(int(pair), len(rows))
        if scores[place, row] < _LEAST:
            break
        if free[row] and records[place].key not in joined:
            joined[records[place].key] = rows[row]
            free[row] = False
    return joined, [row for row, is_free in zip(rows, free, strict=True) if is_free]


def _scores(records: Sequence[Item], rows: Sequence[ListRow]) -> np.ndarray[tuple[int, int], np.dtype[np.float32]]:
    """Return likeness, shape (records, rows): title 0 to 1, plus the share of an equal number."""
    left, right = [_plain(one.title) for one in records], [_plain(row.title) for row in rows]
    whole = process.cdist(left, right, scorer=fuzz.ratio, dtype=np.float32) / 100
    parts = process.cdist(left, right, scorer=fuzz.token_set_ratio, dtype=np.float32) / 100
    numbers, refs = [plain_ref(row.ref) for row in rows], [plain_ref(one.ref) for one in records]
    unnumbered = [ref == plain_ref(one.title) for ref, one in zip(refs, records, strict=True)]
    same = np.array([[ref == number for number in numbers] for ref in refs], dtype=np.float32)
    bare = np.array([[alone or not number for number in numbers] for alone in unnumbered])
    likeness = 0.5 * whole + 0.5 * parts
    fits = (likeness >= _SURE) | ((likeness >= _STRANGE) & ((same > 0) | bare))
    return np.asarray(np.where(fits, likeness + _SAME_NUMBER * same, 0), dtype=np.float32)


def _plain(title: str) -> str:
    return re.sub(r"[^\w\s]", " ", title.lower())
