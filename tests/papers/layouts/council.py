"""Papers of council work: resolutions, motions, statutes, minutes, answers: points and sections, no measures."""

from __future__ import annotations

from collections.abc import Sequence

from tests.papers.blocks import Cell
from tests.papers.draft import Draft
from tests.papers.layouts.parts import Layout, cell, title_page
from tests.papers.numbers import ROMAN
from tests.papers.truth import TruthRecord

NONE = ("none",)
PARAGRAPHS = (
    "Geltungsbereich",
    "Zweck",
    "Begriffe",
    "Zuständigkeit",
    "Antrag und Verfahren",
    "Höhe der Zuwendung",
    "Pflichten der Empfänger",
    "Ausnahmen",
    "Rückforderung",
    "Ordnungswidrigkeiten",
    "Inkrafttreten",
)
ASKED = (
    "Die Verwaltung wird beauftragt, das Vorhaben „{title}“ vorzubereiten und bis Ende {year} zu berichten.",
    "Dem Vorhaben „{title}“ wird zugestimmt.",
    "Für das Vorhaben „{title}“ werden im Haushalt {year} die erforderlichen Mittel bereitgestellt.",
    "Das Vorhaben „{title}“ wird um ein Jahr verschoben.",
)


def titles(draft: Draft) -> list[str]:
    """Return the titles of all measures, which these papers only speak about."""
    return [one.title for topic in draft.job.material.fields for one in topic.measures]


def points(draft: Draft, family: str, shape: str, count: int) -> None:
    """Write numbered points of a resolution."""
    for number, title in enumerate(titles(draft)[:count], start=1):
        year = draft.job.pen.rng.randint(2025, 2030)
        text = draft.job.pen.rng.choice(ASKED).format(title=title, year=year)
        owner = draft.note(TruthRecord(kind="resolution", ref=str(number), title=text, family=family))
        draft.para(f"{shape.format(n=number)} {text}", owner=owner)
        draft.body[-1] = text


def resolution(draft: Draft) -> None:
    """A paper for the council: report of the administration under I., resolution under II. with numbered points."""
    title_page(draft)
    parts = ("Bericht der Verwaltung", "Beschlussvorschlag", "Finanzielle Auswirkungen", "Beschluss nach Beratung")
    for place, name in enumerate(parts):
        owner = draft.note(TruthRecord(kind="section", ref=ROMAN[place], title=name, family="{R}"))
        draft.heading(f"{ROMAN[place]}. {name}", 2, owner)
        if place == 1:
            points(draft, "{n}.", "{n}.", 8)
        else:
            draft.para(draft.job.pen.sentences("method", 4), owner=owner)


def motion(draft: Draft) -> None:
    """A motion of a group with points and grounds."""
    draft.para("Fraktion Freie Liste im Kreistag", "strong")
    draft.para(draft.job.material.title, "title")
    day = draft.job.pen.rng.randint(1, 28)
    draft.para(f"Eingegangen am {day}. Mai 2024", "small")
    draft.front = ("proposed", f"2024-05-{day:02}")
    draft.heading("Der Kreistag möge beschließen:", 3)
    points(draft, "{n})", "{n})", 6)
    owner = draft.note(TruthRecord(kind="section", ref="Begründung", title="Begründung", family=""))
    draft.heading("Begründung", 3, owner)
    for _ in range(3):
        draft.para(draft.job.pen.prose(5), owner=owner)


def statute(draft: Draft) -> None:
    """A statute with paragraphs and their numbered clauses."""
    title_page(draft)
    for number, name in enumerate(PARAGRAPHS, start=1):
        owner = draft.note(TruthRecord(kind="section", ref=f"§ {number}", title=name, family="§ {n}"))
        draft.heading(f"§ {number} {name}", 3, owner)
        for clause, sentence in enumerate(draft.job.pen.prose(3), start=1):
            draft.para(f"({clause}) {sentence}", owner=owner)
            draft.body[-1] = sentence


def minutes(draft: Draft) -> None:
    """Minutes with those present, items of the agenda, votes."""
    draft.para(draft.job.material.title, "title")
    draft.para("über die 17. Sitzung des Ausschusses für Kreisentwicklung", "subtitle")
    draft.para("Anwesend: 21 stimmberechtigte Mitglieder, 4 beratende Mitglieder", "small")
    for number, title in enumerate(titles(draft)[:10], start=1):
        owner = draft.note(TruthRecord(kind="section", ref=f"TOP {number}", title=title, family="TOP {n}"))
        draft.heading(f"TOP {number} {title}", 3, owner)
        draft.para(draft.job.pen.sentences("progress", 3), owner=owner)
        votes = draft.job.pen.rng.randint(9, 21)
        draft.para(f"**Abstimmung:** {votes} Ja, {21 - votes} Nein, 0 Enthaltungen", owner=owner)


def answer(draft: Draft) -> None:
    """An answer of the administration to numbered questions."""
    draft.para(draft.job.material.title, "title")
    draft.para(f"{draft.job.material.publisher}, Dezernat II", "subtitle")
    for number, title in enumerate(titles(draft)[:7], start=1):
        text = f"Wie ist der Stand des Vorhabens „{title}“?"
        owner = draft.note(
            TruthRecord(kind="section", ref=f"Frage {number}", title=text, family="Frage {n}", ref_also=(str(number),))
        )
        draft.heading(f"Frage {number}: {text}", 4, owner)
        draft.para(("Antwort:", *draft.job.pen.sentences("progress", 3)), owner=owner)


def money(draft: Draft) -> list[str]:
    """Return amounts for a row of a budget, as printed."""
    return [f"{draft.job.pen.rng.randint(12, 980)}.{draft.job.pen.rng.randint(0, 999):03}" for _ in range(3)]


def table_of(draft: Draft, names: Sequence[str], heads: Sequence[str], first: int) -> None:
    """Write a table whose rows are numbered and no records."""
    rows: list[list[Cell | None]] = [[cell(name, "strong") for name in heads]]
    for number, name in enumerate(names, start=first):
        draft.not_records.append(name)
        rows.append([cell(f"{number:02}"), cell(name), *(cell(amount) for amount in money(draft))])
    draft.grid(rows, [0.8, 4, 1.5, 1.5, 1.5], 1, "lines")


def budget(draft: Draft) -> None:
    """A budget: products with numbered rows of revenue and expense, none of them a measure."""
    title_page(draft)
    for number in range(1, 9):
        draft.heading(f"Produkt {number}1.{number:02}.01 {draft.job.pen.one('offices')}", 2, decoy=True)
        draft.para(draft.job.pen.sentences("method", 2))
        table_of(
            draft,
            draft.job.pen.sentences("budget_rows", 9),
            ("Nr.", "Bezeichnung", "Ergebnis 2023", "Ansatz 2024", "Ansatz 2025"),
            1,
        )


def indicators(draft: Draft) -> None:
    """A report of indicators with plots and captions: numbered, and no measures."""
    title_page(draft)
    for place, name in enumerate(draft.job.pen.sentences("indicator_rows", 10), start=1):
        draft.heading(f"Indikator {place}: {name}", 2, decoy=True)
        draft.para(draft.job.pen.prose(3))
        draft.figure(
            f"Abbildung {place}: {name}",
            [(str(year), draft.job.pen.rng.randint(20, 90)) for year in (2005, 2010, 2015, 2020)],
        )
        rows = [[cell("Jahr", "strong"), cell("Wert", "strong"), cell("Ziel", "strong")]]
        rows += [
            [cell(str(year)), cell(f"{draft.job.pen.rng.randint(10, 99)},{place % 10} Prozent"), cell("")]
            for year in (2021, 2022, 2023)
        ]
        draft.grid(rows, [1, 2, 2], 1)


LAYOUTS = (
    Layout("resolution", resolution, kind="other", numberings=NONE, most=20),
    Layout("motion", motion, kind="motion", numberings=NONE, most=20),
    Layout("statute", statute, kind="statute", numberings=NONE, most=20),
    Layout("minutes", minutes, kind="minutes", numberings=NONE, most=20),
    Layout("answer to questions", answer, kind="answer", numberings=NONE, most=20),
    Layout("budget", budget, kind="budget", numberings=NONE, most=20),
    Layout("indicators", indicators, kind="report", numberings=NONE, most=20),
)
