"""/staff and /staff/catalogue: all records by topic, words and filters, counted, sorted, with the
reason why each matches a topic; and the same list as a file or a page to print.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum
from math import ceil
from typing import Annotated, Any, Literal

from fastapi import APIRouter, Depends, Query, Request
from fastapi.responses import HTMLResponse, Response
from pydantic import BeforeValidator, Field

from prompts import say
from service import Settings, wording
from service.answering import (
    LISTED_KINDS,
    Filters,
    RecordFilter,
    SearchMatch,
    Selection,
    find_setback,
    look_up_topic,
)
from service.office.staff.list_export import FileForm, RecordTable, send_file
from service.office.staff.paths import CATALOGUE, STAFF
from service.office.staff.rendering import staff_page
from service.office.staff.roles import require_staff
from service.records import Notice, Record, labels, records_of, slice_page
from service.web import FacetValue, ItemQuery, OpenEdition, ServedDep, SettingsDep, facet_counts
from service.web.http import public_url, with_query
from vectorstore.language import fold_umlauts
from vectorstore.records import Catalogue, Item, ItemAddress, ItemKind

router = APIRouter(prefix=STAFF, dependencies=[Depends(require_staff)], include_in_schema=False)
PAGE_SIZE = 50  # records of a page
PASSAGE = 320  # characters of a passage
MOMENTS = ("from", "until")
NAMES = (
    "topic",
    "q",
    "document",
    "kind",
    "theme",
    "goal",
    "status",
    "unit",
    "municipality",
    "year",
    "setback",
    *MOMENTS,
)
FILTERS = {name: say(f"staff.filter_{name}") for name in NAMES}
_LAST = "\uffff"  # sorts after every text


class SearchSort(StrEnum):
    """The order of the list: `document` is reading order, with a topic best match first."""

    DOCUMENT = "document"
    TITLE = "title"
    THEME = "theme"
    STATUS = "status"
    UNIT = "unit"
    DATE = "date"


SORTS: dict[str, str] = {sort: say(f"staff.sort_{sort}") for sort in SearchSort}
KEYS: dict[SearchSort, Callable[[Item], Any]] = {
    SearchSort.TITLE: lambda item: fold_umlauts(item.title),
    SearchSort.THEME: lambda item: fold_umlauts(item.theme.title) if item.theme else _LAST,
    SearchSort.STATUS: lambda item: (
        labels.STATUS_ORDER[item.status] if item.status else len(labels.STATUS_ORDER)
    ),
    SearchSort.UNIT: lambda item: fold_umlauts(item.responsible[0]) if item.responsible else _LAST,
    SearchSort.DATE: lambda item: min(item.dates, default=_LAST),
}


class SearchQuery(ItemQuery):
    """The filters of the API's lists, with a sort order; `setback` selects what by its text failed,
    was given up or is late.
    """

    setback: Annotated[Literal["true"] | None, BeforeValidator(lambda value: value or None)] = None
    sort: Annotated[SearchSort, BeforeValidator(lambda value: value or SearchSort.DOCUMENT)] = (
        Field(default=SearchSort.DOCUMENT)
    )

    def filters(self, kinds: tuple[ItemKind, ...]) -> Filters:
        """Return the filters as conditions on records of these kinds, () for all kinds."""
        return replace(super().filters(kinds), setback=bool(self.setback))

    def chosen_filters(self) -> dict[str, str]:
        """Return the filters that are set, topic and words among them: query parameters by name.

        Sort order and page are no filters, so they are left out.
        """
        values = self.model_dump(by_alias=True)
        return {name: str(values[name]) for name in NAMES if values[name] is not None}

    def address(self, ending: str = "", **changes: str | int | None) -> str:
        """Return the address of this list with changed parameters, from page 1; None removes a
        parameter.

        `ending` follows the path of the list: ".csv" and ".xlsx" are its files, "/print" is the
        page to print.
        """
        values: dict[str, str | int | None] = dict(self.chosen_filters())
        if self.sort is not SearchSort.DOCUMENT:
            values["sort"] = self.sort.value
        return with_query(CATALOGUE + ending, **(values | changes))


QueryDep = Annotated[SearchQuery, Query()]


@dataclass(frozen=True, slots=True)
class Hits:
    """The records that pass a query's filters, in its order; with a topic, their matches by
    document and key.
    """

    query: SearchQuery
    record_filter: RecordFilter
    selection: Selection
    items: list[Item]
    matches: dict[ItemAddress, SearchMatch]

    @property
    def complete(self) -> bool | None:
        """Whether these are all such records; never those that the filter "laut Text" chooses by
        sentences, which may be worded in other ways.
        """
        return self.selection.completeness.complete and not self.query.setback

    def rows(self, items: Sequence[Item], served: OpenEdition) -> list[tuple[Record, str, str]]:
        """Return for each item its record, why it matches the topic, and the passage to show.

        The passage is the one that fits the topic best; with the filter "laut Text" it is the
        sentence that says what failed. Without a topic, the reason is "", and without a topic and
        this filter the passage is "" too.
        """
        records = records_of(items, self.record_filter.corpus.catalogue)
        topic = self.query.topic or ""
        passages = [""] * len(items)
        if self.query.setback:
            passages = list(map(find_setback, items))
        elif topic:
            chooser = served.answers.tools(self.record_filter.documents).chooser(topic)
            passages = [chooser.choose_passage(item, PASSAGE) for item in items]
        reasons = [self.matches[item.address].describe() if topic else "" for item in items]
        return list(zip(records, reasons, passages, strict=True))


@router.get("")
@router.get("/catalogue")
def search(query: QueryDep, served: ServedDep) -> HTMLResponse:
    """Show the records that pass the filters, with the number of records for every filter value.

    A page number past the end shows the last page. With a topic, `direct` is the number of records
    that have its words. If no record passes, `around` is what there is on the topic without the
    filters. The filter "laut Text" (`query.setback`) chooses records by sentences of their text, so
    there may be more such records than are shown.
    """
    hits = _find_hits(served, query)
    catalogue = served.edition.catalogue
    topic = query.topic
    size = query.page_size or PAGE_SIZE
    total = len(hits.items)
    pages = max(ceil(total / size), 1)
    page = min(query.page or 1, pages)
    notices = [*hits.selection.notices, *hits.selection.completeness.notices()]
    if query.setback:
        notices.append(Notice(code="by_setback", text=say("answers.by_setback")))
    facets = _facets(hits.record_filter, query)
    return staff_page(
        "staff_search.html",
        served,
        "catalogue",
        query=query,
        facets=facets,
        total=total,
        headline=labels.format_item_count(total, hits.complete),
        filters_in_words=_filters_in_words(query, facets),
        notices=notices,
        complete=hits.complete,
        direct=sum(bool(match.word) for match in hits.matches.values()),
        rows=hits.rows(slice_page(hits.items, page, size), served),
        undecided=sum(
            catalogue.documents[item.document_id].status in labels.UNDECIDED for item in hits.items
        ),
        silent=_documents_without(hits, query, catalogue),
        around=look_up_topic(served.answers.tools(), topic) if topic and not total else None,
        page=page,
        pages=pages,
        first=(page - 1) * size + 1,
        documents=catalogue.documents,
        sorts=SORTS,
        moments=MOMENTS,
        filters=FILTERS,
    )


def _find_hits(served: OpenEdition, query: SearchQuery) -> Hits:
    """Return the records that pass the filters of the query; themes and sections only if the query
    names their kind.

    They are sorted as the query says. If it does not say, the best match with the topic is first;
    without a topic they are sorted by the status of their documents, the most binding first. The
    matches are of all records on the topic, so those that other filters exclude are taken out.
    """
    filters = query.filters(query.kinds or LISTED_KINDS)
    record_filter = served.answers.tools(filters.documents).filter_records(filters)
    selection = record_filter.select()
    listed = {item.address for item in selection.items}
    on_topic = {match.item.address: match for match in selection.matches}
    matches = {address: match for address, match in on_topic.items() if address in listed}
    if query.sort in KEYS:
        items = sorted(selection.items, key=KEYS[query.sort])
    elif query.topic:
        items = [match.item for match in matches.values()]
    else:
        items = sorted(
            selection.items,
            key=lambda item: labels.STATUS_ORDER_OF_DOCUMENTS.index(
                record_filter.corpus.document(item).status
            ),
        )
    return Hits(query, record_filter, selection, items, matches)


def _facets(record_filter: RecordFilter, query: SearchQuery) -> dict[str, list[FacetValue]]:
    """Return the number of records for each value of each filter.

    A value's number counts the records that pass all other filters: so it says how many records
    people get if they choose the value. The filter "laut Text" is included only if such records
    have it, or if it is chosen already.
    """
    facets = facet_counts(record_filter, "de")
    states_setback = record_filter.corpus.records.mask_stating("setback")
    passes_others = record_filter.mask_of_all("setback")  # all filters but this one
    count = int((passes_others & states_setback).sum())
    if count or query.setback:
        facets["setback"] = [FacetValue(value="true", label=say("staff.set_back"), count=count)]
    return facets


def _filters_in_words(
    query: SearchQuery, facets: Mapping[str, Sequence[FacetValue]]
) -> dict[str, str]:
    """Return the chosen filters by name, their values in words.

    The words are those beside the value's number of records. A value without such a number, such as
    a topic or an unknown id, is formatted by itself.
    """
    words = {}
    for name, value in query.chosen_filters().items():
        labels_of_values = {facet.value: facet.label for facet in facets.get(name, ())}
        in_words = wording.format_moment(labels.format_value(value))
        words[name] = labels_of_values.get(value, in_words)
    return words


def _documents_without(hits: Hits, query: SearchQuery, catalogue: Catalogue) -> list[str]:
    """Return the titles of the documents in force that have no record on the topic.

    Returns [] if other filters are chosen too, since they may be the reason.
    """
    if not query.topic or len(query.chosen_filters()) > 1:
        return []
    matched = {match.item.document_id for match in hits.selection.matches}
    documents = catalogue.in_force.documents.values()
    return [document.title for document in documents if document.id not in matched]


@router.get("/catalogue/print")
def print_list(
    query: QueryDep, request: Request, served: ServedDep, settings: SettingsDep
) -> HTMLResponse:
    """Show the whole list with its sources on a page to print or to copy from."""
    table = _make_table(query, request, served, settings)
    return staff_page("staff_print.html", served, "catalogue", table=table)


@router.get("/catalogue.{form}")
def send_list(
    form: FileForm, query: QueryDep, request: Request, served: ServedDep, settings: SettingsDep
) -> Response:
    """Send the whole list as a file."""
    return send_file(_make_table(query, request, served, settings), form)


def _make_table(
    query: SearchQuery, request: Request, served: OpenEdition, settings: Settings
) -> RecordTable:
    """Return the whole list as a table to export or print.

    Its heading says the topic, and in parentheses the other filters.
    """
    catalogue, hits = served.edition.catalogue, _find_hits(served, query)
    chosen = _filters_in_words(query, _facets(hits.record_filter, query))
    heading = say("staff.list_heading")
    if query.topic:
        heading = say("staff.topic_heading", topic=chosen.pop("topic"))
    filters = "; ".join(f"{FILTERS[name]}: {value}" for name, value in chosen.items())
    return RecordTable(
        heading=f"{heading} ({filters})" if filters else heading,
        address=query.address(),
        records=records_of(hits.items, catalogue),
        documents=catalogue.documents,
        edition=served.edition.name,
        base=public_url(request, settings),
        known=hits.selection.completeness,
        complete=hits.complete,
    )
