"""Public pages: / and /chat, /ask, /documents, /documents/{id}, /documents/{id}/{key} with hints,
/docs, /about, /static.
"""

from __future__ import annotations

from datetime import date
from functools import partial
from typing import Annotated

from fastapi import APIRouter, Form, Query, Request
from fastapi.responses import HTMLResponse, RedirectResponse, Response
from sqlalchemy.exc import SQLAlchemyError

from prompts import answer_language, say, text
from service import MAX_QUESTION, TypedQuote, is_too_long, log
from service.answering import DEFAULT_LANGUAGE, about_text
from service.people import HINT_PARTS, LONGEST_HINT, Hints
from service.records import ChatRequest, Completeness, ProblemError, document_view, item_url
from service.web import deps, disclosure_header, join_authorities
from service.web.http import Quota
from service.web.pages.conversation import MOST_QUESTIONS, history_of, shown_items
from service.web.pages.items import item_values
from service.web.pages.progress import removed_page
from service.web.pages.rendering import asset_response, assets, edition_page, page
from service.web.routes import AnsweringDep, original_url
from vectorstore.records import ItemKind

router = APIRouter(include_in_schema=False)
FOR_EVER = "public, max-age=31536000, immutable"
MOST_LISTED = 6  # documents that are listed beside the chat; a link leads to all
HINTS = {outcome: say(f"labels.hint_{outcome}") for outcome in ("kept", "empty", "many", "failed")}
ABOUT = ("identity", "knowledge", "privacy", "contact")  # texts of the page about the service
LINKS = ("accessibility_url", "privacy_url", "imprint_url")


@router.get("/chat")
@router.get("/")
async def citizens(
    request: Request,
    served: deps.ServedDep,
    settings: deps.SettingsDep,
    answering: AnsweringDep,
    contacts: deps.ContactsDep,
    frage: str | None = None,
) -> HTMLResponse:
    """Show the chat; with a question in the address (`frage`) show its answer, without JavaScript.

    In demo mode / shows the example website of a county, and the chat is at /chat only.
    """
    if frage is not None:
        return await ask(request, served, settings, answering, frage)
    in_force = served.edition.catalogue.in_force
    if settings.demo and request.url.path == "/":
        return edition_page("county.html", served, settings, documents=in_force.documents)
    newest = sorted(
        in_force.documents.values(), key=lambda document: document.as_of or date.min, reverse=True
    )
    return edition_page(
        "citizens.html",
        served,
        settings,
        county=join_authorities(in_force),
        documents=[document_view(in_force, document) for document in newest[:MOST_LISTED]],
        number=len(newest),
        questions=await deps.run_in_thread(
            request, partial(served.answers.first_questions, DEFAULT_LANGUAGE)
        ),
        contact=contacts.directory().general_line(settings.contact, DEFAULT_LANGUAGE),
        links={
            say(f"labels.link_{name}"): getattr(settings, name)
            for name in LINKS
            if getattr(settings, name)
        },
        max_question=MAX_QUESTION,
        kept_days=settings.keep_questions_days or None,
    )


@router.get("/ask")
async def ask(
    request: Request,
    served: deps.ServedDep,
    settings: deps.SettingsDep,
    answering: AnsweringDep,
    q: str = "",
    zuvor: Annotated[tuple[str, ...], Query()] = (),
    gezeigt: Annotated[tuple[str, ...], Query()] = (),
) -> HTMLResponse:
    """Show a question field that works without JavaScript and, for `q`, the answer.

    `zuvor` are the questions before, `gezeigt` the items that the answer before showed; the page
    puts both into the address of the next question. A question that is too long is not asked, and
    the page says so (422).
    """
    question, catalogue, answer = q.strip(), served.edition.catalogue, None
    too_long = is_too_long(question)
    if question and not too_long:
        asked = ChatRequest(question=question, history=history_of(zuvor, gezeigt))
        answer = await answering.answer(asked)
    response = edition_page(
        "start.html",
        served,
        settings,
        422 if too_long else 200,
        question=question,
        too_long=too_long,
        max_question=MAX_QUESTION,
        answer=answer,
        earlier=[*zuvor, question][-MOST_QUESTIONS:] if answer else (),
        shown=shown_items(answer) if answer else (),
        questions=await deps.run_in_thread(
            request, partial(served.answers.first_questions, DEFAULT_LANGUAGE)
        ),
        documents=[document_view(catalogue, document) for document in catalogue.documents.values()],
        kept_days=settings.keep_questions_days or None,
    )
    if answer is not None:
        response.headers.update(disclosure_header(answer.generated_by))
    return response


@router.get("/documents")
def documents(served: deps.ServedDep, settings: deps.SettingsDep) -> HTMLResponse:
    """Show the list of documents."""
    catalogue = served.edition.catalogue
    views = [document_view(catalogue, document) for document in catalogue.documents.values()]
    return edition_page("documents.html", served, settings, documents=views)


@router.get("/documents/{document_id}")
def document(document_id: str, served: deps.ServedDep, settings: deps.SettingsDep) -> HTMLResponse:
    """Show a document with all its items in reading order.

    If the document is gone, show its last state (410).
    """
    catalogue = served.edition.catalogue
    shown = catalogue.documents.get(document_id)
    if shown is None:
        return removed_page(served, settings, document_id)
    completeness = Completeness.of([shown], ItemKind)
    return edition_page(
        "document.html",
        served,
        settings,
        document=document_view(catalogue, shown),
        notices=completeness.notices(),
        complete=completeness.complete,
        items=catalogue.items_of(shown.id),
        sample=shown.sample,
    )


@router.get("/documents/{document_id}/{key}")
def item(
    document_id: str,
    key: str,
    served: deps.ServedDep,
    renderer: deps.RendererDep,
    settings: deps.SettingsDep,
    contacts: deps.ContactsDep,
    quote: TypedQuote = "",
    hint: Annotated[str, Query(max_length=20)] = "",
) -> HTMLResponse:
    """Show an item in its context; the passage `quote` is marked if the item has it verbatim.

    If the item is gone, show its last state (410).
    """
    if served.edition.catalogue.item(document_id, key) is None:
        return removed_page(served, settings, document_id, key)
    values = item_values(served.edition, document_id, key, quote.strip(), renderer)
    return edition_page(
        "item.html",
        served,
        settings,
        **values,
        # another item that had this address
        earlier=served.edition.history.gone.get((document_id, key)),
        original=original_url(served.edition, document_id),
        sample=values["document"].sample,
        contacts=contacts.directory().find_all(values["item"].responsible),
        hint_text=HINTS.get(hint, ""),
        hint_kept=hint == "kept",
        hint_parts=HINT_PARTS,
        hint_longest=LONGEST_HINT,
    )


@router.post("/documents/{document_id}/{key}/hint")
def hint(
    document_id: str,
    key: str,
    request: Request,
    served: deps.ServedDep,
    database: deps.DatabaseDep,
    quota: Annotated[Quota, deps.state_dependency("hint_quota")],
    part: Annotated[str, Form(max_length=20)] = "other",
    text: Annotated[str, Form(max_length=2 * LONGEST_HINT)] = "",
) -> RedirectResponse:
    """Store a hint on an item, and redirect to the item's page, which shows the outcome.

    The outcome is a key of `HINTS`. A text that is too long is cut. Too many hints, of a client or
    of all together, are refused, since people have to read them all.
    """
    if served.edition.catalogue.item(document_id, key) is None:
        raise ProblemError("not-found")
    hint_text = text.strip()[:LONGEST_HINT]
    if not hint_text:
        outcome = "empty"
    elif quota.wait(request.scope):
        outcome = "many"
    else:
        outcome = _store_hint(Hints(database), document_id, key, part, hint_text)
    return RedirectResponse(f"{item_url(document_id, key)}?hint={outcome}#hinweis", 303)


@router.get("/about")
def about(served: deps.ServedDep, settings: deps.SettingsDep, language: str = "de") -> HTMLResponse:
    """Show who answers, from what, and what becomes of questions.

    `language` is one of the languages of answers; an unknown one counts as the default.
    """
    spoken = answer_language(language)
    contact = served.answers.contact_text(spoken)
    texts = [about_text(name, spoken, served.edition, settings, contact) for name in ABOUT]
    title = text(f"{spoken}/about_page")
    return edition_page("about.html", served, settings, spoken=spoken, title=title, texts=texts)


@router.get("/docs")
def docs(request: Request) -> HTMLResponse:
    """Show the API's description."""
    return page("docs.html", api=request.app.openapi(), sample=False)


@router.get("/static/{name}")
async def static(name: str, request: Request) -> Response:
    """Send a style sheet, script or picture.

    An address with the digest of the present content may be kept for ever, since other content has
    another address. Without it, or with an old one, browsers ask each time.
    """
    asset = assets().get(name)
    if asset is None:
        raise ProblemError("not-found")
    cache_control = FOR_EVER if request.query_params.get("v") == asset.tag else "no-cache"
    return asset_response(request, asset, {"Cache-Control": cache_control})


def _store_hint(hints: Hints, document_id: str, key: str, part: str, text: str) -> str:
    """Store a hint; return "kept", or "failed" if the database cannot be used."""
    try:
        hints.store(document_id, key, part, text)
        return "kept"
    except SQLAlchemyError as error:
        log.warning(say("people.hint_not_kept"), type(error).__name__)
        return "failed"
