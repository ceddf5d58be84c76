"""Signing out of what an account began: here, at the provider, and by its word; and the keys that prove its word."""

from __future__ import annotations

import re
from html import unescape

import httpx
from starlette.testclient import TestClient

from tests.staff.conftest import ClientFor
from tests.staff.provider import Provider
from tests.staff.test_accounts import begun, client_of

OWN = {"Sec-Fetch-Site": "same-origin"}
ENDED = "/staff/sign-in/ended"


def entered(client_for: ClientFor, provider: Provider) -> TestClient:
    client = client_of(client_for, provider.issuer)
    assert client.get(begun(client)).status_code == 200
    assert client.get("/staff").status_code == 200
    return client


def sign_out(client: TestClient) -> httpx.Response:
    return client.post("/staff/sign-out", headers=OWN, follow_redirects=False)


def test_signing_out_ends_the_providers_session_too(client_for: ClientFor, provider: Provider) -> None:
    client = entered(client_for, provider)
    page = sign_out(client)
    assert page.status_code == 200 and "Sie sind hier abgemeldet" in page.text
    assert client.get("/staff").status_code == 401
    there = unescape(re.findall(r'content="0;url=([^"]+)"', page.text)[0])
    assert there.startswith(f"{provider.issuer}/end?")
    back = httpx.get(there).headers["location"]
    (asked,) = provider.left
    assert asked["post_logout_redirect_uri"] == "http://127.0.0.1/staff/sign-in/left"
    shown = client.get(back.removeprefix("http://127.0.0.1"))
    assert "Auch der Anmeldedienst der Verwaltung hat Sie abgemeldet." in shown.text
    again = client.get(back.removeprefix("http://127.0.0.1"))
    assert "vielleicht noch angemeldet" in again.text, "who only comes to this address is told nothing that is not so"
    for path in ("/staff/sign-in/left", "/staff/sign-in/left?state=x", "/staff/sign-in/left?state=ä"):
        assert "vielleicht noch angemeldet" in client.get(path).text
    assert client_for().get("/staff/sign-in/left").status_code == 404


def test_without_such_a_place_only_ours_ends_and_is_said_so(client_for: ClientFor, provider: Provider) -> None:
    provider.ends_sessions = False
    client = entered(client_for, provider)
    assert sign_out(client).headers["location"] == "/staff/sign-in?left=true"
    assert "vielleicht noch angemeldet" in client.get("/staff/sign-in?left=true").text
    assert client.get("/staff").status_code == 401


def test_a_provider_that_is_away_keeps_nobody_signed_in(client_for: ClientFor, provider: Provider) -> None:
    client = entered(client_for, provider)
    client.app.state.accounts._client = None  # type: ignore[attr-defined]
    provider.down = True
    assert sign_out(client).headers["location"] == "/staff/sign-in?left=true"
    assert client.get("/staff").status_code == 401
