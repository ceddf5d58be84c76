"""Templates of the staff page: the pages' environment with templates and words of its own."""

from __future__ import annotations

from functools import cache

from fastapi.responses import HTMLResponse
from jinja2 import ChoiceLoader, Environment, PackageLoader

from service.edition_holder import Served
from service.pages import rendering
from service.staff import addresses, presence, words

SECTIONS = {  # what is looked up, then what is looked after
    "topics": (addresses.STAFF, "Thema prüfen"),
    "catalogue": (f"{addresses.STAFF}/catalogue", "Katalog"),
    "comparison": (f"{addresses.STAFF}/comparison", "Vergleich"),
    "changes": (f"{addresses.STAFF}/changes", "Änderungen"),
    "basket": (f"{addresses.STAFF}/basket", "Merkliste"),
    "documents": (f"{addresses.STAFF}/documents", "Dokumente"),
    "open-data": (f"{addresses.STAFF}/open-data", "Offene Daten"),
    "uploads": (f"{addresses.STAFF}/uploads", "Einreichen"),
    "decisions": (f"{addresses.STAFF}/decisions", "Entscheiden"),
}


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
    """Render a staff page; `here` names its section in `SECTIONS`."""
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
    """Render a staff page that shows nothing of the edition; `here` names its section in `SECTIONS`."""
    text = environment().get_template(template).render(here=here, edition="", sample=False, **values)
    return HTMLResponse(text, status_code=status)
