"""Files of the invented council: short strategies of two pages in own words; in a
process the same bytes for the same title and edition.
"""

from __future__ import annotations

import datetime
import io
import zlib
from functools import cache
from random import Random

from docx import Document
from reportlab.lib.pagesizes import A4
from reportlab.pdfgen.canvas import Canvas

_GOALS = (
    "Bis {year} sinkt der Strombedarf der Kreisgebäude um {number} Prozent.",
    "Bis {year} sind {number} Haltestellen ohne Stufen erreichbar.",
    "Bis {year} entstehen {number} Plätze in Werkstätten der Vereine.",
    "Bis {year} werden {number} Hektar Moor im Bruchfeld wieder vernässt.",
    "Bis {year} lassen sich {number} Anträge ohne Papier stellen.",
)
_MEASURES = (
    "Der Kreis richtet eine Beratung für Gemeinden ein.",
    "Die Busse nach Ellernbrok fahren abends im Stundentakt.",
    "Dächer der Schulen werden auf ihre Eignung für Solarstrom geprüft.",
    "Ein Fonds fördert Hecken und Baumreihen an Feldwegen.",
    "Die Ämter führen eine gemeinsame Liste der offenen Vorhaben.",
)
_OFFICES = ("Umweltamt", "Amt für Mobilität", "Schulamt", "Gebäudewirtschaft", "Kreisentwicklung")


def strategy_lines(title: str, edition: int = 1) -> tuple[list[str], list[str]]:
    """Return the lines of the first page (goals) and the second (measures).

    A later edition has other numbers and a measure more.
    """
    random = Random(zlib.crc32(title.encode()))
    goals = [title, "Kreis Auental, Kreisverwaltung", "", "Ziele"]
    for number, goal in enumerate(random.sample(_GOALS, 3), start=1):
        target = 10 * random.randint(1, 6) + edition
        goals.append(f"Ziel {number}: {goal.format(year=2030 + number, number=target)}")
    measures = ["Maßnahmen"]
    for number, measure in enumerate(random.sample(_MEASURES, 2 + min(edition, 3)), start=1):
        office = random.choice(_OFFICES)
        measures += [
            f"Maßnahme {number}: {measure}",
            f"Zuständig: {office}. Kosten: {number * edition * 15}.000 Euro. Beginn: {2026 + number}.",
        ]
    return goals, measures


@cache
def strategy_pdf(title: str, edition: int = 1) -> bytes:
    """Return a PDF of two pages."""
    buffer = io.BytesIO()
    canvas = Canvas(buffer, pagesize=A4, invariant=1)
    canvas.setTitle(title)
    for lines in strategy_lines(title, edition):
        height = 780
        for line in lines:
            canvas.setFont("Helvetica", 11)
            canvas.drawString(60, height, line)
            height -= 24
        canvas.showPage()
    canvas.save()
    return buffer.getvalue()


@cache
def strategy_docx(title: str, edition: int = 1) -> bytes:
    """Return a Word file with the same text."""
    document = Document()
    document.core_properties.created = datetime.datetime(2026, 1, 1)
    document.core_properties.modified = datetime.datetime(2026, 1, 1)
    for lines in strategy_lines(title, edition):
        for line in lines:
            document.add_paragraph(line)
    buffer = io.BytesIO()
    document.save(buffer)
    return buffer.getvalue()


def cost_table(title: str, edition: int = 1) -> bytes:
    """Return a table as CSV: no document that a client takes."""
    return f"Titel;Jahr;Euro\n{title};2027;{edition * 15000}\n".encode()


MEDIA = {
    "pdf": "application/pdf",
    "docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    "csv": "text/csv",
}


def file_bytes(title: str, ending: str, edition: int = 1) -> bytes:
    """Return a file of this ending: pdf, docx or csv."""
    if ending == "pdf":
        return strategy_pdf(title, edition)
    return strategy_docx(title, edition) if ending == "docx" else cost_table(title, edition)
