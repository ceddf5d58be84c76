"""Papers of the invented county read in part, with front matter that nobody has confirmed, or
replaced by another.
"""

from __future__ import annotations

from dataclasses import replace

from tests.service.county import paper, report
from vectorstore.records import (
    Evidence,
    Family,
    ItemKind,
    ParsedDocument,
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


def climate(*, complete: bool = False) -> ParsedDocument:
    """Return a programme of seven measures by its own list, of which five were found; or all five
    of five.
    """
    value = paper("climate")
    if not complete:
        return value
    (family,) = value.document.families
    whole = replace(family, expected=5, complete=True)
    return replace(value, document=replace(value.document, families=(whole,)))


def cycling() -> ParsedDocument:
    """Return a paper whose structure was not understood."""
    return paper("cycling")


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
    """Return a concept that was found without a register."""
    return paper("guessed")


def old() -> ParsedDocument:
    """Return a concept of 2015 that the one of 2026 replaces."""
    return paper("old")


def new() -> ParsedDocument:
    """Return the concept of 2026."""
    return paper("new")


def expired() -> ParsedDocument:
    """Return a programme that was valid until the end of 2020."""
    return paper("expired")
