"""The pages: / and /chat, /ask, /documents, /documents/{id}, /documents/{id}/{key} with hints on it, /docs, /static."""

from __future__ import annotations

import logging
from datetime import date
from functools import partial
from typing import Annotated, Any

from fastapi import APIRouter, Form, Query, Request
from fastapi.responses import HTMLResponse, RedirectResponse, Response
from sqlalchemy.exc import SQLAlchemyError

from prompts import say
from service.about import authority_texts
from service.answering.reading.classifier import DEFAULT
from service.completeness import Completeness
from service.deps import (
    DatabaseDep,
    HolderDep,
    KeeperDep,
    ServedDep,
    SettingsDep,
    StudioDep,
    in_lease,
    in_thread,
    meters_of,
)
from service.edition_holder import Served
from service.http.problems import ProblemError
from service.http.quota import Quota
from service.models import MAX_QUESTION, Answer, ChatRequest
from service.pages.items import item_values
from service.pages.progress import gone_page
from service.pages.rendering import assets, edition_page, page
from service.people.hints import LONGEST, PARTS, Hints
from service.people.open_questions import QuestionKeeper
from service.records import document_view, item_url
from service.routes.originals import MAX_QUOTE, original_url
from service.settings import Settings
from service.stream import disclosed
from vectorstore.records import ItemKind

router = APIRouter(include_in_schema=False)
FOR_EVER = "public, max-age=31536000, immutable"
BESIDE = 6  # documents that stand beside the chat; the rest is one link away
HINTS = {outcome: say(f"labels.hint_{outcome}") for outcome in ("kept", "empty", "many", "failed")}
log = logging.getLogger("strategielotse")
LINKS = ("accessibility_url", "privacy_url", "imprint_url")


@router.get("/chat")
@router.get("/")
async def citizens(
    request: Request, served: ServedDep, holder: HolderDep, settings: SettingsDep, keeper: KeeperDep,
    frage: str | None = None,
) -> HTMLResponse:  # fmt: skip
    """Show the chat; with a question in the address (`frage`) its answer, without a script.

    As a demo it is at /chat alone, and / is the example website of a county.
    """
    if frage is not None:
        return await ask(request, served, holder, settings, keeper, frage)
    in_force = served.edition.catalogue.in_force
    if settings.demo and request.url.path == "/":
        return edition_page("county.html", served, settings, documents=in_force.documents)
    newest = sorted(in_force.documents.values(), key=lambda document: document.as_of or date.min, reverse=True)
    return edition_page(
        "citizens.html", served, settings,
        county=authority_texts(in_force),
        documents=[document_view(in_force, document) for document in newest[:BESIDE]],
        number=len(newest),
        questions=await in_thread(request, partial(served.answers.first_questions, DEFAULT)),
        contact=settings.contact,
        links={say(f"labels.link_{name}"): getattr(settings, name) for name in LINKS if getattr(settings, name)},
        max_question=MAX_QUESTION,
        kept_days=_storage_days(settings),
    )  # fmt: skip


@router.get("/ask")
async def ask(
    request: Request, served: ServedDep, holder: HolderDep, settings: SettingsDep, keeper: KeeperDep, q: str = ""
) -> HTMLResponse:
    """Show a question field that works without a script and, for `q`, the answer."""
    question, catalogue, answer = q.strip(), served.edition.catalogue, None
    too_long = len(question) > MAX_QUESTION
    if question and not too_long:
        answer = await in_lease(request, holder, lambda leased: _answer(leased, keeper, question))
        meters_of(request).answered(answer)
    shown = edition_page(
        "start.html", served, settings, 422 if too_long else 200,
        question=question,
        too_long=too_long,
        max_question=MAX_QUESTION,
        answer=answer,
        questions=await in_thread(request, partial(served.answers.first_questions, DEFAULT)),
        documents=[document_view(catalogue, document) for document in catalogue.documents.values()],
        kept_days=_storage_days(settings),
    )  # fmt: skip
    if answer is not None:
        shown.headers.update(disclosed(answer.generated_by))
    return shown


@router.get("/documents")
def documents(served: ServedDep, settings: SettingsDep) -> HTMLResponse:
    """Show the list of documents."""
    catalogue = served.edition.catalogue
    views = [document_view(catalogue, document) for document in catalogue.documents.values()]
    return edition_page("documents.html", served, settings, documents=views)


@router.get("/documents/{document_id}")
def document(document_id: str, served: ServedDep, settings: SettingsDep) -> HTMLResponse:
    """Show a document with all its items in reading order; one that is gone with what is known of it."""
    catalogue = served.edition.catalogue
    result = catalogue.documents.get(document_id)
    if result is None:
        return gone_page(served, settings, document_id)
    known, items = Completeness.of([result], ItemKind), catalogue.items_of(result.id)
    return edition_page(
        "document.html", served, settings,
        document=document_view(catalogue, result),
        notices=known.notices(),
        complete=known.complete,
        items=items,
        sample=result.sample,
    )  # fmt: skip


@router.get("/documents/{document_id}/{key}")
def item(
    document_id: str,
    key: str,
    served: ServedDep,
    studio: StudioDep,
    settings: SettingsDep,
    quote: Annotated[str, Query(max_length=MAX_QUOTE)] = "",
    hint: Annotated[str, Query(max_length=20)] = "",
) -> HTMLResponse:
    """Show an item in its context, with the passage `quote` highlighted where it is verbatim; or its last state."""
    if served.edition.catalogue.item(document_id, key) is None:
        return gone_page(served, settings, document_id, key)
    values = item_values(served.edition, document_id, key, quote.strip(), studio)
    values["earlier"] = served.edition.history.gone.get((document_id, key))
    values |= {"original": original_url(served.edition, document_id), "sample": values["document"].sample}
    hints: dict[str, Any] = {
        "hint_told": HINTS.get(hint, ""),
        "hint_kept": hint == "kept",
        "hint_parts": PARTS,
        "hint_longest": LONGEST,
    }
    return edition_page("item.html", served, settings, **values, **hints)


@router.post("/documents/{document_id}/{key}/hint")
async def hint(
    document_id: str,
    key: str,
    request: Request,
    served: ServedDep,
    database: DatabaseDep,
    part: Annotated[str, Form(max_length=20)] = "other",
    text: Annotated[str, Form(max_length=2 * LONGEST)] = "",
) -> RedirectResponse:
    """Keep a hint, and lead back to the item's page, which says what became of it."""
    if served.edition.catalogue.item(document_id, key) is None:
        raise ProblemError("not-found")
    statement = text.strip()[:LONGEST]
    outcome = "empty"
    quota: Quota = request.app.state.hint_quota
    wait = await in_thread(request, partial(quota.wait, request.scope)) if statement else 0.0
    if wait:
        outcome = "many"
    elif statement:
        outcome = await in_thread(request, partial(_hint_stored, Hints(database), document_id, key, part, statement))
    return RedirectResponse(f"{item_url(document_id, key)}?hint={outcome}#hinweis", 303)


@router.get("/docs")
def docs(request: Request) -> HTMLResponse:
    """Show the API's description."""
    return page("docs.html", api=request.app.openapi(), sample=False)


@router.get("/static/{name}")
async def static(name: str, request: Request) -> Response:
    """Send a style sheet, script or picture."""
    asset = assets().get(name)
    if asset is None:
        raise ProblemError("not-found")
    retained = FOR_EVER if request.query_params.get("v") == asset.tag else "no-cache"
    headers = {"Cache-Control": retained, "ETag": f'"{asset.tag}"'}
    if request.headers.get("if-none-match") == headers["ETag"]:
        return Response(status_code=304, headers=headers)
    return Response(asset.content, media_type=asset.media_type, headers=headers)


def _answer(served: Served, keeper: QuestionKeeper, question: str) -> Answer:
    asked = ChatRequest(question=question)
    answer = served.answers.answer(asked)
    keeper.note_answer(asked, answer)
    return answer


def _storage_days(settings: Settings) -> int | None:
    """How long questions that were not answered well are kept; None where none are."""
    return settings.keep_questions_days if settings.keep_questions else None


def _hint_stored(hints: Hints, document_id: str, key: str, part: str, statement: str) -> str:
    try:
        hints.store(document_id, key, part, statement)
        return "kept"
    except SQLAlchemyError as error:
        log.warning(say("people.hint_not_kept"), type(error).__name__)
        return "failed"
