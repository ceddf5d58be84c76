"""GET /staff/sign-in?token=: a one-time link becomes a session, in a cookie that no script and no other site reads."""

from __future__ import annotations

import time
from typing import Annotated

from fastapi import APIRouter, Query, Request
from fastapi.responses import RedirectResponse

from service.clients import forwarded_scheme, single_client
from service.deps import SettingsDep
from service.problems import ProblemError
from service.staff.access import door_of, is_signed_in
from service.staff.addresses import SIGN_IN, STAFF
from service.staff.links import by_link

router = APIRouter(include_in_schema=False)
MAX_TOKEN = 200


@router.get(SIGN_IN)
async def sign_in(
    request: Request, settings: SettingsDep, token: Annotated[str, Query(max_length=MAX_TOKEN)] = ""
) -> RedirectResponse:
    """Open a session for a link that has not been used, and lead to the staff page."""
    if not by_link(settings):
        raise ProblemError("not-found")
    if not token:
        raise ProblemError("staff-only")
    door, proxies = door_of(request), settings.proxy_networks()
    response = RedirectResponse(STAFF, 303)
    if door.links.redeem(token, time.time()):  # also while this client has to wait: nobody guesses 256 bits
        https = (forwarded_scheme(request.scope, proxies) or request.url.scheme) == "https"
        session = door.sessions.open(request.headers.get("host", ""), time.time())
        cookie = door.sessions.cookie
        response.set_cookie(cookie, session, path=STAFF, secure=https, httponly=True, samesite="strict")
    elif not is_signed_in(request):
        client = single_client(request.scope, proxies)
        door.failures.require_turn(client)
        await door.failures.note(client)
        raise ProblemError("staff-link-spent")
    return response
