"""What goes wrong is told as a sentence at its place, and neither a question nor a message is
lost.
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import httpx2 as httpx
import pytest

from tests.browsing import served_here
from tests.service.county import report
from tests.widget.conftest import Mailbox
from tests.widget.driving import FACT, Chat
from tests.widget.test_walk import text_of
from tests.widget.websites import Websites

pytestmark = [pytest.mark.browser, pytest.mark.long]
CALLER = {"X-Forwarded-For": "203.0.113.9"}
AWAY = "Der Dienst ist gerade nicht erreichbar."


def test_too_many_questions_name_the_time_to_wait(browser: Any, tmp_path: Path) -> None:
    with served_here(tmp_path, report(), demo=True, rate_per_minute=4) as served:
        page = browser.new_page(base_url=served.url)
        page.goto("/")
        chat = Chat(page).open()
        page.context.set_extra_http_headers(CALLER)
        with httpx.Client(base_url=served.url, headers=CALLER, timeout=60) as caller:
            assert 429 in [caller.get("/api/v1/documents").status_code for _ in range(9)]
        with page.expect_response("**/api/v1/chat") as response:
            chat.ask(FACT)
        assert (
            f"Bitte versuchen Sie es in {response.value.headers['retry-after']} Sekunde"
            in chat.failed
        )
        assert chat.retry.is_visible()
        page.close()


@pytest.mark.parametrize(
    ("service_at", "sentence"),
    [
        ("{site}/down/", "Der Dienst ist gerade nicht bereit."),
        ("{site}/broken/", "Die Antwort ist nicht vollständig angekommen."),
        ("http://127.0.0.1:9/", AWAY),
        (" {site}/down ", "Der Dienst ist gerade nicht bereit."),
    ],
)
def test_a_failing_service(
    embedded: Callable[..., Chat], site: Websites, forgiving: None, service_at: str, sentence: str
) -> None:
    """A path of the own website is an address too."""
    address = service_at.format(site=site.url)
    chat = embedded("/failing", f'<strategielotse-chat service="{address}"></strategielotse-chat>')
    chat.launcher.click()
    assert chat.ask(FACT).failed.startswith(sentence)
    assert "Ein halber Satz" not in chat.panel.inner_text() and chat.retry.is_visible()


@pytest.mark.parametrize(
    "address", ["lotse.example.org:8080/", "javascript:alert(1)", "http://[", "//lotse.example.org"]
)
def test_a_mistyped_address_sends_no_question_anywhere(
    embedded: Callable[..., Chat], forgiving: None, address: str
) -> None:
    chat = embedded("/mistyped", f'<strategielotse-chat service="{address}"></strategielotse-chat>')
    asked: list[str] = []
    lines: list[str] = []
    chat.page.on("request", lambda item: asked.append(item.url))
    chat.page.on("console", lambda item: lines.append(item.text))
    chat.page.reload()
    chat.launcher.click()
    assert chat.ask(FACT).failed.startswith(AWAY)
    assert [
        item for item in asked if not item.endswith(("/mistyped", "/widget.js", "/favicon.ico"))
    ] == []
    (text,) = [line for line in lines if "service" in line]
    assert address in text


def test_a_service_that_never_answers(
    embedded: Callable[..., Chat], page: Any, site: Websites, forgiving: None
) -> None:
    page.clock.install()
    chat = embedded(
        "/slow-page", f'<strategielotse-chat service="{site.url}/slow/"></strategielotse-chat>'
    )
    chat.launcher.click()
    chat.input.fill(FACT)
    chat.input.press("Enter")
    chat.wait_for(".waiting")
    page.clock.fast_forward(31_000)
    chat.answer.wait_for()
    assert chat.failed.startswith("Die Antwort hat zu lange gedauert.")
    chat.retry.click()
    chat.wait_for(".waiting")
    chat.click("Abbrechen")
    chat.answer.wait_for()
    assert chat.failed == "Abgebrochen."


def test_an_empty_question_and_the_end_of_the_field_are_told(chat: Chat) -> None:
    chat.input.press("Enter")
    described = str(chat.input.get_attribute("aria-describedby")).split()[0]
    assert chat.find(f"#{described}").inner_text() == "Bitte schreiben Sie zuerst eine Frage."
    assert chat.input.get_attribute("aria-invalid") == "true"
    assert chat.ask(FACT).input.get_attribute("aria-invalid") is None
    chat.input.fill("x" * 450)
    assert "Noch 50 Zeichen" in chat.panel.inner_text()


def filled(chat: Chat, email: str = "erna@beispiel.example", message: str = "Hallo") -> Any:
    """Open the form and fill it in; return the button that sends it."""
    chat.click("Kontakt")
    chat.element.get_by_label("E-Mail-Adresse").fill(email)
    chat.element.get_by_label("Ihre Nachricht").fill(message)
    return chat.button("Nachricht senden")


def errors(chat: Chat) -> list[str]:
    return [str(text) for text in chat.find(".field .error:visible").all_inner_texts()]


def test_a_call_back_needs_a_number_only(chat: Chat, mailbox: tuple[Mailbox, int]) -> None:
    send = filled(chat, message="Bitte rufen Sie an.")
    chat.element.get_by_label("Am Telefon").check()
    assert not chat.element.get_by_label("E-Mail-Adresse").is_visible()
    chat.element.get_by_label("Telefonnummer").fill("01234 56789")
    with chat.page.expect_response("**/api/v1/contact") as response:
        send.click()
    assert response.value.status == 204 and "01234 56789" in text_of(mailbox[0].mails[-1])


def test_mistakes_are_told_at_their_fields_before_anything_is_sent(
    chat: Chat, tmp_path: Path
) -> None:
    sent: list[str] = []
    chat.page.on("request", lambda item: sent.append(item.url) if "/contact" in item.url else None)
    program, large = tmp_path / "programm.exe", tmp_path / "gross.pdf"
    program.write_bytes(b"MZ")
    large.write_bytes(b"%PDF" + b"x" * 5_000_001)
    send = filled(chat, "erna", "")
    chat.element.get_by_label("Datei anhängen").set_input_files(program)
    send.click()
    text, email = errors(chat), chat.element.get_by_label("E-Mail-Adresse")
    assert len(text) == 3 and "name@beispiel.de" in text[0] and "Erlaubt sind: PDF" in text[2]
    assert email.get_attribute("aria-invalid") == "true"
    described = str(email.get_attribute("aria-describedby"))
    assert (
        chat.find(f"#{described}").inner_text() == text[0] and chat.focused("one.name") == "email"
    )
    chat.element.get_by_label("Datei anhängen").set_input_files(large)
    send.click()
    assert "höchstens 5 MB" in errors(chat)[2] and sent == []


def test_a_refused_message_keeps_its_text_and_is_sent_once(chat: Chat, forgiving: None) -> None:
    send = filled(chat, message="Nicht verlieren!")
    chat.page.context.set_offline(True)
    send.click()
    chat.wait_for(".summary:visible")
    assert "offline" in chat.find(".summary").inner_text()
    assert chat.element.get_by_label("Ihre Nachricht").input_value() == "Nicht verlieren!"
    chat.page.context.set_offline(False)
    sent: list[str] = []
    chat.page.on("request", lambda item: sent.append(item.url) if "/contact" in item.url else None)
    send.evaluate("one => { one.click(); one.click(); one.click(); }")
    chat.element.get_by_text("Ihre Nachricht ist abgeschickt.").first.wait_for()
    assert len(sent) == 1


def test_what_the_service_refuses_is_told_at_its_field(chat: Chat, forgiving: None) -> None:
    with chat.page.expect_response("**/api/v1/contact") as response:
        filled(chat, "erna(x)@beispiel.example").click()
    assert response.value.status == 422
    text = response.value.json()["errors"][0]["message"]
    chat.wait_for(".field .error:visible")
    assert errors(chat) == [text]
