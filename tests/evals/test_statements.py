"""Statements, facts and first sentences: what is said, and what nothing cited holds."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from evals.metrics.statements import Statement, counts, first_sentence, says, statements, unsupported

KNOWN = {"Bad Lauven", "Quelm"}


def test_an_answer_is_cut_behind_its_markers() -> None:
    assert statements("Drei Projekte: A [1], B [2] [3]. Stand 2026.") == [
        Statement("Drei Projekte: A", (1,)),
        Statement(", B", (2, 3)),
        Statement("Stand 2026", (2, 3)),
    ]


def test_a_number_is_told_as_digits_or_as_a_word() -> None:
    assert counts(0, "Keine Projekte sind archiviert.") and not counts(0, "Es sind 10.")
    assert counts(1, "Ein Projekt ist eine Idee [1].") and not counts(1, "Es gibt ein Konzept mit 21 Zielen.")
    assert counts(12, "Zwölf Ziele.") and counts(13, "13 Ziele.") and not counts(13, "Dreizehn Ziele.")
    assert not counts(3, "5.3 Dreizack [3]")


def test_text_without_markers_is_one_unproven_statement() -> None:
    assert statements("Nichts.") == [Statement("Nichts", ())]
    assert statements("") == [] == statements(" . ")


def test_a_fact_is_said_in_any_spelling_white_space_and_case_aside() -> None:
    assert says(("50.000", "50 000"), "rund 50\u00a0000 Euro")
    assert says(("IN PLANUNG",), "Es ist in\nPlanung.")
    assert not says(("51.000",), "rund 50.000 Euro")
    assert not says((), "alles")


@pytest.mark.parametrize(
    ("text", "support", "lost"),
    [
        ("Es kostet 412.000 Euro.", ["kostete 412.000 Euro"], []),
        ("Es kostet 413.000 Euro.", ["kostete 412.000 Euro"], ["413.000"]),
        ("Es sind 2.", ["Stand 2023"], ["2"]),
        ("Am 01.10.2023.", ["01.10.2023"], []),
        ("Am 02.10.2023.", ["01.10.2023"], ["02.10.2023"]),
        ("Es sind 412 .000 Euro", ["412 .000"], []),
        ("Das EFRE-Geld", ["aus Mitteln des EFRE"], []),
        ("Das ESF-Geld", ["aus Mitteln des EFRE"], ["ESF"]),
        ("Frau Ahlers leitet es.", ["Leitung: Ahlers"], []),
        ("Herr Busch leitet es.", ["Leitung: Ahlers"], ["Busch"]),
        ("In Quelm und Bad Lauven", ["in Quelm"], ["Bad Lauven"]),
        ("In Quelmbach", ["nirgends"], []),
        ("Die EU und die AG zahlen 12.500 Euro", ["neue Tag, Kurve 112.500"], ["12.500", "EU", "AG"]),
        ("", [], []),
    ],
)
def test_what_nothing_cited_holds(text: str, support: list[str], lost: list[str]) -> None:
    assert unsupported(text, support, KNOWN) == lost


@settings(deadline=None)  # no test measures seconds
@given(st.text(max_size=80))
def test_a_text_supports_itself(text: str) -> None:
    assert unsupported(text, [text]) == []


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
