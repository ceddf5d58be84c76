"""Errors as `application/problem+json` (RFC 9457), German by default, English by `Accept-Language`.

No problem repeats what the client sent: questions must not travel into logs.
"""

from __future__ import annotations

import logging
import tomllib
from collections.abc import Callable, Collection, Mapping, Sequence
from http import HTTPStatus
from importlib import resources

from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from sqlalchemy.exc import InterfaceError, OperationalError
from starlette.datastructures import Headers
from starlette.exceptions import HTTPException
from starlette.responses import Response

from prompts import say
from service.answering.query import UnknownValue
from service.http.accepting import preferred_language
from service.http.request_ids import current_request_id
from service.models import FieldError, Problem
from vectorstore.errors import NothingIngested, StoreAway, StoreError

MEDIA_TYPE = "application/problem+json"
_PARAMETERS = {"place": "municipality"}  # what a condition is called over HTTP
MOST_DOCUMENTS = 100  # that somebody chooses at once, by their ids
_NAMED = 20  # known ones that an error names
log = logging.getLogger("strategielotse")
_READ = tomllib.loads(resources.files("prompts").joinpath("problems.toml").read_text(encoding="utf-8"))
FIELD_TEXTS: dict[str, dict[str, str]] = _READ["field"]  # the words of every field error, by language
PROBLEM_TEXTS: dict[str, tuple[int, dict[str, tuple[str, str]]]] = {  # HTTP status; language → (title, detail)
    name: (told.pop("status"), {language: (title, detail) for language, (title, detail) in told.items()})
    for name, told in _READ["problem"].items()
}


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
        detail=detail.format_map(_Lenient(error.values)),
        errors=error.errors,
        request_id=current_request_id(),
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


def store_problem(error: StoreError) -> ProblemError:
    """Return the problem for an edition that cannot be served."""
    if isinstance(error, NothingIngested):
        return ProblemError("nothing-ingested", headers={"Retry-After": "30"})
    if isinstance(error, StoreAway):
        return ProblemError("database-away", headers={"Retry-After": "30"})
    return ProblemError("edition-unusable", headers={"Retry-After": "30"})


def require_documents(known: Collection[str], chosen: Sequence[str], language: str, field: str = "documents") -> None:
    """Raise a ProblemError that names each chosen document which is not `known`, and the first that are."""
    wrong = [place for place, name in enumerate(chosen) if name not in known]
    if wrong:
        more = " …" if len(known) > _NAMED else ""
        text = f"{FIELD_TEXTS['unknown_document'][language]} {', '.join(list(known)[:_NAMED])}{more}"
        errors = [FieldError(field=f"{field}.{place}", message=text) for place in wrong]
        raise ProblemError("invalid-input", errors=errors)


def name_of_status(status: int) -> str:
    """Return the problem's name for a plain HTTP status."""
    names = {number: name for name, (number, _) in reversed(PROBLEM_TEXTS.items())}
    return names.get(status, "internal-error" if status >= HTTPStatus.INTERNAL_SERVER_ERROR else "invalid-input")


def field_error(part: Mapping[str, object], language: str) -> FieldError:
    """Word one validation error without repeating its input."""
    location = part["loc"]
    assert isinstance(location, tuple)
    path = [str(step) for step in location[1:]] or [str(location[0])]
    texts = FIELD_TEXTS.get(str(part["type"]), FIELD_TEXTS["other"])
    context = part.get("ctx")
    values = {key: str(value) for key, value in context.items()} if isinstance(context, dict) else {}
    if "expected" in values:
        values["expected"] = _choices(values["expected"], language)
    return FieldError(
        field="body" if path[0].isdigit() else ".".join(path), message=texts[language].format_map(_Lenient(values))
    )


def _choices(expected: str, language: str) -> str:
    """Word pydantic's "'json' or 'csv'" for people."""
    last = {"de": " oder ", "en": " or "}[language]
    return last.join(expected.replace("'", "").rsplit(" or ", 1))


class _Lenient(dict[str, str]):
    """Placeholders without a value stay empty."""

    def __missing__(self, key: str) -> str:
        return ""


def _wants_page(request: Request) -> bool:
    return "text/html" in request.headers.get("accept", "") and not request.url.path.startswith("/api/")


def install(app: FastAPI, page: Callable[[Problem, str], Response]) -> None:
    """Answer every error of routing, validation and our own with a problem, for browsers with a `page` at its path."""

    def respond(request: Request, error: ProblemError) -> Response:
        if not _wants_page(request):
            return problem_response(error, request.headers)
        made = page(problem_of(error, "de"), request.url.path)
        made.headers.update(error.headers)
        return made

    async def own(request: Request, error: Exception) -> Response:
        assert isinstance(error, ProblemError)
        return respond(request, error)

    async def store(request: Request, error: Exception) -> Response:
        assert isinstance(error, StoreError)
        return respond(request, store_problem(error))

    async def away(request: Request, error: Exception) -> Response:
        log.warning(say("http.database_away"), type(error).__name__)
        return respond(request, ProblemError("database-away", headers={"Retry-After": "30"}))

    async def plain(request: Request, error: Exception) -> Response:
        assert isinstance(error, HTTPException)
        headers = dict(error.headers or {})
        if headers.get("Allow") == "GET":
            headers["Allow"] = "GET, HEAD"  # every GET is answered for HEAD too
        return respond(request, ProblemError(name_of_status(error.status_code), headers=headers))

    async def invalid(request: Request, error: Exception) -> Response:
        assert isinstance(error, RequestValidationError)
        german = _wants_page(request)
        language = "de" if german else preferred_language(request.headers.get("accept-language", ""))
        errors = [field_error(part, language) for part in error.errors()]
        return respond(request, ProblemError("invalid-input", errors=errors))

    async def unknown(request: Request, error: Exception) -> Response:
        assert isinstance(error, UnknownValue)
        language = "de" if _wants_page(request) else preferred_language(request.headers.get("accept-language", ""))
        message = FIELD_TEXTS["unknown_value"][language].format(known=error.told)
        return respond(
            request,
            ProblemError(
                "invalid-input", errors=[FieldError(field=_PARAMETERS.get(error.field, error.field), message=message)]
            ),
        )

    app.add_exception_handler(UnknownValue, unknown)
    app.add_exception_handler(ProblemError, own)
    app.add_exception_handler(StoreError, store)
    app.add_exception_handler(OperationalError, away)
    app.add_exception_handler(InterfaceError, away)
    app.add_exception_handler(HTTPException, plain)
    app.add_exception_handler(RequestValidationError, invalid)
