"""Taking away in a real Chromium: collect over topics, order, note, copy, download; by keyboard, no violations."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from docx import Document as opened_word

from tests.processes import Server, serving
from tests.service.county import motion, report
from tests.staff.browsing import TOO_WIDE, VIEWS, violations, watched
from tests.staff.county import hostile, report_of
from tests.staff.signing_in import staff_context
from vectorstore.editions import EditionStore

pytestmark = pytest.mark.browser
CATALOGUE = "/staff/catalogue?document=auenland-report&kind=project"
PAGES = {"topic": "/staff/topics?q=Radschnellweg", "text": "/staff/topics/text?q=Radschnellweg", "list": CATALOGUE,
         "basket": "/staff/basket", "asked": "/staff/comparison", "compared": "/staff/comparison?topic=Radschnellweg",
         "publishers": "/staff/comparison?topic=L%C3%A4rmschutz&by=publisher",
         "moments": f"{CATALOGUE}&deadline_before=2030"}  # fmt: skip


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    root = tmp_path_factory.mktemp("taking-browser")
    documents = [report(), motion(), hostile()]
    EditionStore(root / "data").publish(documents, report=report_of(*documents))
    with serving(root) as server:
        yield server


@pytest.fixture
def page(browser: Any, complaints: list[str], server: Server) -> Iterator[Any]:
    with watched(browser, complaints, server, permissions=["clipboard-read", "clipboard-write"]) as page:
        yield page


def collected(page: Any) -> list[str]:
    """Open the basket with the catalogue's first three projects on it; return their names in order."""
    page.goto(CATALOGUE)
    for place in range(3):
        page.locator("tbody [data-take] button").nth(place).click()
    page.goto("/staff/basket")
    page.wait_for_selector("[data-entry]")
    return names(page)


def names(page: Any) -> list[str]:
    return list(page.locator("[data-entry]").evaluate_all("all => all.map((one) => one.dataset.entry)"))


def test_entries_of_several_pages_come_together(page: Any) -> None:
    page.goto("/staff/basket")
    assert page.locator("#leer").is_visible() and not page.locator("#mitnehmen").is_visible()
    page.goto("/staff/topics?q=Radschnellweg")
    first = page.locator(".hit [data-take] button").first
    first.focus()
    page.keyboard.press("Enter")
    assert first.get_attribute("aria-pressed") == "true" and first.inner_text().startswith("Gemerkt")
    assert "1 Eintrag gemerkt" in page.inner_text("main > p[role=status]")
    found = page.locator(".hit [data-take]").first.get_attribute("data-take")
    page.goto(CATALOGUE)
    page.get_by_role("button", name="Diese Seite merken").click()
    number = page.locator("tbody [data-take]").count()
    others = page.locator("tbody [data-take]").evaluate_all("all => all.map((one) => one.dataset.take)")
    whole = list(dict.fromkeys([found, *others]))
    assert page.inner_text(".top nav .basket-count").strip() == f"({len(whole)})" and number > 1
    page.locator("tbody [data-take] button").last.click()  # and away with the last again
    page.locator("tbody th a").first.click()
    assert page.locator("[data-take] button").get_attribute("aria-pressed") == "true"
    page.goto("/staff/basket")
    page.wait_for_selector("[data-entry]")
    assert names(page) == [one for one in whole if one != others[-1]]


def test_order_notes_and_removal_by_keyboard(page: Any) -> None:
    one, two, three = collected(page)
    page.locator("[data-entry]").nth(2).locator("[data-move=up]").focus()
    page.keyboard.press("Enter")
    assert names(page) == [one, three, two]
    page.keyboard.press("Enter")  # the focus went with it
    assert names(page) == [three, one, two]
    assert page.evaluate("document.activeElement.dataset.move") == "down"  # what is first cannot go up
    assert "an Stelle 1 von 3" in page.inner_text("main > p[role=status]")
    page.locator("[data-entry] textarea").first.fill("für den Haushalt")
    page.get_by_label("Überschrift").fill("Vorlage")
    page.locator("[data-entry]").nth(1).locator("[data-remove]").focus()
    page.keyboard.press("Space")
    assert names(page) == [three, two]
    assert page.evaluate("document.activeElement.closest('[data-entry]').dataset.entry") == two
    page.reload()
    page.wait_for_selector("[data-entry]")
    assert names(page) == [three, two]
    assert page.locator("textarea").first.input_value() == "für den Haushalt"
    assert page.get_by_label("Überschrift").input_value() == "Vorlage"


def test_the_basket_leaves_as_a_file_and_as_a_paragraph(page: Any) -> None:
    kept = collected(page)
    page.locator("[data-entry] textarea").first.fill("=1+1")
    with page.expect_download() as download:
        page.get_by_role("button", name="Word (DOCX)").click()
    assert download.value.suggested_filename == "merkliste.docx"
    made = opened_word(download.value.path())
    assert [row.cells[-1].text for row in made.tables[0].rows] == ["Anmerkung", "=1+1", "", ""]
    page.get_by_role("button", name="Absatz zum Kopieren").click()
    page.wait_for_selector("#formatiert")
    page.get_by_role("button", name="Text kopieren").click()
    assert page.inner_text("#kopiert-text") == "Kopiert."
    copied = page.evaluate("navigator.clipboard.readText()")
    assert copied.replace("\r\n", "\n") == page.locator("#text").input_value() and "Ausgewählt sind 3" in copied
    page.get_by_role("button", name="Mit Verweisen kopieren").click()
    rich = page.evaluate(
        "navigator.clipboard.read().then(([one]) => one.getType('text/html')).then((blob) => blob.text())"
    )
    assert "/documents/auenland-report/" in rich
    page.go_back()
    page.wait_for_selector("[data-entry]")
    assert names(page) == kept


def test_emptying_asks_first(page: Any) -> None:
    kept = collected(page)
    page.once("dialog", lambda dialog: dialog.dismiss())
    page.get_by_role("button", name="Merkliste leeren").click()
    assert names(page) == kept
    page.once("dialog", lambda dialog: dialog.accept())
    page.get_by_role("button", name="Merkliste leeren").click()
    assert names(page) == [] and page.locator("#leer").is_visible()
    assert page.locator(".basket-count").count() == 0


@pytest.mark.parametrize("view", VIEWS)
def test_no_violation_and_nothing_too_wide(browser: Any, server: Server, view: str) -> None:
    def ready(page: Any, name: str) -> None:
        if name == "basket":
            collected(page)
        wide = page.evaluate("document.documentElement.scrollWidth > window.innerWidth")
        assert not wide, (name, page.evaluate(TOO_WIDE))

    assert violations(browser, server, view, PAGES, ready) == ""


def test_without_script_the_basket_says_so_and_files_remain(browser: Any, server: Server) -> None:
    context = staff_context(browser, server, java_script_enabled=False)
    page = context.new_page()
    page.goto("/staff/basket")
    assert "braucht JavaScript" in page.inner_text("main") and not page.locator("#merkliste").is_visible()
    page.goto("/staff/topics?q=Radschnellweg")
    assert page.get_by_role("button", name="Merken").count() == 0
    with page.expect_download() as download:
        page.get_by_role("link", name="Word (DOCX)").click()
    assert download.value.suggested_filename == "thema.docx"
    context.close()
