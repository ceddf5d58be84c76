"""A page whose blocks are drawn in another order than they stand is read from the top."""

from __future__ import annotations

from tests.ingest.papers import PROSE, drawn, layout_of, lines_of, pdf


def read(page: str) -> list[str]:
    return lines_of(layout_of(pdf(drawn(page))))


def test_a_head_that_is_drawn_last_is_read_before_what_stands_below_it() -> None:
    page = f"70 600 10 {PROSE[:60]}\n70 560 -10 Zielgruppe\n70 760 -20 Radweg am Fluss"
    assert read(page) == ["Radweg am Fluss", PROSE[:60], "Zielgruppe"]


def test_what_stands_beside_keeps_the_order_of_the_file() -> None:
    page = "320 700 10 rechts oben\n70 600 10 links unten"
    assert read(page) == ["rechts oben", "links unten"]


def test_a_large_number_beside_a_title_is_none_of_its_words() -> None:
    page = "110 730 -20 Fortschreibung der\n110 704 -20 Bilanz\n44 704 -36 04"
    assert set(read(page)) == {"Fortschreibung der", "Bilanz", "04"}
