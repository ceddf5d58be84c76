"""An OpenID Connect provider on loopback that can be told to lie; it checks PKCE and secret as real
ones do.
"""

from __future__ import annotations

import base64
import hashlib
import secrets
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import quote_plus, urlencode

from joserfc import jwt
from joserfc.jwk import KeySet, RSAKey
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, RedirectResponse, Response
from starlette.routing import Route

from tests.service.running import running

CLIENT, SECRET = "strategielotse", "geheim:ä"


@dataclass
class Provider:
    """What it says of whoever signs in; `token` overrides claims of the ID token, None leaves one
    out.
    """

    claims: dict[str, Any]
    token: dict[str, Any] = field(default_factory=dict)
    userinfo: dict[str, Any] = field(default_factory=dict)
    issuer: str = ""
    said_issuer: str | None = None
    signs_with: RSAKey | None = None
    down: bool = False
    ends_sessions: bool = True
    scopes: list[str] | None = None
    left: list[dict[str, str]] = field(default_factory=list)
    codes: dict[str, dict[str, str]] = field(default_factory=dict)
    key: RSAKey = field(
        default_factory=lambda: RSAKey.generate_key(2048, {"kid": secrets.token_hex(4)})
    )

    def app(self) -> Starlette:
        """Return its endpoints."""
        paths = {
            "/.well-known/openid-configuration": self._metadata, "/keys": self._keys, "/authorize": self._authorize,
            "/token": self._token, "/userinfo": self._userinfo, "/end": self._end,
        }  # fmt: skip
        return Starlette(
            routes=[Route(path, end, methods=["GET", "POST"]) for path, end in paths.items()]
        )

    async def _metadata(self, request: Request) -> Response:
        if self.down:
            return Response(status_code=500)
        ends = {"authorization_endpoint": "authorize", "token_endpoint": "token", "jwks_uri": "keys",
                "userinfo_endpoint": "userinfo", "end_session_endpoint": "end"}  # fmt: skip
        if not self.ends_sessions:
            del ends["end_session_endpoint"]
        places = {name: f"{self.issuer}/{path}" for name, path in ends.items()}
        offered = {"scopes_supported": self.scopes} if self.scopes else {}
        return JSONResponse({"issuer": self.said_issuer or self.issuer, **places, **offered})

    async def _keys(self, request: Request) -> Response:
        return JSONResponse(KeySet([self.key]).as_dict(private=False))

    async def _authorize(self, request: Request) -> Response:
        asked = dict(request.query_params)
        assert asked["code_challenge_method"] == "S256" and asked["response_type"] == "code"
        assert asked["client_id"] == CLIENT and "openid" in asked["scope"].split()
        code = secrets.token_urlsafe(16)
        self.codes[code] = asked
        return RedirectResponse(
            f"{asked['redirect_uri']}?{urlencode({'code': code, 'state': asked['state']})}", 302
        )

    async def _token(self, request: Request) -> Response:
        form = await request.form()
        asked = self.codes.pop(str(form["code"]), None)
        digest = hashlib.sha256(str(form["code_verifier"]).encode()).digest()
        challenge = base64.urlsafe_b64encode(digest).decode().rstrip("=")
        needed = base64.b64encode(f"{CLIENT}:{quote_plus(SECRET)}".encode()).decode()
        known = request.headers.get("authorization") == f"Basic {needed}"
        if not known or asked is None or asked["code_challenge"] != challenge:
            return JSONResponse({"error": "invalid_grant"}, 400)
        if asked["redirect_uri"] != form["redirect_uri"]:
            return JSONResponse({"error": "invalid_grant"}, 400)
        return JSONResponse(
            {"access_token": "zugang", "token_type": "Bearer", "id_token": self._id_token(asked)}
        )

    async def _userinfo(self, request: Request) -> Response:
        assert request.headers["authorization"] == "Bearer zugang"
        return JSONResponse(self.userinfo)

    async def _end(self, request: Request) -> Response:
        """End its session as RP-Initiated Logout 1.0 says, for who names that service."""
        asked = dict(request.query_params)
        assert asked["client_id"] == CLIENT and "id_token_hint" not in asked
        self.left.append(asked)
        return RedirectResponse(
            f"{asked['post_logout_redirect_uri']}?{urlencode({'state': asked['state']})}", 302
        )

    def _id_token(self, asked: dict[str, str]) -> str:
        now = int(time.time())
        statement = {
            "iss": self.issuer,
            "aud": CLIENT,
            "iat": now,
            "exp": now + 300,
            "nonce": asked["nonce"],
        }
        claims = {
            name: item
            for name, item in {**statement, **self.claims, **self.token}.items()
            if item is not None
        }
        return jwt.encode(
            {"alg": "RS256", "kid": self.key.kid}, claims, self.signs_with or self.key
        )


@contextmanager
def providing(**claims: Any) -> Iterator[Provider]:
    """Run a provider until the block ends."""
    provider = Provider({"sub": "u-1", **claims})
    with running(provider.app()) as url:
        provider.issuer = url
        yield provider
