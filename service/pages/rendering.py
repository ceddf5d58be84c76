"""Jinja2 set up for our pages: everything escaped, undefined names are errors."""

from __future__ import annotations

import re
from collections.abc import Callable
from functools import cache
from typing import Any
from urllib.parse import quote_plus

from fastapi.responses import HTMLResponse
from jinja2 import Environment, PackageLoader, StrictUndefined
from markupsafe import Markup, escape

from service.models import Answer, Citation, Problem
from service.pages import labels
from service.pages.assets import asset_url
from service.pages.found import found
from service.records import item_url
from service.stream import digital_source_type

MAX_LINK_QUOTE = 600
Row = dict[str, Any]
_GROUPED: dict[str, str] = {"status": "status", "theme": "theme", "document": "document_id"}  # field of rows by group


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
    }
    made.filters.update(filters)
    made.globals.update(
        asset=asset_url,
        labels=labels,
        cited_url=cited_url,
        item_url=item_url,
        digital_source_type=digital_source_type,
        overview_columns=overview_columns,
        found=found,
    )
    return made


def page(template: str, status: int = 200, **values: object) -> HTMLResponse:
    """Render a template as a response."""
    return HTMLResponse(environment().get_template(template).render(**values), status_code=status)


def problem_page(problem: Problem) -> HTMLResponse:
    """Render a problem for people."""
    return page("problem.html", problem.status, problem=problem)


def cited_url(citation: Citation) -> str:
    """Return the address that opens the cited passage with its quote highlighted."""
    quote = citation.quote
    if len(quote) > MAX_LINK_QUOTE:
        quote = quote[:MAX_LINK_QUOTE].rpartition(" ")[0]
    return f"{citation.url}?quote={quote_plus(quote)}#zitat"


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


def overview_columns(answer: Answer) -> dict[str, dict[str, list[Row]]]:
    """Return an overview's rows by status, theme and document, under what each is called; but not one group alone."""
    if answer.data is None or answer.data.groups is None:
        return {}
    made = {
        labels.GROUPS[by]: {
            labels.shown(group.title): [row for row in answer.data.rows if row.get(field) == group.id]
            for group in getattr(answer.data.groups, by)
        }
        for by, field in _GROUPED.items()
    }
    return {title: groups for title, groups in made.items() if len(groups) > 1}
