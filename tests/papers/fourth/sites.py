"""Papers of the fourth set in other forms: recognised text, web pages of a municipality, numbered lists of Word."""

from __future__ import annotations

from tests.papers.blocks import Block, Folded, Labelled, Para
from tests.papers.draft import Draft
from tests.papers.fourth.frame import LONG, begun, chapter_of, facts, label_of, last_words
from tests.papers.fourth.numberings import SHORT
from tests.papers.layouts.parts import Group, Layout, One, all_of, named, shown


def recognised(draft: Draft) -> None:
    """Markdown from text recognition: marks of pages, the head of every page in the text, labels as plain lines."""
    mark = draft.job.pen.rng.choice(("<!-- Seite {n} -->", "--- Seite {n} ---", "[Seite {n}]"))
    page = 2
    for group in begun(draft, listed=True):
        chapter_of(draft, group)
        for one in group.ones:
            page += 1
            draft.blocks.append(Para((mark.format(n=page),)))
            draft.blocks.append(Para((draft.job.material.title,)))
            draft.heading(named(one.number, one.measure.title), 1 + one.owner % 2, one.owner)
            for meaning in shown(draft, one):
                text = one.measure.text(meaning)
                gap = "\n" if meaning in LONG else " "
                draft.blocks.append(Para((f"{label_of(draft, meaning)}{gap}{text}",), "body", one.owner))
                draft.body.append(text)
    last_words(draft)


def inside(draft: Draft, one: One) -> tuple[Block, ...]:
    """Return the fields of a measure as prose and a list of definitions."""
    made: list[Block] = [Para(one.measure.fields["description"], "body", one.owner)]
    draft.body.extend(one.measure.fields["description"])
    for meaning in shown(draft, one):
        if meaning != "description":
            text = (one.measure.text(meaning),)
            made.append(Labelled(draft.job.label(meaning), text, "own_line", one.owner))
            draft.body.extend(text)
    return tuple(made)


def folded(draft: Draft, groups: list[Group], form: str) -> None:
    """Write the measures of all fields of action, folded away or as cards."""
    for group in groups:
        draft.heading(group.field.title, 2, group.owner)
        draft.para(group.field.intro, owner=group.owner)
        for one in group.ones:
            parts = inside(draft, one)
            number, title = one.number.printed, one.measure.title
            block = Folded(number, title, parts, "card") if form == "card" else Folded(number, title, parts)
            draft.blocks.append(block)
    draft.heading("Kontakt", 3, decoy=True)
    draft.para(draft.job.pen.sentences("outlook", 2))


def accordion(draft: Draft) -> None:
    """A page of a site that folds every measure away below its title."""
    folded(draft, begun(draft, bare=True), "details")


def site_cards(draft: Draft) -> None:
    """A page of a site with a card for every measure, its number as a badge."""
    folded(draft, begun(draft, stated=False, bare=True), "card")


def word_list(draft: Draft) -> None:
    """A numbered list of Word, whose numbers the file does not hold as text: title in bold, then facts."""
    groups = begun(draft, bare=True)
    places = {one.owner: place for place, one in enumerate(all_of(groups), start=1)}
    for group in groups:
        chapter_of(draft, group, 2)
        for one in group.ones:
            draft.change(one.owner, ref_also=(str(places[one.owner]), f"{places[one.owner]}."))
            draft.para((f"**{one.measure.title}**", *one.measure.fields["description"]), "item", one.owner)
            for text in facts(draft, one, ("description",)):
                draft.para(text, owner=one.owner)
    last_words(draft)


BRIEF = ("description", "responsible", "partners", "period", "cost", "funding", "status")
SCAN = Layout("recognised text", recognised, ("md",), "concept", numberings=SHORT, most=40)
FOLDS = Layout("folded away", accordion, ("html",), "programme", only=BRIEF, numberings=(*SHORT, "none"), most=40)
CARDS = Layout(
    "cards of a site", site_cards, ("html",), only=BRIEF, numberings=("Punkt 7", "KAP 05", "Projekt 4/2", "parts 5.a")
)
WORD = Layout("numbered list of Word", word_list, ("docx",), only=BRIEF, numberings=("none",), most=40)
