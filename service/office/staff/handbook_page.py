"""/staff/hilfe: the handbook for staff, rendered from `handbuch.md`, and its pictures."""

from __future__ import annotations

import re
from functools import cache
from importlib.resources import files
from typing import Annotated

from fastapi import APIRouter, Depends, HTTPException, Path
from fastapi.responses import HTMLResponse, Response
from markdown_it import MarkdownIt
from markupsafe import Markup

from service.office.staff.paths import HELP
from service.office.staff.rendering import plain_page
from service.office.staff.roles import require_staff

router = APIRouter(dependencies=[Depends(require_staff)], include_in_schema=False)
_FOLDER = files("service.office.staff.handbook")
_PICTURE = ".webp"
_NO_ANCHOR = re.compile(r"[^\w\- ]")  # what anchors of GitHub leave out


@router.get(HELP)
def show_handbook() -> HTMLResponse:
    """Show the handbook."""
    return plain_page("staff_handbook.html", "hilfe", content=render_handbook())


@router.get(HELP + "/{name}" + _PICTURE)
def send_picture(name: Annotated[str, Path(max_length=100)]) -> Response:
    """Send a picture of the handbook."""
    picture = _FOLDER / f"{name}{_PICTURE}"
    if not picture.is_file():
        raise HTTPException(404)
    return Response(picture.read_bytes(), media_type="image/webp")


@cache
def render_handbook() -> Markup:
    """Return the handbook as HTML.

    Each heading gets the anchor that GitHub would give it ("Neue Fassung" is "neue-fassung"), since
    the links of the handbook name these. The pictures get their address in this service.
    """
    parser = MarkdownIt("commonmark", {"html": False})
    tokens = parser.parse((_FOLDER / "handbuch.md").read_text(encoding="utf-8"))
    for position, token in enumerate(tokens):
        if token.type == "heading_open":
            title = tokens[position + 1].content
            token.attrSet("id", _NO_ANCHOR.sub("", title.lower()).replace(" ", "-"))
        children = token.children or ()
        for child in children:
            if child.type == "image":
                child.attrSet("src", f"{HELP}/{child.attrGet('src')}")
                child.attrSet("loading", "lazy")
    return Markup(parser.renderer.render(tokens, parser.options, {}))
