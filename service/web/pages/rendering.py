"""Rendering of public pages by Jinja2 (escaped, undefined names are errors), and their assets:
styles, scripts, SVG.
"""

from __future__ import annotations

import gzip
import re
from collections.abc import Mapping, Sequence
from functools import cache
from hashlib import sha256
from importlib.resources import files
from typing import TYPE_CHECKING, Any, NamedTuple

from fastapi import Request
from fastapi.responses import HTMLResponse, Response
from jinja2 import Environment, PackageLoader, StrictUndefined
from markupsafe import Markup, escape

from prompts import RIGHT_TO_LEFT, load_words
from service import Settings, wording
from service.records import Contact, Problem, item_url, labels, quote_url
from service.web import digital_source_type
from service.web.http import PageResponse, require_changed

if TYPE_CHECKING:
    from service.web import OpenEdition

PACKAGES = ("service.web.pages", "service.office.staff")
MEDIA_TYPES = {"css": "text/css", "js": "text/javascript", "svg": "image/svg+xml"}


class Asset(NamedTuple):
    """A file for browsers, plain and gzipped; `tag` is a digest of its content."""

    plain: bytes
    compressed: bytes
    media_type: str
    tag: str


def make_asset(content: bytes, media_type: str) -> Asset:
    """Return content as an asset."""
    compressed = gzip.compress(content, 9, mtime=0)
    return Asset(content, compressed, media_type, sha256(content).hexdigest()[:16])


def asset_response(request: Request, asset: Asset, headers: Mapping[str, str]) -> Response:
    """Return an asset as a response, gzipped if the client accepts that; raises HTTPException (304)
    if the client has it.

    Its entity tag is weak, since it is the same for both forms of the content.
    """
    headers = {"ETag": f'W/"{asset.tag}"', "Vary": "Accept-Encoding", **headers}
    require_changed(request, headers)
    content = asset.plain
    if "gzip" in request.headers.get("accept-encoding", ""):
        content, headers["Content-Encoding"] = asset.compressed, "gzip"
    return Response(content, media_type=asset.media_type, headers=headers)


@cache
def assets() -> dict[str, Asset]:
    """Return all assets of the public and the staff pages by file name; they are read once."""
    found = {}
    for package in PACKAGES:
        for file in files(package).iterdir():
            suffix = file.name.rpartition(".")[2]
            if suffix in MEDIA_TYPES:
                found[file.name] = make_asset(file.read_bytes(), MEDIA_TYPES[suffix])
    return found


def asset_url(name: str) -> str:
    """Return the address of an asset, which browsers may keep for ever."""
    return f"/static/{name}?v={assets()[name].tag}"


@cache
def environment() -> Environment:
    """Return the template environment with its filters and functions; it is made once.

    Pages are German unless a template gets another `language` and its words `w`.
    """
    jinja = Environment(
        loader=PackageLoader("service.web", "pages"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    jinja.filters |= {
        "shown": labels.format_value,
        "date": labels.format_date,
        "moment": wording.format_moment,
        "markers": linked_markers,
        "reachable": linked_contacts,
        "legible": format_quote,
        "type_name": type_name,
    }
    functions = (item_url, quote_url, digital_source_type, direction)
    jinja.globals |= {
        "asset": asset_url,
        "labels": labels,
        "language": "de",
        "w": load_words("de/progress"),
    }
    jinja.globals |= {function.__name__: function for function in functions}
    return jinja


def page(template: str, status: int = 200, **values: object) -> HTMLResponse:
    """Render a template as a response."""
    return PageResponse(environment().get_template(template).render(**values), status_code=status)


def edition_page(
    template: str, served: OpenEdition, settings: Settings, status: int = 200, **values: Any
) -> HTMLResponse:
    """Render a template with values of the served edition as a response.

    These are whether there are sample documents (which a page must say), the edition's name,
    whether there are pages on progress, and the public address. `values` win over them.
    """
    sample = any(document.sample for document in served.edition.catalogue.documents.values())
    common = {
        "sample": sample,
        "edition": served.edition.name,
        "shows_progress": settings.progress,
        "base": settings.public_url or "",
    }
    return page(template, status, **common | values)


def problem_page(problem: Problem) -> HTMLResponse:
    """Render a problem as a page."""
    return page("problem.html", problem.status, problem=problem)


def format_quote(quote: str) -> str:
    """Return a quote for display.

    The cells of a table row are divided by tabs. It becomes a word for "table row" and its cells
    with " · " between them, without the empty ones.
    """
    if "\t" not in quote:
        return quote
    cells = list(filter(None, map(str.strip, re.split(r"[\t\n]", quote))))
    return f"{labels.TABLE_ROW}: {' · '.join(cells)}" if cells else quote


def linked_markers(text: str, known: set[int]) -> Markup:
    """Return a text in HTML in which citation markers such as "[1]" are links.

    Only the markers of the citations `known` become links: any other number in brackets is part of
    the text.
    """

    def link(match: re.Match[str]) -> str:
        number = match.group(1)
        if int(number) not in known:
            return match.group()
        return (
            f'<a class="marker" href="#quelle-{number}" aria-label="Quelle {number}">[{number}]</a>'
        )

    return Markup(re.sub(r"\[(\d{1,4})\]", link, str(escape(text))))


def linked_contacts(text: str, contacts: Sequence[Contact]) -> Markup:
    """Return escaped text in which telephone numbers, mail addresses and pages of contacts are
    links.

    The longest text wins, so that a number is not taken for the beginning of a longer one.
    """
    targets: dict[str, str] = {}
    for contact in contacts:
        # "+49 (0)2921 30" is dialled without the 0
        dialled = re.sub(r"(?<=\d)\s*\(0\)|[^\d+]", "", contact.telephone)
        addresses = (contact.telephone, f"tel:{dialled}"), (contact.mail, f"mailto:{contact.mail}")
        for shown, target in (*addresses, (contact.url, contact.url)):
            if shown:
                targets[str(escape(shown))] = str(escape(target))
    longest_first = sorted(targets, key=len, reverse=True)
    pattern = "|".join(map(re.escape, longest_first)) or r"(?!)"  # which matches nothing

    def link(match: re.Match[str]) -> str:
        return f'<a href="{targets[match[0]]}">{match[0]}</a>'

    return Markup(re.sub(pattern, link, str(escape(text))))


def direction(language: str) -> str:
    """Return in which direction a language is written, as HTML names it."""
    return "rtl" if language in RIGHT_TO_LEFT else "ltr"


def type_name(schema: Mapping[str, Any]) -> str:
    """Return the type that a JSON schema describes as a short phrase: "[string]", "'de' | 'en'".

    A reference to another schema becomes the name of that schema, a type with a format the name of
    the format ("date").
    """
    if "$ref" in schema:
        return str(schema["$ref"]).rpartition("/")[2]
    if "anyOf" in schema:
        return " | ".join(map(type_name, schema["anyOf"]))
    if "const" in schema:
        return repr(schema["const"])
    if "enum" in schema:
        return " | ".join(map(repr, schema["enum"]))
    if schema.get("type") == "array":
        return f"[{type_name(schema.get('items', {}))}]"
    return str(schema.get("format") or schema.get("type", "any"))
