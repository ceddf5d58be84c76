"""The pages in a real Chromium: asking with and without script, opening the cited passage, keyboard, no violations."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from tests.machine import heard
from tests.processes import Server

pytestmark = pytest.mark.browser
QUESTION = "Wie ist der Stand beim Lastenradverleih?"
DARK_AND_LIGHT = ["light", "dark"]


@pytest.fixture
def page(browser: Any, complaints: list[str], served_county: Server) -> Iterator[Any]:
    context = browser.new_context(base_url=served_county.url)
    heard(context, complaints, served_county.url)
    yield context.new_page()
    context.close()
    assert complaints == []


def ask(page: Any, question: str) -> None:
    page.goto("/ask")
    page.get_by_label("Ihre Frage").fill(question)
    page.keyboard.press("Enter")
    page.wait_for_selector("#antwort-titel:focus")


def test_ask_and_open_the_cited_passage(page: Any) -> None:
    ask(page, QUESTION)
    assert "Lastenradverleih" in page.inner_text(".answer-text")
    assert page.inner_text("#stand") == "Die Antwort ist da."
    quote = page.locator(".citations blockquote").first.inner_text()
    page.locator(".citations a").first.click()
    page.wait_for_selector("mark#zitat")
    marked = "".join(page.locator("mark").all_inner_texts())
    assert "".join(marked.split()) == "".join(quote.split())
    assert page.locator("mark#zitat").is_visible()


def test_a_marker_leads_to_its_source(page: Any) -> None:
    ask(page, QUESTION)
    page.locator(".answer-text .marker").first.click()
    assert page.url.endswith("#quelle-1")
    assert page.locator("#quelle-1").is_visible()


def test_back_and_forward_show_the_answers_again(page: Any) -> None:
    ask(page, QUESTION)
    first = page.inner_text(".answer-text")
    page.get_by_label("Ihre Frage").fill("Wie viele Projekte sind umgesetzt?")
    page.keyboard.press("Enter")
    page.wait_for_function("text => document.querySelector('.answer-text').innerText !== text", arg=first)
    page.go_back()
    page.wait_for_function("text => document.querySelector('.answer-text').innerText === text", arg=first)
    assert page.get_by_label("Ihre Frage").input_value() == QUESTION


def test_the_address_of_an_answer_can_be_shared(page: Any) -> None:
    ask(page, QUESTION)
    by_script = page.locator("#antwort").inner_text()
    page.goto(page.url)
    assert page.locator("#antwort").inner_text() == by_script


def test_nothing_of_an_answer_becomes_markup(page: Any) -> None:
    ask(page, "Wie ist der Stand bei <script>alert(1)</script> & Söhne?")
    assert page.locator("#antwort script").count() == 0


def test_a_problem_is_shown_to_people(page: Any, complaints: list[str]) -> None:
    page.goto("/ask")
    page.route("**/ask?*", lambda route: route.abort())
    page.get_by_label("Ihre Frage").fill(QUESTION)
    page.keyboard.press("Enter")
    page.wait_for_selector("#antwort-titel:focus")
    assert "nicht erreichbar" in page.inner_text("#antwort")
    complaints.clear()


def test_by_keyboard_alone(page: Any) -> None:
    page.goto("/ask")
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.textContent") == "Zum Inhalt springen"
    page.keyboard.press("Enter")
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.id") == "q"


@pytest.mark.parametrize(
    "path", ["/", "/ask", "/documents", "/documents/auenland-report", "/documents/auenland-report/2.1.2.3", "/docs"]
)
@pytest.mark.parametrize("width", [320, 1280])
def test_pages_fit_their_window(page: Any, path: str, width: int) -> None:
    page.set_viewport_size({"width": width, "height": 700})
    page.goto(path)
    assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth")


CONTRAST = """() => {
  const light = (css) => {
    const [r, g, b] = css.match(/[\\d.]+/g).map(Number).map((v) => v / 255)
      .map((v) => (v <= 0.04045 ? v / 12.92 : ((v + 0.055) / 1.055) ** 2.4));
    return 0.2126 * r + 0.7152 * g + 0.0722 * b;
  };
  const ground = (node) => {
    for (let one = node; one; one = one.parentElement) {
      const css = getComputedStyle(one).backgroundColor;
      if (!/, 0\\)$/.test(css)) return css;
    }
    return "rgb(255, 255, 255)";
  };
  const found = [];
  for (const node of document.querySelectorAll("body *")) {
    const own = [...node.childNodes].some((child) => child.nodeType === 3 && child.data.trim());
    if (!own || !node.checkVisibility()) continue;
    const [a, b] = [light(getComputedStyle(node).color), light(ground(node))];
    const ratio = (Math.max(a, b) + 0.05) / (Math.min(a, b) + 0.05);
    if (ratio < 4.5) found.push(`${node.tagName}.${node.className} ${ratio.toFixed(2)}`);
  }
  return found;
}"""


@pytest.mark.parametrize("scheme", DARK_AND_LIGHT)
@pytest.mark.parametrize(
    "path", ["/?q=" + QUESTION, "/documents/auenland-report/2.1.3.1?quote=Alle+Rath%C3%A4user", "/docs"]
)
def test_text_stands_out_from_its_ground(page: Any, scheme: str, path: str) -> None:
    """WCAG 2.2, 1.4.3: at least 4.5 to 1."""
    page.emulate_media(color_scheme=scheme)
    page.goto(path)
    assert page.evaluate(CONTRAST) == []
