"""Templates of the staff page: the pages' environment with templates, words and a menu of its own."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache

from fastapi.responses import HTMLResponse
from jinja2 import ChoiceLoader, Environment, PackageLoader

from prompts import say
from service.audit import role_word
from service.edition_holder import Served
from service.pages import labels, rendering
from service.staff import addresses, roles


@dataclass(frozen=True, slots=True)
class Section:
    """An entry of the menu: its word, and its pages by their names, each with address and word."""

    label: str
    pages: Mapping[str, tuple[str, str]]

    @property
    def address(self) -> str:
        """The address of its first page."""
        return next(iter(self.pages.values()))[0]


def _section(name: str, *pages: str) -> Section:
    found = {one: (f"{addresses.STAFF}/{one}", say(f"staff.page_{one}")) for one in pages}
    return Section(say(f"staff.section_{name}"), found)


SECTIONS = (
    _section("search", "topics", "catalogue"),
    _section("holdings", "documents", "changes"),
    _section("submit", "uploads"),
    _section("decide", "decisions"),
    _section("evaluate", "ratings"),
    _section("administer", "administration", "audit"),
)
NEEDS = {"audit": 3}  # roles from which pages stand in the menu


def section_of(here: str) -> Section | None:
    """Return the entry of the menu that a page belongs to."""
    return next((one for one in SECTIONS if here in one.pages), None)


@cache
def environment() -> Environment:
    """Return the template environment; nothing in it changes that of the other pages."""
    shared = rendering.environment()
    assert shared.loader is not None
    made = shared.overlay(loader=ChoiceLoader([PackageLoader("service.staff"), shared.loader]))
    made.filters = {**shared.filters, "count": labels.numbered, "shortened": labels.shortened}
    made.globals = {
        **shared.globals,
        "sections": SECTIONS,
        "section_of": section_of,
        "needs": NEEDS,
        "role_word": role_word,
        "staff_item": addresses.staff_item,
        "staff_document": addresses.staff_document,
        "present": roles.present,
        "places": addresses,
    }
    return made


def plain_page(
    template: str, status: int, here: str = "", edition: str = "", sample: bool = False, **values: object
) -> HTMLResponse:
    """Render a staff page; `here` names it in `SECTIONS`. One that shows nothing of the edition names none."""
    text = environment().get_template(template).render(here=here, edition=edition, sample=sample, **values)
    return HTMLResponse(text, status_code=status)


def staff_page(template: str, served: Served, here: str, status: int = 200, **values: object) -> HTMLResponse:
    """Render a staff page that shows something of the edition."""
    sample = any(one.sample for one in served.edition.catalogue.documents.values())
    return plain_page(template, status, here, served.edition.name, sample, **values)
