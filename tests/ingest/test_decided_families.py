"""What is said of one family of records changes no other one."""

from __future__ import annotations

from collections.abc import Sequence

import pytest

from ingest import Look, RecordExample
from ingest.document_parser import read_layout
from ingest.limits import ReadingLimits
from ingest.readers.rule_reader import make_family_reader, read_simple
from ingest.sources import load_source
from ingest.stream import Layout, Line, Style
from tests.ingest.papers import PROSE
from tests.ingest.real import IDS, entries, needs_corpus

LARGE, BOLD, SMALL = Style(size=20, bold=True), Style(size=10, bold=True), Style(size=10)
LABELS = ("Ziel:", "Kosten:", "Zuständig:", "Zeitraum:")
ANNEX = ("Verkehr", "Stadtgrün", "Energie", "Wohnen", "Schule", "Wasser")


def sheets(count: int = 16) -> list[Line]:
    """Return the lines of measures that labels make sure."""
    lines = [Line("Bericht zum Kreis", style=LARGE)]
    for number in range(1, count + 1):
        lines.append(Line(f"M {number} Radweg an der Furt bauen {number}", style=LARGE))
        for label in LABELS:
            lines += [Line(label, style=BOLD), Line(PROSE, style=SMALL)]
    return lines


def annex(first: int, style: Style) -> list[Line]:
    """Return the lines of a list that is numbered like the measures."""
    lines = [Line("Anhang", style=LARGE)]
    lines += [Line(f"M {first + n} {title}", style=style) for n, title in enumerate(ANNEX)]
    return [*lines, *[Line(PROSE, style=SMALL)] * 6]


def layout_of(*parts: Sequence[Line]) -> Layout:
    return Layout(tuple(line for part in parts for line in part), page_count=1)


def read_records(layout: Layout, *looks: Look) -> list[tuple[str | None, str]]:
    claims = read_simple(layout, "Bericht", looks).claims
    return [(claim.number, claim.title) for claim in claims.records if claim.is_record]


def test_what_is_no_record_takes_no_record_of_another_family_away() -> None:
    layout = layout_of(sheets(), annex(3, LARGE))
    before = read_records(layout)
    assert len(before) == 16
    rejected = Look(kind="none", examples=(RecordExample(name="M 4 Stadtgrün"),))
    assert read_records(layout, rejected) == before
    sure = Look(kind="none", examples=(RecordExample(name="M 1 Radweg an der Furt bauen 1"),))
    assert read_records(layout, sure) == [], "a family goes by its own examples"


def test_what_looks_like_an_example_has_no_record_of_another_family() -> None:
    overview = [Line(f"M {n} Radweg an der Furt bauen {n}", style=SMALL) for n in range(1, 13)]
    layout = layout_of(sheets(12), [Line("Übersicht", style=LARGE)], overview, annex(25, SMALL))
    reader = make_family_reader(layout, "Bericht")
    found = reader.find_like([RecordExample(name="M 26 Stadtgrün")])
    assert [record.title for record in found] == list(ANNEX)


def test_a_title_in_the_last_line_ends_there() -> None:
    layout = layout_of(sheets(2), [Line("M 3 Radweg an der Furt bauen 3", style=LARGE)])
    found = make_family_reader(layout, "").find_like(
        [RecordExample(name="M 3 Radweg an der Furt bauen 3")]
    )
    assert len(found) == 3


@pytest.mark.corpus
@pytest.mark.parametrize("name", IDS)
@needs_corpus[1]
def test_no_to_a_question_changes_no_record_of_a_real_document(name: str) -> None:
    layout = read_layout(load_source(entries()[name].file), None, ReadingLimits())
    before = read_records(layout)
    for family in read_simple(layout, name).proposed:
        names = [f"{record.ref} {record.title}".strip() for record in family.records]
        examples = (RecordExample(name=names[0]), RecordExample(name=names[-1]))
        assert read_records(layout, Look(kind="none", examples=examples)) == before
