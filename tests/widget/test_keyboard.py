"""By keyboard alone: where the focus goes, that it is seen, and that nothing covers it."""

from __future__ import annotations

from typing import Any

import pytest

from tests.widget.driving import FACT, LIST, MEASURES, Chat

pytestmark = pytest.mark.browser
STOP = f"() => {{ {MEASURES}; return measures.stop(); }}"


def tab_to(chat: Chat, what: str, limit: int = 60) -> None:
    """Press Tab until an expression of the focused element is true."""
    for _ in range(limit):
        if chat.focused(what):
            return
        chat.page.keyboard.press("Tab")
    raise AssertionError(f"never reached: {what}")


def test_open_ask_read_a_source_and_close(page: Any) -> None:
    page.goto("/")
    chat = Chat(page)
    chat.launcher.wait_for()
    tab_to(chat, "one.className === 'launcher'")
    assert page.evaluate(STOP)["outlined"]
    page.keyboard.press("Enter")
    assert chat.focused("one.tagName") == "TEXTAREA"
    page.keyboard.type(LIST)
    page.keyboard.press("Enter")
    chat.answer.wait_for()
    assert chat.focused("one.tagName") == "TEXTAREA"
    while chat.focused("one.className") != "log":
        page.keyboard.press("Shift+Tab")
    tab_to(chat, "one.className === 'marker'")
    page.keyboard.press("Enter")
    assert "source-card" in chat.focused("one.className")
    tab_to(chat, "one.className === 'passage-link'")
    page.keyboard.press("Escape")
    assert chat.focused("one.className") == "marker"
    page.keyboard.press("Escape")
    assert not chat.panel.is_visible()
    assert chat.focused("one.className") == "launcher"


def test_the_focus_returns_when_it_is_closed_by_its_button(chat: Chat) -> None:
    chat.button("Fenster schließen").press("Space")
    assert chat.focused("one.className") == "launcher"
    assert chat.launcher.get_attribute("aria-expanded") == "false"


def test_a_conversation_survives_closing(chat: Chat) -> None:
    chat.ask(FACT)
    chat.page.keyboard.press("Escape")
    chat.launcher.click()
    assert chat.answer.is_visible()
    assert chat.focused("one.tagName") == "TEXTAREA"


@pytest.mark.parametrize("context", [{}, {"viewport": {"width": 320, "height": 256}}], indirect=True)
def test_every_stop_is_seen_and_nothing_covers_it(page: Any) -> None:
    """320 by 256 is 1280 by 1024 at 400 %."""
    page.goto("/")
    chat = Chat(page)
    chat.launcher.click()
    chat.ask(FACT)
    chat.answer.locator(".marker").first.click()
    chat.element.locator(".head button").first.focus()
    page.keyboard.press("Tab")
    page.keyboard.press("Shift+Tab")
    stops = []
    for _ in range(40):
        stop = page.evaluate(STOP)
        if not stop["inside"]:
            break
        stops.append(stop)
        page.keyboard.press("Tab")
    assert len(stops) > 14
    assert [one["name"] for one in stops if not one["outlined"]] == []
    assert [one["name"] for one in stops if not one["uncovered"]] == []


@pytest.mark.parametrize("context", [{}, {"viewport": {"width": 320, "height": 256}}], indirect=True)
def test_a_picture_that_comes_late_does_not_push_the_focus_away(page: Any) -> None:
    held: list[Any] = []
    page.goto("/")
    chat = Chat(page)
    chat.launcher.click()
    chat.ask(FACT)
    page.route("**/*.png?*", lambda route: held.append(route))
    with page.expect_request("**/*.png?*"):
        chat.answer.locator(".marker").first.click()
    tab_to(chat, "one.className === 'source-button'")
    before = page.evaluate(STOP)
    for route in held:
        route.continue_()
    page.unroute("**/*.png?*")  # afterwards: it lets go by itself of what is held still
    chat.card.locator("figure").wait_for()
    after = page.evaluate(STOP)
    assert held
    assert after["uncovered"]
    assert abs(after["top"] - before["top"]) <= 2


def test_the_window_is_left_by_tab_and_comes_without_a_trap(page: Any) -> None:
    page.goto("/")
    chat = Chat(page).open()
    for _ in range(30):
        page.keyboard.press("Tab")
        if not chat.focused("one.getRootNode() !== document"):
            break
    assert not chat.focused("one.getRootNode() !== document")
    assert chat.panel.is_visible()


def test_shift_and_enter_begin_a_new_line(chat: Chat) -> None:
    chat.input.press("a")
    chat.input.press("Shift+Enter")
    chat.input.press("b")
    assert chat.input.input_value() == "a\nb"
    assert chat.element.locator(".turn").count() == 0
