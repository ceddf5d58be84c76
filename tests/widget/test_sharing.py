"""Copying, sharing and printing an answer."""

from __future__ import annotations

import pytest

from tests.widget.driving import FACT, LONG_LIST, Chat

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
