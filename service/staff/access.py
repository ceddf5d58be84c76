"""Who may open the staff page: whoever signed in by a one-time link or an account, or everybody by setting.

No address and no header of a connection opens anything: a proxy's requests look like those of this machine.
"""

from __future__ import annotations

import secrets
from hashlib import sha256

from anyio import to_thread
from fastapi import Request
from sqlalchemy.exc import SQLAlchemyError

from service.deps import SettingsDep
from service.http.clients import NO_REFERRER, SAFE_METHODS, is_own
from service.http.limits import MAX_BODY_BYTES
from service.http.problems import ProblemError
from service.settings import Settings
from service.staff.addresses import STAFF, sign_in_for
from service.staff.presence import FORM_FIELD, Presence, enter
from service.staff.sessions import EndedSessions, Session, session_in

READER = 1
BY_LINK = "Zugangslink"  # who did not say their name
FORM_HEADER = "X-Form-Token"
_FORM = "application/x-www-form-urlencoded"


class SignInFirst(Exception):
    """A browser has to sign in first; the message is the address of the page for it."""


async def require_staff(request: Request, settings: SettingsDep) -> None:
    """Raise the problem staff-only or staff-account unless this client may see staff pages.

    A browser without a session is led to the sign-in, where there is a page for it. What changes something has to come
    from a form of ours: else the problem foreign-form is raised.
    """
    await let_in(request, settings, READER)


async def let_in(request: Request, settings: Settings, least: int) -> None:
    """`require_staff` for a role at least; raises the problem staff-role too. Of a body nothing is read before that."""
    presence = await _presence(request, settings)
    request.state.staff = presence
    enter(presence)
    if presence.role < least:
        raise ProblemError("staff-role")
    if request.method not in SAFE_METHODS:
        await _require_own_form(request, settings, presence.session)


async def session_of(request: Request) -> Session | None:
    """Return the session that a request carries and nobody ended; raises the problem database-away."""
    session = session_in(request)
    if session is None:
        return None
    try:
        holds = await to_thread.run_sync(ended_sessions(request).holds, session)
    except SQLAlchemyError:
        raise ProblemError("database-away", headers={"Retry-After": "30"}) from None
    return session if holds else None


def ended_sessions(request: Request) -> EndedSessions:
    """Return what this application knows of sessions that were ended."""
    ended: EndedSessions = request.app.state.ended_sessions
    return ended


async def _presence(request: Request, settings: Settings) -> Presence:
    if settings.staff_access == "public":
        return Presence("Alle", READER)
    if session := await session_of(request):
        return Presence(session.name, session.role, session)
    if settings.staff_access == "link":
        raise ProblemError("staff-only")
    if request.method in SAFE_METHODS and "text/html" in request.headers.get("accept", ""):
        raise SignInFirst(sign_in_for(request.url.path, request.url.query))
    raise ProblemError("staff-account")


async def _require_own_form(request: Request, settings: Settings, session: Session | None) -> None:
    """Raise the problem foreign-form unless a request comes from our own page or carries its session's token.

    The origins that may call the API may not change anything here.
    """
    origins, site = request.headers.getlist("origin"), request.headers.get("sec-fetch-site")
    if origins == NO_REFERRER:
        origins = []
    if origins:
        own = all(is_own(one, request.scope, settings.proxy_networks()) for one in origins)
    elif site is not None:
        own = site.strip().lower() == "same-origin"
    else:
        own = session is None or await _carries_token(request, session)
    if not own:
        raise ProblemError("foreign-form")


async def _carries_token(request: Request, session: Session) -> bool:
    """Tell whether a header, the address or a small form has the token; forms with files are not read for it."""
    by_address = request.query_params.get(FORM_FIELD, "") if request.url.path == f"{STAFF}/uploads" else ""
    said = request.headers.get(FORM_HEADER, "") or by_address
    kind, length = (request.headers.get(name, "") for name in ("content-type", "content-length"))
    small = length.isdigit() and int(length) <= MAX_BODY_BYTES
    if not said and small and kind.partition(";")[0].strip().lower() == _FORM:
        said = str((await request.form()).get(FORM_FIELD, ""))
    return secrets.compare_digest(said.encode(), session.form_token.encode())


def same_secret(said: bytes, secret: str) -> bool:
    """Tell whether both are the same and there is one; compared in constant time."""
    same = secrets.compare_digest(sha256(said).digest(), sha256(secret.encode()).digest())
    return bool(secret) and same
