"""Words of a page that are no running text: water marks and line numbers; and initials."""

from __future__ import annotations

from collections.abc import Sequence

import pytest

from ingest.layout.pdf_words import PrintedWord
from ingest.layout.word_roles import find_line_numbers, find_water_marks, join_initials
from ingest.stream import Style
from tests.ingest.cases import cases
from tests.ingest.pages import words
from tests.ingest.papers import (
    PROSE,
    drawn,
    is_whole,
    layout_of,
    lines_of,
    operators,
    pdf,
    read_bytes,
    then,
)
from vectorstore.records import DocumentStatus

GREY = 0xCCCCCC


def lines(count: int, x: float = 80.0, text: str = "") -> list[PrintedWord]:
    """Return lines of text, each 15 points below the one above."""
    found = list[PrintedWord]()
    for number in range(count):
        begin = "und auch der" if number % 3 else "Der"
        found += words(x, 100 + 15.0 * number, text or f"{begin} Steg {number} trägt alle Boote")
    return found


def texts(found: Sequence[PrintedWord]) -> list[str]:
    return [word.text for word in found]


# Line numbers


def column(count: int, step: int, *, to_the_right: bool, x: float = 40.0) -> list[PrintedWord]:
    """Return the numbers of lines, one at each line or at each fifth."""
    found = list[PrintedWord]()
    for number in range(step, count + 1, step):
        text = str(number)
        left = x - 4.0 * len(text) if to_the_right else x
        found += words(left, 85 + 15.0 * number, text, size=8)
    return found


@pytest.mark.parametrize("to_the_right", [True, False])
@pytest.mark.parametrize("step", [1, 5])
@pytest.mark.parametrize("x", [40.0, 540.0])
def test_numbers_of_lines_are_found(step: int, to_the_right: bool, x: float) -> None:
    numbers = column(30, step, to_the_right=to_the_right, x=x)
    found = find_line_numbers([*lines(30), *numbers], set())
    assert sorted(map(int, texts(found))) == list(range(step, 31, step))


def test_a_last_page_with_one_number_is_known_by_the_pages_before() -> None:
    margins = set[int]()
    find_line_numbers([*lines(30), *column(30, 5, to_the_right=False)], margins)
    page = [*lines(6), *words(40, 160, "35", size=8), *words(90, 400, "7")]
    assert texts(find_line_numbers(page, margins)) == ["35"]
    assert texts(find_line_numbers(page, set())) == []


def test_other_columns_of_numbers_are_none() -> None:
    table = []
    for row in range(6):
        for x, text in ((60, str(5 * (row + 1))), (120, "Boote"), (180, str(40 + row))):
            table += words(x, 100 + 15.0 * row, text)
    assert find_line_numbers(table, set()) == []
    titles = lines(20, text="Boote für alle")
    assert find_line_numbers([*titles, *column(20, 1, to_the_right=True)], set()) == []
    years = [*lines(30), *words(40, 100, "2025"), *words(40, 175, "2030")]
    assert find_line_numbers(years, set()) == []
    short = [*lines(5), *column(5, 1, to_the_right=False)]
    assert find_line_numbers(short, set()) == []


# Water marks


def painted(found: Sequence[PrintedWord], colour: int, *, slanted: bool) -> list[PrintedWord]:
    painted_words = []
    for word in found:
        style = Style(word.style.size, colour=colour)
        painted_words.append(word._replace(style=style, slanted=slanted))
    return painted_words


def tiles(x: float, top: float, step: float, count: int, *, slanted: bool) -> list[PrintedWord]:
    """Return a word that stands one below the other, in grey."""
    found = []
    for row in range(count):
        found += words(x, top + step * row, "vertraulich")
    return painted(found, GREY, slanted=slanted)


def test_words_across_a_page_or_over_its_text_are_water_marks() -> None:
    across = painted(words(100, 200, "ENTWURF", size=60), 0, slanted=True)
    along = painted(words(90, 160, "MUSTER", size=60), GREY, slanted=False)
    aslant = tiles(300, 100, 50, 4, slanted=True)
    level = tiles(110, 105, 30, 6, slanted=False)
    for marks in (across, along, aslant, level):
        assert find_water_marks([*lines(20), *marks]) == marks


def test_labels_of_drawings_and_titles_are_none() -> None:
    label = painted(words(300, 600, "Januar"), 0, slanted=True)
    title = painted(words(60, 60, "Fährplan", size=60), GREY, slanted=False)
    heads = painted(lines(9, x=300) * 9, GREY, slanted=False)
    heads = [word._replace(text="Ziel") for word in heads[:40]]
    assert find_water_marks([*lines(20), *label, *title, *heads]) == []


def test_a_water_mark_is_no_title_and_tells_a_draft() -> None:
    mark = operators("q 0.8 g BT /F1 90 Tf 0.7 0.7 -0.7 0.7 120 400 Tm (ENTWURF) Tj ET Q")
    body = "".join(f"60 {700 - 14 * number} 10 {PROSE[:60]}\n" for number in range(5))
    text = drawn(f"60 780 18 Uferplan der Gemeinde Quonau\n{body}")
    parsed = read_bytes(pdf(then(mark, text)))
    assert parsed.document.title == "Uferplan der Gemeinde Quonau"
    assert parsed.document.status is DocumentStatus.DRAFT
    assert "ENTWURF" not in parsed.document.text
    assert is_whole(parsed.document)


# Initials


def initial(text: str, below: int) -> list[PrintedWord]:
    """Return a large letter whose baseline is that of the line `below` the first."""
    return words(60, 100 + 15.0 * below, text, size=15.0 * (below + 1))


@cases("letters", "first", "expected", "below")
def test_an_initial_begins_the_first_line_beside_it(
    letters: str, first: str, expected: tuple[str, ...], below: int
) -> None:
    large = initial(letters, below)
    x = large[0].box.right + 4
    rest = [*words(x, 115, "legt täglich ab"), *words(x, 130, "legt täglich ab")]
    foot = words(60, 145, "und an, auch im Winter, wenn das Ufer frei von Eis ist")
    found = join_initials([*large, *words(x, 100, first), *rest, *foot])
    assert tuple(texts(found)[:2]) == expected
    assert letters not in texts(found)


def test_letters_that_pdfium_takes_for_one_word_are_told_apart() -> None:
    below = "".join(f"60 {660 - 14 * number} 11 {PROSE[:60]}\n" for number in range(4))
    page = (
        "60 680 36 „D\n100 694 11 ie Fähre legt täglich in Quonau ab,\n"
        f"100 680 11 und sie kostet 40.000 Euro im Jahr.\n{below}"
    )
    layout = layout_of(pdf(drawn(page)))
    assert lines_of(layout)[:2] == [
        "„Die Fähre legt täglich in Quonau ab,",
        "und sie kostet 40.000 Euro im Jahr.",
    ]


def test_the_mark_of_a_part_and_other_large_letters_stay() -> None:
    mark = initial("A", 1)
    beside = lines(2, x=90, text="Boote und Stege")
    page = [*mark, *beside, *lines(8, x=300)]
    assert join_initials(page) == page
    alone = [*initial("B", 1), *lines(8, x=300)]
    assert join_initials(alone) == alone
