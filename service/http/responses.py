"""What a client accepts and has already (RFC 9110), and responses made once: JSON from a model, CSV as a file."""

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


def is_known(request: Request, tag: str) -> bool:
    """Tell whether the client has what `tag` (with its quotes) names, by If-None-Match (RFC 9110, 13.1.2)."""
    names = (name.strip().removeprefix("W/") for name in request.headers.get("if-none-match", "").split(","))
    return any(name in (tag, "*") for name in names)


def weighted(header: str) -> Iterator[tuple[str, float]]:
    """Yield each value of a header with its weight, 0..1; lower case, parameters left out."""
    for part in header.split(","):
        value, *parameters = (piece.strip() for piece in part.lower().split(";"))
        if value:
            yield value, _weight(parameters)


def weight_of(value: str, header: str) -> float:
    """Return how much a client accepts exactly this value, 0 where it does not name it."""
    return max((weight for named, weight in weighted(header) if named == value), default=0.0)


def preferred_language(accept_language: str) -> str:
    """Return "de" or "en" by an Accept-Language header (RFC 9110, 12.5.4); German unless English ranks higher."""
    best, best_weight = "de", 0.0
    for name, weight in weighted(accept_language):
        language = name.split("-")[0]
        if language in ("de", "en") and weight > best_weight:
            best, best_weight = language, weight
    return best


def _weight(parameters: list[str]) -> float:
    given = [text for name, _, text in (parameter.partition("=") for parameter in parameters) if name.strip() == "q"]
    try:
        return float(given[0]) if given else 1.0
    except ValueError:
        return 0.0
