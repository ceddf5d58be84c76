"""The report in a real Chromium, from the disk, offline and without script: all there, readable, no violations."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from evals.reporting.writing import write_report
from evals.runs.gate import Limits, shortfalls
from tests.evals.reported import after, before

pytestmark = pytest.mark.browser
LIMITS = Limits({"fully": 0.9}, {"false answers": 0.6}, {}, {})
SCHEMES = ("light", "dark")
SCROLLED = """() => new Promise((done) => {
  let frames = 120;
  const look = () => {
    const moved = document.activeElement.scrollLeft > 0;
    if (moved || !frames--) done(moved); else requestAnimationFrame(look);
  };
  look();
})"""


@pytest.fixture(scope="module")
def report(tmp_path_factory: pytest.TempPathFactory) -> Path:
    run = after()
    return write_report(run, tmp_path_factory.mktemp("report"), before(), shortfalls(run.summary, LIMITS), LIMITS)


@pytest.fixture
def opened(browser: Any, report: Path, request: pytest.FixtureRequest) -> Iterator[Any]:
    """The report, offline; fails on every complaint and on every request but for the file itself."""
    heard: list[str] = []
    context = browser.new_context(offline=True, **getattr(request, "param", {}))
    page = context.new_page()
    page.on("console", lambda message: heard.append(message.text))
    page.on("request", lambda one: heard.append(one.url))
    page.goto(report.as_uri())
    yield page
    context.close()
    assert heard == [report.as_uri()]


@pytest.mark.parametrize("opened", [{"java_script_enabled": False}], indirect=True)
def test_all_is_there_offline_and_without_script(opened: Any) -> None:
    assert "33\u00a0% ganz richtig" in opened.locator(".verdict").inner_text()
    assert opened.locator(".tile").count() == 9
    assert all(one.is_visible() for one in opened.locator(".tile").all())
    plots = opened.locator("figure svg")
    assert plots.count() == 5 and all(one.is_visible() for one in plots.all())
    cases = opened.locator("details.case")
    assert cases.count() == 4 and all(one.locator(".why").first.is_visible() for one in cases.all())


@pytest.mark.parametrize("opened", [{"java_script_enabled": False}], indirect=True)
def test_a_case_opens_by_keyboard_without_script(opened: Any) -> None:
    quote = opened.locator("details.case blockquote").first
    assert not quote.is_visible()
    opened.locator("details.case summary").first.focus()
    opened.keyboard.press("Enter")
    assert quote.is_visible() and "Das kostete 412.000 Euro." in quote.inner_text()
    assert "Antwort im Lauf davor (ganz richtig)" in opened.locator(".old").first.inner_text()


@pytest.mark.parametrize("opened", [{"java_script_enabled": False}], indirect=True)
def test_the_address_of_a_case_opens_it(opened: Any) -> None:
    assert not opened.locator("#f-1").is_visible()
    opened.goto(f"{opened.url}#f-1")
    assert opened.locator("#f-1").is_visible() and not opened.locator("#l").is_visible()


def opened_wide(page: Any) -> None:
    """Open every fold, so that what is folded is checked as well."""
    page.evaluate("for (const one of document.querySelectorAll('details')) one.open = true")


@pytest.mark.parametrize(
    "opened",
    [
        {"color_scheme": scheme, "viewport": {"width": width, "height": 800}}
        for scheme in SCHEMES
        for width in (320, 1280)
    ],
    indirect=True,
    ids=lambda one: f"{one['color_scheme']}-{one['viewport']['width']}",
)
def test_no_violations_and_no_scrolling_sideways(opened: Any) -> None:
    from axe_playwright_python.sync_playwright import Axe

    opened_wide(opened)
    found = Axe().run(opened)
    assert found.violations_count == 0, found.generate_report()
    assert opened.evaluate("document.documentElement.scrollWidth <= window.innerWidth")


@pytest.mark.parametrize("opened", [{"viewport": {"width": 320, "height": 800}}], indirect=True)
def test_wide_tables_scroll_in_their_own_region_by_keyboard(opened: Any) -> None:
    region = opened.get_by_role("region", name="Tabelle nach Art der Frage")
    assert region.evaluate("one => one.scrollWidth > one.clientWidth")
    region.focus()
    opened.keyboard.press("ArrowRight")
    assert opened.evaluate(SCROLLED)


@pytest.mark.parametrize("opened", [{"color_scheme": scheme} for scheme in SCHEMES], indirect=True, ids=SCHEMES)
def test_plots_have_the_colour_of_the_text(opened: Any) -> None:
    colours = "one => [getComputedStyle(one).fill, getComputedStyle(document.body).color]"
    label = opened.locator("figure svg text", has_text="Anschlussfrage").first
    drawn, written = label.evaluate(colours)
    dark = opened.evaluate("matchMedia('(prefers-color-scheme: dark)').matches")
    assert drawn == written == ("rgb(233, 240, 237)" if dark else "rgb(23, 35, 31)")


def test_nothing_folded_is_lost_in_print(opened: Any) -> None:
    opened.emulate_media(media="print")
    assert opened.locator("details.case blockquote").first.is_visible()
