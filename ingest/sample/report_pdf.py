"""The sustainability report as a PDF: cover, contents, introduction, themes, lists."""

from __future__ import annotations

from dataclasses import dataclass, field
from io import BytesIO
from typing import Any

from reportlab.pdfgen.canvas import Canvas

from ingest.sample import layout
from ingest.sample.layout import BODY, BOLD, LEFT, PAGE_WIDTH, REGULAR, RIGHT, Flow
from ingest.sample.model import STATUSES, Goal, Project, Report, Theme, paragraphs
from ingest.sample.report_tables import draw_archive, draw_project_lists

_COLOURS = ((0.25, 0.55, 0.3), (0.9, 0.7, 0.2), (0.3, 0.5, 0.75), (0.6, 0.6, 0.6))


@dataclass
class Built:
    """A finished PDF and the PDF page on which each part begins."""

    data: bytes = b""
    pages: dict[str, int] = field(default_factory=dict)
    total: int = 0


def contents(report: Report, pages: dict[str, int]) -> list[tuple[str, str, int]]:
    """Return key, title and printed page of each entry, one of them wrong."""
    entries = [("Einleitung", "Einleitung")]
    for theme in report.themes:
        entries.append((theme.number, f"{theme.number}. {theme.title}"))
        for position, goal in enumerate(theme.goals, start=1):
            title = f"{goal.number} Strategisches Ziel {position}"
            entries.append((goal.number, title))
    entries += [("Projektlisten", "Projektlisten"), ("Archiv", "Archiv")]
    wrong = report.frame["wrong_toc"]
    lines = []
    for key, title in entries:
        shift = wrong["offset"] if title.startswith(f"{wrong['entry']} ") else 0
        lines.append((key, title, pages.get(key, 1) - 1 + shift))
    return lines


def build_report(report: Report) -> Built:
    """Build twice: the first time to learn the page numbers of the contents."""
    draft = _build(report, {})
    return _build(report, draft.pages)


def _build(report: Report, pages: dict[str, int]) -> Built:
    buffer, built = BytesIO(), Built()
    canvas = Canvas(buffer, pagesize=(PAGE_WIDTH, layout.PAGE_HEIGHT), invariant=1)
    canvas.setTitle(report.frame["title"])
    canvas.setAuthor("Kreis Lauterfeld (Beispieldaten)")
    canvas.addPageLabel(0, prefix="Titel")
    canvas.addPageLabel(1, style="ARABIC", start=1)
    flow = Flow(canvas, lambda f: _begin(f, report), lambda f: _end(f, report))
    _cover(flow, report)
    flow.new_page()
    flow.write("Inhaltsverzeichnis", layout.THEME)
    for key, title, page in contents(report, pages):
        style = layout.Style(size=9, leading=17, indent=14 if "." in key else 0)
        flow.line(layout.leader(title, page, style.indent), style)
    _introduction(flow, report, built)
    for theme in report.themes:
        _theme(flow, theme, report, built)
    _lists(flow, report, built)
    flow.close()
    canvas.save()
    built.data, built.total = buffer.getvalue(), flow.page
    return built


def _cover(flow: Flow, report: Report) -> None:
    canvas, frame = flow.canvas, report.frame
    canvas.setFillColorRGB(0.85, 0.91, 0.84)
    canvas.rect(0, 560, PAGE_WIDTH, 130, stroke=0, fill=1)
    canvas.setFillColorRGB(0, 0, 0)
    flow.y = 660
    flow.write("Nachhaltigkeitsbericht", layout.Style(BOLD, 24, 30))
    flow.write("Kreis Lauterfeld", layout.Style(BOLD, 24, 30))
    flow.y = 520
    flow.write(frame["subtitle"], layout.Style(size=13, leading=20))
    flow.write(frame["stand"], layout.Style(size=13, leading=20))


def _introduction(flow: Flow, report: Report, built: Built) -> None:
    flow.new_page()
    built.pages["Einleitung"] = flow.write("Einleitung", layout.THEME)
    for section in report.frame["introduction"]:
        flow.write(section["heading"], layout.HEADING)
        for text in paragraphs(section["text"]):
            flow.write(text, BODY)
        for bullet in section.get("bullets", []):
            flow.write(bullet, layout.BULLET, first="• ")
    flow.write("Schwerpunkte der Themenfelder", layout.HEADING)
    for theme in report.themes:
        flow.write(theme.title, layout.LABEL)
        flow.write(theme.lead, BODY)


def _theme(flow: Flow, theme: Theme, report: Report, built: Built) -> None:
    flow.new_page(legend=True)
    flow.y -= theme.gap
    heading = f"{theme.number}. {theme.title.upper()}"
    built.pages[theme.number] = flow.write(heading, layout.THEME)
    for position, goal in enumerate(theme.goals, start=1):
        title = f"{goal.number} Strategisches Ziel {position}"
        built.pages[goal.number] = flow.write(title, layout.GOAL)
        flow.write(goal.sentence, BODY)
        for digit, status in enumerate(STATUSES, start=1):
            name = report.frame["group_titles"][status]
            flow.write(f"{goal.number}.{digit} {name}", layout.GROUP)
            _group(flow, goal, status, report, built)


def _group(flow: Flow, goal: Goal, status: str, report: Report, built: Built) -> None:
    projects = goal.group(status)
    if not projects:
        flow.write(report.frame["empty_group"], BODY)
    for project in projects:
        _project(flow, project, built)


def _project(flow: Flow, project: Project, built: Built) -> None:
    heading = f"{project.number} {project.title}"
    built.pages[project.number] = flow.write(heading, layout.PROJECT)
    parts = (
        ("Projektbeschreibung:", project.description),
        ("Sachstand:", project.state),
    )
    for label, texts in parts:
        flow.write(label, layout.LABEL)
        for text in texts:
            flow.write(text, BODY)


def _lists(flow: Flow, report: Report, built: Built) -> None:
    flow.new_page(legend=False)
    built.pages["Projektlisten"] = flow.write("Projektlisten", layout.THEME)
    draw_project_lists(flow, report)
    flow.new_page()
    built.pages["Archiv"] = flow.write("Archiv", layout.THEME)
    flow.write("der umgesetzten Projekte aus früheren Ausgaben", BODY)
    flow.y -= 8
    draw_archive(flow, report)


def _begin(flow: Flow, report: Report) -> None:
    """Draw the running header, and the legend on pages with odd printed numbers."""
    if flow.page == 1:
        return
    flow.canvas.setFont(REGULAR, 8)
    flow.canvas.drawString(LEFT, 806, report.frame["title"])
    flow.canvas.line(LEFT, 801, PAGE_WIDTH - RIGHT, 801)
    if flow.legend and flow.page % 2 == 0:
        _legend(flow.canvas, report.frame["legend"], 788)


def _end(flow: Flow, report: Report) -> None:
    """Draw the footer, and before it the legend on pages with even numbers."""
    canvas = flow.canvas
    if flow.legend and flow.page % 2 == 1:
        _legend(canvas, report.frame["legend"], 88)
    canvas.setFont(REGULAR, 8)
    canvas.drawString(LEFT, 42, report.frame["footer"])
    if flow.page > 1:
        canvas.drawRightString(PAGE_WIDTH - RIGHT, 30, f"Seite {flow.page - 1}")


def _legend(canvas: Any, names: list[str], top: float) -> None:
    canvas.setFont(REGULAR, 6.5)
    for position, (name, colour) in enumerate(zip(names, _COLOURS, strict=True)):
        y = top - 9 * position
        canvas.setFillColorRGB(*colour)
        canvas.rect(LEFT, y - 0.5, 6, 6, stroke=0, fill=1)
        canvas.setFillColorRGB(0, 0, 0)
        canvas.drawString(LEFT + 10, y, name)
