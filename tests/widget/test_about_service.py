"""What is asked of the service itself is answered in a state of its own: friendly, with questions to go on."""

from __future__ import annotations

import pytest

from tests.widget.driving import GREETING, Chat

pytestmark = pytest.mark.browser


@pytest.mark.parametrize("question", [GREETING, "Was kannst du?", "Speicherst du meine Daten?"])
def test_it_is_no_refusal(chat: Chat, question: str) -> None:
    chat.ask(question)
    assert chat.status == "about_service"
    assert chat.answer.locator("h3").inner_text() == "Ihr Assistent"
    assert "Das kann ich nicht beantworten" not in chat.answer.inner_text()
    assert chat.said.startswith("Ihr Assistent: ")
    assert chat.answer.locator(".marker, .sources, .feedback, .actions, .notices").count() == 0


def test_it_offers_questions_to_begin_with(chat: Chat) -> None:
    welcome = chat.element.locator(".welcome .questions button").all_inner_texts()
    chat.ask(GREETING)
    assert chat.answer.locator(".suggestions h4").inner_text() == "Zum Beispiel"
    assert chat.answer.locator(".suggestions button").all_inner_texts() == welcome
    chat.answer.locator(".suggestions button").first.click()
    chat.element.locator(".answer").nth(1).wait_for()
    assert chat.status == "answered"


def test_who_asks_for_the_contact_gets_it_once(chat: Chat) -> None:
    chat.ask("Wie erreiche ich euch?")
    assert chat.status == "about_service"
    assert chat.answer.inner_text().count("Bitte wenden Sie sich an die Kreisverwaltung.") == 1
    chat.button("Nachricht an die Verwaltung").click()
    assert chat.element.get_by_label("Ihre Nachricht").is_visible()


def test_a_greeting_needs_no_contact(chat: Chat) -> None:
    chat.ask(GREETING)
    assert chat.answer.locator(".contact").count() == 0


def test_in_english(chat: Chat) -> None:
    chat.button("English").click()
    chat.ask("What can you do?")
    assert (chat.status, chat.answer.locator("h3").inner_text()) == ("about_service", "Your assistant")
    assert chat.answer.locator(".suggestions h4").inner_text() == "For example"
