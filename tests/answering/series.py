"""Two papers of one series of the invented county, made so that every kind of change occurs."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import Any

from tests.service.county import CYCLING, MOBILITY, parsed
from vectorstore.records import (
    Document,
    DocumentKind,
    DocumentStatus,
    ItemKind,
    ItemStatus,
    Page,
    ParsedDocument,
    RefTitle,
)

OLD, NEW = "auenland-2024", "auenland-2026"
HOUSING = RefTitle("3", "Wohnen")


def paper(year: int) -> Document:
    """Return the report of a year, without its text."""
    return Document(
        id=f"auenland-{year}",
        title=f"Klimareport Auenland {year}",
        publisher="Kreis Auenland",
        kind=DocumentKind.REPORT,
        status=DocumentStatus.PUBLISHED,
        digest="",
        file_name=f"{year}.pdf",
        text="",
        as_of=date(year, 3, 1),
        series="klimareport",
        pages=(Page(0, 1, "1"),),
    )


def project(
    ref: str, title: str, status: ItemStatus, theme: RefTitle = MOBILITY, **more: Any
) -> dict[str, Any]:
    """Return a project as `parsed` takes it."""
    body = f"Der Kreis nennt dazu: {title}."
    return {
        "kind": ItemKind.PROJECT,
        "ref": ref,
        "title": title,
        "status": status,
        "theme": theme,
        "body": body,
    } | more


def series() -> list[ParsedDocument]:
    """Return the earlier and the later paper; the later one replaces the earlier one."""
    idea, planned, going, done = (
        ItemStatus.IDEA,
        ItemStatus.PLANNED,
        ItemStatus.IN_PROGRESS,
        ItemStatus.IMPLEMENTED,
    )
    front = {"kind": ItemKind.SECTION, "key": "Titel", "ref": "Titel"}
    goal = {"kind": ItemKind.GOAL, "ref": "2.1", "title": CYCLING.title, "theme": MOBILITY}
    old = [
        {**front, "title": "Klimareport Auenland 2024"},
        goal,
        project("2.1.1", "Radschnellweg Nord", planned),
        project("2.1.2", "Lastenradverleih", idea),
        project("2.1.3", "Ladesäulen an Rathäusern", going),
        project("2.1.4", "Bürgerbus Tannhausen", idea),
        project("2.1.5", "Sammeltaxi am Abend", planned),
        project("2.1.6", "Wohnraumbörse für Familien", planned),
        project("2.1.7", "Alter Fuhrpark", going),
    ]
    new = [
        {**front, "title": "Klimareport Auenland 2026"},
        goal,
        project("2.1.1", "Radschnellweg Nord", going),
        project("2.1.2", "Verleih von Lastenrädern", idea),
        project("2.1.3", "Ladesäulen an den Rathäusern", done),
        project("2.1.4", "Fahrradwerkstatt Bergheim", idea),
        project("2.1.5", "Sammeltaxi am Abend", planned),
        project("3.1.1", "Wohnraumbörse für Familien", planned, HOUSING),
        project(
            "Archiv", "Alter Fuhrpark", ItemStatus.ARCHIVED, key="Archiv~1", former_ref="2.1.7"
        ),
    ]
    later = replace(paper(2026), replaces=OLD)
    return [parsed(paper(2024), old), parsed(later, new)]
