"""Templates of the pages on which documents are handed in and drafts are looked through."""

from __future__ import annotations

from functools import cache

from fastapi.responses import HTMLResponse
from jinja2 import ChoiceLoader, Environment, PackageLoader

from service.pages.edition_words import STATES, made_when
from service.review.view import prepare
from service.staff import rendering
from service.uploads.kinds import ACCEPTED


@cache
def environment() -> Environment:
    """Return the environment of the staff page with what the report of an ingestion needs."""
    shared = rendering.environment()
    assert shared.loader is not None
    made = shared.overlay(loader=ChoiceLoader([shared.loader, PackageLoader("service", "review")]))
    made.filters, made.globals = dict(shared.filters), dict(shared.globals)
    prepare(made)
    made.globals.update(states=STATES, made_when=made_when, accepted=",".join(ACCEPTED))
    return made


def draft_page(template: str, status: int = 200, **values: object) -> HTMLResponse:
    """Render one of these pages; they are there before anything is published, too."""
    text = environment().get_template(template).render(here="uploads", edition=None, sample=False, **values)
    return HTMLResponse(text, status_code=status)
