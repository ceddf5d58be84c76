"""The catalogue as a page shows it: the filtered and sorted records, filters with counts, pages, the plot."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

from service.answering.tools.records import RECORDS, Conditioned, selected
from service.edition_holder import Served
from service.facets import facet_counts
from service.interface_models import FacetValue
from service.models import Notice, Record
from service.pages.labels import shown, shown_moment
from service.record_filters import fold
from service.records import records_of
from service.staff.chart import Chart, chart_of
from service.staff.queries import FILTERS, MOMENTS, CatalogueQuery, Sort
from service.staff.words import BINDING, SHARES, entries
from vectorstore.records import Item

PAGE_SIZE = 50
NEIGHBOURS = 2
LAST = "\uffff"


@dataclass(frozen=True, slots=True)
class Facet:
    """A filter: its values with counts, and the one that is chosen."""

    name: str
    label: str
    values: list[FacetValue]
    chosen: str | None


@dataclass(frozen=True, slots=True)
class Chip:
    """A filter that is set, in words, and the address without it."""

    label: str
    value: str
    address: str


@dataclass(frozen=True, slots=True)
class PageLink:
    """A page of the list; without address it is the one shown, without number a gap."""

    number: int | None
    address: str | None


@dataclass(frozen=True, slots=True)
class CatalogueView:
    """Everything that the page shows; `first` and `last` count records from 1."""

    records: list[Record]
    total: int
    complete: bool | None
    page: int
    first: int
    last: int
    pages: list[PageLink]
    facets: list[Facet]
    chips: list[Chip]
    chart: Chart
    notices: list[Notice]

    @property
    def headline(self) -> str:
        """How many records there are, as sure as it is."""
        return entries(self.total, self.complete)


def chosen(served: Served, query: CatalogueQuery) -> Conditioned:
    """Return what meets the query's conditions; headings only where they are asked for."""
    filters = query.filters(query.kinds or RECORDS)
    return served.answers.tools(filters.documents).conditioned(filters)


def ordered(found: Conditioned, items: Sequence[Item], query: CatalogueQuery) -> list[Item]:
    """Return records in the query's order; else what is decided comes before what is not."""
    if query.sort in KEYS:
        return sorted(items, key=KEYS[query.sort])
    return sorted(items, key=lambda item: BINDING[found.corpus.document(item).status])


def catalogue_view(found: Conditioned, query: CatalogueQuery) -> CatalogueView:
    """Return page `query.page` of the catalogue; a page past the end is the last one."""
    selection = selected(found)
    items = ordered(found, selection.items, query)
    size = query.page_size or PAGE_SIZE
    count = max(-(-len(items) // size), 1)
    page = min(query.page or 1, count)
    given = query.chosen()
    choices = [Facet(name, FILTERS[name], some, given.get(name)) for name, some in facet_counts(found, "de").items()]
    part = items[(page - 1) * size : page * size]
    return CatalogueView(
        records=records_of(part, found.corpus.catalogue),
        total=len(items),
        complete=selection.known.complete,
        page=page,
        first=(page - 1) * size + 1 if items else 0,
        last=(page - 1) * size + len(part),
        pages=_pages(query, page, count),
        facets=choices,
        chips=_chips(query, choices),
        chart=chart_of(items, query),
        notices=[*selection.notices, *selection.known.notices()],
    )


def _chips(query: CatalogueQuery, choices: Iterable[Facet]) -> list[Chip]:
    labels = {(facet.name, one.value): one.label for facet in choices for one in facet.values}
    without: dict[str, dict[str, str | None]] = {name: {name: None} for name in FILTERS}
    return [
        Chip(
            FILTERS[name],
            labels.get((name, value), shown_moment(value) if name in MOMENTS else shown(value)),
            query.address(**without[name]),
        )
        for name, value in query.chosen().items()
    ]


def _pages(query: CatalogueQuery, page: int, count: int) -> list[PageLink]:
    near = {1, count, *range(page - NEIGHBOURS, page + NEIGHBOURS + 1)}
    links: list[PageLink] = []
    before = 0
    for number in sorted(one for one in near if 1 <= one <= count):
        if number > before + 1:
            links.append(PageLink(None, None))
        links.append(PageLink(number, None if number == page else query.address(page=number if number > 1 else None)))
        before = number
    return links


KEYS: dict[Sort, Callable[[Item], tuple[object, ...]]] = {
    Sort.TITLE: lambda item: (fold(item.title),),
    Sort.THEME: lambda item: (fold(item.theme.title) if item.theme else LAST,),
    Sort.STATUS: lambda item: (SHARES[item.status] if item.status else len(SHARES),),
    Sort.UNIT: lambda item: (fold(item.responsible[0]) if item.responsible else LAST,),
    Sort.DATE: lambda item: (min(item.dates, default=LAST),),
}
