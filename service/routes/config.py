"""GET /config: what an interface needs to know before the first question."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Query, Request
from fastapi.responses import Response

from prompts import say
from service.about import config_of
from service.deps import ServedDep, SettingsDep
from service.http.accepting import preferred_language
from service.http.openapi import problems
from service.http.problems import MOST_DOCUMENTS, ProblemError
from service.interface_models import Config
from service.routes import API

router = APIRouter(prefix=API, tags=[say("http.interface")])


@router.get(
    "/config",
    summary=say("http.config_summary"),
    description=say("http.config"),
    response_model=Config,
    responses=problems("not-found"),
)
def config(
    request: Request,
    served: ServedDep,
    settings: SettingsDep,
    documents: Annotated[
        tuple[str, ...], Query(max_length=MOST_DOCUMENTS, description=say("http.config_documents"))
    ] = (),
) -> Response:
    """Return the configuration in the reader's language, of all documents or of some."""
    language = preferred_language(request.headers.get("accept-language", ""))
    catalogue = served.edition.catalogue
    if not set(documents) <= catalogue.documents.keys():
        raise ProblemError("not-found")
    chosen = catalogue.only(documents) if documents else catalogue
    first = served.answers.first_questions(language, documents)
    found = config_of(settings, chosen, served.edition.name, language, first)
    headers = {"Content-Language": language, "Vary": "Accept-Language"}
    return Response(found.model_dump_json(), media_type="application/json", headers=headers)
