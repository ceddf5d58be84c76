"""Who leads and who takes part, read from what a field says."""

from __future__ import annotations

import pytest

from ingest.values.unit_lists import named_units, units


@pytest.mark.parametrize(
    ("text", "leading", "aside"),
    [
        ("66, Dez.06; Tiefbauamt", ("66", "Dez. 06", "Tiefbauamt"), ()),
        ("Stadtwerke / Amt für Umwelt (Plan, Karte)", ("Stadtwerke", "Amt für Umwelt (Plan, Karte)"), ()),
        ("FB 5: Planen und Bauen", ("FB 5: Planen und Bauen",), ()),
        ("Intern: Bauamt, Kämmerei Extern: Netzbetreiber", ("Bauamt", "Kämmerei"), ("Netzbetreiber",)),
        ("Konzeption / Koordination: Bauamt", ("Bauamt",), ()),
        ("- Bauamt\n- Forstamt zur fachlichen Unterstützung", ("Bauamt",), ("Forstamt",)),
        ("Bauamt in Zusammenarbeit mit den Stadtwerken", ("Bauamt",), ("Stadtwerken",)),
        ("Verwaltung, insbes. FB 5, evtl. Forstamt", ("Verwaltung, insbes. FB 5", "Forstamt"), ()),
        ("Unterstützung durch das Forstamt", ("Forstamt",), ()),
        (
            "Amt für\n\nSchulen und Sport\nFachdienst\nSoziales",
            ("Amt für Schulen und Sport", "Fachdienst Soziales"),
            (),
        ),
        ("HGW und DRVs für Gebäude; GBA zur Pflege", ("HGW", "DRVs", "GBA"), ()),
        ("SJB (Mobile Jugendarbeit) zum Melden von Schäden", ("SJB (Mobile Jugendarbeit)",), ()),
        ("Amt für Schulen und Sport als Träger, unterstützend KSM", ("Amt für Schulen und Sport",), ("KSM",)),
        ("", (), ()),
    ],
)
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
