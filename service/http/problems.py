"""Errors as `application/problem+json` (RFC 9457), German by default, English by `Accept-Language`; in OpenAPI too.

No problem repeats what the client sent: questions must not travel into logs.
"""

from __future__ import annotations

import logging
import tomllib
from collections import defaultdict
from collections.abc import Callable, Collection, Mapping, Sequence
from http import HTTPStatus
from importlib import resources
from typing import Any

from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from fastapi.openapi.utils import get_openapi
from sqlalchemy.exc import DBAPIError
from starlette.datastructures import Headers
from starlette.exceptions import HTTPException
from starlette.responses import Response

from prompts import load_words, say
from service.answering.query import UnknownValue
from service.http.responses import preferred_language
from service.logs import log_exception, request_id
from service.models import FieldError, Problem
from vectorstore.errors import NothingIngested, StoreAway, StoreError

MEDIA_TYPE = "application/problem+json"
MOST_DOCUMENTS = 100  # that somebody chooses at once, by their ids
LATER = {"Retry-After": "30"}
_PARAMETERS = {"place": "municipality"}  # what a condition is called over HTTP
_NAMED = 20  # known ones that an error names
_READ = tomllib.loads(resources.files("prompts").joinpath("problems.toml").read_text(encoding="utf-8"))
FIELD_TEXTS: dict[str, dict[str, str]] = _READ["field"]  # the words of every field error, by language
PROBLEM_TEXTS: dict[str, tuple[int, dict[str, tuple[str, str]]]] = {  # HTTP status; language → (title, detail)
    name: (told.pop("status"), {language: (title, detail) for language, (title, detail) in told.items()})
    for name, told in _READ["problem"].items()
}
_ALWAYS = (  # what every route can answer with
    "too-large", "invalid-input", "too-many-requests", "internal-error", "nothing-ingested", "edition-unusable",
    "timeout",
)  # fmt: skip
_AGAIN = (429, 503)  # a client may try again when Retry-After says
_RETRY_AFTER = {"description": say("http.retry_after"), "schema": {"type": "integer", "minimum": 0}}
log = logging.getLogger("strategielotse")


class ProblemError(Exception):
    """An error with a name in `PROBLEM_TEXTS`; carries field errors, headers, and what its text leaves open."""

    def __init__(
        self,
        name: str,
        *,
        errors: list[FieldError] | None = None,
        headers: Mapping[str, str] | None = None,
        values: Mapping[str, str] | None = None,
    ) -> None:
        super().__init__(name)
        self.name = name
        self.errors = errors
        self.headers = dict(headers or {})
        self.values = dict(values or {})


def problem_of(error: ProblemError, language: str) -> Problem:
    """Word a problem in "de" or "en"."""
    status, texts = PROBLEM_TEXTS[error.name]
    title, detail = texts[language]
    return Problem(
        type=f"urn:strategielotse:problem:{error.name}",
        title=title,
        status=status,
        detail=_fill(detail, error.values),
        errors=error.errors,
        request_id=request_id.get(),
    )


def problem_response(error: ProblemError, headers: Headers) -> Response:
    """Turn an error into a response in the language of the request's headers."""
    language = preferred_language(headers.get("accept-language", ""))
    problem = problem_of(error, language)
    return Response(
        problem.model_dump_json(exclude_none=True),
        status_code=problem.status,
        media_type=MEDIA_TYPE,
        headers={"Content-Language": language, "Vary": "Accept-Language", **error.headers},
    )


def problem_for(error: Exception, language: str) -> ProblemError:
    """Return the problem that any error is; what nobody expected is logged, without its message."""
    if isinstance(error, ProblemError):
        return error
    if isinstance(error, NothingIngested):
        return ProblemError("nothing-ingested", headers=LATER)
    if isinstance(error, DBAPIError):
        log.warning(say("http.database_away"), type(error).__name__)
    if isinstance(error, DBAPIError | StoreAway):
        return ProblemError("database-away", headers=LATER)
    if isinstance(error, StoreError):
        return ProblemError("edition-unusable", headers=LATER)
    if isinstance(error, TimeoutError):
        return ProblemError("timeout")
    if isinstance(error, HTTPException):
        return _plain(error)
    if isinstance(error, RequestValidationError):
        return ProblemError("invalid-input", errors=[_field_error(part, language) for part in error.errors()])
    if isinstance(error, UnknownValue):
        field = _PARAMETERS.get(error.field, error.field)
        message = FIELD_TEXTS["unknown_value"][language].format(known=error.known_text)
        return ProblemError("invalid-input", errors=[FieldError(field=field, message=message)])
    log_exception(error)
    return ProblemError("internal-error")


def require_documents(known: Collection[str], chosen: Sequence[str], language: str, field: str = "documents") -> None:
    """Raise a ProblemError that names each chosen document which is not `known`, and the first that are."""
    wrong = [place for place, name in enumerate(chosen) if name not in known]
    if wrong:
        more = " …" if len(known) > _NAMED else ""
        text = f"{FIELD_TEXTS['unknown_document'][language]} {', '.join(list(known)[:_NAMED])}{more}"
        errors = [FieldError(field=f"{field}.{place}", message=text) for place in wrong]
        raise ProblemError("invalid-input", errors=errors)


def _plain(error: HTTPException) -> ProblemError:
    names = {number: name for name, (number, _) in reversed(PROBLEM_TEXTS.items())}
    other = "internal-error" if error.status_code >= HTTPStatus.INTERNAL_SERVER_ERROR else "invalid-input"
    headers = dict(error.headers or {})
    if headers.get("Allow") == "GET":
        headers["Allow"] = "GET, HEAD"  # every GET is answered for HEAD too
    return ProblemError(names.get(error.status_code, other), headers=headers)


def _field_error(part: Mapping[str, Any], language: str) -> FieldError:
    """Word one validation error without repeating its input."""
    path = [str(step) for step in part["loc"][1:] or part["loc"][:1]]
    texts = FIELD_TEXTS.get(part["type"], FIELD_TEXTS["other"])
    values = {key: str(value) for key, value in (part.get("ctx") or {}).items()}
    if "expected" in values:  # pydantic's "'json' or 'csv'"
        last = {"de": " oder ", "en": " or "}[language]
        values["expected"] = last.join(values["expected"].replace("'", "").rsplit(" or ", 1))
    return FieldError(field="body" if path[0].isdigit() else ".".join(path), message=_fill(texts[language], values))


def _fill(text: str, values: Mapping[str, str]) -> str:
    """Fill a text's placeholders; those without a value stay empty."""
    return text.format_map(defaultdict(str, values))


def install(app: FastAPI, page: Callable[[Problem, str], Response]) -> None:
    """Answer every error of routing, validation and our own with a problem, for browsers with a `page` at its path."""

    async def respond(request: Request, error: Exception) -> Response:
        if isinstance(error, HTTPException) and error.status_code < HTTPStatus.BAD_REQUEST:
            return Response(status_code=error.status_code, headers=error.headers)  # leads elsewhere
        if "text/html" not in request.headers.get("accept", "") or request.url.path.startswith("/api/"):
            language = preferred_language(request.headers.get("accept-language", ""))
            return problem_response(problem_for(error, language), request.headers)
        problem = problem_for(error, "de")
        made = page(problem_of(problem, "de"), request.url.path)
        made.headers.update(problem.headers)
        return made

    def describe() -> dict[str, Any]:
        if app.openapi_schema is None:
            app.openapi_schema = _described(app)
        return app.openapi_schema

    for kind in (ProblemError, StoreError, HTTPException, RequestValidationError, UnknownValue, DBAPIError):
        app.add_exception_handler(kind, respond)
    app.openapi = describe  # type: ignore[method-assign]


def problems(*names: str) -> dict[int | str, dict[str, Any]]:
    """Describe the problems that a route can answer with, beside those that every route can; by their names."""
    results: dict[int | str, dict[str, Any]] = {}
    for name in (*names, *_ALWAYS):
        status, texts = PROBLEM_TEXTS[name]
        text = f"{texts['de'][0]} (`{name}`)"
        if status in results:
            results[status]["description"] += f"; {text}"
            continue
        results[status] = {
            "description": text,
            "content": {MEDIA_TYPE: {"schema": {"$ref": "#/components/schemas/Problem"}}},
            **({"headers": {"Retry-After": _RETRY_AFTER}} if status in _AGAIN else {}),
        }
    return dict(sorted(results.items(), key=lambda pair: int(pair[0])))


def described(name: str, tag: str, *names: str) -> dict[str, Any]:
    """Describe a route by its name in `prompts/de/http.toml`: what it is for, and the problems named `names`."""
    words = load_words("de/http")
    responses = problems(*names)
    return {
        "tags": [words[tag]],
        "summary": words[f"{name}_summary"],
        "description": words[name],
        "responses": responses,
    }


def also(media_type: str) -> dict[str, Any]:
    """Describe a second format of a successful response."""
    return {"description": "Erfolg", "content": {media_type: {"schema": {"type": "string"}}}}


def _described(app: FastAPI) -> dict[str, Any]:
    """Return the application's OpenAPI description, with the problem's schema."""
    schema = get_openapi(
        title=app.title, version=app.version, description=say("http.about"), routes=app.routes, tags=app.openapi_tags
    )
    part = Problem.model_json_schema(ref_template="#/components/schemas/{model}")
    schemas = schema.setdefault("components", {}).setdefault("schemas", {})
    schemas.update(part.pop("$defs", {}))
    schemas["Problem"] = part
    return schema
