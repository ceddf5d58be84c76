"""Quantities as they are printed for people."""

from __future__ import annotations

import pytest

from vectorstore.language import extract_quantities


@pytest.mark.parametrize(
    ("text", "printed"),
    [
        ("am 24. Dezember 2026", "24.12.2026"),
        ("im Dezember 2026", "12.2026"),
        ("am 24. Dezember", "24.12"),
        ("im 3. Quartal 2026", "7.2026–9.2026"),
        ("im 2. Halbjahr 2026", "7.2026–12.2026"),
        ("im Sommer 2026", "6.2026–8.2026"),
        ("im Winter 2026/27", "12.2026–2.2027"),
    ],
)
def test_a_date_is_printed_with_all_its_months(text: str, printed: str) -> None:
    assert extract_quantities(text).as_texts == [printed]


def test_numbers_are_printed_without_their_magnitude_and_codes_in_capitals() -> None:
    assert extract_quantities("12 Mio. Euro für die l580a").as_texts == ["12", "L580A"]
