"""Files of half a megabyte that repeat one thing: the time to read them grows with their size, not with its square."""

from __future__ import annotations

import time
from collections.abc import Callable
from pathlib import Path

import pytest

from ingest.reading import read_source
from ingest.register import RegisterEntry
from ingest.sources import Source
from tests.ingest.papers import PROSE
from tests.ingest.test_limits import pdf
from vectorstore.records import ParsedDocument

SECONDS = 6.0  # of processor time; these took 12 to more than 60


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
    words = (f"1 0 0 1 {number % 90 * 6} {40 + number // 90 * 8} Tm (Geheim {number}) Tj" for number in range(texts))
    shown = f"1 g 0 0 595 842 re f 0 g BT /F1 12 Tf 50 700 Td ({PROSE[:60]}) Tj ET"
    return pdf(1, f"BT /F1 6 Tf {' '.join(words)} ET {shown}".encode("cp1252"))


def side_by_side(texts: int) -> bytes:
    return pdf(1, f"BT /F1 9 Tf 9 700 Td {'(Wort) Tj ' * texts} ET".encode())


FILES: dict[str, Callable[[], bytes]] = {
    "punkte.txt": lambda: line(".", 20_000),
    "unterstriche.txt": lambda: line("_", 60_000),
    "fett.md": lambda: line("**", 100_000),
    "spalten.txt": lambda: row(6_000, "  "),
    "spalten.md": lambda: (b"|a" * 30_000 + b"|\n") * 4 + b"\n" + PROSE.encode(),
    "titel.html": lambda: page("<h2>Umsetzung</h2>Der Kreis plant." * 13_000),
    "stil.html": lambda: page(f"<p style='color:{' ' * 30_000}'>Der Kreis plant.</p>"),
    "worte.pdf": lambda: side_by_side(25_000),
    "verdeckt.pdf": lambda: covered(12_000),
}


def read(name: str, content: bytes) -> ParsedDocument:
    return read_source(RegisterEntry("plan", Path(name)), Source(name, content))


@pytest.mark.parametrize("name", FILES)
def test_what_repeats_is_read_in_time(name: str) -> None:
    content = FILES[name]()
    assert len(content) < 500_000
    begun = time.process_time()
    document = read(name, content).document
    assert time.process_time() - begun < SECONDS
    assert ("Wort" if name == "worte.pdf" else PROSE[:30]) in document.text


def test_very_many_hidden_texts_stay_hidden() -> None:
    document = read("verdeckt.pdf", covered(12_000)).document
    assert "Geheim" not in document.text
    assert any("Versteckter Text" in warning for warning in document.warnings), document.warnings
