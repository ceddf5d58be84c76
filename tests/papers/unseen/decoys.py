"""Papers held back that hold nothing to be counted, though much in them looks like it."""

from __future__ import annotations

from tests.papers.blocks import Geometry
from tests.papers.draft import Draft
from tests.papers.layouts.parts import Layout
from tests.papers.unseen.frame import beginning, cover, glossary, key_figures, people, plot
from tests.papers.words import table

NONE = ("none",)


def region_in_figures(draft: Draft) -> None:
    """The region in figures: numbered chapters with prose, tables and plots, people and words at the end."""
    cover(draft)
    beginning(draft)
    for place, topic in enumerate(draft.job.material.fields, start=1):
        draft.heading(f"{place}. {topic.title}", 1, decoy=True)
        draft.para(topic.intro)
        for number, name in enumerate(draft.job.pen.sentences("indicator_rows", 2), start=1):
            draft.heading(f"{place}.{number} {name}", 2, decoy=True)
            draft.para(draft.job.pen.prose(4))
        key_figures(draft, f"Tabelle {place}")
        plot(draft, place)
    people(draft)
    glossary(draft)


def funding_rules(draft: Draft) -> None:
    """Rules of a grant: numbered sections with numbered clauses, and an annex of what is paid for."""
    cover(draft)
    names: list[str] = table("sentences", draft.job.pen.folder)["clauses_of_rules"]
    for place, name in enumerate(names, start=1):
        draft.heading(f"{place} {name}", 2, decoy=True)
        for number, text in enumerate(draft.job.pen.sentences("description", 3), start=1):
            draft.para((f"{place}.{number}", text))
    draft.page()
    draft.heading("Anlage 1: Fördersätze", 2, decoy=True)
    key_figures(draft, "Übersicht A")


FIGURES = Layout(
    "region in figures",
    region_in_figures,
    ("pdf",),
    "report",
    numberings=NONE,
    most=20,
    heads="light",
    geometry=Geometry(left=66, right=96, top=80, bottom=70, head_at="left", foot_at="left", ruled=False),
)
RULES = Layout(
    "rules of a grant",
    funding_rules,
    ("pdf",),
    "statute",
    numberings=NONE,
    most=20,
    heads="black",
    geometry=Geometry(left=80, right=80, top=90, bottom=90, head_at="centre", foot_at="centre"),
)
