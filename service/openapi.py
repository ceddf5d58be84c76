"""The OpenAPI description: problems as their own media type, formats beside JSON."""

from __future__ import annotations

from typing import Any

from fastapi import FastAPI
from fastapi.openapi.utils import get_openapi

from service.models import Problem
from service.problem_texts import PROBLEM_TEXTS
from service.problems import MEDIA_TYPE

DESCRIPTION = (
    "Beantwortet Fragen zu den Strategie- und Berichtsdokumenten eines Kreises. Jede Aussage trägt einen Beleg; "
    "Listen und Zahlen werden aus Datensätzen berechnet. Fragen werden weder gespeichert noch protokolliert."
)
ALWAYS = (422, 429, 500, 503)


def problems(*statuses: int) -> dict[int | str, dict[str, Any]]:
    """Describe the problems that a route can answer with, beside those that every route can."""
    titles = {number: texts["de"][0] for number, texts in reversed(PROBLEM_TEXTS.values())}
    content = {MEDIA_TYPE: {"schema": {"$ref": "#/components/schemas/Problem"}}}
    return {number: {"description": titles[number], "content": content} for number in sorted({*ALWAYS, *statuses})}


def also(media_type: str) -> dict[str, Any]:
    """Describe a second format of a successful response."""
    return {"description": "Erfolg", "content": {media_type: {"schema": {"type": "string"}}}}


def install(app: FastAPI) -> None:
    """Describe the application, the problem's schema included."""

    def describe() -> dict[str, Any]:
        if app.openapi_schema is None:
            schema = get_openapi(
                title=app.title, version=app.version, description=DESCRIPTION, routes=app.routes, tags=app.openapi_tags
            )
            part = Problem.model_json_schema(ref_template="#/components/schemas/{model}")
            schemas = schema.setdefault("components", {}).setdefault("schemas", {})
            schemas.update(part.pop("$defs", {}))
            schemas["Problem"] = part
            app.openapi_schema = schema
        return app.openapi_schema

    app.openapi = describe  # type: ignore[method-assign]
