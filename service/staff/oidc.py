"""Accounts of the administration by OpenID Connect: authorization code with PKCE, state and nonce; joserfc checks.

What signs people in runs elsewhere. Its address, keys and replies are checked here: issuer, audience, time, nonce,
signature. Nothing that it says is logged.
"""

from __future__ import annotations

import asyncio
import secrets
import time
from base64 import b64encode, urlsafe_b64encode
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from hashlib import sha256
from typing import TYPE_CHECKING, Any
from urllib.parse import quote_plus, urlencode

from service.settings import ROLES, Settings

if TYPE_CHECKING:
    from joserfc.jwk import KeySet
    from joserfc.jwt import ClaimsOption

ALGORITHMS = ["RS256", "RS384", "RS512", "PS256", "PS384", "PS512", "ES256", "ES384", "ES512", "EdDSA"]
SECONDS = 10.0  # longest time for one reply
KNOWN_SECONDS = 3600.0  # how long what the issuer says of itself is kept
KEYS_SECONDS = 30.0  # between two looks for a key that is not known
LEEWAY = 60  # seconds by which clocks may differ
ENDED = "http://schemas.openid.net/event/backchannel-logout"
ENDED_SECONDS = 600  # how old the word of a session's end may be
MAX_HINT = 6000  # characters of an ID token that still fit into an address
_NEEDED = ("authorization_endpoint", "token_endpoint", "jwks_uri")
_NAMES = ("name", "preferred_username", "email", "sub")


class ProviderAway(Exception):
    """The issuer cannot be reached, or what it says of itself cannot be used."""


class Refused(Exception):
    """What came back is no sign-in of ours: of another, expired, or not signed by the issuer."""


@dataclass(frozen=True, slots=True)
class Flow:
    """A sign-in that has begun: what its end is compared with."""

    state: str
    nonce: str
    verifier: str

    @classmethod
    def new(cls) -> Flow:
        """Return one with fresh random values."""
        return cls(secrets.token_urlsafe(32), secrets.token_urlsafe(32), secrets.token_urlsafe(48))


@dataclass(frozen=True, slots=True)
class Identity:
    """Who came back from the issuer: what it says of them, and the token that says it."""

    claims: Mapping[str, Any]
    id_token: str


class Accounts:
    """Signs people in at the issuer of the settings; `clock` says how many seconds have passed since some moment."""

    def __init__(self, settings: Settings, clock: Callable[[], float] = time.monotonic) -> None:
        self._settings = settings
        self._issuer = settings.oidc_issuer or ""
        self._said: tuple[float, dict[str, Any]] | None = None
        self._clock = clock
        self._keys: tuple[float, KeySet] | None = None
        self._looked = float("-inf")  # when a key that is not known was last looked for
        self._fetching = asyncio.Lock()

    async def address(self, flow: Flow, redirect: str) -> str:
        """Return where a browser signs in; raises ProviderAway."""
        said = await self._metadata()
        digest = sha256(flow.verifier.encode()).digest()
        asked = {
            "response_type": "code",
            "client_id": self._settings.oidc_client_id or "",
            "redirect_uri": redirect,
            "scope": " ".join(self._settings.oidc_scopes),
            "state": flow.state,
            "nonce": flow.nonce,
            "code_challenge": urlsafe_b64encode(digest).decode().rstrip("="),
            "code_challenge_method": "S256",
        }
        place = str(said["authorization_endpoint"])
        return f"{place}{'&' if '?' in place else '?'}{urlencode(asked)}"

    async def identity(self, flow: Flow, redirect: str, code: str) -> Identity:
        """Return who signed in as the issuer says; raises ProviderAway, or Refused where it does not fit."""
        said = await self._metadata()
        token = await self._token(said, flow, redirect, code)
        id_token = str(token["id_token"])
        claims = await self._checked(said, id_token, flow.nonce)
        if _found(claims, self._settings.oidc_claim) is None and "userinfo_endpoint" in said:
            claims = await self._completed(said, claims, str(token.get("access_token", "")))
        return Identity(claims, id_token)

    async def end_address(self, id_token: str, back: str, state: str) -> str | None:
        """Return where a browser ends its session at the issuer and is led `back`; None where it has no such place.

        Raises ProviderAway.
        """
        place = (await self._metadata()).get("end_session_endpoint")
        if not isinstance(place, str) or not place.startswith(("https://", "http://")):
            return None
        asked = {
            "client_id": self._settings.oidc_client_id or "",
            "post_logout_redirect_uri": back,
            "state": state,
        }
        if len(id_token) <= MAX_HINT:
            asked["id_token_hint"] = id_token
        return f"{place}{'&' if '?' in place else '?'}{urlencode(asked)}"

    async def ended(self, logout_token: str) -> tuple[str, str]:
        """Return person (`sub`) and session (`sid`) that the issuer says to have ended, "" for what it leaves out.

        Raises ProviderAway, or Refused where the word is not the issuer's, not for us, old, or no such word.
        """
        token = await self._trusted(await self._metadata(), logout_token, {"iat": {"essential": True}})
        events, subject, sid = token.get("events"), token.get("sub", ""), token.get("sid", "")
        told = isinstance(events, Mapping) and isinstance(events.get(ENDED), Mapping) and "nonce" not in token
        named = isinstance(subject, str) and isinstance(sid, str) and bool(subject or sid)
        if not told or not named or token["iat"] < time.time() - ENDED_SECONDS:
            raise Refused("logout")
        return subject, sid

    def role(self, claims: Mapping[str, Any]) -> int | None:
        """Return the highest role of somebody's groups (a number of `roles.Role`), None where they have none."""
        found = _found(claims, self._settings.oidc_claim)
        groups = {found} if isinstance(found, str) else set(map(str, found)) if isinstance(found, list) else set()
        given = [one.rpartition("=") for one in self._settings.oidc_roles]
        return max((1 + ROLES.index(role) for group, _, role in given if group in groups), default=None)

    async def _token(self, said: Mapping[str, Any], flow: Flow, redirect: str, code: str) -> Mapping[str, Any]:
        form = {
            "grant_type": "authorization_code",
            "code": code,
            "redirect_uri": redirect,
            "code_verifier": flow.verifier,
            "client_id": self._settings.oidc_client_id or "",
        }
        status, token = await self._json(said["token_endpoint"], self._credentials(), form)
        if status >= 500:
            raise ProviderAway("token")
        if status != 200 or not isinstance(token.get("id_token"), str):
            raise Refused("token")
        return token

    def _credentials(self) -> dict[str, str]:
        """Return the header by which this service shows who it is (RFC 6749, 2.3.1); nothing for a public client."""
        secret = self._settings.oidc_client_secret
        if secret is None:
            return {}
        pair = (self._settings.oidc_client_id or "", secret.get_secret_value())
        return {"Authorization": "Basic " + b64encode(":".join(map(quote_plus, pair)).encode()).decode()}

    async def _checked(self, said: Mapping[str, Any], id_token: str, nonce: str) -> Mapping[str, Any]:
        """Return the claims of an ID token that is the issuer's, for us, of now and of this sign-in."""
        wanted: dict[str, ClaimsOption] = {name: {"essential": True} for name in ("sub", "exp", "iat")}
        token = await self._trusted(said, id_token, {**wanted, "nonce": {"essential": True, "value": nonce}})
        audience = token["aud"]
        if isinstance(audience, list) and len(audience) > 1 and token.get("azp") != self._settings.oidc_client_id:
            raise Refused("azp")
        return token

    async def _trusted(self, said: Mapping[str, Any], token: str, wanted: Mapping[str, ClaimsOption]) -> dict[str, Any]:
        """Return the claims of a token that the issuer signed for us and that has what is `wanted`."""
        from joserfc import jwt
        from joserfc.errors import JoseError

        issuer: ClaimsOption = {"essential": True, "value": self._issuer}
        audience: ClaimsOption = {"essential": True, "value": self._settings.oidc_client_id or ""}
        wanted = {**wanted, "iss": issuer, "aud": audience}
        try:
            claims = await self._decoded(said, token)
            jwt.JWTClaimsRegistry(None, LEEWAY, **wanted).validate(claims)
        except (JoseError, ValueError) as error:
            raise Refused(type(error).__name__) from None
        return claims

    async def _decoded(self, said: Mapping[str, Any], token: str) -> dict[str, Any]:
        """Return what a token with a good signature says; for what is no token at all nothing is fetched."""
        from joserfc import jws, jwt

        kid = jws.extract_compact(token.encode()).headers().get("kid")
        keys = await self._known_keys(said["jwks_uri"], kid)
        return jwt.decode(token, keys, algorithms=ALGORITHMS).claims

    async def _known_keys(self, url: str, kid: object) -> KeySet:
        """Return the issuer's keys: fetched anew after an hour, or where none is called `kid`.

        The latter at most once in KEYS_SECONDS, for anybody may send a token. The old are kept until the new are there.
        """
        async with self._fetching:
            now, kept = self._clock(), self._keys
            if kept is not None and now < kept[0]:
                if any(key.kid == kid for key in kept[1]) or now < self._looked + KEYS_SECONDS:
                    return kept[1]
                self._looked = now
            keys = await self._fetched_keys(url)
            self._keys = (now + KNOWN_SECONDS, keys)
            return keys

    async def _fetched_keys(self, url: str) -> KeySet:
        from joserfc.errors import JoseError
        from joserfc.jwk import KeySet

        try:
            return KeySet.import_key_set((await self._json(url))[1])  # type: ignore[arg-type]
        except (JoseError, KeyError, TypeError, ValueError) as error:
            raise ProviderAway(type(error).__name__) from None

    async def _completed(self, said: Mapping[str, Any], claims: Mapping[str, Any], access: str) -> Mapping[str, Any]:
        """Add what the issuer tells of the same person where it is asked, as some keep groups out of the token."""
        status, more = await self._json(said["userinfo_endpoint"], {"Authorization": f"Bearer {access}"})
        if status != 200 or more.get("sub") != claims["sub"]:
            return claims
        return {**more, **claims}

    async def _metadata(self) -> dict[str, Any]:
        if self._said is not None and self._clock() < self._said[0]:
            return self._said[1]
        status, said = await self._json(f"{self._issuer.rstrip('/')}/.well-known/openid-configuration")
        usable = status == 200 and all(isinstance(said.get(name), str) for name in _NEEDED)
        if not usable or said.get("issuer") != self._issuer:
            raise ProviderAway("metadata")
        self._said = (self._clock() + KNOWN_SECONDS, said)
        return said

    async def _json(
        self, url: str, headers: Mapping[str, str] | None = None, form: Mapping[str, str] | None = None
    ) -> tuple[int, dict[str, Any]]:
        """Return status and object of a reply; a `form` is posted. Redirects are not followed."""
        import httpx

        try:
            async with httpx.AsyncClient(timeout=SECONDS) as client:
                response = await client.request("POST" if form else "GET", url, headers=headers, data=form)
            said = response.json()
        except (httpx.HTTPError, httpx.InvalidURL, ValueError) as error:
            raise ProviderAway(type(error).__name__) from None
        if not isinstance(said, dict):
            raise ProviderAway("no object")
        return response.status_code, said


def name_of(claims: Mapping[str, Any]) -> str:
    """Return what somebody is called, as the issuer says it."""
    return next((" ".join(str(claims[one]).split()) for one in _NAMES if str(claims.get(one) or "").strip()), "")[:200]


def _found(claims: Mapping[str, Any], path: str) -> Any:
    """Return the claim of this name, else that below the names that its dots part."""
    if path in claims:
        return claims[path]
    found: Any = claims
    for step in path.split("."):
        found = found.get(step) if isinstance(found, Mapping) else None
    return found
