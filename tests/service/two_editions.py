"""Two editions of an invented report and its neighbours, so that every kind of change and every
fact occurs once.
"""

from __future__ import annotations

import tomllib
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

from tests.service.county import document, paper_of, parsed
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
WATER = RefTitle("1", "Wasser & Auen")
THEMES = {"1": WATER, "2": RefTitle("2", "Wege"), "": None}
TABLES = tomllib.loads(Path(__file__).with_suffix(".toml").read_text(encoding="utf-8"))
PRINTED = {
    ItemStatus.IDEA: "nur eine Idee",
    ItemStatus.PLANNED: "vorgesehen",
    ItemStatus.IN_PROGRESS: "wird gebaut",
    ItemStatus.IMPLEMENTED: "ist fertig",
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


def measures_of(year: str) -> list[dict[str, Any]]:
    """Return the measures that the report of a year has."""
    found = []
    for ref, title, status, said, theme in TABLES[year]:
        found.append(measure(ref, title, status or None, said, THEMES[theme]))
    return found


def first_report() -> ParsedDocument:
    """Return the earlier edition."""
    return report(2025, measures_of("2025"))


def second_report() -> ParsedDocument:
    """Return the later edition: status, number, title and fields change, one is gone, one is new,
    two stay.
    """
    return report(2026, measures_of("2026"))


def plan(status: DocumentStatus = DocumentStatus.DRAFT) -> ParsedDocument:
    """Return a draft with one measure, without a date."""
    return paper_of(TABLES["plan"] | {"status": status})


def leaflet() -> ParsedDocument:
    """Return a document that the later edition does not have any more."""
    return paper_of(TABLES["leaflet"])


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
