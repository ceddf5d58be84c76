"""Rows of project lists joined to the projects of the text, one to one, by number and title together."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
from rapidfuzz import fuzz, process
from scipy.sparse import csr_array
from scipy.sparse.csgraph import min_weight_full_bipartite_matching

from ingest.layout.lines import squash
from ingest.tables import Table, TableRow
from vectorstore.records import Conflict, Evidence, Field, Item, ItemKind, ItemStatus

_SAME_NUMBER = 0.35  # what an equal number adds to the likeness of titles, 0 to 1
_MOST = 2.0  # above every likeness: a cost of nought would count as no edge
_STRANGE = 0.55  # likeness of titles below which an equal number does not count
_SURE = 0.75  # likeness of titles from which another number does not matter
_LEAST = 0.5  # likeness with the number's share below which row and project stay apart


@dataclass(frozen=True, slots=True)
class ListRow:
    """A row of a table that lists records, with what its columns say as printed; `word` stood before the number."""

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


@dataclass(frozen=True, slots=True)
class Listing:
    """What a document's own list says of a family: kind, numbers and titles of its rows, how many are records, where.

    `source` is overview, schedule or list.
    """

    source: str
    kind: ItemKind
    refs: tuple[str, ...]
    titles: tuple[str, ...]
    joined: int
    evidence: Evidence


def join(projects: Sequence[Item], rows: Sequence[ListRow]) -> tuple[dict[str, ListRow], list[ListRow]]:
    """Return the row of each project by its key, and the rows that belong to none."""
    if not projects or not rows:
        return {}, list(rows)
    scores = _scores(projects, rows)
    chosen, columns = min_weight_full_bipartite_matching(csr_array(_MOST - scores))
    joined = {
        projects[i].key: rows[j]
        for i, j in zip(chosen.tolist(), columns.tolist(), strict=True)
        if scores[i, j] >= _LEAST
    }
    used = {id(row) for row in joined.values()}
    return joined, [row for row in rows if id(row) not in used]


def _scores(projects: Sequence[Item], rows: Sequence[ListRow]) -> np.ndarray[tuple[int, int], np.dtype[np.float32]]:
    """Return likeness, shape (projects, rows): title 0 to 1, plus the share of an equal number."""
    left, right = [_plain(p.title) for p in projects], [_plain(r.title) for r in rows]
    whole = process.cdist(left, right, scorer=fuzz.ratio, dtype=np.float32) / 100
    parts = process.cdist(left, right, scorer=fuzz.token_set_ratio, dtype=np.float32) / 100
    numbers, refs = [plain_ref(row.ref) for row in rows], [plain_ref(p.ref) for p in projects]
    unnumbered = [ref == plain_ref(p.title) for ref, p in zip(refs, projects, strict=True)]
    same = np.array([[ref == number for number in numbers] for ref in refs], dtype=np.float32)
    bare = np.array([[alone or not number for number in numbers] for alone in unnumbered])
    likeness = 0.5 * whole + 0.5 * parts
    fits = (likeness >= _SURE) | ((likeness >= _STRANGE) & ((same > 0) | bare))
    return np.asarray(np.where(fits, likeness + _SAME_NUMBER * same, 0), dtype=np.float32)


def plain_ref(ref: str) -> str:
    """Return a number without spaces, case, leading zeros and the mark of several under one, as refs are compared."""
    return re.sub(r"(?<!\d)0+(?=\d)", "", squash(ref).casefold()).partition("~")[0].strip(".:–-")


def _plain(title: str) -> str:
    return re.sub(r"[^\w\s]", " ", title.lower())


def digit_conflicts(projects: Sequence[Item]) -> list[Item]:
    """Note projects whose number puts them into another status group than the heading above them."""
    votes: dict[str, Counter[ItemStatus]] = {}
    for project in projects:
        digit = _group_digit(project)
        if digit and project.status:
            votes.setdefault(digit, Counter())[project.status] += 1
    usual = {digit: counts.most_common(1)[0][0] for digit, counts in votes.items() if max(counts.values()) >= 3}
    return [_checked(project, usual.get(_group_digit(project) or "")) for project in projects]


def _checked(project: Item, usual: ItemStatus | None) -> Item:
    printed = re.match(r"^[\d.]+", project.status_heading or "")
    agrees = printed is None or project.ref.startswith(printed[0].rstrip(".") + ".")
    if usual is None or project.status is None or usual is project.status or agrees:
        return project
    return replace(project, conflicts=(*project.conflicts, Conflict("status", project.status.value, usual.value)))


def _group_digit(project: Item) -> str | None:
    parts = project.ref.split(".")
    return parts[2] if len(parts) == 4 else None
