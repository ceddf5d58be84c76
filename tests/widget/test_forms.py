"""Feedback and the contact form, against the real routes and a real mail server."""

from __future__ import annotations

import json
from email import message_from_bytes
from email.policy import default
from pathlib import Path

import pytest

from tests.widget.conftest import Mailbox
from tests.widget.driving import FACT, NOTHING, Chat

pytestmark = pytest.mark.browser


def test_an_answer_is_rated_helpful(chat: Chat) -> None:
    chat.ask(FACT)
    with chat.page.expect_response("**/api/v1/feedback") as response:
        chat.button("Ja").click()
    assert response.value.status == 204
    sent = json.loads(response.value.request.post_data)
    assert sent["helpful"] is True
    assert sent["answer_id"]
    chat.element.locator(".feedback .sent").wait_for()
    assert chat.said == "Danke für die Rückmeldung."
    assert chat.focused("one.textContent") == "Danke für die Rückmeldung."


def test_an_answer_is_rated_with_a_reason_and_words(chat: Chat, mailbox: tuple[Mailbox, int]) -> None:
    chat.ask(FACT)
    chat.button("Nein").click()
    assert chat.focused("one.type") == "radio"
    chat.button("Rückmeldung senden").click()
    assert chat.element.locator(".feedback .error").inner_text() == "Bitte wählen Sie einen Grund."
    chat.element.get_by_label("Das ist veraltet").check()
    chat.element.locator(".feedback textarea").fill("Der Bau ist fertig.")
    with chat.page.expect_response("**/api/v1/feedback") as response:
        chat.button("Rückmeldung senden").click()
    assert response.value.status == 204
    sent = json.loads(response.value.request.post_data)
    assert (sent["helpful"], sent["reason"], sent["text"]) == (False, "outdated", "Der Bau ist fertig.")
    chat.element.locator(".feedback .sent").wait_for()
    assert any("Der Bau ist fertig." in _text(mail) for mail in mailbox[0].mails)


def test_a_rating_is_taken_back_before_it_is_sent(chat: Chat) -> None:
    chat.ask(FACT)
    chat.button("Nein").click()
    chat.element.locator(".feedback").get_by_role("button", name="Abbrechen").click()
    assert chat.element.locator(".feedback-row").is_visible()
    assert chat.focused("one.textContent") == "Ja"


def test_a_message_goes_out_with_question_and_attachment(
    chat: Chat, mailbox: tuple[Mailbox, int], tmp_path: Path
) -> None:
    paper = tmp_path / "skizze.pdf"
    paper.write_bytes(b"%PDF-1.4\n%%EOF\n")
    chat.ask(NOTHING)
    chat.button("Nachricht an die Verwaltung").click()
    assert chat.focused("one.tagName") == "H3"
    chat.element.get_by_label("E-Mail-Adresse").fill("erna@beispiel.example")
    chat.element.get_by_label("Name").fill("Erna Beispiel")
    chat.element.get_by_label("Ihre Nachricht").fill("Ich hätte gern eine Seilbahn.")
    assert chat.element.get_by_label("Meine Frage mitschicken").is_checked()
    chat.element.get_by_label("Datei anhängen").set_input_files(paper)
    with chat.page.expect_response("**/api/v1/contact") as response:
        chat.button("Nachricht senden").click()
    assert response.value.status == 204
    chat.element.get_by_text("Ihre Nachricht ist abgeschickt.").first.wait_for()
    mail = message_from_bytes(mailbox[0].mails[-1], policy=default)
    assert "Ich hätte gern eine Seilbahn." in _text(mailbox[0].mails[-1])
    assert NOTHING in _text(mailbox[0].mails[-1])
    assert [part.get_content_type() for part in mail.iter_attachments()] == ["application/pdf"]  # type: ignore[attr-defined]
    chat.button("Zurück zum Gespräch").click()
    assert chat.answer.is_visible()


def test_a_call_back_needs_a_number_only(chat: Chat, mailbox: tuple[Mailbox, int]) -> None:
    chat.button("Kontakt").click()
    chat.element.get_by_label("Am Telefon").check()
    assert not chat.element.get_by_label("E-Mail-Adresse").is_visible()
    chat.element.get_by_label("Telefonnummer").fill("01234 56789")
    chat.element.get_by_label("Ihre Nachricht").fill("Bitte rufen Sie an.")
    with chat.page.expect_response("**/api/v1/contact") as response:
        chat.button("Nachricht senden").click()
    assert response.value.status == 204
    assert "01234 56789" in _text(mailbox[0].mails[-1])


def test_mistakes_are_told_at_their_fields_before_anything_is_sent(chat: Chat, tmp_path: Path) -> None:
    sent: list[str] = []
    chat.page.on("request", lambda one: sent.append(one.url) if "/contact" in one.url else None)
    program = tmp_path / "programm.exe"
    program.write_bytes(b"MZ")
    chat.button("Kontakt").click()
    email = chat.element.get_by_label("E-Mail-Adresse")
    email.fill("erna")
    chat.element.get_by_label("Datei anhängen").set_input_files(program)
    chat.button("Nachricht senden").click()
    errors = chat.element.locator(".field .error:visible").all_inner_texts()
    assert len(errors) == 3
    assert "name@beispiel.de" in errors[0]
    assert "Erlaubt sind: PDF" in errors[2]
    assert email.get_attribute("aria-invalid") == "true"
    described = str(email.get_attribute("aria-describedby"))
    assert chat.element.locator(f"#{described}").inner_text() == errors[0]
    assert chat.focused("one.name") == "email"
    large = tmp_path / "gross.pdf"
    large.write_bytes(b"%PDF" + b"x" * 5_000_001)
    chat.element.get_by_label("Datei anhängen").set_input_files(large)
    chat.button("Nachricht senden").click()
    assert "höchstens 5 MB" in chat.element.locator(".field .error:visible").all_inner_texts()[2]
    assert sent == []


def test_a_refused_message_keeps_its_text(chat: Chat, forgiving: None) -> None:
    chat.button("Kontakt").click()
    chat.element.get_by_label("E-Mail-Adresse").fill("erna@beispiel.example")
    message = chat.element.get_by_label("Ihre Nachricht")
    message.fill("Nicht verlieren!")
    chat.page.context.set_offline(True)
    chat.button("Nachricht senden").click()
    chat.element.locator(".summary:visible").wait_for()
    assert "offline" in chat.element.locator(".summary").inner_text()
    assert message.input_value() == "Nicht verlieren!"
    chat.page.context.set_offline(False)
    with chat.page.expect_response("**/api/v1/contact") as response:
        chat.button("Nachricht senden").click()
    assert response.value.status == 204


def test_an_open_form_survives_closing_and_keeps_its_text(chat: Chat) -> None:
    chat.button("Kontakt").click()
    chat.element.get_by_label("Ihre Nachricht").fill("Halb geschrieben")
    assert not chat.button("English").is_visible()
    chat.page.keyboard.press("Escape")
    chat.launcher.click()
    assert chat.focused("one.textContent") == "Nachricht an die Verwaltung"
    assert chat.element.get_by_label("Ihre Nachricht").input_value() == "Halb geschrieben"
    chat.button("Zurück zum Gespräch").click()
    assert chat.button("English").is_visible()


def test_a_message_is_sent_once_however_often_the_button_is_pressed(chat: Chat) -> None:
    sent: list[str] = []
    chat.page.on("request", lambda one: sent.append(one.url) if "/contact" in one.url else None)
    chat.button("Kontakt").click()
    chat.element.get_by_label("E-Mail-Adresse").fill("erna@beispiel.example")
    chat.element.get_by_label("Ihre Nachricht").fill("Einmal.")
    chat.button("Nachricht senden").evaluate("one => { one.click(); one.click(); one.click(); }")
    chat.element.get_by_text("Ihre Nachricht ist abgeschickt.").first.wait_for()
    assert len(sent) == 1


def test_what_the_service_refuses_is_told_at_its_field(chat: Chat, forgiving: None) -> None:
    chat.button("Kontakt").click()
    chat.element.get_by_label("E-Mail-Adresse").fill("erna(x)@beispiel.example")
    chat.element.get_by_label("Ihre Nachricht").fill("Hallo")
    with chat.page.expect_response("**/api/v1/contact") as response:
        chat.button("Nachricht senden").click()
    assert response.value.status == 422
    told = response.value.json()["errors"][0]["message"]
    chat.element.locator(".field .error:visible").wait_for()
    assert chat.element.locator(".field .error:visible").all_inner_texts() == [told]


def _text(mail: bytes) -> str:
    message = message_from_bytes(mail, policy=default)
    body = message.get_body(("plain",))  # type: ignore[attr-defined]
    return str(body.get_content())
