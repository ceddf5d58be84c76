"""/staff/sign-in: a one-time link, the secret or an account becomes a session; and how that session ends again.

The session is in a cookie that no script and no other site reads.
"""

from __future__ import annotations

import time
from typing import Annotated

from anyio import to_thread
from fastapi import APIRouter, FastAPI, Form, Query, Request
from fastapi.responses import HTMLResponse, RedirectResponse, Response

from service.audit import AuditLog
from service.deps import AuditDep, SettingsDep
from service.http.clients import forwarded_scheme, single_client
from service.http.problems import ProblemError
from service.settings import Settings
from service.staff.access import SignInFirst, door_of, is_secret, require_own_site, session_of
from service.staff.account_sessions import Account
from service.staff.addresses import MAX_ONWARD, NAME, SIGN_IN, STAFF, onward
from service.staff.links import by_link
from service.staff.noting import note
from service.staff.rendering import plain_page
from service.staff.roles import Role

router = APIRouter(include_in_schema=False)
MAX_TOKEN = 200
MAX_NAME = 80
Onward = Annotated[str, Query(alias="next", max_length=MAX_ONWARD)]


@router.get(SIGN_IN)
async def sign_in(
    request: Request,
    settings: SettingsDep,
    log: AuditDep,
    token: Annotated[str, Query(max_length=MAX_TOKEN)] = "",
    wanted: Onward = STAFF,
    left: bool = False,
) -> Response:
    """Open a session for a link that has not been used, or show how people sign in here."""
    if settings.staff_access == "public" or (token and not by_link(settings)):
        raise ProblemError("not-found")
    if token:
        return await _by_link(request, settings, log, token)
    if by_link(settings) and not left:
        raise ProblemError("staff-only")
    return sign_in_page(settings, wanted, left="here" if left else "")


@router.post(SIGN_IN)
async def by_secret(
    request: Request,
    settings: SettingsDep,
    log: AuditDep,
    name: Annotated[str, Form(max_length=MAX_NAME)] = "",
    secret: Annotated[str, Form(max_length=1000)] = "",
    wanted: Annotated[str, Form(alias="next", max_length=MAX_ONWARD)] = STAFF,
) -> Response:
    """Open a session for whoever knows the secret, under the name that they give."""
    if settings.staff_access != "secret":
        raise ProblemError("not-found")
    require_own_site(request, settings)
    said = " ".join(name.split())
    if not said:
        return sign_in_page(settings, wanted, status=422, fault="name")
    failures, client = door_of(request).failures, single_client(request.scope, settings.proxy_networks())
    failures.require_turn(client)
    if not is_secret(secret, settings):
        await failures.note(client)
        return sign_in_page(settings, wanted, status=403, fault="secret", name=said)
    failures.forget(client)
    response = RedirectResponse(onward(wanted), 303)
    await enter(request, response, settings, log, said, Role.PUBLISHER, "secret")
    return response


async def enter(
    request: Request,
    response: Response,
    settings: Settings,
    log: AuditLog,
    name: str,
    role: Role,
    how: str,
    account: Account | None = None,
) -> None:
    """Open a session that a response brings to the browser, end the one before it, and note who signed in."""
    sessions, host = door_of(request).sessions, request.headers.get("host", "")
    if earlier := await session_of(request):
        await to_thread.run_sync(sessions.end, earlier.code)
    value = await to_thread.run_sync(sessions.open, name, int(role), how, host, time.time(), account)
    response.set_cookie(
        sessions.cookie, value, path=STAFF, secure=is_https(request, settings), httponly=True, samesite="strict"
    )
    await note(log, name, role, "signed in", how)


def is_https(request: Request, settings: Settings) -> bool:
    """Tell whether the browser came by https, as far as this connection or a trusted proxy says."""
    return (forwarded_scheme(request.scope, settings.proxy_networks()) or request.url.scheme) == "https"


def install(app: FastAPI) -> None:
    """Lead browsers that have no session to the sign-in."""

    async def lead(request: Request, error: Exception) -> Response:
        return RedirectResponse(str(error), 303)

    app.add_exception_handler(SignInFirst, lead)


def sign_in_page(
    settings: Settings, wanted: str, *, status: int = 200, fault: str = "", name: str = "", left: str = ""
) -> HTMLResponse:
    """Show how people sign in here; `left` says from where somebody has just signed out: "here" or "everywhere"."""
    return plain_page(
        "staff_sign_in.html",
        status,
        access=settings.staff_access,
        wanted=onward(wanted),
        fault=fault,
        name=name,
        left=left,
        max_name=MAX_NAME,
    )


async def _by_link(request: Request, settings: Settings, log: AuditLog, token: str) -> Response:
    door = door_of(request)
    ticket = door.links.redeem(token, time.time())  # also while this client has to wait: nobody guesses 256 bits
    if ticket is None:
        if await session_of(request) is None:
            client = single_client(request.scope, settings.proxy_networks())
            door.failures.require_turn(client)
            await door.failures.note(client)
            raise ProblemError("staff-link-spent")
        return RedirectResponse(STAFF, 303)
    response = RedirectResponse(STAFF if ticket.name else NAME, 303)
    await enter(request, response, settings, log, ticket.name, Role(ticket.role), "link")
    return response
