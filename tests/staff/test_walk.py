"""Staff pages in a real Chromium, once through: sign-in, topic, list, correction, upload; no
violation.
"""

from __future__ import annotations

import re
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest

from tests.browsing import click, looking, served_here, staff_page, troubles
from tests.ingest.cases import values
from tests.processes import Served, until
from tests.service.county import motion, report
from tests.service.printed_papers import printed
from tests.service.test_cli_editions import plan, publish_plan
from tests.staff.provider import CLIENT, SECRET, providing
from tests.staff.signing_in import link_to_server
from vectorstore import EditionStore

pytestmark = pytest.mark.browser
REPORT = "lauterfeld-nachhaltigkeitsbericht-2026"
UPLOADS = "/staff/uploads"
READ = 120_000  # milliseconds: a reading on a busy machine
ONCE = values(__file__, "once")


def stepping(page: Any, name: str) -> None:
    """Headings step down one at a time."""
    levels = page.evaluate(
        "[...document.querySelectorAll('h1,h2,h3,h4,h5,h6')].map((one) => +one.tagName[1])"
    )
    assert levels[0] == 1 and levels.count(1) == 1, name
    assert all(after <= before + 1 for before, after in pairwise(levels)), (name, levels)


def test_every_page_once(page: Any) -> None:
    assert troubles(page, "light", ONCE, stepping) == []
    assert any(
        "button-name" in trouble for trouble in troubles(page, "", {"here": "/staff"}, broken)
    ), "the rules find it"


def broken(page: Any, name: str) -> None:
    page.evaluate("document.querySelector('h1').after(document.createElement('button'))")


def test_people_sign_in_see_who_they_are_and_sign_out(browser: Any, tmp_path: Path) -> None:
    """By a link; the log says so; scripts read no session, and who goes back finds none."""
    with (
        served_here(tmp_path, report()) as served,
        looking(browser, served.url, forgiven="403") as context,
    ):
        page = context.new_page()
        page.goto(link_to_server(served, name="Eva Muster"))
        assert (
            "Angemeldet als Eva Muster (Veröffentlichen)" in page.locator(".presence").inner_text()
        )
        (cookie,) = context.cookies()
        assert (cookie["httpOnly"], cookie["sameSite"], cookie["path"]) == (True, "Lax", "/staff")
        assert page.evaluate("document.cookie") == ""  # no script reads it
        click(page, "link", "Verwaltung", exact=True)
        click(page, "link", "Protokoll")
        assert page.locator("tbody tr").count() == 1
        with page.expect_download() as loaded:
            click(page, "link", "Als CSV")
        assert Path(loaded.value.path()).read_text(encoding="utf-8-sig").count("Eva Muster") == 1
        page.get_by_role("banner").get_by_role("button", name="Abmelden").click()
        assert "Sie sind abgemeldet" in page.get_by_role("heading", level=1).inner_text()
        page.go_back()
        page.reload()
        assert "Nur für Beschäftigte" in page.inner_text("h1")


def test_people_sign_in_and_out_by_account(browser: Any, tmp_path: Path) -> None:
    known: dict[str, Any] = {
        "oidc_client_id": CLIENT,
        "oidc_client_secret": SECRET,
        "oidc_roles": ("Amt=editor",),
    }
    with (
        providing(name="Dora Muster", groups=["Amt"], sid="s-1") as provider,
        served_here(
            tmp_path, report(), staff_access="oidc", oidc_issuer=provider.issuer, **known
        ) as served,
    ):
        context = browser.new_context(base_url=served.url)
        page = context.new_page()
        page.goto("/staff/catalogue?q=Rad")
        click(page, "link", "Mit dem Konto der Verwaltung anmelden")
        page.wait_for_url("**/staff/catalogue?q=Rad")
        assert "Dora Muster (Redaktion)" in page.locator(".presence").inner_text()
        page.get_by_role("banner").get_by_role("button", name="Abmelden").click()
        page.get_by_text("Sie sind abgemeldet").wait_for()
        assert len(provider.left) == 1
        page.goto("/staff")
        assert page.get_by_role("link", name="Mit dem Konto der Verwaltung anmelden").is_visible()
        context.close()


def test_a_link_without_a_name_asks_for_it(browser: Any, server: Served) -> None:
    with looking(browser, server.url) as context:
        page = context.new_page()
        page.goto(link_to_server(server, name=""))
        assert page.url.endswith("/staff/name") and page.inner_text("h1") == "Wie heißen Sie?"
        assert troubles(page, "light", {"name": "/staff/name"}) == []
        page.get_by_label("Ihr Name").fill("Greta Muster")
        page.keyboard.press("Enter")
        page.wait_for_url("**/staff")
        assert "Greta Muster" in page.locator(".presence").inner_text()


def test_a_topic_is_searched_by_keyboard_and_its_passage_opens_marked(page: Any) -> None:
    page.goto("/staff")
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.textContent") == "Zum Inhalt springen"
    page.keyboard.press("Enter")
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.id") == "f-topic"
    page.keyboard.type("Radverkehr")
    page.keyboard.press("Enter")
    page.wait_for_selector("#liste")
    page.locator(".records-table tbody th a").first.focus()
    assert page.evaluate("getComputedStyle(document.activeElement).outlineStyle") == "solid"
    page.keyboard.press("Enter")
    page.wait_for_selector("#wortlaut")
    page.wait_for_selector("mark#zitat")
    assert page.locator("mark#zitat").is_visible()
    page.goto(f"/staff/documents/{REPORT}")
    page.locator(".outline a", has_text="2.1.2.1").click()
    place = "document.getElementById('2.1.2.1').getBoundingClientRect().top"
    until(lambda: 0 <= page.evaluate(place) < 100)


def test_filters_and_files_work_without_script(browser: Any, server: Served) -> None:
    with looking(browser, server.url, java_script_enabled=False) as context:
        page = context.new_page()
        page.goto(link_to_server(server))
        page.goto("/staff/catalogue")
        page.get_by_label("Status", exact=True).select_option("idea")
        page.get_by_label("Thema", exact=True).select_option("Mobilität")
        click(page, "button", "Anzeigen")
        assert "status=idea" in page.url
        assert (
            page.locator(".records-table tbody tr").count()
            == int(page.inner_text("#anzahl").split()[0])
            > 0
        )
        click(page, "link", "Alle Filter entfernen")
        assert page.url.endswith("/staff/catalogue")
        with page.expect_download() as download:
            click(page, "link", "Excel (XLSX)")
        assert download.value.suggested_filename == "eintraege.xlsx"


def test_a_correction_holds_once_it_is_published_and_one_click_takes_it_back(
    browser: Any, tmp_path: Path
) -> None:
    address = "auenland-report/2.1.2.3"
    with served_here(tmp_path, report(), motion()) as served, staff_page(browser, served) as page:
        page.goto(f"/staff/items/{address}")
        click(page, "link", "Dieser Eintrag ist falsch")
        page.get_by_label("Status").select_option(label="umgesetzt")
        page.get_by_label("Begründung").fill("Eröffnet im Mai")
        page.keyboard.press("Enter")
        page.get_by_text("Status: „umgesetzt“, gelesen „in Bearbeitung“").wait_for()
        assert troubles(page, "light", {"draft": page.url}, unfolded) == []
        assert troubles(page, "light", {"decisions": "/staff/decisions"}) == []
        page.goto(f"/documents/{address}")
        assert "Korrigiert:" not in page.inner_text("main")

        def publish() -> str:
            """Publish; return the public page of the record then."""
            page.goto(f"/staff/items/{address}")
            click(page, "link", "Dieser Eintrag ist falsch")
            click(page, "button", "Veröffentlichen", exact=True)
            page.get_by_text("Veröffentlicht. Antworten").wait_for()
            page.goto(f"/documents/{address}")
            return str(page.inner_text("main"))

        assert "gelesen war „in Bearbeitung“" in publish()
        page.goto(f"/staff/items/{address}")
        click(page, "link", "Dieser Eintrag ist falsch")
        click(page, "button", "Zurücknehmen")
        assert "Korrigiert:" not in publish()


def drafted(page: Any, folder: Path) -> None:
    """Hand two files in with the page's script, and come to their draft without a touch."""
    page.goto(UPLOADS)
    page.set_input_files("#files", [plan(folder, 65), printed(folder / "radweg.pdf")])
    chosen = [re.sub(r" \(.*", "", text) for text in page.locator(".chosen li").all_inner_texts()]
    assert chosen == ["klimaplan.md", "radweg.pdf"]
    click(page, "button", "Einreichen und lesen")
    page.wait_for_url(re.compile(f"{UPLOADS}/jobs/"), timeout=READ)
    assert page.get_by_label("Fortschritt").is_visible() or "drafts" in page.url
    page.wait_for_url(re.compile(f"{UPLOADS}/drafts/"), timeout=READ)


def test_documents_are_handed_in_looked_through_and_published(browser: Any, tmp_path: Path) -> None:
    with served_here(publish_plan(tmp_path)) as served, staff_page(browser, served) as page:
        drafted(page, tmp_path)
        path = page.url.removeprefix(served.url)
        page.goto(f"{path}?document=radweg")
        page.locator(".entry img").first.scroll_into_view_if_needed()
        until(lambda: page.locator(".entry img").first.evaluate("one => one.naturalWidth") > 100)
        assert troubles(page, "light", {"draft": f"{path}?document=radweg"}, unfolded) == []
        assert troubles(page, "light", {"plan": f"{path}?document=klimaplan"}, unfolded) == []
        page.goto(f"{path}?document=klimaplan")
        page.get_by_role("navigation", name="Auf dieser Seite").get_by_role(
            "link", name="M 2 Bäume pflanzen"
        ).focus()
        page.keyboard.press("Enter")
        assert (
            page.url.endswith("#eintrag-2")
            and page.evaluate("document.activeElement.id") == "eintrag-2"
        )
        page.get_by_text("Angaben ändern").nth(1).click()
        page.get_by_label("Zeitraum").nth(1).fill("2029 bis 2031")
        click(page, "button", "Änderungen speichern: M 2 Bäume pflanzen")
        assert "Zeitraum: „2029 bis 2031“" in page.inner_text("main")
        click(page, "button", "Kein eigener Eintrag: M 2 Bäume pflanzen")
        click(page, "button", "Zurücknehmen: M 2 Bäume pflanzen: Art: „Abschnitt“")
        path = page.url.removeprefix(served.url).partition("?")[0]
        click(page, "button", "Veröffentlichen", exact=True)
        assert "Veröffentlicht. Antworten" in page.inner_text("main")
        assert EditionStore(served.data).current_name() == path.rpartition("/")[2]


def unfolded(page: Any, name: str) -> None:
    page.evaluate("for (const one of document.querySelectorAll('details')) one.open = true")
