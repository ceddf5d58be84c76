"""A page whose blocks are drawn in another order than they stand is read from the top."""

from __future__ import annotations

from ingest import ReadingLimits
from ingest.layout.pdf import read_pdf
from tests.ingest.papers import PROSE, at, pdf


def lines_of(content: bytes) -> list[str]:
    return [line.text for line in read_pdf(content, ReadingLimits()).lines]


def test_a_head_that_is_drawn_last_is_read_before_what_stands_below_it() -> None:
    page = at(
        (70, 600, PROSE[:60], 10),
        (70, 560, "Zielgruppe", -10),
        (70, 760, "Radweg am Fluss", -20),
    )
    assert lines_of(pdf(page)) == ["Radweg am Fluss", PROSE[:60], "Zielgruppe"]


def test_what_stands_beside_keeps_the_order_of_the_file() -> None:
    page = at((320, 700, "rechts oben", 10), (70, 600, "links unten", 10))
    assert lines_of(pdf(page)) == ["rechts oben", "links unten"]


def test_a_large_number_beside_a_title_is_none_of_its_words() -> None:
    page = at(
        (110, 730, "Fortschreibung der", -20),
        (110, 704, "Bilanz", -20),
        (44, 704, "04", -36),
    )
    assert set(lines_of(pdf(page))) == {"Fortschreibung der", "Bilanz", "04"}
