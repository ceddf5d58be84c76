"""Health of the process (/healthz), readiness to answer (/readyz) and Prometheus metrics
(/metrics).
"""

from __future__ import annotations

import secrets
import time
from typing import Annotated, Literal

import anyio
from anyio import to_thread
from fastapi import APIRouter, Request
from fastapi.responses import Response
from prometheus_client import CONTENT_TYPE_LATEST
from sqlalchemy.exc import SQLAlchemyError

from service import Settings, log
from service.answering import Conditions
from service.records import Health, ProblemError
from service.web import EditionHolder, HolderDep, MetersDep, SettingsDep, state_dependency
from service.web.http import RETRY_LATER, Meters, route_arguments
from vectorstore import EmbeddingKind
from vectorstore.storage import Database, StoreError

DATABASE_SECONDS = 3.0
CHECKED_SECONDS = 60.0  # for which a successful check of the database file is valid
router = APIRouter()


class Readiness:
    """Checks readiness: one trial search in each new edition, and about once a minute whether the
    service's SQLite file is undamaged.
    """

    def __init__(self, holder: EditionHolder, database: Database) -> None:
        self._holder = holder
        self._database = database
        self._tried_edition = ""
        self._checked_until = 0.0

    async def edition(self) -> tuple[str, EmbeddingKind]:
        """Return the name of the edition that answers, and the kind of its search.

        A database that does not respond in time counts as away, so that the check itself never
        hangs. Raises the problem database-away or not-answering, or a StoreError where no edition
        can be opened.
        """
        try:
            with anyio.fail_after(DATABASE_SECONDS):
                damage = await to_thread.run_sync(self._damage, abandon_on_cancel=True)
        except (TimeoutError, SQLAlchemyError, OSError) as error:
            damage = type(error).__name__
        if damage:
            log.warning("Nicht bereit: %s", damage)
            raise ProblemError("database-away", headers=RETRY_LATER)
        return await to_thread.run_sync(self._try_edition)

    def _damage(self) -> str | None:
        """Return what is damaged in the SQLite file of the service, None if nothing is.

        Nothing is checked if there is no such file, or if it was found undamaged less than
        `CHECKED_SECONDS` ago: the check reads the file.
        """
        path = self._database.path
        if path is None or not path.exists() or time.monotonic() < self._checked_until:
            return None
        damage = self._database.damage()
        if damage is None:
            self._checked_until = time.monotonic() + CHECKED_SECONDS
        return damage

    def _try_edition(self) -> tuple[str, EmbeddingKind]:
        """Return name and search kind of the served edition.

        In each new edition one search is tried, for the title of its first record: an edition that
        can be opened may still be unable to answer. Raises the problem not-answering if the search
        fails.
        """
        with self._holder.lease() as served:
            name = served.edition.name
            if name != self._tried_edition:
                first = next(iter(served.edition.catalogue.items), None)
                try:
                    served.answers.tools().select(Conditions(topic=first.title if first else name))
                except Exception as error:
                    log.warning("Ausgabe %s antwortet nicht: %s", name, type(error).__name__)
                    raise ProblemError("not-answering", headers=RETRY_LATER) from None
                self._tried_edition = name
            return name, served.edition.search_kind


HEALTHZ_OPTIONS = route_arguments("health", "operation")
HEALTHZ_OPTIONS["responses"] = {}


@router.get("/healthz", response_model=Health, **HEALTHZ_OPTIONS)
async def healthz() -> Health:
    """Say that the process answers."""
    return Health(status="ok")


@router.get(
    "/readyz",
    response_model=Health,
    **route_arguments("ready", "operation", "database-away", "not-answering"),
)
async def readyz(
    readiness: Annotated[Readiness, state_dependency("readiness")], holder: HolderDep
) -> Health:
    """Say which edition answers; 503 while there is none, and why."""
    edition, embedding = await readiness.edition()
    database: Literal["ok", "away"] = "away" if holder.is_unreachable else "ok"
    shared = database if holder.shared else None
    return Health(status="ok", corpus_edition=edition, database=shared, embedding=embedding)


@router.get("/metrics", include_in_schema=False)
def metrics(
    request: Request, settings: SettingsDep, holder: HolderDep, meters: MetersDep
) -> Response:
    """Send all metrics to a client with the token.

    Raises the problem not-found for others, so that they do not learn that there are metrics.
    """
    if not may_read(request, settings):
        raise ProblemError("not-found")
    return Response(_render_metrics(meters, holder), media_type=CONTENT_TYPE_LATEST)


def may_read(request: Request, settings: Settings) -> bool:
    """True if a request has the configured bearer token; False if none is configured.

    The comparison takes the same time however many characters are right, so that the token cannot
    be found out bit by bit.
    """
    if settings.metrics_token is None:
        return False
    scheme, _, sent = request.headers.get("authorization", "").partition(" ")
    token = settings.metrics_token.get_secret_value().encode()
    return scheme.lower() == "bearer" and secrets.compare_digest(sent.strip().encode(), token)


def _render_metrics(meters: Meters, holder: EditionHolder) -> bytes:
    """Return all metrics in Prometheus' text format, after an update of those on the edition.

    If no edition can be opened, they say that none answers.
    """
    try:
        with holder.lease() as served:
            meters.report_edition(served.edition)
    except StoreError:
        meters.report_edition(None)
    return meters.render()
