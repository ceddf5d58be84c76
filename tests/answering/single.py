"""An invented paper without a register, alone in its edition: imprint, signature, measures with costs, terms."""

from __future__ import annotations

from pathlib import Path

_SHEETS = (
    ("M 1", "Trinkbrunnen auf Plätzen", "++", "120.000 Euro", "2026 bis 2028", "Tiefbauamt", "Aufenthalt"),
    ("M 2", "Schattendächer an Haltestellen", "+++", "340.000 Euro", "2025 bis 2027", "Tiefbauamt", "Aufenthalt"),
    ("M 3", "Hitzetelefon für Alleinlebende", "+++", "45.000 Euro", "2025 bis 2026", "Gesundheitsamt", "Vorsorge"),
    ("M 4", "Kühle Räume im Bestand", "+", "noch offen", "2029 bis 2031", "Gebäudeamt", "Aufenthalt"),
    ("M 5", "Beratung der Pflegeheime", "++", "60.000 Euro", "2027 bis 2028", "Gesundheitsamt", "Vorsorge"),
)
_SHEET = """## {0} {1}

Handlungsfeld: {6}

Priorität: {2}

Kosten: {3}

Zeitraum: {4}

Verantwortlich: {5}

Beschreibung: Die Maßnahme {1} wird mit den Ortsteilen abgestimmt und nach zwei Jahren ausgewertet.
"""
_PAPER = """# Hitzeschutzkonzept der Stadt Mühlenranft

Fachkonzept für den Sommer in der Stadt

Stand: Mai 2025

Dienststelle: Stabsstelle Klima

## Einleitung

Das Konzept zeigt, wie die Stadt Mühlenranft ihre Einwohnerinnen und Einwohner an heißen Tagen schützen will. Es
richtet sich an die Verwaltung, an soziale Einrichtungen und an alle, die im Freien arbeiten.

Eine Klimainsel ist ein bepflanzter Platz mit Schatten und Wasser, an dem man sich an heißen Tagen abkühlen kann.
Das Hitzemanagement (HM) beobachtet die Warnungen des Wetterdienstes. Wichtigstes Ziel ist der Schutz alter Menschen.

{sheets}

## Schluss

Das Konzept wird alle drei Jahre fortgeschrieben.

## Impressum

Stadt Mühlenranft

Stabsstelle Klima

Marktplatz 1, 99999 Mühlenranft

Druck: Hausdruckerei

Im Auftrag

Wilma Beispiel
"""


def write_paper(folder: Path) -> Path:
    """Write the paper as Markdown and return its file."""
    path = folder / "hitzeschutzkonzept-muehlenranft.md"
    path.write_text(_PAPER.format(sheets="\n".join(_SHEET.format(*one) for one in _SHEETS)), encoding="utf-8")
    return path
