"""axe-core finds nothing in any state, with every rule and over the whole page; and what axe does not measure."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import axe_playwright_python
import pytest

from tests.processes import Server
from tests.service.front_papers import GUESSED, NEW, OLD
from tests.service.partly_read import CLIMATE, CYCLING
from tests.widget.driving import EMERGENCY, FACT, GREETING, LIST, LONG_LIST, MEASURES, NOTHING, TABLE, VAGUE, Chat
from tests.widget.made_answers import GOALS, NEIGHBOUR, QUESTION, REPORT, answering, overview, without_answer

pytestmark = pytest.mark.browser
AXE = (Path(axe_playwright_python.__file__).parent / "axe.min.js").read_text()
TAGS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice", "EN-301-549", "ACT", "section508"]


def waiting(chat: Chat) -> None:
    chat.page.context.route("**/api/v1/chat", lambda route: None)
    chat.input.fill(FACT)
    chat.input.press("Enter")
    chat.element.locator(".waiting").wait_for()


def source(chat: Chat) -> None:
    chat.ask(FACT)
    chat.answer.locator(".marker").first.click()


def whole_list(chat: Chat) -> None:
    chat.ask(LONG_LIST)
    chat.button("Alle 61 Einträge zeigen").click()


def offline(chat: Chat) -> None:
    chat.page.context.route("**/api/v1/chat", lambda route: route.abort())
    chat.ask(FACT)


def empty(chat: Chat) -> None:
    chat.input.press("Enter")


def form(chat: Chat) -> None:
    chat.button("Kontakt").click()


def form_with_mistakes(chat: Chat) -> None:
    form(chat)
    chat.button("Nachricht senden").click()


def reasons(chat: Chat) -> None:
    chat.ask(FACT)
    chat.button("Nein").click()
    chat.button("Rückmeldung senden").click()


def english(chat: Chat) -> None:
    chat.ask(LIST)
    chat.button("English").click()


def over(*documents: tuple[str, str, str], language: str = "de") -> Callable[[Chat], object]:
    """An overview with all of it open and one status chosen."""

    def step(chat: Chat) -> None:
        if language == "en":
            chat.button("English").click()
        answering(chat.page, overview(*documents, language=language))
        chat.ask(QUESTION).answer.locator(".chip").nth(1).click()

    return step


def nearest(chat: Chat) -> None:
    answering(chat.page, without_answer())
    chat.ask(QUESTION)


def about_in_english(chat: Chat) -> None:
    chat.button("English").click()
    chat.ask("What can you do?")


def closed(chat: Chat) -> None:
    chat.page.keyboard.press("Escape")


def asked(question: str) -> Callable[[Chat], object]:
    return lambda chat: chat.ask(question)


STATES: dict[str, Callable[[Chat], object]] = {
    "closed": closed,
    "open": lambda chat: None,
    "waiting": waiting,
    "answer": asked(FACT),
    "source": source,
    "list": asked(LIST),
    "whole list": whole_list,
    "table": asked(TABLE),
    "non-answer": asked(NOTHING),
    "choice": asked(VAGUE),
    "emergency": asked(EMERGENCY),
    "error": offline,
    "empty question": empty,
    "contact form": form,
    "contact form with mistakes": form_with_mistakes,
    "feedback": reasons,
    "english": english,
    "overview": over(REPORT, GOALS),
    "overview of two counties": over(REPORT, NEIGHBOUR),
    "overview in English": over(REPORT, GOALS, language="en"),
    "nearest": nearest,
    "about the service": asked(GREETING),
    "about the service in English": about_in_english,
}
AT_LEAST, INCOMPLETE = "mindestens 5 Einträge: nicht alles wurde gelesen", "Unvollständig: nicht alles wurde gelesen"
UNSURE = "Anzahl unsicher: der Aufbau wurde nicht sicher erkannt"
PARTLY: dict[str, tuple[str, str | None]] = {
    "at least": (f"Welche Maßnahmen hat das {CLIMATE}?", AT_LEAST),
    "at least, counted": (f"Wie viele Maßnahmen hat das {CLIMATE}?", AT_LEAST),
    "number uncertain": (f"Welche Maßnahmen hat das {CYCLING}?", UNSURE),
    "not counted": (f"Wie viele Maßnahmen hat das {CYCLING}?", None),
    "ranking": ("Welche Abteilung hat die meisten Projekte?", INCOMPLETE),
}
LOOKS: dict[str, dict[str, Any]] = {
    "light": {},
    "dark": {"color_scheme": "dark"},
    "forced colours": {"forced_colors": "active"},
    "320 px": {"viewport": {"width": 320, "height": 640}},
}
EVERY_LOOK = (
    "closed", "open", "source", "list", "table", "non-answer", "error", "contact form with mistakes", "overview",
    "overview of two counties", "nearest", "about the service",
)  # fmt: skip


def violations(page: Any) -> list[str]:
    """Run axe over the whole page."""
    page.evaluate(AXE)
    page.evaluate(MEASURES)
    found: list[str] = page.evaluate("tags => measures.axe(tags)", TAGS)
    return found


@pytest.mark.parametrize("state", STATES)
def test_no_violations(chat: Chat, state: str, forgiving: None) -> None:
    STATES[state](chat)
    assert violations(chat.page) == []


@pytest.mark.parametrize("context", [pytest.param(LOOKS[name], id=name) for name in list(LOOKS)[1:]], indirect=True)
def test_no_violations_in_any_look(chat: Chat, forgiving: None) -> None:
    found = []
    for state in EVERY_LOOK:
        chat.page.context.unroute_all()
        chat.page.evaluate("sessionStorage.clear()")
        chat.page.reload()
        chat = Chat(chat.page).open()
        STATES[state](chat)
        found += [f"{state}: {one}" for one in violations(chat.page)]
    assert found == []


@pytest.mark.parametrize("look", LOOKS)
def test_no_violations_where_not_everything_was_read(browser: Any, partly_read: Server, look: str) -> None:
    context = browser.new_context(
        base_url=partly_read.url, **{"viewport": {"width": 1280, "height": 860}, **LOOKS[look]}
    )
    context.set_default_timeout(20_000)
    found = []
    for state, (question, said) in PARTLY.items():
        page = context.new_page()  # a tab of its own: a conversation stays in its tab
        page.goto("/")
        chat = Chat(page).open().ask(question)
        assert chat.answer.locator(".unsure").all_inner_texts() == ([said] if said else []), state
        found += [f"{state}: {one}" for one in violations(page)]
        if look == "320 px":
            assert chat.measure("wide", 320) == [], state
    context.close()
    assert found == []


@pytest.mark.parametrize("look", LOOKS)
def test_no_violations_where_nothing_is_confirmed(browser: Any, unconfirmed: Server, look: str) -> None:
    context = browser.new_context(
        base_url=unconfirmed.url, **{"viewport": {"width": 1280, "height": 860}, **LOOKS[look]}
    )
    context.set_default_timeout(20_000)
    page = context.new_page()
    page.goto("/")
    chat = Chat(page).open().ask("Was ist mit dem Deichbau an der Aue?")
    chat.answer.locator(".marker").first.click()
    card = " ".join(chat.card.inner_text().split())
    assert f"{GUESSED} (unbestätigt)" in card and "Verbindlichkeit nicht bekannt" in card
    assert "Kreis Auenland (unbestätigt)" in card and "04.05.2025 (unbestätigt)" in card
    assert violations(page) == []
    if look == "320 px":
        assert chat.measure("wide", 320) == []
    chat.ask(f"Welche Maßnahmen stehen im {OLD}?")
    assert f"ersetzt durch „{NEW}“" in chat.answer.inner_text()
    assert violations(page) == []
    context.close()


def test_axe_looks_into_the_widget(chat: Chat) -> None:
    chat.element.locator(".launcher").evaluate("one => { one.hidden = false; one.textContent = ''; }")
    chat.input.evaluate("one => one.labels[0].remove()")
    found = violations(chat.page)
    assert any(one.startswith("button-name:") for one in found)


@pytest.mark.parametrize("path", ["/embed", "/embed?language=en"])
def test_no_violations_on_the_pages_around(page: Any, path: str) -> None:
    page.goto(path)
    page.wait_for_load_state("networkidle")
    assert violations(page) == []


@pytest.mark.parametrize("context", [{"viewport": {"width": 320, "height": 640}}], indirect=True)
@pytest.mark.parametrize("state", ["open", "source", "whole list", "table", "non-answer", "contact form with mistakes"])
def test_it_fits_320_pixels(chat: Chat, state: str) -> None:
    """WCAG 1.4.10: nothing but a table may need scrolling sideways, and here not even that does."""
    STATES[state](chat)
    assert chat.measure("wide", 320) == []
    assert chat.page.evaluate("document.documentElement.scrollWidth") <= 320


@pytest.mark.parametrize("context", [{"viewport": {"width": 320, "height": 256}}], indirect=True)
def test_it_can_be_read_at_400_percent(chat: Chat) -> None:
    chat.ask(FACT)
    text = chat.answer.locator(".answer-body p").first
    text.scroll_into_view_if_needed()
    assert text.is_visible()
    chat.input.scroll_into_view_if_needed()
    box = chat.input.bounding_box()
    assert box["y"] + box["height"] <= 256


def test_text_spacing_cuts_nothing_off(chat: Chat) -> None:
    """WCAG 1.4.12, as a reader's own style sheet sets it."""
    source(chat)
    assert chat.measure("cut") == []


@pytest.mark.parametrize("state", ["open", "source", "non-answer", "contact form", "feedback", "overview"])
def test_targets_are_large_enough(chat: Chat, state: str) -> None:
    """WCAG 2.5.8: 24 by 24 pixels."""
    STATES[state](chat)
    assert chat.measure("small") == []


@pytest.mark.parametrize("context", [{"reduced_motion": "reduce"}], indirect=True)
def test_nothing_moves_where_that_is_wished(chat: Chat) -> None:
    waiting(chat)
    moving = "one => one.getAnimations({ subtree: true }).length"
    assert chat.panel.evaluate(moving) == 0
    chat.page.emulate_media(reduced_motion="no-preference")
    assert chat.panel.evaluate(moving) > 0


@pytest.mark.parametrize("colour", ["#ffe600", "#003366", "rgb(120 120 120)", "crimson"])
def test_any_colour_of_a_county_stays_readable(chat: Chat, colour: str) -> None:
    chat.element.evaluate("(one, colour) => { one.color = colour; }", colour)
    assert [one for one in violations(chat.page) if one.startswith("color-contrast:")] == []


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_the_edges_of_controls_and_icons_stand_out(chat: Chat, scheme: str) -> None:
    """WCAG 1.4.11: 3 to 1 for what makes a control, which axe does not measure."""
    chat.page.emulate_media(color_scheme=scheme)
    assert min(chat.measure("contrasts")) >= 3
