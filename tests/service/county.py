"""A small invented county as records: a report with projects, a motion, an archive, conflicts and
awkward titles.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from hashlib import sha256
from pathlib import Path
from typing import Any

from tests.sharing import copy_of
from vectorstore import EditionStore
from vectorstore.records import (
    Chunk,
    Conflict,
    Document,
    DocumentKind,
    DocumentStatus,
    Item,
    ItemKind,
    ItemStatus,
    Page,
    ParsedDocument,
    RefTitle,
)

MOBILITY = RefTitle("2", "Mobilität")
CYCLING = RefTitle("2.1", "Mehr Wege werden mit dem Rad zurückgelegt.")
FORMULA_TITLE = '=HYPERLINK("http://boese.example";"Klick")'
SCRIPT_TITLE = "<script>alert(1)</script> & Söhne"


def document(
    id_: str, title: str, kind: DocumentKind, status: DocumentStatus | None, **more: Any
) -> Document:
    """Return a document of the county whose text is still to be written."""
    values = {"publisher": "Kreis Auenland", "digest": "", "file_name": f"{id_}.pdf", "text": ""}
    return Document(id=id_, title=title, kind=kind, status=status, **{**values, **more})


def parsed(document: Document, specs: list[dict[str, Any]]) -> ParsedDocument:
    """Write the items one below the other into a text, and make one passage of each."""
    text, items, chunks = "", [], []
    for order, spec in enumerate(specs):
        heading, body = f"{spec['ref']} {spec['title']}", spec.pop("body", "")
        start = len(text)
        text += heading + "\n\n" + (body + "\n\n" if body else "")
        item = Item(
            document_id=document.id,
            key=spec.pop("key", spec["ref"]),
            order=order,
            heading=heading,
            body=body,
            start=start,
            end=len(text.rstrip()),
            page=1 + order // 3,
            page_label=str(order // 3),
            **spec,
        )
        items.append(item)
        passage = text[item.start : item.end]
        chunk_id = f"{document.id}/{item.key}"
        chunks.append(Chunk(id=chunk_id, document_id=document.id, key=item.key, text=passage, context="",
                            start=item.start, end=item.end))  # fmt: skip
    digest = sha256(text.encode()).hexdigest()
    return ParsedDocument(
        document=replace(document, text=text, digest=digest),
        items=tuple(items),
        chunks=tuple(chunks),
    )


def publish_county(data: Path) -> Path:
    """Publish report and motion in a data folder of one's own; returns the folder."""
    return copy_of("county", lambda made: EditionStore(made).publish([report(), motion()]), data)


def publish_report(data: Path) -> Path:
    """Publish the report alone in a data folder of one's own; returns the folder."""
    return copy_of("county report", lambda made: EditionStore(made).publish([report()]), data)


def report() -> ParsedDocument:
    """Return the sustainability report."""
    head = document(
        "auenland-report",
        "Nachhaltigkeitsbericht Kreis Auenland",
        DocumentKind.REPORT,
        DocumentStatus.PUBLISHED,
        file_name="report.pdf",
        as_of=date(2026, 3, 1),
        source_url="https://www.auenland.example/report.pdf",
        sample=True,
        pages=(Page(0, 1, "1"), Page(300, 2, "2")),
    )
    project = {"kind": ItemKind.PROJECT, "theme": MOBILITY, "goal": CYCLING, "parent": "2.1",
               "path": ("2 Mobilität", "2.1 Mehr Wege werden mit dem Rad zurückgelegt.")}  # fmt: skip
    specs: list[dict[str, Any]] = [
        {"kind": ItemKind.THEME, "ref": "2", "title": "Mobilität", "body": "Der Kreis bewegt sich."},
        {"kind": ItemKind.GOAL, "ref": "2.1", "title": CYCLING.title, "theme": MOBILITY, "parent": "2",
         "path": ("2 Mobilität",)},
        {**project, "ref": "2.1.2.3", "title": "Radschnellweg Nord", "status": ItemStatus.IN_PROGRESS,
         "status_heading": "Projekte in Bearbeitung", "table_title": "RSW Nord",
         "table_row": "2.1.2.3 RSW Nord x 66.01 Straßenbau", "responsible": ("66.01 Straßenbau",),
         "cooperation": "Auental, Bergheim", "municipalities": ("Auental", "Bergheim"),
         "dates": ("2026-05-01",), "amounts": ("1,2 Mio. Euro",),
         "conflicts": (Conflict("status", "in_progress", "planned"),),
         "body": "Der Radschnellweg verbindet Auental und Bergheim auf zwölf Kilometern.\n\n"
                 "Der Bau beginnt am 1. Mai 2026. Die Kosten betragen 1,2 Mio. Euro."},
        {**project, "ref": "2.1.3.1", "title": "Ladesäulen", "status": ItemStatus.IMPLEMENTED,
         "responsible": ("66 Verkehr", "Dez. 06"), "all_municipalities": True, "municipalities": (),
         "dates": ("2025",), "body": "Alle Rathäuser haben Ladesäulen."},
        {**project, "ref": "2.1.4.1", "title": "Lastenradverleih", "status": ItemStatus.IDEA,
         "responsible": ("10 Organisation",), "municipalities": ("Auental",),
         "body": "Familien leihen Lastenräder kostenlos aus. Die Idee stammt aus der Bürgerwerkstatt."},
        {**project, "ref": "2.1.4.2", "title": FORMULA_TITLE, "status": ItemStatus.IDEA, "responsible": (),
         "body": "- Ein Titel, der eine Tabelle überlisten will."},
        {**project, "ref": "2.1.4.3", "title": SCRIPT_TITLE, "status": ItemStatus.PLANNED,
         "responsible": ("660 Vermessung",), "body": "Ein Titel, der eine Seite überlisten will."},
        {"kind": ItemKind.PROJECT, "ref": "Archiv", "key": "Archiv~1", "title": "Alter Bürgerbus",
         "status": ItemStatus.ARCHIVED, "former_ref": "2.1.1.1"},
    ]  # fmt: skip
    return parsed(head, specs)


def motion() -> ParsedDocument:
    """Return a motion that nobody decided."""
    said = {
        "publisher": "Fraktion Beispiel",
        "file_name": "antrag.txt",
        "warnings": ("Das Datum fehlt.",),
    }
    head = document(
        "auenland-antrag", "Antrag Lärmschutz", DocumentKind.MOTION, DocumentStatus.PROPOSED, **said
    )
    specs: list[dict[str, Any]] = [
        {"kind": ItemKind.RESOLUTION, "ref": "I", "title": "Beschlusspunkt I",
         "body": "Der Kreistag beauftragt die Verwaltung, Lärmschutz zu prüfen."},
        {"kind": ItemKind.SECTION, "ref": "Begründung", "key": "Begruendung", "title": "Begründung",
         "body": "Lärm macht krank."},
    ]  # fmt: skip
    return parsed(head, specs)
