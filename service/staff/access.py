"""Who may open the staff page: clients on loopback, whoever knows the secret, or everybody, by setting."""

from __future__ import annotations

import base64
import binascii
import re
import secrets
from ipaddress import ip_address

from fastapi import Request
from starlette.datastructures import Headers

from service.clients import client_key
from service.deps import SettingsDep
from service.problems import ProblemError

_HOST = re.compile(r"(?P<name>\[[0-9A-Fa-f:.]+\]|[A-Za-z0-9.-]+)(?::\d{1,5})?")
CHALLENGE = {"WWW-Authenticate": 'Basic realm="Strategielotse", charset="UTF-8"'}


def require_staff(request: Request, settings: SettingsDep) -> None:
    """Raise the problem staff-sign-in (401) or staff-only (403) unless this client may see staff pages."""
    if settings.staff_access == "public":
        return
    if settings.staff_access == "loopback":
        if client_key(request.scope, settings.proxy_networks()) is not None or not asks_here(request.headers):
            raise ProblemError("staff-only")
        return
    secret = settings.staff_secret.get_secret_value() if settings.staff_secret else ""
    if not knows_secret(request.headers.get("authorization", ""), secret):
        raise ProblemError("staff-sign-in", headers=CHALLENGE)


def asks_here(headers: Headers) -> bool:
    """Tell whether a request names this machine itself and was passed on by nobody.

    A foreign name that leads to loopback (DNS rebinding) would let any website read staff pages.
    """
    if "forwarded" in headers:
        return False
    host = _HOST.fullmatch(headers.get("host", ""))
    if host is None:
        return False
    name = host["name"].strip("[]").lower().removesuffix(".")
    try:
        return name == "localhost" or ip_address(name).is_loopback
    except ValueError:
        return False


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
    return bool(colon) and secrets.compare_digest(password, secret.encode())
