"""The chat as a page of its own: what stays in sight, what the keyboard meets in which order, every look."""

from __future__ import annotations

from typing import Any

import pytest

from tests.widget.driving import FACT, LIST, MEASURES, Chat
from tests.widget.test_accessibility import violations

pytestmark = pytest.mark.browser
STOP = f"() => {{ {MEASURES}; return measures.stop(); }}"
LOOKS: dict[str, dict[str, Any]] = {
    "desktop": {},
    "tablet": {"viewport": {"width": 768, "height": 1000}},
    "telephone": {"viewport": {"width": 320, "height": 640}},
    "dark": {"color_scheme": "dark"},
    "forced colours": {"forced_colors": "active", "viewport": {"width": 768, "height": 1000}},
}
ZOOMED = {"viewport": {"width": 320, "height": 256}}  # 1280 by 1024 at 400 %


@pytest.fixture
def whole(page: Any) -> Chat:
    page.goto("/chat")
    chat = Chat(page)
    chat.element.locator(".welcome .questions").wait_for()
    return chat


def in_sight(chat: Chat, what: str) -> bool:
    box, height = chat.element.locator(what).bounding_box(), chat.page.viewport_size["height"]
    return bool(box["y"] >= -1 and box["y"] + box["height"] <= height + 1)


@pytest.mark.parametrize("context", [pytest.param(LOOKS[name], id=name) for name in LOOKS], indirect=True)
def test_no_violations_and_nothing_wider_than_the_window(whole: Chat) -> None:
    found = violations(whole.page)
    whole.ask(FACT).answer.locator(".marker").first.click()
    whole.card.locator("figure").wait_for()
    found += violations(whole.page)
    assert found == []
    assert whole.page.evaluate("document.documentElement.scrollWidth <= window.innerWidth")


@pytest.mark.parametrize("context", [{}, LOOKS["telephone"]], indirect=True)
def test_the_page_scrolls_and_head_and_field_stay_in_sight(whole: Chat) -> None:
    whole.ask(LIST).ask(FACT)
    question = whole.element.locator(".turn:last-child .question")
    head = whole.element.locator(".head").bounding_box()
    assert abs(question.bounding_box()["y"] - (head["y"] + head["height"])) < 40
    assert in_sight(whole, ".head") and in_sight(whole, "form.ask")
    assert whole.element.locator(".log").evaluate("one => one.scrollHeight - one.clientHeight") <= 1
    whole.page.evaluate("window.scrollBy(0, -80)")
    assert in_sight(whole, ".head") and in_sight(whole, "form.ask")


@pytest.mark.parametrize("context", [{}, LOOKS["telephone"], ZOOMED], indirect=True)
def test_every_stop_is_seen_and_nothing_covers_it(whole: Chat) -> None:
    whole.ask(FACT)
    whole.answer.locator(".marker").first.click()
    whole.card.locator("figure").wait_for()
    whole.element.locator(".head button").first.focus()
    for key in ("Tab", "Shift+Tab"):
        whole.page.keyboard.press(key)
    stops = []
    for _ in range(40):
        stop = whole.page.evaluate(STOP)
        if not stop["inside"]:
            break
        stops.append(stop)
        whole.page.keyboard.press("Tab")
    assert len(stops) > 14
    assert [one["name"] for one in stops if not one["outlined"]] == []
    assert [one["name"] for one in stops if not one["uncovered"]] == []


@pytest.mark.parametrize("context", [ZOOMED], indirect=True)
@pytest.mark.parametrize("path", ["/", "/chat", "/embed"])
def test_the_head_stays_in_sight_at_400_percent(page: Any, path: str) -> None:
    page.goto(path)
    chat = Chat(page)
    if path == "/":
        chat.launcher.click()
    chat.element.locator(".welcome .questions").wait_for()
    chat.ask(LIST).ask(FACT)
    assert in_sight(chat, ".head")
    chat.answer.locator(".feedback button").first.focus()
    assert in_sight(chat, ".head")
    chat.input.focus()
    assert in_sight(chat, ".head") and in_sight(chat, "form.ask textarea")


@pytest.mark.parametrize("path", ["/", "/chat"])
def test_sources_come_before_the_field_in_the_order_of_the_keyboard(page: Any, path: str) -> None:
    page.goto(path)
    chat = Chat(page)
    if path == "/":
        chat.launcher.click()
    chat.ask(FACT)
    chat.element.locator(".head button").first.focus()
    met = []
    for _ in range(40):
        met.append(str(chat.focused("one.className || one.tagName")))
        if met[-1] == "TEXTAREA":
            break
        page.keyboard.press("Tab")
    assert met[-1] == "TEXTAREA"
    assert {"marker", "source-button"} <= set(met)
    assert met.index("marker") < met.index("source-button")


def test_a_new_conversation_begins_at_the_top(whole: Chat) -> None:
    for question in (LIST, FACT, LIST):
        whole.ask(question)
    whole.button("Neues Gespräch").click()
    assert whole.element.locator(".welcome h3").is_visible()
    assert in_sight(whole, ".welcome h3") and in_sight(whole, "form.ask")
    assert whole.focused("one.tagName") == "TEXTAREA"


def test_a_frame_of_its_own_has_no_large_view(whole: Chat) -> None:
    assert whole.element.locator(".resize").count() == 0
    whole.page.goto("/embed")
    chat = Chat(whole.page)
    chat.element.locator(".welcome .questions").wait_for()
    assert not chat.element.locator(".resize").is_visible()


def test_without_scripts_the_form_asks(browser: Any, service: Any) -> None:
    context = browser.new_context(base_url=service.url, java_script_enabled=False)
    page = context.new_page()
    page.goto("/chat")
    page.get_by_label("Ihre Frage").fill("Was ist 2.1.2.1?")
    page.get_by_role("button", name="Fragen").click()
    assert "frage=" in page.url
    assert "Renaturierung der Lauve" in page.inner_text(".answer-text")
    context.close()


def test_where_the_chat_does_not_come_the_form_does(page: Any, forgiving: None) -> None:
    page.route("**/widget.js", lambda route: route.abort())
    page.goto("/chat")
    field = page.get_by_label("Ihre Frage")
    assert not field.is_visible()
    field.wait_for(state="visible", timeout=6000)
