"""Tables of the second set of papers."""

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


def chosen(draft: Draft, names: Sequence[str]) -> list[str]:
    """Return those fields that the paper has."""
    return [meaning for meaning in names if meaning in draft.job.material.meanings]


def two_rows_each(draft: Draft) -> None:
    """Each measure takes two rows: number and title across, then the fields in cells."""
    meanings = chosen(draft, ("description", "responsible", "period", "cost", "status"))[:4]
    groups = entered(draft, meanings)
    title_page(draft)
    foreword(draft)
    method(draft)
    for group in groups:
        draft.page()
        field_page(draft, group)
        rows: list[list[Cell | None]] = [[cell(draft.job.label(meaning), "strong") for meaning in meanings]]
        for one in group.ones:
            title = cell(named(one.number, one.measure.title), "strong", one.owner, fill=True, across=len(meanings))
            rows.append([title, *[None] * (len(meanings) - 1)])
            rows.append([cell(one.measure.text(meaning), "body", one.owner) for meaning in meanings])
        draft.grid(rows, [3 if meaning == "description" else 1.5 for meaning in meanings], 1)


def number_last(draft: Draft) -> None:
    """The title comes first, the number in the last column."""
    meanings = chosen(draft, ("responsible", "partners", "period"))
    groups = entered(draft, meanings)
    title_page(draft)
    method(draft)
    for group in groups:
        field_page(draft, group)
        heads = ["Vorhaben", *(draft.job.label(meaning) for meaning in meanings)]
        rows: list[list[Cell | None]] = [
            [cell(name, "strong") for name in [*heads, *["Kennung"] * draft.job.numbering.numbered]]
        ]
        for one in group.ones:
            texts = [one.measure.title, *(one.measure.text(meaning) for meaning in meanings)]
            texts += [one.number.printed] * draft.job.numbering.numbered
            rows.append([cell(text, "body", one.owner) for text in texts])
        draft.grid(rows, [3, *[2] * len(meanings), *[1.3] * draft.job.numbering.numbered], 1, "lines")
    outlook(draft)


def matrix(draft: Draft) -> None:
    """Sheets in prose with run-in fields, and behind them a matrix of measures and goals with crosses."""
    groups = entered(draft)
    title_page(draft)
    foreword(draft)
    for group in groups:
        draft.page()
        field_page(draft, group)
        for one in group.ones:
            draft.heading(named(one.number, one.measure.title), 3, one.owner)
            for meaning in shown(draft, one):
                draft.labelled(meaning, one.measure.fields[meaning], one.owner)
    draft.page("landscape")
    draft.heading("Anhang: Beitrag der Maßnahmen zu den Zielen")
    goals = ["Klima", "Natur", "Soziales", "Wirtschaft", "Finanzen"]
    rows = [[cell(name, "strong") for name in ["Maßnahme", *goals]]]
    for place, one in enumerate(all_of(groups)):
        crosses = [cell(draft.job.pen.rng.choice(("x", "", "", "(x)"))) for _ in goals]
        rows.append([cell(named(one.number, reworded(draft, one, place))), *crosses])
    draft.grid(rows, [5, *[1] * len(goals)], 1)
    draft.listed = {"measure", "project"}


def by_quarter(draft: Draft) -> None:
    """Measures under the headings of years, each as a small table row with its field in the last column."""
    meanings = chosen(draft, ("responsible", "cost", "status"))
    groups = entered(draft, meanings, bare=True)
    title_page(draft)
    method(draft)
    pairs = [(group, one) for group in groups for one in group.ones]
    years: dict[str, list[tuple[Group, One]]] = {}
    for place, pair in enumerate(pairs):
        years.setdefault(str(2025 + place % 4), []).append(pair)
    for group in groups:
        draft.para(f"**{group.field.title}:** {group.field.goal}", owner=group.owner)
    for year, own in years.items():
        draft.heading(f"Beginn {year}", 2, decoy=True)
        heads = ["Kennung"] * draft.job.numbering.numbered + [
            "Bezeichnung",
            *(draft.job.label(m) for m in meanings),
            "Feld",
        ]
        rows: list[list[Cell | None]] = [[cell(name, "strong") for name in heads]]
        for group, one in own:
            texts = [one.number.printed] * draft.job.numbering.numbered + [one.measure.title]
            texts += [one.measure.text(meaning) for meaning in meanings]
            rows.append([*(cell(text, "body", one.owner) for text in texts), cell(group.field.title)])
        draft.grid(rows, [1.3] * draft.job.numbering.numbered + [3, *[1.7] * len(meanings), 2], 1)


LAYOUTS = (
    Layout("two rows each", two_rows_each, ("pdf", "docx", "html"), length=1),
    Layout("number in the last column", number_last),
    Layout("matrix behind sheets", matrix, ("pdf", "txt", "docx"), damage=("reworded",)),
    Layout("by year of begin", by_quarter, ("pdf", "md", "html")),
)
