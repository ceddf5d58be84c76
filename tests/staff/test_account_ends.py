"""Signing out of what an account began: here, at the provider, and by its word; and the keys that prove its word."""

from __future__ import annotations

import re
import time
from html import unescape
from typing import Any

import anyio
import httpx
import pytest
from joserfc.errors import JoseError
from joserfc.jwk import RSAKey
from sqlalchemy.exc import OperationalError
from starlette.testclient import TestClient

from service.settings import Settings
from service.staff.accounts import KEYS_SECONDS, KNOWN_SECONDS, Accounts, Refused
from tests.staff.conftest import ClientFor
from tests.staff.provider import CLIENT, Provider
from tests.staff.test_accounts import ROLES, begun, client_of

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


@pytest.mark.parametrize("said", [{"sid": "s-1"}, {"sub": "u-1"}, {"sub": "u-1", "sid": "s-1", "exp": None}], ids=str)
def test_the_word_of_the_provider_ends_sessions(
    client_for: ClientFor, provider: Provider, said: dict[str, Any]
) -> None:
    client, other = entered(client_for, provider), entered(client_for, provider)
    provider.token = {"sub": "u-2", "sid": "s-2"}
    stays = entered(client_for, provider)
    told = client_of(client_for, provider.issuer).post(ENDED, data={"logout_token": provider.ended(**said)})
    assert (told.status_code, told.headers["cache-control"]) == (200, "no-store")
    assert [one.get("/staff").status_code for one in (client, other, stays)] == [401, 401, 200]
    (noted, *_) = client.app.state.audit.latest(1)  # type: ignore[attr-defined]
    assert (noted.person, noted.action) == ("Anmeldedienst", "session ended")


def test_a_session_of_which_the_provider_did_not_say_its_own_ends_with_the_person(
    client_for: ClientFor, provider: Provider
) -> None:
    stays = entered(client_for, provider)
    provider.token = {"sid": None}
    client = entered(client_for, provider)
    provider.token = {"sid": None, "sub": "u-2"}
    other = entered(client_for, provider)
    word = provider.ended(sub="u-1", sid="s-9")
    assert client_of(client_for, provider.issuer).post(ENDED, data={"logout_token": word}).status_code == 200
    assert [one.get("/staff").status_code for one in (client, other, stays)] == [401, 200, 200]


def test_a_word_that_cannot_be_kept_is_refused_so_that_the_provider_tries_again(
    client_for: ClientFor, provider: Provider, monkeypatch: pytest.MonkeyPatch
) -> None:
    client = entered(client_for, provider)

    def broken(*_: object) -> None:
        raise OperationalError("", None, Exception())

    monkeypatch.setattr("service.staff.sessions.insert", broken)
    assert client.post(ENDED, data={"logout_token": provider.ended(sid="s-1")}).status_code == 503
    monkeypatch.undo()
    assert client.get("/staff").status_code == 200
    assert client.post(ENDED, data={"logout_token": provider.ended(sid="s-1")}).status_code == 200
    assert client.get("/staff").status_code == 401
    assert client.get(begun(client)).status_code == 200, "who signs in anew is in again"


@pytest.mark.parametrize(
    "said",
    [{"sid": None}, {"events": None}, {"events": {"http://schemas.openid.net/event/backchannel-logout": "x"}},
     {"nonce": "x"}, {"aud": "ein anderer Dienst"}, {"iss": "https://boese.example"},
     {"iat": int(time.time()) - 4000}, {"iat": None}, {"exp": 1_000_000}, {"sid": ["s-1"]}],
    ids=range(10),
)  # fmt: skip
def test_what_is_no_such_word_ends_nothing(client_for: ClientFor, provider: Provider, said: dict[str, Any]) -> None:
    client = entered(client_for, provider)
    refused = client_of(client_for, provider.issuer).post(
        ENDED, data={"logout_token": provider.ended(**{"sid": "s-1", **said})}
    )
    assert (refused.status_code, refused.json()) == (400, {"error": "invalid_request"})
    assert client.get("/staff").status_code == 200


def test_a_forged_word_ends_nothing(client_for: ClientFor, provider: Provider) -> None:
    client = entered(client_for, provider)
    provider.signs_with = RSAKey.generate_key(2048, {"kid": provider.key.kid})
    assert client.post(ENDED, data={"logout_token": provider.ended(sid="s-1")}).status_code == 400
    foreign = client.post(ENDED, data={"logout_token": "x"}, headers={"Origin": "https://boese.example"})
    assert foreign.status_code == 403
    assert client.get("/staff").status_code == 200
    assert client_for().post(ENDED, data={"logout_token": "x"}).status_code == 404


class Timed(Accounts):
    """Accounts by a clock that is set."""

    def __init__(self, provider: Provider) -> None:
        known: dict[str, Any] = {"oidc_client_id": CLIENT, "oidc_roles": ROLES}
        self.now = 0.0
        super().__init__(Settings(staff_access="oidc", oidc_issuer=provider.issuer, **known), lambda: self.now)

    def takes(self, token: str) -> bool:
        try:
            return anyio.run(self.ended, token) == ("", "s-1")
        except (Refused, JoseError):
            return False


def forged(provider: Provider, kid: str) -> str:
    own, provider.key = provider.key, RSAKey.generate_key(2048, {"kid": kid})
    try:
        return provider.ended(sid="s-1")
    finally:
        provider.key = own


@pytest.fixture
def accounts(provider: Provider) -> Timed:
    provider.keys_asked = 0
    return Timed(provider)


def test_rubbish_fetches_keys_seldom(accounts: Timed, provider: Provider) -> None:
    assert not accounts.takes("x") and not accounts.takes("ä.b.c") and provider.keys_asked == 0
    assert accounts.takes(provider.ended(sid="s-1")) and provider.keys_asked == 1
    for number in range(3):
        assert not accounts.takes(forged(provider, f"fremd-{number}")) and provider.keys_asked == 2
    accounts.now = KEYS_SECONDS
    assert not accounts.takes(forged(provider, "fremd")) and provider.keys_asked == 3
    assert accounts.takes(provider.ended(sid="s-1")) and provider.keys_asked == 3


def test_a_new_key_is_known_at_once_and_one_of_the_same_name_after_an_hour(accounts: Timed, provider: Provider) -> None:
    assert accounts.takes(provider.ended(sid="s-1"))
    provider.key = RSAKey.generate_key(2048, {"kid": "neu"})
    assert accounts.takes(provider.ended(sid="s-1"))
    provider.key = RSAKey.generate_key(2048, {"kid": "neu"})
    assert not accounts.takes(provider.ended(sid="s-1"))
    accounts.now = KNOWN_SECONDS
    assert accounts.takes(provider.ended(sid="s-1"))
