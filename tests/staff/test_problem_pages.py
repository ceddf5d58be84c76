"""Errors of the staff page stay in its frame, name the field and what it may hold, and lead back."""

from __future__ import annotations

import pytest
from starlette.testclient import TestClient

from tests.staff.conftest import ClientFor
from tests.staff.reading import Page

HTML = {"Accept": "text/html", "Accept-Language": "en"}


@pytest.mark.parametrize(
    ("path", "status", "said"),
    [
        ("/staff/nope", 404, ["Nicht gefunden"]),
        ("/staff/catalogue/nope", 404, ["Nicht gefunden"]),
        ("/staff/documents/nix", 404, ["Nicht gefunden"]),
        ("/staff/items/auenland-report/nix", 404, ["Nicht gefunden"]),
        ("/staff/catalogue?status=xyz", 422, ["Status", "Idee (Ideenspeicher), in Planung, in Bearbeitung, umgesetzt"]),
        ("/staff/catalogue?kind=xyz", 422, ["Art", "Ziel, Projekt, Maßnahme"]),
        ("/staff/catalogue?sort=xyz", 422, ["Sortieren nach", "Titel, Thema, Status"]),
        ("/staff/catalogue?year=99999", 422, ["Jahr", "Höchstens"]),
        ("/staff/catalogue?year=x", 422, ["Jahr", "ganze Zahl"]),
        ("/staff/catalogue?page=0", 422, ["Seite", "Mindestens 1"]),
        ("/staff/items/auenland-report/2.1.2.3?quote=" + "x" * 4001, 422, ["Zitat", "Höchstens 4000 Zeichen"]),
    ],
)
def test_an_error_stays_in_the_frame_and_names_the_field(
    client: TestClient, path: str, status: int, said: list[str]
) -> None:
    response = client.get(path, headers=HTML)
    assert response.status_code == status
    page = Page(response.text)
    text = page.text.replace(" ,", ",")
    assert all(words in text for words in said), text
    assert "Zum Katalog" in page.text and "/staff/catalogue" in page.links()
    assert {"/staff", "/staff/documents", "/staff/open-data"} <= set(page.links())
    assert "xyz" not in response.text and "99999" not in response.text


def test_allowed_values_are_links_that_work(client: TestClient) -> None:
    links = Page(client.get("/staff/catalogue?status=xyz", headers=HTML).text).links("/staff/catalogue?status=")
    assert len(links) == 5
    assert {client.get(link).status_code for link in links} == {200}


@pytest.mark.parametrize("path", ["/staff/nope", "/staff/catalogue?status=xyz", "/staffing"])
def test_programs_get_a_problem(client: TestClient, path: str) -> None:
    response = client.get(path)
    assert response.headers["content-type"] == "application/problem+json"


@pytest.mark.parametrize("path", ["/staff/nope", "/staff/catalogue?status=xyz"])
def test_strangers_see_no_frame(client_for: ClientFor, path: str) -> None:
    response = client_for().get(path, headers=HTML)
    assert response.status_code == 403
    assert "Zum Katalog" not in response.text and "/staff/open-data" not in response.text


def test_other_pages_keep_their_own(client: TestClient) -> None:
    text = client.get("/staffing", headers=HTML).text
    assert "Zur Startseite" in text and "Zum Katalog" not in text


def test_what_is_not_get_is_told(client: TestClient) -> None:
    assert client.post("/staff/catalogue", headers=HTML).status_code == 405
