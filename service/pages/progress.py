"""The public pages /fortschritt (with its lists and the description of its data) and /aenderungen (with its feed)."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from datetime import date
from functools import partial
from hashlib import sha256
from typing import Annotated, Any, Literal

from fastapi import APIRouter, Depends, Query, Request
from fastapi.responses import HTMLResponse, JSONResponse, Response
from pydantic import BaseModel, Field

from prompts import reworded
from service.about import told_authorities
from service.changes import ChangeQuery, filter_changes, find_gone, part_line, status_word
from service.deps import ServedDep, SettingsDep
from service.edition_holder import Served
from service.feed import MEDIA_TYPE, FeedHead, atom_feed
from service.http.problems import ProblemError
from service.http.responses import is_known
from service.pages.labels import shown_date
from service.pages.rendering import page
from service.progress import (
    CSV_COLUMNS,
    LIST_PATH,
    STATUSES,
    DocumentProgress,
    Fact,
    PlanQuery,
    ProgressQuery,
    Register,
    license_named,
)
from service.records import item_url, quoting
from service.routes import API
from service.routes.progress import cached, require_public
from service.settings import Settings
from service.staff.addresses import public_url, with_query
from vectorstore.changes import ChangeKind, status_quote
from vectorstore.history import DocumentChange, DocumentState, EditionChanges, RecordChange
from vectorstore.records import Document, Item

router = APIRouter(include_in_schema=False, dependencies=[Depends(require_public)])
PROGRESS, LIST, DATA, CHANGES, FEED = (
    "/fortschritt", "/fortschritt/liste", "/fortschritt/daten", "/aenderungen", "/aenderungen.atom"
)  # fmt: skip
AT_ONCE = 200  # records on a page
EU, FOAF = "http://publications.europa.eu/resource/authority/", "http://xmlns.com/foaf/0.1/"
LICENSES = "http://dcat-ap.de/def/licenses/"
GROUPS = {
    "new": (ChangeKind.NEW,),
    "dropped": (ChangeKind.DROPPED,),
    "status": (ChangeKind.STATUS, ChangeKind.FINISHED),
    "moved": (ChangeKind.MOVED,),
    "field": (ChangeKind.FIELD,),
}


class Language(BaseModel):
    """The language of a page."""

    language: Literal["de", "en"] = "de"


class ProgressView(ProgressQuery, Language):
    """What the progress page shows; with `embed` without what is around it."""

    embed: bool = False


class ListView(PlanQuery, Language):
    """What a list shows."""


class ChangesView(ChangeQuery, Language):
    """What the page on changes shows, and which part of it."""

    page: int = Field(default=1, ge=1, le=10_000)


@router.get(PROGRESS)
def progress(
    view: Annotated[ProgressView, Query()], request: Request, served: ServedDep, settings: SettingsDep
) -> Response:
    """Show the records of each document and field of action by status, each number a link to its list."""
    report = Register(served, date.today()).report(view, license_named(settings.data_license), view.language)
    template = "progress_body.html" if view.embed else "progress.html"
    values = {"report": report, "single": bool(view.document or view.theme), "data": _data_url(view)}
    return cached(request, _page(template, served, view, request, **values))


@router.get(LIST)
def plans(view: Annotated[ListView, Query()], request: Request, served: ServedDep) -> Response:
    """Show the records behind one number, each with its printed status, its page and the date of its document."""
    register, words, number = Register(served, date.today()), reworded(f"{view.language}/progress"), view.page or 1
    found = register.listed(view)
    themes = [theme.title for item in found.items[:1] if (theme := item.theme or item.goal)] if view.theme else []
    status = status_word(None if view.status == "none" else view.status, view.language) if view.status else ""
    return _page(
        "progress_list.html",
        served,
        view,
        request,
        heading=", ".join(filter(None, (status, words[view.fact] if view.fact else ""))) or words["all_plans"],
        theme=words["no_theme"] if view.theme == "none" else "".join(themes),
        total=len(found.items),
        known=found.known,
        entries=[_plan(register, item) for item in found.items[(number - 1) * AT_ONCE : number * AT_ONCE]],
        number=number,
        pages=-(-len(found.items) // AT_ONCE),
        at_once=AT_ONCE,
        data=_data_url(view, LIST_PATH),
    )


@router.get(DATA)
def data(view: Annotated[Language, Query()], request: Request, served: ServedDep, settings: SettingsDep) -> Response:
    """Describe the columns and the licence of the data."""
    license_ = license_named(settings.data_license)
    return _page("progress_data.html", served, view, request, columns=CSV_COLUMNS, license=license_)


@router.get(f"{DATA}.jsonld")
def dataset(request: Request, served: ServedDep, settings: SettingsDep) -> Response:
    """Describe the data for data portals after DCAT-AP.de, as JSON-LD; what is not known is left out."""
    words, base, license_ = reworded("de/progress"), public_url(request, settings), license_named(settings.data_license)
    terms = {"dcterms:license": {"@id": f"{LICENSES}{license_.id}"}} if license_ else {}
    files = {"CSV": "text/csv", "JSON": "application/json"}
    urls = {name: f"{base}{API}/progress?format={name.lower()}" for name in files}
    described = {
        "@context": {"dcat": "http://www.w3.org/ns/dcat#", "dcterms": "http://purl.org/dc/terms/", "foaf": FOAF},
        "@id": f"{base}{PROGRESS}",
        "@type": "dcat:Dataset",
        "dcterms:title": words["dataset_title"],
        "dcterms:description": words["dataset_description"],
        "dcterms:publisher": {
            "@type": "foaf:Agent",
            "foaf:name": told_authorities(served.edition.catalogue) or settings.name,
        },
        "dcterms:modified": served.edition.created.isoformat(),
        "dcat:theme": {"@id": f"{EU}data-theme/GOVE"},
        "dcat:landingPage": {"@id": f"{base}{DATA}"},
        "dcat:distribution": [
            {
                "@id": f"{urls[name]}#distribution",
                "@type": "dcat:Distribution",
                "dcat:accessURL": {"@id": urls[name]},
                "dcat:downloadURL": {"@id": urls[name]},
                "dcterms:format": {"@id": f"{EU}file-type/{name}"},
                "dcat:mediaType": {"@id": f"https://www.iana.org/assignments/media-types/{media_type}"},
                **terms,
            }
            for name, media_type in files.items()
        ],
    }
    return JSONResponse(described, media_type="application/ld+json")


@router.get(CHANGES)
@router.get(f"{CHANGES}/{{edition}}")
def changes(view: Annotated[ChangesView, Query()], request: Request, served: ServedDep, edition: str = "") -> Response:
    """Show what changed with the latest edition or a named one; of a document, theme or record with all editions."""
    require_known(served, view, edition)
    asked = filter_changes(served.edition.history.editions, view)
    every = bool(view.document or view.theme or view.record) and not edition
    name = edition or (asked[0].edition if asked else "")
    shown = [each for each in asked if every or each.edition == name]
    number = sum(len(document.records) for each in shown for document in each.documents)
    return _page(
        "changes.html",
        served,
        view,
        request,
        editions=list(_window(shown, (view.page - 1) * AT_ONCE)),
        others=[] if every else [each for each in asked if each.edition != name],
        number=view.page,
        pages=-(-number // AT_ONCE),
        is_whole=not every and not edition,
        feed=with_query(FEED, **view.model_dump(exclude={"page"})),
        grouped=_grouped,
        count_groups=_count_groups,
        part_line=part_line,
        quoted_url=_quoted_url,
    )


@router.get(FEED)
def feed(view: Annotated[ChangesView, Query()], request: Request, served: ServedDep, settings: SettingsDep) -> Response:
    """Send the newest changes as an Atom feed; it changes with the edition alone."""
    require_known(served, view)
    base, asked = public_url(request, settings), view.model_dump(exclude={"page"})
    parts = (served.edition.digest, served.edition.name, base, repr(asked))
    headers = {"Cache-Control": "no-cache", "ETag": f'"{sha256(repr(parts).encode()).hexdigest()[:32]}"'}
    if is_known(request, headers["ETag"]):
        return Response(status_code=304, headers=headers)
    license_ = license_named(settings.data_license)
    rights = f"{license_.title} ({license_.url})" if license_ else ""
    created = served.edition.created
    head = FeedHead(
        settings.name, base, with_query(FEED, **asked), with_query(CHANGES, **asked), created, view.language, rights
    )
    made = atom_feed(head, filter_changes(served.edition.history.editions, view))
    return Response(made, media_type=MEDIA_TYPE, headers=headers)


def require_known(served: Served, view: ChangeQuery, edition: str = "") -> None:
    """Raise the problem not-found for an edition, document or record that neither is nor was there."""
    history, catalogue = served.edition.history, served.edition.catalogue
    documents = {*catalogue.documents, *history.documents}
    name, _, key = (view.record or "").partition("/")
    was = catalogue.item(name, key) or (name, key) in history.gone
    known = not edition or edition in [each.edition for each in history.editions]
    if not known or (view.document and view.document not in documents) or (view.record and not was):
        raise ProblemError("not-found")


def _page(template: str, served: Served, view: Language, request: Request, **values: Any) -> HTMLResponse:
    """Render a page in its language."""
    asked = {name: value for name, value in request.query_params.items() if name not in ("language", "page", "embed")}
    words = reworded(f"{view.language}/progress")
    return page(
        template,
        language=view.language,
        w=words,
        here=lambda **more: with_query(request.url.path, **{**asked, "language": view.language, **more}),
        standing=partial(standing_line, words),
        status_word=status_word,
        statuses=[str(status) for status in STATUSES],
        list_page=lambda url: f"{url.replace(LIST_PATH, LIST)}&language={view.language}",
        sample=any(document.sample for document in served.edition.catalogue.documents.values()),
        edition=served.edition.name,
        shows_progress=True,
        **values,
    )


def gone_page(served: Served, settings: Settings, document_id: str, key: str = "") -> HTMLResponse:
    """Say what an address had until when (410); raises the problem not-found for one that never was."""
    gone = find_gone(served.edition, document_id, key)
    if gone is None:
        raise ProblemError("not-found")
    state = gone.state or gone.document
    return page(
        "gone.html",
        410,
        gone=gone,
        name=state.title if state else document_id,
        standing=partial(standing_line, reworded("de/progress")),
        status_word=status_word,
        edition=served.edition.name,
        shows_progress=settings.progress,
    )


def standing_line(words: Mapping[str, str], document: Document | DocumentState | DocumentProgress) -> str:
    """Who published a document, how binding it is and of which day, in the language of the words."""
    unconfirmed = getattr(document, "unconfirmed", ())
    parts = {
        "publisher": document.publisher,
        "status": words[f"document_{document.status}"] if document.status else "",
        "as_of": words["as_of"].format(day=shown_date(document.as_of)) if document.as_of else words["undated"],
    }
    marked = {name: f"{text} ({words['unconfirmed']})" if name in unconfirmed else text for name, text in parts.items()}
    return " · ".join(filter(None, marked.values()))


def _data_url(view: ProgressQuery, path: str = f"{API}/progress") -> str:
    """The address of what a page shows as data, with a parameter at least."""
    asked = view.model_dump(include={"document", "theme", "status", "fact"}, mode="json", exclude_none=True)
    return with_query(path, **(asked or {"page": "1"}))


def _quoted_url(record: RecordChange) -> str:
    """The page of a record as it is now, else its address, which says that it is gone."""
    url, quote = item_url(*record.state.address), record.state.status_quote.text
    return quoting(url, quote) if record.after and quote else url


def _plan(register: Register, item: Item) -> dict[str, Any]:
    """A record of a list with what proves its status and what is known of it."""
    document, url = register.served.edition.catalogue.documents[item.document_id], item_url(item.document_id, item.key)
    quote = status_quote(item, document)
    page_label = next((page.label for page in document.pages if page.number == quote.page), "")
    facts: tuple[Fact, ...] = ("unchanged", "older")
    return {
        "item": item,
        "document": document,
        "quote": quote,
        "page_label": page_label or quote.page or item.page_label or item.page,
        "url": quoting(url, quote.text) if quote.text else url,
        "facts": [fact for fact in facts if register.has_fact(item, fact)],
    }


def _grouped(change: DocumentChange) -> dict[str, list[RecordChange]]:
    """The records of a document by what became of them."""
    found = {name: [record for record in change.records if record.kind in kinds] for name, kinds in GROUPS.items()}
    return {name: records for name, records in found.items() if records}


def _count_groups(edition: EditionChanges) -> dict[str, int]:
    """How many records of an edition are in each group."""
    counts = Counter(record.kind for change in edition.documents for record in change.records)
    return {name: number for name, kinds in GROUPS.items() if (number := sum(counts[kind] for kind in kinds))}


def _window(editions: Iterable[EditionChanges], start: int) -> Iterator[EditionChanges]:
    """The changes with only those records that a page shows, counted over all of them."""
    for edition in editions:
        documents = []
        for change in edition.documents:
            first, last = max(start, 0), max(start + AT_ONCE, 0)
            start -= len(change.records)
            if change.records[first:last] or not change.records:
                documents.append(replace(change, records=change.records[first:last]))
        if documents:
            yield replace(edition, documents=tuple(documents))
