"""Templates of the staff page: the pages' environment with templates and words of its own."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache

from fastapi.responses import HTMLResponse
from jinja2 import ChoiceLoader, Environment, PackageLoader

from service.edition_holder import Served
from service.pages import rendering
from service.staff import addresses, presence, words


@dataclass(frozen=True, slots=True)
class Section:
    """An entry of the menu: its word, and its pages by their names, each with address and word."""

    label: str
    pages: Mapping[str, tuple[str, str]]

    @property
    def address(self) -> str:
        """The address of its first page."""
        return next(iter(self.pages.values()))[0]


def _under(label: str, **pages: str) -> Section:
    return Section(label, {name: (f"{addresses.STAFF}/{name.replace('_', '-')}", word) for name, word in pages.items()})


SECTIONS = (
    Section(
        "Suchen",
        {
            "topics": (addresses.STAFF, "Thema"),
            "catalogue": (f"{addresses.STAFF}/catalogue", "Katalog"),
            "comparison": (f"{addresses.STAFF}/comparison", "Vergleich"),
        },
    ),
    _under("Bestand", documents="Dokumente", changes="Änderungen"),
    _under("Einreichen", uploads="Einreichen"),
    _under("Entscheiden", decisions="Entscheiden"),
    _under("Auswerten", ratings="Bewertungen", open_data="Offene Daten"),
    _under("Verwaltung", administration="Zustand", organisations="Stellen", audit="Protokoll", sessions="Sitzungen"),
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
    made.filters = {**shared.filters, "count": words.counted, "shortened": words.shortened}
    made.globals = {
        **shared.globals,
        "sections": SECTIONS,
        "section_of": section_of,
        "needs": NEEDS,
        "words": words,
        "staff_item": addresses.staff_item,
        "staff_document": addresses.staff_document,
        "present": presence.present,
        "form_field": presence.form_field,
        "form_query": presence.form_query,
        "places": addresses,
    }
    return made


def staff_page(template: str, served: Served, here: str, status: int = 200, **values: object) -> HTMLResponse:
    """Render a staff page; `here` names it in `SECTIONS`."""
    catalogue = served.edition.catalogue
    text = (
        environment()
        .get_template(template)
        .render(
            here=here,
            edition=served.edition.name,
            sample=any(one.sample for one in catalogue.documents.values()),
            **values,
        )
    )
    return HTMLResponse(text, status_code=status)


def fragment(template: str, **values: object) -> HTMLResponse:
    """Render a part of a page, for a script to put in."""
    return HTMLResponse(environment().get_template(template).render(**values))


def plain_page(template: str, status: int, here: str = "", **values: object) -> HTMLResponse:
    """Render a staff page that shows nothing of the edition; `here` names it in `SECTIONS`."""
    text = environment().get_template(template).render(here=here, edition="", sample=False, **values)
    return HTMLResponse(text, status_code=status)
