"""What somebody does with their own session: say their name, see where they are signed in, sign out."""

from __future__ import annotations

import time
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Annotated

from anyio import to_thread
from fastapi import APIRouter, Form, Request
from fastapi.responses import HTMLResponse, RedirectResponse, Response

from service.deps import AuditDep, SettingsDep
from service.http.problems import ProblemError
from service.staff.access import door_of
from service.staff.addresses import NAME, SESSIONS, SIGN_IN, SIGN_OUT, STAFF
from service.staff.noting import note
from service.staff.oidc import leave
from service.staff.presence import Presence
from service.staff.rendering import plain_page
from service.staff.roles import ReaderDep, Role
from service.staff.sessions import Session
from service.staff.sign_in import MAX_NAME

router = APIRouter(include_in_schema=False)
HOW = {"link": "Zugangslink", "secret": "Kennwort", "account": "Konto der Verwaltung"}


@dataclass(frozen=True, slots=True)
class SessionLine:
    """A session as its page shows it; `own` is the one that is looking."""

    code: str
    name: str
    role: Role
    how: str
    opened: datetime
    seen: datetime
    own: bool


@router.get(NAME)
async def asked(request: Request, person: ReaderDep) -> HTMLResponse:
    """Ask whoever came by a link without a name for theirs."""
    _session(request)
    return _name_page()


@router.post(NAME)
async def named(
    request: Request, person: ReaderDep, log: AuditDep, name: Annotated[str, Form(max_length=1000)] = ""
) -> Response:
    """Take the name that stands beside what somebody changes; it can be said once in a session."""
    session, said = _session(request), " ".join(name.split())
    if not said or len(said) > MAX_NAME:
        return _name_page(422, said)
    sessions = door_of(request).sessions
    await to_thread.run_sync(sessions.rename, session, said)
    await note(log, said, Role(session.role), "named", session.how)
    return RedirectResponse(STAFF, 303)


@router.post(SIGN_OUT)
async def sign_out(request: Request, person: ReaderDep, settings: SettingsDep, log: AuditDep) -> Response:
    """End the session on the server and in the browser, then the provider's where an account began it."""
    session, sessions = _any_session(request), door_of(request).sessions
    account = None
    if session is not None:
        account = await to_thread.run_sync(sessions.accounts.find, session.code)
        await to_thread.run_sync(sessions.end, session.code)
        await note(log, session.name, Role(session.role), "signed out", session.how)
    led = await leave(request, settings, account) if account is not None else None
    response = led or RedirectResponse(f"{SIGN_IN}?left=true", 303)
    response.delete_cookie(sessions.cookie, path=STAFF)
    return response


@router.get(SESSIONS)
async def sessions(request: Request, person: ReaderDep) -> HTMLResponse:
    """Show one's own sessions; a publisher is shown everybody's."""
    own = _any_session(request)
    found = await to_thread.run_sync(door_of(request).sessions.all, time.time())
    shown = [_line(one, own) for one in found if _may_end(one, own, person.role)]
    return plain_page("staff_sessions.html", 200, here="sessions", lines=shown, everybody=person.role == Role.PUBLISHER)


@router.post(f"{SESSIONS}/end")
async def end(
    request: Request, person: ReaderDep, log: AuditDep, code: Annotated[str, Form(max_length=64)]
) -> Response:
    """End a session wherever it is open; a publisher may end everybody's."""
    own, kept = _any_session(request), door_of(request).sessions
    found = await to_thread.run_sync(kept.all, time.time())
    meant = next((one for one in found if one.code == code and _may_end(one, own, person.role)), None)
    if meant is not None:
        await to_thread.run_sync(kept.end, code)
        await note(log, person.name, person.role, "session ended", meant.name or HOW[meant.how])
    return RedirectResponse(SESSIONS, 303)


def _name_page(status: int = 200, name: str = "") -> HTMLResponse:
    return plain_page("staff_name.html", status, name=name, fault=status != 200, max_name=MAX_NAME)


def _session(request: Request) -> Session:
    """Return a session that has no name yet; the problem not-found for anybody else."""
    session = _any_session(request)
    if session is None or session.name:
        raise ProblemError("not-found")
    return session


def _any_session(request: Request) -> Session | None:
    presence: Presence = request.state.staff
    return presence.session


def _may_end(one: Session, own: Session | None, role: Role) -> bool:
    """Tell whether somebody sees a session: a publisher all, others those of their own name and way of signing in."""
    if role == Role.PUBLISHER:
        return True
    if own is None:
        return False
    return one.code == own.code or (
        bool(own.name) and own.how == "account" and (one.name, one.how) == (own.name, own.how)
    )


def _line(one: Session, own: Session | None) -> SessionLine:
    return SessionLine(
        code=one.code,
        name=one.name,
        role=Role(one.role),
        how=HOW[one.how],
        opened=datetime.fromtimestamp(one.opened, UTC).astimezone(),
        seen=datetime.fromtimestamp(one.seen, UTC).astimezone(),
        own=own is not None and one.code == own.code,
    )
