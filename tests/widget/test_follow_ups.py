"""Conversations in the widget: a question refers to what the answer before showed, in its order."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from tests.answering.truth import DRAFT, REPORT, projects
from tests.widget.driving import Chat

pytestmark = pytest.mark.browser
CYCLING = "Welche Projekte zum Radverkehr gibt es?"
PLANNED = "Welche Projekte sind in Planung?"


def rows(chat: Chat) -> list[str]:
    """The numbers of the rows of the newest answer."""
    return [text.split()[0] for text in chat.texts(".items > li")]


def test_an_answer_is_cited_by_its_rows_in_their_order(chat: Chat) -> None:
    listed = rows(chat.ask(CYCLING))
    history = chat.sent("Und wie viele sind das?")["history"]
    assert history[1]["citations"] == [[REPORT, ref] for ref in listed]
    assert "citations" not in history[0]
    chat.ask("Was ist 2.1.2.1?")
    assert chat.sent("Wo steht das?")["history"][-1]["citations"] == [[REPORT, "2.1.2.1"]]


def test_a_part_of_a_list_and_who_is_responsible_for_it(chat: Chat) -> None:
    chat.ask(PLANNED).ask("nur die von 66")
    assert rows(chat) == projects(status="planned", unit="66") != projects(unit="66")
    chat.ask("Wie viele davon betreffen die Mobilität?")
    assert rows(chat) == projects(status="planned", unit="66", theme="5")
    chat.ask("Wer ist für das erste zuständig?")
    assert "66.01" in chat.answer.inner_text() and "70.01" not in chat.answer.inner_text()


def test_the_only_one_of_a_part_is_meant_and_no_count(chat: Chat) -> None:
    chat.ask("Welche Projekte zum Bus gibt es?").ask("Welche davon sind nur Ideen?")
    only = rows(chat) or chat.texts(".answer-body")
    chat.ask("Wer ist dafür zuständig?")
    assert "5.1.4.1 Fahrradmitnahme im Linienbus" in chat.answer.inner_text(), only
    assert "Leitbild" not in chat.answer.inner_text()


def test_rows_are_meant_by_their_place(chat: Chat) -> None:
    listed = rows(chat.ask(CYCLING))
    chat.ask("Was ist das dritte?")
    assert listed[2] in chat.answer.inner_text() and chat.status == "answered"
    chat.ask("Wo steht das?")
    assert listed[2] in chat.answer.inner_text()
    chat.ask("Und das letzte?")
    assert listed[-1] in chat.answer.inner_text()
    chat.source()
    assert listed[-1] in chat.card.inner_text()


def test_what_was_counted_is_listed(chat: Chat) -> None:
    chat.ask("Wie viele Thesen hat das Leitbild?").ask("Welche sind das?")
    assert rows(chat) == [str(number) for number in range(1, 9)]
    chat.ask("was steht beim dritten?")
    assert "3 Kinder zuerst" in chat.answer.inner_text()


def test_a_kept_conversation_goes_on(chat: Chat) -> None:
    listed = rows(chat.ask(CYCLING))
    chat.page.goto("/chat")
    again = Chat(chat.page)
    again.answer.wait_for()
    again.ask("Was ist das zweite?")
    assert listed[1] in again.answer.inner_text()


def test_a_kept_conversation_without_keys_goes_on(chat: Chat) -> None:
    """Of an older version, whose rows and citations had none."""
    chat.ask(CYCLING)
    chat.page.evaluate("""() => { for (const [name, text] of Object.entries(sessionStorage))
        sessionStorage.setItem(name, text.replaceAll('"key":', '"old":')); }""")
    chat.page.goto("/chat")
    again = Chat(chat.page)
    again.answer.wait_for()
    assert again.sent("Was ist das zweite?")["history"][1]["citations"] == []
    assert again.status == "answered"


def test_a_conversation_stays_in_the_documents_of_its_element(
    embedded: Callable[..., Chat], forgiving: None
) -> None:
    chat = embedded(
        "/scoped.html", f'<strategielotse-chat documents="{DRAFT}"></strategielotse-chat>'
    )
    chat.launcher.wait_for()
    chat.open()
    chat.page.route("**/api/v1/chat", _cite_the_report)
    for question in ("Was steht zu Kindern?", "Was ist das zweite?", "Und 5.1.1.1?"):
        chat.ask(question)
        assert "Nachhaltigkeitsbericht" not in chat.answer.inner_text()


def _cite_the_report(route: Any) -> None:
    """Let a conversation cite what its documents do not have."""
    body = route.request.post_data_json
    for turn in body["history"]:
        if turn["role"] == "assistant":
            turn["content"] = "5.1.1.1 Nachtbus am Wochenende [1]"
            turn["citations"] = [[REPORT, "5.1.1.1"], [REPORT, "5.2.2.2"]]
    route.continue_(post_data=body)
