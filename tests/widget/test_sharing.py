"""Copying, sharing and printing an answer."""

from __future__ import annotations

from typing import Any

import pytest

from tests.processes import Server
from tests.widget.driving import FACT, LONG_LIST, NOTHING, Chat

pytestmark = pytest.mark.browser


@pytest.mark.parametrize("context", [{"permissions": ["clipboard-read", "clipboard-write"]}], indirect=True)
def test_copy_and_share(chat: Chat) -> None:
    read = "navigator.clipboard.readText()"
    chat.ask(FACT)
    chat.button("Kopieren").click()
    chat.element.get_by_text("Die Antwort ist kopiert.").first.wait_for()
    copied = chat.page.evaluate(read)
    assert copied.startswith(FACT)
    assert "[1] 2.1.2.1 Renaturierung der Lauve bei Ostermarn – Nachhaltigkeitsbericht Kreis Lauterfeld" in copied
    assert "/documents/lauterfeld-nachhaltigkeitsbericht-2026/2.1.2.1?quote=" in copied
    chat.button("Link zu dieser Frage kopieren").click()
    chat.element.get_by_text("Der Link zu dieser Frage ist kopiert.").first.wait_for()
    shared = chat.page.evaluate(read)
    assert "#frage=Was%20ist%202.1.2.1" in shared
    assert "?" not in shared
    page = chat.page.context.new_page()
    asked: list[str] = []
    page.on("request", lambda one: asked.append(one.url))
    page.goto(shared)
    page.get_by_role("button", name="Geteilte Frage öffnen").click()
    opened = Chat(page)
    opened.element.locator(".welcome").wait_for()
    assert opened.input.input_value() == FACT
    assert [url for url in asked if url.endswith("/chat")] == []
    opened.input.press("Enter")
    opened.answer.wait_for()
    assert opened.status == "answered"


def test_copying_works_where_the_browser_refuses_its_clipboard(chat: Chat) -> None:
    chat.ask(FACT)
    chat.page.evaluate("() => { navigator.clipboard.writeText = () => Promise.reject(new Error()); }")
    chat.button("Kopieren").click()
    chat.element.get_by_text("Die Antwort ist kopiert.").first.wait_for()
    assert chat.focused("one.textContent") == "Kopieren"


def test_one_answer_is_printed_alone(chat: Chat) -> None:
    chat.ask(LONG_LIST)
    chat.page.evaluate("() => { window.print = () => { window.printed = true; }; }")
    chat.button("Drucken").click()
    assert chat.page.evaluate("window.printed")
    printed = chat.page.locator("strategielotse-print")
    assert not printed.is_visible()
    chat.page.emulate_media(media="print")
    assert printed.is_visible()
    assert not chat.page.locator("main").is_visible()
    assert printed.locator(".items > li:visible").count() == 61
    assert LONG_LIST in printed.locator(".printed").inner_text()
    chat.page.emulate_media(media="screen")
    chat.page.evaluate("window.dispatchEvent(new Event('afterprint'))")
    assert printed.count() == 0
    assert chat.page.evaluate("document.adoptedStyleSheets.length") == 0


def test_a_printed_answer_names_its_sources(chat: Chat) -> None:
    chat.ask(FACT)
    chat.answer.locator(".marker").first.click()
    chat.card.locator("figure img").wait_for()
    chat.page.evaluate("() => { window.print = () => {}; }")
    chat.button("Drucken").click()
    chat.page.emulate_media(media="print")
    printed = chat.page.locator("strategielotse-print .printed")
    text = printed.inner_text()
    line = (
        "[1] 2.1.2.1 Renaturierung der Lauve bei Ostermarn – Nachhaltigkeitsbericht Kreis Lauterfeld, Seite 8, "
        "Stand 01.03.2026, in Bearbeitung, veröffentlicht"
    )
    assert line in text
    assert "/documents/lauterfeld-nachhaltigkeitsbericht-2026/2.1.2.1\n" in text
    assert text.count("Der erste Bauabschnitt") == 2
    assert "gefunden. [1]" in text
    assert printed.locator("button, figure, .source-card").count() == 0


def test_a_printed_answer_without_sources_has_no_list(chat: Chat) -> None:
    chat.ask(NOTHING)
    chat.page.evaluate("() => { window.print = () => {}; }")
    chat.button("Drucken").click()
    assert chat.page.locator("strategielotse-print h2").count() == 0


@pytest.mark.parametrize("context", [{"permissions": ["clipboard-read", "clipboard-write"]}], indirect=True)
@pytest.mark.parametrize(
    ("given", "begins"),
    [
        ("https%3A%2F%2Fwww.kreis.example%2Fplaene%3Fa%3D1%23oben", "https://www.kreis.example/plaene?a=1#frage=Was"),
        ("javascript%3Aalert(1)", "{service}/embed?page=javascript%3Aalert(1)#frage=Was"),
    ],
)
def test_in_a_frame_the_link_leads_to_the_page_around_it(page: Any, service: Server, given: str, begins: str) -> None:
    page.goto(f"/embed?page={given}")
    chat = Chat(page).ask(FACT)
    chat.button("Link zu dieser Frage kopieren").click()
    chat.element.get_by_text("Der Link zu dieser Frage ist kopiert.").first.wait_for()
    assert page.evaluate("navigator.clipboard.readText()").startswith(begins.format(service=service.url))
