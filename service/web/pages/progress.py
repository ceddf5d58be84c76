"""The public pages /fortschritt (with its lists and the description of its data) and /aenderungen
(with its feed).
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import partial
from itertools import chain
from math import ceil
from typing import Annotated, Any, Literal

from fastapi import APIRouter, Depends, Query, Request
from fastapi.responses import HTMLResponse, Response
from pydantic import Field

from prompts import load_words
from service import Settings
from service.answering import find_setback
from service.records import (
    ChangeQuery,
    ProblemError,
    change_part_row,
    feed_entries,
    feed_urn,
    filter_changes,
    find_removed,
    labels,
    list_changes,
    slice_page,
    status_word,
    without_controls,
)
from service.web import (
    PROGRESS_COLUMNS,
    PROGRESS_LIST_PATH,
    DocumentProgress,
    OpenEdition,
    PlanQuery,
    ProgressQuery,
    ServedDep,
    SettingsDep,
    join_authorities,
    theme_of,
)
from service.web.http import API, with_query
from service.web.pages.rendering import edition_page
from service.web.routes import LicenseDep, RegisterDep, require_public, with_cache_headers
from vectorstore import Edition
from vectorstore.records import (
    ChangeKind,
    Document,
    DocumentChange,
    DocumentState,
    EditionChanges,
    RecordChange,
    status_quote,
)

router = APIRouter(include_in_schema=False, dependencies=[Depends(require_public)])
PROGRESS = "/fortschritt"
LIST = "/fortschritt/liste"
DATA = "/fortschritt/daten"
CHANGES = "/aenderungen"
FEED = "/aenderungen.atom"
FEED_TYPE = "application/atom+xml"
AT_ONCE = 200  # records on a page
GROUPS = {
    "new": (ChangeKind.NEW,),
    "dropped": (ChangeKind.DROPPED,),
    "status": (ChangeKind.STATUS, ChangeKind.FINISHED),
    "moved": (ChangeKind.MOVED,),
    "field": (ChangeKind.FIELD,),
}


class ChangesView(ChangeQuery):
    """Filters, language and page number of the page on changes."""

    language: Literal["de", "en"] | None = None
    page: int = Field(1, ge=1, le=10_000)


View = ProgressQuery | ChangesView


@dataclass(frozen=True, slots=True)
class ProgressSite:
    """What the pages for one request are made from (a dependency of routes)."""

    request: Request
    served: ServedDep
    settings: SettingsDep
    register: RegisterDep
    license: LicenseDep

    def send(self, template: str, view: View, **values: object) -> Response:
        """Return the response with a template as `render` renders it.

        Browsers keep it, and ask each time whether it has changed.
        """
        return with_cache_headers(self.request, self.render(template, view, **values))

    def render(self, template: str, view: View, **values: object) -> HTMLResponse:
        """Render a template with the view's language and functions that build its links.

        Links keep the query parameters of this page. `here` is this page with other parameters,
        `data` the same data of the API as CSV or JSON. `list_page` turns the address of a list in
        the API into that of the page which shows it. The page number is left out, since another
        selection begins at its first page.
        """
        parameters = {
            name: value
            for name, value in self.request.query_params.items()
            if name not in ("language", "page")
        }
        path, language = self.request.url.path, view.language or "de"
        words = load_words(f"{language}/progress")
        common: dict[str, Any] = {
            "language": language,
            "w": words,
            "view": view,
            "here": lambda **more: with_query(path, **parameters | {"language": language} | more),
            "data": lambda path, form: with_query(f"{API}/{path}", **parameters | {"format": form}),
            "list_page": lambda url: f"{url.replace(PROGRESS_LIST_PATH, LIST)}&language={language}",
            "document_line": partial(document_line, words),
            "statuses": [str(status) for status in labels.PLAN_STATUSES],
            "at_once": AT_ONCE,
        }
        for function in (status_word, status_quote, change_part_row, group_records, find_setback):
            common[function.__name__] = function
        return edition_page(template, self.served, self.settings, **common | values)


SiteDep = Annotated[ProgressSite, Depends()]


@router.get(PROGRESS)
@router.get(f"{PROGRESS}/eingebettet")
def progress(view: Annotated[ProgressQuery, Query()], site: SiteDep) -> Response:
    """Show the records of each document and field of action by status, each number a link to its
    list.

    At `/fortschritt/eingebettet` it is only the body of that page, without head and navigation: an
    element on another website puts it into itself.
    """
    report = site.register.report(view, site.license, view.language or "de")
    if site.request.url.path == PROGRESS:
        return site.send("progress.html", view, report=report)
    # the element resolves its addresses by the service's own
    body = site.render("progress_body.html", view, report=report).body
    return with_cache_headers(site.request, HTMLResponse(bytes(body)))


@router.get(LIST)
def plans(view: Annotated[PlanQuery, Query()], site: SiteDep) -> Response:
    """Show the records behind one number, each with its printed status, its page and the date of
    its document.

    If the query names a field of action, the heading has the title of that of the first record: the
    query may name it by its number.
    """
    register, number = site.register, view.page or 1
    selected = register.list_records(view)
    return site.send(
        "progress_list.html",
        view,
        theme=theme_of(selected.items[0]) if view.theme and selected.items else None,
        total=len(selected.items),
        known=selected.completeness,
        items=slice_page(selected.items, number, AT_ONCE),
        number=number,
        pages=ceil(len(selected.items) / AT_ONCE),
        register=register,
    )


@router.get(DATA)
def data(view: Annotated[ProgressQuery, Query()], site: SiteDep) -> Response:
    """Describe the columns and the licence of the data."""
    return site.render("progress_data.html", view, columns=PROGRESS_COLUMNS, license=site.license)


@router.get(f"{DATA}.jsonld")
def dataset(site: SiteDep) -> Response:
    """Describe the data for data portals after DCAT-AP.de, as JSON-LD; what is not known is left
    out.
    """
    edition = site.served.edition
    sources = [document.provenance for document in edition.catalogue.documents.values()]
    page = edition_page(
        "dataset.jsonld",
        site.served,
        site.settings,
        license=site.license,
        publisher=join_authorities(edition.catalogue) or site.settings.name,
        modified=edition.created,
        sources=[source for source in sources if source is not None],
    )
    return Response(page.body, media_type="application/ld+json")


@router.get(CHANGES)
@router.get(f"{CHANGES}/{{edition}}")
def changes(view: Annotated[ChangesView, Query()], site: SiteDep, edition: str = "") -> Response:
    """Show the changes that a named edition brought.

    If no edition is named, show all changes of the document, theme or record that is named. If
    nothing is named, show the changes of the latest edition, with links to the others. A page has
    at most `AT_ONCE` records, and the editions of these; an edition with a changed document without
    records is on every page.
    """
    selected = _known_changes(site.served.edition, view, edition)
    shows_all_editions = bool(view.document or view.theme or view.record) and not edition
    name = edition or (selected[0].edition if selected else "")
    shown = [changes_ for changes_ in selected if shows_all_editions or changes_.edition == name]
    documents = chain.from_iterable(changes_.documents for changes_ in shown)
    records = list(chain.from_iterable(document.records for document in documents))
    on_page = frozenset(slice_page(records, view.page, AT_ONCE))

    def is_on_page(changes_: EditionChanges) -> bool:  # documents without records are on every page
        return any(
            not document.records or on_page.intersection(document.records)
            for document in changes_.documents
        )

    others = [changes_ for changes_ in selected if changes_.edition != name]
    return site.send(
        "changes.html",
        view,
        editions=list(filter(is_on_page, shown)),
        others=[] if shows_all_editions else others,
        on_page=on_page,
        number=view.page,
        pages=ceil(len(records) / AT_ONCE),
        feed=with_query(FEED, **feed_query(view)),
    )


@router.get(FEED)
def feed(view: Annotated[ChangesView, Query()], site: SiteDep) -> Response:
    """Send the newest changes as an Atom feed.

    Its date is that of the edition or of the newest change. So it is the same at each request until
    an edition or a correction is published, and feed readers may keep it.
    """
    edition = site.served.edition
    entries = feed_entries(_known_changes(edition, view))
    created = [changes.created for changes in list_changes(edition)]
    page = site.render(
        "feed.xml",
        view,
        path=with_query(FEED, **feed_query(view)),
        page_path=with_query(CHANGES, **feed_query(view)),
        name=site.settings.name,
        license=site.license,
        updated=max([edition.created, *created]),
        entries=entries,
        urn=feed_urn,
    )
    xml = bytes(page.body).decode()
    return with_cache_headers(site.request, Response(without_controls(xml), media_type=FEED_TYPE))


def feed_query(view: ChangesView) -> dict[str, Any]:
    """Return the query parameters of a feed, always with the language."""
    return view.model_dump(exclude={"page"}) | {"language": view.language or "de"}


def removed_page(
    served: OpenEdition, settings: Settings, document_id: str, key: str = ""
) -> HTMLResponse:
    """Render the page of an item that only earlier editions have or, without `key`, of a document.

    It shows the last state and the edition that removed it, with the status 410 (Gone). Of a
    document that was deleted everywhere no state is left, so its id stands in place of the title.
    Raises the problem not-found if no edition ever had it.
    """
    removed = find_removed(served.edition, document_id, key)
    last_state = removed.state or removed.document
    return edition_page(
        "gone.html",
        served,
        settings,
        410,
        gone=removed,
        name=last_state.title if last_state else document_id,
        document_line=partial(document_line, load_words("de/progress")),
        status_word=status_word,
    )


def _known_changes(edition: Edition, view: ChangeQuery, name: str = "") -> list[EditionChanges]:
    """Return the changes of each edition that the query selects, the newest first.

    `name` is an edition that is asked for, "" for none. Raises the problem not-found if this
    edition, or the document or record of the query, never existed. The theme is not checked: one
    without changes gives an empty list.
    """
    all_changes, history, catalogue = list_changes(edition), edition.history, edition.catalogue
    document_id, _, key = (view.record or "").partition("/")
    knows_edition = not name or name in [changes.edition for changes in all_changes]
    knows_document = view.document in {None, *catalogue.documents, *history.documents}
    knows_record = (
        not view.record or catalogue.item(document_id, key) or (document_id, key) in history.gone
    )
    if not (knows_edition and knows_document and knows_record):
        raise ProblemError("not-found")
    return filter_changes(all_changes, view)


def document_line(
    words: Mapping[str, str], document: Document | DocumentState | DocumentProgress
) -> str:
    """Return a document's publisher, status and date as one line, in the language of `words`.

    Values that were not confirmed by people are marked. Without a date the line says so; a status
    that needs no word is left out.
    """
    as_of, unconfirmed = document.as_of, getattr(document, "unconfirmed", ())
    parts = {
        "publisher": document.publisher,
        "status": words.get(f"document_{document.status}", ""),
        "as_of": words["undated"],
    }
    if as_of:
        parts["as_of"] = words["as_of"].format(day=labels.format_date(as_of))
    return " · ".join(
        f"{text} ({words['unconfirmed']})" if name in unconfirmed else text
        for name, text in parts.items()
        if text
    )


def group_records(documents: Iterable[DocumentChange]) -> dict[str, list[RecordChange]]:
    """Return the changed records of documents by group of GROUPS ("status" also has the finished
    ones), without empty groups.
    """
    records = list(chain.from_iterable(document.records for document in documents))
    groups = {}
    for name, kinds in GROUPS.items():
        of_group = [record for record in records if record.kind in kinds]
        if of_group:
            groups[name] = of_group
    return groups
