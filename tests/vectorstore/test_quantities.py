"""Quantities as they are printed for people."""

from __future__ import annotations

from tests.ingest.cases import cases
from vectorstore.language import extract_quantities


@cases("text", "printed")
def test_a_date_is_printed_with_all_its_months(text: str, printed: str) -> None:
    assert extract_quantities(text).as_texts == [printed]


def test_numbers_are_printed_without_their_magnitude_and_codes_in_capitals() -> None:
    assert extract_quantities("12 Mio. Euro für die l580a").as_texts == ["12", "L580A"]
