"""The example website at /; with a question in the address it is the question page (/ask), and the chat is at /chat."""

from __future__ import annotations

from functools import cache
from importlib.resources import files

from fastapi import APIRouter, Request
from fastapi.responses import HTMLResponse, Response
from jinja2 import Environment, PackageLoader, StrictUndefined

from service.deps import HolderDep, KeeperDep, ServedDep, SettingsDep
from service.http.problems import ProblemError
from service.pages import labels, views

router = APIRouter(include_in_schema=False)
MEDIA_TYPES = {"css": "text/css", "svg": "image/svg+xml"}


@router.get("/")
async def website(
    request: Request,
    served: ServedDep,
    holder: HolderDep,
    settings: SettingsDep,
    keeper: KeeperDep,
    frage: str = "",
    q: str = "",
) -> HTMLResponse:
    """Show the example website; with a question (`frage`, `q`) the question page."""
    if {"frage", "q"} & request.query_params.keys():
        return await views.ask(request, served, holder, settings, keeper, frage or q)
    sample = any(one.sample for one in served.edition.catalogue.documents.values())
    documents = served.edition.catalogue.in_force.documents
    text = _environment().get_template("county.html").render(sample=sample, documents=documents)
    return HTMLResponse(text)


@router.get("/demo/{name}")
async def part(name: str) -> Response:
    """Send a style sheet or picture of the example website."""
    content = _parts().get(name)
    if content is None:
        raise ProblemError("not-found")
    media_type = MEDIA_TYPES[name.rpartition(".")[2]]
    return Response(content, media_type=media_type, headers={"Cache-Control": "no-cache"})


@cache
def _environment() -> Environment:
    loader = PackageLoader("service", "demo")
    made = Environment(loader=loader, autoescape=True, undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True)
    made.filters["shown"] = labels.shown
    return made


@cache
def _parts() -> dict[str, bytes]:
    entries = files(__package__).iterdir()
    return {entry.name: entry.read_bytes() for entry in entries if entry.name.rpartition(".")[2] in MEDIA_TYPES}
