"""Who may open the staff page: who signed in, or everybody by setting; and nobody by address or header."""

from __future__ import annotations

import pytest
from starlette.testclient import TestClient

from service.settings import SettingsError, load_settings
from tests.staff.conftest import ClientFor
from tests.staff.signing_in import signed_in

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
    {"Authorization": "Basic YW10Og=="},
    {"Cookie": "strategielotse_staff=1"},
]


@pytest.mark.parametrize("address", ["127.0.0.1", "::1", STRANGER])
def test_closed_to_all_who_did_not_sign_in(client_for: ClientFor, address: str) -> None:
    stranger, member = client_for(address), signed_in(client_for())
    for path in PAGES:
        response = stranger.get(f"/staff{path}", headers=HTML)
        assert response.status_code == 403
        assert "Nur für Beschäftigte" in response.text and "strategielotse staff-link" in response.text
        assert "Radschnellweg" not in response.text
        assert member.get(f"/staff{path}", headers=HTML).status_code == (
            404 if path.endswith("gibtesnicht") else 200
        ), path


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


def test_programs_are_refused_as_json(client_for: ClientFor) -> None:
    response = client_for(STRANGER).get("/staff/catalogue.csv", headers={"Accept-Language": "en"})
    assert response.headers["content-type"] == "application/problem+json"
    assert response.json()["status"] == 403 and response.json()["title"] == "Staff only"


def test_another_way_than_those_that_there_are_is_no_setting() -> None:
    for former in ("secret", "loopback"):
        with pytest.raises(SettingsError, match="link auch loopback; statt secret"):
            load_settings(staff_access=former)


def test_a_number_that_no_table_has_is_no_fault(client: TestClient) -> None:
    for number in ("12345678901234567890123", "-1", "2147483648"):
        assert client.post(f"/staff/decisions/{number}/undo").status_code in (404, 422)
