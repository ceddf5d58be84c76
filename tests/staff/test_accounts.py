"""Sign-in and sign-out with accounts: against a real provider, and against one that lies in every
way that matters.
"""

from __future__ import annotations

import json
import re
import sys
from html import unescape
from typing import Any
from urllib.parse import parse_qs, urlsplit

import httpx2 as httpx
import pytest
from joserfc.jwk import RSAKey
from starlette.testclient import TestClient

from service import SettingsError, load_settings
from service.office.staff import Accounts
from service.office.staff.accounts import person_name
from tests.processes import environment, served
from tests.staff.conftest import ClientFor
from tests.staff.provider import CLIENT, SECRET, Provider
from tests.staff.test_access import HTML

ROLES = ("Strategie Lesen=reader", "Redaktion=editor", "Chefs=publisher")


def client_of(
    client_for: ClientFor, issuer: str, address: str = "127.0.0.1", **settings: Any
) -> TestClient:
    chosen = {
        "staff_access": "oidc",
        "oidc_issuer": issuer,
        "oidc_client_id": CLIENT,
        "oidc_client_secret": SECRET,
        "oidc_roles": ROLES,
    }
    return client_for(address, **chosen | settings)


def begun(client: TestClient, wanted: str = "/staff") -> str:
    """Begin to sign in; return the path at which the provider leads back."""
    led = client.get("/staff/sign-in/account", params={"next": wanted}, follow_redirects=False)
    assert led.status_code == 302
    back = httpx.get(led.headers["location"]).headers["location"]
    assert back.startswith("http://127.0.0.1/staff/sign-in/callback?")
    return back.removeprefix("http://127.0.0.1")


def test_an_account_opens_a_session_with_its_name_and_role(
    client_for: ClientFor, provider: Provider
) -> None:
    client = client_of(client_for, provider.issuer)
    page = client.get("/staff/catalogue?q=Rad", headers=HTML)
    assert "Mit dem Konto der Verwaltung anmelden" in page.text
    come = client.get(begun(client, "/staff/catalogue?q=Rad"), follow_redirects=False)
    assert (come.status_code, come.headers["location"]) == (303, "/staff/catalogue?q=Rad")
    shown = client.get("/staff").text
    assert "Dora Muster" in shown and "(Redaktion)" in shown
    assert client.get("/staff/audit").status_code == 403


@pytest.mark.parametrize(
    "token",
    [{"nonce": "eine andere"}, {"nonce": None}, {"exp": 1_000_000}, {"exp": None}, {"iat": 9_999_999_999},
     {"aud": "ein anderer Dienst"}, {"aud": [CLIENT, "ein anderer Dienst"], "azp": "ein anderer Dienst"},
     {"iss": "https://boese.example"}, {"sub": None}],
    ids=str,
)  # fmt: skip
def test_a_token_that_does_not_fit_opens_nothing(
    client_for: ClientFor, provider: Provider, token: dict[str, Any]
) -> None:
    client = client_of(client_for, provider.issuer)
    provider.token = token
    refused = client.get(begun(client), headers=HTML)
    assert refused.status_code == 403 and "Anmeldung nicht gelungen" in refused.text
    assert client.get("/staff").status_code == 401


def test_a_token_that_another_signed_opens_nothing(
    client_for: ClientFor, provider: Provider
) -> None:
    client = client_of(client_for, provider.issuer)
    provider.signs_with = RSAKey.generate_key(2048, {"kid": provider.key.kid})
    assert client.get(begun(client)).status_code == 403
    provider.signs_with = None
    assert client.get(begun(client)).status_code == 200
    provider.key = RSAKey.generate_key(2048, {"kid": "neu"})
    assert client.get(begun(client)).status_code == 200


def test_a_return_that_this_browser_did_not_begin_opens_nothing(
    client_for: ClientFor, provider: Provider
) -> None:
    """A wrong state, a second use, another browser, another issuer, a code of another sign-in,
    nothing at all.
    """
    client, other = client_of(client_for, provider.issuer), client_of(client_for, provider.issuer)
    for wrong in ("", "&iss=https://boese.example"):
        path = begun(client) + wrong if wrong else begun(client).replace("state=", "state=x")
        assert client.get(path).status_code == 403
    path = begun(client)
    assert other.get(path).status_code == 403
    foreign = begun(other)
    code = foreign.partition("code=")[2].partition("&")[0]
    own = begun(client)
    injected = own.replace(own.partition("code=")[2].partition("&")[0], code)
    assert client.get(injected).status_code == 403, "PKCE: the code belongs to another sign-in"
    path = begun(client)
    assert client.get(path).status_code == 200
    client.cookies.clear()
    assert client.get(path).status_code == 403
    assert client.get("/staff/sign-in/callback").status_code == 403


def test_who_is_in_no_group_has_no_access(client_for: ClientFor, provider: Provider) -> None:
    client = client_of(client_for, provider.issuer)
    for groups in (["Kantine"], [], "Kantine", None, {"Chefs": True}):
        provider.token = {"groups": groups}
        refused = client.get(begun(client), headers=HTML)
        assert refused.status_code == 403 and "Konto ohne Zugang" in refused.text, groups
        assert client.get("/staff").status_code == 401


def test_groups_may_stand_deeper_and_with_what_is_asked_afterwards(
    client_for: ClientFor, provider: Provider
) -> None:
    client = client_of(client_for, provider.issuer, oidc_claim="realm_access.roles")
    provider.token = {"realm_access": {"roles": ["Chefs"]}}
    assert "(Veröffentlichen)" in client.get(begun(client)).text
    provider.token, provider.userinfo = (
        {},
        {"sub": "u-1", "realm_access": {"roles": ["Strategie Lesen"]}},
    )
    assert "(Lesen)" in client.get(begun(client)).text
    provider.userinfo = {"sub": "jemand anderes", "realm_access": {"roles": ["Chefs"]}}
    assert client.get(begun(client)).status_code == 403


def test_a_provider_that_is_away_is_said_so(client_for: ClientFor, provider: Provider) -> None:
    for issuer in ("http://127.0.0.1:1", f"{provider.issuer}/gibt-es-nicht"):
        away = client_of(client_for, issuer).get("/staff/sign-in/account", headers=HTML)
        assert away.status_code == 503 and "Anmeldedienst nicht erreichbar" in away.text
    client = client_of(client_for, provider.issuer)
    provider.down = True
    assert client.get("/staff/sign-in/account").status_code == 503
    provider.down, provider.said_issuer = False, "https://boese.example"
    assert client.get("/staff/sign-in/account").status_code == 503
    assert client.get("/documents").status_code == 200


def test_a_browser_may_begin_as_often_as_it_likes(
    client_for: ClientFor, provider: Provider
) -> None:
    """What it keeps of all of them still fits into a cookie."""
    client = client_of(client_for, provider.issuer)
    for _ in range(6):
        path = begun(client)
    assert client.get(path).status_code == 200
    assert len(next(iter(dict(client.cookies).values()))) < 4000
    path = begun(client)
    assert client.get("/staff").status_code == 200, "who begins anew is still signed in"
    assert client.get(path).status_code == 200


def test_groups_are_asked_for_where_the_provider_offers_them(
    client_for: ClientFor, provider: Provider
) -> None:
    scopes = []
    for provider.scopes in (None, ["openid", "groups"]):
        client = client_of(client_for, provider.issuer)
        led = client.get("/staff/sign-in/account", follow_redirects=False)
        scopes.append(parse_qs(urlsplit(led.headers["location"]).query)["scope"])
    assert scopes == [["openid profile"], ["openid profile groups"]]


def test_the_highest_role_of_all_groups_holds() -> None:
    settings = load_settings(oidc_roles=("a=reader", "b=x=editor"), oidc_claim="groups")
    accounts = Accounts(settings)
    assert [accounts.role({"groups": item}) for item in (["a"], ["b=x", "a"], "b=x", ["b"], 7)] == [
        1,
        2,
        2,
        None,
        None,
    ]
    assert person_name({"name": " ", "email": "d@kreis.example", "sub": "1"}) == "d@kreis.example"


@pytest.mark.parametrize(
    "wrong",
    [{"oidc_issuer": None}, {"oidc_issuer": "http://kreis.example"}, {"oidc_client_id": None}, {"oidc_roles": ()},
     {"oidc_roles": ("Chefs=chef",)}, {"oidc_roles": ("=editor",)}],
    ids=str,
)  # fmt: skip
def test_settings_for_accounts_are_complete(wrong: dict[str, Any]) -> None:
    whole = {
        "staff_access": "oidc",
        "oidc_issuer": "https://sso.example",
        "oidc_client_id": "x",
        "oidc_roles": ROLES,
    }
    assert load_settings(**whole).oidc_roles == ROLES
    with pytest.raises(SettingsError, match="STRATEGIELOTSE_" + next(iter(wrong)).upper()):
        load_settings(
            **{name: item for name, item in {**whole, **wrong}.items() if item is not None}
        )


def test_a_real_provider_signs_in(
    client_for: ClientFor, tmp_path_factory: pytest.TempPathFactory
) -> None:
    """The provider of the package oidc-provider-mock, in a process of its own, as a browser would
    go through it.
    """
    log = tmp_path_factory.mktemp("provider") / "log"
    user = json.dumps({"sub": "eva", "name": "Eva Muster", "groups": ["Chefs"]})
    starter = (
        "import os, sys; from oidc_provider_mock.__main__ import run; "
        "run(['--port', os.environ['STRATEGIELOTSE_PORT'], '--require-nonce', 'true', '--user-claims', sys.argv[1]])"
    )
    command = (sys.executable, "-W", "ignore", "-c", starter, user)
    discovery = "/.well-known/openid-configuration"
    with served(command, env=environment(), log=log, path=discovery) as real:
        client = client_of(client_for, real.url)
        led = client.get("/staff/sign-in/account", follow_redirects=False)
        back = httpx.post(led.headers["location"], data={"sub": "eva"}).headers["location"]
        place = urlsplit(back)
        assert (place.netloc, place.path) == ("127.0.0.1", "/staff/sign-in/callback")
        come = client.get(f"{place.path}?{place.query}")
        assert (
            come.status_code == 200
            and "Eva Muster" in come.text
            and "(Veröffentlichen)" in come.text
        )
        assert client.get("/staff/audit").status_code == 200
        left = client.post("/staff/sign-out", headers={"Sec-Fetch-Site": "same-origin"})
        asked = httpx.get(
            unescape(left.text.partition('content="0;url=')[2].partition('"')[0])
        ).text
        (target,) = re.findall(r'name="redirect_uri"[^>]*value="([^"]+)"', asked)
        gone = httpx.post(
            f"{real.url}/oauth2/end_session/confirm", data={"redirect_uri": unescape(target)}
        )
        shown = client.get(gone.headers["location"].removeprefix("http://127.0.0.1")).text
        assert "Sie sind abgemeldet" in shown
        denied = client.get("/staff/sign-in/account", follow_redirects=False)
        refusal = httpx.post(denied.headers["location"], data={"action": "deny"}).headers[
            "location"
        ]
        assert client.get(refusal.removeprefix("http://127.0.0.1")).status_code == 403


def entered(client_for: ClientFor, provider: Provider) -> TestClient:
    client = client_of(client_for, provider.issuer)
    assert client.get(begun(client)).status_code == 200
    assert client.get("/staff").status_code == 200
    return client


def sign_out(client: TestClient) -> httpx.Response:
    return client.post(
        "/staff/sign-out", headers={"Sec-Fetch-Site": "same-origin"}, follow_redirects=False
    )


def test_signing_out_ends_the_providers_session_too(
    client_for: ClientFor, provider: Provider
) -> None:
    client = entered(client_for, provider)
    page = sign_out(client)
    assert page.status_code == 200 and "Sie sind hier abgemeldet" in page.text
    assert client.get("/staff").status_code == 401
    there = unescape(re.findall(r'content="0;url=([^"]+)"', page.text)[0])
    assert there.startswith(f"{provider.issuer}/end?")
    back = httpx.get(there).headers["location"]
    (asked,) = provider.left
    assert asked["post_logout_redirect_uri"] == "http://127.0.0.1/staff/sign-in/left"
    for path in (back.removeprefix("http://127.0.0.1"), "/staff/sign-in/left?state=ä"):
        assert "vielleicht noch angemeldet" in client.get(path).text
    assert client_for().get("/staff/sign-in/left").status_code == 404


def test_a_provider_that_is_away_keeps_nobody_signed_in(
    client_for: ClientFor, provider: Provider
) -> None:
    client = entered(client_for, provider)
    del client.app.state.accounts._client.server_metadata["_loaded_at"]  # type: ignore[attr-defined]
    provider.down = True
    assert sign_out(client).headers["location"] == "/staff/sign-in?left=true"
    assert client.get("/staff").status_code == 401
