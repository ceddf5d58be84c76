"""What no record holds: headings that are sections of text alone, and rows of tables that none was made of.

Where records are missing they are among these; in a paper that is all prose they are simply its text.
"""

from __future__ import annotations

from bisect import bisect_right
from collections import Counter
from dataclasses import dataclass
from itertools import islice

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
    above = _above(parsed.items, records)
    sections = [
        item for item in parsed.items if item.kind is ItemKind.SECTION and item.heading and item.key not in above
    ]
    rows = _rows(parsed, records)
    return Loose(
        len(sections),
        len(rows),
        tuple(Place(_cut(item.heading), item.page) for item in islice(sections, _SHOWN)),
        tuple(Place(_cut(text), page) for text, page in islice(rows, _SHOWN)),
    )


def _above(items: tuple[Item, ...], records: list[Item]) -> set[str]:
    """Return the keys of what stands above records."""
    parents = {item.key: item.parent for item in items}
    found: set[str] = set()
    for record in records:
        key = record.parent
        while key is not None and key not in found:
            found.add(key)
            key = parents.get(key)
    return found


def _rows(parsed: ParsedDocument, records: list[Item]) -> list[tuple[str, int | None]]:
    """Return the lines of the text with cells that lie in no record and are no row of one, with their PDF pages.

    The heads of tables are none: what names columns, or stands there several times.
    """
    lines = parsed.document.text.split("\n")
    often = Counter(line for line in lines if "\t" in line)
    spans = sorted((item.start, item.end) for item in records)
    taken = {item.table_start for item in records if item.table_start is not None}
    pages = [page.start for page in parsed.document.pages]
    found: list[tuple[str, int | None]] = []
    start = 0
    for line in lines:
        place = bisect_right(spans, (start, len(parsed.document.text))) - 1
        held = place >= 0 and start < spans[place][1]
        row = (
            "\t" in line.strip() and often[line] == 1 and not names_columns([cell for cell in line.split("\t") if cell])
        )
        if row and not held and start not in taken:
            number = parsed.document.pages[max(0, bisect_right(pages, start) - 1)].number if pages else None
            found.append((line.replace("\t", " | "), number))
        start += len(line) + 1
    return found


def _cut(text: str) -> str:
    plain = " ".join(text.split())
    return plain if len(plain) <= _LONGEST else plain[:_LONGEST].rsplit(" ", 1)[0] + " …"
