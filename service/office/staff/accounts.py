"""Sign-in with the county's accounts by OpenID Connect (Authlib): the provider's claims about a
person, and their role.

Each token is checked (issuer, audience, time, nonce, signature); claims are never logged.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any
from urllib.parse import quote_plus

from fastapi import Request, Response

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
SCOPE = "openid profile"
GROUPS_SCOPE = "groups"  # scope requested if the provider supports it: some send groups only then
_NAME_CLAIMS = ("name", "preferred_username", "email", "sub")


class Accounts:
    """The OpenID Connect provider that the settings name.

    Methods that ask it raise the problem staff-sign-in-failed if it rejected the sign-in or its
    token is wrong, staff-provider-away if it cannot be reached or its metadata are useless.
    """

    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        self._client = _make_client(settings)

    async def redirect(self, request: Request, callback: str) -> Response:
        """Return the redirect to the provider, which leads back to the address `callback`."""
        with _convert_failures():
            metadata = await self._metadata()
            scope = SCOPE
            if GROUPS_SCOPE in metadata.get("scopes_supported", ()):
                scope += f" {GROUPS_SCOPE}"
            redirect: Response = await self._client.authorize_redirect(
                request, callback, scope=scope
            )
        return redirect

    async def claims(self, request: Request) -> Mapping[str, Any]:
        """Return the claims about the person whom the provider sends back by this request.

        Authlib checks state, signature, times and nonce; the token also has to name our issuer and
        this service as audience. If the claim with the groups is missing, it is looked for at the
        provider's userinfo address; an answer about another person (`sub`) is ignored. Where token
        and userinfo differ, the token counts.
        """
        client, settings = self._client, self._settings
        expected = {
            "iss": {"value": settings.oidc_issuer},
            "aud": {"value": settings.oidc_client_id},
        }
        with _convert_failures():
            metadata = await self._metadata()
            token = await client.authorize_access_token(
                request, claims_options=expected, leeway=LEEWAY
            )
            claims: Mapping[str, Any] = token["userinfo"]
            # Some providers leave groups out of the token.
            is_incomplete = _find_claim(claims, settings.oidc_claim) is None
            if is_incomplete and "userinfo_endpoint" in metadata:
                userinfo = await client.userinfo(token=token)
                if userinfo.get("sub") == claims["sub"]:
                    return {**userinfo, **claims}
        return claims

    async def sign_out_address(self, request: Request, back: str) -> str:
        """Return the address that ends the provider's session and leads back to `back`.

        Raises the problem staff-provider-away if the provider has none.
        """
        with _convert_failures():
            await self._metadata()
            redirect = await self._client.logout_redirect(
                request, back, client_id=self._settings.oidc_client_id
            )
        return str(redirect.headers["location"])

    async def _metadata(self) -> Mapping[str, Any]:
        """Return the provider's metadata, which Authlib loads once.

        ID tokens are checked with ALGORITHMS, whatever the provider lists. Raises ValueError if the
        metadata are of another issuer.
        """
        metadata: dict[str, Any] = await self._client.load_server_metadata()
        if metadata.get("issuer") != self._settings.oidc_issuer:
            raise ValueError("issuer")
        metadata["id_token_signing_alg_values_supported"] = ALGORITHMS
        return metadata

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
def _convert_failures() -> Iterator[None]:
    """Turn errors of Authlib and of requests to the provider within the block into problems."""
    import httpx2
    from authlib.integrations.starlette_client import OAuthError
    from joserfc.errors import JoseError

    try:
        yield
    except (OAuthError, JoseError):
        raise ProblemError("staff-sign-in-failed") from None
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
            "scope": SCOPE,
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
