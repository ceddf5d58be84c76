"""The addresses of what is taken away: of a topic, of a filtered list. Nothing of it is kept."""

from __future__ import annotations

from functools import partial
from typing import Annotated

from fastapi import APIRouter, Depends, Query, Request
from fastapi.responses import HTMLResponse, RedirectResponse, Response

from service.answering.tools.lookups import looked_up
from service.deps import HolderDep, ServedDep, SettingsDep, in_thread
from service.edition_holder import EditionHolder, Served
from service.http.problem_texts import FIELD_TEXTS
from service.http.problems import ProblemError
from service.models import MAX_QUESTION, FieldError, LookupResult
from service.settings import Settings
from service.staff.access import require_staff
from service.staff.addresses import STAFF, public_url
from service.staff.queries import CatalogueQueryDep
from service.staff.rendering import staff_page
from service.staff.taking import origins
from service.staff.taking.files import FORM_WORDS, Form, file_of
from service.staff.taking.paragraph import paragraph, plain
from service.staff.taking.selection import Selection

router = APIRouter(prefix=STAFF, dependencies=[Depends(require_staff)], include_in_schema=False)
Topic = Annotated[str, Query(max_length=MAX_QUESTION)]


@router.get("/topics/text")
async def topic_text(
    request: Request, served: ServedDep, holder: HolderDep, settings: SettingsDep, q: Topic
) -> HTMLResponse:
    """Show what covers a topic as a paragraph to copy."""
    selection = await _of_topic(request, served, holder, settings, q)
    return text_page(selection, served, "topics", STAFF + "/topics.{form}", {"q": selection.origin.topic})


@router.get("/topics.{form}")
async def topic_file(
    form: Form, request: Request, served: ServedDep, holder: HolderDep, settings: SettingsDep, q: Topic
) -> Response:
    """Send what covers a topic as a file."""
    return file_of(await _of_topic(request, served, holder, settings, q), form, "thema")


@router.get("/catalogue/text")
def catalogue_text(
    query: CatalogueQueryDep, request: Request, served: ServedDep, settings: SettingsDep
) -> HTMLResponse:
    """Show the filtered list as a paragraph to copy."""
    selection = origins.of_list(served, settings, public_url(request, settings), query)
    values = {**query.chosen(), "sort": query.sort.value}
    return text_page(selection, served, "catalogue", STAFF + "/catalogue.{form}", values)


@router.get("/catalogue.{form}")
def catalogue_file(
    form: Form, query: CatalogueQueryDep, request: Request, served: ServedDep, settings: SettingsDep
) -> Response:
    """Send the filtered list as a file."""
    return file_of(origins.of_list(served, settings, public_url(request, settings), query), form, "eintraege")


@router.get("/basket")
def basket() -> RedirectResponse:
    """Lead on to the catalogue, whose lists are taken away: no list of single entries is kept any more."""
    return RedirectResponse(f"{STAFF}/catalogue", 301)


def text_page(selection: Selection, served: Served, here: str, files: str, values: dict[str, str]) -> HTMLResponse:
    """Show a selection as a paragraph; `files` is the address of its files with "{form}" for the ending."""
    blocks = paragraph(selection)
    return staff_page(
        "staff_text.html",
        served,
        here,
        selection=selection,
        blocks=blocks,
        plain=plain(blocks),
        forms=FORM_WORDS,
        files=files,
        values=values,
    )


async def _of_topic(
    request: Request, served: Served, holder: EditionHolder, settings: Settings, topic: str
) -> Selection:
    topic = " ".join(topic.split())
    if not topic:
        raise _missing("q")
    result = await in_thread(request, partial(_lookup, holder, topic))
    return origins.of_topic(served, settings, public_url(request, settings), topic, result)


def _lookup(holder: EditionHolder, topic: str) -> LookupResult:
    with holder.lease() as served:
        return looked_up(served.answers.tools(), topic)


def _missing(field: str) -> ProblemError:
    return ProblemError("invalid-input", errors=[FieldError(field=field, message=FIELD_TEXTS["missing"]["de"])])
