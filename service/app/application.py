"""Makes the FastAPI application from settings: shared parts, middleware, routes, startup and daily
deletions.
"""

from __future__ import annotations

import asyncio
import math
from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import asynccontextmanager, nullcontext
from importlib.metadata import PackageNotFoundError, version
from typing import Any

from anyio import CapacityLimiter, to_thread
from fastapi import FastAPI
from sqlalchemy.exc import SQLAlchemyError
from starlette.datastructures import State
from starlette.middleware import Middleware
from starlette.middleware.cors import CORSMiddleware

from prompts import say
from service import Settings, SettingsError, derive_key, follow_advice, log, make_database
from service.composition import answer_ids, make_holder, make_key
from service.office.staff import (
    Accounts,
    StaffSession,
    Tickets,
    administration,
    changes,
    drafts,
    followed,
    handbook_page,
    looks,
    search,
    sign_in,
    uploads,
)
from service.office.staff import documents as staff_documents
from service.office.staff import people_pages as decisions
from service.office.staff import problems as staff_problems
from service.office.uploads import DocumentReader, DraftService, SourceSchedule
from service.people import HINTS_OF_CLIENT, HINTS_PER_HOUR, AuditLog, PeopleStore
from service.records import ContactStore
from service.web import DISCLOSURE_HEADER, EditionHolder, Outbox, mail
from service.web.http import (
    MAX_BODY_BYTES,
    REQUEST_ID_HEADER,
    BodyLimit,
    ErrorBoundary,
    HeadAsGet,
    Meters,
    OriginGuard,
    PublicPath,
    Quota,
    RateLimit,
    RequestLog,
    RequestTime,
    SecurityHeaders,
    Turns,
    make_security_headers,
    problems,
    proxy_middleware,
)
from service.web.pages import progress as progress_pages
from service.web.pages import site_files, views
from service.web.pictures import PageRenderer
from service.web.routes import Readiness, chat, health, messages, originals, progress, records
from service.web.widget import routes as interfaces
from vectorstore.storage import Database

WORKERS = 8
POLL_SECONDS = 1.0
PICTURES_AT_ONCE = 2
DAY_SECONDS = 86_400.0


def create_app(
    settings: Settings, holder: EditionHolder | None = None, reader: DocumentReader | None = None
) -> FastAPI:
    """Make the application; `holder` replaces the editions of the settings' data folder.

    `reader` reads documents that staff upload; without it there are no uploads, and followed
    sources are not fetched. Raises `SettingsError`, `StoreUnavailable`, `SchemaMismatch`.
    """
    database = make_database(settings)
    settings = follow_advice(settings, database)
    key = make_key(database)
    ids = answer_ids(key)
    meters = Meters()
    holder = holder or make_holder(settings, ids, meters, database)
    app = FastAPI(
        title="Strategielotse",
        version=app_version(),
        description=say("http.about"),
        servers=[{"url": settings.public_path}] if settings.public_path else None,
        docs_url=None,
        redoc_url=None,
        lifespan=_lifespan,
        middleware=_middleware(settings, meters, key),
        # messages of errors may contain questions
        telemetry={"logs": False, "operation_spans": False},
    )
    parts = _make_parts(settings, holder, database, key, meters)
    drafts = schedule = None
    if reader is not None:
        drafts = DraftService(settings, reader)
        schedule = SourceSchedule(drafts, meters.count_source_files)
    app.state = State({**parts, "answer_ids": ids, "drafts": drafts, "schedule": schedule})
    problems.install_error_handlers(app, staff_problems.page_of)
    _include_routes(app, settings, holder)
    return app


def _make_parts(
    settings: Settings, holder: EditionHolder, database: Database, key: bytes, meters: Meters
) -> dict[str, Any]:
    """Return the parts that routes share, by their names in `app.state`.

    Without a limit on requests there is none on the mails of a client either, only that on all
    mails.
    """
    audit, tickets = AuditLog(database), Tickets(database)
    people = PeopleStore(database, settings, holder.update)
    quota_store = database, derive_key(key, "quotas")
    limits_per_client = mail.MAILS_OF_CLIENT if settings.rate_per_minute else ()
    return {
        "settings": settings,
        "holder": holder,
        "database": database,
        "meters": meters,
        "audit": audit,
        "tickets": tickets,
        "people": people,
        "keeper": people.keeper,
        "contacts": ContactStore(database),
        "readiness": Readiness(holder, database),
        "accounts": Accounts(settings) if settings.staff_access == "oidc" else None,
        "limiter": CapacityLimiter(WORKERS),
        "turns": Turns(WORKERS, of_one=WORKERS),
        "renderer": PageRenderer(at_once=math.ceil(PICTURES_AT_ONCE / settings.workers)),
        "hint_quota": Quota(
            *quota_store, "hints", [(HINTS_OF_CLIENT, 3600.0)], (HINTS_PER_HOUR, 3600.0)
        ),
        "outbox": Outbox(settings, Quota(*quota_store, "mails", limits_per_client, mail.MAILS)),
        "sweeps": {  # what is deleted daily, in the words of the log: its deletion
            "Aufbewahrte Fragen": people.delete_expired,
            say("http.audit_lines"): audit.delete_expired,
            "Abgelaufene Sitzungen und Zugangslinks": tickets.delete_expired,
            say("http.copy_before"): database.delete_copy,
        },
    }


def _include_routes(app: FastAPI, settings: Settings, holder: EditionHolder) -> None:
    """Add all routes to the application.

    Those of the tools for assistants are added if the settings say so; their package need not be
    installed otherwise. Raises `SettingsError` if it is missing.
    """
    api = (chat, records, progress, originals, progress_pages, interfaces, messages, health)
    office = (sign_in, administration, search, staff_documents, changes, uploads, drafts)
    staff = (*office, looks, followed, decisions, handbook_page)
    for module in (*api, site_files, views, *staff):
        app.include_router(module.router)
    if settings.mcp:
        try:
            from service.app.mcp_server import mcp_routes
        except ModuleNotFoundError:
            raise SettingsError(say("settings.mcp_package")) from None
        routes, app.state.mcp = mcp_routes(settings, holder)
        app.router.routes.extend(routes)
    # last: it answers all paths under /staff that no other route has
    app.include_router(staff_problems.router)


def app_version() -> str:
    """Return the installed version, "0" in a bare checkout."""
    try:
        return version("strategielotse")
    except PackageNotFoundError:
        return "0"


def _middleware(settings: Settings, meters: Meters, key: bytes) -> list[Middleware]:
    """Return the middleware, the outermost first.

    The path of the website and what the proxy forwards come first, since all others use path,
    scheme and client. Log, security headers and CORS are outside of those that refuse requests, so
    that they also apply to refusals.
    """
    cors = Middleware(
        CORSMiddleware,
        allow_origins=settings.allowed_origins,
        allow_methods=("GET", "POST"),
        allow_headers=("Content-Type", "Accept", "Accept-Language"),
        expose_headers=("Retry-After", REQUEST_ID_HEADER, DISCLOSURE_HEADER),
    )
    # By path: most bytes, and the problem.
    body_limits = {uploads.PATH: (uploads.MOST_BYTES, uploads.too_large())}
    time_limits = {uploads.PATH: uploads.SECONDS, **dict.fromkeys(drafts.SLOW, drafts.SLOW_SECONDS)}
    if settings.mails:
        body_limits[messages.PATH] = (mail.MAX_ATTACHMENT + mail.FORM_BYTES, mail.too_large())
        time_limits[messages.PATH] = messages.SECONDS
    security_headers = make_security_headers(settings.frame_ancestors)
    allowed = {origin.lower().rstrip("/") for origin in settings.allowed_origins}
    return [
        Middleware(PublicPath, path=settings.public_path),
        proxy_middleware(settings.trusted_proxies),
        Middleware(RequestLog, meters=meters),
        Middleware(SecurityHeaders, security_headers=security_headers),
        *([cors] if settings.allowed_origins else []),
        Middleware(StaffSession, key=derive_key(key, "staff sessions")),
        Middleware(HeadAsGet),
        Middleware(RateLimit, per_minute=settings.rate_per_minute),
        Middleware(OriginGuard, allowed=allowed, open_to_all=(chat.PATH,)),
        Middleware(BodyLimit, max_bytes=MAX_BODY_BYTES, others=body_limits),
        Middleware(RequestTime, seconds=settings.request_seconds, others=time_limits),
        Middleware(ErrorBoundary),
    ]


@asynccontextmanager
async def _lifespan(app: FastAPI) -> AsyncIterator[None]:
    """Run the background work of the application while the server runs.

    The edition is opened before the first request. Until the server stops, new editions are opened,
    expired data are deleted, and followed sources are fetched. At the end the work is stopped
    before the database is closed, which it uses.
    """
    holder: EditionHolder = app.state.holder
    await to_thread.run_sync(holder.refresh)
    watcher = asyncio.create_task(_watch(holder))
    sweeper = asyncio.create_task(run_deletions(app.state.sweeps))
    if app.state.schedule is not None:
        app.state.schedule.start()
    try:
        async with app.state.mcp.run() if app.state.settings.mcp else nullcontext():
            yield
    finally:
        watcher.cancel()
        sweeper.cancel()
        holder.close()
        if app.state.schedule is not None:
            await to_thread.run_sync(app.state.schedule.stop)
        if app.state.drafts is not None:
            await to_thread.run_sync(app.state.drafts.jobs.close)
        app.state.database.close()


async def _watch(holder: EditionHolder) -> None:
    """Check every `POLL_SECONDS` whether a new edition was published."""
    while True:
        await asyncio.sleep(POLL_SECONDS)
        await to_thread.run_sync(holder.watch)


async def run_deletions(sweeps: Mapping[str, Callable[[], int]]) -> None:
    """Run all deletions now and then once a day, and log how much each deleted.

    `sweeps` has each deletion by the words for it in the log; it returns how much it deleted. An
    error of the database or the disk is logged, and the deletion is tried again the next day.
    """
    while True:
        for name, sweep in sweeps.items():
            try:
                deleted = await to_thread.run_sync(sweep)
                if deleted:
                    log.info(say("serving.deleted"), name, deleted)
            except (SQLAlchemyError, OSError) as error:
                log.warning(say("serving.not_deleted"), name, type(error).__name__)
        await asyncio.sleep(DAY_SECONDS)
