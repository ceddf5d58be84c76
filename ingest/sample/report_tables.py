"""The project lists and the archive of the report, as drawn tables."""

from __future__ import annotations

from typing import Any

from reportlab.lib import colors
from reportlab.platypus import Table

from ingest.sample.layout import (
    BOLD,
    BOTTOM,
    HEADING,
    LEFT,
    REGULAR,
    TEXT_WIDTH,
    Flow,
    wrap_cell,
)
from ingest.sample.model import Project, Report, Theme

_SIZE, _LEADING = 7.5, 9.5
_WIDTHS = [42.0, 88.0, 37.0, 37.0, 37.0, 37.0, 118.0, 75.0]
_ARCHIVE_WIDTHS = [135.0, 180.0, 70.0, 86.0]
_HEAD = ["Nr.", "Projekt", "Projektstatus", "", "", ""]
_HEAD += ["Zusammenarbeit mit Kommunen", "Verantwortlichkeit"]
_COLUMNS = ["", "", "Ideenspeicher", "Planung", "Bearbeitung", "Umgesetzt", "", ""]
_STATUS_ORDER = ("idea", "planned", "in_progress", "implemented")
# These lists do not repeat their head on the next page.
_HEAD_ONCE = ("1", "5")


def project_rows(theme: Theme) -> list[list[str]]:
    """Return the rows of a project list as the report prints them."""
    return [_row(project) for project in theme.projects()]


def draw_project_lists(flow: Flow, report: Report) -> None:
    """Draw one project list per theme."""
    for theme in report.themes:
        flow.write(f"Projektliste „{theme.title}“", HEADING)
        flow.y -= 6
        rows = [_HEAD, _COLUMNS, *project_rows(theme)]
        heads = 0 if theme.number in _HEAD_ONCE else 2
        _draw(flow, _project_table(rows, heads))
        flow.y -= 10


def draw_archive(flow: Flow, report: Report) -> None:
    """Draw the table of the projects that left the report."""
    rows = [["Themenfeld", "Projekt", "Report", "Nummer"]]
    for row in report.frame["archive"]:
        rows.append([row["theme"], row["project"], row["report"], row["number"]])
    cells = _cells(rows, _ARCHIVE_WIDTHS, heads=1)
    style = [*_base_style(), ("FONT", (0, 0), (-1, 0), BOLD, _SIZE, _LEADING)]
    _draw(flow, Table(cells, colWidths=_ARCHIVE_WIDTHS, style=style))


def _row(project: Project) -> list[str]:
    marks = ["x" if project.table_status == status else "" for status in _STATUS_ORDER]
    row = [project.table_number, project.table_title, *marks]
    return [*row, project.cooperation, project.responsible]


def _project_table(rows: list[list[str]], repeat: int) -> Any:
    style = [
        *_base_style(),
        ("FONT", (0, 0), (-1, 1), BOLD, _SIZE, _LEADING),
        ("BACKGROUND", (0, 0), (-1, 1), colors.HexColor("#e6ece4")),
        ("SPAN", (2, 0), (5, 0)),
        ("ALIGN", (2, 0), (5, -1), "CENTER"),
        *[("SPAN", (column, 0), (column, 1)) for column in (0, 1, 6, 7)],
    ]
    cells = _cells(rows, _WIDTHS, heads=2)
    return Table(cells, colWidths=_WIDTHS, style=style, repeatRows=repeat)


def _base_style() -> list[tuple[Any, ...]]:
    return [
        ("FONT", (0, 0), (-1, -1), REGULAR, _SIZE, _LEADING),
        ("GRID", (0, 0), (-1, -1), 0.5, colors.HexColor("#444444")),
        ("VALIGN", (0, 0), (-1, -1), "TOP"),
        *[(side, (0, 0), (-1, -1), 3) for side in ("LEFTPADDING", "RIGHTPADDING")],
    ]


def _cells(rows: list[list[str]], widths: list[float], heads: int) -> list[list[str]]:
    broken = []
    for position, row in enumerate(rows):
        font = BOLD if position < heads else REGULAR
        broken.append(
            [
                "\n".join(wrap_cell(text, _SIZE, _room(text, width), font))
                for text, width in zip(row, widths, strict=True)
            ]
        )
    return broken


def _room(text: str, width: float) -> float:
    return 140.0 if text == "Projektstatus" else width - 6


def _draw(flow: Flow, table: Any) -> None:
    """Draw a table, on as many pages as it takes."""
    parts = [table]
    while parts:
        part = parts.pop(0)
        _, height = part.wrap(TEXT_WIDTH, flow.y - BOTTOM)
        if height > flow.y - BOTTOM:
            pieces = part.split(TEXT_WIDTH, flow.y - BOTTOM)
            if len(pieces) < 2:
                flow.new_page()
                parts.insert(0, part)
            else:
                parts = [*pieces, *parts]
            continue
        part.drawOn(flow.canvas, LEFT, flow.y - height)
        flow.y -= height
        if parts:
            flow.new_page()
