"""Editions whose documents all have the same records, each with an original of its own."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path

from tests.service.county import report
from tests.service.printed_papers import printed
from vectorstore.editions import EditionStore
from vectorstore.records import ParsedDocument


def publish(root: Path, papers: Mapping[str, bytes]) -> Path:
    """Publish an edition with these PDFs by their documents' ids, and an ordinary one; return its data folder."""
    originals = {"ordinary": printed(root / "ordinary.pdf")}
    for name, content in papers.items():
        originals[name] = root / f"{name}.pdf"
        originals[name].write_bytes(content)
    EditionStore(root / "data").publish([copy_of(report(), name) for name in originals], originals=originals)
    return root / "data"


def copy_of(document: ParsedDocument, name: str) -> ParsedDocument:
    """Return the same document under another id."""
    return ParsedDocument(
        document=replace(document.document, id=name),
        items=tuple(replace(item, document_id=name) for item in document.items),
        chunks=tuple(replace(chunk, id=f"{name}/{chunk.key}", document_id=name) for chunk in document.chunks),
    )


def picture_of(name: str, width: int = 900) -> str:
    """Return the address of a document's first page."""
    return f"/api/v1/documents/{name}/pages/1.png?width={width}"
