"""Files of half a megabyte that repeat one thing can be read."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from tests.ingest.cases import values
from tests.ingest.papers import PROSE, operators, pdf, read_bytes

# each is repeated without end in one line, behind the beginnings of lines that the reader looks for
PIECES = values(__file__, "pieces")
LEADS = (
    "",
    "Ziel: ",
    "1.2 ",
    "M-07: ",
    "Laufzeit ",
    "Lfd. Nr. ",
    "Seite 3",
    "<p style='",
    "color:",
    "[x]: ",
)


def line(piece: str, count: int) -> bytes:
    """Return a text of three paragraphs, the second of them one long line."""
    return f"Plan des Kreises\n\n{PROSE}\n\nZiel: {piece * count} x\n\n{PROSE}\n".encode()


def row(cells: int, mark: str) -> bytes:
    rows = f"{mark.join(['Wert'] * cells)}\n" * 4
    return f"Plan des Kreises\n\n{PROSE}\n\n{rows}\n{rows}\n{rows}".encode()


def page(pieces: str) -> bytes:
    return f"<!DOCTYPE html><meta charset=utf-8><p>{PROSE}</p>{pieces}".encode()


def covered(texts: int) -> bytes:
    """Return a page with texts that a white box covers, and one sentence over it."""
    words = (
        f"1 0 0 1 {number % 90 * 6} {40 + number // 90 * 8} Tm (Geheim {number}) Tj"
        for number in range(texts)
    )
    shown = f"1 g 0 0 595 842 re f 0 g BT /F1 12 Tf 50 700 Td ({PROSE[:60]}) Tj ET"
    return pdf(operators(f"BT /F1 6 Tf {' '.join(words)} ET {shown}"))


def side_by_side(texts: int) -> bytes:
    return pdf(operators(f"BT /F1 9 Tf 9 700 Td {'(Wort) Tj ' * texts} ET"))


FILES: dict[str, Callable[[int], bytes]] = {
    "punkte.txt": lambda size: line(".", 5_000 * size),
    "wort.txt": lambda size: (
        f"Plan des Kreises\n\n{PROSE}\n\n{'Moor' * 3_000 * size}\n\n{PROSE}\n".encode()
    ),
    "unterstriche.txt": lambda size: line("_", 15_000 * size),
    "fett.md": lambda size: line("**", 25_000 * size),
    "spalten.txt": lambda size: row(1_500 * size, "  "),
    "spalten.md": lambda size: (b"|a" * 7_500 * size + b"|\n") * 4 + b"\n" + PROSE.encode(),
    "titel.html": lambda size: page(
        "<h2>Umsetzung</h2>Der Kreis plant." * 1_200 * size
    ),  # fewer entries than may be
    "stil.html": lambda size: page(f"<p style='color:{' ' * 7_500 * size}'>Der Kreis plant.</p>"),
    "worte.pdf": lambda size: side_by_side(6_250 * size),
    "verdeckt.pdf": lambda size: covered(3_000 * size),
}


@pytest.mark.parametrize("name", [pytest.param(path, marks=pytest.mark.long) for path in FILES])
def test_what_repeats_one_thing_is_read(name: str) -> None:
    """Were the time to read it to grow with the square of its size, it would end no test run."""
    content = FILES[name](4)
    assert len(content) < 500_000
    assert ("Wort" if name == "worte.pdf" else PROSE[:30]) in read_bytes(
        content, name
    ).document.text


@pytest.mark.parametrize("name", FILES)
def test_what_repeats_one_thing_less_often_is_read(name: str) -> None:
    assert read_bytes(FILES[name](1) if "verdeckt" not in name else covered(300), name).items


@pytest.mark.long
@pytest.mark.xfail(strict=True, reason="too many to compare: the page is told as not checked")
def test_very_many_hidden_texts_stay_hidden() -> None:
    document = read_bytes(covered(12_000), "verdeckt.pdf").document
    assert "Geheim" not in document.text
    assert any("Versteckter Text" in warning for warning in document.warnings), document.warnings


@pytest.mark.long
@pytest.mark.parametrize("name", ["a.txt", "a.md"])
@pytest.mark.parametrize("piece", PIECES)
def test_lines_that_repeat_one_piece_without_end_are_read(piece: str, name: str) -> None:
    """A pattern whose time grows with more than the square of a line would end no test run."""
    lines = (f"{lead}{piece * (3_000 // len(piece))} x" for lead in LEADS)
    assert PROSE in read_bytes("\n\n".join((PROSE, *lines, PROSE)).encode(), name).document.text
