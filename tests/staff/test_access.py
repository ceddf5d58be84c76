"""Who may open the staff page: loopback, a secret or everybody; and nobody by a header that they wrote themselves."""

from __future__ import annotations

import base64

import pytest
from pydantic import ValidationError

from service.settings import Settings, SettingsError, load_settings
from service.staff.access import knows_secret
from tests.staff.conftest import ClientFor

SECRET = "ein langes Kennwort: äöü"
STRANGER = "203.0.113.9"
PAGES = [
    "/staff",
    "/staff/topics?q=Rad",
    "/staff/catalogue",
    "/staff/catalogue.csv",
    "/staff/catalogue.xlsx",
    "/staff/items/auenland-report/2.1.2.3",
    "/staff/items/auenland-report/gibtesnicht",
    "/staff/documents",
    "/staff/documents/auenland-report",
    "/staff/open-data",
    "/staff/open-data/catalog.jsonld",
    "/staff/open-data/auenland-report.csv",
    "/staff/open-data/auenland-report.json",
]
HTML = {"Accept": "text/html"}


def basic(password: str, user: str = "amt") -> dict[str, str]:
    return {"Authorization": "Basic " + base64.b64encode(f"{user}:{password}".encode()).decode()}


@pytest.mark.parametrize("path", PAGES)
def test_closed_to_strangers_by_default(client_for: ClientFor, path: str) -> None:
    response = client_for(STRANGER).get(path, headers=HTML)
    assert response.status_code == 403
    assert "Nur für Beschäftigte" in response.text
    assert "Radschnellweg" not in response.text
    assert client_for().get(path, headers=HTML).status_code in (200, 404)


@pytest.mark.parametrize("path", PAGES)
def test_closed_to_all_without_the_secret(client_for: ClientFor, path: str) -> None:
    for address in ("127.0.0.1", STRANGER):
        client = client_for(address, staff_access="secret", staff_secret=SECRET)
        response = client.get(path, headers=HTML)
        assert response.status_code == 401
        assert response.headers["www-authenticate"] == 'Basic realm="Strategielotse", charset="UTF-8"'
        assert "Anmeldung nötig" in response.text and "Radschnellweg" not in response.text
        assert client.get(path, headers={**HTML, **basic(SECRET)}).status_code in (200, 404)


@pytest.mark.parametrize("path", PAGES)
def test_open_where_it_is_public(client_for: ClientFor, path: str) -> None:
    assert client_for(STRANGER, staff_access="public").get(path).status_code in (200, 404)


@pytest.mark.parametrize(
    ("peer", "forwarded", "status"),
    [
        ("127.0.0.1", "", 200),
        ("::1", "", 200),
        ("::ffff:127.0.0.1", "", 200),
        (STRANGER, "127.0.0.1", 403),
        (STRANGER, "::1, 127.0.0.1", 403),
        ("127.0.0.1", STRANGER, 403),
        ("127.0.0.1", f"127.0.0.1, {STRANGER}", 403),
        ("127.0.0.1", f"{STRANGER}, 127.0.0.1", 403),
        ("10.0.0.7", "127.0.0.1", 403),
        ("127.0.0.1", "localhost", 403),
        ("127.0.0.1", "unbekannt", 403),
    ],
)
def test_a_forwarded_address_is_believed_of_trusted_proxies_only(
    client_for: ClientFor, peer: str, forwarded: str, status: int
) -> None:
    headers = {"X-Forwarded-For": forwarded} if forwarded else {}
    assert client_for(peer).get("/staff", headers=headers).status_code == status


def test_other_headers_open_nothing(client_for: ClientFor) -> None:
    spoofed = {
        "Host": "localhost",
        "X-Real-IP": "127.0.0.1",
        "Forwarded": "for=127.0.0.1",
        "Origin": "http://localhost",
    }
    assert client_for(STRANGER).get("/staff", headers=spoofed).status_code == 403
    assert client_for(STRANGER).head("/staff").status_code == 403


@pytest.mark.parametrize(
    ("host", "status"),
    [
        ("localhost", 200),
        ("LOCALHOST:8000", 200),
        ("localhost.", 200),
        ("127.0.0.1:8000", 200),
        ("127.8.9.1", 200),
        ("[::1]:8000", 200),
        ("[::1]", 200),
        ("boese.example", 403),
        ("boese.example:8000", 403),
        ("localhost.boese.example", 403),
        ("127.0.0.1.boese.example", 403),
        ("10.0.0.7", 403),
        ("0.0.0.0", 403),
        ("[::2]", 403),
        ("2130706433", 403),
        ("127.1", 403),
        ("localhost@boese.example", 403),
        ("", 403),
    ],
)
def test_a_foreign_name_for_loopback_opens_nothing(client_for: ClientFor, host: str, status: int) -> None:
    response = client_for().get("/staff/catalogue", headers={"Host": host})
    assert response.status_code == status
    assert client_for(staff_access="public").get("/staff", headers={"Host": host}).status_code == 200


@pytest.mark.parametrize("forwarded", ["for=127.0.0.1", "for=203.0.113.9", "proto=https", ""])
def test_what_was_passed_on_is_not_of_this_machine(client_for: ClientFor, forwarded: str) -> None:
    assert client_for().get("/staff", headers={"Forwarded": forwarded}).status_code == 403


@pytest.mark.parametrize("password", ["", SECRET[:-1], SECRET + "x", SECRET.upper(), "amt"])
def test_another_password_opens_nothing(client_for: ClientFor, password: str) -> None:
    client = client_for(staff_access="secret", staff_secret=SECRET)
    assert client.get("/staff", headers=basic(password)).status_code == 401


@pytest.mark.parametrize(
    "header", ["", "Basic", "Basic !!!", "Basic " + base64.b64encode(SECRET.encode()).decode().rstrip("="),
               "Bearer " + SECRET, "Basic " + base64.b64encode(b"kein Doppelpunkt").decode(), "Basic \xe4"]
)  # fmt: skip
def test_a_broken_header_opens_nothing(header: str) -> None:
    assert not knows_secret(header, "kein Doppelpunkt")


def test_a_secret_with_colons_and_umlauts_works_with_any_user() -> None:
    assert knows_secret(basic("a:b:ü-und-noch-mehr", user="")["Authorization"], "a:b:ü-und-noch-mehr")
    assert not knows_secret(basic("")["Authorization"], "")


def test_programs_are_refused_as_json(client_for: ClientFor) -> None:
    response = client_for(STRANGER).get("/staff/open-data/catalog.jsonld", headers={"Accept-Language": "en"})
    assert response.headers["content-type"] == "application/problem+json"
    assert response.json()["status"] == 403 and response.json()["title"] == "Staff only"


def test_the_public_pages_stay_public(client_for: ClientFor) -> None:
    assert client_for(STRANGER).get("/documents").status_code == 200
    assert client_for(STRANGER).get("/static/staff.css").status_code == 200


def test_access_by_secret_needs_a_long_one() -> None:
    for wrong in ({"staff_access": "secret"}, {"staff_access": "secret", "staff_secret": "kurz"}, {"staff_secret": ""}):
        with pytest.raises(SettingsError, match="STRATEGIELOTSE_STAFF_SECRET"):
            load_settings(**wrong)
    with pytest.raises(ValidationError):
        Settings(staff_access="alle")  # type: ignore[arg-type]


def test_the_secret_is_in_no_log_or_error() -> None:
    assert SECRET not in repr(Settings(staff_access="secret", staff_secret=SECRET))  # type: ignore[arg-type]
