"""What tests look at in a layout: its texts, its tables as rows, and whether every visible letter is in a line."""

from __future__ import annotations

from collections.abc import Iterable

from ingest.stream import Layout, Line, count_letters


def read_rows(lines: Iterable[Line]) -> list[str | tuple[str, ...]]:
    """Return texts, and rows of tables as the texts of their columns; lines of one cell are joined by "/"."""
    rows: list[str | dict[int, str]] = []
    last: tuple[int, ...] = ()
    for line in lines:
        if line.cell is None:
            rows.append(line.text)
        elif line.cell[:2] == last and isinstance(row := rows[-1], dict):
            column = line.cell.column
            row[column] = f"{row[column]}/{line.text}" if column in row else line.text
        else:
            rows.append({line.cell.column: line.text})
        last = line.cell[:2] if line.cell else ()
    return [row if isinstance(row, str) else tuple(row.get(n, "") for n in range(max(row) + 1)) for row in rows]


def count_lost(layout: Layout) -> int:
    """Count the visible letters and digits that are in no line."""
    kept = count_letters("".join(line.text for line in (*layout.lines, *layout.furniture)))
    return sum((count_letters("".join(char * n for char, n in layout.shown.items())) - kept).values())
