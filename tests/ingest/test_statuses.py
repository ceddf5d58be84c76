"""Units split at commas, and headings that name a status."""

from __future__ import annotations

import pytest

from ingest.plan.words import is_status_heading, status_of
from ingest.values.unit_lists import units
from vectorstore.records import ItemStatus


def test_units() -> None:
    assert units("80.02, Dez.06; wfg") == ("80.02", "Dez. 06", "wfg")
    assert units("66.01 Straßenbau") == ("66.01 Straßenbau",)
    assert units("") == ()


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
