"""What stands where a title should be, and is none, names no record."""

from __future__ import annotations

import pytest

from ingest.keys import RECORDS
from tests.ingest.papers import PROSE, read_text
from vectorstore.records import ParsedDocument

TITLES = ["Wege bauen", "Mobilität für alle", "Haus der Kulturen", "Weg 3"]
HALVES = "Ausbau der|Umbau zur klimafreundlichen|Karten,|der Wege im Norden|7|EE-3|Maßnahme   Art"


def sheets(*titles: str, head: str = "Maßnahme {n}\n\n{title}") -> ParsedDocument:
    """Read a plan with a sheet for each title."""
    fields = f"\n\nBeschreibung: {PROSE}\n\nZuständig: Amt\n\nLaufzeit: 2030\n\n"
    heads = [head.format(n=n, title=title) for n, title in enumerate(titles, start=1)]
    return read_text(f"Klimaplan\n\n{fields.join(heads)}{fields}")


def records(parsed: ParsedDocument) -> list[str]:
    return [item.title for item in parsed.items if item.kind in RECORDS]


@pytest.mark.parametrize("text", HALVES.split("|"))
def test_half_a_line_is_no_title(text: str) -> None:
    assert records(sheets(*TITLES, text)) == TITLES


def test_a_family_of_which_many_titles_are_none_is_asked() -> None:
    assert sheets("Weg im", "Steg am", *TITLES[2:]).document.proposed[0].count == 4
