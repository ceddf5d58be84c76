"""Whether the service lives (/healthz) and can answer (/readyz)."""

from __future__ import annotations

from fastapi import APIRouter

from service.deps import ServedDep
from service.models import Health
from service.openapi import problems

router = APIRouter(tags=["Betrieb"])


@router.get("/healthz", summary="Lebt der Dienst?", description="Der Prozess antwortet.", response_model=Health)
async def healthz() -> Health:
    """Say that the process answers."""
    return Health(status="ok")


@router.get(
    "/readyz",
    summary="Kann der Dienst antworten?",
    description="Nennt die Ausgabe, aus der geantwortet wird; 503, solange es keine gibt.",
    response_model=Health,
    responses=problems(),
)
async def readyz(served: ServedDep) -> Health:
    """Say which edition is served; 503 while there is none."""
    return Health(status="ok", corpus_edition=served.edition.name)
