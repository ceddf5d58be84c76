"""Whether the service lives (/healthz) and can answer (/readyz)."""

from __future__ import annotations

from typing import Literal

from fastapi import APIRouter

from service.deps import HolderDep, ServedDep
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
    description="Nennt die Ausgabe, aus der geantwortet wird; 503, solange es keine gibt. Wo Rechner sich eine "
    "Datenbank teilen, sagt `database`, ob sie erreichbar ist; ohne sie wird weiter geantwortet, nichts gespeichert.",
    response_model=Health,
    responses=problems(),
)
async def readyz(served: ServedDep, holder: HolderDep) -> Health:
    """Say which edition is served; 503 while there is none."""
    database: Literal["ok", "away"] = "away" if holder.away else "ok"
    return Health(status="ok", corpus_edition=served.edition.name, database=database if holder.shared else None)
