"""Numbers, dates and units: what proves what, whole and in any notation."""

from __future__ import annotations

import json
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from tests.ingest.cases import cases
from vectorstore.language import NOTATION, extract_quantities
from vectorstore.language.notation import read_number_word

NUMBERS = [
    json.loads(line)
    for line in Path(__file__).with_name("numbers.jsonl").read_text("utf-8").splitlines()
]


def proves(proof: str, said: str, language: str = "de") -> bool:
    return extract_quantities(proof).supports_all(extract_quantities(said, language))


@pytest.mark.parametrize("case", NUMBERS, ids=lambda item: f"{item['proof']} | {item['said']}")
def test_the_same_value_is_proven_and_another_is_not(case: dict[str, Any]) -> None:
    assert proves(case["proof"], case["said"], case.get("language", "de")) is case["proven"]


@cases("word", "value")
def test_number_words_have_their_value(word: str, value: int) -> None:
    assert read_number_word(word) == value


@pytest.mark.parametrize(
    "word", ["ein", "eine", "achten", "Jahrhundert", "hundertprozentig", "erst", "Tausendfüßler"]
)
def test_other_words_have_none(word: str) -> None:
    assert read_number_word(word) is None


MONTHS = NOTATION["dates"]["months"]
UNITS = ["Euro", "%", "km", "kWp", "Jahre", "t", "ha"]


def german(value: Decimal) -> str:
    """A number as German papers print it."""
    return f"{value:,}".replace(",", " ").replace(".", ",").replace(" ", ".")


values = st.one_of(
    st.integers(0, 10**9).map(Decimal),
    st.decimals(0, 10**6, places=2, allow_nan=False, allow_infinity=False),
)


@given(
    st.text(alphabet="0123456789.,:/-–− €%aBeiou²\u00a0\nTkmM", max_size=200) | st.text(max_size=80)
)
def test_every_text_proves_itself(text: str) -> None:
    assert proves(text, text)


@pytest.mark.parametrize(
    "text", ["9" * 400, "hundert" * 900, "1.000." * 900, "a-1-" * 900, "12 " * 900, "." * 4000]
)
def test_endless_texts_are_read(text: str) -> None:
    assert proves(f"Das sind {text}.", text)


def test_long_numbers_keep_their_last_digit() -> None:
    assert not proves("1" * 40, "1" * 39 + "2")


@given(values, values, st.sampled_from(UNITS), st.sampled_from(UNITS))
def test_a_number_is_proven_by_itself_alone(
    decimal: Decimal, other: Decimal, unit: str, another: str
) -> None:
    proof = f"Es sind {german(decimal)} {unit} geplant."
    assert proves(proof, f"{german(decimal)} {unit}") and proves(proof, german(decimal))
    assert proves(proof, f"{german(other)} {unit}") == (decimal == other)
    assert proves(proof, f"{german(decimal)} {another}") == (unit == another)


@given(st.integers(0, 10**7), st.data())
def test_a_part_of_a_number_proves_nothing(value: int, data: st.DataObject) -> None:
    printed = german(Decimal(value))
    start = data.draw(st.integers(0, len(printed) - 1))
    piece = printed[start : data.draw(st.integers(start + 1, len(printed)))]
    assume(piece[0].isdigit() and piece[-1].isdigit())
    assume(int(piece.replace(".", "")) != value)
    assert not proves(f"Das kostet {printed} Euro.", f"{piece} Euro")


@given(st.dates(), st.dates())
def test_a_date_is_proven_in_any_writing(item: date, other: date) -> None:
    def written(day: date) -> tuple[str, ...]:
        year, month = f"{day.year:04}", MONTHS[day.month - 1]
        return f"{day:%d.%m.}{year}", f"{day.day}. {month} {year}", f"{year}-{day:%m-%d}"

    spellings = [written(item), written(other)]
    for proof in spellings[0]:
        assert all(proves(f"am {proof}.", f"Stand {statement}") for statement in spellings[0])
        assert all(
            proves(f"am {proof}.", f"Stand {statement}") == (item == other)
            for statement in spellings[1]
        )
