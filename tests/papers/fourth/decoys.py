"""Papers of the fourth set that hold nothing to be counted, though much in them looks like it."""

from __future__ import annotations

from tests.papers.blocks import Cell
from tests.papers.draft import Draft
from tests.papers.fourth.frame import front, last_words
from tests.papers.layouts.parts import Layout, cell

NONE = ("none",)
Row = list[Cell | None]


def energy_report(draft: Draft) -> None:
    """A report on buildings: a numbered sheet for each, with labels and use of energy."""
    front(draft)
    draft.heading("Erläuterungen")
    draft.para(draft.job.pen.sentences("method", 4))
    for place, name in enumerate(draft.job.pen.sentences("buildings", 12), start=1):
        draft.page()
        draft.heading(f"Objekt {place:02} {name}", 2, decoy=True)
        for label, text in (
            ("Baujahr", str(draft.job.pen.rng.randint(1908, 2015))),
            ("Nutzer", draft.job.pen.one("target_groups")),
            ("Zuständig", draft.job.pen.one("offices")),
            ("Heizung", draft.job.pen.rng.choice(("Gas", "Fernwärme", "Pellets"))),
        ):
            draft.para(f"**{label}:** {text}")
        rows: list[Row] = [[cell(text, "strong") for text in ("Jahr", "Strom in kWh", "Wärme in kWh")]]
        for year in (2021, 2022, 2023):
            rows.append([cell(str(year)), *(cell(f"{draft.job.pen.rng.randint(20, 400)}.000") for _ in range(2))])
        draft.grid(rows, (1, 2, 2), 1)
        draft.para(draft.job.pen.sentences("situation", 2))


def answers(draft: Draft) -> None:
    """Questions that people often ask, numbered, with answers."""
    front(draft)
    draft.heading("Häufige Fragen")
    for place, question in enumerate(draft.job.pen.sentences("questions", 9), start=1):
        draft.heading(f"{place}. {question}", 3, decoy=True)
        draft.para(draft.job.pen.sentences("method", 3))
    last_words(draft)


def risks(draft: Draft) -> None:
    """An analysis of risks: codes, names, labels and a matrix, nothing that anyone is to do."""
    front(draft)
    draft.heading("Risikoanalyse")
    draft.para(draft.job.pen.sentences("foreword", 3))
    names = draft.job.pen.sentences("risks", 10)
    for place, name in enumerate(names, start=1):
        draft.heading(f"R{place} {name}", 3, decoy=True)
        draft.para(f"Eintrittswahrscheinlichkeit: {draft.job.pen.rng.choice(('gering', 'mittel', 'hoch'))}")
        draft.para(f"Schadensausmaß: {draft.job.pen.rng.randint(1, 5)} von 5")
        draft.para(("Betroffen:", *draft.job.pen.sentences("target_groups", 2)))
        draft.para(draft.job.pen.sentences("situation", 2))
    draft.page("landscape")
    draft.heading("Risikomatrix")
    rows: list[Row] = [[cell(text, "strong") for text in ("Kürzel", "Ereignis", "Stufe", "Trend")]]
    for place, name in enumerate(names, start=1):
        stage = draft.job.pen.rng.choice(("I", "II", "III"))
        rows.append([cell(f"R{place}"), cell(name), cell(stage), cell(draft.job.pen.rng.choice(("+", "=", "-")))])
    draft.grid(rows, (1, 5, 1, 1), 1)


BUILDINGS = Layout("report on buildings", energy_report, kind="report", numberings=NONE, most=20)
ANSWERS = Layout("questions and answers", answers, kind="other", numberings=NONE, most=20, heads="light")
RISKS = Layout("analysis of risks", risks, kind="concept", numberings=NONE, most=20)
