"""Reads the headers Accept, Accept-Language and If-None-Match (RFC 9110), and makes JSON and CSV responses."""

from __future__ import annotations

from collections.abc import Iterator

from pydantic import BaseModel
from starlette.requests import Request
from starlette.responses import Response

VARY = {"Vary": "Accept"}


def json_response(model: BaseModel) -> Response:
    """Return a model as JSON."""
    return Response(model.model_dump_json(), media_type="application/json", headers=VARY)


def csv_response(text: str, name: str) -> Response:
    """Return CSV text as the file `name`.csv."""
    disposition = f'attachment; filename="{name}.csv"'
    headers = {**VARY, "Content-Disposition": disposition}
    return Response(text.encode(), media_type="text/csv; charset=utf-8; header=present", headers=headers)


def has_entity_tag(request: Request, tag: str) -> bool:
    """True if If-None-Match (RFC 9110, 13.1.2) has this entity tag (with its quotes): the client has the content."""
    tags = (given.strip().removeprefix("W/") for given in request.headers.get("if-none-match", "").split(","))
    return any(given in (tag, "*") for given in tags)


def parse_weights(header: str) -> Iterator[tuple[str, float]]:
    """Yield each value of a header, in lower case and without parameters, with its weight `q` (1 without)."""
    for part in header.split(","):
        value, *parameters = (piece.strip() for piece in part.lower().split(";"))
        if value:
            yield value, _weight(parameters)


def weight_of(value: str, header: str) -> float:
    """Return the weight of exactly this value in a header, 0 if it is not in it."""
    return max((weight for given, weight in parse_weights(header) if given == value), default=0.0)


def preferred_language(accept_language: str) -> str:
    """Return "de" or "en" by an Accept-Language header (RFC 9110, 12.5.4); German unless English ranks higher."""
    best, best_weight = "de", 0.0
    for name, weight in parse_weights(accept_language):
        language = name.split("-")[0]
        if language in ("de", "en") and weight > best_weight:
            best, best_weight = language, weight
    return best


def _weight(parameters: list[str]) -> float:
    """The value of the parameter `q`; 1 without it, 0 if it is malformed."""
    weights = [text for name, _, text in (parameter.partition("=") for parameter in parameters) if name.strip() == "q"]
    try:
        return float(weights[0]) if weights else 1.0
    except ValueError:
        return 0.0
