"""A conversation lasts as long as its tab, in the browser only; the tab remembers the large view too."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import pytest

from tests.widget.driving import FACT, LIST, Chat

pytestmark = pytest.mark.browser
KEPT = "Object.values(sessionStorage)"
NO_STORAGE = (
    "Object.defineProperty(window, 'sessionStorage', { get() { throw new DOMException('no', 'SecurityError'); } })"
)
FULL = "Storage.prototype.setItem = () => { throw new DOMException('full', 'QuotaExceededError'); }"


def turns(chat: Chat) -> list[str]:
    return [str(one) for one in chat.element.locator(".turn .question p").all_inner_texts()]


def test_it_is_there_again_on_the_next_page_and_goes_on(chat: Chat) -> None:
    page = chat.page
    chat.ask("Welche Projekte zum Radverkehr gibt es?")
    page.goto("/chat")
    again = Chat(page)
    again.answer.wait_for()
    assert turns(again) == ["Welche Projekte zum Radverkehr gibt es?"]
    assert "bis Sie ihn schließen oder „Neues Gespräch“ wählen" in again.element.locator(".again").inner_text()
    again.answer.locator(".marker").first.click()
    assert again.card.is_visible()
    with page.expect_request("**/api/v1/chat") as sent:
        again.ask("Und welche sind umgesetzt?")
    assert json.loads(sent.value.post_data)["history"][0]["content"] == "Welche Projekte zum Radverkehr gibt es?"


def test_another_tab_does_not_have_it(chat: Chat) -> None:
    chat.ask(FACT)
    other = chat.page.context.new_page()
    other.goto("/")
    assert Chat(other).open().element.locator(".turn").count() == 0


def test_a_new_conversation_leaves_nothing_of_the_old_one(chat: Chat) -> None:
    chat.ask(FACT)
    assert "2.1.2.1" in str(chat.page.evaluate(KEPT))
    chat.button("Neues Gespräch").click()
    assert chat.page.evaluate(KEPT) == []
    chat.page.reload()
    assert Chat(chat.page).open().element.locator(".turn").count() == 0


def test_a_question_that_failed_is_not_kept(chat: Chat, forgiving: None) -> None:
    chat.page.context.route("**/api/v1/chat", lambda route: route.abort())
    chat.ask(FACT)
    assert chat.page.evaluate(KEPT) == []


def test_a_website_can_have_it_kept_by_the_page_alone(embedded: Callable[..., Chat]) -> None:
    chat = embedded("/forgetful", '<strategielotse-chat keep="page"></strategielotse-chat>').open()
    assert "weg, sobald Sie diese Seite verlassen" in chat.panel.inner_text()
    chat.ask(FACT)
    assert chat.page.evaluate(KEPT) == []
    chat.page.reload()
    assert Chat(chat.page).open().element.locator(".turn").count() == 0


def test_where_the_browser_allows_no_storage_it_says_so_and_works(page: Any) -> None:
    page.add_init_script(NO_STORAGE)
    page.goto("/")
    chat = Chat(page).open()
    assert "weg, sobald Sie diese Seite verlassen" in chat.panel.inner_text()
    assert chat.ask(FACT).status == "answered"


def test_where_there_is_no_room_the_conversation_goes_on(page: Any) -> None:
    page.add_init_script(FULL)
    page.goto("/")
    chat = Chat(page).open().ask(FACT).ask(LIST)
    assert chat.status == "answered"
    assert page.evaluate(KEPT) == []


@pytest.mark.parametrize(
    "kept", ["{", "[]", "null", '{"turns": [{"question": "Was?", "answer": {"answer": "So."}}, 7]}']
)
def test_what_cannot_be_read_is_no_conversation(chat: Chat, kept: str) -> None:
    chat.ask(FACT)
    chat.page.evaluate("kept => { for (const one of Object.keys(sessionStorage)) sessionStorage[one] = kept; }", kept)
    chat.page.reload()
    again = Chat(chat.page).open()
    assert again.element.locator(".turn").count() == 0
    assert again.ask(LIST).status == "answered"


def test_two_widgets_of_one_page_keep_their_own_by_their_ids(embedded: Callable[..., Chat]) -> None:
    tags = '<strategielotse-chat mode="inline" id="{}"></strategielotse-chat>'
    chat = embedded("/two-kept", tags.format("eins") + tags.format("zwei"))
    chat.ask(FACT)
    chat.page.reload()
    Chat(chat.page).answer.wait_for()
    assert Chat(chat.page, 1).element.locator(".turn").count() == 0


def test_the_window_is_enlarged_and_escape_makes_it_small_again(chat: Chat) -> None:
    button = chat.button("Großansicht")
    assert button.get_attribute("aria-expanded") == "false"
    small = chat.panel.bounding_box()
    button.press("Enter")
    assert chat.button("Großansicht").get_attribute("aria-expanded") == "true"
    assert "resize" in chat.focused("one.className")
    large = chat.panel.bounding_box()
    assert large["width"] > 1200 and large["height"] > 800 and small["width"] < 500
    chat.page.keyboard.press("Escape")
    assert chat.panel.bounding_box() == small
    assert chat.button("Großansicht").get_attribute("aria-expanded") == "false"
    chat.page.keyboard.press("Escape")
    assert not chat.panel.is_visible()


def test_the_tab_remembers_the_size(chat: Chat) -> None:
    chat.button("Großansicht").click()
    chat.page.reload()
    again = Chat(chat.page).open()
    assert again.panel.bounding_box()["width"] > 1200
    again.button("Großansicht").click()
    assert again.page.evaluate(KEPT) == []


def test_an_inline_widget_fills_the_window(embedded: Callable[..., Chat]) -> None:
    chat = embedded("/inline-large", '<strategielotse-chat mode="inline"></strategielotse-chat>')
    chat.button("Großansicht").click()
    box = chat.panel.bounding_box()
    assert (box["x"], box["y"], box["width"], box["height"]) == (0, 0, 1280, 860)
    chat.input.press("Escape")
    assert chat.panel.bounding_box()["height"] < 860
    assert chat.panel.is_visible()


@pytest.mark.parametrize("context", [{"viewport": {"width": 320, "height": 640}}], indirect=True)
def test_on_a_telephone_there_is_nothing_to_enlarge(chat: Chat) -> None:
    assert not chat.element.locator(".resize").is_visible()
    chat.page.keyboard.press("Escape")
    assert not chat.panel.is_visible()
