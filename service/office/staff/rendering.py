"""Rendering of staff pages: the public pages' template environment with staff templates, words and
the menu.
"""

from __future__ import annotations

from functools import cache
from typing import NamedTuple

from fastapi.responses import HTMLResponse
from jinja2 import ChoiceLoader, Environment, PackageLoader

from prompts import say
from service import Role
from service.office.staff import paths, roles
from service.people import audit
from service.records import labels
from service.web import OpenEdition
from service.web.http import PageResponse
from service.web.pages import rendering
from vectorstore.records import CorrectableField, CorrectionState


class Section(NamedTuple):
    """A section of the menu: its label, the path of its first page, and path and label of its pages
    by name.
    """

    label: str
    address: str
    pages: dict[str, tuple[str, str]]


def _section(name: str, *pages: str) -> Section:
    addressed = {page: (f"{paths.STAFF}/{page}", say(f"staff.page_{page}")) for page in pages}
    return Section(say(f"staff.section_{name}"), addressed[pages[0]][0], addressed)


SECTIONS = (
    _section("search", "catalogue"),
    _section("holdings", "documents", "changes"),
    _section("submit", "uploads"),
    _section("decide", "decisions"),
    _section("evaluate", "ratings"),
    _section("administer", "administration", "contacts", "audit"),
    _section("help", "hilfe"),
)
LEAST_ROLES = {"audit": Role.PUBLISHER}  # the lowest role whose menu has a page


@cache
def environment() -> Environment:
    """Return the template environment of staff pages.

    Filters and globals are new mappings: jinja2's overlay shares those of the public pages, which
    have to stay unchanged.
    """
    shared = rendering.environment()
    assert shared.loader is not None
    staff_environment = shared.overlay(
        loader=ChoiceLoader([PackageLoader("service.office.staff"), shared.loader])
    )
    staff_environment.filters = {
        **shared.filters,
        "count": labels.format_with_noun,
        "shortened": labels.shortened,
    }
    staff_environment.globals = {
        **shared.globals,
        "sections": SECTIONS,
        "needs": LEAST_ROLES,
        "role_word": audit.role_word,
        "present": roles.current_person.get,
        "Role": Role,
        "section_of": {name: section for section in SECTIONS for name in section.pages},
        "places": paths,
        "staff_item": paths.staff_item_path,
        "staff_document": paths.staff_document_path,
        "unfit_words": {state: say(f"corrections.{state}") for state in CorrectionState},
        "field_words": {field: say(f"corrections.{field}") for field in CorrectableField},
    }
    return staff_environment


def plain_page(
    template: str,
    here: str = "",
    status: int = 200,
    *,
    edition: str = "",
    sample: bool = False,
    **values: object,
) -> HTMLResponse:
    """Render a staff page that needs no edition; `here` is its name in `SECTIONS`, `sample` marks
    sample data.
    """
    text = (
        environment()
        .get_template(template)
        .render(here=here, edition=edition, sample=sample, **values)
    )
    return PageResponse(text, status_code=status)


def staff_page(
    template: str, served: OpenEdition, here: str, status: int = 200, **values: object
) -> HTMLResponse:
    """Render a staff page with the served edition's name; `here` is the page's name in
    `SECTIONS`.
    """
    sample = any(document.sample for document in served.edition.catalogue.documents.values())
    return plain_page(template, here, status, edition=served.edition.name, sample=sample, **values)
