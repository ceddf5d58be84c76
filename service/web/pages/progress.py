"""The public pages /fortschritt (with its lists and the description of its data) and /aenderungen
(with its feed).
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date
from functools import partial
from itertools import chain
from math import ceil
from typing import Annotated, Any, Literal

from fastapi import APIRouter, Depends, Query, Request
from fastapi.responses import HTMLResponse, Response
from pydantic import Field

from prompts import load_words
from service.answering.setbacks import find_setback
from service.records.changes import (
    ChangeQuery,
    feed_entries,
    filter_changes,
    find_removed,
    list_changes,
    part_row,
    status_word,
    urn,
    without_controls,
)
from service.records.labels import PLAN_STATUSES, format_date
from service.records.problems import ProblemError
from service.records.views import slice_page
from service.settings import Settings
from service.web.about import authority_texts
from service.web.deps import ServedDep, SettingsDep
from service.web.edition_holder import OpenEdition
from service.web.http.addresses import with_query
from service.web.pages.rendering import edition_page
from service.web.progress import (
    CSV_COLUMNS,
    LIST_PATH,
    DocumentProgress,
    PlanQuery,
    ProgressQuery,
    ProgressRegister,
    license_named,
    theme_of,
)
from service.web.routes import API
from service.web.routes.progress import require_public, with_cache_headers
from vectorstore.changes import ChangeKind, status_quote
from vectorstore.history import DocumentChange, DocumentState, EditionChanges, RecordChange
from vectorstore.records import Document

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
    page: int = Field(default=1, ge=1, le=10_000)


View = ProgressQuery | ChangesView


@router.get(PROGRESS)
@router.get(f"{PROGRESS}/eingebettet")
def progress(
    view: Annotated[ProgressQuery, Query()],
    request: Request,
    served: ServedDep,
    settings: SettingsDep,
) -> Response:
    """Show the records of each document and field of action by status, each number a link to its
    list.
    """
    report = ProgressRegister(served, date.today()).report(
        view, license_named(settings.data_license), view.language or "de"
    )
    if request.url.path == PROGRESS:
        page: Response = _page("progress.html", request, served, settings, view, report=report)
    else:  # the element resolves its addresses by the service's own
        body = _page("progress_body.html", request, served, settings, view, report=report).body
        page = HTMLResponse(bytes(body))
    return with_cache_headers(request, page)


@router.get(LIST)
def plans(
    view: Annotated[PlanQuery, Query()], request: Request, served: ServedDep, settings: SettingsDep
) -> Response:
    """Show the records behind one number, each with its printed status, its page and the date of
    its document.
    """
    register, number = ProgressRegister(served, date.today()), view.page or 1
    selected = register.list_records(view)
    values: dict[str, object] = {
        "theme": theme_of(selected.items[0]) if view.theme and selected.items else None,
        "total": len(selected.items),
        "known": selected.completeness,
        "items": slice_page(selected.items, number, AT_ONCE),
        "number": number,
        "pages": ceil(len(selected.items) / AT_ONCE),
        "register": register,
    }
    return with_cache_headers(
        request, _page("progress_list.html", request, served, settings, view, **values)
    )


@router.get(DATA)
def data(
    view: Annotated[ProgressQuery, Query()],
    request: Request,
    served: ServedDep,
    settings: SettingsDep,
) -> Response:
    """Describe the columns and the licence of the data."""
    license_ = license_named(settings.data_license)
    return _page(
        "progress_data.html", request, served, settings, view, columns=CSV_COLUMNS, license=license_
    )


@router.get(f"{DATA}.jsonld")
def dataset(served: ServedDep, settings: SettingsDep) -> Response:
    """Describe the data for data portals after DCAT-AP.de, as JSON-LD; what is not known is left
    out.
    """
    values: dict[str, Any] = {
        "license": license_named(settings.data_license),
        "publisher": authority_texts(served.edition.catalogue) or settings.name,
        "modified": served.edition.created,
        "sources": [
            document.provenance
            for document in served.edition.catalogue.documents.values()
            if document.provenance is not None
        ],
    }
    page = edition_page("dataset.jsonld", served, settings, **values)
    return Response(page.body, media_type="application/ld+json")


@router.get(CHANGES)
@router.get(f"{CHANGES}/{{edition}}")
def changes(
    view: Annotated[ChangesView, Query()],
    request: Request,
    served: ServedDep,
    settings: SettingsDep,
    edition: str = "",
) -> Response:
    """Show the changes that a named edition brought.

    If no edition is named, show all changes of the document, theme or record that is named. If
    nothing is named, show the changes of the latest edition.
    """
    require_known(served, view, edition)
    selected = filter_changes(list_changes(served.edition), view)
    shows_all_editions = bool(view.document or view.theme or view.record) and not edition
    name = edition or (selected[0].edition if selected else "")
    shown = [changes_ for changes_ in selected if shows_all_editions or changes_.edition == name]
    documents = chain.from_iterable(changes_.documents for changes_ in shown)
    records = list(chain.from_iterable(document.records for document in documents))
    # By identity, for equal changes may be in several editions.
    ids_on_page = set(map(id, slice_page(records, view.page, AT_ONCE)))

    def on_page(records: Iterable[RecordChange]) -> list[RecordChange]:
        return [record for record in records if id(record) in ids_on_page]

    def is_on_page(changes_: EditionChanges) -> bool:  # documents without records are on every page
        return any(
            on_page(document.records) or not document.records for document in changes_.documents
        )

    others = []
    if not shows_all_editions:
        others = [changes_ for changes_ in selected if changes_.edition != name]
    values = {
        "editions": list(filter(is_on_page, shown)),
        "others": others,
        "on_page": on_page,
        "number": view.page,
        "pages": ceil(len(records) / AT_ONCE),
        "feed": with_query(FEED, **feed_query(view)),
    }
    return with_cache_headers(
        request, _page("changes.html", request, served, settings, view, **values)
    )


@router.get(FEED)
def feed(
    view: Annotated[ChangesView, Query()],
    request: Request,
    served: ServedDep,
    settings: SettingsDep,
) -> Response:
    """Send the newest changes as an Atom feed; it changes with the edition alone."""
    require_known(served, view)
    values = {
        "path": with_query(FEED, **feed_query(view)),
        "page_path": with_query(CHANGES, **feed_query(view)),
        "name": settings.name,
        "license": license_named(settings.data_license),
        "updated": max(
            [served.edition.created, *(each.created for each in list_changes(served.edition))]
        ),
        "entries": feed_entries(filter_changes(list_changes(served.edition), view)),
        "urn": urn,
    }
    page = _page("feed.xml", request, served, settings, view, **values)
    return with_cache_headers(
        request, Response(without_controls(bytes(page.body).decode()), media_type=FEED_TYPE)
    )


def feed_query(view: ChangesView) -> dict[str, Any]:
    """Return the query parameters of a feed, always with the language."""
    return view.model_dump(exclude={"page"}) | {"language": view.language or "de"}


def gone_page(
    served: OpenEdition, settings: Settings, document_id: str, key: str = ""
) -> HTMLResponse:
    """Render the last state of a document or item that is gone (410).

    Raises the problem not-found if it never existed.
    """
    gone = find_removed(served.edition, document_id, key)
    state = gone.state or gone.document
    standing = partial(document_line, load_words("de/progress"))
    values = {"gone": gone, "name": state.title if state else document_id, "standing": standing}
    return edition_page("gone.html", served, settings, 410, status_word=status_word, **values)


def require_known(served: OpenEdition, view: ChangeQuery, edition: str = "") -> None:
    """Raise the problem not-found if the edition, document or record that is asked for never
    existed.
    """
    history, catalogue = served.edition.history, served.edition.catalogue
    document_id, _, key = (view.record or "").partition("/")
    is_known = (
        (not edition or edition in [changes.edition for changes in list_changes(served.edition)])
        and (not view.document or view.document in {*catalogue.documents, *history.documents})
        and (
            not view.record
            or catalogue.item(document_id, key)
            or (document_id, key) in history.gone
        )
    )
    if not is_known:
        raise ProblemError("not-found")


def document_line(
    words: Mapping[str, str], document: Document | DocumentState | DocumentProgress
) -> str:
    """Return a document's publisher, status and date as one line, in the language of `words`."""
    as_of, unconfirmed = document.as_of, getattr(document, "unconfirmed", ())
    parts = {
        "publisher": document.publisher,
        "status": words.get(f"document_{document.status}", ""),
    }
    parts["as_of"] = words["as_of"].format(day=format_date(as_of)) if as_of else words["undated"]
    for name in parts.keys() & set(unconfirmed):
        if parts[name]:
            parts[name] += f" ({words['unconfirmed']})"
    return " · ".join(filter(None, parts.values()))


def _page(
    template: str,
    request: Request,
    served: OpenEdition,
    settings: Settings,
    view: View,
    **values: object,
) -> HTMLResponse:
    """Render a template with the view's language and functions that build its links."""
    parameters = {
        name: value
        for name, value in request.query_params.items()
        if name not in ("language", "page")
    }
    language = view.language or "de"
    words = load_words(f"{language}/progress")
    common: dict[str, Any] = {
        "language": language,
        "w": words,
        "view": view,
        "here": lambda **more: with_query(
            request.url.path, **{**parameters, "language": language, **more}
        ),
        "data": lambda path, form: with_query(f"{API}/{path}", **parameters, format=form),
        "list_page": lambda url: f"{url.replace(LIST_PATH, LIST)}&language={language}",
        "standing": partial(document_line, words),
        "statuses": [str(status) for status in PLAN_STATUSES],
        "at_once": AT_ONCE,
        **{
            each.__name__: each
            for each in (status_word, status_quote, part_row, group_records, find_setback)
        },
    }
    return edition_page(template, served, settings, **common | values)


def group_records(documents: Iterable[DocumentChange]) -> dict[str, list[RecordChange]]:
    """Return the changed records of documents by group of GROUPS, without empty groups."""
    records = list(chain.from_iterable(document.records for document in documents))
    groups = {}
    for name, kinds in GROUPS.items():
        of_group = [record for record in records if record.kind in kinds]
        if of_group:
            groups[name] = of_group
    return groups
