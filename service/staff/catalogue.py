"""The catalogue as a page shows it: the filtered and sorted records, filters with counts, pages, the plot."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace

from service.completeness import Completeness
from service.facets import facet_counts
from service.interface_models import FacetValue
from service.list_queries import OnTopic
from service.models import Notice, Record
from service.pages.labels import shown, shown_moment
from service.record_filters import Filters, asked_of, completeness, fold, matching, notices
from service.records import records_of
from service.staff.chart import Chart, chart_of
from service.staff.queries import FILTERS, MOMENTS, CatalogueQuery, Sort
from service.staff.words import BINDING, SHARES, entries
from vectorstore.catalogue import Catalogue
from vectorstore.records import Item, ItemKind, ItemStatus

PAGE_SIZE = 50
LEFT_OUT = (ItemKind.SECTION, ItemKind.THEME)  # unless asked for: they are headings, not plans
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


def narrowed(catalogue: Catalogue, query: CatalogueQuery, on_topic: OnTopic) -> Catalogue:
    """Keep the records that are on the topic asked for; the whole catalogue where none is."""
    if query.topic is None:
        return catalogue
    among = on_topic(query.topic)
    return _of(catalogue, [item for item in catalogue.items if (item.document_id, item.key) in among])


def found(catalogue: Catalogue, query: CatalogueQuery) -> list[Item]:
    """Return all records that the query asks for, in its order; what is decided comes before what is not."""
    return _found(_searched(catalogue, query), query)


def catalogue_view(catalogue: Catalogue, query: CatalogueQuery) -> CatalogueView:
    """Return page `query.page` of the catalogue; a page past the end is the last one."""
    searched = _searched(catalogue, query)
    items = _found(searched, query)
    size = query.page_size or PAGE_SIZE
    count = max(-(-len(items) // size), 1)
    page = min(query.page or 1, count)
    choices = _facets(searched, query)
    known = known_of(catalogue, query)
    others = notices(listed(searched, query.kind), _without_words(query), known.complete)
    part = items[(page - 1) * size : page * size]
    return CatalogueView(
        records=records_of(part, catalogue),
        total=len(items),
        complete=known.complete,
        page=page,
        first=(page - 1) * size + 1 if items else 0,
        last=(page - 1) * size + len(part),
        pages=_pages(query, page, count),
        facets=choices,
        chips=_chips(query, choices),
        chart=chart_of(items, query),
        notices=[*others, *known.notices()],
    )


def known_of(catalogue: Catalogue, query: CatalogueQuery) -> Completeness:
    """Return how complete the list is: by the kinds that it is about."""
    kinds = [kind for kind in ItemKind if kind not in LEFT_OUT]
    filters = _without_words(query)
    return completeness(asked_of(catalogue, filters), filters, kinds)


def listed(catalogue: Catalogue, kind: ItemKind | None) -> Sequence[Item]:
    """Return the records that the catalogue is about: no headings unless a kind is asked for."""
    if kind is not None:
        return catalogue.items
    return [item for item in catalogue.items if item.kind not in LEFT_OUT]


def _searched(catalogue: Catalogue, query: CatalogueQuery) -> Catalogue:
    """Keep the records that hold the words asked for; reading all texts is what takes time, so it is done once."""
    catalogue = asked_of(catalogue, _without_words(query))
    if query.q is None:
        return catalogue
    words = Filters(q=query.q)
    kept = {
        id(item)
        for some in (words, replace(words, status=ItemStatus.ARCHIVED))
        for item in matching(catalogue.items, some)
    }
    return _of(catalogue, [item for item in catalogue.items if id(item) in kept])


def _without_words(query: CatalogueQuery) -> Filters:
    return replace(query.all_filters(), q=None)


def _of(catalogue: Catalogue, items: Sequence[Item]) -> Catalogue:
    return Catalogue(list(catalogue.documents.values()), items, ())


def _found(catalogue: Catalogue, query: CatalogueQuery) -> list[Item]:
    items = matching(listed(catalogue, query.kind), _without_words(query))
    if query.sort in KEYS:
        return sorted(items, key=KEYS[query.sort])
    return sorted(items, key=lambda item: BINDING[catalogue.documents[item.document_id].status])


def _facets(catalogue: Catalogue, query: CatalogueQuery) -> list[Facet]:
    """Count over the records that the list is about; kinds over all, so that those left out can be chosen."""
    filters = _without_words(query)
    values = facet_counts(catalogue, filters, "de")
    if query.kind is None:
        values = {**facet_counts(_of(catalogue, listed(catalogue, None)), filters, "de"), "kind": values["kind"]}
    chosen = query.chosen()
    return [Facet(name, FILTERS[name], some, chosen.get(name)) for name, some in values.items()]


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
