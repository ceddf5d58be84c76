"""Papers of the invented county that were read in part: one that lists more than was found, one not understood."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import Any

from tests.service.county import parsed, report
from vectorstore.records import (
    Coverage,
    Document,
    DocumentKind,
    DocumentStatus,
    Evidence,
    Family,
    ItemKind,
    Page,
    ParsedDocument,
)

CLIMATE = "Klimaschutzkonzept Kreis Auenland"
CYCLING = "Radverkehrskonzept Kreis Auenland"
SHORT = f"„{CLIMATE}“ selbst nennt 7 Maßnahmen (Verzeichnis der Maßnahmen: 7 Einträge, Seite 3); gelesen wurden 5."
SHORT_ENGLISH = f"“{CLIMATE}” itself says 7 measures (Verzeichnis der Maßnahmen: 7 Einträge, page 3); 5 were read."
UNKNOWN = (
    "Wie viele Maßnahmen es sind, lässt sich nicht sicher sagen: "
    f"Der Aufbau von „{CYCLING}“ wurde nicht sicher erkannt."
)
MEASURES = ("Jobticket", "Solaratlas", "Wärmenetz Nord", "Moorschutz", "Energieberatung")


def climate(*, complete: bool = False) -> ParsedDocument:
    """Return a programme of seven measures by its own list, of which five were found; or all five of five."""
    family = Family(
        "M {n}",
        ItemKind.MEASURE,
        found=5,
        expected=5 if complete else 7,
        complete=complete,
        evidence=(Evidence("Verzeichnis der Maßnahmen: 7 Einträge", 3),),
    )
    specs = [_measure(f"M {place}", title) for place, title in enumerate(MEASURES, start=1)]
    coverage = Coverage(body=900, furniture=40, contents=120, lost=30)
    return _paper("auenland-klima", CLIMATE, specs, family, coverage)


def cycling(found: int = 3) -> ParsedDocument:
    """Return a paper whose structure was not understood: what was found may be anything."""
    titles = ("Radstation", "Fahrradbox", "Lückenschluss")[:found]
    specs = [_measure(f"{place}.", title) for place, title in enumerate(titles, start=1)]
    return _paper("auenland-rad", CYCLING, specs, Family("{n}.", ItemKind.MEASURE, found))


def partly_read_report(complete: bool | None) -> ParsedDocument:
    """Return the report, of whose eight projects by its own words five were found; or with nobody knowing how many."""
    one = report()
    evidence = (Evidence("Projektliste: 8 Zeilen", 2),)
    family = Family("2.1.{n}.{n}", ItemKind.PROJECT, 5, None if complete is None else 8, complete, evidence)
    items = tuple(
        replace(item, family=family.label, table_row=item.heading, status_heading=item.heading)
        if item.kind is ItemKind.PROJECT
        else item
        for item in one.items
    )
    return replace(one, document=replace(one.document, families=(family,)), items=items)


def _measure(ref: str, title: str) -> dict[str, Any]:
    family, body = "M {n}" if ref.startswith("M") else "{n}.", f"{title} wird im Kreis umgesetzt."
    key = ref.replace(" ", "-").strip(".")
    return {"kind": ItemKind.MEASURE, "ref": ref, "key": key, "title": title, "family": family, "body": body}


def _paper(
    id_: str, title: str, specs: list[dict[str, Any]], family: Family, coverage: Coverage | None = None
) -> ParsedDocument:
    document = Document(
        id=id_,
        title=title,
        publisher="Kreis Auenland",
        kind=DocumentKind.PROGRAMME,
        status=DocumentStatus.ADOPTED,
        digest="",
        file_name=f"{id_}.pdf",
        text="",
        as_of=date(2026, 1, 15),
        pages=(Page(0, 1, "1"), Page(150, 2, "2")),
        families=(family,),
        coverage=coverage,
    )
    front = {"kind": ItemKind.SECTION, "ref": "Titel", "title": title, "body": "Beschlossen vom Kreistag."}
    return parsed(document, [front, *specs])
