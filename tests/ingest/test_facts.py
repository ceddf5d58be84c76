from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ingest import facts
from ingest.facts import Gazetteer
from ingest.joining import split_units
from ingest.plan.statuses import is_status_heading, status_of
from vectorstore.records import ItemStatus


@pytest.mark.parametrize(
    ("text", "dates"),
    [
        ("am 11. Mai 2023 und am 30.06.2022", ("2023-05-11", "2022-06-30")),
        ("seit Oktober 2021, ab 2030", ("2021-10", "2030")),
        ("in 2023/24 und 2024", ("2023", "2024")),
        ("am 31.02.2024", ("2024",)),
        ("mit 2.030 Personen und 2030 Euro", ()),
        ("im Mai 2023, also 2023", ("2023-05",)),
    ],
)
def test_dates(text: str, dates: tuple[str, ...]) -> None:
    assert facts.dates(text) == dates


@given(st.dates(min_value=date(1950, 1, 1), max_value=date(2090, 1, 1)))
def test_every_full_date_is_found(day: date) -> None:
    assert facts.dates(f"am {day:%d.%m.%Y} im Rat") == (f"{day:%Y-%m-%d}",)


@pytest.mark.parametrize(
    ("text", "amounts"),
    [
        ("500.000 Euro und 100.000,- €", ("500.000 Euro", "100.000,- €")),
        ("ab 7 Mio. € oder 1,2 Mio. Euro", ("7 Mio. €", "1,2 Mio. Euro")),
        ("80 % von 14 Kommunen", ()),
        ("2 Millionen Euro", ("2 Millionen Euro",)),
    ],
)
def test_amounts(text: str, amounts: tuple[str, ...]) -> None:
    assert facts.amounts(text) == amounts


def test_municipalities_come_from_lists_in_the_document() -> None:
    places = Gazetteer(
        [
            "Auental, Bergheim, alle Kommunen (2. BA)",
            "Bad Lauen, Auental",
            "Schulen, Vereine",
            "Multiplikative Einbindung",
        ],
        "Die Schulen und die Vereine helfen. Gemeinde Talfeld plant. In Talfeld und um Talfeld wird gebaut.",
    )
    assert places.names == {"Auental", "Bergheim", "Bad Lauen", "Talfeld"}
    assert places.mentioned("Bad Lauen; ab 2026 Auental (und Bergheim)") == ("Bad Lauen", "Auental", "Bergheim")
    assert places.mentioned("der Kreis Auental und Auentaler Wege") == ()


@pytest.mark.parametrize(
    "text", ["alle Kommunen", "in allen 14 Städten und Gemeinden", "mit allen Kommunen des Kreises"]
)
def test_all_municipalities(text: str) -> None:
    assert facts.names_all(text)
    assert not facts.names_all("Einbeziehen der Kommunen")


def test_units() -> None:
    assert split_units("80.02, Dez.06; wfg") == ("80.02", "Dez. 06", "wfg")
    assert split_units("66.01 Straßenbau") == ("66.01 Straßenbau",)
    assert split_units("") == ()


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
