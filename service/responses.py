"""Responses made once: JSON straight from a model, CSV as a file."""

from __future__ import annotations

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
