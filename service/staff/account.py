"""/staff/sign-in/account and /callback: to the administration's sign-in service and back, as a session.

At its end they lead the same way: /left is where the service leads back to, /ended is told by it of sessions that it
ended itself.
"""

from __future__ import annotations

import hmac
import json
import secrets
import time
from base64 import urlsafe_b64decode, urlsafe_b64encode
from typing import Annotated

from anyio import to_thread
from fastapi import APIRouter, Form, Query, Request
from fastapi.responses import JSONResponse, RedirectResponse, Response

from service.clients import single_client
from service.deps import AuditDep, SettingsDep
from service.problems import ProblemError
from service.settings import Settings
from service.staff.access import door_of
from service.staff.account_sessions import Account
from service.staff.addresses import ACCOUNT, CALLBACK, ENDED, LEFT, SIGN_IN, STAFF, base_url, onward
from service.staff.noting import note
from service.staff.oidc import Accounts, Flow, ProviderAway, Refused, name_of
from service.staff.rendering import plain_page
from service.staff.roles import Role
from service.staff.sign_in import Onward, enter, is_https, sign_in_page

router = APIRouter(include_in_schema=False)
FLOW_SECONDS = 600
Said = Annotated[str, Query(max_length=4000)]


class Begun:
    """Keeps a sign-in or sign-out that has begun in its browser: signed, for ten minutes, nothing on the server."""

    def __init__(self, key: bytes) -> None:
        self._key = key
        self.cookie = f"strategielotse_sign_in_{hmac.digest(key, b'cookie', 'sha256').hex()[:8]}"

    def sealed(self, flow: Flow, wanted: str, now: float) -> str:
        """Return the cookie's value."""
        said = [flow.state, flow.nonce, flow.verifier, wanted, now + FLOW_SECONDS]
        body = urlsafe_b64encode(json.dumps(said).encode()).decode()
        return f"{body}.{self._code(body)}"

    def opened(self, value: str, state: str, now: float) -> tuple[Flow, str]:
        """Return a sign-in and where it leads on to; raises Refused where it is not the one of this state."""
        body, _, code = value.rpartition(".")
        if not hmac.compare_digest(code.encode("utf-8", "replace"), self._code(body).encode()):
            raise Refused("cookie")
        own, nonce, verifier, wanted, end = json.loads(urlsafe_b64decode(body))
        if now >= end or not secrets.compare_digest(own.encode(), state.encode("utf-8", "replace")):
            raise Refused("state")
        return Flow(own, nonce, verifier), wanted

    def _code(self, body: str) -> str:
        return hmac.digest(self._key, body.encode("utf-8", "replace"), "sha256").hex()


@router.get(ACCOUNT)
async def begin(request: Request, settings: SettingsDep, wanted: Onward = STAFF) -> Response:
    """Lead to the sign-in service."""
    accounts, begun = _of(request, settings)
    flow = Flow.new()
    try:
        address = await accounts.address(flow, _redirect(request, settings))
    except ProviderAway:
        raise ProblemError("staff-provider-away", headers={"Retry-After": "30"}) from None
    response = RedirectResponse(address, 303)
    _keep(request, response, settings, begun.cookie, begun.sealed(flow, onward(wanted), time.time()))
    return response


@router.get(CALLBACK)
async def back(
    request: Request, settings: SettingsDep, log: AuditDep, code: Said = "", state: Said = "", iss: Said = ""
) -> Response:
    """Open a session for who comes back from the sign-in service.

    The page that follows leads on by itself: on a redirect that another site began, browsers would not send the cookie.
    """
    accounts, begun = _of(request, settings)
    failures, client = door_of(request).failures, single_client(request.scope, settings.proxy_networks())
    await failures.require_turn(client)
    try:
        flow, wanted = begun.opened(request.cookies.get(begun.cookie, ""), state, time.time())
        if not code or iss not in ("", settings.oidc_issuer):
            raise Refused("code or issuer")
        identity = await accounts.identity(flow, _redirect(request, settings), code)
    except ProviderAway:
        raise ProblemError("staff-provider-away", headers={"Retry-After": "30"}) from None
    except Refused:
        await failures.note(client)
        raise ProblemError("staff-sign-in-failed") from None
    claims = identity.claims
    role, name = accounts.role(claims), name_of(claims)
    if role is None:
        raise ProblemError("staff-no-role")
    await failures.forget(client)
    response = plain_page("staff_signed_in.html", 200, wanted=onward(wanted), name=name, role=Role(role))
    response.delete_cookie(begun.cookie, path=SIGN_IN)
    account = Account(str(claims["sub"]), str(claims.get("sid") or ""), identity.id_token)
    await enter(request, response, settings, log, name, Role(role), "account", account)
    return response


async def leave(request: Request, settings: Settings, account: Account) -> Response | None:
    """Return the page that leads to the end of the session at the sign-in service; None where there is no such place.

    A page and no redirect: browsers take a form's redirect to another site for a form sent there, which is forbidden.
    """
    flow, sign_outs = Flow.new(), _begun_sign_outs(request)
    back = base_url(request, settings.proxy_networks()) + LEFT
    try:
        address = await _of(request, settings)[0].end_address(account.id_token, back, flow.state)
    except ProviderAway:
        return None
    if address is None:
        return None
    response = plain_page("staff_signing_out.html", 200, address=address)
    _keep(request, response, settings, sign_outs.cookie, sign_outs.sealed(flow, STAFF, time.time()))
    return response


@router.get(LEFT)
async def left(request: Request, settings: SettingsDep, state: Said = "") -> Response:
    """Say that the session has ended at the sign-in service too, where it leads back what this browser began."""
    _of(request, settings)
    sign_outs = _begun_sign_outs(request)
    try:
        sign_outs.opened(request.cookies.get(sign_outs.cookie, ""), state, time.time())
    except Refused:
        return RedirectResponse(f"{SIGN_IN}?left=true", 303)
    response = sign_in_page(settings, STAFF, left="everywhere")
    response.delete_cookie(sign_outs.cookie, path=SIGN_IN)
    return response


@router.post(ENDED)
async def ended(
    request: Request, settings: SettingsDep, log: AuditDep, logout_token: Annotated[str, Form(max_length=20_000)]
) -> Response:
    """End the sessions that the sign-in service says to have ended (OpenID Connect Back-Channel Logout 1.0)."""
    accounts, _ = _of(request, settings)
    door, client = door_of(request), single_client(request.scope, settings.proxy_networks())
    await door.failures.require_turn(client)
    try:
        subject, sid = await accounts.ended(logout_token)
    except ProviderAway:
        raise ProblemError("staff-provider-away", headers={"Retry-After": "30"}) from None
    except Refused:
        await door.failures.note(client)
        return JSONResponse({"error": "invalid_request"}, 400)
    for gone in await to_thread.run_sync(door.sessions.end_account, subject, sid, time.time()):
        await note(log, gone.name, Role(gone.role), "signed out", "account")
    return Response(status_code=200)


def _of(request: Request, settings: Settings) -> tuple[Accounts, Begun]:
    if settings.staff_access != "oidc":
        raise ProblemError("not-found")
    accounts: Accounts = request.app.state.accounts
    begun: Begun = request.app.state.begun_sign_ins
    return accounts, begun


def _begun_sign_outs(request: Request) -> Begun:
    begun: Begun = request.app.state.begun_sign_outs
    return begun


def _keep(request: Request, response: Response, settings: Settings, name: str, value: str) -> None:
    """Have the browser keep what it began."""
    response.set_cookie(
        name,
        value,
        max_age=FLOW_SECONDS,
        path=SIGN_IN,
        secure=is_https(request, settings),
        httponly=True,
        samesite="lax",  # it has to come along when the sign-in service leads back
    )


def _redirect(request: Request, settings: Settings) -> str:
    return base_url(request, settings.proxy_networks()) + CALLBACK
