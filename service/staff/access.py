"""Who may open the staff page: whoever signed in by a one-time link, the secret or an account, or everybody by setting.

No address and no header of a connection opens anything: a proxy's requests look like those of this machine.
"""

from __future__ import annotations

import base64
import binascii
import secrets
import time
from hashlib import sha256

from anyio import to_thread
from fastapi import Request
from sqlalchemy.exc import SQLAlchemyError

from service.deps import SettingsDep
from service.http.clients import single_client
from service.http.origins import NO_REFERRER, SAFE_METHODS, is_own
from service.http.problems import ProblemError
from service.settings import Settings
from service.staff.addresses import STAFF, sign_in_for
from service.staff.failures import FailedSignIns
from service.staff.links import PUBLISHER, StaffLinks, by_link
from service.staff.presence import FORM_FIELD, Presence, enter
from service.staff.sessions import Session, Sessions

READER = 1
CHALLENGE = {"WWW-Authenticate": 'Basic realm="Strategielotse", charset="UTF-8"'}
BY_LINK, BY_SECRET = "Zugangslink", "Kennwort"  # who did not say their name
FORM_HEADER = "X-Form-Token"
_FORM = "application/x-www-form-urlencoded"


class SignInFirst(Exception):
    """A browser has to sign in first; the message is the address of the page for it."""


class StaffDoor:
    """What lets people in: links that open sessions, the sessions, and who failed too often to try again."""

    def __init__(self, links: StaffLinks, sessions: Sessions, failures: FailedSignIns) -> None:
        self.links = links
        self.sessions = sessions
        self.failures = failures


def door_of(request: Request) -> StaffDoor:
    """Return the application's door to the staff page."""
    door: StaffDoor = request.app.state.staff_door
    return door


async def require_staff(request: Request, settings: SettingsDep) -> None:
    """Raise the problem staff-only, staff-sign-in or too-many-sign-ins unless this client may see staff pages.

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
        await _require_own_form(request, settings, presence)


async def session_of(request: Request) -> Session | None:
    """Return the session whose cookie a request carries; raises the problem database-away where that is so."""
    sessions = door_of(request).sessions
    value, host = request.cookies.get(sessions.cookie, ""), request.headers.get("host", "")
    if not value:
        return None
    try:
        return await to_thread.run_sync(sessions.find, value, host, time.time())
    except SQLAlchemyError:
        raise ProblemError("database-away", headers={"Retry-After": "30"}) from None


async def require_secret(request: Request, settings: Settings, known: bool) -> None:
    """Raise the problem staff-sign-in where the secret is not known, too-many-sign-ins after too many failures."""
    failures, client = door_of(request).failures, single_client(request.scope, settings.proxy_networks())
    failures.require_turn(client)
    if not known:
        await failures.note(client)
        raise ProblemError("staff-sign-in", headers=CHALLENGE)
    failures.forget(client)


def require_own_site(request: Request, settings: Settings) -> bool:
    """Raise the problem foreign-form where a browser says that another site sent this; tell whether it says anything.

    The origins that may call the API may not change anything on the staff page.
    """
    origins, site = request.headers.getlist("origin"), request.headers.get("sec-fetch-site")
    if origins == NO_REFERRER:
        origins = []
    if origins and not all(is_own(one, request.scope, settings.proxy_networks()) for one in origins):
        raise ProblemError("foreign-form")
    if not origins and site is not None and site.strip().lower() != "same-origin":
        raise ProblemError("foreign-form")
    return bool(origins) or site is not None


async def _presence(request: Request, settings: Settings) -> Presence:
    if settings.staff_access == "public":
        return Presence("Alle", READER)
    if session := await session_of(request):
        sessions = door_of(request).sessions
        form_token = sessions.form_token(request.cookies[sessions.cookie])
        return Presence(session.name, session.role, session, form_token)
    if by_link(settings):
        raise ProblemError("staff-only")
    authorization = request.headers.get("authorization")
    if authorization is not None and settings.staff_access == "secret":
        await require_secret(request, settings, knows_secret(authorization, _secret(settings)))
        return Presence(_user(authorization) or BY_SECRET, PUBLISHER)
    if request.method in SAFE_METHODS and "text/html" in request.headers.get("accept", ""):
        raise SignInFirst(sign_in_for(request.url.path, request.url.query))
    if settings.staff_access == "oidc":
        raise ProblemError("staff-account")
    raise ProblemError("staff-sign-in", headers=CHALLENGE)


async def _require_own_form(request: Request, settings: Settings, presence: Presence) -> None:
    """Raise the problem foreign-form unless a request comes from our own page or carries its session's token.

    Programs say nothing of where they are and have no cookie that a website could use: only a session needs it.
    """
    said = require_own_site(request, settings)
    if not said and presence.session is not None and not await _carries_token(request, settings, presence):
        raise ProblemError("foreign-form")


async def _carries_token(request: Request, settings: Settings, presence: Presence) -> bool:
    """Tell whether a header, the address or a small form has the token; forms with files are not read for it."""
    by_address = request.query_params.get(FORM_FIELD, "") if request.url.path == f"{STAFF}/uploads" else ""
    said = request.headers.get(FORM_HEADER, "") or by_address
    kind, length = (request.headers.get(name, "") for name in ("content-type", "content-length"))
    small = length.isdigit() and int(length) <= settings.max_body_bytes
    if not said and small and kind.partition(";")[0].strip().lower() == _FORM:
        said = str((await request.form()).get(FORM_FIELD, ""))
    return secrets.compare_digest(said.encode(), presence.form_token.encode())


def is_secret(said: str, settings: Settings) -> bool:
    """Tell whether this is the secret of the settings; compared in constant time."""
    return same_secret(said.encode("utf-8", "replace"), _secret(settings))


def knows_secret(authorization: str, secret: str) -> bool:
    """Tell whether an Authorization header (RFC 7617) holds the secret as password; compared in constant time."""
    credentials = _basic(authorization)
    return credentials is not None and same_secret(credentials[1], secret)


def same_secret(said: bytes, secret: str) -> bool:
    """Tell whether both are the same and there is one; compared in constant time."""
    same = secrets.compare_digest(sha256(said).digest(), sha256(secret.encode()).digest())
    return bool(secret) and same


def _secret(settings: Settings) -> str:
    return settings.staff_secret.get_secret_value() if settings.staff_secret else ""


def _user(authorization: str) -> str:
    credentials = _basic(authorization)
    return "" if credentials is None else " ".join(credentials[0].decode("utf-8", "replace").split())[:200]


def _basic(authorization: str) -> tuple[bytes, bytes] | None:
    """Return user and password of an Authorization header, None where it is no such header."""
    scheme, _, credentials = authorization.partition(" ")
    if scheme.lower() != "basic":
        return None
    try:
        decoded = base64.b64decode(credentials.strip(), validate=True)
    except (binascii.Error, ValueError):
        return None
    user, colon, password = decoded.partition(b":")
    return (user, password) if colon else None
