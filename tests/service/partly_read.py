"""Papers of the invented county read in part, with front matter that nobody has confirmed, or replaced by another."""

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
    MetadataFact,
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
    return _upload("auenland-klima", CLIMATE, specs, family, coverage)


def cycling(found: int = 3) -> ParsedDocument:
    """Return a paper whose structure was not understood: what was found may be anything."""
    titles = ("Radstation", "Fahrradbox", "Lückenschluss")[:found]
    specs = [_measure(f"{place}.", title) for place, title in enumerate(titles, start=1)]
    return _upload("auenland-rad", CYCLING, specs, Family("{n}.", ItemKind.MEASURE, found))


def partly_read_report(complete: bool | None) -> ParsedDocument:
    """Return the report, of whose eight projects by its own words five were found; or with nobody knowing how many."""
    value = report()
    evidence = (Evidence("Projektliste: 8 Zeilen", 2),)
    family = Family("2.1.{n}.{n}", ItemKind.PROJECT, 5, None if complete is None else 8, complete, evidence)
    items = tuple(
        replace(item, family=family.label, table_row=item.heading, status_heading=item.heading)
        if item.kind is ItemKind.PROJECT
        else item
        for item in value.items
    )
    return replace(value, document=replace(value.document, families=(family,)), items=items)


def _measure(ref: str, title: str) -> dict[str, Any]:
    family, body = "M {n}" if ref.startswith("M") else "{n}.", f"{title} wird im Kreis umgesetzt."
    key = ref.replace(" ", "-").strip(".")
    return {"kind": ItemKind.MEASURE, "ref": ref, "key": key, "title": title, "family": family, "body": body}


def _upload(
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


GUESSED = "Hochwasserkonzept Auenland"
OLD, NEW = "Wohnraumkonzept Kreis Auenland 2015", "Wohnraumkonzept Kreis Auenland 2026"


def guessed() -> ParsedDocument:
    """Return a concept that was found without a register: only its kind is sure, its status is not known."""
    front = (
        MetadataFact("title", "found", sure=False, quote="Hochwasserkonzept Auenland", page=1),
        MetadataFact("publisher", "found", sure=False, quote="im Kreis Auenland", page=2),
        MetadataFact("kind", "found", sure=True, quote="Hochwasserkonzept Auenland", page=1),
        MetadataFact("status", "found", sure=False),
        MetadataFact("as_of", "found", sure=False, quote="vom 4. Mai 2025.", page=1),
    )
    document = replace(_document("auenland-hochwasser", GUESSED, DocumentKind.CONCEPT), front=front)
    document = replace(document, status=None, as_of=date(2025, 5, 4))
    return parsed(document, [_front_values(GUESSED), _plain("H 1", "Deichbau an der Aue")])


def old() -> ParsedDocument:
    """Return a concept of 2015 that the one of 2026 replaces."""
    document = replace(_document("auenland-wohnen-alt", OLD, DocumentKind.CONCEPT), as_of=date(2015, 6, 1))
    return parsed(document, [_front_values(OLD), _plain("W 1", "Wohnungstausch"), _plain("W 2", "Zeltplatz am Weiher")])


def new() -> ParsedDocument:
    """Return the concept of 2026."""
    document = _document("auenland-wohnen-neu", NEW, DocumentKind.CONCEPT)
    document = replace(document, as_of=date(2026, 6, 1), replaces="auenland-wohnen-alt", series="wohnen")
    return parsed(document, [_front_values(NEW), _plain("W 1", "Mehr Wohnungstausch")])


def expired() -> ParsedDocument:
    """Return a programme that was valid until the end of 2020."""
    document = replace(
        _document("auenland-foerderung", "Förderprogramm Dachgrün", DocumentKind.PROGRAMME),
        valid_until=date(2020, 12, 31),
    )
    return parsed(document, [_front_values("Förderprogramm Dachgrün"), _plain("F 1", "Zuschuss für Gründächer")])


def _document(id_: str, title: str, kind: DocumentKind) -> Document:
    return Document(
        id=id_,
        title=title,
        publisher="Kreis Auenland",
        kind=kind,
        status=DocumentStatus.ADOPTED,
        digest="",
        file_name=f"{id_}.pdf",
        text="",
        pages=(Page(0, 1, "1"),),
    )


def _front_values(title: str) -> dict[str, Any]:
    return {"kind": ItemKind.SECTION, "ref": "Titel", "title": title, "body": "Aus der Kreisverwaltung."}


def _plain(ref: str, title: str) -> dict[str, Any]:
    body = f"Die Maßnahme {title} wird im Kreis umgesetzt."
    return {"kind": ItemKind.MEASURE, "ref": ref, "key": ref.replace(" ", "-"), "title": title, "body": body}
