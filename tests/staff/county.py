"""A document in which every text that people read is an attempt to become markup, and the report of
its reading.
"""

from __future__ import annotations

import tomllib
from pathlib import Path
from typing import Any

from tests.service.county import paper_of
from vectorstore.records import ParsedDocument

SCRIPT = "<script>window.hacked=1</script>"
IMAGE = '"><img src=x onerror=window.hacked=1>'
SHEET = "=cmd|'/c calc'!A1"
FILE_NAME = f"{IMAGE}.pdf"


def hostile() -> ParsedDocument:
    """Return a report with markup in titles, texts, units, municipalities, themes, labels and
    warnings.
    """
    return paper_of(tomllib.loads(Path(__file__).with_suffix(".toml").read_text(encoding="utf-8")))


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
