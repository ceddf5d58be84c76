"""Who may open the staff page: whoever signed in by a one-time link or knows the secret, or everybody, by setting.

No address and no header of a connection opens anything: a proxy's requests look like those of this machine.
"""

from __future__ import annotations

import base64
import binascii
import secrets
import time
from hashlib import sha256

from fastapi import Request

from service.clients import single_client
from service.deps import SettingsDep
from service.problems import ProblemError
from service.staff.failures import FailedSignIns
from service.staff.links import StaffLinks, by_link
from service.staff.sessions import Sessions

CHALLENGE = {"WWW-Authenticate": 'Basic realm="Strategielotse", charset="UTF-8"'}


class StaffDoor:
    """What lets people in: links that open sessions, and who failed too often to try again."""

    def __init__(self, links: StaffLinks, key: bytes) -> None:
        self.links = links
        self.sessions = Sessions(key)
        self.failures = FailedSignIns()


def door_of(request: Request) -> StaffDoor:
    """Return the application's door to the staff page."""
    door: StaffDoor = request.app.state.staff_door
    return door


async def require_staff(request: Request, settings: SettingsDep) -> None:
    """Raise the problem staff-only, staff-sign-in or too-many-sign-ins unless this client may see staff pages."""
    if settings.staff_access == "public":
        return
    if by_link(settings):
        if not is_signed_in(request):
            raise ProblemError("staff-only")
        return
    authorization = request.headers.get("authorization")
    if authorization is None:
        raise ProblemError("staff-sign-in", headers=CHALLENGE)
    failures, client = door_of(request).failures, single_client(request.scope, settings.proxy_networks())
    failures.require_turn(client)
    secret = settings.staff_secret.get_secret_value() if settings.staff_secret else ""
    if not knows_secret(authorization, secret):
        await failures.note(client)
        raise ProblemError("staff-sign-in", headers=CHALLENGE)
    failures.forget(client)


def is_signed_in(request: Request) -> bool:
    """Tell whether a request carries the cookie of a session."""
    sessions = door_of(request).sessions
    value = request.cookies.get(sessions.cookie, "")
    return sessions.holds(value, request.headers.get("host", ""), time.time())


def knows_secret(authorization: str, secret: str) -> bool:
    """Tell whether an Authorization header (RFC 7617) holds the secret as password; compared in constant time."""
    scheme, _, credentials = authorization.partition(" ")
    if scheme.lower() != "basic" or not secret:
        return False
    try:
        decoded = base64.b64decode(credentials.strip(), validate=True)
    except (binascii.Error, ValueError):
        return False
    _, colon, password = decoded.partition(b":")
    same = secrets.compare_digest(sha256(password).digest(), sha256(secret.encode()).digest())
    return bool(colon) and same
