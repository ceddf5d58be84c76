"""Measures as rows: plain tables, landscape, by year, merged and empty cells, overview and schedule beside sheets."""

from __future__ import annotations

from collections.abc import Sequence

from tests.papers.blocks import Cell
from tests.papers.draft import Draft
from tests.papers.layouts.parts import (
    Group,
    Layout,
    One,
    all_of,
    cell,
    count_in_words,
    entered,
    field_page,
    foreword,
    method,
    named,
    outlook,
    reworded,
    shown,
    title_page,
)


def columns_of(draft: Draft, most: int = 4) -> list[str]:
    """Return the fields that a table has columns for."""
    order = ("description", "responsible", "partners", "period", "cost", "priority", "status", "indicator")
    return [meaning for meaning in order if meaning in draft.job.material.meanings][:most]


def head(draft: Draft, meanings: Sequence[str], number: str = "Nr.", title: str = "Maßnahme") -> list[Cell | None]:
    """Return the head of a table."""
    names = [number] * draft.job.numbering.numbered + [title] + [draft.job.label(meaning) for meaning in meanings]
    return [cell(name, "strong") for name in names]


def row(draft: Draft, one: One, meanings: Sequence[str]) -> list[Cell | None]:
    """Return a measure as a row; what is missing is an empty cell."""
    number = [cell(one.number.printed, "body", one.owner)] * draft.job.numbering.numbered
    title = cell(one.measure.title, "body", one.owner)
    return [*number, title, *(cell(one.measure.text(meaning), "body", one.owner) for meaning in meanings)]


def widths(draft: Draft, meanings: Sequence[str]) -> list[float]:
    """Return the widths of the columns."""
    return [1.7] * draft.job.numbering.numbered + [3.0] + [4.5 if name == "description" else 2.0 for name in meanings]


def begun(draft: Draft, meanings: Sequence[str], statement: bool = True, bare: bool = False) -> list[Group]:
    """Write what comes before the tables."""
    groups = entered(draft, meanings, bare)
    title_page(draft)
    foreword(draft)
    method(draft, statement=statement)
    return groups


def per_field(draft: Draft) -> None:
    """A table under the heading of each field."""
    meanings = columns_of(draft, 3)
    for group in begun(draft, meanings):
        draft.page()
        field_page(draft, group)
        draft.grid(
            [head(draft, meanings), *(row(draft, one, meanings) for one in group.ones)], widths(draft, meanings), 1
        )
    outlook(draft)


def one_long(draft: Draft) -> None:
    """One table over many pages whose head repeats, a row across for each field."""
    meanings = columns_of(draft, 3)
    groups = begun(draft, meanings)
    draft.page()
    draft.heading("Maßnahmenübersicht")
    width = widths(draft, meanings)
    rows = [head(draft, meanings)]
    for group in groups:
        name = named(group.number, group.field.title)
        rows.append([cell(name, "strong", group.owner, fill=True, across=len(width)), *[None] * (len(width) - 1)])
        rows.extend(row(draft, one, meanings) for one in group.ones)
    draft.grid(rows, width, 1, "lines")
    outlook(draft)


def landscape(draft: Draft) -> None:
    """A wide table on pages laid crosswise."""
    meanings = columns_of(draft, 6)
    groups = begun(draft, meanings)
    for group in groups:
        draft.page("landscape")
        draft.heading(named(group.number, group.field.title), 1, group.owner)
        draft.grid(
            [head(draft, meanings), *(row(draft, one, meanings) for one in group.ones)], widths(draft, meanings), 1
        )
    draft.page("portrait")
    outlook(draft)


def by_year(draft: Draft) -> None:
    """A table crosswise with a column for every year; a cross says when."""
    meanings = [meaning for meaning in ("responsible", "cost") if meaning in draft.job.material.meanings]
    groups = begun(draft, meanings)
    years = [str(2025 + year) for year in range(6)]
    for group in groups:
        draft.page("landscape")
        draft.heading(named(group.number, group.field.title), 1, group.owner)
        rows = [[*head(draft, meanings), *(cell(year, "strong") for year in years)]]
        for one in group.ones:
            start = draft.job.pen.rng.randint(0, 4)
            end = draft.job.pen.rng.randint(start, 5)
            crosses = [cell("x" if start <= year <= end else "", "body", one.owner) for year in range(6)]
            rows.append([*row(draft, one, meanings), *crosses])
        draft.grid(rows, [*widths(draft, meanings), *[0.8] * 6], 1)


def merged(draft: Draft) -> None:
    """A table whose first column is a field merged over its rows, with empty cells and two rows of heads."""
    meanings = columns_of(draft, 3)
    groups = begun(draft, meanings, statement=False, bare=True)
    draft.page("landscape")
    count = len(widths(draft, meanings))
    top = [cell("Handlungsfeld", "strong", down=2), cell("Vorhaben", "strong", across=count - len(meanings))]
    top = [*top, *[None] * (count - len(meanings) - 1), cell("Angaben zur Umsetzung", "strong", across=len(meanings))]  # type: ignore[list-item]
    rows: list[list[Cell | None]] = [[*top, *[None] * (len(meanings) - 1)], [None, *head(draft, meanings)]]
    for group in groups:
        for place, one in enumerate(group.ones):
            first = cell(group.field.title, "strong", group.owner, fill=True, down=1)
            again = cell("", "body", fill=True)
            rows.append([first if place == 0 else again, *row(draft, one, meanings)])
    draft.grid(rows, [2, *widths(draft, meanings)], 2)


def overview_and_sheets(draft: Draft) -> None:
    """An overview in front with wordings of its own, then a sheet for each measure."""
    groups = entered(draft)
    title_page(draft)
    foreword(draft)
    count_in_words(draft)
    draft.page()
    draft.heading("Maßnahmen im Überblick")
    small = [meaning for meaning in ("responsible", "priority") if meaning in draft.job.material.meanings]
    rows = [head(draft, small)]
    for place, one in enumerate(all_of(groups)):
        title = reworded(draft, one, place)
        number = [cell(one.number.printed)] * draft.job.numbering.numbered
        rows.append([*number, cell(title), *(cell(one.measure.text(meaning)) for meaning in small)])
    draft.grid(rows, [1.7] * draft.job.numbering.numbered + [4.0] + [2.0] * len(small), 1)
    draft.listed = {"measure", "project"}
    sheets(draft, groups)


def sheets(draft: Draft, groups: Sequence[Group]) -> None:
    """Write the sheets that go with an overview or a schedule."""
    for group in groups:
        draft.page()
        field_page(draft, group)
        for one in group.ones:
            draft.page()
            draft.heading(named(one.number, one.measure.title), 2, one.owner)
            for meaning in shown(draft, one):
                draft.labelled(meaning, one.measure.fields[meaning], one.owner, own_line=meaning == "description")


def schedule_and_sheets(draft: Draft) -> None:
    """Sheets, and behind them a schedule that now and then says another year: conflicts."""
    groups = entered(draft)
    title_page(draft)
    method(draft)
    sheets(draft, groups)
    draft.page()
    draft.heading("Zeit- und Kostenplan")
    columns = [meaning for meaning in ("period", "cost") if meaning in draft.job.material.meanings]
    rows = [head(draft, columns)]
    for place, one in enumerate(all_of(groups)):
        period = one.measure.text("period")
        if place % 5 == 3 and period:
            other = "bis 2033"
            draft.conflict(one.owner, "period", ("sheet", period), ("schedule", other))
            period = other
        number = [cell(one.number.printed)] * draft.job.numbering.numbered
        texts = [period if meaning == "period" else one.measure.text(meaning) for meaning in columns]
        rows.append([*number, cell(one.measure.title), *(cell(text) for text in texts)])
    draft.grid(rows, [1.7] * draft.job.numbering.numbered + [4] + [2] * len(columns), 1)
    draft.listed = {"measure", "project"}


LAYOUTS = (
    Layout("table per field", per_field, length=0),
    Layout("one long table", one_long, length=0),
    Layout("landscape table", landscape, ("pdf", "docx"), length=1),
    Layout("table by year", by_year, ("pdf", "docx", "html")),
    Layout("merged cells", merged, ("pdf", "docx", "html"), length=0),
    Layout("overview and sheets", overview_and_sheets, damage=("reworded", "typo")),
    Layout("schedule and sheets", schedule_and_sheets),
)
