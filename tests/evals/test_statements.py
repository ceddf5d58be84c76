"""Statements, facts and first sentences: what is said, and what nothing cited holds."""

from __future__ import annotations

import pytest

from evals.metrics.statements import Statement, counts, first_sentence, says, statements


def test_an_answer_is_cut_behind_its_markers() -> None:
    assert statements("Drei Projekte: A [1], B [2] [3]. Stand 2026.") == [
        Statement("Drei Projekte: A", (1,)),
        Statement(", B", (2, 3)),
        Statement("Stand 2026", (2, 3)),
    ]


def test_a_number_is_told_as_digits_or_as_a_word() -> None:
    assert counts(0, "Keine Projekte sind archiviert.") and not counts(0, "Es sind 10.")
    assert counts(1, "Ein Projekt ist eine Idee [1].") and not counts(1, "Es gibt ein Konzept mit 21 Zielen.")
    assert counts(12, "Zwölf Ziele.") and counts(13, "13 Ziele.") and not counts(13, "Vierzehn Ziele.")
    assert not counts(3, "5.3 Dreizack [3]")


def test_text_without_markers_is_one_unproven_statement() -> None:
    assert statements("Nichts.") == [Statement("Nichts", ())]
    assert statements("") == [] == statements(" . ")


def test_a_fact_is_said_in_any_spelling_white_space_and_case_aside() -> None:
    assert says(("50.000", "50 000"), "rund 50\u00a0000 Euro")
    assert says(("IN PLANUNG",), "Es ist in\nPlanung.")
    assert not says(("51.000",), "rund 50.000 Euro")
    assert not says(("250.000",), "1.250.000 Euro") and says(("12.06.2025",), "am 12. Juni 2025")
    assert not says((), "alles")


@pytest.mark.parametrize(
    ("text", "first"),
    [
        ("Ja, seit dem 1. Mai. [1] Mehr.", "Ja, seit dem 1. Mai."),
        ("Es sind ca. 3 Mio. Euro für St. Georg. Mehr.", "Es sind ca. 3 Mio. Euro für St. Georg."),
        ("Eins [1]\nZwei", "Eins"),
        ("Wirklich? Ja.", "Wirklich?"),
    ],
)
def test_the_first_sentence_ends_where_a_reader_ends_it(text: str, first: str) -> None:
    assert first_sentence(text) == first
