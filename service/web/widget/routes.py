"""Routes of the widget: configuration (/config), script for websites (/widget.js), page for frames
(/embed).
"""

from __future__ import annotations

from itertools import chain
from typing import Annotated

from fastapi import APIRouter, Query, Request
from fastapi.responses import HTMLResponse, Response
from pydantic import BaseModel, Field

from prompts import say
from service.records import ProblemError, authorities
from service.web import (
    Config,
    ContactsDep,
    EditionHolder,
    HolderDep,
    LanguageDep,
    ServedDep,
    SettingsDep,
    config_of,
    documents_of,
)
from service.web.http import (
    API,
    FOR_ANY_SITE,
    MOST_DOCUMENTS,
    json_response,
    language_headers,
    route_arguments,
)
from service.web.pages import asset_response, page
from service.web.widget.modules import modules

router = APIRouter()
SCRIPT_CACHE = "public, max-age=300"
MAX_ATTRIBUTE = 2000

WidgetAttribute = Annotated[str | None, Field(max_length=MAX_ATTRIBUTE)]
NamedParameters = Annotated[tuple[str, ...], Field(max_length=MOST_DOCUMENTS)]


@router.get(
    f"{API}/config", response_model=Config, **route_arguments("config", "interface", "not-found")
)
def config(
    served: ServedDep,
    settings: SettingsDep,
    language: LanguageDep,
    contacts: ContactsDep,
    documents: Annotated[
        tuple[str, ...], Query(max_length=MOST_DOCUMENTS, description=say("http.config_documents"))
    ] = (),
) -> Response:
    """Return the configuration in the reader's language, of all documents or of some.

    Raises the problem not-found if any of the named documents is unknown.
    """
    catalogue = served.edition.catalogue
    if not set(documents) <= catalogue.documents.keys():
        raise ProblemError("not-found")
    chosen = catalogue.only(documents) if documents else catalogue
    first = served.answers.first_questions(language, documents)
    contact = contacts.directory().general_line(settings.contact, language)
    widget_config = config_of(settings, chosen, served.edition.name, language, first, contact)
    return json_response(widget_config, language_headers(language))


@router.get("/widget.js", include_in_schema=False)
@router.get("/widget/{name:path}", include_in_schema=False)
async def send_script(request: Request) -> Response:
    """Send the widget's whole script, which websites include, one module of it, or its words in a
    further language; any website may load them.
    """
    asset = modules().get(request.url.path.removeprefix("/"))
    if asset is None:
        raise ProblemError("not-found")
    return asset_response(request, asset, {"Cache-Control": SCRIPT_CACHE, **FOR_ANY_SITE})


class Attributes(BaseModel):
    """Query parameters of /embed: attributes of the widget, and the documents or authorities it
    answers for.
    """

    documents: NamedParameters = ()
    authority: NamedParameters = ()
    language: WidgetAttribute = None
    heading: WidgetAttribute = None
    color: WidgetAttribute = None
    color_text: WidgetAttribute = Field(None, alias="color-text")
    questions: WidgetAttribute = None
    theme: WidgetAttribute = None
    keep: WidgetAttribute = None
    page: WidgetAttribute = None


@router.get("/embed", include_in_schema=False)
def embed(holder: HolderDep, given: Annotated[Attributes, Query()]) -> HTMLResponse:
    """Show the widget as a page, for sites that allow frames but no scripts.

    If documents or authorities are named, the widget answers only from these documents; their ids
    are joined with "|" in its attribute. Attributes that are not given are left out, so that the
    widget takes its defaults.
    """
    values = given.model_dump(by_alias=True, exclude={"documents", "authority"})
    if given.documents or given.authority:
        chosen = _choose_documents(holder, given.documents, given.authority)
        values = {"documents": "|".join(chosen), **values}
    attributes = {name: text for name, text in values.items() if text}
    return page("embed.html", language=given.language, attributes=attributes)


def _choose_documents(
    holder: EditionHolder, documents: tuple[str, ...], of_authority: tuple[str, ...]
) -> list[str]:
    """Return the ids `documents` and the ids of the documents of the named authorities, each once.

    Raises the problem no-such-documents if any of them is unknown: a frame for one county must not
    answer for all. The problem names the known authorities.
    """
    with holder.lease() as served:
        catalogue = served.edition.catalogue
        by_authority = [
            documents_of(catalogue.in_force.documents.values(), name) for name in of_authority
        ]
        if not all(by_authority) or any(name not in catalogue.documents for name in documents):
            known = {"authorities": ", ".join(authorities(catalogue.documents.values()))}
            raise ProblemError("no-such-documents", values=known)
        return list(dict.fromkeys([*documents, *chain.from_iterable(by_authority)]))
