"""Responsible units in a question; which units there are is known from the documents alone."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from service.answering.understanding.units import Units, printed_units, units_in, unknown_units_in
from service.record_filters import unit_matches
from tests.answering.conftest import Ask
from tests.answering.truth import projects

UNITS = ("65", "80.01", "66.01", "66.02", "70.03", "WAL", "VLT", "Dez. 3", "Jobcenter", "50", "50.03", "36", "10.03")
NAMED = [
    ("Welche Projekte hat die 66?", ("66",)),
    ("Was macht Abteilung 65?", ("65",)),
    ("Fachdienst 36 Straßenverkehr", ("36",)),
    ("Sachgebiet 10.03", ("10.03",)),
    ("Einheit 50.03", ("50.03",)),
    ("unit 66.02", ("66.02",)),
    ("Was steht bei 70.03?", ("70.03",)),
    ("Was verantwortet 65?", ("65",)),
    ("Welche Projekte hat die WAL?", ("WAL",)),
    ("Was macht das Jobcenter?", ("Jobcenter",)),
    ("Welche Projekte hat Dez. 3?", ("Dez. 3",)),
]
NOT_NAMED = [
    "Was macht Amt 99?",
    "um 65 Prozent gesunken",
    "die 50 Prozent",
    "in 65 Haushalten",
    "mit 50 Jahren",
    "für 50 Euro",
    "die 65 Projekte",
    "am 10.03. ist Sitzung",
    "seit dem 10.03.2026",
    "Wahlen und Kanal",
]


@pytest.mark.parametrize(("question", "found"), NAMED)
def test_units_by_number_and_by_name(question: str, found: tuple[str, ...]) -> None:
    assert units_in(question, UNITS) == found


@pytest.mark.parametrize("question", NOT_NAMED)
def test_other_numbers_are_no_units(question: str) -> None:
    assert units_in(question, UNITS) == ()


def test_without_units_in_the_documents_there_are_none_in_questions() -> None:
    assert units_in("Welche Projekte verantwortet Abteilung 65?", ()) == ()


def test_a_unit_is_printed_with_its_parts() -> None:
    assert printed_units(("66",), UNITS) == ["66", "66.01", "66.02"]
    assert printed_units(("70.03",), ("70.03 Abfallwirtschaft", "70.01")) == ["70.03", "70.03 Abfallwirtschaft"]


@pytest.mark.parametrize("unit", ["66", "66.01", "70.03", "80.02", "WAL", "VLT", "53", "36", "Jobcenter"])
def test_the_projects_of_a_unit_are_complete(ask: Ask, unit: str) -> None:
    answer = ask(f"Welche Projekte verantwortet {unit}?")
    assert answer.data is not None
    assert [row["ref"] for row in answer.data.rows] == projects(unit=unit)


def test_a_filter_by_a_department_says_what_it_was(ask: Ask) -> None:
    assert "in Verantwortung von 66" in ask("Welche Projekte verantwortet die 66?").answer


@pytest.mark.parametrize(
    ("question", "found"),
    [
        ("Wie viele Projekte verantwortet die 99?", ("99",)),
        ("Wie viele Projekte hat Dezernat 98?", ("98",)),
        ("Wie viele Projekte hat Dezernat 3?", ()),
        ("Welche Projekte hat die 66?", ()),
        ("insgesamt 99 Projekte", ()),
        ("Wer verantwortet die 99 Projekte?", ()),
    ],
)
def test_unknown_units(question: str, found: tuple[str, ...]) -> None:
    assert unknown_units_in(question, UNITS) == found
    assert unknown_units_in(question, ()) == ()


@pytest.mark.parametrize(
    ("question", "units"),
    [
        ("Welche Projekte betreuen die Abteilungen 66 und 70?", ("66", "70")),
        ("Was machen die Ämter 66, 70 und 80?", ("66", "70", "80")),
        ("Welche Projekte liegen bei 66 und 80?", ("66", "80")),
        ("Welche Projekte haben die Fachbereiche 66 oder 70.02?", ("70.02", "66")),
        ("Welche Projekte hat das Dezernat 66 im Jahr 2023?", ("66",)),
        ("Wie viele Projekte hat die 66, und wie viele sind 2023 umgesetzt?", ("66",)),
    ],
)
def test_several_units_at_once(question: str, units: tuple[str, ...]) -> None:
    assert set(units_in(question, ("66.01", "70.02", "80", "66"))) == set(units)


PRINTED = st.lists(st.sampled_from(("66.01 Straßenbau", "66", "70.03", "WAL", "Dez. 3", "Jobcenter", "6", "Amt 40")))


@given(PRINTED, st.sampled_from(("66", "66.01", "6", "70", "7", "3", "40", "01")))
def test_looking_a_number_up_says_what_comparing_with_every_unit_says(units: list[str], number: str) -> None:
    known = Units(dict.fromkeys(units))
    assert known.has(number) == any(unit_matches(unit, number) for unit in units)
