"""GET /search: the entries that fit a text best. GET /lookup: which goals and projects cover a topic."""

from __future__ import annotations

from functools import partial
from typing import Annotated

from fastapi import APIRouter, Query, Request
from fastapi.responses import Response

from prompts import say
from service.answering.tools.forms import SearchArguments
from service.answering.tools.lookups import looked_up, searched
from service.deps import HolderDep, in_thread
from service.edition_holder import EditionHolder
from service.http.openapi import problems
from service.models import LookupResult, Question, SearchResult
from service.routes import API
from vectorstore.records import ItemKind

router = APIRouter(prefix=API, tags=["Fragen"])
MOST = 50


@router.get(
    "/search",
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
    result = await in_thread(request, partial(_search, holder, asked))
    return Response(result.model_dump_json(), media_type="application/json")


@router.get(
    "/lookup",
    summary=say("http.lookup_summary"),
    description=say("http.lookup"),
    response_model=LookupResult,
    responses=problems(),
)
async def lookup(q: Annotated[Question, Query()], request: Request, holder: HolderDep) -> Response:
    """Find the records that cover a topic, with reasons; `covered` is false where none does."""
    result = await in_thread(request, partial(_lookup, holder, q))
    return Response(result.model_dump_json(), media_type="application/json")


def _search(holder: EditionHolder, asked: SearchArguments) -> SearchResult:
    with holder.lease() as served:
        return searched(served.answers.tools(asked.documents), asked)


def _lookup(holder: EditionHolder, query: str) -> LookupResult:
    with holder.lease() as served:
        return looked_up(served.answers.tools(), query)
