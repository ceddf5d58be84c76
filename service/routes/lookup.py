"""GET /lookup: which goals and projects cover a topic."""

from __future__ import annotations

from functools import partial
from typing import Annotated

from fastapi import APIRouter, Query, Request
from fastapi.responses import Response

from service.answering.tools.lookups import looked_up
from service.deps import HolderDep, in_thread
from service.edition_holder import EditionHolder
from service.http.openapi import problems
from service.models import LookupResult, Question
from service.routes import API

router = APIRouter(prefix=API, tags=["Fragen"])


@router.get(
    "/lookup",
    summary="Welche Einträge decken ein Thema ab?",
    description="Nennt in `items` die Einträge, die das Thema abdecken, mit Gründen; `covered` ist false, wo es keiner "
    "tut. `nearest` steht nur in seinem Umfeld, etwa mit einem Teil des Wortes.",
    response_model=LookupResult,
    responses=problems(),
)
async def lookup(q: Annotated[Question, Query()], request: Request, holder: HolderDep) -> Response:
    """Find the records that cover a topic, with reasons; `covered` is false where none does."""
    result = await in_thread(request, partial(_lookup, holder, q))
    return Response(result.model_dump_json(), media_type="application/json")


def _lookup(holder: EditionHolder, query: str) -> LookupResult:
    with holder.lease() as served:
        return looked_up(served.answers.tools(), query)
