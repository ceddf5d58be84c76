"""Plain text: its pages, paragraphs, list marks, bold and marked headings, and tables set with
bars, tabs or blanks.
"""

from __future__ import annotations

import textwrap

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
from ingest.layout.html import read_html, read_markdown
from ingest.layout.text import read_text
from ingest.stream import Line
from tests.ingest.papers import PROSE
from tests.ingest.streams import count_lost, render

WRAPPED = textwrap.fill(" ".join([PROSE] * 4), 60)


def lines(text: str) -> list[Line]:
    layout = read_text(text.encode())
    assert count_lost(layout) == 0
    return list(layout.lines)


def paragraphs(text: str) -> list[str]:
    """Return the texts of paragraphs, bullets with a mark."""
    found: list[str] = []
    for line in lines(text):
        if line.opens:
            found.append(f"{'• ' if line.bullet else ''}{line.text}")
        else:
            found[-1] += f" {line.text}"
    return found


# Characters of a line


def test_words_with_blanks_between_their_letters_are_joined_and_ticks_of_symbol_fonts_can_be_read() -> (
    None
):
    assert join_spaced_letters("M A S S N A H M E") == "MASSNAHME"
    assert join_spaced_letters("Z I E L E  U N D  W E G E") == "ZIELE UND WEGE"
    assert join_spaced_letters("Die Felder A B C D sind frei") == "Die Felder A B C D sind frei"
    assert join_spaced_letters("Das i n n e r e Ufer.") == "Das innere Ufer."
    assert join_spaced_letters("Am W a s s e r, sagt der Rat") == "Am Wasser, sagt der Rat"
    for text in ("Die Punkte a b c d e f", "Tage M D M D F sind frei"):
        assert join_spaced_letters(text) == text
    assert replace_ticks("\uf0fe hoch \uf0a8 mittel") == "☑ hoch ☐ mittel"
    assert replace_ticks("\uf052 hoch \uf0a3 mittel") == "☑ hoch ☐ mittel"
    assert replace_ticks("\uf0a7 ein Punkt") == "\uf0a7 ein Punkt"


def test_list_marks_are_split_from_their_text() -> None:
    for sign in ("\x02", "\x7f", "\x84\x84", "\uf0b7"):
        assert split_bullet(f"{sign} Sprache") == (True, "Sprache")
        assert split_bullet(f"Handlungsfelder: {sign}") == (False, "Handlungsfelder:")
    assert split_bullet("●●○") == (False, "●●○")
    assert [is_bullet(text) for text in ("•", " o ", "–", "Rad")] == [True, True, True, False]
    parted = [split_dash(text) for text in ("– Rad", "- 20 Stellen", "- 5 %", "-Rad")]
    assert parted == ["Rad", "20 Stellen", None, None]


# Pages


def test_form_feeds_and_marks_of_pages_make_pages() -> None:
    layout = read_text(f"{PROSE}\n\f\n\f{PROSE}".encode())
    assert (layout.page_count, layout.labels, [line.page for line in layout.lines]) == (
        3,
        ("", "", ""),
        [0, 2],
    )
    made = "".join(
        f"Absatz {'abcd'[n]}: {PROSE}\n\nSeite {n + 1} von 4\n\n-- {n + 1} of 4 --\n\n"
        for n in range(4)
    )
    layout = read_text(made.encode())
    assert layout.page_count == 4
    assert [line.page for line in layout.lines if line.text.startswith("Absatz")] == [0, 1, 2, 3]


def test_marks_of_pages_may_lead_them() -> None:
    layout = read_text("".join(f"Seite {n}\n\n{PROSE}\n\n" for n in (1, 2, 3)).encode())
    assert [line.page for line in layout.lines] == [0, 0, 1, 1, 2, 2]


def test_numbers_of_measures_and_of_a_list_are_no_pages() -> None:
    assert (
        read_text(
            "".join(f"Maßnahme {n} von 5\n\n{PROSE}\n\n" for n in range(1, 6)).encode()
        ).page_count
        == 0
    )
    assert (
        read_text("\n".join(f"{n} Vorhaben {n} im Kreis" for n in range(1, 41)).encode()).page_count
        == 0
    )


# Paragraphs


def test_every_line_is_a_paragraph_where_no_text_is_wrapped() -> None:
    assert paragraphs(f"Klimaplan\nM 1 Radwege\n{PROSE}\n- Rad\n• Bus") == [
        "Klimaplan", "M 1 Radwege", PROSE, "• Rad", "• Bus",
    ]  # fmt: skip


def test_wrapped_lines_go_on_until_a_line_ends_early() -> None:
    whole = " ".join(WRAPPED.split())
    text = f"2.1 Ziele\n{WRAPPED}\nBegründung:\n{WRAPPED}\n\n{WRAPPED}\n"
    assert paragraphs(text) == ["2.1 Ziele", whole, "Begründung:", whole, whole]


def test_points_of_a_list_open_paragraphs_in_a_wrapped_text() -> None:
    whole = " ".join(WRAPPED.split())
    points = "\n".join(f"{mark} {WRAPPED}" for mark in ("1.", "2)", "a)", "–", "-", "•"))
    assert paragraphs(f"{WRAPPED}\n{points}") == [
        whole, f"1. {whole}", f"2) {whole}", f"a) {whole}", f"• {whole}", f"• {whole}", f"• {whole}",
    ]  # fmt: skip


def test_a_dash_within_a_sentence_is_no_list_mark() -> None:
    text = f"{WRAPPED}\n\nDer Kreis plant mit den Gemeinden und mit dem Bund zusammen\n– und zwar bald – neue Wege."
    assert paragraphs(text)[1].endswith("zusammen – und zwar bald – neue Wege.")


def test_narrow_blocks_of_a_wrapped_text_go_on_at_their_own_width() -> None:
    block = "Ladepunkte an den Kreishäusern\nAusbau mit den Gemeinden\nLage der Schilder"
    assert paragraphs(f"{WRAPPED}\n\n{block}\n\n{WRAPPED}")[1] == " ".join(block.split())


@pytest.mark.parametrize(
    "cut", ["Schulung von Erste-Hilfe-\nKräften", "Radwege, Haltestellen und\nBahnhöfe"]
)
def test_a_line_that_ends_within_a_phrase_goes_on(cut: str) -> None:
    assert paragraphs(f"{WRAPPED}\n{cut}\nBegründung:\n{WRAPPED}")[1] == cut.replace(
        "-\n", "- "
    ).replace("\n", " ")


def test_double_spaced_lines_are_paragraphs_where_two_lines_are_empty() -> None:
    spaced = WRAPPED.replace("\n", "\n\n")
    assert len(paragraphs(f"{spaced}\n\n\n{spaced}")) == 2


def test_lines_of_contents_and_what_they_list_are_paragraphs() -> None:
    title = "Wie der Kreis mit seinen Gemeinden die Wege plant und baut"
    text = f"{WRAPPED}\n\n{title} ........ 7\nWie er das Klima schützt ........ 9\n\n{WRAPPED}\n{title}\n{WRAPPED}\n"
    assert title in paragraphs(text) and f"{title} ........ 7" in paragraphs(text)


def test_marked_headings_and_bold_text() -> None:
    found = lines(
        f"# Klimaplan\n## 1 Ziele\n**Zuständig**\n**Amt:** Bau\n#1 ist `gut`\nWege**Zeit** 2026\n{PROSE}"
    )
    assert render(found[:-1]) == [
        "# Klimaplan", "## 1 Ziele", "**Zuständig**", "**Amt:** Bau", "#1 ist gut", "Wege", "**Zeit** 2026",
    ]  # fmt: skip


# Tables


def test_bars_and_tabs_make_cells_with_their_columns() -> None:
    bars = "| Nr. | Titel | Amt |\n|---|---|---|\n| 1 | **Rad** | |\n| 2 | | 66 |\n"
    tabs = "Nr.\tTitel\tAmt\n1\t\t66\n\t\t67\n"
    found = lines(f"{PROSE}\n{bars}\n{tabs}\n{PROSE}\nAmt\t66\n")
    rows = [
        ("Nr.", "Titel", "Amt"),
        ("1", "**Rad**"),
        ("2", "", "66"),
        ("Nr.", "Titel", "Amt"),
        ("1", "", "66"),
    ]
    assert render(found) == [PROSE, *rows, ("", "", "67"), PROSE, ("Amt", "66")]
    tables = [line.cell.table for line in found if line.cell]
    assert tables == sorted(tables) and set(tables) == {0, 1, 2}


def test_rows_with_empty_lines_between_are_one_table_while_their_columns_agree() -> None:
    found = [line.cell for line in lines(f"{PROSE}\na\tb\n\nc\td\n\ne\tf\tg\n") if line.cell]
    assert [(cell.table, cell.row) for cell in found] == [(0, 0)] * 2 + [(0, 1)] * 2 + [(1, 0)] * 3


# Files


PIECES = [
    *"ab1Äß |\t\n\f-–•*#_`.:)o",
    "   ",
    "\n\n",
    "**",
    "- ",
    "Seite ",
    "1. ",
    "<b>",
    "\uf0b7",
    "\u200b",
    "A B C D",
]


@settings(max_examples=150, deadline=None)
@given(st.lists(st.sampled_from(PIECES), max_size=40).map("".join))
def test_no_letter_is_lost_whatever_the_marks(text: str) -> None:
    content = f"{PROSE}\n{text}".encode()
    layouts = (
        read_text(content),
        read_html(content, ReadingLimits()),
        read_markdown(content, ReadingLimits()),
    )
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
