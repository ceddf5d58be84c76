"""The service below a path of a website, behind nginx that takes the path off or passes it on: no
address leads out of it.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx2 as httpx
import pytest

from tests.browsing import click, looking, served_here
from tests.processes import Served
from tests.service.nginx import Nginx, nginx
from tests.service.printed_papers import publish_printed
from tests.staff.signing_in import link_to_server

pytestmark = pytest.mark.browser
PUBLIC = "https://kreis.example/lotse"
RECORD = "/documents/auenland-report/2.1.2.3?quote=Der+Bau+beginnt+am+1.+Mai+2026."
PAGES = (
    "/",
    "/ask",
    "/documents",
    "/documents/auenland-report",
    RECORD,
    "/fortschritt",
    "/aenderungen",
    "/docs",
)
STAFF_PAGES = ("/staff", "/staff/catalogue?topic=Rad", "/staff/documents", "/staff/uploads")
ADDRESSES = """() => [...document.querySelectorAll("[href], [src], [action]")]
  .map((node) => node.href || node.src || node.action).filter((address) => address.startsWith("http"))"""


@pytest.fixture(scope="module")
def behind(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Nginx, Path]]:
    root = tmp_path_factory.mktemp("path")
    with (
        served_here(publish_printed(root / "data"), public_url=PUBLIC) as served,
        nginx(int(served.url.rpartition(":")[2]), root) as proxy,
    ):
        yield proxy, root / "data"


@pytest.fixture(params=["taken_off", "passed_on"])
def service(request: pytest.FixtureRequest, behind: tuple[Nginx, Path]) -> Served:
    proxy, data = behind
    return Served(f"http://127.0.0.1:{getattr(proxy, request.param)}/lotse", data)


def visit(page: Any, service: Served, paths: tuple[str, ...]) -> None:
    """Open pages; fail where one is not there, or has an address of this host outside the path."""
    host = service.url.removesuffix("lotse")
    for path in paths:
        assert page.goto(service.url + path).status == 200, path
        addresses = [item for item in page.evaluate(ADDRESSES) if item.startswith(host)]
        assert (
            addresses
            and [item for item in addresses if not item.startswith(f"{service.url}/")] == []
        )


def test_people_ask_and_open_what_is_cited(browser: Any, service: Served) -> None:
    with looking(browser, service.url) as context:
        page = context.new_page()
        visit(page, service, PAGES)
        page.goto(service.url + "/ask")
        page.get_by_label("Ihre Frage").fill("Wie ist der Stand beim Lastenradverleih?")
        page.keyboard.press("Enter")
        page.wait_for_selector("#antwort-titel:focus")
        assert page.url.startswith(f"{service.url}/ask?")
        page.locator("#antwort .citations a").first.click()
        page.wait_for_selector("h1")
        assert page.url.startswith(f"{service.url}/documents/auenland-report/")
        page.get_by_text("Dieser Eintrag ist falsch").click()
        page.get_by_label("Was wäre richtig").fill("Es sind zwei.")
        click(page, "button", "Hinweis senden")
        page.wait_for_url("**/lotse/documents/**hint=kept**")
        page.goto(service.url + "/")
        widget = page.locator("strategielotse-chat")
        widget.locator(".ask textarea").fill("Was ist mit dem Radschnellweg?")
        page.keyboard.press("Enter")
        link = widget.locator("a[href*='/documents/']").first
        link.wait_for()
        assert str(link.evaluate("node => node.href")).startswith(f"{service.url}/documents/")


def test_staff_sign_in_search_and_leave(browser: Any, service: Served) -> None:
    with looking(browser, service.url) as context:
        page = context.new_page()
        page.goto(link_to_server(service))
        assert page.url == f"{service.url}/staff"
        assert {cookie["path"] for cookie in context.cookies()} == {"/lotse/staff"}
        visit(page, service, STAFF_PAGES)
        page.goto(service.url + "/staff/catalogue?topic=Radschnellweg")
        page.locator(".records-table a").first.click()
        page.wait_for_selector("h1")
        assert page.url.startswith(f"{service.url}/staff/items/")


def test_what_leaves_the_service_has_its_address(service: Served) -> None:
    for path in ("/aenderungen.atom", "/sitemap.xml", "/llms.txt", "/robots.txt"):
        text = httpx.get(service.url + path).text
        assert PUBLIC in text and "kreis.example/documents" not in text
    assert "Disallow: /lotse/staff" in httpx.get(f"{service.url}/robots.txt").text
    # made when it is first asked for, which takes seconds on a busy machine
    api = httpx.get(f"{service.url}/openapi.json", timeout=60).json()
    assert api["servers"] == [{"url": "/lotse"}]
    embedded = httpx.get(f"{service.url}/fortschritt/eingebettet").text
    assert 'href="/documents/' in embedded  # the element puts them under the service's address
