"""GET /facets: how many records each value of each filter would give."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Query, Request
from fastapi.responses import Response

from service.deps import ServedDep
from service.facets import facet_counts
from service.http.openapi import problems
from service.interface_models import FacetCounts
from service.languages import preferred_language
from service.list_queries import FacetQuery
from service.routes import API

router = APIRouter(prefix=API, tags=["Datensätze"])


@router.get(
    "/facets",
    summary="Werte der Filter",
    description="Zu jedem Filter seine Werte mit der Zahl der Einträge, die er bei den übrigen Filtern ergibt; "
    "dieselben Filter wie `/items`.",
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
