"""Documents and known records made by hand, so that every figure has an exact value."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from lab.reading.catalogue import KnownDocument, KnownRecord
from vectorstore.records import (
    Chunk,
    Coverage,
    Document,
    DocumentKind,
    Family,
    Item,
    ItemKind,
    Page,
    ParsedDocument,
)

PAGES = tuple(Page(number * 100, number + 1, str(number + 1)) for number in range(9))


def item(
    ref: str, title: str, page: int | None = 1, kind: ItemKind = ItemKind.MEASURE, **more: Any
) -> Item:
    return Item(
        document_id="papier",
        key=f"{ref}-{title}-{page}",
        ref=ref,
        kind=kind,
        title=title,
        order=0,
        heading=title,
        body="",
        start=0,
        end=0,
        page=page,
        **more,
    )


def known(
    ref: str | None, title: str, *pages: int, kind: str = "measure", **more: Any
) -> KnownRecord:
    return KnownRecord(kind=kind, ref=ref, title=title, pages=pages, **more)


def catalogue(*records: KnownRecord, **more: Any) -> KnownDocument:
    return KnownDocument(records=records, **more)


def family(found: int, complete: bool | None, kind: ItemKind = ItemKind.MEASURE) -> Family:
    return Family("M {n}", kind, found, found, complete)


def parsed(
    *items: Item,
    families: Sequence[Family] = (),
    passages: Sequence[str] = (),
    paged: bool = True,
    coverage: Coverage | None = None,
    **more: Any,
) -> ParsedDocument:
    document = Document(
        **{
            "id": "papier",
            "title": "Klimaplan",
            "publisher": "Kreis Auenland",
            "kind": DocumentKind.PLAN,
            "status": None,
            "digest": "",
            "file_name": "papier.pdf",
            "text": "\n\n".join(passages),
            "pages": PAGES if paged else (),
            "families": tuple(families),
            "coverage": coverage,
            **more,
        }
    )
    chunks = tuple(
        Chunk(id=str(place), document_id="papier", key="k", text=text, context="", start=0, end=0)
        for place, text in enumerate(passages)
    )
    return ParsedDocument(document=document, items=items, chunks=chunks)
