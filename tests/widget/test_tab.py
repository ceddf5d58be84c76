"""Where the reader is: what a tab keeps, where answers begin, links to questions, the large view,
style and start.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from tests.widget.driving import FACT, LIST, LONG_LIST, NOTHING, TABLE, Chat

pytestmark = [pytest.mark.browser, pytest.mark.long]
KEPT = "Object.values(sessionStorage)"
NO_STORAGE = "Object.defineProperty(window, 'sessionStorage', { get() { throw new DOMException('no', 'SecurityError'); } })"
FULL = "Storage.prototype.setItem = () => { throw new DOMException('full', 'QuotaExceededError'); }"
SIZES = [{"viewport": {"width": 1280, "height": 850}}, {"viewport": {"width": 320, "height": 640}}]
TOP = "log => log.lastElementChild.getBoundingClientRect().top - log.getBoundingClientRect().top"


def again(chat: Chat) -> Chat:
    """Load the page anew and open the widget."""
    chat.page.reload()
    return Chat(chat.page).open()


def turns(chat: Chat) -> int:
    return int(chat.find(".turn").count())


def test_a_new_conversation_leaves_nothing_of_the_old_one(chat: Chat) -> None:
    chat.ask(FACT)
    assert "2.1.2.1" in str(chat.page.evaluate(KEPT))
    chat.click("Neues Gespräch")
    assert (
        turns(chat) == 0 and chat.find(".welcome").is_visible() and chat.page.evaluate(KEPT) == []
    )
    assert chat.sent(LIST)["history"] == []
    chat.click("Neues Gespräch")
    assert turns(again(chat)) == 0


def test_a_question_that_failed_is_not_kept(chat: Chat, forgiving: None) -> None:
    chat.page.context.route("**/api/v1/chat", lambda route: route.abort())
    chat.ask(FACT)
    assert chat.page.evaluate(KEPT) == []


def test_a_website_can_have_it_kept_by_the_page_alone(embedded: Callable[..., Chat]) -> None:
    chat = embedded("/forgetful", '<strategielotse-chat keep="page"></strategielotse-chat>').open()
    assert "weg, sobald Sie diese Seite verlassen" in chat.panel.inner_text()
    chat.ask(FACT)
    assert chat.page.evaluate(KEPT) == [] and turns(again(chat)) == 0


def test_where_the_browser_keeps_nothing_it_says_so_and_works(page: Any) -> None:
    page.add_init_script(NO_STORAGE)
    page.goto("/")
    chat = Chat(page).open()
    assert "weg, sobald Sie diese Seite verlassen" in chat.panel.inner_text()
    assert chat.ask(FACT).status == "answered"
    full = page.context.new_page()
    full.add_init_script(FULL)
    full.goto("/")
    assert Chat(full).open().ask(FACT).ask(LIST).status == "answered" and full.evaluate(KEPT) == []


def test_what_cannot_be_read_is_no_conversation(chat: Chat) -> None:
    chat.ask(FACT)
    for kept in (
        "{",
        "[]",
        "null",
        '{"turns": [{"question": "Was?", "answer": {"answer": "So."}}, 7]}',
    ):
        assert chat.page.evaluate("Object.keys(sessionStorage).length") > 0
        chat.page.evaluate(
            "kept => { for (const one of Object.keys(sessionStorage)) sessionStorage[one] = kept; }",
            kept,
        )
        chat = again(chat)
        assert turns(chat) == 0
        assert chat.ask(LIST).status == "answered"


def test_two_widgets_of_one_page_keep_their_own_by_their_ids(embedded: Callable[..., Chat]) -> None:
    tags = '<strategielotse-chat mode="inline" id="{}"></strategielotse-chat>'
    chat = embedded("/two-kept", tags.format("eins") + tags.format("zwei"))
    chat.ask(FACT)
    chat.page.reload()
    Chat(chat.page).answer.wait_for()
    assert turns(Chat(chat.page, 1)) == 0


def test_the_window_is_enlarged_and_the_tab_remembers_the_size(chat: Chat) -> None:
    button, small = chat.button("Großansicht"), chat.panel.bounding_box()
    assert button.get_attribute("aria-expanded") == "false"
    button.press("Enter")
    assert button.get_attribute("aria-expanded") == "true" and "resize" in chat.focused(
        "one.className"
    )
    large = chat.panel.bounding_box()
    assert large["width"] > 1200 and large["height"] > 800 and small["width"] < 500
    chat = again(chat)
    assert chat.panel.bounding_box()["width"] > 1200
    chat.page.keyboard.press("Escape")
    assert chat.panel.bounding_box() == small and button.get_attribute("aria-expanded") == "false"
    assert chat.page.evaluate(KEPT) == []
    chat.page.keyboard.press("Escape")
    assert not chat.panel.is_visible()


@pytest.mark.parametrize("context", SIZES, indirect=True, ids=["desktop", "phone"])
def test_every_answer_begins_at_the_top(chat: Chat) -> None:
    chat.ask(FACT)
    for question in (LIST, LONG_LIST, NOTHING, TABLE):
        assert 0 <= chat.ask(question).element.locator(".log").evaluate(TOP) <= 20


def linked(chat: Chat, fragment: str, value: str) -> None:
    """Follow a link on the open page; the field holds this value afterwards."""
    chat.page.evaluate("fragment => { location.hash = fragment; }", fragment)
    chat.page.wait_for_timeout(150)
    assert chat.input.input_value() == value


def test_a_link_to_a_question_works_on_the_open_page(chat: Chat) -> None:
    linked(chat, "#frage=Zweite%20Frage%3F", "Zweite Frage?")
    chat.element.get_by_text("Diese Frage wurde mit Ihnen geteilt.").wait_for()
    linked(chat, "#frage=Dritte", "Dritte")
    linked(chat, "#plaene", "Dritte")
    chat.page.route("**/api/v1/chat", lambda route: None)
    chat.input.fill(FACT)
    chat.input.press("Enter")
    chat.wait_for(".waiting")
    linked(chat, "#frage=Vierte", "")


def test_easy_language_is_offered_where_the_service_has_it(page: Any) -> None:
    def without(route: Any) -> None:
        response = route.fetch()
        route.fulfill(response=response, json={**response.json(), "styles": ["standard"]})

    page.route("**/api/v1/config", without)
    page.goto("/")
    assert Chat(page).open().element.get_by_label("Einfache Sprache").count() == 0
    page.unroute("**/api/v1/config")
    chat = again(Chat(page))
    chat.element.get_by_label("Einfache Sprache").focus()
    page.keyboard.press("Space")
    assert [chat.sent(question)["style"] for question in (FACT, LIST)] == ["einfach", "einfach"]
    assert chat.element.get_by_label("Einfache Sprache").is_checked()
