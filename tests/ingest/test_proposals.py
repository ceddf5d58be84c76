"""Proposals: how far their titles go, and which are none."""

from __future__ import annotations

from collections.abc import Sequence

import pytest

from ingest.readers.labels import Label
from ingest.readers.line_features import LineFeatures
from ingest.readers.lines import DocumentLines
from ingest.readers.numbers import parse_number
from ingest.readers.proposals import Proposal, ProposalFinder
from ingest.readers.record_heads import RecordHead, Title, TitleReader
from ingest.readers.rule_reader import make_family_reader
from ingest.readers.series import choose, is_series
from ingest.readers.titles import has_words
from ingest.stream import Layout, Line, Style
from tests.ingest.cases import cases
from tests.ingest.papers import PROSE

LARGE, BOLD, SMALL = Style(size=20, bold=True), Style(size=10, bold=True), Style(size=10)


def test_a_title_goes_on_to_the_label_below_it_but_not_over_smaller_text() -> None:
    lines, heads, labels = [], [], []
    for name in ("Weg", "Steg", "Furt", "Bus", "Ring"):
        heads.append(RecordHead(len(lines)))
        lines.append(Line(name, style=LARGE))
        if name == "Furt":
            lines.append(Line("weniger Lärm", style=SMALL))
        if name == "Bus":
            lines.append(Line("nach Tal", style=LARGE))
        labels.append(Label((len(lines),), 4, is_whole=True, text="Amt", key="amt"))
        lines += [Line("Amt:", style=SMALL), Line("Bauamt Quonau", style=SMALL)]
    reader = TitleReader(DocumentLines(lines, frozenset()), labels)
    titles = [title.text for title in reader.titles_of(heads)]
    assert titles == ["Weg", "Steg", "Furt", "Bus nach Tal", "Ring"]


@cases("text", "has")
def test_what_is_a_value_alone_has_no_words(text: str, has: bool) -> None:
    assert has_words(text) is has


def proposals_of(titles: Sequence[str]) -> list[Proposal]:
    """Return the proposals of sheets with labels and prose below each of these titles."""
    lines = [Line("Bericht zum Kreis", style=LARGE)]
    for title in titles:
        lines += [
            Line(title, style=LARGE),
            Line("Lage:", style=BOLD),
            Line(PROSE, style=SMALL),
        ]
    reader = make_family_reader(Layout(tuple(lines), page_count=1), "Bericht")
    return reader.order.proposals


def test_values_and_captions_are_proposed_to_nobody() -> None:
    names = ("Radweg", "Busse", "Wärmenetz", "Moore", "Leihräder")
    assert proposals_of(names)
    assert proposals_of(["-26 %", "34 %", "11 %", "150 MW", "12 Mio. Euro"]) == []
    assert (
        proposals_of([f"Abbildung 3-{n}: Verbrauch in {name}" for n, name in enumerate(names)])
        == []
    )


@pytest.mark.parametrize("count", [3, 4, 5])
def test_each_title_of_a_small_group_is_an_example(count: int) -> None:
    lines, labels, heads = [Line("Bericht zum Kreis", style=LARGE)], [], []
    for name in ("Radwege", "Busse", "Moore", "Ring", "Furt")[:count]:
        heads.append(len(lines))
        lines.append(Line(name, style=LARGE))
        if len(heads) == count:  # prose between the last title and its label
            lines += [Line(PROSE, style=SMALL)] * 3
        labels.append(Label((len(lines),), 5, is_whole=True, text="Lage", key="lage"))
        lines += [Line("Lage:", style=BOLD), *[Line(PROSE, style=SMALL)] * 3]
    document = DocumentLines(lines, frozenset())
    finder = ProposalFinder(document, labels, LineFeatures(document, labels))
    assert [[head.line for head in proposal.heads] for proposal in finder.find()] == [heads]


def family(lines: Sequence[int], numbers: Sequence[str] = ()) -> Proposal:
    parsed = [parse_number(number) for number in numbers] or [None] * len(lines)
    heads = [RecordHead(line, number) for line, number in zip(lines, parsed, strict=True)]
    titles = [Title((line,), 0, f"Titel {line}") for line in lines]
    return Proposal(tuple(heads), tuple(titles))


def by_size(proposal: Proposal) -> tuple[float, ...]:
    return (float(len(proposal.heads)),)


def test_what_lies_within_known_records_or_has_them_below_it_is_not_asked() -> None:
    known = family(range(100, 400, 10))
    within, chapters = family(range(105, 395, 10)), family([99, 205, 305])
    elsewhere = family(range(600, 700, 10))
    assert choose([within, chapters, elsewhere], by_size, [known]) == [elsewhere]


@cases("numbers", "are_series")
def test_only_numbers_that_run_on_behind_letters_or_a_word_are_those_of_records(
    numbers: list[str], are_series: bool
) -> None:
    assert is_series(family(range(0, 100 * len(numbers), 100), numbers)) is are_series
