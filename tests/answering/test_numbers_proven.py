"""Numbers, dates and units: what proves what, whole and in any notation."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from service.answering.verifying.numbers import figures
from vectorstore.notation import TABLE
from vectorstore.numerals import worded


def proves(proof: str, said: str, language: str = "de") -> bool:
    return figures(proof).prove(figures(said, language))


@pytest.mark.parametrize(
    ("proof", "said"),
    [
        ("Kosten: 412.000 Euro", "412.000 €"),
        ("Kosten: 412.000 Euro", "412 000 EUR"),
        ("Kosten: 412.000 Euro", "0,412 Mio. Euro"),
        ("1.200.000 Euro", "1,2 Mio. Euro"),
        ("1,2 Millionen Euro", "1,2 Mio. €"),
        ("35 T€", "35.000 Euro"),
        ("5.000,- Euro", "5.000 Euro"),
        ("45 Prozent der Kosten", "45 %"),
        ("zwölf Kilometer", "12 km"),
        ("12 Kilometer", "zwölf Kilometer"),
        ("dreißig Schulen", "30 Schulen"),
        ("zweihundertfünfzig Plätze", "250 Plätze"),
        ("der dritte Bauabschnitt", "Bauabschnitt 3"),
        ("am 01.10.2023", "am 1. Oktober 2023"),
        ("am 1. Oktober 2023", "seit Oktober 2023"),
        ("am 1. Oktober 2023", "01.10.2023"),
        ("Stand 2023-10-01", "01.10.2023"),
        ("am 1. Oktober 2023", "im Jahr 2023"),
        ("Oktober 2023", "10/2023"),
        ("von 2025 bis 2027", "2025-2027"),
        ("2024/25", "2024/25"),
        ("10 bis 15 Mio. Euro", "10 Mio. Euro"),
        ("eine Fläche von 50m²", "50 Quadratmeter"),
        ("um -5 % gesunken", "−5 Prozent"),
        ("zwischen 3.000 und 5.000 Euro", "3.000"),
        ("Maßnahme 07", "Maßnahme 7"),
        ("Ziel 5.5.2.1", "5.5.2.1"),
        ("Punkt B.X.3", "B.X.3"),
        ("90 kWh/m² im Jahr", "90 kWh pro Quadratmeter"),
        ("um 14:30 Uhr", "14:30"),
    ],
)
def test_the_same_value_is_proven(proof: str, said: str) -> None:
    assert proves(proof, said)


@pytest.mark.parametrize(
    ("proof", "said"),
    [
        ("412.000 Euro", "12 Euro"),
        ("412.000 Euro", "412 Euro"),
        ("412.000 Euro", "12.000 Euro"),
        ("412.000 Euro", "412,000 Euro"),
        ("412.000 Euro", "412.000 km"),
        ("412.000 Euro", "412.000 %"),
        ("1,2 Mio. Euro", "1,2 Euro"),
        ("1,2 Mio. Euro", "1,2 Mrd. Euro"),
        ("1,2 Mio. Euro", "2 Mio. Euro"),
        ("im Jahr 2023", "3"),
        ("im Jahr 2023", "2024"),
        ("am 01.10.2023", "am 10.01.2023"),
        ("am 01.10.2023", "1"),
        ("im Oktober 2023", "am 1. Oktober 2023"),
        ("im Jahr 2023", "Oktober 2023"),
        ("Ziel 5.5.2.1", "5.5.2"),
        ("Ziel 5.5.2.1", "5.5.2.2"),
        ("Punkt B.X.3", "B.X.4"),
        ("Punkt B.X.3", "B.IX.3"),
        ("12 kW", "12 kWp"),
        ("90 kWh/m²", "90 kWh/a"),
        ("um 5 % gesunken", "-5 %"),
        ("zwölf Schulen", "zwanzig Schulen"),
        ("12 Monate", "12 Jahre"),
        ("10 bis 15 km", "10 Euro"),
        ("ein Vertrag über zehn Jahre", "10 öffentliche Ladepunkte"),
    ],
)
def test_another_value_is_not(proof: str, said: str) -> None:
    assert not proves(proof, said)


@pytest.mark.parametrize(
    ("proof", "said"),
    [("412.000 Euro", "412,000 euros"), ("1,5 Mio. Euro", "1.5 million euros"), ("zwölf Jahre", "twelve years")],
)
def test_english_words_are_proven_by_german_papers(proof: str, said: str) -> None:
    assert proves(proof, said, "en")


def test_an_english_thousand_is_no_german_one() -> None:
    assert not proves("412.000 Euro", "412,000 Euro", "de")


@pytest.mark.parametrize(
    ("word", "value"),
    [("Zwölf", 12), ("einundzwanzig", 21), ("tausendzweihundert", 1200), ("hunderteins", 101), ("dreitausend", 3000)],
)
def test_number_words_have_their_value(word: str, value: int) -> None:
    assert worded(word) == value


@pytest.mark.parametrize("word", ["ein", "eine", "achten", "Jahrhundert", "hundertprozentig", "erst", "Tausendfüßler"])
def test_other_words_have_none(word: str) -> None:
    assert worded(word) is None


MONTHS = TABLE["dates"]["months"]
UNITS = ["Euro", "%", "km", "kWp", "Jahre", "t", "ha"]


def german(value: Decimal) -> str:
    """A number as German papers print it."""
    return f"{value:,}".replace(",", " ").replace(".", ",").replace(" ", ".")


values = st.one_of(
    st.integers(0, 10**9).map(Decimal),
    st.decimals(0, 10**6, places=2, allow_nan=False, allow_infinity=False),
)


@given(st.text(alphabet="0123456789.,:/-–− €%aBeiou²\u00a0\nTkmM", max_size=200) | st.text(max_size=80))
def test_every_text_proves_itself(text: str) -> None:
    assert proves(text, text)


@pytest.mark.parametrize("text", ["9" * 400, "hundert" * 900, "1.000." * 900, "a-1-" * 900, "12 " * 900, "." * 4000])
def test_endless_texts_are_read(text: str) -> None:
    assert proves(f"Das sind {text}.", text)


def test_long_numbers_keep_their_last_digit() -> None:
    assert not proves("1" * 40, "1" * 39 + "2")


@given(values, values, st.sampled_from(UNITS), st.sampled_from(UNITS))
def test_a_number_is_proven_by_itself_alone(one: Decimal, other: Decimal, unit: str, another: str) -> None:
    proof = f"Es sind {german(one)} {unit} geplant."
    assert proves(proof, f"{german(one)} {unit}") and proves(proof, german(one))
    assert proves(proof, f"{german(other)} {unit}") == (one == other)
    assert proves(proof, f"{german(one)} {another}") == (unit == another)


@given(st.integers(0, 10**7), st.data())
def test_a_part_of_a_number_proves_nothing(value: int, data: st.DataObject) -> None:
    printed = german(Decimal(value))
    start = data.draw(st.integers(0, len(printed) - 1))
    piece = printed[start : data.draw(st.integers(start + 1, len(printed)))]
    assume(piece[0].isdigit() and piece[-1].isdigit())
    assume(int(piece.replace(".", "")) != value)
    assert not proves(f"Das kostet {printed} Euro.", f"{piece} Euro")


@given(st.dates(), st.dates())
def test_a_date_is_proven_in_any_writing(one: date, other: date) -> None:
    spellings = [
        [
            f"{day:%d.%m.}{day.year:04}",
            f"{day.day}. {MONTHS[day.month - 1]} {day.year:04}",
            f"{day.year:04}-{day:%m-%d}",
        ]
        for day in (one, other)
    ]
    for proof in spellings[0]:
        assert all(proves(f"am {proof}.", f"Stand {said}") for said in spellings[0])
        assert all(proves(f"am {proof}.", f"Stand {said}") == (one == other) for said in spellings[1])
