"""What is said of one family of records changes no other one."""

from __future__ import annotations

import pytest

from ingest import Look, RecordExample
from ingest.document_parser import read_layout
from ingest.layout.text import read_text
from ingest.limits import ReadingLimits
from ingest.readers.rule_reader import make_family_reader, read_simple
from ingest.sources import load_source
from ingest.stream import Layout
from tests.ingest.pages import styled
from tests.ingest.papers import PROSE
from tests.ingest.real import IDS, entries, needs_corpus

FIELDS = "".join(
    f"**{label}:**\n{PROSE}\n" for label in ("Ziel", "Kosten", "Zuständig", "Zeitraum")
)
ANNEX = ("Verkehr", "Stadtgrün", "Energie", "Wohnen", "Schule", "Wasser")


def measures(mark: str, count: int, below: str = "") -> str:
    """Return titles of measures, each behind a mark and before a text."""
    numbers = range(1, count + 1)
    return "".join(f"{mark}M {n} Radweg an der Furt bauen {n}\n{below}" for n in numbers)


def sheets(count: int = 16) -> str:
    """Return measures that labels make sure."""
    return f"# Bericht zum Kreis\n{measures('# ', count, FIELDS)}"


def annex(first: int, mark: str) -> str:
    """Return a list that is numbered like the measures, and a text."""
    return f"# Anhang\n{titles(first, mark)}" + f"{PROSE}\n" * 6


def titles(first: int, mark: str) -> str:
    """Return further titles that are numbered like the measures."""
    return "".join(f"{mark}M {first + n} {title}\n" for n, title in enumerate(ANNEX))


def layout_of(text: str) -> Layout:
    return Layout(tuple(styled(text)), page_count=1)


def read_records(layout: Layout, *looks: Look) -> list[tuple[str | None, str]]:
    claims = read_simple(layout, "Bericht", looks).claims
    return [(claim.number, claim.title) for claim in claims.records if claim.is_record]


def test_what_is_no_record_takes_no_record_of_another_family_away() -> None:
    layout = layout_of(sheets() + annex(3, "# "))
    before = read_records(layout)
    assert len(before) == 16
    rejected = Look(kind="none", examples=(RecordExample(name="M 4 Stadtgrün"),))
    assert read_records(layout, rejected) == before
    sure = Look(kind="none", examples=(RecordExample(name="M 1 Radweg an der Furt bauen 1"),))
    assert read_records(layout, sure) == [], "a family goes by its own examples"


def test_what_looks_like_an_example_has_no_record_of_another_family() -> None:
    overview = f"# Übersicht\n{measures('', 12)}"
    layout = layout_of(sheets(12) + overview + annex(25, ""))
    reader = make_family_reader(layout)
    found = reader.find_like([RecordExample(name="M 26 Stadtgrün")])
    assert [record.title for record in found] == list(ANNEX)


def test_an_example_is_the_sheet_and_not_the_line_of_an_overview() -> None:
    overview = f"# Übersicht\n{measures('# ', 12)}{titles(17, '# ')}"
    layout = layout_of(overview + sheets(12))
    example = RecordExample(name="M 3 Radweg an der Furt bauen 3")
    assert len(read_records(layout, Look(kind="measure", examples=(example,)))) == 12


def test_titles_end_where_those_of_the_examples_end() -> None:
    sheets = (f"M {n} Radwege\nzum Bahnhof\n\n{PROSE}\n\n" for n in range(1, 5))
    layout = read_text("".join(sheets).encode())
    for title in ("Radwege", "Radwege zum Bahnhof"):
        examples = tuple(RecordExample(name=f"M {n} {title}") for n in (1, 2))
        look = Look(kind="measure", examples=examples)
        assert [found for _, found in read_records(layout, look)] == [title] * 4


def test_a_title_in_the_last_line_ends_there() -> None:
    layout = layout_of(sheets(2) + "# M 3 Radweg an der Furt bauen 3")
    example = RecordExample(name="M 3 Radweg an der Furt bauen 3")
    found = make_family_reader(layout).find_like([example])
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
