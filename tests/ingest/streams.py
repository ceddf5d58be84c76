"""Layouts as tests compare them: lines in a notation like Markdown, tables as rows, and what is in
no line.
"""

from __future__ import annotations

from collections.abc import Iterable

from ingest.stream import Layout, Line, count_letters


def render(lines: Iterable[Line]) -> list[str | tuple[str, ...]]:
    """Return "# heading", "• point", "**bold**", "**bold** lead", "… continued", and rows as their
    columns.

    Lines of one cell are joined by "/".
    """
    rows: list[str | dict[int, str]] = []
    last: tuple[int, ...] = ()
    for line in lines:
        text, cell = _mark(line), line.cell
        if cell is None:
            rows.append(text)
        elif cell[:2] == last and isinstance(row := rows[-1], dict):
            row[cell.column] = f"{row[cell.column]}/{text}" if cell.column in row else text
        else:
            rows.append({cell.column: text})
        last = cell[:2] if cell else ()
    return [
        row if isinstance(row, str) else tuple(row.get(n, "") for n in range(max(row) + 1))
        for row in rows
    ]


def _mark(line: Line) -> str:
    text = f"**{line.text[: line.lead]}**{line.text[line.lead :]}" if line.lead else line.text
    if line.style.level:
        return f"{'#' * line.style.level} {text}"
    text = f"**{text}**" if line.style.bold else text
    return f"{'' if line.opens else '… '}{'• ' if line.bullet else ''}{text}"


def count_lost(layout: Layout) -> int:
    """Count the visible letters and digits that are in no line."""
    kept = count_letters("".join(line.text for line in (*layout.lines, *layout.furniture)))
    return sum(
        (count_letters("".join(char * n for char, n in layout.shown.items())) - kept).values()
    )
