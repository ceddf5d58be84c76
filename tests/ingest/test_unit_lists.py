"""Who leads and who takes part, read from what a field says."""

from __future__ import annotations

import pytest

from ingest.values.unit_lists import named_units, units
from tests.ingest.phrases import phrases


@pytest.mark.parametrize(("text", "leading", "aside"), phrases("unit_lists", "a_field_for_who_is_responsible"))
def test_a_field_for_who_is_responsible(text: str, leading: tuple[str, ...], aside: tuple[str, ...]) -> None:
    named = named_units(text)
    assert (named.leading, named.taking_part) == (leading, aside)


def test_partners_are_told_as_they_stand() -> None:
    assert units("- Vereine\n- Schulen, Kitas; Extern: niemand") == ("Vereine", "Schulen", "Kitas", "Extern: niemand")


def test_a_sentence_below_the_units_is_none() -> None:
    said = "Amt für Mobilität\nDer Radweg wird bis Ende 2027 auf 12 Kilometern gebaut. Er kostet 1,2 Millionen Euro."
    assert named_units(said).leading == ("Amt für Mobilität",)
    assert units(said) == ("Amt für Mobilität",)
    assert units("Jugendamt\nKreisverband Lauterfeld e. V.") == ("Jugendamt", "Kreisverband Lauterfeld e. V.")
