"""Responses made once: JSON straight from a model, CSV as a file; and whether a browser has one already."""

from __future__ import annotations

from fastapi import Request
from fastapi.responses import Response
from pydantic import BaseModel

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
