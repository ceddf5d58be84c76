"""/staff/administration: the service at a glance, with version, edition, data folder and the language model."""

from __future__ import annotations

from fastapi import APIRouter, Request
from fastapi.responses import HTMLResponse

from prompts import say
from service.deps import SettingsDep
from service.edition_holder import EditionHolder
from service.language_models.naming import model_name
from service.metrics import Meters
from service.settings import Settings
from service.staff.addresses import ADMINISTRATION
from service.staff.rendering import plain_page
from service.staff.roles import ReaderDep, Role

router = APIRouter(include_in_schema=False)
REPLIED = "replied"


@router.get(ADMINISTRATION)
def administration(request: Request, person: ReaderDep, settings: SettingsDep) -> HTMLResponse:
    """Show what runs here; where its data lie only to publishers."""
    holder: EditionHolder = request.app.state.holder
    meters: Meters = request.app.state.meters
    return plain_page(
        "staff_administration.html",
        200,
        here="administration",
        version=request.app.version,
        current=holder.name,
        place=_place(settings) if person.role >= Role.PUBLISHER else "",
        model=model_name(settings.answer_model) if settings.answer_model else None,
        outcomes=meters.model_outcomes(),
        replied=REPLIED,
        embedding=settings.embedding.partition(":")[0],
    )


def _place(settings: Settings) -> str:
    place = str(settings.data_dir)
    return say("staff.shared_database", place=place) if settings.database_url else place
