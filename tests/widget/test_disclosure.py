"""The widget says of every answer how it was made, and so do its copy and its print (AI Act, Art. 50)."""

from __future__ import annotations

from typing import Any

import pytest

from tests.widget.driving import FACT, NOTHING, Chat

pytestmark = pytest.mark.browser
SAID = "Automatisch zusammengestellt, ohne KI-Sprachmodell."
TERM = "http://cv.iptc.org/newscodes/digitalsourcetype/algorithmicMedia"


@pytest.mark.parametrize("context", [{"permissions": ["clipboard-read", "clipboard-write"]}], indirect=True)
def test_answers_non_answers_copy_and_print_bear_the_mark(chat: Chat, context: Any) -> None:
    for question in (FACT, NOTHING):
        chat.ask(question)
        assert chat.answer.get_attribute("data-generated-by") == "automatic"
        assert chat.answer.locator("meta[itemprop=digitalSourceType]").get_attribute("content") == TERM
        assert chat.answer.locator(".made").inner_text() == SAID
        chat.button("Kopieren").click()
        chat.answer.locator(".said-done").filter(has_text="kopiert").wait_for()
        assert chat.page.evaluate("navigator.clipboard.readText()").endswith(SAID)
    chat.page.evaluate("() => { window.print = () => {}; }")
    chat.button("Drucken").click()
    assert SAID in chat.page.locator("strategielotse-print").evaluate("one => one.shadowRoot.textContent")
