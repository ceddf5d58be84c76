"""Two editions of an invented report and its neighbours, so that every kind of change and every
fact occurs once.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

from tests.service.county import document, parsed
from vectorstore import EditionStore
from vectorstore.records import (
    DocumentKind,
    DocumentStatus,
    Family,
    Field,
    ItemKind,
    ItemStatus,
    Page,
    ParsedDocument,
    RefTitle,
)

MOORBACH = "https://lotse.moorbach.example"
REPORT, PLAN, LEAFLET = "moorbach-bericht", "moorbach-plan", "moorbach-faltblatt"
FIRST, SECOND = date(2025, 6, 2), date(2026, 6, 1)
WATER, ROADS = RefTitle("1", "Wasser & Auen"), RefTitle("2", "Wege")
IDEA, PLANNED, GOING, DONE = (
    ItemStatus.IDEA,
    ItemStatus.PLANNED,
    ItemStatus.IN_PROGRESS,
    ItemStatus.IMPLEMENTED,
)
PRINTED = {
    IDEA: "nur eine Idee",
    PLANNED: "vorgesehen",
    GOING: "wird gebaut",
    DONE: "ist fertig",
    None: "",
}


def measure(
    ref: str,
    title: str,
    status: ItemStatus | None,
    said: str,
    theme: RefTitle | None = WATER,
    **more: Any,
) -> dict[str, Any]:
    """Return a measure whose fields say its status, who is responsible and how it stands."""
    fields = [Field("Stand der Umsetzung", PRINTED[status], "status", 2)] if status else []
    fields += [
        Field("Wer", more.pop("unit", "Amt für Wasser"), "responsible", 2),
        Field("Sachstand", said, "state", 2),
    ]
    body = "\n".join(f"{field.label}: {field.text}" for field in fields)
    return {"kind": ItemKind.MEASURE, "ref": ref, "title": title, "status": status, "theme": theme, "body": body,
            "fields": tuple(fields), "family": "M {n}", **more}  # fmt: skip


def report(year: int, measures: list[dict[str, Any]], **more: Any) -> ParsedDocument:
    """Return the report of a year; it says itself that there are nine measures."""
    head = document(
        REPORT, f"Bericht des Kreises Moorbach {year}", DocumentKind.REPORT, DocumentStatus.PUBLISHED,
        publisher="Kreis Moorbach", as_of=date(year, 3, 1), pages=(Page(0, 1, "1"), Page(200, 2, "2")), sample=True,
        families=(Family("M {n}", ItemKind.MEASURE, len(measures), 9, False),), **more,
    )  # fmt: skip
    front = {"kind": ItemKind.SECTION, "ref": "Titel", "title": f"Bericht {year}", "key": "Titel"}
    return parsed(head, [front, *measures])


def first_report() -> ParsedDocument:
    """Return the earlier edition."""
    return report(2025, [
        measure("M 1", "Moorbach umbauen", PLANNED, "Der Antrag ist gestellt."),
        measure("M 2", "Ufer bepflanzen", GOING, "Es sind 400 Erlen gesetzt."),
        measure("M 3", "Brunnen sanieren", IDEA, "Gesammelt wird noch."),
        measure("M 4", "Radweg nach Quellstedt", GOING, "Der erste Abschnitt ist offen.", ROADS),
        measure("M 5", "Brücke am Alten Wehr", PLANNED, "Die Statik wird gerechnet.", ROADS),
        measure("M 6", "Wege beschildern", None, "Schilder sind bestellt.", ROADS),
        measure("M 7", "Fähre wieder einrichten", IDEA, "Ein Verein hat gefragt.", ROADS),
        measure("M 8", "Karten im Netz", GOING, "Die Karten sind online.", None),
    ])  # fmt: skip


def second_report() -> ParsedDocument:
    """Return the later edition: status, number, title and fields change, one is gone, one is new,
    two stay.
    """
    return report(2026, [
        measure("M 1", "Moorbach umbauen", GOING, "Die Bagger sind da."),
        measure("M 2", "Ufer bepflanzen", GOING, "Es sind 1.900 Erlen gesetzt."),
        measure("M 3", "Brunnen sanieren", IDEA, "Gesammelt wird noch."),
        measure("M 4", "Radweg nach Quellstedt", DONE, "Die ganze Strecke ist offen.", ROADS),
        measure("M 9", "Brücke am Alten Wehr", PLANNED, "Die Statik wird gerechnet.", ROADS),
        measure("M 6", "Wege beschildern", None, "Schilder sind bestellt.", ROADS),
        measure("M 8", "Karten im Internet", GOING, "Die Karten sind online.", None),
        measure("M 10", "Rastplatz am Speicher", IDEA, "Ein Ort wird gesucht.", ROADS),
    ])  # fmt: skip


def plan(status: DocumentStatus = DocumentStatus.DRAFT) -> ParsedDocument:
    """Return a draft with one measure, without a date."""
    head = document(
        PLAN,
        "Klimaplan Moorbach",
        DocumentKind.PLAN,
        status,
        publisher="Kreis Moorbach",
        sample=True,
    )
    return parsed(
        head,
        [{**measure("K 1", "Dächer begrünen", DONE, "Das Kreishaus ist grün."), "family": None}],
    )


def leaflet() -> ParsedDocument:
    """Return a document that the later edition does not have any more."""
    more = {"publisher": "Naturverein", "as_of": date(2020, 1, 1)}
    head = document(LEAFLET, "Faltblatt Auen", DocumentKind.OTHER, None, **more)
    return parsed(head, [{"kind": ItemKind.GOAL, "ref": "1", "title": "Die Aue wird nass."}])


def publish_both(folder: Path) -> EditionStore:
    """Publish the earlier edition, then the later one in which the plan is adopted."""
    day = [FIRST]
    store = EditionStore(folder, today=lambda: day[0])
    store.publish([first_report(), plan(), leaflet()])
    day[0] = SECOND
    store.publish([second_report(), plan(DocumentStatus.ADOPTED)])
    return store


def reread(document: ParsedDocument) -> ParsedDocument:
    """Return a document of the same file that was read otherwise: no statuses and fields, and one
    title.
    """
    plain = [replace(item, fields=item.fields[1:], status=None) for item in document.items]
    return replace(
        document, items=(plain[0], replace(plain[1], title="Moorbach naturnah umbauen"), *plain[2:])
    )
