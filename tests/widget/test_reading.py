"""Where the reader finds the newest answer, and where a question comes from that others have shared."""

from __future__ import annotations

from typing import Any

import pytest

from tests.widget.driving import FACT, LIST, LONG_LIST, NOTHING, TABLE, Chat

pytestmark = pytest.mark.browser
SIZES = [{"viewport": {"width": 1280, "height": 850}}, {"viewport": {"width": 320, "height": 640}}]
TOP = """log => log.lastElementChild.getBoundingClientRect().top - log.getBoundingClientRect().top"""


def top(chat: Chat) -> float:
    """Return how far the newest turn's top is below the top of the log, in pixels."""
    return float(chat.element.locator(".log").evaluate(TOP))


@pytest.mark.parametrize("context", SIZES, indirect=True, ids=["desktop", "phone"])
@pytest.mark.parametrize("questions", [(FACT, LIST), (LONG_LIST, NOTHING), (TABLE, FACT, LONG_LIST)])
def test_every_answer_begins_at_the_top(chat: Chat, questions: tuple[str, ...]) -> None:
    for question in questions:
        chat.ask(question)
    assert 0 <= top(chat) <= 20


@pytest.mark.parametrize("context", SIZES, indirect=True, ids=["desktop", "phone"])
def test_the_first_sentences_are_in_view(chat: Chat) -> None:
    chat.ask(LONG_LIST)
    page = chat.page
    page.evaluate(
        """() => {
          const shadow = document.querySelector("strategielotse-chat").shadowRoot;
          const watch = new MutationObserver(() => {
            const sentence = shadow.querySelector(".streamed p");
            if (!sentence) return;
            watch.disconnect();
            const [box, log] = [sentence, shadow.querySelector(".log")].map((one) => one.getBoundingClientRect());
            window.seen = box.top >= log.top && box.top + 20 <= log.bottom;
          });
          watch.observe(shadow, { childList: true, subtree: true });
        }"""
    )
    chat.ask(FACT)
    assert page.evaluate("window.seen")


def test_who_has_scrolled_stays_there(chat: Chat) -> None:
    chat.ask(LONG_LIST)
    chat.button("Alle 61 Einträge zeigen").click()
    held: list[Any] = []
    chat.page.route("**/api/v1/chat", lambda route: held.append(route))
    chat.input.fill(FACT)
    chat.input.press("Enter")
    chat.element.locator(".waiting").wait_for()
    chat.page.wait_for_timeout(100)
    log = chat.element.locator(".log")
    log.evaluate("one => { one.scrollTop = 150; }")
    held[0].continue_()
    chat.element.locator(".answer").nth(1).wait_for()
    assert log.evaluate("one => one.scrollTop") == 150


def test_one_answer_needs_no_empty_room(chat: Chat) -> None:
    chat.ask(NOTHING)
    assert chat.element.locator(".turn").evaluate("one => getComputedStyle(one).minHeight") in ("auto", "0px")


def test_a_link_to_a_question_works_on_the_open_page(chat: Chat) -> None:
    chat.page.evaluate("location.hash = '#frage=Zweite%20Frage%3F'")
    chat.element.get_by_text("Diese Frage wurde mit Ihnen geteilt.").wait_for()
    assert chat.input.input_value() == "Zweite Frage?"
    chat.page.evaluate("location.hash = '#frage=Dritte'")
    chat.page.wait_for_function(
        "document.querySelector('strategielotse-chat').shadowRoot.querySelector('textarea').value === 'Dritte'"
    )
    chat.page.evaluate("location.hash = '#plaene'")
    chat.page.wait_for_timeout(100)
    assert chat.input.input_value() == "Dritte"


def test_a_link_to_a_question_works_while_it_is_closed(page: Any) -> None:
    page.goto("/")
    chat = Chat(page)
    page.evaluate("location.hash = '#frage=Zweite'")
    page.get_by_role("button", name="Geteilte Frage öffnen").click()
    assert chat.input.input_value() == "Zweite"
    chat.ask(FACT)
    page.keyboard.press("Escape")
    chat.launcher.click()
    assert chat.input.input_value() == ""


def test_a_link_to_a_question_waits_for_no_one(chat: Chat) -> None:
    chat.page.route("**/api/v1/chat", lambda route: None)
    chat.input.fill(FACT)
    chat.input.press("Enter")
    chat.element.locator(".waiting").wait_for()
    chat.page.evaluate("location.hash = '#frage=Zweite'")
    chat.page.wait_for_timeout(150)
    assert chat.input.input_value() == ""
