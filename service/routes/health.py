"""Whether the service lives (/healthz) and can answer (/readyz)."""

from __future__ import annotations

from typing import Literal

from fastapi import APIRouter, Request

from service.deps import HolderDep
from service.http.openapi import problems
from service.models import Health
from service.readiness import Readiness

router = APIRouter(tags=["Betrieb"])


@router.get("/healthz", summary="Lebt der Dienst?", description="Der Prozess antwortet.", response_model=Health)
async def healthz() -> Health:
    """Say that the process answers."""
    return Health(status="ok")


@router.get(
    "/readyz",
    summary="Kann der Dienst antworten?",
    description="Nennt die Ausgabe, aus der geantwortet wird; 503 mit dem Grund, solange keine antwortet oder die "
    "eigene Datenbank fehlt. Wo Rechner sich eine Datenbank teilen, sagt `database`, ob sie "
    "erreichbar ist; ohne sie wird weiter geantwortet, nichts gespeichert.",
    response_model=Health,
    responses=problems("database-away", "not-answering"),
)
async def readyz(request: Request, holder: HolderDep) -> Health:
    """Say which edition answers; 503 while there is none, and why."""
    readiness: Readiness = request.app.state.readiness
    edition = await readiness.edition()
    database: Literal["ok", "away"] = "away" if holder.away else "ok"
    return Health(status="ok", corpus_edition=edition, database=database if holder.shared else None)
