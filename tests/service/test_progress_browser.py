"""Progress and changes in a real Chromium: numbers proven by clicking, keyboard, looks, print,
without script.
"""

from __future__ import annotations

from collections.abc import Iterator
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
from pypdf import PdfReader

from ingest import IngestRequest, run_ingest
from prompts import load_words
from tests.browsing import LOOKS, click, faults, looking, served_here, troubles
from tests.processes import REPOSITORY, Served
from tests.service.two_editions import REPORT, plan, publish_both, second_report
from tests.widget.websites import websites
from vectorstore import EditionStore
from vectorstore.records import DocumentStatus

CORPUS = REPOSITORY / "../shared/corpus/corpus.toml"
pytestmark = pytest.mark.browser
WORDS = load_words("de/progress")
PAGES = {
    path: path
    for path in (
        "/fortschritt", "/fortschritt?language=en", f"/fortschritt/liste?document={REPORT}", "/fortschritt/daten",
        "/aenderungen", f"/aenderungen?record={REPORT}/M 9&language=en", f"/documents/{REPORT}/M 5",
        f"/documents/{REPORT}/M 7",
    )
}  # fmt: skip


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    root = tmp_path_factory.mktemp("progress-browser")
    publish_both(root)
    EditionStore(root).publish([second_report(), plan(DocumentStatus.DRAFT)])
    with served_here(root, allowed_origins="*") as served:
        yield served


def proven(page: Any, address: str) -> int:
    """Open every number of the progress page; each list is as long as its number says. Return how
    many there were.
    """
    page.goto(address)
    links = page.locator(".progress td.number a")
    numbers = links.evaluate_all(
        "all => all.map((one) => [one.href, parseInt(one.firstChild.data)])"
    )
    for href, number in numbers:
        page.goto(href)
        listed = (
            page.locator(".plans > li").count(),
            int(page.locator("#zahl").get_attribute("data-total")),
        )
        assert listed == (min(number, 200), number), href
    return len(numbers)


def test_every_number_is_proven_by_clicking_down_to_the_printed_status(page: Any) -> None:
    assert proven(page, "/fortschritt") > 20
    page.goto("/fortschritt")
    row = page.locator("tr", has=page.get_by_role("rowheader", name="2 Wege"))
    row.get_by_role("link", name=f"{WORDS['status_implemented']}: 2 Wege").click()
    entry = page.locator(".plans > li")
    assert "ist fertig" in entry.locator("blockquote").inner_text()
    assert WORDS["page"].format(page=2) in entry.inner_text() and "01.03.2026" in entry.inner_text()
    entry.get_by_role("link").first.click()
    page.wait_for_selector("mark#zitat")
    assert page.locator("mark").first.inner_text() == "ist fertig"


@pytest.mark.parametrize("look", LOOKS)
def test_no_page_is_wrong_in_any_look(browser: Any, server: Served, look: str) -> None:
    with looking(browser, server.url, forgiven="410", **LOOKS[look]) as context:
        assert troubles(context.new_page(), look, PAGES) == []


def test_by_keyboard_from_the_bars_to_a_record_and_to_what_changed(page: Any) -> None:
    page.goto("/fortschritt")
    seen = []
    for _ in range(60):
        page.keyboard.press("Tab")
        seen.append(page.evaluate("document.activeElement.textContent.trim()"))
        if WORDS["changes_title"] in seen[-1]:
            break
    assert seen[0] == WORDS["skip"] and any("2 Wege" in text for text in seen)
    assert page.evaluate("getComputedStyle(document.activeElement).outlineStyle") == "solid", (
        "where one is can be seen"
    )
    page.keyboard.press("Enter")
    page.wait_for_url(f"**/aenderungen?document={REPORT}*")
    assert page.locator(".plans > li").count() == 7
    page.get_by_role("link", name=WORDS["changes"], exact=True).press("Enter")
    page.wait_for_url("**/aenderungen")
    assert page.locator(".plans > li").count() == 0, "the last edition has no changed records"
    page.get_by_role("link", name="2026-06-01-1").press("Enter")
    page.wait_for_url("**/aenderungen/2026-06-01-1*")
    assert page.locator(".plans > li").count() == 8


def test_in_print_bars_keep_their_colours_and_nothing_is_cut(page: Any) -> None:
    page.goto("/fortschritt")
    page.emulate_media(media="print")
    page.set_viewport_size({"width": 700, "height": 1000})  # an A4 page with its margins
    assert not page.locator(".top nav").is_visible() and not page.locator(".take").is_visible()
    assert (
        page.locator(".bar").first.evaluate("one => getComputedStyle(one).printColorAdjust")
        == "exact"
    )
    assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth")
    for table in page.locator(".scroll").all():
        assert table.evaluate("one => one.scrollWidth <= one.clientWidth")
    page.goto("/aenderungen/2026-06-01-1")
    first = (
        PdfReader(BytesIO(page.pdf(format="A4", print_background=False))).pages[0].extract_text()
    )
    assert "Bericht des Kreises Moorbach 2026" in first, (
        "a document that is longer than a page begins where it is"
    )


def test_it_all_works_without_scripts(browser: Any, server: Served) -> None:
    with looking(browser, server.url, java_script_enabled=False) as context:
        page = context.new_page()
        page.goto("/")
        page.get_by_role("link", name=WORDS["progress"], exact=True).first.click()
        click(page, "link", f"{WORDS['status_idea']}: 2 Wege")
        assert page.locator(".plans > li").count() == 1
        click(page, "link", WORDS["other_language"])
        assert page.locator("html").get_attribute("lang") == "en"
        assert load_words("en/progress")["status_idea"] in page.locator("h1").inner_text()


def test_a_website_shows_it_by_an_element_whose_links_lead_to_the_service(
    browser: Any, server: Served
) -> None:
    with websites() as site, looking(browser, server.url, site.url, forgiven="422") as context:
        head = f'<script type="module" src="{server.url}/widget.js"></script>'
        element = f'<strategielotse-progress document="{REPORT}"><a href="/fallback">anders</a></strategielotse-progress>'
        policy = f"default-src 'none'; script-src {server.url}; connect-src {server.url}"
        page = context.new_page()
        page.goto(site.put("/fortschritt", element, head=head, policy=policy))
        section = page.locator("strategielotse-progress section")
        section.wait_for()
        assert (
            section.locator(".bar rect").first.evaluate("one => getComputedStyle(one).fill")
            != "rgb(0, 0, 0)"
        )
        assert faults(page) == []
        link = section.get_by_role("link", name=f"{WORDS['status_implemented']}: 2 Wege")
        assert link.get_attribute("href").startswith(f"{server.url}/fortschritt/liste?")
        page.locator("strategielotse-progress").evaluate(
            "one => one.setAttribute('language', 'en')"
        )
        page.get_by_role("columnheader", name=load_words("en/progress")["theme"]).wait_for()
        page.set_viewport_size({"width": 320, "height": 640})
        assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth")
        page.locator("strategielotse-progress").evaluate(
            "one => one.setAttribute('document', 'nirgends')"
        )
        page.get_by_role("link", name="anders").wait_for()


@pytest.mark.corpus
@pytest.mark.skipif(
    not CORPUS.exists(), reason="../shared/corpus is not here: real documents are not read"
)
def test_over_the_real_documents_every_number_is_its_list(browser: Any, tmp_path: Path) -> None:
    run_ingest(IngestRequest(manifest=CORPUS, prefer_text=True), EditionStore(tmp_path))
    with served_here(tmp_path) as served, looking(browser, served.url) as context:
        assert (
            proven(context.new_page(), "/fortschritt") > 30
        )  # papers without statuses have no bars
