"""Papers of the second set that hold nothing to be counted as a measure."""

from __future__ import annotations

from tests.papers.draft import Draft
from tests.papers.layouts.parts import Layout, cell, title_page
from tests.papers.truth import TruthRecord

NONE = ("none",)


def posts(draft: Draft) -> None:
    """A plan of posts: numbered rows with grades."""
    title_page(draft)
    for office in draft.job.pen.sentences("offices", 7):
        draft.heading(f"Teilplan {office}", 2, decoy=True)
        rows = [[cell(name, "strong") for name in ("Stelle", "Aufgabe", "Gruppe", "Anteil")]]
        for number, task in enumerate(draft.job.pen.sentences("steps", 8), start=1):
            draft.not_records.append(task)
            rows.append([cell(f"M {number:03}"), cell(task), cell(f"E {5 + number % 8}"), cell("1,0")])
        draft.grid(rows, (1, 4, 1, 1), 1)


def survey(draft: Draft) -> None:
    """Results of a survey: numbered questions with shares and plots."""
    title_page(draft)
    for number, name in enumerate(draft.job.pen.sentences("indicator_rows", 8), start=1):
        draft.heading(f"Frage {number}: Wie wichtig ist Ihnen „{name}“?", 3, decoy=True)
        draft.figure(
            f"Bild {number}: Antworten in Prozent",
            [(word, draft.job.pen.rng.randint(5, 60)) for word in ("sehr", "eher", "kaum", "nicht")],
        )
        draft.para(draft.job.pen.prose(3))


def contract(draft: Draft) -> None:
    """An agreement between authorities in articles with clauses."""
    title_page(draft)
    for number, name in enumerate(
        ("Gegenstand", "Leistungen", "Kostenverteilung", "Laufzeit", "Kündigung", "Schlussbestimmungen"), start=1
    ):
        owner = draft.note(
            TruthRecord(
                kind="section", ref=f"Artikel {number}", title=name, family="Artikel {n}", ref_also=(str(number),)
            )
        )
        draft.heading(f"Artikel {number} {name}", 3, owner)
        for clause, sentence in enumerate(draft.job.pen.prose(4), start=1):
            draft.para(f"{number}.{clause} {sentence}", owner=owner)
            draft.body[-1] = sentence


LAYOUTS = (
    Layout("plan of posts", posts, kind="budget", numberings=NONE, most=20),
    Layout("survey", survey, kind="report", numberings=NONE, most=20),
    Layout("agreement in articles", contract, kind="other", numberings=NONE, most=20),
)
