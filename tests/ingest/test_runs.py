"""What each piece of text in a file is, and how much of a document each role makes up."""

from __future__ import annotations

from ingest.chunks import measure_coverage
from ingest.layout.runs import RunRole, TextRun, count_by_page, count_by_role
from ingest.stream import Layout, Line

RUNS = (
    TextRun("120.000 Euro", RunRole.STRUCK, 2),
    TextRun("Amt 65", RunRole.STRUCK, 2),
    TextRun("1", RunRole.NOTE_MARK, 0),
    TextRun("750.000", RunRole.FORM_VALUE, 1),
    TextRun("\u200b\u200b", RunRole.HIDDEN, 1),
)


def test_characters_are_counted_by_page_and_role_without_blanks() -> None:
    assert count_by_page(RUNS, RunRole.STRUCK) == {2: 16}
    assert count_by_page(RUNS, RunRole.HIDDEN) == {1: 2}
    assert count_by_role(RUNS) == {"struck": 16, "note_mark": 1, "form_value": 7, "hidden": 2}


def test_coverage_tells_every_role() -> None:
    layout = Layout((), (Line("Kreis Talheim"),), shown={"K": 1, "x": 2}, runs=RUNS)
    coverage = measure_coverage(layout, ["Inhalt 3"], [])
    assert (coverage.body, coverage.furniture, coverage.contents) == (0, 12, 7)
    assert (coverage.struck, coverage.notes, coverage.forms, coverage.hidden) == (16, 1, 7, 2)
    assert coverage.lost == 2
