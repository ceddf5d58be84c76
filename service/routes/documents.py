"""The documents of the edition, and of one its clean text and what ingestion said of it."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, Any, Literal

from fastapi import APIRouter, Request
from fastapi.responses import Response

from prompts import say
from service.csv_export import documents_csv
from service.deps import PageQueryDep, ServedDep
from service.http.problems import ProblemError, also, problems
from service.http.responses import csv_response, json_response
from service.record_models import DocumentList, Shape
from service.records import document_list, item_url
from service.routes import API
from service.routes.originals import has_pictures, original_url
from vectorstore.records import Document, Item, ItemKind, ItemStatus

if TYPE_CHECKING:
    from vectorstore.edition import Edition

router = APIRouter(prefix=API)


class PageView(Shape):
    """Where a page begins: `start` is an offset into the text in characters, `number` counts from 1."""

    start: int
    number: int
    label: str


class OutlineEntry(Shape):
    """An item in its document's outline: `level` counts from 1, `start` is an offset into the text in characters."""

    key: str
    ref: str
    title: str
    kind: ItemKind
    status: ItemStatus | None = None
    level: int
    start: int
    page: int | None = None
    url: str


class DocumentText(Shape):
    """A document's clean text with its pages and items in reading order.

    `original_url` is where its original is, `pictures` tells whether its pages can be shown as pictures.
    """

    id: str
    title: str
    text: str
    pages: list[PageView]
    outline: list[OutlineEntry]
    original_url: str | None
    pictures: bool
    corpus_edition: str


class DocumentReport(Shape):
    """What became of a document's file; `counts` maps item kinds to numbers, archive rows are "archived".

    `seconds` is the time that reading took, `cached` whether it had been read before; None where nobody noted it.
    `sha256` is the digest of the rendering that was read; `original_url` and `pictures` are as in `DocumentText`.
    """

    id: str
    title: str
    file: str
    state: Literal["indexed", "indexed_with_warnings"]
    warnings: list[str]
    pages: int | None
    characters: int
    counts: dict[str, int]
    chunks: int
    conflicts: int
    cached: bool | None
    seconds: float | None
    sha256: str
    original_url: str | None
    pictures: bool
    corpus_edition: str


@router.get(
    "/documents",
    tags=[say("http.records")],
    summary=say("http.documents_tag"),
    description=say("http.documents"),
    response_model=DocumentList,
    responses={**problems(), 200: also("text/csv")},
)
def documents(query: PageQueryDep, request: Request, served: ServedDep) -> Response:
    """List the documents with the numbers of their records."""
    as_csv = query.as_csv(request.headers.get("accept", ""))
    edition = served.edition
    found = document_list(edition.catalogue, edition.name, query.page or 1, query.size(everything=as_csv))
    return csv_response(documents_csv(found.items), "dokumente") if as_csv else json_response(found)


@router.get(
    "/documents/{document_id}/text",
    tags=["Dokumente"],
    summary="Der Text eines Dokuments",
    description=say("http.document_text"),
    response_model=DocumentText,
    responses=problems("not-found"),
)
def text(document_id: str, served: ServedDep) -> Response:
    """Return a document's text with its outline."""
    edition = served.edition
    document = _document(edition, document_id)
    told = DocumentText(
        id=document.id,
        title=document.title,
        text=document.text,
        pages=[PageView(start=page.start, number=page.number, label=page.label) for page in document.pages],
        outline=[_entry(item) for item in edition.catalogue.items_of(document.id)],
        original_url=original_url(edition, document.id),
        pictures=has_pictures(edition, document.id),
        corpus_edition=edition.name,
    )
    return json_response(told)


@router.get(
    "/documents/{document_id}/report",
    tags=["Dokumente"],
    summary="Was beim Einlesen eines Dokuments herauskam",
    description=say("http.document_report"),
    response_model=DocumentReport,
    responses=problems("not-found"),
)
def report(document_id: str, served: ServedDep) -> Response:
    """Return a document's part of the ingestion report, and where that is lost what the records tell."""
    edition = served.edition
    document = _document(edition, document_id)
    files: list[dict[str, Any]] = edition.report.get("files", [])
    reported = next((one for one in files if one.get("id") == document.id and one["state"] != "rejected"), {})
    items = edition.catalogue.items_of(document.id)
    counts = Counter("archived" if item.status is ItemStatus.ARCHIVED else item.kind.value for item in items)
    told = DocumentReport(
        id=document.id,
        title=document.title,
        file=reported.get("file") or document.file_name,
        state="indexed_with_warnings" if document.warnings else "indexed",
        warnings=list(document.warnings),
        pages=len({page.number for page in document.pages}) or None,
        characters=len(document.text),
        counts=dict(counts),
        chunks=sum(len(edition.catalogue.chunks_of(item)) for item in items),
        conflicts=sum(len(item.conflicts) for item in items),
        cached=reported.get("cached"),
        seconds=reported.get("seconds"),
        sha256=document.digest,
        original_url=original_url(edition, document.id),
        pictures=has_pictures(edition, document.id),
        corpus_edition=edition.name,
    )
    return json_response(told)


def _document(edition: Edition, document_id: str) -> Document:
    found = edition.catalogue.documents.get(document_id)
    if found is None:
        raise ProblemError("not-found")
    return found


def _entry(item: Item) -> OutlineEntry:
    return OutlineEntry(
        key=item.key,
        ref=item.ref,
        title=item.title,
        kind=item.kind,
        status=item.status,
        level=len(item.path) + 1,
        start=item.start,
        page=item.page,
        url=item_url(item.document_id, item.key),
    )
