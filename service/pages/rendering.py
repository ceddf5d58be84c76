"""Jinja2 set up for our pages: everything escaped, undefined names are errors."""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import cache
from urllib.parse import quote_plus

from fastapi.responses import HTMLResponse
from jinja2 import Environment, PackageLoader, StrictUndefined
from markupsafe import Markup, escape

from service.disclosure import digital_source_type
from service.models import Citation, Problem, Record
from service.pages import labels
from service.pages.assets import asset_url
from service.pages.found import found
from service.pages.overviews import columns
from service.pages.table_rows import legible
from service.records import item_url

MAX_LINK_QUOTE = 600


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
    made.filters.update(
        shown=labels.shown,
        date=labels.shown_date,
        moment=labels.shown_moment,
        markers=linked_markers,
        legible=legible,
        unnamed=unnamed,
    )
    made.globals.update(
        asset=asset_url,
        labels=labels,
        cited_url=cited_url,
        item_url=item_url,
        digital_source_type=digital_source_type,
        overview_columns=columns,
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


def linked_markers(text: str, known: set[int], nearest: Sequence[Record] = ()) -> Markup:
    """Escape text; make its markers "[1]" links to their citations, and the names of records links to these."""
    pages = {match.start(): (match, one) for one in nearest if (match := _named(text, one))}
    pieces, done = [], 0
    for start, (match, one) in sorted(pages.items()):
        if start >= done:
            pieces += [_marked(text[done:start], known), Markup('<a href="{}">{}</a>').format(one.url, match.group())]
            done = match.end()
    return Markup("").join([*pieces, _marked(text[done:], known)])


def unnamed(nearest: Sequence[Record], text: str) -> list[Record]:
    """Return the records that a text does not name."""
    return [one for one in nearest if not _named(text, one)]


def _named(text: str, record: Record) -> re.Match[str] | None:
    """Find a record's title, with its number where that stands before it, as whole words."""
    name = rf"(?:{re.escape(record.ref)} )?{re.escape(record.title)}"
    return re.search(rf"(?<!\w){name}(?!\w)", text) if record.title else None


def _marked(text: str, known: set[int]) -> Markup:
    def link(match: re.Match[str]) -> str:
        number = match.group(1)
        if int(number) not in known:
            return match.group()
        return f'<a class="marker" href="#quelle-{number}" aria-label="Quelle {number}">[{number}]</a>'

    return Markup(re.sub(r"\[(\d{1,4})\]", link, str(escape(text))))
