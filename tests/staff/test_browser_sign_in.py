"""Signing in as people do it, in Chromium: form, name, roles, log, sign-out; with the keyboard and checked by axe."""

from __future__ import annotations

import json
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from service.app import create_app
from service.connections.limits import ConnectionLimits
from service.edition_holder import EditionHolder
from service.settings import Settings
from service.staff.links import StaffLinks, link_to
from tests.service.running import running
from vectorstore.database import Database
from vectorstore.editions import EditionStore

pytestmark = pytest.mark.browser
SECRET = "ein langes Kennwort"


@pytest.fixture(scope="module")
def url(store: EditionStore, holder: EditionHolder) -> Iterator[str]:
    settings: dict[str, Any] = {"staff_access": "secret", "staff_secret": SECRET}
    app = create_app(Settings(data_dir=store.root, rate_per_minute=0, **settings), holder)
    with running(app, ConnectionLimits()) as address:
        yield address


@pytest.fixture
def page(url: str, browser: Any) -> Iterator[Any]:
    context = browser.new_context(base_url=url)
    yield context.new_page()
    context.close()


def sign_in(page: Any, name: str = "Eva Muster") -> None:
    page.goto("/staff/catalogue")
    page.get_by_label("Ihr Name").fill(name)
    page.get_by_label("Kennwort").fill(SECRET)
    page.keyboard.press("Enter")
    page.wait_for_url("**/staff/catalogue")


def faults(page: Any) -> list[str]:
    from axe_playwright_python.sync_playwright import Axe

    found = Axe().run(page).response["violations"]
    return [json.dumps({"id": one["id"], "nodes": [node["html"] for node in one["nodes"]]}) for one in found]


def test_the_form_can_be_used_by_everybody(page: Any) -> None:
    page.goto("/staff")
    assert page.url.endswith("/staff/sign-in")
    assert faults(page) == []
    assert page.get_by_label("Kennwort").get_attribute("type") == "password"
    assert page.get_by_label("Kennwort").get_attribute("autocomplete") == "current-password"
    page.get_by_label("Ihr Name").fill("Eva")
    page.get_by_label("Kennwort").fill("geraten")
    page.get_by_role("button", name="Anmelden").click()
    assert page.get_by_role("alert").inner_text() == "Das Kennwort stimmt nicht."
    assert page.get_by_label("Ihr Name").input_value() == "Eva"
    assert faults(page) == []


def test_people_sign_in_see_who_they_are_and_sign_out(page: Any) -> None:
    sign_in(page)
    assert "Angemeldet als Eva Muster (Veröffentlichen)" in page.locator(".presence").inner_text()
    for path in ("/staff/audit", "/staff/sessions"):
        page.goto(path)
        assert faults(page) == [], path
    page.get_by_role("banner").get_by_role("button", name="Abmelden").click()
    assert "Sie sind abgemeldet" in page.get_by_role("heading", level=1).inner_text()
    page.go_back()
    page.reload()
    assert page.url.partition("?")[0].endswith("/staff/sign-in")


def test_the_log_is_filtered_on_its_page(page: Any) -> None:
    sign_in(page, "Fritz Muster")
    page.get_by_role("link", name="Protokoll").click()
    page.get_by_label("Wer", exact=True).fill("fritz")
    page.get_by_label("Was", exact=True).select_option(label="angemeldet")
    page.get_by_role("button", name="Filtern").click()
    assert page.locator("tbody tr").count() == 1
    with page.expect_download() as loaded:
        page.get_by_role("link", name="Als CSV").click()
    assert Path(loaded.value.path()).read_text(encoding="utf-8-sig").count("Fritz Muster") == 1


def test_a_link_without_a_name_asks_for_it(store: EditionStore, holder: EditionHolder, browser: Any) -> None:
    linked = create_app(Settings(data_dir=store.root, rate_per_minute=0), holder)
    with running(linked, ConnectionLimits()) as url:
        context = browser.new_context(base_url=url)
        page = context.new_page()
        page.goto(link_to(url, StaffLinks(Database(store.root)).issue(time.time())))
        assert page.get_by_role("heading", level=1).inner_text() == "Wie heißen Sie?"
        assert faults(page) == []
        page.get_by_label("Ihr Name").fill("Greta Muster")
        page.keyboard.press("Enter")
        page.wait_for_url("**/staff")
        assert "Greta Muster" in page.locator(".presence").inner_text()
        context.close()
