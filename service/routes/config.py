"""GET /config: what an interface needs to know before the first question."""

from __future__ import annotations

from fastapi import APIRouter, Request
from fastapi.responses import Response

from service.about import config_of
from service.deps import ServedDep, SettingsDep
from service.interface_models import Config
from service.languages import preferred_language
from service.openapi import problems
from service.routes import API

router = APIRouter(prefix=API, tags=["Oberfläche"])


@router.get(
    "/config",
    summary="Angaben für Oberflächen",
    description="Name, Sprachen, Fragen zum Einstieg, Kontaktwege und Hinweise; deutsch oder nach Accept-Language.",
    response_model=Config,
    responses=problems(),
)
def config(request: Request, served: ServedDep, settings: SettingsDep) -> Response:
    """Return the configuration in the reader's language."""
    language = preferred_language(request.headers.get("accept-language", ""))
    found = config_of(settings, served.edition.catalogue, served.edition.name, language)
    headers = {"Content-Language": language, "Vary": "Accept-Language"}
    return Response(found.model_dump_json(), media_type="application/json", headers=headers)
