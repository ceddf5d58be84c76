"""/staff/catalogue: all records, filtered, counted and sorted; as a page, as text and as files."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from enum import StrEnum
from typing import Annotated

from fastapi import APIRouter, Depends, Query, Request
from fastapi.responses import HTMLResponse, Response
from pydantic import BeforeValidator, Field

from prompts import say
from service.answering.tools.records import RECORDS, Conditioned
from service.deps import ServedDep, SettingsDep
from service.edition_holder import Served
from service.facets import facet_counts
from service.list_queries import ItemQuery
from service.pages.labels import BINDING, SHARES, entries_counted, numbered, shown, shown_moment
from service.record_filters import fold
from service.records import records_of
from service.settings import Settings
from service.staff.addresses import CATALOGUE, STAFF, public_url, with_query
from service.staff.rendering import staff_page
from service.staff.roles import require_staff
from service.staff.taking.files import FORM_WORDS, Form, file_of
from service.staff.taking.selection import Selection, plain, taken_of
from vectorstore.records import Item

router = APIRouter(prefix=STAFF, dependencies=[Depends(require_staff)], include_in_schema=False)
PAGE_SIZE = 50
MOMENTS = ("from", "until")
NAMES = ("q", "topic", "document", "kind", "theme", "goal", "status", "unit", "municipality", "year", *MOMENTS)
FILTERS = {name: say(f"staff.filter_{name}") for name in NAMES}
_LAST = "\uffff"


class Sort(StrEnum):
    """What the list is sorted by; `document` is reading order."""

    DOCUMENT = "document"
    TITLE = "title"
    THEME = "theme"
    STATUS = "status"
    UNIT = "unit"
    DATE = "date"


SORTS: dict[str, str] = {one: say(f"staff.sort_{one}") for one in Sort}
KEYS: dict[Sort, Callable[[Item], tuple[object, ...]]] = {
    Sort.TITLE: lambda item: (fold(item.title),),
    Sort.THEME: lambda item: (fold(item.theme.title) if item.theme else _LAST,),
    Sort.STATUS: lambda item: (SHARES[item.status] if item.status else len(SHARES),),
    Sort.UNIT: lambda item: (fold(item.responsible[0]) if item.responsible else _LAST,),
    Sort.DATE: lambda item: (min(item.dates, default=_LAST),),
}


class CatalogueQuery(ItemQuery):
    """The filters of the API's lists, and an order."""

    sort: Annotated[Sort, BeforeValidator(lambda value: value or Sort.DOCUMENT)] = Field(default=Sort.DOCUMENT)

    def chosen(self) -> dict[str, str]:
        """Return the filters that are set, by name, as the address writes them."""
        given = self.model_dump(by_alias=True)
        return {name: str(given[name]) for name in NAMES if given[name] is not None}

    def address(self, ending: str = "", **changes: str | int | None) -> str:
        """Return this address with other values; None takes a value away, another filter leads to page 1."""
        sort = {} if self.sort is Sort.DOCUMENT else {"sort": self.sort.value}
        return with_query(CATALOGUE + ending, **{**self.chosen(), **sort, **changes})


QueryDep = Annotated[CatalogueQuery, Query()]


@router.get("/catalogue")
def catalogue(query: QueryDep, served: ServedDep) -> HTMLResponse:
    """Show the records that pass the filters, with counts for every filter value; a page past the end is the last."""
    found = _conditioned(served, query)
    chosen = found.selected()
    items, size = _ordered(found, chosen.items, query), query.page_size or PAGE_SIZE
    pages = max(-(-len(items) // size), 1)
    page = min(query.page or 1, pages)
    facets = facet_counts(found, "de")
    words = {(name, one.value): one.label for name, values in facets.items() for one in values}
    part = items[(page - 1) * size : page * size]
    return staff_page(
        "staff_catalogue.html",
        served,
        "catalogue",
        query=query,
        facets=facets,
        chips=[(name, words.get((name, value)) or _worded(name, value)) for name, value in query.chosen().items()],
        headline=_headline(len(items), chosen.known.complete),
        notices=[*chosen.notices, *chosen.known.notices()],
        records=records_of(part, found.corpus.catalogue),
        total=len(items),
        complete=chosen.known.complete,
        page=page,
        pages=pages,
        first=(page - 1) * size + 1,
        documents=served.edition.catalogue.documents,
        sorts=SORTS,
        moments=MOMENTS,
        filters=FILTERS,
    )


@router.get("/catalogue/text")
def catalogue_text(query: QueryDep, request: Request, served: ServedDep, settings: SettingsDep) -> HTMLResponse:
    """Show the filtered list as a paragraph to copy."""
    selection = _taken(request, served, settings, query)
    blocks = selection.paragraph()
    return staff_page(
        "staff_text.html",
        served,
        "catalogue",
        selection=selection,
        blocks=blocks,
        plain=plain(blocks),
        forms={query.address(f".{form}"): words for form, words in FORM_WORDS.items()},
    )


@router.get("/catalogue.{form}")
def catalogue_file(form: Form, query: QueryDep, request: Request, served: ServedDep, settings: SettingsDep) -> Response:
    """Send the filtered list as a file."""
    return file_of(_taken(request, served, settings, query), form, "eintraege")


def _conditioned(served: Served, query: CatalogueQuery) -> Conditioned:
    """What meets the query's conditions; headings only where they are asked for."""
    filters = query.filters(query.kinds or RECORDS)
    return served.answers.tools(filters.documents).conditioned(filters)


def _ordered(found: Conditioned, items: Sequence[Item], query: CatalogueQuery) -> list[Item]:
    """Records in the query's order; else what is decided comes before what is not."""
    if query.sort in KEYS:
        return sorted(items, key=KEYS[query.sort])
    return sorted(items, key=lambda item: BINDING.index(found.corpus.document(item).status))


def _headline(number: int, complete: bool | None) -> str:
    words = say("staff.entry"), say("staff.entries")
    return numbered(number, *words) if complete else entries_counted(number, complete)


def _worded(name: str, value: str) -> str:
    return shown_moment(value) if name in MOMENTS else shown(value)


def _taken(request: Request, served: Served, settings: Settings, query: CatalogueQuery) -> Selection:
    """All records of the filtered list, in its order, as what is taken away."""
    catalogue, found = served.edition.catalogue, _conditioned(served, query)
    chosen = found.selected()
    given = {name: _worded(name, value) for name, value in query.chosen().items()}
    if document := catalogue.documents.get(query.document or ""):
        given["document"] = document.title
    topic = given.get("topic", "")
    told = "; ".join(f"{FILTERS[name]}: {value}" for name, value in given.items())
    filters = "; ".join(f"{FILTERS[name]}: {value}" for name, value in given.items() if name != "topic")
    order = "" if query.sort is Sort.DOCUMENT else say("staff.sorted_by", sort=SORTS[query.sort])
    heading = say("staff.topic_heading", topic=topic) if topic else say("staff.list_heading")
    return Selection(
        heading=f"{heading} ({filters})" if filters else heading,
        origin=say("staff.list_origin", filters=told or say("staff.no_filters")) + order,
        address=query.address(),
        topic=topic,
        filters=filters,
        taken=taken_of(records_of(_ordered(found, chosen.items, query), catalogue), catalogue),
        edition=served.edition.name,
        base=public_url(request, settings),
        known=chosen.known,
    )
