"""Whether the service lives (/healthz) and can answer (/readyz)."""

from __future__ import annotations

from typing import Literal

from fastapi import APIRouter, Request

from prompts import say
from service.deps import HolderDep
from service.http.openapi import problems
from service.models import Health
from service.readiness import Readiness

router = APIRouter(tags=["Betrieb"])


@router.get("/healthz", summary=say("http.health"), description="Der Prozess antwortet.", response_model=Health)
async def healthz() -> Health:
    """Say that the process answers."""
    return Health(status="ok")


@router.get(
    "/readyz",
    summary=say("http.ready_summary"),
    description=say("http.ready"),
    response_model=Health,
    responses=problems("database-away", "not-answering"),
)
async def readyz(request: Request, holder: HolderDep) -> Health:
    """Say which edition answers; 503 while there is none, and why."""
    readiness: Readiness = request.app.state.readiness
    edition = await readiness.edition()
    database: Literal["ok", "away"] = "away" if holder.away else "ok"
    return Health(status="ok", corpus_edition=edition, database=database if holder.shared else None)
