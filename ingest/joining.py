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
from vectorstore.records import Conflict, Item, ItemStatus

_SAME_NUMBER = 0.35  # what an equal number adds to the likeness of titles, 0 to 1
_MOST = 2.0  # above every likeness: a cost of nought would count as no edge
_LEAST = 0.5  # likeness with the number's share below which row and project stay apart


@dataclass(frozen=True, slots=True)
class ListRow:
    """A row of a project list with what its columns say."""

    ref: str
    title: str
    status: ItemStatus | None
    cooperation: str | None
    responsible: tuple[str, ...]
    row: TableRow


def list_rows(tables: Sequence[Table]) -> list[ListRow]:
    """Read the rows of project lists."""
    return [
        ListRow(
            table.cell(row, "ref").rstrip("."),
            " ".join(table.cell(row, "title").split()),
            table.status(row),
            table.cell(row, "partners") or None,
            split_units(table.cell(row, "responsible")),
            row,
        )
        for table in tables
        for row in table.rows
        if table.cell(row, "title")
    ]


def split_units(cell: str) -> tuple[str, ...]:
    """Split responsible units at commas and semicolons; "Dez.06" becomes "Dez. 06"."""
    units = (" ".join(part.split()) for part in re.split(r"[,;]|\s/\s", cell))
    return tuple(re.sub(r"(?<=[A-Za-zäöüß])\.(?=\d)", ". ", unit) for unit in units if unit)


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
    same = np.array([[p.ref == r.ref for r in rows] for p in projects], dtype=np.float32)
    return np.asarray(0.5 * whole + 0.5 * parts + _SAME_NUMBER * same, dtype=np.float32)


def _plain(title: str) -> str:
    return re.sub(r"[^\w\s]", " ", title.lower())


def with_row(project: Item, row: ListRow) -> Item:
    """Return the project with what its row adds, and what the two disagree about."""
    conflicts = list(project.conflicts)
    if row.ref and squash(row.ref) != squash(project.ref):
        conflicts.append(Conflict("ref", project.ref, row.ref))
    if row.status and project.status and row.status is not project.status:
        conflicts = [c for c in conflicts if c.field != "status"]
        conflicts.append(Conflict("status", project.status.value, row.status.value))
    return replace(
        project,
        table_title=row.title,
        table_row=row.row.text,
        table_start=row.row.start,
        status=project.status or row.status,
        responsible=row.responsible or project.responsible,
        cooperation=row.cooperation or project.cooperation,
        conflicts=tuple(conflicts),
    )


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
