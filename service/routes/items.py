"""Finding and listing records: /search, /lookup, /items, /projects, /goals, single ones, and /facets."""

from __future__ import annotations

from typing import Annotated, Any

from fastapi import APIRouter, Query, Request
from fastapi.responses import Response

from prompts import say
from service.answering.tools.forms import SearchArguments
from service.answering.tools.lookups import looked_up, searched
from service.csv_export import records_csv
from service.deps import HolderDep, ItemQueryDep, ServedDep, in_lease
from service.facets import FacetCounts, facet_counts
from service.http.problems import ProblemError, also, problems
from service.http.responses import csv_response, json_response, preferred_language
from service.list_queries import FacetQuery
from service.models import LookupResult, Question, SearchResult
from service.record_models import ItemDetail, RecordList
from service.records import all_records, item_detail, record_list
from service.routes import API
from vectorstore.records import ItemKind

router = APIRouter(prefix=API)
MOST = 50
LISTED: Any = {"tags": ["Datensätze"], "response_model": RecordList, "responses": {**problems(), 200: also("text/csv")}}
KINDS = {"projects": (ItemKind.PROJECT,), "goals": (ItemKind.GOAL,)}


@router.get(
    "/search",
    tags=["Fragen"],
    summary="Was passt am besten?",
    description=say("http.search"),
    response_model=SearchResult,
    responses=problems(),
)
async def search(
    q: Annotated[Question, Query()],
    request: Request,
    holder: HolderDep,
    document: Annotated[list[str] | None, Query(max_length=100)] = None,
    kind: Annotated[list[ItemKind] | None, Query()] = None,
    limit: Annotated[int, Query(ge=1, le=MOST)] = 10,
) -> Response:
    """Find the entries that fit best; an unknown document or kind is an error that names the known ones."""
    asked = SearchArguments(text=q, documents=tuple(document or ()), kinds=tuple(kind or ()), limit=limit)
    result = await in_lease(request, holder, lambda served: searched(served.answers.tools(asked.documents), asked))
    return Response(result.model_dump_json(), media_type="application/json")


@router.get(
    "/lookup",
    tags=["Fragen"],
    summary=say("http.lookup_summary"),
    description=say("http.lookup"),
    response_model=LookupResult,
    responses=problems(),
)
async def lookup(q: Annotated[Question, Query()], request: Request, holder: HolderDep) -> Response:
    """Find the records that cover a topic, with reasons; `covered` is false where none does."""
    result = await in_lease(request, holder, lambda served: looked_up(served.answers.tools(), q))
    return Response(result.model_dump_json(), media_type="application/json")


@router.get("/items", summary="Einträge", description=say("http.items"), **LISTED)
@router.get("/projects", summary="Projekte", description=say("http.projects"), **LISTED)
@router.get("/goals", summary="Ziele", description=say("http.goals"), **LISTED)
def items(query: ItemQueryDep, request: Request, served: ServedDep) -> Response:
    """List records of all kinds or of one, which `kind` or the path says; `status=archived` gives the archive."""
    kinds = KINDS.get(request.url.path.rpartition("/")[2], query.kinds)
    as_csv = query.as_csv(request.headers.get("accept", ""))
    catalogue, filters, size = served.edition.catalogue, query.filters(kinds), query.size(everything=as_csv)
    found = served.answers.tools(filters.documents).select(filters)
    if as_csv and size is None:
        return csv_response(records_csv(all_records(found, catalogue)), "eintraege")
    listed = record_list(found, catalogue, served.edition.name, query.page or 1, size)
    return csv_response(records_csv(listed.items), "eintraege") if as_csv else json_response(listed)


@router.get(
    "/items/{document_id}/{key}",
    tags=["Datensätze"],
    summary="Ein Eintrag",
    description=say("http.item"),
    response_model=ItemDetail,
    responses=problems("not-found"),
)
def item(document_id: str, key: str, served: ServedDep) -> Response:
    """Return one record with its passages and neighbours."""
    catalogue = served.edition.catalogue
    found = catalogue.item(document_id, key)
    if found is None:
        raise ProblemError("not-found")
    return json_response(item_detail(catalogue, served.edition.name, found))


@router.get(
    "/facets",
    tags=["Datensätze"],
    summary=say("http.facets_summary"),
    description=say("http.facets"),
    response_model=FacetCounts,
    responses=problems(),
)
def facets(query: Annotated[FacetQuery, Query()], request: Request, served: ServedDep) -> Response:
    """Count the records of each value of each filter, with the other filters kept."""
    filters = query.filters(query.kinds)
    found = served.answers.tools(filters.documents).conditioned(filters)
    language = preferred_language(request.headers.get("accept-language", ""))
    counts = FacetCounts(
        total=int(found.met().sum()),
        complete=found.selected().complete,
        facets=facet_counts(found, language),
        corpus_edition=served.edition.name,
    )
    headers = {"Content-Language": language, "Vary": "Accept-Language"}
    return Response(counts.model_dump_json(), media_type="application/json", headers=headers)
