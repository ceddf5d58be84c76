"""Papers of the third set that hold nothing to be counted, though much in them looks like it."""

from __future__ import annotations

from tests.papers.blocks import Cell
from tests.papers.draft import Draft
from tests.papers.layouts.parts import Layout, cell
from tests.papers.third.frame import closing, cover, greeting
from tests.papers.third.lists import chapter
from tests.papers.words import table

NONE = ("none",)
Row = list[Cell | None]


def analysis(draft: Draft) -> None:
    """An analysis: numbered chapters with prose, numbered figures and tables."""
    cover(draft)
    greeting(draft)
    for place, topic in enumerate(draft.job.material.fields, start=1):
        draft.heading(f"{place} {topic.title}", 1, decoy=True)
        draft.para(topic.intro)
        for number, name in enumerate(draft.job.pen.sentences("indicator_rows", 3), start=1):
            draft.heading(f"{place}.{number} {name}", 2, decoy=True)
            draft.para(draft.job.pen.prose(4))
        years = [(str(year), draft.job.pen.rng.randint(15, 85)) for year in (2009, 2014, 2019, 2024)]
        draft.figure(f"Abb. {place}: {draft.job.pen.one('captions')}", years)
    closing(draft)


def indicator_sheets(draft: Draft) -> None:
    """Sheets of indicators in the form of sheets of measures: code, title, labels."""
    cover(draft)
    for place, name in enumerate(draft.job.pen.sentences("indicator_rows", 12), start=1):
        draft.page()
        draft.heading(f"Indikator {place:02} {name}", 2, decoy=True)
        unit = draft.job.pen.rng.choice(("Prozent", "Anzahl", "Kubikmeter", "je 1.000 Einwohner"))
        rows: list[Row] = [
            [cell(label, "label", fill=True), cell(text)]
            for label, text in (
                ("Definition", draft.job.pen.one("description")),
                ("Einheit", unit),
                ("Datenquelle", "Statistisches Landesamt"),
                ("Zuständige Stelle", draft.job.pen.one("offices")),
                ("Zielwert 2030", f"{draft.job.pen.rng.randint(10, 90)}"),
                ("Interpretation", draft.job.pen.one("situation")),
            )
        ]
        draft.grid(rows, (1, 3), data=False)


def town_profiles(draft: Draft) -> None:
    """Profiles of the towns, numbered, with figures and what people said there."""
    cover(draft)
    greeting(draft)
    for place, town in enumerate(draft.job.pen.towns, start=1):
        draft.heading(f"Steckbrief {place}: {town}", 2, decoy=True)
        draft.para(f"**Einwohner:** {draft.job.pen.rng.randint(2, 40)}.{draft.job.pen.rng.randint(100, 999)}")
        draft.para(f"**Fläche:** {draft.job.pen.rng.randint(8, 160)} Quadratkilometer")
        draft.para(("**Stärken:**", *draft.job.pen.prose(2)))
        draft.para(("**Schwächen:**", *draft.job.pen.sentences("situation", 2)))
        draft.bullets(draft.job.pen.sentences("obstacles", 2))


def annexes(draft: Draft) -> None:
    """Annexes: numbered tables of costs, a glossary, a numbered list of sources."""
    cover(draft)
    chapter(draft, "Anlage A Vorbemerkung")
    for place, name in enumerate(draft.job.pen.sentences("offices", 4), start=1):
        caption = f"Tabelle {place}: Aufwendungen {name}"
        draft.heading(caption, 3, decoy=True)
        rows: list[Row] = [[cell(label, "strong") for label in ("Zeile", "Position", "2025 in T€", "2026 in T€")]]
        for line, text in enumerate(draft.job.pen.sentences("budget_rows", 7), start=1):
            draft.not_records.append(text)
            sums = [str(draft.job.pen.rng.randint(12, 990)) for _ in range(2)]
            rows.append([cell(f"{place}.{line}"), cell(text), *(cell(amount) for amount in sums)])
        draft.grid(rows, (0.8, 4, 1.3, 1.3), 1)
    draft.heading("Glossar", 2, decoy=True)
    for word, meaning in table("sentences", draft.job.pen.folder)["terms_explained"]:
        draft.para((f"**{word}:**", meaning))
    draft.heading("Quellen", 2, decoy=True)
    for place, name in enumerate(draft.job.pen.sentences("captions", 6), start=1):
        year = draft.job.pen.rng.randint(2008, 2024)
        draft.para(f"[{place}] Amt für Statistik ({year}): {name}. Heft {place + 3}, Seite {10 + place} ff.", "small")
        draft.not_records.append(name)


LAYOUTS = (
    Layout("analysis in chapters", analysis, kind="report", numberings=NONE, most=20, heads="light"),
    Layout("sheets of indicators", indicator_sheets, kind="report", numberings=NONE, most=20),
    Layout("profiles of towns", town_profiles, kind="concept", numberings=NONE, most=20, heads="centred"),
    Layout("tables and sources", annexes, kind="plan", numberings=NONE, most=20),
)
