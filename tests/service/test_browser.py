"""The pages in a real Chromium: asking with and without script, opening the cited passage,
keyboard, no violations.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from service.records import Answer, AnswerStatus
from service.web.pages.rendering import environment
from tests.browsing import LOOKS, click, faults, looking, served_here, troubles
from tests.processes import Served, until
from tests.service.printed_papers import publish_printed
from tests.widget.made_answers import (
    GOALS,
    NEIGHBOUR,
    QUESTION,
    RECEIPT,
    REPORT,
    found,
    overview,
    without_answer,
)

pytestmark = pytest.mark.browser
ASKED = "Wie ist der Stand beim Lastenradverleih?"
PICTURED = "/documents/auenland-report/2.1.2.3?quote=Der+Bau+beginnt+am+1.+Mai+2026."
PAGES = {
    path: path
    for path in (
        "/", "/ask", f"/?frage={ASKED}", "/documents", "/documents/auenland-report", PICTURED,
        "/documents/auenland-report/2.1.3.1?quote=Alle+Rath%C3%A4user",
    )
}  # fmt: skip


def other(status: AnswerStatus, said: str, **more: Any) -> Answer:
    return Answer(
        answer_id="01J",
        status=status,
        language="de",
        corpus_edition="1",
        answer=said,
        receipt=RECEIPT,
        **more,
    )


ANSWERS = {
    "overview": overview(REPORT, GOALS),
    "two counties": overview(REPORT, NEIGHBOUR),
    "about the service": other(
        AnswerStatus.ABOUT_SERVICE, "Guten Tag!", suggestions=["Welche Projekte gibt es?"]
    ),
    "nearest": without_answer(),
    "found": found(),
    "not understood": other(
        AnswerStatus.NEEDS_CLARIFICATION, "Welches Projekt meinen Sie?", suggestions=["Nachtbus?"]
    ),
}


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    with served_here(publish_printed(tmp_path_factory.mktemp("browser"))) as served:
        yield served


def ask(page: Any, question: str) -> Any:
    page.goto("/ask")
    return asked(page, question)


def asked(page: Any, question: str) -> Any:
    """Ask on the page that is open."""
    page.get_by_label("Ihre Frage").fill(question)
    page.keyboard.press("Enter")
    page.wait_for_selector("#antwort-titel:focus")
    return page.locator("#antwort")


def by_script(page: Any, answer: Answer) -> Any:
    """Have the page's script fetch and show an answer, as the server draws it."""
    values = {
        "question": QUESTION,
        "too_long": False,
        "max_question": 500,
        "questions": [],
        "documents": [],
        "earlier": (),
    }
    drawn = (
        environment()
        .get_template("start.html")
        .render(answer=answer, edition="1", kept_days=0, **values)
    )
    page.unroute_all()
    page.goto("/ask")
    page.route("**/ask?*", lambda route: route.fulfill(body=drawn, content_type="text/html"))
    return asked(page, QUESTION)


def test_a_question_refers_to_the_answer_before(page: Any) -> None:
    ask(page, "Welche Projekte gibt es?")
    second = page.locator("#antwort tbody tr").nth(1).inner_text().split("\t")[1]
    assert second in asked(page, "Was ist das zweite?").inner_text()
    page.go_back()
    until(lambda: page.locator("#antwort tbody tr").count() > 1)
    click(page, "link", "Neues Gespräch")
    assert page.locator("input[type=hidden]").count() == 0


def test_ask_and_open_the_cited_passage(page: Any) -> None:
    page.goto("/ask")
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.textContent") == "Zum Inhalt springen"
    page.keyboard.press("Enter")
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.id") == "q"
    by_itself = ask(page, ASKED).inner_text()
    assert "Lastenradverleih" in page.inner_text(".answer-text")
    assert page.inner_text("#stand") == "Die Antwort ist da."
    page.goto(page.url)
    assert page.locator("#antwort").inner_text() == by_itself, (
        "the address of an answer can be shared"
    )
    page.locator(".answer-text .marker").first.click()
    assert page.url.endswith("#quelle-1") and page.locator("#quelle-1").is_visible()
    quote = page.locator(".citations blockquote").first.inner_text()
    page.locator(".citations a").first.click()
    page.wait_for_selector("mark#zitat")
    assert "".join("".join(page.locator("mark").all_inner_texts()).split()) == "".join(
        quote.split()
    )
    assert page.locator("mark#zitat").is_visible()
    assert (
        ask(page, "Wie ist der Stand bei <script>alert(1)</script> & Söhne?")
        .locator("script")
        .count()
        == 0
    )


def test_the_pages_once_have_no_violation(page: Any) -> None:
    assert troubles(page, "light", PAGES) == []


@pytest.mark.long
@pytest.mark.parametrize("look", LOOKS)
def test_no_page_and_no_answer_is_wrong_in_any_look(
    browser: Any, server: Served, look: str
) -> None:
    with looking(browser, server.url, **LOOKS[look]) as context:
        page = context.new_page()
        assert troubles(page, look, PAGES) == []
        for state, answer in ANSWERS.items():
            card = by_script(page, answer)
            card.evaluate(
                "one => one.querySelectorAll('details').forEach((each) => { each.open = true; })"
            )
            assert faults(page, "#antwort") == [], state
            assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth"), state
        page.goto("/docs")
        assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth")
        page.goto(PICTURED)
        picture = page.get_by_role("img", name="Seite 1 des Originals")
        picture.scroll_into_view_if_needed()
        assert picture.evaluate("image => image.decode().then(() => image.naturalWidth)") == 900
        box = picture.bounding_box()
        assert box["x"] >= 0 and box["x"] + box["width"] <= page.viewport_size["width"]
        original = page.get_by_role("link", name="Original auf dieser Seite öffnen").get_attribute(
            "href"
        )
        assert original.endswith("#page=1")


@pytest.mark.long
def test_back_and_forward_show_the_answers_again(browser: Any, server: Served) -> None:
    with looking(browser, server.url, forgiven="") as context:
        page = context.new_page()
        ask(page, ASKED)
        first = page.inner_text(".answer-text")
        page.get_by_label("Ihre Frage").fill("Wie viele Projekte sind umgesetzt?")
        page.keyboard.press("Enter")
        until(lambda: page.inner_text(".answer-text") != first)
        page.go_back()
        until(lambda: page.inner_text(".answer-text") == first)
        assert page.get_by_label("Ihre Frage").input_value() == ASKED
        page.goto("/ask")
        page.route("**/ask?*", lambda route: route.abort())
        assert "nicht erreichbar" in asked(page, ASKED).inner_text(), "a problem is shown to people"
