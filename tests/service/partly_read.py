"""Papers of the invented county read in part, with front matter that nobody has confirmed, or
replaced by another.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import Any

from tests.service.county import document, parsed, report
from vectorstore.records import (
    Coverage,
    DocumentKind,
    DocumentStatus,
    Evidence,
    Family,
    ItemKind,
    MetadataFact,
    Page,
    ParsedDocument,
    StruckText,
)

CLIMATE = "Klimaschutzkonzept Kreis Auenland"
CYCLING = "Radverkehrskonzept Kreis Auenland"
SHORT = f"„{CLIMATE}“ selbst nennt 7 Maßnahmen (Verzeichnis der Maßnahmen: 7 Einträge, Seite 3); gelesen wurden 5."
UNKNOWN = (
    "Wie viele Maßnahmen es sind, lässt sich nicht sicher sagen: "
    f"Der Aufbau von „{CYCLING}“ wurde nicht sicher erkannt."
)
GUESSED = "Hochwasserkonzept Auenland"
OLD, NEW = "Wohnraumkonzept Kreis Auenland 2015", "Wohnraumkonzept Kreis Auenland 2026"
ADOPTED = DocumentStatus.ADOPTED
MEASURES = ("Jobticket", "Solaratlas", "Wärmenetz Nord", "Moorschutz", "Energieberatung")


def climate(*, complete: bool = False) -> ParsedDocument:
    """Return a programme of seven measures by its own list, of which five were found; or all five
    of five.
    """
    family = Family(
        "M {n}",
        ItemKind.MEASURE,
        found=5,
        expected=5 if complete else 7,
        complete=complete,
        evidence=(Evidence("Verzeichnis der Maßnahmen: 7 Einträge", 3),),
    )
    specs = [
        _measure(f"M {place}", title, "M {n}") for place, title in enumerate(MEASURES, start=1)
    ]
    coverage = Coverage(body=900, furniture=40, contents=120, lost=30, struck=23, notes=4, forms=17)
    value = _programme("auenland-klima", CLIMATE, specs, family, coverage)
    struck = (StruckText("Kosten: 120.000 Euro", 2),)
    return replace(value, document=replace(value.document, struck=struck))


def cycling(found: int = 3) -> ParsedDocument:
    """Return a paper whose structure was not understood: what was found may be anything."""
    titles = ("Radstation", "Fahrradbox", "Lückenschluss")[:found]
    specs = [_measure(f"{place}.", title, "{n}.") for place, title in enumerate(titles, start=1)]
    return _programme("auenland-rad", CYCLING, specs, Family("{n}.", ItemKind.MEASURE, found))


def partly_read_report(complete: bool | None) -> ParsedDocument:
    """Return the report, of whose eight projects by its own words five were found; or with nobody
    knowing how many.
    """
    value = report()
    evidence = (Evidence("Projektliste: 8 Zeilen", 2),)
    family = Family(
        "2.1.{n}.{n}", ItemKind.PROJECT, 5, None if complete is None else 8, complete, evidence
    )
    items = tuple(
        replace(item, family=family.label, table_row=item.heading, status_heading=item.heading)
        if item.kind is ItemKind.PROJECT
        else item
        for item in value.items
    )
    return replace(value, document=replace(value.document, families=(family,)), items=items)


def guessed() -> ParsedDocument:
    """Return a concept that was found without a register: only its kind is sure, its status is not
    known.
    """
    front = (
        MetadataFact("title", "found", sure=False, quote="Hochwasserkonzept Auenland", page=1),
        MetadataFact("publisher", "found", sure=False, quote="im Kreis Auenland", page=2),
        MetadataFact("kind", "found", sure=True, quote="Hochwasserkonzept Auenland", page=1),
        MetadataFact("status", "found", sure=False),
        MetadataFact("as_of", "found", sure=False, quote="vom 4. Mai 2025.", page=1),
    )
    measures = [_measure("H 1", "Deichbau an der Aue")]
    return _published(
        "auenland-hochwasser",
        GUESSED,
        DocumentKind.CONCEPT,
        measures,
        None,
        front=front,
        as_of=date(2025, 5, 4),
    )


def old() -> ParsedDocument:
    """Return a concept of 2015 that the one of 2026 replaces."""
    measures = [_measure("W 1", "Wohnungstausch"), _measure("W 2", "Zeltplatz am Weiher")]
    return _published(
        "auenland-wohnen-alt", OLD, DocumentKind.CONCEPT, measures, ADOPTED, as_of=date(2015, 6, 1)
    )


def new() -> ParsedDocument:
    """Return the concept of 2026."""
    measures = [_measure("W 1", "Mehr Wohnungstausch")]
    more = {"as_of": date(2026, 6, 1), "replaces": "auenland-wohnen-alt", "series": "wohnen"}
    return _published("auenland-wohnen-neu", NEW, DocumentKind.CONCEPT, measures, ADOPTED, **more)


def expired() -> ParsedDocument:
    """Return a programme that was valid until the end of 2020."""
    title, measures = "Förderprogramm Dachgrün", [_measure("F 1", "Zuschuss für Gründächer")]
    until = date(2020, 12, 31)
    return _published(
        "auenland-foerderung", title, DocumentKind.PROGRAMME, measures, ADOPTED, valid_until=until
    )


def _programme(
    id_: str,
    title: str,
    measures: list[dict[str, Any]],
    family: Family,
    coverage: Coverage | None = None,
) -> ParsedDocument:
    pages = (Page(0, 1, "1"), Page(150, 2, "2"))
    more = {"as_of": date(2026, 1, 15), "pages": pages, "families": (family,), "coverage": coverage}
    return _published(id_, title, DocumentKind.PROGRAMME, measures, ADOPTED, **more)


def _published(
    id_: str,
    title: str,
    kind: DocumentKind,
    specs: list[dict[str, Any]],
    status: DocumentStatus | None,
    **more: Any,
) -> ParsedDocument:
    front = {
        "kind": ItemKind.SECTION,
        "ref": "Titel",
        "title": title,
        "body": "Aus der Kreisverwaltung.",
    }
    return parsed(
        document(id_, title, kind, status, **{"pages": (Page(0, 1, "1"),), **more}), [front, *specs]
    )


def _measure(ref: str, title: str, family: str | None = None) -> dict[str, Any]:
    key, body = ref.replace(" ", "-").strip("."), f"{title} wird im Kreis umgesetzt."
    return {
        "kind": ItemKind.MEASURE,
        "ref": ref,
        "key": key,
        "title": title,
        "family": family,
        "body": body,
    }
