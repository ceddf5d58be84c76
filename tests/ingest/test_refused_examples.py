"""Examples of records without numbers that most lines of a document resemble are not followed."""

from __future__ import annotations

from ingest import Look, RecordExample
from ingest.readers.rule_reader import make_family_reader, read_simple
from ingest.stream import Layout, Line, Style
from tests.ingest.pages import SMALL, styled
from tests.ingest.papers import PROSE

TITLES = ("Radwege bauen", "Moore nässen", "Busse takten", "Dächer decken", "Leihräder stellen")


def layout_of(style: Style) -> Layout:
    """Return a document with titles in a style, and further lines in bold."""
    lines = styled("# Bericht zum Kreis")
    for title in TITLES:
        lines += [Line(title, style=style), *styled(f"{PROSE}\n" * 3)]
    names = [f"{first}{second}" for second in "ab" for first in "abcdefghijklmnopqrstuvwxyz"]
    lines += styled("\n".join(f"**Der Kreis {name} und seine**" for name in names[:40]))
    return Layout(tuple(lines), page_count=1)


def examples(*names: str) -> tuple[RecordExample, ...]:
    return tuple(RecordExample(name=name) for name in names)


def test_examples_of_two_sorts_of_lines_are_refused_with_a_sentence() -> None:
    layout = layout_of(SMALL)
    mixed = examples(TITLES[0], "Der Kreis aa und seine")
    reader = make_family_reader(layout)
    found, refused = reader.find_like(mixed), reader.refuse(mixed)
    assert len(found) > 15 and str(len(found)) in refused
    assert found[0].title in refused and found[-1].title in refused
    read = read_simple(layout, "Bericht", [Look(kind="measure", examples=mixed)])
    assert read.refused == (refused,)
    assert not any(claim.is_record for claim in read.claims.records)


def test_examples_of_one_sort_are_followed() -> None:
    layout = layout_of(Style(size=14, bold=True))
    same = examples(TITLES[0], TITLES[3])
    assert make_family_reader(layout).refuse(same) == ""
    read = read_simple(layout, "Bericht", [Look(kind="measure", examples=same)])
    assert [claim.title for claim in read.claims.records if claim.is_record] == list(TITLES)
