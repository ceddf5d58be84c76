"""Whether the service lives (/healthz) and can answer (/readyz), and what it counted (/metrics)."""

from __future__ import annotations

import logging
import secrets
import time
from typing import Literal

import anyio
from anyio import to_thread
from fastapi import APIRouter, Request
from fastapi.responses import Response
from prometheus_client import CONTENT_TYPE_LATEST
from sqlalchemy.exc import SQLAlchemyError

from service.answering.query import Conditions
from service.deps import HolderDep, SettingsDep
from service.edition_holder import EditionHolder
from service.http.problems import LATER, ProblemError, described
from service.metrics import Meters
from service.models import Health
from service.settings import Settings
from vectorstore.database import Database
from vectorstore.embeddings import Kind
from vectorstore.errors import StoreError

DATABASE_SECONDS = 3.0
CHECKED_SECONDS = 60.0  # between two looks at all of the own database's file
log = logging.getLogger("strategielotse")
router = APIRouter()


class Readiness:
    """Tries once whether an edition answers, and each time whether the rest is there."""

    def __init__(self, holder: EditionHolder, database: Database) -> None:
        self._holder = holder
        self._database = database
        self._answered = ""
        self._whole_until = 0.0

    async def edition(self) -> tuple[str, Kind]:
        """Return the name of the edition that answers, and what it finds passages by.

        Raises the problem database-away or not-answering, or a StoreError where no edition can be opened.
        """
        try:
            with anyio.fail_after(DATABASE_SECONDS):
                damage = await to_thread.run_sync(self._damage, abandon_on_cancel=True)
        except (TimeoutError, SQLAlchemyError, OSError) as error:
            damage = type(error).__name__
        if damage:
            log.warning("Nicht bereit: %s", damage)
            raise ProblemError("database-away", headers=LATER)
        return await to_thread.run_sync(self._answers)

    def _damage(self) -> str | None:
        """What is wrong with the own database's file; one that is not there yet is no fault, nor a shared one away."""
        path = self._database.path
        if path is None or not path.exists() or time.monotonic() < self._whole_until:
            return None
        if (damage := self._database.damage()) is None:
            self._whole_until = time.monotonic() + CHECKED_SECONDS
        return damage

    def _answers(self) -> tuple[str, Kind]:
        with self._holder.lease() as served:
            name = served.edition.name
            if name != self._answered:
                first = next(iter(served.edition.catalogue.items), None)
                try:
                    served.answers.tools().select(Conditions(topic=first.title if first else name))
                except Exception as error:
                    log.warning("Ausgabe %s antwortet nicht: %s", name, type(error).__name__)
                    raise ProblemError("not-answering", headers=LATER) from None
                self._answered = name
            return name, served.edition.search_kind


ALIVE = described("health", "operation")
ALIVE["responses"] = {}


@router.get("/healthz", response_model=Health, **ALIVE)
async def healthz() -> Health:
    """Say that the process answers."""
    return Health(status="ok")


@router.get("/readyz", response_model=Health, **described("ready", "operation", "database-away", "not-answering"))
async def readyz(request: Request, holder: HolderDep) -> Health:
    """Say which edition answers; 503 while there is none, and why."""
    readiness: Readiness = request.app.state.readiness
    edition, embedding = await readiness.edition()
    database: Literal["ok", "away"] = "away" if holder.away else "ok"
    shared = database if holder.shared else None
    return Health(status="ok", corpus_edition=edition, database=shared, embedding=embedding)


@router.get("/metrics", include_in_schema=False)
async def metrics(request: Request, settings: SettingsDep, holder: HolderDep) -> Response:
    """Send all meters to whoever may read them; to others there is nothing here."""
    if not may_read(request, settings):
        raise ProblemError("not-found")
    meters: Meters = request.app.state.meters
    return Response(await to_thread.run_sync(_text, meters, holder), media_type=CONTENT_TYPE_LATEST)


def may_read(request: Request, settings: Settings) -> bool:
    """Tell whether a request has the token that is set."""
    scheme, _, given = request.headers.get("authorization", "").partition(" ")
    token = settings.metrics_token.get_secret_value() if settings.metrics_token else ""
    same = secrets.compare_digest(given.strip().encode("utf-8", "replace"), token.encode())
    return scheme.lower() == "bearer" and bool(token) and same


def _text(meters: Meters, holder: EditionHolder) -> bytes:
    try:
        with holder.lease() as served:
            meters.served(served.edition)
    except StoreError:
        meters.served(None)
    return meters.text()
