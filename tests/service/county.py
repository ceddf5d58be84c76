"""A small invented county as records: a report with projects, a motion, an archive, conflicts and
awkward titles.
"""

from __future__ import annotations

import tomllib
from dataclasses import replace
from hashlib import sha256
from pathlib import Path
from typing import Any

from pydantic import TypeAdapter

from tests.sharing import copy_of
from vectorstore import EditionStore
from vectorstore.records import (
    Chunk,
    Document,
    DocumentKind,
    DocumentStatus,
    Item,
    ParsedDocument,
)

FORMULA_TITLE = '=HYPERLINK("http://boese.example";"Klick")'
DOCUMENT = TypeAdapter(Document)
ITEM = TypeAdapter(Item)
PAPERS = tomllib.loads(Path(__file__).with_suffix(".toml").read_text(encoding="utf-8"))


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
        made = {
            "document_id": document.id,
            "key": spec.pop("key", spec["ref"]),
            "order": order,
            "heading": heading,
            "body": body,
            "start": start,
            "end": len(text.rstrip()),
            "page": 1 + order // 3,
            "page_label": str(order // 3),
        }
        item = ITEM.validate_python({**made, **spec})
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
    return paper("report")


def motion() -> ParsedDocument:
    """Return a motion that nobody decided."""
    return paper("motion")


def paper(name: str) -> ParsedDocument:
    """Return a paper of the file of papers."""
    return paper_of(PAPERS[name])


def paper_of(made: dict[str, Any]) -> ParsedDocument:
    """Return the paper that a table of such a file describes."""
    specs = []
    for item in made["items"]:
        spec = {**made.get(item.get("like"), {}), **item}
        body = spec.get("body", "").replace("{title}", spec["title"])
        specs.append({**spec, "body": body})
    usual = {"publisher": "Kreis Auenland", "status": None, "digest": "", "text": ""}
    return parsed(DOCUMENT.validate_python({**usual, **made}), specs)
