"""Reports of the papers of the third set: projects with a traffic light, and what the council decided on motions."""

from __future__ import annotations

from tests.papers.blocks import Cell, Para
from tests.papers.draft import Draft
from tests.papers.layouts.parts import Layout, cell, in_boxes, shown
from tests.papers.third.frame import LONG, cover, field_start, noted, opened, reading_aid
from tests.papers.truth import TruthRecord

LIGHTS = ("green", "yellow", "red")
Row = list[Cell | None]


def traffic_lights(draft: Draft) -> None:
    """A page for every project: number and title beside a light, fields in two columns, milestones in a table."""
    for group in opened(draft, listed=True, stated=False):
        field_start(draft, group)
        for one in group.ones:
            draft.page()
            light = Cell((Para((draft.job.pen.rng.choice(LIGHTS),), "mark", one.owner),))
            number = cell(one.number.printed, "strong", one.owner, fill=True)
            title = cell(one.measure.title, "strong", one.owner, fill=True)
            draft.grid([[number, title, light]], (1.4, 5, 0.5), data=False)
            for meaning in shown(draft, one):
                if meaning in LONG:
                    draft.labelled(meaning, one.measure.fields[meaning], one.owner, own_line=True)
            rows: list[Row] = [
                [cell(draft.job.label(meaning), "label", one.owner), Cell(in_boxes(draft, one, meaning)[1:])]
                for meaning in shown(draft, one)
                if meaning not in LONG
            ]
            draft.grid(rows, (1, 3), look="lines", data=False)
            miles: list[Row] = [[cell(name, "strong") for name in ("Lfd.", "Meilenstein", "Soll", "Ist")]]
            for place, step in enumerate(draft.job.pen.sentences("steps", 3), start=1):
                due = f"{draft.job.pen.rng.randint(1, 12):02}/2025"
                miles.append([cell(str(place)), cell(step), cell(due), cell(draft.job.pen.rng.choice(("✔", "offen")))])
            draft.grid(miles, (0.6, 4, 1, 1), 1)
            noted(draft, one)


def motions(draft: Draft) -> None:
    """What became of the motions of the groups: numbered, with a decision each; no measures."""
    cover(draft)
    reading_aid(draft, stated=False)
    titles = [one.title for topic in draft.job.material.fields for one in topic.measures]
    for place, title in enumerate(titles, start=1):
        record = TruthRecord(kind="resolution", ref=str(place), title=title, family="Antrag Nr. {n}")
        owner = draft.note(record)
        draft.heading(f"Antrag Nr. {place}: {title}", 3, owner)
        votes = draft.job.pen.rng.randint(20, 41)
        draft.para(f"**Antragstellung:** {draft.job.pen.one('groups')}", owner=owner)
        draft.para(f"**Beschluss:** mit {votes} zu {52 - votes} Stimmen angenommen", owner=owner)
        draft.para(("**Bericht der Verwaltung:**", *draft.job.pen.sentences("progress", 1)), owner=owner)


LAYOUTS = (
    Layout(
        "reports with a light",
        traffic_lights,
        ("pdf", "docx", "html"),
        "report",
        leave_out=("steps",),
        numberings=("Projekt 1.3", "Projekt P07"),
        most=36,
        heads="bar",
    ),
    Layout("decided motions", motions, kind="minutes", numberings=("none",), most=20),
)
