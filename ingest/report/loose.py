"""What no record holds: headings that are sections of text alone, and rows of tables that none was made of.

Where records are missing they are among these; in a paper that is all prose they are simply its text.
"""

from __future__ import annotations

from bisect import bisect_right
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from textwrap import shorten

from ingest.columns import names_columns
from vectorstore.records import Item, ItemKind, ParsedDocument

_SHOWN = 12  # of each that are told with their text
_LONGEST = 200  # characters of such a text


@dataclass(frozen=True, slots=True)
class Place:
    """A heading or row of a table as printed, cut where it is long, and its PDF page, None where there is none."""

    text: str
    page: int | None


@dataclass(frozen=True, slots=True)
class Loose:
    """How many headings and rows of tables no record holds, and the first of each."""

    headings: int = 0
    rows: int = 0
    first_headings: tuple[Place, ...] = ()
    first_rows: tuple[Place, ...] = ()


def loose(parsed: ParsedDocument) -> Loose:
    """Return the headings and rows of a document that stand in no goal, measure or other record, nor above one."""
    records = [item for item in parsed.items if item.kind is not ItemKind.SECTION]
    parents = {item.key: item.parent for item in parsed.items}
    above: set[str | None] = set()
    for key in (record.parent for record in records):
        while key is not None and key not in above:
            above.add(key)
            key = parents.get(key)
    sections = [one for one in parsed.items if one.kind is ItemKind.SECTION and one.heading and one.key not in above]
    headings = [Place(_cut(one.heading), one.page) for one in sections]
    rows = list(_rows(parsed, records))
    return Loose(len(headings), len(rows), tuple(headings[:_SHOWN]), tuple(rows[:_SHOWN]))


def _rows(parsed: ParsedDocument, records: Sequence[Item]) -> Iterator[Place]:
    """Yield the lines of the text with cells that lie in no record and are no row of one.

    The heads of tables are none: what names columns, or stands there several times.
    """
    lines = parsed.document.text.split("\n")
    often = Counter(line for line in lines if "\t" in line)
    spans = sorted((item.start, item.end) for item in records)
    taken = {item.table_start for item in records}
    start = 0
    for line in lines:
        place = bisect_right(spans, (start, len(parsed.document.text))) - 1
        held = start in taken or (place >= 0 and start < spans[place][1])
        if (
            "\t" in line.strip()
            and not held
            and often[line] == 1
            and not names_columns([*filter(None, line.split("\t"))])
        ):
            page = parsed.document.page_at(start)
            yield Place(_cut(line.replace("\t", " | ")), page.number if page else None)
        start += len(line) + 1


def _cut(text: str) -> str:
    return shorten(text, _LONGEST, placeholder=" …")
