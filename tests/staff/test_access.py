"""Who may open the staff page: who signed in, who knows the secret or everybody; and nobody by address or header."""

from __future__ import annotations

import base64

import pytest
from pydantic import ValidationError

from service.settings import Settings, SettingsError, load_settings
from service.staff.access import knows_secret
from tests.staff.conftest import ClientFor
from tests.staff.signing_in import signed_in

SECRET = "ein langes Kennwort: äöü"
STRANGER = "203.0.113.9"
PAGES = [
    "", "/topics?q=Rad", "/catalogue", "/catalogue.csv", "/catalogue.xlsx", "/items/auenland-report/2.1.2.3",
    "/items/auenland-report/gibtesnicht", "/documents", "/documents/auenland-report",
    "/topics.csv?q=Rad", "/comparison.csv?topic=Rad",
]  # fmt: skip
HTML = {"Accept": "text/html"}
HEADERS = [
    {},
    {"Host": "localhost"},
    {"X-Forwarded-For": "127.0.0.1"},
    {"X-Forwarded-For": "::1, 127.0.0.1"},
    {"X-Real-IP": "127.0.0.1"},
    {"Forwarded": "for=127.0.0.1"},
    {"Origin": "http://localhost"},
    {"Authorization": "Basic " + base64.b64encode(b"amt:").decode()},
    {"Cookie": "strategielotse_staff=1"},
]


def basic(password: str, user: str = "amt") -> dict[str, str]:
    return {"Authorization": "Basic " + base64.b64encode(f"{user}:{password}".encode()).decode()}


@pytest.mark.parametrize("address", ["127.0.0.1", "::1", STRANGER])
def test_closed_to_all_who_did_not_sign_in(client_for: ClientFor, address: str) -> None:
    stranger, member = client_for(address), signed_in(client_for())
    for path in PAGES:
        response = stranger.get(f"/staff{path}", headers=HTML)
        assert response.status_code == 403
        assert "Nur für Beschäftigte" in response.text and "strategielotse staff-link" in response.text
        assert "Radschnellweg" not in response.text
        assert member.get(f"/staff{path}", headers=HTML).status_code in (200, 404)


@pytest.mark.parametrize("address", ["127.0.0.1", STRANGER])
def test_closed_to_all_without_the_secret(client_for: ClientFor, address: str) -> None:
    client = client_for(address, staff_access="secret", staff_secret=SECRET)
    for path in (f"/staff{one}" for one in PAGES):
        led = client.get(path, headers=HTML, follow_redirects=False)
        assert led.status_code == 303 and led.headers["location"].startswith("/staff/sign-in")
        page = client.get(path, headers=HTML)
        assert "Kennwort" in page.text and "Radschnellweg" not in page.text
        response = client.get(path)
        assert response.status_code == 401
        assert response.headers["www-authenticate"] == 'Basic realm="Strategielotse", charset="UTF-8"'
        assert "Anmeldung nötig" in response.text and "Radschnellweg" not in response.text
        assert client.get(path, headers={**HTML, **basic(SECRET)}).status_code in (200, 404)


def test_open_where_it_is_public(client_for: ClientFor) -> None:
    public = client_for(STRANGER, staff_access="public")
    assert {public.get(f"/staff{path}").status_code for path in PAGES} == {200, 404}
    for path in ("/documents", "/static/staff.css"):
        assert client_for(STRANGER).get(path).status_code == 200


@pytest.mark.parametrize("peer", ["127.0.0.1", "::1", "::ffff:127.0.0.1", "10.0.0.7", STRANGER])
def test_no_address_and_no_header_opens_anything(client_for: ClientFor, peer: str) -> None:
    client = client_for(peer, trusted_proxies=("127.0.0.0/8", "10.0.0.0/8"))
    for headers in HEADERS:
        assert client.get("/staff/catalogue", headers=headers).status_code == 403, headers
        assert client.head("/staff", headers=headers).status_code == 403, headers


def test_the_former_word_means_access_by_link(client_for: ClientFor) -> None:
    assert Settings(staff_access="loopback").staff_access == "link"  # type: ignore[arg-type]
    client = client_for(staff_access="loopback")
    assert client.get("/staff").status_code == 403
    assert signed_in(client).get("/staff").status_code == 200


@pytest.mark.parametrize("password", ["", SECRET[:-1], SECRET + "x", SECRET.upper(), "amt"])
def test_another_password_opens_nothing(client_for: ClientFor, password: str) -> None:
    client = client_for(staff_access="secret", staff_secret=SECRET)
    assert client.get("/staff", headers=basic(password)).status_code == 401


def test_a_broken_header_opens_nothing() -> None:
    bare = base64.b64encode(SECRET.encode()).decode().rstrip("=")
    for header in ("", "Basic", "Basic !!!", f"Basic {bare}", f"Bearer {SECRET}", "Basic \xe4",
                   "Basic " + base64.b64encode(b"kein Doppelpunkt").decode()):  # fmt: skip
        assert not knows_secret(header, "kein Doppelpunkt"), header


def test_a_secret_with_colons_and_umlauts_works_with_any_user() -> None:
    assert knows_secret(basic("a:b:ü-und-noch-mehr", user="")["Authorization"], "a:b:ü-und-noch-mehr")
    assert not knows_secret(basic("")["Authorization"], "")


def test_programs_are_refused_as_json(client_for: ClientFor) -> None:
    response = client_for(STRANGER).get("/staff/catalogue.csv", headers={"Accept-Language": "en"})
    assert response.headers["content-type"] == "application/problem+json"
    assert response.json()["status"] == 403 and response.json()["title"] == "Staff only"


def test_access_by_secret_needs_a_long_one() -> None:
    for wrong in ({"staff_access": "secret"}, {"staff_access": "secret", "staff_secret": "kurz"}, {"staff_secret": ""}):
        with pytest.raises(SettingsError, match="STRATEGIELOTSE_STAFF_SECRET"):
            load_settings(**wrong)
    with pytest.raises(ValidationError):
        Settings(staff_access="alle")  # type: ignore[arg-type]


def test_the_secret_is_in_no_log_or_error() -> None:
    assert SECRET not in repr(Settings(staff_access="secret", staff_secret=SECRET))  # type: ignore[arg-type]
