"""Markup stays text on every page and in every file; errors stay in the frame, name the field, and
lead back.
"""

from __future__ import annotations

import re
from urllib.parse import quote

import pytest
from starlette.testclient import TestClient

from service.office.staff.rendering import SECTIONS
from tests.ingest.cases import cases
from tests.staff.conftest import ClientFor
from tests.staff.county import IMAGE, SCRIPT
from tests.staff.reading import Page

PAYLOADS = [
    SCRIPT, "'\"><svg onload=window.hacked=1>", "</title><script>window.hacked=1</script>", "{{7*7}}",
    "javascript:window.hacked=1", "</option></select><img src=x onerror=window.hacked=1>",
]  # fmt: skip
PAGES = [
    "", "/catalogue", "/catalogue?kind=theme", "/catalogue?document=boeser-bericht", "/items/boeser-bericht/9.1",
    "/items/boeser-bericht/9.1.1", "/documents", "/documents/boeser-bericht", "/catalogue?topic=Projekt",
    "/catalogue/print", "/catalogue?topic=Text",
]  # fmt: skip
WITH_TEXT = [
    "/catalogue?topic=", "/catalogue?q=", "/catalogue?unit=", "/catalogue?theme=", "/catalogue?municipality=",
    "/catalogue?document=", "/catalogue?goal=", "/items/auenland-report/2.1.2.3?quote=", "/items/auenland-report/",
    "/documents/",
]  # fmt: skip


def assert_harmless(source: str) -> None:
    for tag, attributes in Page(source).tags:
        assert tag not in ("style", "iframe", "object"), tag
        assert tag != "script" or set(attributes) == {"type", "src"}, (
            attributes
        )  # ours, from a file
        assert not [name for name in attributes if name.startswith("on") or name == "style"], (
            attributes
        )
        for name in ("href", "src", "action"):
            assert re.match(r"(/|#|https://|$)", attributes.get(name, "")), attributes
        assert tag != "img" or attributes["src"].startswith("/static/")


@pytest.mark.parametrize("path", PAGES)
def test_documents_stay_text_under_a_strict_policy(client: TestClient, path: str) -> None:
    response = client.get(f"/staff{path}", headers={"Accept": "text/html"})
    assert response.status_code == 200
    assert_harmless(response.text)
    assert "script-src 'self'" in response.headers["content-security-policy"]
    assert response.headers["cache-control"] == "no-store"
    loaded = re.findall(
        r"<(?:script|link|img|iframe|source)[^>]*?(?:src|href)=\"([^\"]+)\"", response.text
    )
    assert loaded and all(address.startswith("/static/") for address in loaded)


@pytest.mark.parametrize("path", WITH_TEXT)
def test_what_is_asked_stays_text(client: TestClient, path: str) -> None:
    for payload in PAYLOADS:
        response = client.get(
            f"/staff{path}" + quote(payload, safe=""), headers={"Accept": "text/html"}
        )
        assert response.status_code in (200, 404, 422)
        assert_harmless(response.text)


def test_payloads_are_shown_as_they_are_written(client: TestClient) -> None:
    page = Page(client.get("/staff/items/boeser-bericht/9.1.1").text)
    assert (
        f"Projekt {SCRIPT}" in page.text
        and f"66 {IMAGE}" in page.text
        and f"Ort {SCRIPT}" in page.text
    )
    assert IMAGE in Page(client.get("/staff/documents").text).text
    assert (
        "„{{7*7}}“" in Page(client.get("/staff/catalogue", params={"topic": "{{7*7}}"}).text).text
    )
    filtered = client.get("/staff/catalogue", params={"unit": f"66 {IMAGE}"}).text
    assert re.findall(r'<h2 id="anzahl">(\d+) Eintr', filtered) == ["1"]


HTML = {"Accept": "text/html", "Accept-Language": "en"}


@cases("path", "status", "said")
def test_an_error_stays_in_the_frame_and_names_the_field(
    client: TestClient, path: str, status: int, said: tuple[str, ...]
) -> None:
    response = client.get(f"/staff/{path}".replace("{LONG}", "x" * 4001), headers=HTML)
    page = Page(response.text)
    assert response.status_code == status
    assert all(words in page.text.replace(" ,", ",") for words in said), page.text
    assert "Zur Suche" in page.text
    assert {item.address for item in SECTIONS} <= set(page.links())
    assert "xyz" not in response.text and "99999" not in response.text


def test_programs_get_a_problem_strangers_no_frame_and_other_pages_keep_their_own(
    client: TestClient, client_for: ClientFor
) -> None:
    for path in ("/staff/nope", "/staff/catalogue?status=xyz", "/staffing"):
        assert client.get(path).headers["content-type"] == "application/problem+json"
    for path in ("/staff/nope", "/staff/catalogue?status=xyz"):
        response = client_for().get(path, headers=HTML)
        assert response.status_code == 403
        assert "Zur Suche" not in response.text and "/staff/administration" not in response.text
    text = client.get("/staffing", headers=HTML).text
    assert "Zur Startseite" in text and "Zur Suche" not in text
    assert client.post("/staff/catalogue", headers=HTML).status_code == 405
