"""What goes wrong is told as a sentence, and no question is lost."""

from __future__ import annotations

import urllib.error
import urllib.request
from collections.abc import Callable
from typing import Any

import pytest

from tests.processes import Server
from tests.widget.driving import FACT, Chat
from tests.widget.websites import Websites

pytestmark = pytest.mark.browser
CALLER = {"X-Forwarded-For": "203.0.113.9"}


def failed(chat: Chat) -> str:
    """Return the sentence of the newest failure."""
    assert "failure" in str(chat.answer.get_attribute("class"))
    return str(chat.answer.locator("p").first.inner_text())


def test_offline_and_back(chat: Chat, forgiving: None) -> None:
    chat.page.context.set_offline(True)
    chat.ask(FACT)
    assert "Sie sind gerade offline" in failed(chat)
    assert FACT in chat.element.locator(".question").inner_text()
    assert "offline" in chat.said
    chat.page.context.set_offline(False)
    chat.page.wait_for_function(
        "document.querySelector('strategielotse-chat').shadowRoot.querySelector('[role=status]').textContent"
        " === 'Die Verbindung ist wieder da.'"
    )
    chat.retry.click()
    chat.element.locator(".answer[data-status=answered]").wait_for()
    assert chat.element.locator(".turn").count() == 1
    assert chat.focused("one.className") == "log"


def test_too_many_questions_name_the_time_to_wait(page: Any, service: Server, forgiving: None) -> None:
    page.goto("/")
    chat = Chat(page)
    chat.open()
    page.context.set_extra_http_headers(CALLER)
    _use_up(service)
    with page.expect_response("**/api/v1/chat") as response:
        chat.ask(FACT)
    wait = response.value.headers["retry-after"]
    assert f"Bitte versuchen Sie es in {wait} Sekunde" in failed(chat)
    assert chat.retry.is_visible()


def _use_up(service: Server) -> None:
    request = urllib.request.Request(service.url + "/api/v1/documents", headers=CALLER)
    for _ in range(200):
        try:
            urllib.request.urlopen(request).close()
        except urllib.error.HTTPError as error:
            with error:
                assert error.code == 429
                return
    raise AssertionError("no limit was reached")


@pytest.mark.parametrize(
    ("path", "sentence"),
    [
        ("down", "Der Dienst ist gerade nicht bereit."),
        ("broken", "Die Antwort ist nicht vollständig angekommen."),
    ],
)
def test_a_failing_service(
    embedded: Callable[..., Chat], site: Websites, forgiving: None, path: str, sentence: str
) -> None:
    chat = embedded(f"/failing-{path}", f'<strategielotse-chat service="{site.url}/{path}/"></strategielotse-chat>')
    chat.launcher.click()
    chat.ask(FACT)
    assert failed(chat).startswith(sentence)
    assert "Ein halber Satz" not in chat.panel.inner_text()
    assert chat.retry.is_visible()


def test_an_unreachable_service(embedded: Callable[..., Chat], forgiving: None) -> None:
    chat = embedded("/nowhere", '<strategielotse-chat service="http://127.0.0.1:9/"></strategielotse-chat>')
    chat.launcher.click()
    chat.ask(FACT)
    assert failed(chat).startswith("Der Dienst ist gerade nicht erreichbar.")


@pytest.mark.parametrize(
    "address",
    [
        "lotse.example.org:8080/",
        "lotse.example.org",
        "javascript:alert(1)",
        "http://[",
        "//lotse.example.org",
        "https:x",
    ],
)
def test_a_mistyped_address_sends_no_question_anywhere(
    embedded: Callable[..., Chat], forgiving: None, address: str
) -> None:
    chat = embedded("/mistyped", f'<strategielotse-chat service="{address}"></strategielotse-chat>')
    asked: list[str] = []
    lines: list[str] = []
    chat.page.on("request", lambda one: asked.append(one.url))
    chat.page.on("console", lambda one: lines.append(one.text))
    chat.page.reload()
    chat.launcher.click()
    chat.ask(FACT)
    assert failed(chat).startswith("Der Dienst ist gerade nicht erreichbar.")
    assert [one for one in asked if not one.endswith(("/mistyped", "/widget.js", "/favicon.ico"))] == []
    told = [one for one in lines if "service" in one]
    assert len(told) == 1
    assert address in told[0]


@pytest.mark.parametrize("address", ["/down", " {site}/down "])
def test_a_path_of_the_own_website_is_an_address(
    embedded: Callable[..., Chat], site: Websites, forgiving: None, address: str
) -> None:
    service = address.format(site=site.url)
    chat = embedded("/pathed", f'<strategielotse-chat service="{service}"></strategielotse-chat>')
    chat.launcher.click()
    with chat.page.expect_request("**/down/api/v1/chat"):
        chat.ask(FACT)


def test_a_service_that_never_answers(
    embedded: Callable[..., Chat], page: Any, site: Websites, forgiving: None
) -> None:
    page.clock.install()
    chat = embedded("/slow-page", f'<strategielotse-chat service="{site.url}/slow/"></strategielotse-chat>')
    chat.launcher.click()
    chat.input.fill(FACT)
    chat.input.press("Enter")
    chat.element.locator(".waiting").wait_for()
    page.clock.fast_forward(31_000)
    chat.answer.wait_for()
    assert failed(chat).startswith("Die Antwort hat zu lange gedauert.")
    chat.retry.click()
    chat.element.locator(".waiting").wait_for()
    chat.button("Abbrechen").click()
    chat.answer.wait_for()
    assert failed(chat) == "Abgebrochen."


def test_an_empty_question_is_told_at_its_field(chat: Chat) -> None:
    chat.input.press("Enter")
    described = str(chat.input.get_attribute("aria-describedby")).split()[0]
    assert chat.element.locator(f"#{described}").inner_text() == "Bitte schreiben Sie zuerst eine Frage."
    assert chat.input.get_attribute("aria-invalid") == "true"
    chat.ask(FACT)
    assert chat.input.get_attribute("aria-invalid") is None


def test_the_end_of_the_field_is_told(chat: Chat) -> None:
    chat.input.fill("x" * 450)
    assert "Noch 50 Zeichen" in chat.panel.inner_text()
