"""The staff page in a real Chromium: no violations in any state, keyboard, small windows, no script run or needed."""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe

from ingest.job import IngestRequest, run_ingest
from tests.processes import COMMAND, Server, environment, served, serving
from tests.service.county import motion, report
from tests.service.front_papers import guessed, new, old
from tests.service.partly_read import climate, cycling
from tests.service.test_browser import CONTRAST
from tests.staff.browsing import ALL_RULES, SPACING, TOO_WIDE, VIEWS, violations, watched
from tests.staff.conftest import SAMPLE
from tests.staff.county import hostile, report_of
from tests.staff.signing_in import staff_context
from tests.widget.websites import websites
from vectorstore.editions import EditionStore

pytestmark = pytest.mark.browser
REPORT = "lauterfeld-nachhaltigkeitsbericht-2026"
STATES = {
    "start": "/staff",
    "found": "/staff/topics?q=Radverkehr",
    "related": "/staff/topics?q=Hochwasserschutz",
    "around": "/staff/topics?q=Raumfahrt",
    "undecided": "/staff/topics?q=L%C3%A4rmschutz",
    "not-covered": "/staff/topics?q=Quantencomputer",
    "too-long": "/staff/topics?q=" + "x" * 501,
    "catalogue": "/staff/catalogue",
    "filtered": "/staff/catalogue?status=idea&theme=Mobilit%C3%A4t&sort=title",
    "second-page": "/staff/catalogue?page=2",
    "empty": "/staff/catalogue?q=Quantencomputer&unit=66",
    "item": f"/staff/items/{REPORT}/2.1.2.1",
    "conflict": "/staff/items/auenland-report/2.1.2.3?quote=zw%C3%B6lf+Kilometern",
    "wrong-quote": "/staff/items/auenland-report/2.1.2.3?quote=zwanzig",
    "hostile-item": "/staff/items/boeser-bericht/9.1.1",
    "documents": "/staff/documents",
    "document": f"/staff/documents/{REPORT}",
    "draft": "/staff/documents/boeser-bericht",
    "incomplete": "/staff/documents/auenland-klima",
    "not-understood": "/staff/documents/auenland-rad",
    "unconfirmed": "/staff/documents/auenland-hochwasser",
    "superseded": "/staff/documents/auenland-wohnen-alt",
    "at-least": "/staff/catalogue?document=auenland-klima",
    "uncertain": "/staff/catalogue?kind=measure",
    "open-data": "/staff/open-data",
    "not-found": "/staff/documents/nix",
    "wrong-filter": "/staff/catalogue?year=x",
    "wrong-status": "/staff/catalogue?status=xyz",
}


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    root = tmp_path_factory.mktemp("staff-browser")
    store = EditionStore(root / "data")
    run_ingest(IngestRequest(manifest=SAMPLE), store)
    edition = store.open()
    documents = [
        *edition.catalogue.parsed(),
        report(),
        motion(),
        hostile(),
        climate(),
        cycling(),
        guessed(),
        old(),
        new(),
    ]
    edition.close()
    store.publish(documents, report=report_of(*documents))
    with serving(root) as server:
        yield server


@pytest.fixture
def page(browser: Any, complaints: list[str], server: Server) -> Iterator[Any]:
    with watched(browser, complaints, server) as page:
        yield page


@pytest.mark.parametrize("view", VIEWS)
def test_no_state_has_a_violation(browser: Any, server: Server, view: str) -> None:
    assert violations(browser, server, view, STATES) == ""


@pytest.mark.parametrize("view", VIEWS)
def test_who_did_not_sign_in_gets_a_clear_page_without_violations(browser: Any, server: Server, view: str) -> None:
    context = browser.new_context(base_url=server.url, **VIEWS[view])
    page = context.new_page()
    refused = {"/staff": "Nur für Beschäftigte", "/staff/sign-in?token=x": "Zugangslink gilt nicht mehr"}
    for path, title in refused.items():
        assert page.goto(path).status == 403
        assert page.inner_text("h1") == title
        assert Axe().run(page, options=ALL_RULES).violations_count == 0
    context.close()


def test_the_printed_link_opens_the_page(browser: Any, server: Server) -> None:
    (link,) = re.findall(r"Seite für Beschäftigte \(gilt einmal\): (http://\S+)", server.log.read_text())
    context = browser.new_context(base_url=server.url)
    page = context.new_page()
    page.goto(link)
    assert page.url == f"{server.url}/staff/name" and page.inner_text("h1")  # it asks who it is
    assert page.evaluate("document.cookie") == ""  # no script reads it
    (cookie,) = context.cookies()
    assert (cookie["httpOnly"], cookie["sameSite"], cookie["path"]) == (True, "Strict", "/staff")
    context.close()


def test_a_foreign_website_opens_nothing_with_my_session(browser: Any, server: Server) -> None:
    """`localhost` is another site than `127.0.0.1`: its link comes without the cookie, my own call with it."""
    with websites() as site:
        context = staff_context(browser, server)
        page = context.new_page()
        foreign = site.put("/boese", f'<a href="{server.url}/staff">Weiter</a>').replace("127.0.0.1", "localhost")
        page.goto(foreign)
        with page.expect_response(f"{server.url}/staff") as response:
            page.get_by_role("link", name="Weiter").click()
        assert response.value.status == 403
        assert page.goto("/staff").status == 200
        context.close()


def test_the_secret_opens_the_page_in_a_browser(browser: Any, tmp_path: Path) -> None:
    EditionStore(tmp_path / "data").publish([report()])
    closed = environment(
        tmp_path / "data", STRATEGIELOTSE_STAFF_ACCESS="secret", STRATEGIELOTSE_STAFF_SECRET="ein langes Kennwort"
    )
    with served([*COMMAND, "serve"], env=closed, log=tmp_path / "log", path="/readyz") as server:
        context = browser.new_context(base_url=server.url)
        page = context.new_page()
        page.goto("/staff/catalogue")
        page.get_by_label("Ihr Name").fill("Ada Muster")
        page.get_by_label("Kennwort").fill("ein langes Kennwort")
        page.get_by_role("button", name="Anmelden").click()
        page.wait_for_url("**/staff/catalogue")
        assert "Radschnellweg Nord" in page.inner_text("main")
        context.close()


def test_the_rules_find_a_violation(browser: Any, server: Server) -> None:
    page = staff_context(browser, server).new_page()
    page.goto("/staff")
    page.evaluate("document.querySelector('label[for=q]').remove()")
    assert "label" in Axe().run(page, options=ALL_RULES).generate_snapshot()
    page.context.close()


@pytest.mark.parametrize("view", ["light", "dark"])
def test_text_stands_out_from_its_ground(browser: Any, server: Server, view: str) -> None:
    context = staff_context(browser, server, **VIEWS[view])
    page = context.new_page()
    for name in ("found", "not-covered", "filtered", "conflict", "draft", "incomplete", "uncertain", "open-data"):
        page.goto(STATES[name])
        page.evaluate("for (const one of document.querySelectorAll('svg')) one.remove()")  # shapes are no text
        assert page.evaluate(CONTRAST) == [], name
    context.close()


@pytest.mark.parametrize("spacing", ["", SPACING])
def test_every_state_fits_320_pixels(browser: Any, server: Server, spacing: str) -> None:
    """WCAG 2.2, 1.4.10 and 1.4.12: only tables scroll, within themselves."""
    context = staff_context(browser, server, bypass_csp=True, **VIEWS["narrow"])
    page = context.new_page()
    wide = []
    for name, path in STATES.items():
        page.goto(path)
        if spacing:
            page.add_style_tag(content=spacing)
        if page.evaluate("document.documentElement.scrollWidth > window.innerWidth"):
            wide.append((name, page.evaluate(TOO_WIDE)))
    context.close()
    assert wide == []


@pytest.mark.parametrize("width", [1024, 1280, 1440, 1920])
def test_the_table_of_statuses_is_whole(browser: Any, server: Server, width: int) -> None:
    page = staff_context(browser, server, viewport={"width": width, "height": 900}).new_page()
    page.goto("/staff/catalogue")
    cut = "one => one.closest('.scroll').scrollWidth - one.closest('.scroll').clientWidth"
    height = "one.getBoundingClientRect().height / parseFloat(getComputedStyle(one).lineHeight)"
    lines = f"all => Math.max(...all.map((one) => {height}))"
    assert page.locator("table.numbers").evaluate(cut) <= 0
    assert page.locator("table.numbers tbody th").evaluate_all(lines) < 3
    page.context.close()


def test_by_keyboard_alone(page: Any) -> None:
    page.goto("/staff")
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.textContent") == "Zum Inhalt springen"
    page.keyboard.press("Enter")
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.id") == "q"
    page.keyboard.type("Radverkehr")
    page.keyboard.press("Enter")
    page.wait_for_selector("#ergebnis")
    link = page.locator(".hit h4 a").first
    link.focus()
    outline = page.evaluate("getComputedStyle(document.activeElement).outlineStyle")
    page.keyboard.press("Enter")
    page.wait_for_selector("#wortlaut")
    assert outline == "solid"


def test_the_plot_opens_and_closes_by_keyboard(page: Any) -> None:
    page.goto("/staff/catalogue")
    page.locator(".plot summary").focus()
    assert page.locator("svg.bars").is_visible()
    page.keyboard.press("Enter")
    assert not page.locator("svg.bars").is_visible()


def test_headings_step_down_one_at_a_time(page: Any) -> None:
    for name, path in STATES.items():
        page.goto(path) if name not in ("too-long", "not-found", "wrong-filter", "wrong-status") else page.goto(
            "/staff"
        )
        levels = page.evaluate("[...document.querySelectorAll('h1,h2,h3,h4,h5,h6')].map((one) => +one.tagName[1])")
        assert levels[0] == 1 and levels.count(1) == 1, name
        assert all(after <= before + 1 for before, after in pairwise(levels)), (name, levels)


def test_filters_work_without_script(browser: Any, server: Server) -> None:
    context = staff_context(browser, server, java_script_enabled=False)
    page = context.new_page()
    page.goto("/staff/catalogue")
    page.get_by_label("Status", exact=True).select_option("idea")
    page.get_by_label("Thema", exact=True).select_option("Mobilität")
    page.get_by_role("button", name="Anzeigen").click()
    assert "status=idea" in page.url
    assert page.locator(".records-table tbody tr").count() == int(page.inner_text("#anzahl").split()[0]) > 0
    page.get_by_role("link", name="Alle Filter entfernen").click()
    assert page.url.endswith("/staff/catalogue")
    with page.expect_download() as download:
        page.get_by_role("link", name="Excel (XLSX)").click()
    assert download.value.suggested_filename == "eintraege.xlsx"
    context.close()


def test_a_found_passage_opens_marked(page: Any) -> None:
    page.goto("/staff/topics?q=Radverkehr")
    page.locator(".hit h4 a").first.click()
    page.wait_for_selector("mark#zitat")
    assert page.locator("mark#zitat").is_visible()


def test_an_anchor_of_the_text_is_reached(page: Any) -> None:
    page.goto(f"/staff/documents/{REPORT}")
    page.locator(".outline a", has_text="2.1.2.1").click()
    place = "document.getElementById('2.1.2.1').getBoundingClientRect().top"
    page.wait_for_function(f"() => {place} >= 0 && {place} < 100")


def test_no_payload_runs(page: Any) -> None:
    for name in ("hostile-item", "draft", "documents", "catalogue", "open-data"):
        page.goto(STATES[name])
        assert page.evaluate("window.hacked") is None, name
    for payload in ("<script>window.hacked=1</script>", '"><img src=x onerror=window.hacked=1>'):
        for path in ("/staff/topics", "/staff/catalogue"):
            page.goto(path)
            page.locator("input[name=q]").fill(payload)
            page.keyboard.press("Enter")
            page.wait_for_url("**q=*")
            assert page.locator("input[name=q]").input_value() == payload
            assert page.evaluate("window.hacked") is None


def test_print_leaves_out_what_paper_cannot_use(page: Any) -> None:
    page.goto("/staff/catalogue")
    page.emulate_media(media="print")
    assert not page.locator(".filters").is_visible()
    assert not page.locator(".top nav").is_visible()
    assert page.locator(".records-table").is_visible()


def test_forced_colours_keep_the_bars_apart(browser: Any, server: Server) -> None:
    context = staff_context(browser, server, **VIEWS["forced"])
    page = context.new_page()
    page.goto("/staff/catalogue")
    fills = page.evaluate("[...document.querySelectorAll('.bars rect.fill')].map((one) => one.getAttribute('fill'))")
    strokes = page.evaluate(
        "[...document.querySelectorAll('.bars rect.fill')].map((one) => getComputedStyle(one).stroke)"
    )
    ink = page.evaluate("getComputedStyle(document.body).color")
    assert set(fills) == {"url(#p-idea)", "url(#p-planned)", "url(#p-in_progress)", "url(#p-implemented)"}
    assert set(strokes) == {ink}
    context.close()


def test_the_areas_fold_away_where_the_window_is_narrow(browser: Any, server: Server) -> None:
    context = staff_context(browser, server, **VIEWS["narrow"])
    page = context.new_page()
    page.goto("/staff/catalogue")
    areas, folded = page.get_by_role("navigation", name="Bereiche"), page.locator(".menu summary")
    assert folded.inner_text() == "Bereiche: Katalog" and not areas.get_by_role("link", name="Vergleich").is_visible()
    folded.focus()
    page.keyboard.press("Enter")
    areas.get_by_role("link", name="Vergleich").click()
    page.wait_for_url("**/staff/comparison")
    page.set_viewport_size({"width": 1280, "height": 800})
    assert areas.get_by_role("link", name="Katalog").is_visible() and not folded.is_visible()
    context.close()


def test_the_areas_are_there_without_script(browser: Any, server: Server) -> None:
    context = staff_context(browser, server, java_script_enabled=False, **VIEWS["narrow"])
    page = context.new_page()
    page.goto("/staff")
    assert page.get_by_role("navigation", name="Bereiche").get_by_role("link", name="Vergleich").is_visible()
    context.close()
