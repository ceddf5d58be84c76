"""Sign-in with the county's accounts by OpenID Connect (Authlib): the provider's claims about a
person, and their role.

Each token is checked (issuer, audience, time, nonce, signature); claims are never logged.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any
from urllib.parse import quote_plus

from fastapi import Request

from service import ROLES_BY_WORD, Role, Settings
from service.records import ProblemError
from service.web.http import RETRY_LATER
from vectorstore.language import collapse_spaces

if TYPE_CHECKING:
    from authlib.integrations.starlette_client import StarletteOAuth2App

ALGORITHMS = [
    "RS256",
    "RS384",
    "RS512",
    "PS256",
    "PS384",
    "PS512",
    "ES256",
    "ES384",
    "ES512",
    "EdDSA",
]
SECONDS = 10.0  # timeout of one request to the provider
LEEWAY = 60  # seconds by which clocks may differ
_GROUPS_SCOPE = "groups"  # scope requested if the provider supports it: some send groups only then
_REQUIRED_METADATA = ("authorization_endpoint", "token_endpoint", "jwks_uri")
_NAME_CLAIMS = ("name", "preferred_username", "email", "sub")


class AccountRefused(Exception):
    """The provider's reply is no valid sign-in: for another client, expired, or not signed by the
    issuer.
    """


class Accounts:
    """The OpenID Connect provider that the settings name."""

    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        self._client: StarletteOAuth2App | None = None

    async def client(self) -> StarletteOAuth2App:
        """Return Authlib's client with the provider's metadata, which are loaded by the first call.

        ID tokens are checked with ALGORITHMS, whatever the provider lists. Raises ValueError if the
        metadata are of another issuer, or lack an address that sign-in needs.
        """
        if self._client is not None:
            return self._client
        client = _make_client(self._settings)
        metadata = await client.load_server_metadata()
        is_complete = all(isinstance(metadata.get(name), str) for name in _REQUIRED_METADATA)
        if metadata.get("issuer") != self._settings.oidc_issuer or not is_complete:
            raise ValueError("metadata")
        metadata["id_token_signing_alg_values_supported"] = ALGORITHMS
        if _GROUPS_SCOPE in metadata.get("scopes_supported", ()):
            client.client_kwargs["scope"] += f" {_GROUPS_SCOPE}"
        self._client = client
        return client

    async def claims(self, request: Request) -> Mapping[str, Any]:
        """Return the claims about the person whom the provider sends back by this request.

        The token has to name our issuer, this service as audience, and the nonce of this sign-in.
        If the claim with the groups is missing, it is looked for at the provider's userinfo
        address; an answer about another person (`sub`) is ignored. Where token and userinfo differ,
        the token counts. Raises AccountRefused, and errors that `convert_failures` converts.
        """
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
        # Some providers leave groups out of the token.
        is_incomplete = _find_claim(claims, settings.oidc_claim) is None
        if is_incomplete and "userinfo_endpoint" in client.server_metadata:
            userinfo = await client.userinfo(token=token)
            if userinfo.get("sub") == claims["sub"]:
                return {**userinfo, **claims}
        return claims

    def role(self, claims: Mapping[str, Any]) -> Role | None:
        """Return the highest role that a person's groups give, None if they give none.

        The claim with the groups is a list, or a text if there is only one group. A setting pairs a
        group with a role ("GROUP=reader"). It is split at its last "=", since a group's name may
        have one.
        """
        value = _find_claim(claims, self._settings.oidc_claim)
        groups = set[str]()
        if isinstance(value, str):
            groups = {value}
        elif isinstance(value, list):
            groups = set(map(str, value))
        group_roles = [pair.rpartition("=") for pair in self._settings.oidc_roles]
        return max(
            (ROLES_BY_WORD[word] for group, _, word in group_roles if group in groups), default=None
        )


@contextmanager
def convert_failures() -> Iterator[None]:
    """Turn errors within the block into ours.

    If the provider rejected the sign-in, or its token is wrong, AccountRefused is raised. Other
    failures, such as no connection or useless metadata, become the problem staff-provider-away.
    """
    import httpx2
    from authlib.integrations.starlette_client import OAuthError
    from joserfc.errors import JoseError

    try:
        yield
    except (OAuthError, JoseError) as error:
        raise AccountRefused(type(error).__name__) from None
    except (httpx2.HTTPError, httpx2.InvalidURL, ValueError, KeyError, TypeError, RuntimeError):
        raise ProblemError("staff-provider-away", headers=RETRY_LATER) from None


def person_name(claims: Mapping[str, Any]) -> str:
    """Return a person's name: the first claim of _NAME_CLAIMS that is not empty, "" if all are.

    Names are cut to 200 characters, which every database column for them can hold.
    """
    for claim in _NAME_CLAIMS:
        name = collapse_spaces(str(claims.get(claim) or ""))
        if name:
            return name[:200]
    return ""


def _make_client(settings: Settings) -> StarletteOAuth2App:
    """Return Authlib's client, which signs people in with PKCE (S256).

    Without a secret in the settings it is a public client, which names itself to the provider but
    cannot prove who it is.
    """
    from authlib.integrations.starlette_client import OAuth

    issuer, secret = settings.oidc_issuer or "", settings.oidc_client_secret
    client: StarletteOAuth2App = OAuth().register(
        "staff",
        server_metadata_url=f"{issuer.rstrip('/')}/.well-known/openid-configuration",
        client_id=settings.oidc_client_id,
        client_secret=quote_plus(secret.get_secret_value()) if secret else None,  # RFC 6749, 2.3.1
        client_kwargs={
            "scope": "openid profile",
            "code_challenge_method": "S256",
            "timeout": SECONDS,
            "token_endpoint_auth_method": "client_secret_basic" if secret else "none",
        },
    )
    return client


def _find_claim(claims: Mapping[str, Any], path: str) -> Any:
    """Return a claim by its name or, if no claim has this name, by a dotted path; None for neither.

    The path "realm_access.roles" leads to the claim `roles` within `realm_access`. The whole text
    is tried as a name first, since names may have dots themselves ("https://example.org/groups").
    """
    if path in claims:
        return claims[path]
    value: Any = claims
    for part in path.split("."):
        if not isinstance(value, Mapping):
            return None
        value = value.get(part)
    return value
