"""Headings that run into their text: a title in bold at the beginning of a paragraph becomes a line of its own."""

from __future__ import annotations

from dataclasses import replace
from itertools import zip_longest

from ingest.layout.contents_lines import contents_lines
from ingest.layout.lines import Line, RawDocument, split_dash, text_width
from ingest.plan.form import Place, ReadingPlan
from ingest.plan.numbers import matches, printed_number
from vectorstore.records import ItemKind

_SAME_ROW = 4.0  # points between the base lines of a number at the margin and its title
_LEADING = 1.6  # sizes between the lines of one title
_MOST = 0.6  # of a family's numbered lines that begin in bold and go on plain


def part_run_in(raw: RawDocument, plan: ReadingPlan) -> None:
    """Part the lines of a document where the bold title of a numbered record ends and its text begins."""
    families = [
        one
        for one in plan.families
        if one.label and one.kind is not ItemKind.THEME and one.place in (Place.HEADINGS, Place.SHEETS)
    ]
    contents = contents_lines(raw.lines)
    parted: dict[int, str] = {}
    for family in families:
        pairs = zip_longest(raw.lines, raw.lines[1:])
        places = [i for i, (line, below) in enumerate(pairs) if _is_numbered(line, below) and i not in contents]
        places = [i for i in places if (number := printed_number(raw.lines[i].text)) and matches(family.label, number)]
        leads = {i: lead for i in places if (lead := _title_in(raw.lines, i)) is not None}
        if len(leads) >= _MOST * len(places):
            parted.update({end: text for end, text in leads.values()})
    lines: list[Line] = []
    for index, line in enumerate(raw.lines):
        lines.extend(_parted(line, parted[index]) if index in parted else [line])
    raw.lines[:] = lines


def _is_numbered(line: Line, following: Line | None) -> bool:
    if line.noise or line.tabled:
        return False
    return line.bold or line.lead > 0 or (following is not None and following.lead > 0)


def _title_in(lines: list[Line], index: int) -> tuple[int, str] | None:
    """Return the line on which the bold title that begins at a line ends, and what of it is bold; None where none."""
    first = lines[index]
    number = printed_number(first.lead_text) if first.lead else None
    if number is not None and number.rest:
        return index, first.lead_text
    whole = printed_number(first.text)
    number_alone = whole is not None and not whole.rest
    following = lines[index + 1] if index + 1 < len(lines) else None
    if first.lead or following is None or not following.lead or following.noise or following.page != first.page:
        return None
    close = 0 < first.y - following.y <= _LEADING * first.size and abs(first.x - following.x) < 3
    beside = number_alone and abs(first.y - following.y) <= _SAME_ROW and first.x < following.x
    if (
        not (close or beside)
        or (close and abs(first.size - following.size) > 0.3)
        or following.bullet
        or split_dash(following.text) is not None
    ):
        return None
    return (index + 1, following.lead_text) if printed_number(following.text) is None else None


def _parted(line: Line, title: str) -> tuple[Line, Line]:
    rest = line.text[len(title) :].lstrip()
    across = line.x + text_width(f"{title} ", line.size) if line.size else 0.0
    head = replace(line, text=title.rstrip(" :."), bold=True, lead=0)
    return head, replace(line, text=rest, bold=False, lead=0, opens=True, x=across, bullet=False, level=0)
