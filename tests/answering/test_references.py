"""Numbers of items in a question: what is one, what is a date, a time, an amount."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from service.answering.understanding.references import references

NAMED = [
    ("Wie ist der Stand von 5.1.2.1?", ("5.1.2.1",)),
    ("5.1.2.1 und 5.1.2.2", ("5.1.2.1", "5.1.2.2")),
    ("Was steht unter Ziel 5.2?", ("5.2",)),
    ("1.2 und 1.3", ("1.2", "1.3")),
    ("Was heißt B.X.3, und was A.II?", ("B.X.3", "A.II")),
    ("Was enthält Teil B?", ("B",)),
    ("Was fordert Punkt IV?", ("IV",)),
    ("Beschlusspunkt ii", ("II",)),
    ("Nummer III des Antrags", ("III",)),
    ("Was sagt These 3?", ("3",)),
    ("Leitsatz Nr. 4", ("4",)),
    ("Themenfeld 2", ("2",)),
    ("Kapitel 6", ("6",)),
    ("Projekt 5.1.2.1, bitte.", ("5.1.2.1",)),
    ("Was ist mit 5.1.2.1.", ("5.1.2.1",)),
    ("5.1.2.1 oder doch 5.1.2.1", ("5.1.2.1",)),
]
NOT_NAMED = [
    "Was geschah am 24.10.2025?",
    "bis 01.10.",
    "am 1.10. in Birkmoosen",
    "zum 01.03.2026",
    "am 30.09.2025 um Mitternacht",
    "5,4 Mio. Euro",
    "9,60 Euro je Quadratmeter",
    "Tempo 30 auf der K 9",
    "110 Kilogramm",
    "in 95 von 100 Notfällen",
    "2026",
    "drei Thesen",
    "Teilhabe",
    "",
]


@pytest.mark.parametrize(("question", "refs"), NAMED)
def test_numbers_as_documents_print_them(question: str, refs: tuple[str, ...]) -> None:
    assert references(question) == refs


@pytest.mark.parametrize("question", NOT_NAMED)
def test_dates_amounts_and_plain_numbers_are_none(question: str) -> None:
    assert references(question) == ()


@given(st.dates(min_value=date(1900, 1, 1)).map(lambda day: day.strftime("%d.%m.%Y")))
def test_no_printed_date_is_a_reference(day: str) -> None:
    assert references(f"Was geschah am {day} im Kreis?") == ()


@given(st.lists(st.integers(1, 9), min_size=3, max_size=4))
def test_every_number_of_three_or_four_parts_is_one(parts: list[int]) -> None:
    ref = ".".join(map(str, parts))
    assert references(f"Wer ist für {ref} zuständig?") == (ref,)
