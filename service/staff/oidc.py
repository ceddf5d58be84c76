"""Accounts of the administration by OpenID Connect, through Authlib: to its sign-in service and back, as a session.

At its end they lead the same way: /left is where the service leads back to, /ended is told by it of sessions that it
ended itself. What it says is checked (issuer, audience, time, nonce, signature) and never logged.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from typing import TYPE_CHECKING, Annotated, Any
from urllib.parse import quote_plus

from anyio import to_thread
from fastapi import APIRouter, Form, Query, Request
from fastapi.responses import JSONResponse, RedirectResponse, Response
from starlette.middleware.sessions import SessionMiddleware
from starlette.types import ASGIApp, Receive, Scope, Send

from service.deps import AuditDep, SettingsDep
from service.http.clients import forwarded_scheme, single_client
from service.http.problems import ProblemError
from service.settings import ROLES, Settings
from service.staff.access import door_of
from service.staff.account_sessions import Account
from service.staff.addresses import ACCOUNT, CALLBACK, ENDED, LEFT, SIGN_IN, SIGN_OUT, STAFF, base_url, onward
from service.staff.noting import note
from service.staff.rendering import plain_page
from service.staff.roles import Role
from service.staff.sign_in import Onward, enter, sign_in_page

if TYPE_CHECKING:
    from authlib.integrations.starlette_client import StarletteOAuth2App

router = APIRouter(include_in_schema=False)
ALGORITHMS = ["RS256", "RS384", "RS512", "PS256", "PS384", "PS512", "ES256", "ES384", "ES512", "EdDSA"]
FLOW_SECONDS = 600  # from the beginning of a sign-in or sign-out to its end
SECONDS = 10.0  # longest time for one reply
KNOWN_SECONDS = 3600.0  # how long what the issuer says of itself is kept
KEYS_SECONDS = 30.0  # between two looks for a key that is not known: anybody may send a token
LEEWAY = 60  # seconds by which clocks may differ
EVENT = "http://schemas.openid.net/event/backchannel-logout"
ENDED_SECONDS = 600  # how old the word of a session's end may be
MAX_HINT = 6000  # characters of an ID token that still fit into an address
_NEEDED = ("authorization_endpoint", "token_endpoint", "jwks_uri")
_NAMES = ("name", "preferred_username", "email", "sub")
Said = Annotated[str, Query(max_length=4000)]


class Refused(Exception):
    """What came back is no sign-in of ours: of another, expired, or not signed by the issuer."""


class FlowSession:
    """Starlette's session for what this browser has begun at the provider: signed, for ten minutes, only below sign-in.

    It comes along when the provider leads back, so it is `lax`; our own session's cookie stays `strict`.
    """

    def __init__(self, app: ASGIApp, key: bytes, settings: Settings) -> None:
        self._app, self._proxies = app, settings.proxy_networks()
        self._with = {
            secure: SessionMiddleware(
                app,
                secret_key=key.hex(),
                session_cookie="strategielotse_sign_in",
                max_age=FLOW_SECONDS,
                path=SIGN_IN,
                same_site="lax",
                https_only=secure,
            )
            for secure in (False, True)
        }

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Handle one connection (ASGI)."""
        if scope["type"] != "http" or not scope["path"].startswith((SIGN_IN, SIGN_OUT)):
            await self._app(scope, receive, send)
            return
        secure = (forwarded_scheme(scope, self._proxies) or scope["scheme"]) == "https"
        await self._with[secure](scope, receive, send)


class Accounts:
    """The issuer of the settings, as Authlib's client knows it; `clock` says how many seconds have passed."""

    def __init__(self, settings: Settings, clock: Callable[[], float] = time.monotonic) -> None:
        self._settings, self._clock = settings, clock
        self._client: StarletteOAuth2App | None = None
        self._known_until = 0.0
        self._looked = float("-inf")  # when a key that is not known was last looked for

    async def client(self) -> StarletteOAuth2App:
        """Return the client with what the issuer says of itself, asked anew each hour; it has to be the issuer."""
        if self._client is not None and self._clock() < self._known_until:
            return self._client
        client = _client_of(self._settings)
        said = await client.load_server_metadata()
        if said.get("issuer") != self._settings.oidc_issuer or not all(
            isinstance(said.get(one), str) for one in _NEEDED
        ):
            raise ValueError("metadata")
        said["id_token_signing_alg_values_supported"] = ALGORITHMS
        self._client, self._known_until = client, self._clock() + KNOWN_SECONDS
        return client

    async def claims(self, request: Request) -> tuple[Mapping[str, Any], str]:
        """Return what the issuer says of who came back, and the ID token that says it."""
        client, expected = await self.client(), self._settings.oidc_client_id
        options = {"iss": {"essential": True, "value": self._settings.oidc_issuer},
                   "aud": {"essential": True, "value": expected}, "nonce": {"essential": True}}  # fmt: skip
        token = await client.authorize_access_token(request, claims_options=options, leeway=LEEWAY)
        claims: Mapping[str, Any] | None = token.get("userinfo")
        if not claims or not claims.get("sub"):
            raise Refused("token")
        if _found(claims, self._settings.oidc_claim) is None and "userinfo_endpoint" in client.server_metadata:
            more = await client.userinfo(token=token)  # some keep groups out of the token
            claims = {**more, **claims} if more.get("sub") == claims["sub"] else claims
        return claims, str(token["id_token"])

    async def ended(self, logout_token: str) -> tuple[str, str]:
        """Return person (`sub`) and session (`sid`) that the issuer says to have ended, "" for what it leaves out."""
        from joserfc import jwt

        claims = await self._decoded(logout_token)
        jwt.JWTClaimsRegistry(
            None,
            LEEWAY,
            iss={"essential": True, "value": self._settings.oidc_issuer or ""},
            aud={"essential": True, "value": self._settings.oidc_client_id or ""},
            iat={"essential": True},
        ).validate(claims)
        events, subject, sid = claims.get("events"), claims.get("sub", ""), claims.get("sid", "")
        told = isinstance(events, Mapping) and isinstance(events.get(EVENT), Mapping) and "nonce" not in claims
        named = isinstance(subject, str) and isinstance(sid, str) and bool(subject or sid)
        if not told or not named or claims["iat"] < time.time() - ENDED_SECONDS:
            raise Refused("logout")
        return subject, sid

    async def _decoded(self, token: str) -> dict[str, Any]:
        """Return what a token with a good signature says; for a key that is not known all are fetched, but seldom."""
        from joserfc import jws, jwt
        from joserfc.jwk import KeySet

        try:
            kid = jws.extract_compact(token.encode()).headers().get("kid")
        except ValueError:
            raise Refused("no token") from None
        client = await self.client()
        keys = KeySet.import_key_set(await client.fetch_jwk_set())
        if all(key.kid != kid for key in keys) and self._clock() >= self._looked + KEYS_SECONDS:
            self._looked = self._clock()
            keys = KeySet.import_key_set(await client.fetch_jwk_set(force=True))
        return jwt.decode(token, keys, algorithms=ALGORITHMS).claims

    def role(self, claims: Mapping[str, Any]) -> int | None:
        """Return the highest role of somebody's groups (a number of `roles.Role`), None where they have none."""
        found = _found(claims, self._settings.oidc_claim)
        groups = {found} if isinstance(found, str) else set(map(str, found)) if isinstance(found, list) else set()
        given = [one.rpartition("=") for one in self._settings.oidc_roles]
        return max((1 + ROLES.index(role) for group, _, role in given if group in groups), default=None)


@router.get(ACCOUNT)
async def begin(request: Request, settings: SettingsDep, wanted: Onward = STAFF) -> Response:
    """Lead to the sign-in service."""
    accounts = _of(request, settings)
    with _provider():
        client = await accounts.client()
        led: Response = await client.authorize_redirect(request, _here(request, settings, CALLBACK))
    request.session["next"] = onward(wanted)
    led.status_code = 303
    return led


@router.get(CALLBACK)
async def back(request: Request, settings: SettingsDep, log: AuditDep, iss: Said = "") -> Response:
    """Open a session for who comes back from the sign-in service.

    The page that follows leads on by itself: on a redirect that another site began, browsers would not send the cookie.
    """
    accounts = _of(request, settings)
    failures, client = door_of(request).failures, single_client(request.scope, settings.proxy_networks())
    failures.require_turn(client)
    try:
        with _provider():
            if iss not in ("", settings.oidc_issuer):
                raise Refused("issuer")
            claims, id_token = await accounts.claims(request)
    except Refused:
        await failures.note(client)
        raise ProblemError("staff-sign-in-failed") from None
    role, name = accounts.role(claims), name_of(claims)
    if role is None:
        raise ProblemError("staff-no-role")
    failures.forget(client)
    wanted = onward(request.session.pop("next", STAFF))
    response = plain_page("staff_signed_in.html", 200, wanted=wanted, name=name, role=Role(role))
    account = Account(str(claims["sub"]), str(claims.get("sid") or ""), id_token)
    await enter(request, response, settings, log, name, Role(role), "account", account)
    return response


async def leave(request: Request, settings: Settings, account: Account) -> Response | None:
    """Return the page that leads to the end of the session at the sign-in service; None where there is no such place.

    A page and no redirect: browsers take a form's redirect to another site for a form sent there, which is forbidden.
    """
    hint = account.id_token if len(account.id_token) <= MAX_HINT else None
    try:
        with _provider():
            client = await _of(request, settings).client()
            if "end_session_endpoint" not in client.server_metadata:
                return None
            led = await client.logout_redirect(
                request, _here(request, settings, LEFT), hint, client_id=settings.oidc_client_id
            )
    except (ProblemError, Refused):
        return None
    return plain_page("staff_signing_out.html", 200, address=led.headers["location"])


@router.get(LEFT)
async def left(request: Request, settings: SettingsDep) -> Response:
    """Say that the session has ended at the sign-in service too, where it leads back what this browser began."""
    accounts = _of(request, settings)
    try:
        with _provider():
            await (await accounts.client()).validate_logout_response(request)
    except (ProblemError, Refused):
        return RedirectResponse(f"{SIGN_IN}?left=true", 303)
    return sign_in_page(settings, STAFF, left="everywhere")


@router.post(ENDED)
async def ended(
    request: Request, settings: SettingsDep, log: AuditDep, logout_token: Annotated[str, Form(max_length=20_000)]
) -> Response:
    """End the sessions that the sign-in service says to have ended (OpenID Connect Back-Channel Logout 1.0)."""
    accounts, door = _of(request, settings), door_of(request)
    client = single_client(request.scope, settings.proxy_networks())
    door.failures.require_turn(client)
    try:
        with _provider():
            subject, sid = await accounts.ended(logout_token)
    except Refused:
        await door.failures.note(client)
        return JSONResponse({"error": "invalid_request"}, 400)
    for gone in await to_thread.run_sync(door.sessions.end_account, subject, sid, time.time()):
        await note(log, gone.name, Role(gone.role), "signed out", "account")
    return Response(status_code=200)


def name_of(claims: Mapping[str, Any]) -> str:
    """Return what somebody is called, as the issuer says it."""
    return next((" ".join(str(claims[one]).split()) for one in _NAMES if str(claims.get(one) or "").strip()), "")[:200]


def _client_of(settings: Settings) -> StarletteOAuth2App:
    from authlib.integrations.starlette_client import OAuth

    issuer, secret = settings.oidc_issuer or "", settings.oidc_client_secret
    client: StarletteOAuth2App = OAuth().register(
        "staff",
        server_metadata_url=f"{issuer.rstrip('/')}/.well-known/openid-configuration",
        client_id=settings.oidc_client_id,
        client_secret=quote_plus(secret.get_secret_value()) if secret else None,  # RFC 6749, 2.3.1
        client_kwargs={
            "scope": " ".join(settings.oidc_scopes),
            "code_challenge_method": "S256",
            "token_endpoint_auth_method": "client_secret_basic" if secret else "none",
            "timeout": SECONDS,
        },
    )
    return client


@contextmanager
def _provider() -> Iterator[None]:
    """Turn what goes wrong with the provider into the problem staff-provider-away, or `Refused` where it says no."""
    import httpx2
    from authlib.integrations.starlette_client import OAuthError
    from joserfc.errors import JoseError

    try:
        yield
    except (OAuthError, JoseError) as error:
        raise Refused(type(error).__name__) from None
    except (httpx2.HTTPError, httpx2.InvalidURL, ValueError, KeyError, TypeError, RuntimeError):
        raise ProblemError("staff-provider-away", headers={"Retry-After": "30"}) from None


def _found(claims: Mapping[str, Any], path: str) -> Any:
    """Return the claim of this name, else that below the names that its dots part."""
    if path in claims:
        return claims[path]
    found: Any = claims
    for step in path.split("."):
        found = found.get(step) if isinstance(found, Mapping) else None
    return found


def _of(request: Request, settings: Settings) -> Accounts:
    if settings.staff_access != "oidc":
        raise ProblemError("not-found")
    accounts: Accounts = request.app.state.accounts
    return accounts


def _here(request: Request, settings: Settings, path: str) -> str:
    return base_url(request, settings.proxy_networks()) + path
