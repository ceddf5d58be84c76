"""FastAPI dependencies of routes: parts of the application's state, the current edition, its
language, numbers of rows.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Annotated, Any, TypeVar

from anyio import CapacityLimiter, to_thread
from fastapi import Depends, Request
from pydantic import Field

from service import Settings
from service.people import AuditLog, QuestionKeeper
from service.records import ContactStore, ProblemError
from service.web.edition_holder import EditionHolder, OpenEdition
from service.web.http import Meters, Turns, media_type_of, network_key, preferred_language
from service.web.pictures import PageRenderer
from vectorstore.storage import Database

T = TypeVar("T")


def state_dependency(name: str) -> Any:
    """Return the dependency that gives a route the part `name` of the application's state."""

    def get_state(request: Request) -> Any:
        return getattr(request.app.state, name)

    return Depends(get_state)


def language_of(request: Request) -> str:
    """Return the language of a response, "de" or "en", by the request's Accept-Language header."""
    return preferred_language(request.headers)


def served_edition(request: Request) -> Iterator[OpenEdition]:
    """Lease the current edition to one request; raises a `StoreError` where there is none.

    FastAPI runs this in a worker thread: if a new edition has to be opened first, it takes seconds,
    in which the event loop serves other requests.
    """
    holder: EditionHolder = request.app.state.holder
    with holder.lease() as served:
        yield served


def require_json(request: Request) -> None:
    """Raise the problem unsupported-media-type for a body that is not declared as JSON."""
    media_type = media_type_of(request.headers.get("content-type", ""))
    if media_type != "application/json" and not media_type.endswith("+json"):
        raise ProblemError("unsupported-media-type")


async def run_in_thread(request: Request, call: Callable[[], T]) -> T:
    """Run `call` in one of the application's worker threads, and return its result.

    Of those who wait, a network that had no turn yet, or none for long, goes first.
    If the request is cancelled, as when the client disconnects, it does not wait: the thread
    finishes and its result is dropped.
    """
    limiter: CapacityLimiter = request.app.state.limiter
    turns: Turns = request.app.state.turns
    async with turns.turn(network_key(request.scope)):
        return await to_thread.run_sync(call, abandon_on_cancel=True, limiter=limiter)


async def run_with_edition(
    request: Request, holder: EditionHolder, call: Callable[[OpenEdition], T]
) -> T:
    """Run `call` in a worker thread with its own lease of the edition.

    The thread may outlast a cancelled request, whose lease ends with it. Without its own lease the
    edition could be closed while the thread reads it.
    """

    def call_leased() -> T:
        with holder.lease() as served:
            return call(served)

    return await run_in_thread(request, call_leased)


MAX_ROW_ID = 2**31 - 1  # greatest id of a table's row: a 32 bit integer column
RowNumber = Annotated[int, Field(ge=1, le=MAX_ROW_ID)]
SettingsDep = Annotated[Settings, state_dependency("settings")]
HolderDep = Annotated[EditionHolder, state_dependency("holder")]
DatabaseDep = Annotated[Database, state_dependency("database")]
ContactsDep = Annotated[ContactStore, state_dependency("contacts")]
AuditDep = Annotated[AuditLog, state_dependency("audit")]
KeeperDep = Annotated[QuestionKeeper, state_dependency("keeper")]
MetersDep = Annotated[Meters, state_dependency("meters")]
RendererDep = Annotated[PageRenderer, state_dependency("renderer")]
LanguageDep = Annotated[str, Depends(language_of)]
ServedDep = Annotated[OpenEdition, Depends(served_edition)]
