"""Whether the service lives (/healthz) and can answer (/readyz)."""

from __future__ import annotations

from fastapi import APIRouter, Request

from service.models import Health
from service.openapi import problems
from service.readiness import Readiness

router = APIRouter(tags=["Betrieb"])


@router.get("/healthz", summary="Lebt der Dienst?", description="Der Prozess antwortet.", response_model=Health)
async def healthz() -> Health:
    """Say that the process answers."""
    return Health(status="ok")


@router.get(
    "/readyz",
    summary="Kann der Dienst antworten?",
    description="Nennt die Ausgabe, aus der geantwortet wird; 503 mit dem Grund, solange keine antwortet, die "
    "Datenbank fehlt oder der Dienst gerade endet.",
    response_model=Health,
    responses=problems("database-away", "not-answering", "draining"),
)
async def readyz(request: Request) -> Health:
    """Say which edition answers; 503 while there is none, and why."""
    readiness: Readiness = request.app.state.readiness
    return Health(status="ok", corpus_edition=await readiness.edition())
