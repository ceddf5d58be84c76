"""Errors of the staff page stay in its frame, name the field and what it may hold, and lead back."""

from __future__ import annotations

import pytest
from starlette.testclient import TestClient

from service.staff.rendering import SECTIONS
from tests.staff.conftest import ClientFor
from tests.staff.reading import Page

HTML = {"Accept": "text/html", "Accept-Language": "en"}
ERRORS = {
    "nope": [404, "Nicht gefunden"],
    "catalogue/nope": [404, "Nicht gefunden"],
    "documents/nix": [404, "Nicht gefunden"],
    "items/auenland-report/nix": [404, "Nicht gefunden"],
    "catalogue?status=xyz": [422, "Status", "Idee (Ideenspeicher), in Planung, in Bearbeitung, umgesetzt"],
    "catalogue?kind=xyz": [422, "Art", "Ziel, Projekt, Maßnahme"],
    "catalogue?sort=xyz": [422, "Sortieren nach", "Titel, Thema, Status"],
    "catalogue?year=99999": [422, "Jahr", "Höchstens"],
    "catalogue?year=x": [422, "Jahr", "ganze Zahl"],
    "catalogue?page=0": [422, "Seite", "Mindestens 1"],
    "items/auenland-report/2.1.2.3?quote=" + "x" * 4001: [422, "Zitat", "Höchstens 4000 Zeichen"],
}


@pytest.mark.parametrize("path", ERRORS)
def test_an_error_stays_in_the_frame_and_names_the_field(client: TestClient, path: str) -> None:
    response = client.get(f"/staff/{path}", headers=HTML)
    page, (status, *said) = Page(response.text), ERRORS[path]
    assert response.status_code == status
    assert all(str(words) in page.text.replace(" ,", ",") for words in said), page.text
    assert "Zum Katalog" in page.text
    assert {one.address for one in SECTIONS} <= set(page.links())
    assert "xyz" not in response.text and "99999" not in response.text


def test_allowed_values_are_links_that_work(client: TestClient) -> None:
    links = Page(client.get("/staff/catalogue?status=xyz", headers=HTML).text).links("/staff/catalogue?status=")
    assert len(links) == 5 and {client.get(link).status_code for link in links} == {200}


def test_programs_get_a_problem_strangers_no_frame_and_other_pages_keep_their_own(
    client: TestClient, client_for: ClientFor
) -> None:
    for path in ("/staff/nope", "/staff/catalogue?status=xyz", "/staffing"):
        assert client.get(path).headers["content-type"] == "application/problem+json"
    for path in ("/staff/nope", "/staff/catalogue?status=xyz"):
        response = client_for().get(path, headers=HTML)
        assert response.status_code == 403
        assert "Zum Katalog" not in response.text and "/staff/administration" not in response.text
    text = client.get("/staffing", headers=HTML).text
    assert "Zur Startseite" in text and "Zum Katalog" not in text
    assert client.post("/staff/catalogue", headers=HTML).status_code == 405


@pytest.mark.parametrize(
    ("former", "now"),
    [
        ("basket", "/staff/catalogue"),
        ("organisations", "/staff/administration"),
        ("open-data", "/staff/documents"),
        ("open-data/catalog.jsonld", "/api/v1/documents"),
        ("open-data/auenland-report.csv", "/api/v1/items?document=auenland-report&format=csv"),
        ("open-data/auenland-report.json", "/api/v1/items?document=auenland-report&page_size=500"),
    ],
)
def test_an_address_of_before_leads_on(client: TestClient, former: str, now: str) -> None:
    led = client.get(f"/staff/{former}", follow_redirects=False)
    assert (led.status_code, led.headers["location"]) == (301, now) and client.get(now).status_code == 200
