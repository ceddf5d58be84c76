"""The example website at /; with a question in the address it is the question page (/ask), and the chat is at /chat."""

from __future__ import annotations

from importlib.resources import files

from fastapi import APIRouter, Request
from fastapi.responses import HTMLResponse, Response
from jinja2 import PackageLoader

from service.deps import HolderDep, KeeperDep, ServedDep, SettingsDep
from service.http.problems import ProblemError
from service.pages import rendering, views

router = APIRouter(include_in_schema=False)
PARTS = {"county.css": "text/css", "crest.svg": "image/svg+xml", "landscape.svg": "image/svg+xml"}


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
    template = rendering.environment().overlay(loader=PackageLoader("service", "demo")).get_template("county.html")
    return HTMLResponse(template.render(sample=sample, documents=served.edition.catalogue.in_force.documents))


@router.get("/demo/{name}")
async def part(name: str) -> Response:
    """Send a style sheet or picture of the example website."""
    if name not in PARTS:
        raise ProblemError("not-found")
    content = (files(__package__) / name).read_bytes()
    return Response(content, media_type=PARTS[name], headers={"Cache-Control": "no-cache"})
