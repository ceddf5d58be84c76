"""Numbers of records and chapters in many notations, what is none, keys, and the words for statuses and fields."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ingest.keys import Keys, url_safe
from ingest.plan.numbers import counted, leading_bare, leading_letter, leading_number, printed_number
from ingest.plan.words import is_status_heading, meaning, names_several, status_of
from tests.ingest.phrases import phrases
from vectorstore.records import ItemStatus


@pytest.mark.parametrize(("text", "printed", "rest"), phrases("numbering", "numbers"))
def test_numbers(text: str, printed: str, rest: str) -> None:
    found = leading_number(text)
    assert found is not None and (found.ref, found.rest) == (printed, rest)


@pytest.mark.parametrize(
    "text",
    [
        *("28. Januar 2021", "01.10.2022 Stand", "30.06. bis Juli", "2023 wird", "i. d. R. gilt"),
        *("I. d. R. gilt", "IIX. Nein", "1.000 Personen", "80.01", "A. Teil"),
    ],
)
def test_dates_years_and_words_are_no_numbers(text: str) -> None:
    assert leading_number(text) is None


def test_letters_and_bare_chapters() -> None:
    letter, bare = leading_letter("B. Ziele"), leading_bare("3 Mobilität")
    assert letter is not None and letter.is_letter and letter.rest == "Ziele"
    assert bare is not None and bare.parts == (3,)
    assert leading_bare("2023 Mobilität") is None


@pytest.mark.parametrize(("roman", "value"), [("I", 1), ("IV", 4), ("IX", 9), ("XIV", 14), ("XL", 40), ("XLIX", 49)])
def test_roman_numerals(roman: str, value: int) -> None:
    found = leading_number(f"{roman}. Titel")
    assert found is not None and found.parts == (value,)


def test_keys() -> None:
    keys = Keys()
    assert [keys.make(ref) for ref in ("Begründung", "Umsetzung", "Umsetzung", "B.X.3", "5.5.2.1")] == [
        "Begruendung", "Umsetzung", "Umsetzung~2", "B.X.3", "5.5.2.1",
    ]  # fmt: skip
    assert [keys.make("Archiv", first_suffix=True) for _ in range(2)] == ["Archiv~1", "Archiv~2"]


@given(st.lists(st.text(max_size=12), max_size=20))
def test_keys_are_unique_and_url_safe(refs: list[str]) -> None:
    keys = Keys()
    made = [keys.make(ref) for ref in refs]
    assert len(set(made)) == len(made)
    assert all(key and all(c.isascii() and (c.isalnum() or c in ".-~") for c in key) for key in made)
    assert url_safe("Straße") == "Strasse"


@pytest.mark.parametrize(("text", "ref", "label", "counts"), phrases("sheet_layouts", "numbers_in_many_notations"))
def test_numbers_in_many_notations(text: str, ref: str, label: str, counts: tuple[int, ...]) -> None:
    number = printed_number(text)
    assert number is not None and (number.ref, number.label, number.rest) == (ref, label, "Rad")
    assert counted(ref, roman="{roman}" in label) == counts


@pytest.mark.parametrize(
    "text",
    ["2025 war trocken", "2023/2024 im Plan", "03/2025 Sitzung", "EU 2030 Ziele", "Nur 32 Prozent der Befragten"],
)
def test_years_number_nothing(text: str) -> None:
    assert printed_number(text) is None


@pytest.mark.parametrize(("label", "field"), [("Energieträger", None), ("Projektträger", "responsible")])
def test_words_that_only_end_like_a_field(label: str, field: str | None) -> None:
    assert meaning(label) == field


@pytest.mark.parametrize(
    ("title", "status"),
    [
        ("umgesetzte Projekte", ItemStatus.IMPLEMENTED),
        ("Projekte in Bearbeitung", ItemStatus.IN_PROGRESS),
        ("Maßnahmen in Umsetzung", ItemStatus.IN_PROGRESS),
        ("geplante Projekte", ItemStatus.PLANNED),
        ("Ideenspeicher", ItemStatus.IDEA),
        ("Vorschläge", ItemStatus.IDEA),
        ("abgeschlossen", ItemStatus.IMPLEMENTED),
        ("Laufende Maßnahmen", ItemStatus.IN_PROGRESS),
    ],
)
def test_status_headings(title: str, status: ItemStatus) -> None:
    assert is_status_heading(title) and status_of(title) is status


@pytest.mark.parametrize("title", ["Radwegeplanung an Kreisstraßen", "Umsetzung des Schnellbuskonzeptes"])
def test_project_titles_are_no_status_headings(title: str) -> None:
    assert not is_status_heading(title)


@pytest.mark.parametrize(("title", "several"), phrases("heading_levels", "titles_of_several_fields"))
def test_a_title_names_several_fields_by_the_plural_of_a_known_word(title: str, several: bool) -> None:
    assert names_several(title, "theme") is several
