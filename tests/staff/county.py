"""A document in which every text that people read is an attempt to become markup, and the report of
its reading.
"""

from __future__ import annotations

from datetime import date
from typing import Any

from tests.service.county import parsed
from vectorstore.records import (
    Conflict,
    Document,
    DocumentKind,
    DocumentStatus,
    ItemKind,
    ItemStatus,
    Page,
    ParsedDocument,
    RefTitle,
)

SCRIPT = "<script>window.hacked=1</script>"
IMAGE = '"><img src=x onerror=window.hacked=1>'
SHEET = "=cmd|'/c calc'!A1"
FILE_NAME = f"{IMAGE}.pdf"


def hostile() -> ParsedDocument:
    """Return a report with markup in titles, texts, units, municipalities, themes, labels and
    warnings.
    """
    theme, goal = RefTitle("9", f"Thema {IMAGE}"), RefTitle("9.1", f"Ziel {SCRIPT}")
    document = Document(
        id="boeser-bericht",
        title=f"Bericht {SCRIPT}",
        publisher=f"Kreis {IMAGE}",
        kind=DocumentKind.REPORT,
        status=DocumentStatus.DRAFT,
        digest="",
        file_name=FILE_NAME,
        text="",
        as_of=date(2026, 2, 1),
        pages=(Page(0, 1, f"1{IMAGE}"),),
        warnings=(f"Warnung {SCRIPT}",),
    )
    project: dict[str, Any] = {"kind": ItemKind.PROJECT, "theme": theme, "goal": goal, "parent": "9.1",
                               "path": (f"9 Thema {IMAGE}", f"9.1 Ziel {SCRIPT}")}  # fmt: skip
    specs: list[dict[str, Any]] = [
        {"kind": ItemKind.THEME, "ref": "9", "title": theme.title},
        {"kind": ItemKind.GOAL, "ref": "9.1", "title": goal.title, "theme": theme, "parent": "9"},
        {**project, "ref": "9.1.1", "title": f"Projekt {SCRIPT}", "status": ItemStatus.IDEA, "body": f"Text {IMAGE}",
         "status_heading": f"Ideen {SCRIPT}", "table_title": f"Tabelle {IMAGE}", "table_row": f"9.1.1 {IMAGE}",
         "responsible": (f"66 {IMAGE}",), "municipalities": (f"Ort {SCRIPT}",), "cooperation": f"mit {IMAGE}",
         "amounts": (f"5 {IMAGE}",), "dates": ("2026-01",),
         "conflicts": (Conflict(f"status {SCRIPT}", f"idea {SCRIPT}", f"planned {IMAGE}"),)},
        {**project, "ref": "9.1.2", "title": SHEET, "status": ItemStatus.PLANNED, "responsible": ("+49 Telefon",),
         "cooperation": "@alle", "body": "-1 und\x0bein Steuerzeichen"},
    ]  # fmt: skip
    return parsed(document, specs)


def report_of(*documents: ParsedDocument) -> dict[str, Any]:
    """Return an ingestion report as an edition keeps it: these documents, a rejected file and one
    that was left.
    """
    files = [
        {"file": f"/irgendwo/{document.document.file_name}", "id": document.document.id, "state": "indexed",
         "reason": None, "warnings": list(document.document.warnings), "counts": {"project": len(document.items)},
         "chunks": len(document.chunks),
         "seconds": 0.25}
        for document in documents
    ]  # fmt: skip
    rejected = {
        "file": f"kaputt{FILE_NAME}",
        "id": "kaputt",
        "state": "rejected",
        "reason": f"Kein Text {SCRIPT}",
    }
    return {"files": [*files, rejected], "left": [f"/irgendwo/notiz{IMAGE}.docx"], "exit_code": 1}
