"""Errors as `application/problem+json` (RFC 9457), German or by `Accept-Language` English, and
their OpenAPI parts.

No problem repeats the client's input, so that questions do not get into logs.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Mapping
from http import HTTPStatus
from typing import Any

from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from sqlalchemy.exc import DBAPIError
from starlette.datastructures import Headers
from starlette.exceptions import HTTPException
from starlette.responses import Response

from prompts import load_table, load_words, say
from service import log, log_exception, request_id
from service.answering import UnknownValue
from service.records import FieldError, Problem, ProblemError
from service.web.http.responses import language_headers, preferred_language
from vectorstore.storage import NothingIngested, StoreError, StoreUnavailable

PROBLEM_MEDIA_TYPE = "application/problem+json"
MOST_DOCUMENTS = 100  # document ids in one request
RETRY_LATER = {"Retry-After": "30"}
_PARAMETERS = {"place": "municipality"}  # names of conditions that differ in the API
_TEXTS = load_table("problems")
# texts of field errors: type → language → text
FIELD_TEXTS: dict[str, dict[str, str]] = _TEXTS["field"]
# By name: HTTP status; language → [title, detail]
PROBLEM_TEXTS: dict[str, tuple[int, dict[str, list[str]]]] = {
    name: (texts["status"], texts) for name, texts in _TEXTS["problem"].items()
}
_ALWAYS = (  # problems of every route
    "too-large",
    "invalid-input",
    "too-many-requests",
    "internal-error",
    "nothing-ingested",
    "edition-unusable",
    "timeout",
)
_RETRYABLE = (429, 503)  # statuses with Retry-After
_RETRY_AFTER = {"description": say("http.retry_after"), "schema": {"type": "integer", "minimum": 0}}


def problem_of(error: ProblemError, language: str) -> Problem:
    """Return the response body of an error, with texts in "de" or "en"."""
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
    """Return the response for an error, in the language of the request's `headers`."""
    language = preferred_language(headers)
    problem = problem_of(error, language)
    return Response(
        problem.model_dump_json(exclude_none=True),
        status_code=problem.status,
        media_type=PROBLEM_MEDIA_TYPE,
        headers=language_headers(language) | error.headers,
    )


def problem_for(error: Exception, language: str) -> ProblemError:
    """Return the problem for any exception; an unexpected one is logged without its message.

    Errors of a store are looked at from the special to the general: nothing ingested, database
    unreachable, any other. For these the client is told to try again later. `language` is that of
    the messages on single fields.
    """
    if isinstance(error, ProblemError):
        return error
    if isinstance(error, NothingIngested):
        return ProblemError("nothing-ingested", headers=RETRY_LATER)
    if isinstance(error, DBAPIError):
        log.warning(say("http.database_away"), type(error).__name__)
    if isinstance(error, DBAPIError | StoreUnavailable):
        return ProblemError("database-away", headers=RETRY_LATER)
    if isinstance(error, StoreError):
        return ProblemError("edition-unusable", headers=RETRY_LATER)
    if isinstance(error, TimeoutError):
        return ProblemError("timeout")
    if isinstance(error, HTTPException):
        return _http_problem(error)
    if isinstance(error, RequestValidationError):
        return ProblemError(
            "invalid-input", errors=[_field_error(part, language) for part in error.errors()]
        )
    if isinstance(error, UnknownValue):
        field = _PARAMETERS.get(error.field, error.field)
        message = FIELD_TEXTS["unknown_value"][language].format(known=error.known_text)
        return ProblemError("invalid-input", errors=[FieldError(field=field, message=message)])
    log_exception(error)
    return ProblemError("internal-error")


def _http_problem(error: HTTPException) -> ProblemError:
    """Return the problem for an error of routing, by its status.

    If several problems have this status, it is the first of them. If none has it, it is
    internal-error from 500 on, else invalid-input.
    """
    # The first replaces later ones.
    names = {status: name for name, (status, _) in reversed(PROBLEM_TEXTS.items())}
    default = "invalid-input"
    if error.status_code >= HTTPStatus.INTERNAL_SERVER_ERROR:
        default = "internal-error"
    headers = dict(error.headers or {})
    if headers.get("Allow") == "GET":
        headers["Allow"] = "GET, HEAD"  # `HeadAsGet` answers HEAD on every GET route
    return ProblemError(names.get(error.status_code, default), headers=headers)


def _field_error(details: Mapping[str, Any], language: str) -> FieldError:
    """Return one of pydantic's error details as a field error with our text, without the input.

    The first part of the place, where the value stands ("body", "query"), is left out: ("body",
    "history", 0) becomes "history.0". A type of error for which we have no text gets a general one.
    """
    place = details["loc"]
    path = list(map(str, place[1:] or place))  # without "body" or "query"
    texts = FIELD_TEXTS.get(details["type"], FIELD_TEXTS["other"])
    values = {key: str(value) for key, value in (details.get("ctx") or {}).items()}
    if "expected" in values:  # pydantic's "'json' or 'csv'"
        conjunction = {"de": " oder ", "en": " or "}[language]
        values["expected"] = conjunction.join(values["expected"].replace("'", "").rsplit(" or ", 1))
    # a body that is no JSON has the place of the fault, a number, for a path
    return FieldError(
        field="body" if path[0].isdigit() else ".".join(path),
        message=_fill(texts[language], values),
    )


def _fill(text: str, values: Mapping[str, str]) -> str:
    """Fill a text's placeholders; those without a value become ""."""
    return text.format_map(defaultdict(str, values))


def install_error_handlers(app: FastAPI, page: Callable[[Problem, str], Response]) -> None:
    """Register handlers that answer all errors with problems, and describe problems in the OpenAPI
    schema.

    A browser, which accepts text/html, gets the HTML page that `page` makes from the problem and
    the path of the request. Such pages are German. Under /api/ a problem is always JSON.
    """

    async def respond(request: Request, error: Exception) -> Response:
        """Return the response for an error, a page for browsers or a problem as JSON.

        A redirect that was raised as an HTTPException, such as that to the sign-in, is sent as it
        is.
        """
        if isinstance(error, HTTPException) and error.status_code < HTTPStatus.BAD_REQUEST:
            return Response(status_code=error.status_code, headers=error.headers)  # a redirect
        if "text/html" not in request.headers.get("accept", "") or request.url.path.startswith(
            "/api/"
        ):
            return problem_response(
                problem_for(error, preferred_language(request.headers)), request.headers
            )
        problem = problem_for(error, "de")
        response = page(problem_of(problem, "de"), request.url.path)
        response.headers.update(problem.headers)
        return response

    describe = app.openapi

    def openapi() -> dict[str, Any]:
        is_first = app.openapi_schema is None
        schema = describe()
        if is_first:
            _add_problem_schema(schema)
        return schema

    for kind in (
        ProblemError,
        StoreError,
        HTTPException,
        RequestValidationError,
        UnknownValue,
        DBAPIError,
    ):
        app.add_exception_handler(kind, respond)
    app.openapi = openapi  # type: ignore[method-assign]


def problem_responses(*problems: str) -> dict[int | str, dict[str, Any]]:
    """Return OpenAPI responses by status for the problems with these names and those of every route
    (`_ALWAYS`).

    Problems with the same status share a response, whose description names them all.
    """
    results: dict[int | str, dict[str, Any]] = {}
    for name in (*problems, *_ALWAYS):
        status, texts = PROBLEM_TEXTS[name]
        text = f"{texts['de'][0]} (`{name}`)"
        if status in results:
            results[status]["description"] += f"; {text}"
            continue
        results[status] = {
            "description": text,
            "content": {PROBLEM_MEDIA_TYPE: {"schema": {"$ref": "#/components/schemas/Problem"}}},
        }
        if status in _RETRYABLE:
            results[status]["headers"] = {"Retry-After": _RETRY_AFTER}
    return dict(sorted(results.items(), key=lambda pair: int(pair[0])))


def route_arguments(name: str, tag: str, *problems: str) -> dict[str, Any]:
    """Return a route's OpenAPI arguments.

    Its texts are in `prompts/de/http.toml` under the keys `name` and `name`_summary, its tag under
    `tag`. `problems` are the names of those that it may answer besides those of every route.
    """
    words = load_words("de/http")
    texts = {"summary": words[f"{name}_summary"], "description": words[name]}
    return {"tags": [words[tag]], **texts, "responses": problem_responses(*problems)}


def alternative_response(media_type: str) -> dict[str, Any]:
    """Return the OpenAPI response for another media type of a successful response."""
    return {"description": "Erfolg", "content": {media_type: {"schema": {"type": "string"}}}}


def _add_problem_schema(schema: dict[str, Any]) -> None:
    """Add the schema `Problem` to an application's OpenAPI schema.

    No route returns it by its type, so FastAPI does not add it, though the responses refer to it.
    """
    problem_schema = Problem.model_json_schema(ref_template="#/components/schemas/{model}")
    schemas = schema.setdefault("components", {}).setdefault("schemas", {})
    schemas.update(problem_schema.pop("$defs", {}))
    schemas["Problem"] = problem_schema
