"""The OpenAPI description: problems as their own media type, formats beside JSON."""

from __future__ import annotations

from typing import Any

from fastapi import FastAPI
from fastapi.openapi.utils import get_openapi

from prompts import say
from service.http.problems import MEDIA_TYPE, PROBLEM_TEXTS
from service.models import Problem

DESCRIPTION = say("http.about")
CONTENT = {MEDIA_TYPE: {"schema": {"$ref": "#/components/schemas/Problem"}}}
ALWAYS = (
    "too-large",
    "invalid-input",
    "too-many-requests",
    "internal-error",
    "nothing-ingested",
    "edition-unusable",
    "timeout",
)
LATER = (429, 503)  # a client may try again when Retry-After says
RETRY_AFTER = {"description": "Sekunden, nach denen es wieder gehen kann", "schema": {"type": "integer", "minimum": 0}}


def problems(*names: str) -> dict[int | str, dict[str, Any]]:
    """Describe the problems that a route can answer with, beside those that every route can; by their names."""
    found: dict[int | str, dict[str, Any]] = {}
    for name in (*names, *ALWAYS):
        status, texts = PROBLEM_TEXTS[name]
        told = f"{texts['de'][0]} (`{name}`)"
        if status in found:
            found[status]["description"] += f"; {told}"
        else:
            found[status] = {"description": told, "content": CONTENT}
            if status in LATER:
                found[status]["headers"] = {"Retry-After": RETRY_AFTER}
    return dict(sorted(found.items(), key=lambda one: int(one[0])))


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
