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
from ingest.stream import Layout
from tests.ingest.cases import cases
from tests.ingest.pages import styled
from tests.ingest.papers import PROSE


def label(line: int, text: str) -> Label:
    return Label((line,), len(text), is_whole=True, text=text, key=text.lower())


def test_a_title_goes_on_to_the_label_below_it_but_not_over_smaller_text() -> None:
    below = "Amt:\nBauamt Quonau"
    lines = styled(
        f"# Weg\n{below}\n# Steg\n{below}\n# Furt\nweniger Lärm\n{below}\n"
        f"# Bus\n# nach Tal\n{below}\n# Ring\n{below}"
    )
    texts = [line.text for line in lines]
    heads = [RecordHead(texts.index(name)) for name in ("Weg", "Steg", "Furt", "Bus", "Ring")]
    labels = [label(place, "Amt") for place, text in enumerate(texts) if text == "Amt:"]
    reader = TitleReader(DocumentLines(lines, frozenset()), labels)
    titles = [title.text for title in reader.titles_of(heads)]
    assert titles == ["Weg", "Steg", "Furt", "Bus nach Tal", "Ring"]


@cases("text", "has")
def test_what_is_a_value_alone_has_no_words(text: str, has: bool) -> None:
    assert has_words(text) is has


def proposals_of(titles: Sequence[str]) -> list[Proposal]:
    """Return the proposals of sheets with labels and prose below each of these titles."""
    sheets = "".join(f"# {title}\n**Lage:**\n{PROSE}\n" for title in titles)
    lines = styled(f"# Bericht zum Kreis\n{sheets}")
    reader = make_family_reader(Layout(tuple(lines), page_count=1))
    return reader.order.proposals


def test_values_and_captions_are_proposed_to_nobody() -> None:
    names = ("Radweg", "Busse", "Wärmenetz", "Moore", "Leihräder")
    assert proposals_of(names)
    assert proposals_of(["-26 %", "34 %", "11 %", "150 MW", "12 Mio. Euro"]) == []
    captions = [f"Abbildung 3-{n}: Verbrauch in {name}" for n, name in enumerate(names)]
    assert proposals_of(captions) == []


@pytest.mark.parametrize("count", [3, 4, 5])
def test_each_title_of_a_small_group_is_an_example(count: int) -> None:
    names = ("Radwege", "Busse", "Moore", "Ring", "Furt")[:count]
    below = f"**Lage:**\n{PROSE}\n{PROSE}\n{PROSE}\n"
    sheets = [f"# {name}\n{below}" for name in names]
    # prose between the last title and its label
    sheets[-1] = f"# {names[-1]}\n{PROSE}\n{PROSE}\n{PROSE}\n{below}"
    lines = styled("# Bericht zum Kreis\n" + "".join(sheets))
    texts = [line.text for line in lines]
    heads = [texts.index(name) for name in names]
    labels = [label(place, "Lage") for place, text in enumerate(texts) if text == "Lage:"]
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


def test_what_lies_within_known_records_is_not_asked() -> None:
    known, within = family(range(100, 400, 10)), family(range(105, 395, 10))
    elsewhere = family(range(600, 700, 10))
    assert choose([within, elsewhere], by_size, [known]) == [elsewhere]


@cases("numbers", "are_series")
def test_only_numbers_that_run_on_behind_letters_or_a_word_are_those_of_records(
    numbers: list[str], are_series: bool
) -> None:
    assert is_series(family(range(0, 100 * len(numbers), 100), numbers)) is are_series
