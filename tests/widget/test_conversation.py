"""Asking in a real browser: streamed answers, lists, tables, follow-ups, non-answers, languages, sharing, printing."""

from __future__ import annotations

import json
from typing import Any

import pytest

from tests.widget.driving import (
    EMERGENCY,
    FACT,
    LIST,
    LONG_LIST,
    MEASURES,
    NEAR,
    NOTHING,
    OUTSIDE,
    REFUSED,
    TABLE,
    VAGUE,
    Chat,
)

pytestmark = pytest.mark.browser


def test_nothing_is_asked_for_before_it_is_opened_and_only_the_tab_keeps_something(page: Any) -> None:
    asked: list[str] = []
    page.on("request", lambda one: asked.append(one.url))
    page.goto("/")
    page.locator(".launcher").wait_for()
    assert [url for url in asked if "/api/" in url] == []
    Chat(page).open().ask(FACT)
    assert [url.rpartition("/")[2] for url in asked if "/api/" in url] == ["config", "chat"]
    assert page.context.cookies() == []
    assert page.evaluate("[localStorage.length, sessionStorage.length]") == [0, 1]
    assert page.evaluate("indexedDB.databases().then((all) => all.length)") == 0


def test_it_says_what_it_is_and_what_it_keeps(chat: Chat) -> None:
    text = chat.panel.inner_text()
    assert "automatischer Assistent, kein Mensch" in text
    assert "speichert Ihre Fragen nicht" in text
    assert "bis Sie diesen Tab schließen" in text
    assert "5 Dokumente" in text
    assert "Kreis Lauterfeld" in text
    assert "Beispieldaten" in text


def test_a_first_question_is_asked_by_its_button(chat: Chat) -> None:
    button = chat.element.locator(".welcome .questions button").first
    question = button.inner_text()
    button.click()
    chat.answer.wait_for()
    assert chat.element.locator(".question p").inner_text() == question
    assert chat.focused("one.className") == "log"


def test_an_answer_comes_as_a_stream_and_is_told_once(chat: Chat) -> None:
    page = chat.page
    page.evaluate(
        """() => {
          const shadow = document.querySelector("strategielotse-chat").shadowRoot;
          window.told = []; window.heard = 0;
          new MutationObserver(() => window.told.push(shadow.querySelector("[role=status]").textContent))
            .observe(shadow.querySelector("[role=status]"), { childList: true, characterData: true, subtree: true });
          new MutationObserver((all) => all.forEach((one) => one.addedNodes.forEach((node) => {
            if (node.className === "streamed") window.heard += 1; })))
            .observe(shadow.querySelector(".log"), { childList: true, subtree: true });
        }"""
    )
    with page.expect_response("**/api/v1/chat") as response:
        chat.ask(FACT)
    assert response.value.headers["content-type"].startswith("text/event-stream")
    assert page.evaluate("window.heard") >= 1
    told = page.evaluate("window.told")
    assert told[0] == "Die Dokumente werden durchsucht …"
    assert len(told) == 2
    assert "Der erste Bauabschnitt" in told[1]
    assert "[1]" not in told[1]
    assert told[1].endswith("2 Quellen.")
    assert chat.element.locator(".log").get_attribute("aria-live") == "off"
    assert chat.element.locator(".log").get_attribute("aria-busy") is None


def test_a_list_is_a_list_with_its_count_and_statuses(chat: Chat) -> None:
    chat.ask(LIST)
    items = chat.answer.locator(".items > li")
    assert items.count() == 2
    assert "5.1.4.1 Fahrradmitnahme im Linienbus" in items.first.inner_text()
    assert items.first.locator(".badge svg").count() == 1
    assert items.first.locator(".badge").inner_text() == "Idee"
    assert chat.answer.locator(".count").inner_text() == "2 Einträge, alle aufgeführt"
    assert "[1]" not in chat.answer.inner_text()


def test_a_long_list_is_complete_and_folded(chat: Chat) -> None:
    chat.ask(LONG_LIST)
    assert chat.answer.locator(".items > li").count() == 61
    assert chat.answer.locator(".items > li:visible").count() == 10
    chat.button("Alle 61 Einträge zeigen").click()
    assert chat.answer.locator(".items > li:visible").count() == 61
    chat.button("Weniger zeigen").click()
    assert chat.answer.locator(".items > li:visible").count() == 10


def test_a_comparison_is_a_table_with_verbatim_quotes(chat: Chat) -> None:
    chat.ask(TABLE)
    rows = chat.answer.locator("tbody tr")
    assert rows.count() == 2
    assert "Nachhaltigkeitsbericht Kreis Lauterfeld" in rows.first.locator("th").inner_text()
    assert "beschlossen" in rows.nth(1).locator("th").inner_text()
    assert "Wege bis fünf Kilometer" in rows.first.inner_text()
    assert chat.answer.locator("tbody .marker").count() == 6
    assert not chat.answer.locator("details p").first.is_visible()


def test_facts_are_names_and_values(chat: Chat) -> None:
    chat.ask(FACT)
    facts = chat.answer.locator(".facts").inner_text()
    assert "in Bearbeitung" in facts
    assert "4,6 Mio. Euro" in facts
    assert "11.2025" in facts


def test_a_follow_up_takes_the_conversation_along(chat: Chat) -> None:
    chat.ask(FACT)
    with chat.page.expect_request("**/api/v1/chat") as sent:
        chat.ask("Wer ist dafür zuständig?")
    body = json.loads(sent.value.post_data)
    assert [turn["role"] for turn in body["history"]] == ["user", "assistant"]
    assert "70.01" in chat.answer.inner_text()
    assert chat.element.locator(".turn").count() == 2


def test_a_long_conversation_stays_below_the_largest_body(chat: Chat) -> None:
    body = chat.page.evaluate(
        """async () => {
          const { Conversation } = await import("/widget/conversation.js");
          const answer = { answer: "ä".repeat(4000) };
          const turns = Array.from({ length: 30 }, (_, n) => ({ question: `Frage ${n}`, answer, failure: null }));
          return new Conversation(turns).body("Neue Frage", { style: "standard", limit: 20 });
        }"""
    )
    assert 40_000 < len(body.encode()) < 60_000
    history = json.loads(body)["history"]
    assert history[-2]["content"] == "Frage 29"
    assert [turn["role"] for turn in history[:2]] == ["user", "assistant"]


@pytest.mark.parametrize(
    ("question", "status", "heading"),
    [
        (NOTHING, "not_in_documents", "Steht nicht in den Dokumenten"),
        (OUTSIDE, "out_of_scope", "Das kann ich nicht beantworten"),
        (REFUSED, "refused", "Das gehört nicht zu meinen Aufgaben"),
        (VAGUE, "needs_clarification", "Bitte etwas genauer"),
        (EMERGENCY, "emergency", "Im Notfall: 112"),
    ],
)
def test_non_answers_are_told_apart(chat: Chat, question: str, status: str, heading: str) -> None:
    chat.ask(question)
    assert chat.status == status
    assert chat.answer.locator("h3").inner_text() == heading
    assert heading in chat.said
    assert chat.answer.locator(".marker").count() == 0


def test_a_non_answer_names_the_nearest_and_where_to_turn(chat: Chat) -> None:
    chat.ask(NEAR)
    nearest = chat.answer.locator(".nearest a")
    assert nearest.count() > 0
    assert nearest.first.get_attribute("target") == "_blank"
    assert "(neues Fenster)" in str(nearest.first.text_content())
    assert chat.button("Nachricht an die Verwaltung").is_visible()


def test_a_choice_is_asked_by_its_button(chat: Chat) -> None:
    chat.ask(VAGUE)
    chat.answer.locator(".suggestions button").first.click()
    chat.element.locator(".answer").nth(1).wait_for()
    assert chat.status == "answered"


def test_an_emergency_gives_numbers_to_call(chat: Chat) -> None:
    chat.ask(EMERGENCY)
    assert chat.answer.locator("a.call").first.get_attribute("href") == "tel:112"


def test_the_language_is_switched_and_the_conversation_stays(chat: Chat) -> None:
    chat.ask(FACT)
    chat.input.fill("noch nicht gesendet")
    chat.button("English").click()
    chat.answer.wait_for()
    assert chat.element.locator(".root").get_attribute("lang") == "en"
    assert "Automatic assistant" in chat.panel.inner_text()
    assert chat.input.input_value() == "noch nicht gesendet"
    assert chat.answer.locator(".answer-body p").first.get_attribute("lang") == "de"
    assert chat.focused("one.textContent") == "Deutsch"
    chat.ask("How many projects are implemented?")
    assert "10 projects" in chat.answer.inner_text()
    assert chat.answer.locator(".items span[lang=de]").count() > 0


def test_all_languages_say_the_same_things(chat: Chat) -> None:
    chat.page.evaluate(MEASURES)
    names = chat.page.evaluate(
        """async () => {
          const load = async (code) => (await import(`/widget/languages/${code}.js`)).words;
          return [measures.paths(await load("de")).sort(), measures.paths(await load("en")).sort()];
        }"""
    )
    assert names[0] == names[1]
    assert len(names[0]) > 150


def test_easy_language_is_offered_where_the_service_has_it(page: Any) -> None:
    def without(route: Any) -> None:
        response = route.fetch()
        route.fulfill(response=response, json={**response.json(), "styles": ["standard"]})

    page.route("**/api/v1/config", without)
    page.goto("/")
    assert Chat(page).open().element.get_by_label("Einfache Sprache").count() == 0
    page.unroute("**/api/v1/config")
    page.reload()
    chat = Chat(page).open()
    chat.element.get_by_label("Einfache Sprache").focus()
    page.keyboard.press("Space")
    for question in (FACT, LIST):
        with page.expect_request("**/api/v1/chat") as sent:
            chat.ask(question)
        assert json.loads(sent.value.post_data)["style"] == "einfach"
    assert chat.element.get_by_label("Einfache Sprache").is_checked()


def test_starting_again_forgets_the_conversation(chat: Chat) -> None:
    chat.ask(FACT)
    chat.button("Neues Gespräch").click()
    assert chat.element.locator(".turn").count() == 0
    assert chat.element.locator(".welcome").is_visible()
    with chat.page.expect_request("**/api/v1/chat") as sent:
        chat.ask(LIST)
    assert json.loads(sent.value.post_data)["history"] == []
