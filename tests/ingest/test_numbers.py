"""Numbers in many notations, keys, and what the words of labels and status headings mean."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ingest.keys import Keys, url_safe
from ingest.readers.lexicon import is_status_heading, meaning, meanings, status_of
from ingest.readers.numbers import leading_number, printed_number, ref_parts, same_ref
from tests.ingest.phrases import phrases
from vectorstore.records import ItemStatus


@pytest.mark.parametrize(("text", "ref", "label", "rest"), phrases("plan", "numbers_before_titles"))
def test_numbers_before_titles(text: str, ref: str, label: str, rest: str) -> None:
    number = printed_number(text)
    assert number is not None and (number.ref, number.label, number.rest) == (ref, label, rest)


def test_refs_are_compared_without_spaces_case_and_zeros() -> None:
    assert same_ref("M 07") == same_ref("m7") and same_ref("K-01") != same_ref("K-10")


def test_a_weak_word_counts_where_no_other_label_says_it() -> None:
    assert meanings(["Akteure", "Kosten"])["Akteure"] == "responsible"
    assert meanings(["Akteure", "Federführung"])["Akteure"] is None


@pytest.mark.parametrize(("text", "ref", "label", "counts"), phrases("sheet_layouts", "numbers_in_many_notations"))
def test_numbers_in_many_notations(text: str, ref: str, label: str, counts: tuple[int, ...]) -> None:
    number = printed_number(text)
    assert number is not None and (number.ref, number.label, number.rest) == (ref, label, "Rad")
    assert ref_parts(ref, roman="{roman}" in label) == counts


@pytest.mark.parametrize(
    "text",
    [
        *("28. Januar 2021", "01.10.2022 Stand", "30.06. bis Juli", "2023 wird", "i. d. R. gilt", "I. d. R. gilt"),
        *("IIX. Nein", "1.000 Personen", "80.01", "A. Teil"),
    ],
)
def test_dates_years_and_words_are_no_numbers(text: str) -> None:
    assert leading_number(text) is None


@pytest.mark.parametrize(
    "text",
    [
        *("2025 war trocken", "2023/2024 im Plan", "03/2025 Sitzung", "EU 2030 Ziele", "Nur 32 Prozent der Befragten"),
        *("01.10.2023 Sitzung", "3. Dezember 2020", "12 Euro", "400.000 Einwohner", "Der Kreis hilft", ""),
    ],
)
def test_years_dates_and_quantities_number_nothing(text: str) -> None:
    assert printed_number(text) is None


@pytest.mark.parametrize(("roman", "value"), [("I", 1), ("IV", 4), ("IX", 9), ("XIV", 14), ("XL", 40), ("XLIX", 49)])
def test_roman_numerals(roman: str, value: int) -> None:
    found = leading_number(f"{roman}. Titel")
    assert found is not None and found.parts == (value,)


@given(st.lists(st.text(max_size=12), max_size=20))
def test_keys_are_unique_and_url_safe(refs: list[str]) -> None:
    keys = Keys()
    made = [keys.make(ref) for ref in refs]
    assert len(set(made)) == len(made)
    assert all(key and all(c.isascii() and (c.isalnum() or c in ".-~") for c in key) for key in made)
    assert url_safe("Straße") == "Strasse"


@pytest.mark.parametrize(("label", "field"), [("Energieträger", None), ("Projektträger", "responsible")])
def test_words_that_only_end_like_a_field(label: str, field: str | None) -> None:
    assert meaning(label) == field


@pytest.mark.parametrize(
    ("title", "status"),
    [
        ("Maßnahmen in Umsetzung", ItemStatus.IN_PROGRESS),
        ("Vorschläge", ItemStatus.IDEA),
        ("abgeschlossen", ItemStatus.IMPLEMENTED),
        ("Laufende Maßnahmen", ItemStatus.IN_PROGRESS),
        ("Radwegeplanung an Kreisstraßen", None),
        ("Umsetzung des Schnellbuskonzeptes", None),
    ],
)
def test_status_headings_that_the_sample_does_not_have(title: str, status: ItemStatus | None) -> None:
    assert (status_of(title) if is_status_heading(title) else None) is status


@pytest.mark.parametrize(
    ("words", "status"),
    [
        ("noch nicht begonnen", None),
        ("nicht umgesetzt, in Planung", ItemStatus.PLANNED),
        ("teilweise umgesetzt", ItemStatus.IN_PROGRESS),
        ("zum Teil abgeschlossen", ItemStatus.IN_PROGRESS),
        ("umgesetzt", ItemStatus.IMPLEMENTED),
    ],
)
def test_a_status_denied_or_reached_in_part_is_not_told_as_reached(words: str, status: ItemStatus | None) -> None:
    assert status_of(words) is status
