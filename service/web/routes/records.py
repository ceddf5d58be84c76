"""Records searched, listed and counted (/search, /lookup, /items, /projects, /goals, /facets), and
documents.
"""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, Annotated, Any, Literal

from fastapi import APIRouter, Query, Request
from fastapi.responses import Response
from pydantic import BaseModel, TypeAdapter

from service import TypedText
from service.answering import SearchArguments, Selection, look_up_topic, search_records
from service.records import (
    MAX_PAGE_SIZE,
    DocumentList,
    ItemDetail,
    LookupResult,
    ProblemError,
    QuestionText,
    RecordList,
    SearchResult,
    Shape,
    document_list,
    document_view,
    documents_csv,
    find_removed,
    item_detail,
    item_url,
    records_csv,
)
from service.web import (
    FacetCounts,
    FilterQuery,
    HolderDep,
    ItemQuery,
    LanguageDep,
    OpenEdition,
    PageQuery,
    ServedDep,
    facet_counts,
    record_list,
    run_with_edition,
)
from service.web.http import (
    API,
    PROBLEM_MEDIA_TYPE,
    alternative_response,
    csv_response,
    json_response,
    language_headers,
    problem_of,
    route_arguments,
)
from service.web.routes.originals import has_pictures, original_url
from vectorstore.records import Document, Item, ItemKind, ItemStatus, Page

if TYPE_CHECKING:
    from vectorstore import Edition

router = APIRouter(prefix=API)
MOST = 50
KINDS = {"projects": (ItemKind.PROJECT,), "goals": (ItemKind.GOAL,)}


def describe_list(name: str, model: type[BaseModel]) -> dict[str, Any]:
    """Return the OpenAPI options of a route that returns a list as JSON or CSV."""
    text = route_arguments(name, "records")
    return {
        **text,
        "response_model": model,
        "responses": {**text["responses"], 200: alternative_response("text/csv")},
    }


@router.get("/search", response_model=SearchResult, **route_arguments("search", "questions"))
async def search(
    q: Annotated[QuestionText, Query()],
    request: Request,
    holder: HolderDep,
    document: Annotated[list[TypedText] | None, Query(max_length=100)] = None,
    kind: Annotated[list[ItemKind] | None, Query()] = None,
    limit: Annotated[int, Query(ge=1, le=MOST)] = 10,
) -> Response:
    """Find the entries that fit best; an unknown document or kind is an error that names the known
    ones.
    """
    query = SearchArguments(
        text=q, documents=tuple(document or ()), kinds=tuple(kind or ()), limit=limit
    )
    result = await run_with_edition(
        request, holder, lambda served: search_records(served.answers.tools(query.documents), query)
    )
    return json_response(result, {})


@router.get("/lookup", response_model=LookupResult, **route_arguments("lookup", "questions"))
async def lookup(
    q: Annotated[QuestionText, Query()],
    request: Request,
    holder: HolderDep,
    page: Annotated[int, Query(ge=1)] = 1,
    page_size: Annotated[int, Query(ge=1, le=MAX_PAGE_SIZE)] = MAX_PAGE_SIZE,
) -> Response:
    """Find the records that cover a topic, with reasons; `covered` is false where none does.

    Only the records of the requested page are worked out in full.
    """
    shown = slice((page - 1) * page_size, page * page_size)
    result = await run_with_edition(
        request, holder, lambda served: look_up_topic(served.answers.tools(), q, shown=shown)
    )
    return json_response(result.model_copy(update={"page": page, "page_size": page_size}), {})


@router.get("/items", **describe_list("items", RecordList))
@router.get("/projects", **describe_list("projects", RecordList))
@router.get("/goals", **describe_list("goals", RecordList))
def items(query: Annotated[ItemQuery, Query()], request: Request, served: ServedDep) -> Response:
    """List records of all kinds or of one, which the path or, at /items, `kind` says.

    `status=archived` gives the archive.
    """
    kinds = KINDS.get(request.url.path.rpartition("/")[2], query.kinds)
    filters = query.filters(kinds)
    return list_response(
        served.answers.tools(filters.documents).select(filters), query, request, served
    )


def list_response(
    hits: Selection, query: PageQuery, request: Request, served: OpenEdition
) -> Response:
    """Return a page of the selected records as JSON or CSV.

    As CSV all records are returned if the query names neither `page` nor `page_size`.
    """
    as_csv = query.as_csv(request.headers)
    listed = record_list(hits, served.edition, query.page or 1, query.size(everything=as_csv))
    if as_csv:
        return csv_response(records_csv(listed.items), "eintraege")
    return json_response(listed)


@router.get(
    "/items/{document_id}/{key}",
    response_model=ItemDetail,
    **route_arguments("item", "records", "not-found", "gone"),
)
def item(document_id: str, key: str, served: ServedDep, language: LanguageDep) -> Response:
    """Return one record with its passages and neighbours."""
    result = served.edition.catalogue.item(document_id, key)
    if result is None:
        return gone_problem(served, document_id, key, language)
    return json_response(item_detail(served.edition, result))


def gone_problem(served: OpenEdition, document_id: str, key: str, language: str) -> Response:
    """Return the last state of an item that is gone, and the address of the item that it has become
    (410).

    The body is a problem with these further fields. Raises the problem not-found if the item never
    existed.
    """
    gone = find_removed(served.edition, document_id, key)
    successor = gone.successor and item_url(*gone.successor.address)
    problem = problem_of(ProblemError("gone", values={"edition": gone.edition.edition}), language)
    body = problem.model_dump(exclude_none=True) | {
        "gone_with": gone.edition.edition,
        "gone_on": gone.edition.created,
        "document": gone.document,
        "last_state": gone.state,
        "successor": successor,
    }
    return Response(
        TypeAdapter(dict).dump_json(body),
        problem.status,
        language_headers(language),
        PROBLEM_MEDIA_TYPE,
    )


@router.get("/facets", response_model=FacetCounts, **route_arguments("facets", "records"))
def facets(
    query: Annotated[FilterQuery, Query()], served: ServedDep, language: LanguageDep
) -> Response:
    """Count the records of each value of each filter, with the other filters kept.

    The total is of the records that all filters together select.
    """
    filters = query.filters(query.kinds)
    record_filter = served.answers.tools(filters.documents).filter_records(filters)
    counts = FacetCounts(
        total=int(record_filter.mask_of_all().sum()),
        complete=record_filter.select().complete,
        facets=facet_counts(record_filter, language),
        corpus_edition=served.edition.name,
    )
    return json_response(counts, language_headers(language))


class OutlineEntry(Shape):
    """An item in its document's outline: `level` counts from 1, `start` is an offset into the text
    in characters.
    """

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

    `original_url` is where its original is, `pictures` tells whether its pages can be shown as
    pictures.
    """

    id: str
    title: str
    text: str
    pages: tuple[Page, ...]
    outline: list[OutlineEntry]
    original_url: str | None
    pictures: bool
    corpus_edition: str


class DocumentReport(Shape):
    """What became of a document's file; `counts` maps item kinds to numbers, archive rows are
    "archived".

    `seconds` is the time that reading took, `cached` whether it had been read before; None where
    nobody noted it. `sha256` is the digest of the rendering that was read; `original_url` and
    `pictures` are as in `DocumentText`.
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


@router.get("/documents", **describe_list("documents", DocumentList))
def documents(
    query: Annotated[PageQuery, Query()], request: Request, served: ServedDep
) -> Response:
    """List the documents with the numbers of their records."""
    as_csv = query.as_csv(request.headers)
    listed = document_list(served.edition, query.page or 1, query.size(everything=as_csv))
    if as_csv:
        return csv_response(documents_csv(listed.items), "dokumente")
    return json_response(listed)


def _outline_entry(item: Item) -> OutlineEntry:
    return OutlineEntry(
        key=item.key,
        ref=item.ref,
        title=item.title,
        kind=item.kind,
        status=item.status,
        level=len(item.path) + 1,
        start=item.start,
        page=item.page,
        url=item_url(*item.address),
    )


@router.get(
    "/documents/{document_id}/text",
    response_model=DocumentText,
    **route_arguments("document_text", "files", "not-found"),
)
def text(document_id: str, served: ServedDep) -> Response:
    """Return a document's text with its outline."""
    edition = served.edition
    document = _require_document(edition, document_id)
    body = DocumentText(
        id=document.id,
        title=document.title,
        text=document.text,
        pages=document.pages,
        outline=list(map(_outline_entry, edition.catalogue.items_of(document.id))),
        original_url=original_url(edition, document.id),
        pictures=has_pictures(edition, document.id),
        corpus_edition=edition.name,
    )
    return json_response(body)


@router.get(
    "/documents/{document_id}/report",
    response_model=DocumentReport,
    **route_arguments("document_report", "files", "not-found"),
)
def report(document_id: str, served: ServedDep) -> Response:
    """Return what the ingestion report says on a document.

    If the report does not have the document, only what the edition has of it is returned; how long
    reading took is not known then.
    """
    edition = served.edition
    document = _require_document(edition, document_id)
    view = document_view(edition.catalogue, document)
    files: list[dict[str, Any]] = edition.report.get("files", [])
    reported = next(
        (file for file in files if file.get("id") == document.id and file["state"] != "rejected"),
        {},
    )
    items = edition.catalogue.items_of(document.id)
    counts = Counter(
        "archived" if item.status is ItemStatus.ARCHIVED else item.kind.value for item in items
    )
    body = DocumentReport(
        **view.model_dump(include={"id", "title", "state", "warnings", "pages"}),
        file=reported.get("file") or document.file_name,
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
    return json_response(body)


def _require_document(edition: Edition, document_id: str) -> Document:
    document = edition.catalogue.documents.get(document_id)
    if document is None:
        raise ProblemError("not-found")
    return document
