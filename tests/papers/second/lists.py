"""Lists and prose of the second set of papers."""

from __future__ import annotations

from tests.papers.draft import Draft
from tests.papers.layouts.parts import (
    Layout,
    all_of,
    cell,
    entered,
    field_page,
    foreword,
    method,
    named,
    outlook,
    title_page,
)


def bracketed(draft: Draft) -> None:
    """A list in sentences: title, what it is about, office and term in brackets at the end."""
    groups = entered(draft, ("responsible", "period"))
    title_page(draft)
    foreword(draft)
    for group in groups:
        field_page(draft, group, 2)
        for place, one in enumerate(group.ones, start=1):
            known = [
                one.measure.text(meaning) for meaning in ("responsible", "period") if meaning in one.measure.fields
            ]
            draft.para(
                (f"{named(one.number, one.measure.title)}.", one.measure.about, f"({'; '.join(known)})"),
                "bullet",
                one.owner,
            )
            if one.number.ref is None and group.number.ref:
                draft.change(one.owner, ref_also=(f"{group.number.ref}.{place}",))
    outlook(draft)


def bold_beginnings(draft: Draft) -> None:
    """Paragraphs whose first words in bold are the title, without lists or headings."""
    groups = entered(draft, ())
    title_page(draft)
    method(draft)
    for group in groups:
        field_page(draft, group, 2)
        for one in group.ones:
            sentences = one.measure.fields["description"]
            draft.para((f"**{named(one.number, one.measure.title)}**", *sentences), owner=one.owner)
    outlook(draft)


def with_index(draft: Draft) -> None:
    """Headings with prose in two columns, and an index of words with pages behind it."""
    groups = entered(draft, ())
    title_page(draft)
    for group in groups:
        draft.page("columns")
        field_page(draft, group)
        for one in group.ones:
            draft.heading(named(one.number, one.measure.title), 3, one.owner)
            draft.para(one.measure.fields["description"], owner=one.owner)
    draft.page("portrait")
    draft.heading("Stichwortverzeichnis")
    for title in sorted(one.measure.title.split()[0] for one in all_of(groups)):
        draft.para(f"{title}, {draft.job.pen.rng.randint(3, 20)}", "small")


def success_report(draft: Draft) -> None:
    """A brochure: each measure has prose, "Das haben wir geschafft" and a line of facts, parted by a rule."""
    groups = entered(draft, ("responsible", "progress"))
    title_page(draft)
    foreword(draft)
    for group in groups:
        draft.page()
        field_page(draft, group)
        for one in group.ones:
            draft.heading(named(one.number, one.measure.title), 3, one.owner)
            draft.para(one.measure.fields["description"], owner=one.owner)
            for meaning in ("progress", "responsible"):
                if meaning in one.measure.fields:
                    draft.labelled(meaning, one.measure.fields[meaning], one.owner, own_line=meaning == "progress")
            draft.grid([[cell(" ", "body", one.owner)]], [1], look="lines", data=False)


LAYOUTS = (
    Layout("facts in brackets", bracketed, only=("description", "responsible", "period")),
    Layout("bold beginnings", bold_beginnings, ("pdf", "md", "docx", "html"), "strategy", only=("description",)),
    Layout("columns with index", with_index, ("pdf",), "strategy", only=("description",)),
    Layout("report of success", success_report, kind="report", only=("description", "responsible", "progress")),
)
