"""Every state in every look: axe-core finds nothing, nothing is too wide, every target is large
enough and seen.
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from tests.browsing import LOOKS, looking, served_here
from tests.service.partly_read import (
    GUESSED,
    NEW,
    OLD,
    guessed,
    new,
    old,
)
from tests.widget.driving import (
    EMERGENCY,
    FACT,
    GREETING,
    LIST,
    LONG_LIST,
    NOTHING,
    TABLE,
    VAGUE,
    Chat,
    faults,
)
from tests.widget.made_answers import (
    GOALS,
    NEIGHBOUR,
    QUESTION,
    REPORT,
    answering,
    found,
    overview,
    rate_distinctiveness,
    without_answer,
)

pytestmark = [pytest.mark.browser, pytest.mark.long]
Step = Callable[[Chat], object]
TABLET = {"viewport": {"width": 768, "height": 1000}}
PHONE = {"viewport": {"width": 320, "height": 640}}
ZOOMED = {"viewport": {"width": 320, "height": 256}}  # 1280 by 1024 at 400 %
CALLED = "one => one.getAnimations({ subtree: true }).length"


def asked(question: str, *buttons: str) -> Step:
    """Ask and use these buttons."""

    def step(chat: Chat) -> None:
        chat.ask(question)
        pressed(*buttons)(chat)

    return step


def pressed(*buttons: str, question: str = "") -> Step:
    """Use these buttons, then ask."""

    def step(chat: Chat) -> None:
        for name in buttons:
            chat.click(name)
        if question:
            chat.ask(question)

    return step


def over(*documents: tuple[str, str, str], language: str = "de") -> Step:
    """An overview with all of it open and one status chosen."""

    def step(chat: Chat) -> None:
        if language == "en":
            chat.click("English")
        answering(chat.page, overview(*documents, language=language))
        chat.ask(QUESTION).answer.locator(".chip").nth(1).click()

    return step


def waiting(chat: Chat) -> None:
    chat.page.context.route("**/api/v1/chat", lambda route: None)
    chat.input.fill(FACT)
    chat.input.press("Enter")
    chat.wait_for(".waiting")


def offline(chat: Chat) -> None:
    chat.page.context.route("**/api/v1/chat", lambda route: route.abort())
    chat.ask(FACT)


def fitting(chat: Chat) -> None:
    answering(chat.page, found())
    chat.ask(QUESTION).source()


def stepping(chat: Chat) -> None:
    tell = rate_distinctiveness(chat.page)
    chat.input.fill(QUESTION)
    chat.input.press("Enter")
    chat.wait_for(".waiting")
    tell("step", {"tool": "read", "text": f"liest „{'Verkehrsentwicklungsplan ' * 4}“"})
    chat.wait_for(".steps")


def nearest(chat: Chat) -> None:
    answering(chat.page, without_answer())
    chat.ask(QUESTION)


STATES: dict[str, Step] = {
    "closed": lambda chat: chat.page.keyboard.press("Escape"),
    "open": lambda chat: None,
    "waiting": waiting,
    "answer": asked(FACT),
    "source": lambda chat: chat.ask(FACT).source(),
    "list": asked(LIST),
    "whole list": asked(LONG_LIST, "Alle 61 Einträge zeigen"),
    "table": asked(TABLE),
    "non-answer": asked(NOTHING),
    "choice": asked(VAGUE),
    "emergency": asked(EMERGENCY),
    "error": offline,
    "empty question": lambda chat: chat.input.press("Enter"),
    "contact form": pressed("Kontakt"),
    "contact form with mistakes": pressed("Kontakt", "Nachricht senden"),
    "feedback": asked(FACT, "Nein", "Rückmeldung senden"),
    "english": asked(LIST, "English"),
    "overview": over(REPORT, GOALS),
    "overview of two counties": over(REPORT, NEIGHBOUR),
    "overview in English": over(REPORT, GOALS, language="en"),
    "nearest": nearest,
    "found": fitting,
    "steps": stepping,
    "about the service": asked(GREETING),
    "about the service in English": pressed("English", question="What can you do?"),
}


def wrong(chat: Chat, state: str, look: str) -> list[str]:
    """What is wrong with the widget as it is: rules of axe; what is too wide (WCAG 1.4.10), targets
    below 24 pixels.
    """
    found = [f"{state}: {fault}" for fault in faults(chat.page)]
    if look == "narrow":
        found += [f"{state}: wide {item}" for item in chat.measure("wide", 320)]
        if chat.page.evaluate("document.documentElement.scrollWidth > 320"):
            found.append(f"{state}: scrolls sideways")
    if look == "light" and state != "closed":
        found += [f"{state}: small {item}" for item in chat.measure("small")]
    return found


@pytest.mark.parametrize(
    "context", [pytest.param(LOOKS[name], id=name) for name in LOOKS], indirect=True
)
def test_no_state_is_wrong_in_any_look(
    context: Any, forgiving: None, request: pytest.FixtureRequest
) -> None:
    """Each state in a tab of its own: a conversation stays in its tab."""
    found = []
    for state, step in STATES.items():
        page = context.new_page()
        page.goto("/")
        chat = Chat(page).open()
        step(chat)
        found += wrong(chat, state, request.node.callspec.id)
        page.close()
        context.unroute_all()
    assert found == []


def test_no_state_is_wrong_where_nothing_is_confirmed(browser: Any, tmp_path: Path) -> None:
    """A paper whose front matter nobody has confirmed, and one that another replaces."""
    with (
        served_here(tmp_path, guessed(), old(), new(), demo=True) as served,
        looking(browser, served.url, []) as context,
    ):
        page = context.new_page()
        page.goto("/")
        chat = Chat(page).open().ask("Was ist mit dem Deichbau an der Aue?").source()
        card = " ".join(chat.card.inner_text().split())
        assert f"{GUESSED} (unbestätigt)" in card and "Verbindlichkeit nicht bekannt" in card
        assert "Kreis Auenland (unbestätigt)" in card and "04.05.2025 (unbestätigt)" in card
        assert wrong(chat, "guessed", "light") == []
        chat.ask(f"Welche Maßnahmen stehen im {OLD}?")
        assert f"ersetzt durch „{NEW}“" in chat.answer.inner_text()
        assert wrong(chat, "replaced", "light") == []


@pytest.mark.parametrize("path", ["/embed", "/embed?language=en"])
def test_no_violations_on_the_pages_around(page: Any, path: str) -> None:
    page.goto(path)
    page.wait_for_load_state("networkidle")
    assert faults(page) == []


def test_text_spacing_cuts_nothing_off(chat: Chat) -> None:
    """WCAG 1.4.12, as a reader's own style sheet sets it."""
    assert chat.ask(FACT).source().measure("cut") == []


@pytest.mark.parametrize("context", [{"reduced_motion": "reduce"}], indirect=True)
def test_nothing_moves_where_that_is_wished(chat: Chat) -> None:
    waiting(chat)
    assert chat.panel.evaluate(CALLED) == 0
    chat.page.emulate_media(reduced_motion="no-preference")
    assert chat.panel.evaluate(CALLED) > 0


def test_any_colour_of_a_county_stays_readable(chat: Chat) -> None:
    for colour in ("#ffe600", "#003366", "rgb(120 120 120)", "crimson"):
        chat.element.evaluate("(one, colour) => { one.color = colour; }", colour)
        assert [
            fault for fault in faults(chat.page) if fault.startswith("color-contrast:")
        ] == [], colour


def test_the_edges_of_controls_and_icons_stand_out(chat: Chat) -> None:
    """WCAG 1.4.11: 3 to 1 for what makes a control, which axe does not measure."""
    for scheme in ("light", "dark"):
        chat.page.emulate_media(color_scheme=scheme)
        assert min(chat.measure("contrasts")) >= 3


@pytest.fixture
def whole(page: Any) -> Chat:
    """The chat as a page of its own."""
    return at(page, "/chat")


def at(page: Any, path: str) -> Chat:
    page.goto(path)
    chat = Chat(page)
    if path == "/":
        chat.launcher.click()
    chat.wait_for(".welcome .questions")
    return chat


def in_sight(chat: Chat, *parts: str) -> bool:
    height = chat.page.viewport_size["height"]
    boxes = [chat.find(what).bounding_box() for what in parts]
    return all(box["y"] >= -1 and box["y"] + box["height"] <= height + 1 for box in boxes)


@pytest.mark.parametrize(
    "context",
    [*LOOKS.values(), TABLET, {**TABLET, "forced_colors": "active"}],
    indirect=True,
    ids=range(6),
)
def test_the_chat_page_is_wrong_in_no_look(whole: Chat) -> None:
    found = faults(whole.page)
    whole.ask(FACT).source().card.locator("figure").wait_for()
    assert found + faults(whole.page) == []
    assert whole.page.evaluate("document.documentElement.scrollWidth <= window.innerWidth")


@pytest.mark.parametrize("context", [ZOOMED], indirect=True)
@pytest.mark.parametrize("path", ["/", "/chat", "/embed"])
def test_the_head_stays_in_sight_at_400_percent(page: Any, path: str) -> None:
    chat = at(page, path).ask(LIST).ask(FACT)
    assert in_sight(chat, ".head")
    chat.answer.locator(".feedback button").first.focus()
    assert in_sight(chat, ".head")
    chat.input.focus()
    assert in_sight(chat, ".head", "form.ask textarea")
    if path == "/embed":
        assert not chat.find(".resize").is_visible(), "a frame of its own has no large view"


@pytest.mark.parametrize("context", [{}, PHONE, ZOOMED], indirect=True)
@pytest.mark.parametrize("path", ["/", "/chat"])
def test_every_stop_is_seen_uncovered_and_sources_come_before_the_field(
    page: Any, path: str
) -> None:
    chat = at(page, path).ask(FACT)
    met = [stop["name"] for stop in chat.stops()]
    chat.source().card.locator("figure").wait_for()
    stops = chat.stops()
    assert (
        len(stops) > 14
        and [stop["name"] for stop in stops if not (stop["outlined"] and stop["uncovered"])] == []
    )
    assert {"marker", "source-button"} <= set(met)
    assert met.index("marker") < met.index("source-button") < met.index("TEXTAREA")


def test_a_new_conversation_begins_at_the_top(whole: Chat) -> None:
    whole.ask(LIST).ask(FACT).ask(LIST).button("Neues Gespräch").click()
    assert whole.element.locator(".welcome h3").is_visible()
    assert in_sight(whole, ".welcome h3", "form.ask") and whole.focused("one.tagName") == "TEXTAREA"
