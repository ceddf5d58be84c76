"""Statements, facts, sets and readability: what is said, and what nothing cited holds."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from evals.metrics.readability import readability, words
from evals.metrics.sets import completeness, exactness
from evals.metrics.statements import Statement, counts, says, statements, unsupported

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


@given(st.text(max_size=80))
def test_a_text_supports_itself(text: str) -> None:
    assert unsupported(text, [text]) == []


@given(st.sets(st.integers(0, 9)), st.sets(st.integers(0, 9)))
def test_lists_are_measured_both_ways(listed: set[int], wanted: set[int]) -> None:
    assert 0.0 <= completeness(listed, wanted) <= 1.0
    assert 0.0 <= exactness(listed, wanted) <= 1.0
    assert (completeness(listed, wanted) == exactness(listed, wanted) == 1.0) == (listed == wanted)
    if listed and wanted:
        assert completeness(listed, wanted) == exactness(wanted, listed)


def test_lists_by_hand() -> None:
    assert completeness({1, 2}, {1, 2, 3, 4}) == 0.5
    assert exactness({1, 2, 9}, {1, 2}) == pytest.approx(2 / 3)
    assert (completeness(set(), set()), exactness(set(), set())) == (1.0, 1.0)
    assert (completeness({1}, set()), exactness({1}, set()), exactness(set(), {1})) == (1.0, 0.0, 0.0)


def test_readability_by_hand() -> None:
    """Twelve words, two sentences, three words over six letters; "neue" is not hyphenated, so it counts as one."""
    found = readability("Der Kreis baut neue Radwege. Im Jahr 2026 wurden drei Mobilstationen eröffnet. [1]")
    assert found is not None
    syllables = 1 + 1 + 1 + 1 + 3 + 1 + 1 + 1 + 2 + 1 + 6 + 3
    assert found.amstad == pytest.approx(180 - 12 / 2 - 58.5 * syllables / 12, abs=0.01)
    assert found.lix == pytest.approx(12 / 2 + 100 * 3 / 12, abs=0.01)


def test_bureaucratic_text_is_harder_on_every_index() -> None:
    easy = readability("Der Bus fährt am Abend. Er hält auch am Markt. Die Fahrt ist für Kinder frei.")
    hard = readability(
        "Die Inanspruchnahme der Beförderungsleistungen erfolgt vorbehaltlich der kreisseitigen "
        "Haushaltsmittelbewirtschaftung unter Berücksichtigung der Nahverkehrsplanfortschreibung."
    )
    assert easy is not None and hard is not None
    assert easy.amstad > hard.amstad
    assert easy.wiener < hard.wiener
    assert easy.lix < hard.lix


def test_numbering_and_dates_end_no_sentence() -> None:
    one = readability("Projekt 5.5.2.1 Mobilstationen ist seit dem 01.10.2023 in Bearbeitung.")
    other = readability("Projekt 5521 Mobilstationen ist seit dem 01102023 in Bearbeitung.")
    assert one == other


def test_too_short_to_be_measured() -> None:
    assert readability("Ja. [1]") is None
    assert words("Es sind drei. [1] [2]") == 3
