"""Jinja2 set up for our pages: everything escaped, undefined names are errors; and style sheets, scripts, pictures."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cache
from hashlib import sha256
from importlib.resources import files
from typing import Any

from fastapi.responses import HTMLResponse
from jinja2 import Environment, PackageLoader, StrictUndefined
from markupsafe import Markup, escape

from prompts import reworded
from service.models import Citation, Problem
from service.pages import labels
from service.records import item_url, quoting
from service.stream import digital_source_type

PACKAGES = ("service.pages", "service.staff")
MEDIA_TYPES = {"css": "text/css", "js": "text/javascript", "svg": "image/svg+xml"}


@dataclass(frozen=True, slots=True)
class Asset:
    """A file for browsers; `tag` changes with its content."""

    content: bytes
    media_type: str
    tag: str


@cache
def assets() -> dict[str, Asset]:
    """Return all assets by file name."""
    found = {}
    for entry in (entry for package in PACKAGES for entry in files(package).iterdir()):
        media_type = MEDIA_TYPES.get(entry.name.rpartition(".")[2])
        if media_type:
            content = entry.read_bytes()
            found[entry.name] = Asset(content, media_type, sha256(content).hexdigest()[:16])
    return found


def asset_url(name: str) -> str:
    """Return the address of an asset, which browsers may keep for ever."""
    return f"/static/{name}?v={assets()[name].tag}"


@cache
def environment() -> Environment:
    """Return the template environment."""
    made = Environment(
        loader=PackageLoader("service", "pages"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    filters: dict[str, Callable[..., Any]] = {
        "shown": labels.shown,
        "date": labels.shown_date,
        "moment": labels.shown_moment,
        "markers": linked_markers,
        "legible": legible,
        "type_name": type_name,
    }
    made.filters.update(filters)
    made.globals.update(
        asset=asset_url,
        labels=labels,
        cited_url=cited_url,
        item_url=item_url,
        digital_source_type=digital_source_type,
        language="de",
        w=reworded("de/progress"),
    )
    return made


def page(template: str, status: int = 200, **values: object) -> HTMLResponse:
    """Render a template as a response, in German unless it is given a language with its words."""
    return HTMLResponse(environment().get_template(template).render(**values), status_code=status)


def problem_page(problem: Problem) -> HTMLResponse:
    """Render a problem for people."""
    return page("problem.html", problem.status, problem=problem)


def cited_url(citation: Citation) -> str:
    """Return the address that opens the cited passage with its quote highlighted."""
    return quoting(citation.url, citation.quote)


def legible(quote: str) -> str:
    """Return a quote as people read it: a row of a table is introduced as one, its cells set apart by points."""
    cells = [cell.strip() for cell in re.split(r"[\t\n]", quote) if cell.strip()] if "\t" in quote else []
    return f"{labels.TABLE_ROW}: {' · '.join(cells)}" if cells else quote


def linked_markers(text: str, known: set[int]) -> Markup:
    """Escape text and make its markers "[1]" links to their citations."""

    def link(match: re.Match[str]) -> str:
        number = match.group(1)
        if int(number) not in known:
            return match.group()
        return f'<a class="marker" href="#quelle-{number}" aria-label="Quelle {number}">[{number}]</a>'

    return Markup(re.sub(r"\[(\d{1,4})\]", link, str(escape(text))))


def type_name(schema: Mapping[str, Any]) -> str:
    """Return a JSON schema in one short phrase."""
    if "$ref" in schema:
        return str(schema["$ref"]).rpartition("/")[2]
    if "anyOf" in schema:
        return " | ".join(map(type_name, schema["anyOf"]))
    if "const" in schema or "enum" in schema:
        return " | ".join(map(repr, schema.get("enum", [schema.get("const")])))
    if schema.get("type") == "array":
        return f"[{type_name(schema.get('items', {}))}]"
    return str(schema.get("format") or schema.get("type", "any"))
