"""Accounts of the administration by OpenID Connect, through Authlib: the provider's claims of who comes back.

All of it is checked (issuer, audience, time, nonce, signature) and never logged.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any
from urllib.parse import quote_plus

from fastapi import Request

from service.http.problems import ProblemError
from service.settings import ROLES, Settings

if TYPE_CHECKING:
    from authlib.integrations.starlette_client import StarletteOAuth2App

ALGORITHMS = ["RS256", "RS384", "RS512", "PS256", "PS384", "PS512", "ES256", "ES384", "ES512", "EdDSA"]
SECONDS = 10.0  # longest time for one reply
LEEWAY = 60  # seconds by which clocks may differ
_GROUPS = "groups"  # asked for too where the provider offers it: some give groups only then
_NEEDED = ("authorization_endpoint", "token_endpoint", "jwks_uri")
_NAMES = ("name", "preferred_username", "email", "sub")


class AccountRefused(Exception):
    """What came back is no sign-in of ours: of another, expired, or not signed by the issuer."""


class Accounts:
    """The issuer of the settings, as Authlib's client knows it."""

    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        self._client: StarletteOAuth2App | None = None

    async def client(self) -> StarletteOAuth2App:
        """Return the client with the issuer's metadata, asked for once; it has to be the issuer."""
        if self._client is not None:
            return self._client
        client = _make_client(self._settings)
        metadata = await client.load_server_metadata()
        is_whole = all(isinstance(metadata.get(name), str) for name in _NEEDED)
        if metadata.get("issuer") != self._settings.oidc_issuer or not is_whole:
            raise ValueError("metadata")
        metadata["id_token_signing_alg_values_supported"] = ALGORITHMS
        if _GROUPS in metadata.get("scopes_supported", ()):
            client.client_kwargs["scope"] += f" {_GROUPS}"
        self._client = client
        return client

    async def claims(self, request: Request) -> Mapping[str, Any]:
        """Return the issuer's claims of who came back."""
        client, settings = await self.client(), self._settings
        expected: dict[str, Any] = {
            "iss": {"essential": True, "value": settings.oidc_issuer},
            "aud": {"essential": True, "value": settings.oidc_client_id},
            "nonce": {"essential": True},
        }
        token = await client.authorize_access_token(request, claims_options=expected, leeway=LEEWAY)
        claims: Mapping[str, Any] | None = token.get("userinfo")
        if not claims or not claims.get("sub"):
            raise AccountRefused("token")
        if _find_claim(claims, settings.oidc_claim) is None and "userinfo_endpoint" in client.server_metadata:
            more = await client.userinfo(token=token)  # some leave groups out of the token
            claims = {**more, **claims} if more.get("sub") == claims["sub"] else claims
        return claims

    def role(self, claims: Mapping[str, Any]) -> int | None:
        """Return the highest role of somebody's groups (a number of `roles.Role`), None where they have none."""
        result = _find_claim(claims, self._settings.oidc_claim)
        groups = {result} if isinstance(result, str) else set(map(str, result)) if isinstance(result, list) else set()
        given = [pair.rpartition("=") for pair in self._settings.oidc_roles]
        return max((1 + ROLES.index(role) for group, _, role in given if group in groups), default=None)


@contextmanager
def convert_failures() -> Iterator[None]:
    """Turn failures of the provider into the problem staff-provider-away, or `Refused` where it says no."""
    import httpx2
    from authlib.integrations.starlette_client import OAuthError
    from joserfc.errors import JoseError

    try:
        yield
    except (OAuthError, JoseError) as error:
        raise AccountRefused(type(error).__name__) from None
    except (httpx2.HTTPError, httpx2.InvalidURL, ValueError, KeyError, TypeError, RuntimeError):
        raise ProblemError("staff-provider-away", headers={"Retry-After": "30"}) from None


def name_of(claims: Mapping[str, Any]) -> str:
    """Return somebody's name, as the issuer gives it."""
    names = (" ".join(str(claims.get(name) or "").split()) for name in _NAMES)
    return next(filter(None, names), "")[:200]


def _make_client(settings: Settings) -> StarletteOAuth2App:
    from authlib.integrations.starlette_client import OAuth

    issuer, secret = settings.oidc_issuer or "", settings.oidc_client_secret
    client: StarletteOAuth2App = OAuth().register(
        "staff",
        server_metadata_url=f"{issuer.rstrip('/')}/.well-known/openid-configuration",
        client_id=settings.oidc_client_id,
        client_secret=quote_plus(secret.get_secret_value()) if secret else None,  # RFC 6749, 2.3.1
        client_kwargs={
            "scope": "openid profile", "code_challenge_method": "S256", "timeout": SECONDS,
            "token_endpoint_auth_method": "client_secret_basic" if secret else "none",
        },
    )  # fmt: skip
    return client


def _find_claim(claims: Mapping[str, Any], path: str) -> Any:
    """The claim of this name, else that below the names that its dots divide."""
    if path in claims:
        return claims[path]
    result: Any = claims
    for step in path.split("."):
        result = result.get(step) if isinstance(result, Mapping) else None
    return result
