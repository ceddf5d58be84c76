"""Outlines and lists of the papers of the third set."""

from __future__ import annotations

from tests.papers.draft import Draft
from tests.papers.layouts.parts import Layout, contents, entered, named, shown
from tests.papers.third.frame import closing, cover, field_start, greeting, opened, reading_aid, sentence
from tests.papers.third.numberings import CODES
from tests.papers.truth import TruthRecord


def leading_goals(draft: Draft) -> None:
    """Leading goals with letters, part goals below them, and measures as bullets without numbers."""
    groups = entered(draft, (), bare=True)
    told = draft.job.pen.rng.random() < 0.5
    cover(draft)
    greeting(draft)
    pool = list(draft.job.pen.sentences("goals", 26))
    draft.job.pen.rng.shuffle(pool)
    for place, group in enumerate(groups):
        letter = "ABCDEFGHIJKL"[place]
        goal = sentence(group.field.goal)
        draft.records[group.owner] = TruthRecord(kind="goal", ref=letter, title=goal, family="Leitziel {L}")
        draft.heading(f"Leitziel {letter}: {goal}", 2, group.owner)
        draft.para(group.field.intro, owner=group.owner)
        half = (len(group.ones) + 1) // 2
        for part, ones in enumerate((group.ones[:half], group.ones[half:]), start=1):
            if not ones:
                continue
            ref, below = f"{letter}.{part}", sentence(pool.pop())
            record = TruthRecord(kind="goal", ref=ref, title=below, family="Teilziel {L}.{n}", parent=letter)
            draft.heading(f"Teilziel {ref}: {below}", 4, draft.note(record))
            for number, one in enumerate(ones, start=1):
                draft.change(one.owner, parent=ref, ref_also=(f"{ref}.{number}",))
                text = (f"**{one.measure.title}** –", one.measure.about) if told else one.measure.title
                draft.para(text, "bullet", one.owner)
    closing(draft)


def chapter(draft: Draft, *heads: str) -> None:
    """Write numbered chapters with prose whose headings look like records and are none."""
    for head in heads:
        draft.heading(head, 1 + min(2, head.split(" ")[0].count(".")), decoy=True)
        draft.para(draft.job.pen.sentences("method", 3))


def decimal(draft: Draft) -> None:
    """Chapters with decimal numbers before and after; a measure is a section with prose and one line of facts."""
    groups = entered(draft)
    cover(draft)
    contents(draft, groups)
    draft.page()
    chapter(
        draft, "1 Einführung", "1.1 Auftrag", "2 Bestandsanalyse", "2.1 Raumstruktur", "2.1.1 Siedlung", "2.2 Verkehr"
    )
    draft.figure(f"Abbildung 1: {draft.job.pen.one('captions')}", [("2012", 44), ("2018", 51), ("2024", 63)])
    chapter(draft, "3 Beteiligung")
    draft.heading("4 Maßnahmenkatalog", 1, decoy=True)
    for group in groups:
        field_start(draft, group, 2, turn=False)
        for one in group.ones:
            draft.heading(named(one.number, one.measure.title, " "), 3, one.owner)
            draft.para(one.measure.fields["description"], owner=one.owner)
            facts = [
                f"**{draft.job.label(meaning)}:** {one.measure.text(meaning)}"
                for meaning in shown(draft, one)
                if meaning != "description"
            ]
            draft.para("; ".join(facts), owner=one.owner)
    chapter(draft, "5 Umsetzung", "5.1 Organisation", "5.1.1 Steuerkreis", "5.1.2 Fachrunde", "5.2 Controlling")


def recurring(draft: Draft) -> None:
    """Titles are headings, and so are the labels below them, the same in every measure."""
    groups = opened(draft, stated=False, bare=True)
    for group in groups:
        field_start(draft, group, 1, turn=False)
        for one in group.ones:
            draft.heading(named(one.number, one.measure.title), 2, one.owner)
            for meaning in shown(draft, one):
                draft.heading(draft.job.label(meaning), 3)
                values = one.measure.fields[meaning]
                if len(values) > 1 and not values[0].endswith("."):
                    draft.bullets(values, one.owner)
                else:
                    draft.para(values, owner=one.owner)
    closing(draft)


def lines(draft: Draft) -> None:
    """One line for each measure with bars between number, title and facts."""
    meanings = ("responsible", "period", "cost")
    groups = entered(draft, meanings)
    cover(draft)
    reading_aid(draft)
    names = ["Nr."] * draft.job.numbering.numbered + ["Maßnahme", *(draft.job.label(meaning) for meaning in meanings)]
    for group in groups:
        field_start(draft, group, 2, turn=False)
        draft.para(" | ".join(names), "small")
        for one in group.ones:
            texts = [one.number.printed] * draft.job.numbering.numbered + [one.measure.title]
            texts += [one.measure.text(meaning) or "–" for meaning in meanings]
            draft.para(" | ".join(texts), owner=one.owner)
    closing(draft)


BRIEF = ("description", "responsible", "partners", "period", "cost", "indicator")
LAYOUTS = (
    Layout("leading goals and part goals", leading_goals, kind="strategy", only=("description",), numberings=("none",)),
    Layout("sections with a line of facts", decimal, kind="concept", numberings=("4.2.1",), only=BRIEF, length=4),
    Layout("labels as headings", recurring, numberings=(*CODES, "none"), most=42, heads="centred"),
    Layout("lines with bars", lines, ("pdf", "txt", "docx"), length=0, only=BRIEF, most=80, heads="small"),
)
