"""Plain text: its pages, paragraphs, list marks, bold and marked headings, and tables set with
bars, tabs or blanks.
"""

from __future__ import annotations

import textwrap
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ingest import ReadingLimits, Rejected
from ingest.errors import Reason
from ingest.layout.characters import (
    is_bullet,
    join_spaced_letters,
    replace_ticks,
    split_bullet,
    split_dash,
)
from ingest.layout.text import read_text
from ingest.stream import Line
from tests.ingest.cases import cases
from tests.ingest.papers import PROSE, layout_of
from tests.ingest.streams import count_lost, render

WRAPPED = textwrap.fill(" ".join([PROSE] * 4), 60)


def filled(value: Any) -> Any:
    """Put the texts that a case names into it."""
    if isinstance(value, tuple):
        return tuple(map(filled, value))
    spaced = WRAPPED.replace("\n", "\n\n")
    texts = {"P": PROSE, "WRAPPED": WRAPPED, "SPACED": spaced, "WHOLE": " ".join(WRAPPED.split())}
    for name, text in texts.items():
        value = value.replace(f"{{{name}}}", text)
    return value


def lines(text: str) -> list[Line]:
    layout = read_text(text.encode())
    assert count_lost(layout) == 0
    return list(layout.lines)


# Characters of a line


@cases("text", "joined")
def test_a_word_with_blanks_between_its_letters_is_joined(text: str, joined: str) -> None:
    assert join_spaced_letters(text) == joined


@cases("text", "read")
def test_ticks_of_symbol_fonts_can_be_read(text: str, read: str) -> None:
    assert replace_ticks(text) == read


@cases("text", "is_point", "rest")
def test_list_marks_are_split_from_their_text(text: str, is_point: bool, rest: str) -> None:
    assert split_bullet(text) == (is_point, rest)


@cases("text", "is_mark")
def test_what_is_a_list_mark_alone(text: str, is_mark: bool) -> None:
    assert is_bullet(text) is is_mark


@cases("text", "rest")
def test_dashes_before_words_are_list_marks(text: str, rest: str) -> None:
    assert split_dash(text) == (rest or None)


# Pages


def test_form_feeds_and_marks_of_pages_make_pages() -> None:
    layout = read_text(f"{PROSE}\n\f\n\f{PROSE}".encode())
    assert (layout.page_count, layout.labels) == (3, ("", "", ""))
    assert [line.page for line in layout.lines] == [0, 2]
    made = "".join(
        f"Absatz {name}:\u200b {PROSE}\n\nSeite {n} von 4\n\n-- {n} of 4 --\n\n"
        for n, name in enumerate("abcd", 1)
    )
    layout = read_text(made.encode())
    assert layout.page_count == 4 and layout.hidden == {0: 1, 1: 1, 2: 1, 3: 1}
    assert [line.page for line in layout.lines if line.text.startswith("Absatz")] == [0, 1, 2, 3]


def test_marks_of_pages_may_lead_them() -> None:
    layout = read_text("".join(f"Seite {n}\n\n{PROSE}\n\n" for n in (1, 2, 3)).encode())
    assert [line.page for line in layout.lines] == [0, 0, 1, 1, 2, 2]


def test_numbers_of_measures_and_of_a_list_are_no_pages() -> None:
    measures = "".join(f"Maßnahme {n} von 5\n\n{PROSE}\n\n" for n in range(1, 6))
    points = "".join(f"{n} Vorhaben {n} im Kreis\n" for n in range(1, 41))
    for text in (measures, points):
        assert read_text(text.encode()).page_count == 0


# Paragraphs and tables


@cases("text", "paragraphs")
def test_paragraphs_of_a_text(text: str, paragraphs: tuple[str, ...]) -> None:
    found: list[str] = []
    for line in lines(filled(text)):
        if line.opens:
            found.append(f"{'• ' if line.bullet else ''}{line.text}")
        else:
            found[-1] += f" {line.text}"
    assert found == list(filled(paragraphs))


@cases("text", "expected")
def test_lines_of_a_text(text: str, expected: tuple[str | tuple[str, ...], ...]) -> None:
    assert render(lines(filled(text))) == list(filled(expected))


@cases("text", "cells")
def test_tables_of_a_text(text: str, cells: tuple[tuple[int, int], ...]) -> None:
    found = [line.cell for line in lines(filled(text)) if line.cell]
    assert [(cell.table, cell.row) for cell in found] == list(cells)


def test_a_text_without_pages_may_have_very_many_tables() -> None:
    table = "Titel      Rad\nAmt        66\nDauer      2\n\n"
    assert lines(f"{PROSE}\n\n{table}" * 999)[-1].cell is not None


# Files


# pieces of a text
SIGNS = ["**", "<b>", "\uf0b7", "\u200b", *"ab1Äß|-–•*#_`.:)o"]
BLANKS = [*" \t\n\f", "   ", "         ", "\n       ", "\n\n"]
PIECES = [*SIGNS, *BLANKS, "Seite", "Seite ", "- ", "1. ", "A B C D"]


@settings(max_examples=150, deadline=None)
@given(st.lists(st.sampled_from(PIECES), max_size=40).map("".join))
def test_no_letter_is_lost_whatever_the_marks(text: str) -> None:
    content = f"{PROSE}\n{text}".encode()
    layouts = (layout_of(content, name) for name in ("a.txt", "a.html", "a.md"))
    assert [count_lost(layout) for layout in layouts] == [0, 0, 0]


def test_limits_count_a_row_of_a_table_once() -> None:
    layout = read_text(f"{PROSE}\na\tb\nc\td\n".encode())
    ReadingLimits(rows=3, cells=4).check_layout(layout)
    for limits, reason in (
        (ReadingLimits(rows=2), Reason.TOO_MANY_ROWS),
        (ReadingLimits(cells=3), Reason.TOO_MANY_CELLS),
        (ReadingLimits(characters=50), Reason.TOO_MANY_CHARACTERS),
    ):
        with pytest.raises(Rejected) as caught:
            limits.check_layout(layout)
        assert caught.value.code is reason
