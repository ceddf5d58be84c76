"""Papers of the invented county whose front matter nobody has confirmed, and one that another replaces."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import Any

from tests.service.county import parsed
from vectorstore.records import Document, DocumentKind, DocumentStatus, FrontFact, ItemKind, Page, ParsedDocument

GUESSED = "Hochwasserkonzept Auenland"
OLD, NEW = "Wohnraumkonzept Kreis Auenland 2015", "Wohnraumkonzept Kreis Auenland 2026"


def guessed() -> ParsedDocument:
    """Return a concept that was found without a register: only its kind is sure, its status is not known."""
    front = (
        FrontFact("title", "found", sure=False, quote="Hochwasserkonzept Auenland", page=1),
        FrontFact("publisher", "found", sure=False, quote="im Kreis Auenland", page=2),
        FrontFact("kind", "found", sure=True, quote="Hochwasserkonzept Auenland", page=1),
        FrontFact("status", "found", sure=False),
        FrontFact("as_of", "found", sure=False, quote="vom 4. Mai 2025.", page=1),
    )
    document = replace(_document("auenland-hochwasser", GUESSED, DocumentKind.CONCEPT), front=front)
    document = replace(document, status=None, as_of=date(2025, 5, 4))
    return parsed(document, [_front(GUESSED), _measure("H 1", "Deichbau an der Aue")])


def old() -> ParsedDocument:
    """Return a concept of 2015 that the one of 2026 replaces."""
    document = replace(_document("auenland-wohnen-alt", OLD, DocumentKind.CONCEPT), as_of=date(2015, 6, 1))
    return parsed(document, [_front(OLD), _measure("W 1", "Wohnungstausch"), _measure("W 2", "Zeltplatz am Weiher")])


def new() -> ParsedDocument:
    """Return the concept of 2026."""
    document = _document("auenland-wohnen-neu", NEW, DocumentKind.CONCEPT)
    document = replace(document, as_of=date(2026, 6, 1), replaces="auenland-wohnen-alt", series="wohnen")
    return parsed(document, [_front(NEW), _measure("W 1", "Mehr Wohnungstausch")])


def expired() -> ParsedDocument:
    """Return a programme that was valid until the end of 2020."""
    document = replace(
        _document("auenland-foerderung", "Förderprogramm Dachgrün", DocumentKind.PROGRAMME),
        valid_until=date(2020, 12, 31),
    )
    return parsed(document, [_front("Förderprogramm Dachgrün"), _measure("F 1", "Zuschuss für Gründächer")])


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


def _front(title: str) -> dict[str, Any]:
    return {"kind": ItemKind.SECTION, "ref": "Titel", "title": title, "body": "Aus der Kreisverwaltung."}


def _measure(ref: str, title: str) -> dict[str, Any]:
    body = f"Die Maßnahme {title} wird im Kreis umgesetzt."
    return {"kind": ItemKind.MEASURE, "ref": ref, "key": ref.replace(" ", "-"), "title": title, "body": body}
