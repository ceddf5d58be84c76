"""The widget as people use it, once through: asking, sources, keyboard, forms, other websites;
without a violation.
"""

from __future__ import annotations

from collections.abc import Callable
from email import message_from_bytes
from email.policy import default
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
from pypdf import PdfReader

from tests.browsing import click
from tests.processes import Served, until
from tests.widget.conftest import Mailbox
from tests.widget.driving import (
    EMERGENCY,
    FACT,
    GREETING,
    LIST,
    NOTHING,
    OUTSIDE,
    REFUSED,
    VAGUE,
    Chat,
    faults,
)
from tests.widget.made_answers import (
    GOALS,
    QUESTION,
    REPORT,
    answering,
    found,
    overview,
    rate_distinctiveness,
    without_answer,
)
from tests.widget.websites import Websites

pytestmark = pytest.mark.browser
MADE = "Automatisch zusammengestellt, ohne KI-Sprachmodell."
TERM = "http://cv.iptc.org/newscodes/digitalsourcetype/algorithmicMedia"
QUOTE = (
    "Der erste Bauabschnitt von 1,1 Kilometern ist fertig. Die Arbeiten am zweiten Abschnitt mussten von November "
    "2025 bis Februar 2026 wegen hoher Wasserstände ruhen; die Fertigstellung verschiebt sich auf Ende 2027. Erste "
    "Bachforellen wurden bereits oberhalb des alten Wehrs gefunden."
)
WATCHED = """() => {
  const shadow = document.querySelector("strategielotse-chat").shadowRoot;
  window.told = []; window.heard = 0;
  new MutationObserver(() => window.told.push(shadow.querySelector("[role=status]").textContent))
    .observe(shadow.querySelector("[role=status]"), { childList: true, characterData: true, subtree: true });
  new MutationObserver((all) => all.forEach((one) => one.addedNodes.forEach((node) => {
    if (node.className === "streamed") window.heard += 1; })))
    .observe(shadow.querySelector(".log"), { childList: true, subtree: true });
}"""


def test_nothing_is_asked_for_before_it_is_opened_and_only_the_tab_keeps_something(
    page: Any,
) -> None:
    asked: list[str] = []
    page.on("request", lambda item: asked.append(item.url))
    page.goto("/")
    page.locator(".launcher").wait_for()
    assert [url for url in asked if "/api/" in url] == []
    chat = Chat(page).open()
    text = chat.panel.inner_text()
    for statement in ("automatischer Assistent, kein Mensch", "speichert Ihre Fragen nicht",
                 "bis Sie diesen Tab schließen", "5 Dokumente", "Kreis Lauterfeld", "Beispieldaten"):  # fmt: skip
        assert statement in text
    chat.ask(FACT)
    assert [url.rpartition("/")[2] for url in asked if "/api/" in url] == ["config", "chat"]
    assert page.context.cookies() == []
    assert page.evaluate("[localStorage.length, sessionStorage.length]") == [0, 1]
    assert page.evaluate("indexedDB.databases().then((all) => all.length)") == 0


def test_an_answer_comes_as_a_stream_and_is_told_once(chat: Chat) -> None:
    page = chat.page
    page.evaluate(WATCHED)
    with page.expect_response("**/api/v1/chat") as response:
        chat.ask(FACT)
    assert response.value.headers["content-type"].startswith("text/event-stream")
    assert page.evaluate("window.heard") >= 1
    text = page.evaluate("window.told")
    assert text[0] == "Die Dokumente werden durchsucht …" and len(text) == 2
    assert (
        "Der erste Bauabschnitt" in text[1]
        and "[1]" not in text[1]
        and text[1].endswith("2 Quellen.")
    )
    log = chat.find(".log")
    assert (log.get_attribute("aria-live"), log.get_attribute("aria-busy")) == ("off", None)
    assert "in Bearbeitung" in "".join(chat.texts(".facts"))
    history = chat.sent("Wer ist dafür zuständig?")["history"]
    assert [turn["role"] for turn in history] == [
        "user",
        "assistant",
    ] and "70.01" in chat.answer.inner_text()
    chat.ask(LIST)
    items = chat.answer.locator(".items > li")
    assert items.count() == 2 and "5.1.4.1 Fahrradmitnahme im Linienbus" in items.first.inner_text()
    assert (
        items.first.locator(".badge svg").count() == 1
        and items.first.locator(".badge").inner_text() == "Idee"
    )
    assert (
        chat.texts(".count") == ["2 Einträge, alle aufgeführt"]
        and "[1]" not in chat.answer.inner_text()
    )


def test_a_marker_opens_its_source_which_leads_to_the_passage(chat: Chat) -> None:
    pictures: list[str] = []
    chat.page.on("request", lambda item: pictures.append(item.url) if ".png" in item.url else None)
    marker = chat.ask(FACT).answer.locator(".marker").nth(1)  # behind that of its status
    assert marker.get_attribute("aria-expanded") == "false" and pictures == []
    marker.click()
    assert marker.get_attribute("aria-expanded") == "true"
    assert chat.focused("one.id") == marker.get_attribute("aria-controls")
    for part in (
        "Projekt",
        "2.1.2.1 Renaturierung der Lauve",
        "in Bearbeitung",
        "veröffentlicht",
        QUOTE,
        "01.03.2026",
    ):
        assert part in chat.card.inner_text()
    assert chat.card.locator("dd").last.inner_text() == "8"
    assert chat.card.locator("blockquote").get_attribute("lang") == "de"
    image = chat.card.locator("figure img")
    image.wait_for(state="visible")
    assert len(pictures) == 1 and "crop=" in pictures[0] and image.get_attribute("alt") == QUOTE
    with chat.page.context.expect_page() as opened:
        chat.card.locator("a.passage-link").click()
    document = opened.value
    document.wait_for_selector("mark#zitat")
    assert "".join("".join(document.locator("mark").all_inner_texts()).split()) == "".join(
        QUOTE.split()
    )
    assert document.locator("mark#zitat").is_visible()
    assert document.url.startswith(
        chat.page.url + "documents/lauterfeld-nachhaltigkeitsbericht-2026/2.1.2.1?"
    )
    chat.page.bring_to_front()
    chat.click("Quelle schließen")
    assert chat.card.count() == 0 and chat.focused("one.className") == "marker"


def test_open_ask_read_a_source_and_close_by_keyboard(page: Any) -> None:
    page.goto("/")
    chat = Chat(page)
    chat.launcher.wait_for()
    chat.tab_to("one.className === 'launcher'")
    assert chat.stop()["outlined"]
    page.keyboard.press("Enter")
    assert chat.focused("one.tagName") == "TEXTAREA"
    page.keyboard.type(LIST)
    page.keyboard.press("Enter")
    chat.answer.wait_for()
    assert chat.focused("one.tagName") == "TEXTAREA"
    chat.tab_to("one.className === 'log'", "Shift+Tab")
    chat.tab_to("one.className === 'marker'")
    page.keyboard.press("Enter")
    assert "source-card" in chat.focused("one.className")
    chat.tab_to("one.className === 'passage-link'")
    page.keyboard.press("Escape")
    assert (
        chat.card.count() == 0
        and chat.panel.is_visible()
        and chat.focused("one.className") == "marker"
    )
    page.keyboard.press("Escape")
    assert not chat.panel.is_visible() and chat.focused("one.className") == "launcher"


def test_its_main_states_have_no_violation(chat: Chat) -> None:
    """The window is closed last; what it holds is checked in every look by `test_looks`."""
    assert faults(chat.page) == []
    chat.ask(FACT).source()
    assert faults(chat.page) == []
    for question in (LIST, NOTHING, VAGUE):
        chat.ask(question)
        assert faults(chat.page) == []
    chat.click("Kontakt")
    chat.click("Nachricht senden")
    assert faults(chat.page) == []
    chat.click("Zurück zum Gespräch")
    answering(chat.page, overview(REPORT, GOALS))
    chat.ask(QUESTION).answer.locator(".chip").nth(1).click()
    assert faults(chat.page) == []
    chat.page.keyboard.press("Escape")
    assert faults(chat.page) == []
    chat.launcher.evaluate("one => { one.hidden = false; one.textContent = ''; }")
    assert any(fault.startswith("button-name:") for fault in faults(chat.page)), (
        "the rules look into the widget"
    )


def test_non_answers_are_told_apart(chat: Chat) -> None:
    for question, status, heading in (
        (OUTSIDE, "out_of_scope", "Das kann ich nicht beantworten"),
        (REFUSED, "refused", "Das gehört nicht zu meinen Aufgaben"),
        (EMERGENCY, "emergency", "Im Notfall: 112"),
        (GREETING, "about_service", "Ihr Assistent"),
        (NOTHING, "not_in_documents", "In den Dokumenten nicht gefunden"),
        (VAGUE, "needs_clarification", "Die Frage habe ich nicht verstanden"),
    ):
        chat.ask(question)
        assert (chat.status, chat.texts("h3")) == (status, [heading])
        assert heading in chat.said and chat.answer.locator(".marker").count() == 0
        if status == "emergency":
            assert chat.answer.locator("a.call").first.get_attribute("href") == "tel:112"
        if status == "needs_clarification":
            chat.answer.locator(".suggestions button").first.click()
            chat.find(".answer").nth(1).wait_for()
            assert chat.status in ("answered", "found")
        chat.click("Neues Gespräch")
    answering(chat.page, without_answer())
    nearest = chat.ask(QUESTION).answer.locator(".nearest a").first
    assert (nearest.get_attribute("target"), nearest.get_attribute("rel")) == (
        "_blank",
        "noopener noreferrer",
    )
    assert "(neues Fenster)" in str(nearest.text_content())
    assert str(nearest.get_attribute("href")).startswith(chat.page.url + "documents/b/5.2")
    assert chat.button("Nachricht an die Verwaltung").is_visible()


def test_what_was_found_stands_on_cards_and_asks_whether_it_helped(chat: Chat) -> None:
    answering(chat.page, found())
    chat.ask(QUESTION)
    assert (
        chat.texts("h3 > span:first-of-type") == ["Das passt dazu"]
        and "Dazu passen am ehesten diese drei Stellen." in chat.said
    )
    assert (
        chat.texts(".answer-body > p") == ["Dazu passen am ehesten diese drei Stellen."]
        and chat.texts(".sources") == []
    )
    assert [text.split(" \n")[0] for text in chat.texts(".passages h4")] == [
        "5.1 Nachtbus",
        "5.2 Radschnellweg",
        "5.3 Fähre auf Abruf",
    ]
    assert chat.texts(".passages mark") == ["Orte"]
    assert chat.answer.locator(".passages > li").first.locator(".marker").all_inner_texts() == [
        "1",
        "2",
    ]
    assert chat.source(2).card.locator("xpath=ancestor::li").get_by_text("ohne Ampel").count() == 2
    assert faults(chat.page) == []
    chat.page.route("**/api/v1/feedback", lambda route: route.fulfill(status=204))
    with chat.page.expect_request("**/api/v1/feedback") as sent:
        chat.answer.get_by_role("group", name="Hat das geholfen?").get_by_role(
            "button", name="Ja"
        ).click()
    assert (
        sent.value.post_data_json["answer_id"] == "01JFOUND"
        and sent.value.post_data_json["helpful"] is True
    )


def test_steps_are_shown_and_said_while_the_service_works(chat: Chat) -> None:
    tell = rate_distinctiveness(chat.page)
    chat.input.fill(QUESTION)
    chat.input.press("Enter")
    chat.wait_for(".waiting")
    for tool, text in (("search", "sucht nach „Bus“"), ("read", "liest „Nachtbus“")):
        tell("step", {"tool": tool, "text": text})
        until(lambda said=text: chat.said == said)
    tell("sentence", {"text": "Er fährt ab Mai 2027. [1]", "markers": [1]})
    assert chat.find(".steps li").all_inner_texts() == [
        "Sucht nach „Bus“",
        "Liest „Nachtbus“",
    ]
    assert chat.find(".streamed").inner_text() == "Er fährt ab Mai 2027. [1]"
    assert chat.find(".unseen[role=status]").get_attribute("aria-live") is None, (
        "status is polite by itself"
    )
    assert faults(chat.page) == []
    tell("done", found().model_dump(mode="json"))
    chat.answer.wait_for()
    assert chat.find(".steps").count() == 0 and "Dazu passen" in chat.said


def test_a_printed_page_holds_the_conversation(page: Any) -> None:
    for path in ("/", "/chat"):
        page.goto(path)
        chat = Chat(page)
        if path == "/":
            chat.open().ask(FACT).ask(NOTHING)
        printed = " ".join(
            "\n".join(item.extract_text() for item in PdfReader(BytesIO(page.pdf())).pages).split()
        )
        for statement in (
            FACT,
            "verschiebt sich auf Ende 2027",
            NOTHING,
            "Durchsucht:",
            "Quellen",
            "70.01",
        ):
            assert statement in printed, statement
        assert "Frage schreiben" not in printed and "Kopieren" not in printed
        assert chat.panel.is_visible() and chat.find(".printed").count() == 0


def test_the_language_is_switched_and_the_conversation_stays(chat: Chat) -> None:
    chat.ask(FACT)
    chat.input.fill("noch nicht gesendet")
    chat.click("English")
    chat.answer.wait_for()
    assert chat.find(".root").get_attribute("lang") == "en"
    assert "Automatic assistant" in chat.panel.inner_text()
    assert chat.input.input_value() == "noch nicht gesendet"
    assert chat.answer.locator(".answer-body p").first.get_attribute("lang") == "de"
    assert chat.focused("one.textContent") == "Deutsch"
    chat.ask("How many projects are implemented?")
    assert "10 projects" in chat.answer.inner_text()
    assert chat.answer.locator(".items span[lang=de]").count() > 0


def test_it_is_there_again_on_the_next_page_and_goes_on(chat: Chat) -> None:
    question = "Welche Projekte zum Radverkehr gibt es?"
    chat.ask(question)
    chat.page.goto("/chat")
    again = Chat(chat.page)
    again.answer.wait_for()
    assert again.element.locator(".turn .question p").all_inner_texts() == [question]
    assert (
        "bis Sie ihn schließen oder „Neues Gespräch“ wählen"
        in again.element.locator(".again").inner_text()
    )
    assert again.source().card.is_visible()
    assert again.sent("Und welche sind umgesetzt?")["history"][0]["content"] == question
    other = chat.page.context.new_page()
    other.goto("/")
    assert Chat(other).open().element.locator(".turn").count() == 0, "another tab does not have it"


def test_offline_and_back(chat: Chat, forgiving: None) -> None:
    chat.page.context.set_offline(True)
    chat.ask(FACT)
    assert "Sie sind gerade offline" in chat.failed and "offline" in chat.said
    assert FACT in chat.find(".question").inner_text()
    chat.page.context.set_offline(False)
    until(lambda: chat.said == "Die Verbindung ist wieder da.")
    chat.retry.click()
    chat.wait_for(".answer[data-status=answered]")
    assert chat.find(".turn").count() == 1 and chat.focused("one.className") == "log"


def text_of(mail: bytes) -> str:
    return str(message_from_bytes(mail, policy=default).get_body(("plain",)).get_content())  # type: ignore[attr-defined]


def test_an_answer_is_rated_with_a_reason_and_words(
    chat: Chat, mailbox: tuple[Mailbox, int]
) -> None:
    chat.ask(FACT)
    chat.click("Nein")
    assert chat.focused("one.type") == "radio"
    chat.click("Rückmeldung senden")
    assert chat.find(".feedback .error").inner_text() == "Bitte wählen Sie einen Grund."
    chat.element.get_by_label("Das ist veraltet").check()
    chat.find(".feedback textarea").fill("Der Bau ist fertig.")
    with chat.page.expect_response("**/api/v1/feedback") as response:
        chat.click("Rückmeldung senden")
    assert response.value.status == 204
    sent = response.value.request.post_data_json
    assert (sent["helpful"], sent["reason"], sent["text"]) == (
        False,
        "outdated",
        "Der Bau ist fertig.",
    )
    chat.wait_for(".feedback .sent")
    assert any("Der Bau ist fertig." in text_of(mail) for mail in mailbox[0].mails)


def test_a_message_goes_out_with_question_and_attachment(
    chat: Chat, mailbox: tuple[Mailbox, int], tmp_path: Path
) -> None:
    document = tmp_path / "skizze.pdf"
    document.write_bytes(b"%PDF-1.4\n%%EOF\n")
    chat.ask(NOTHING)
    chat.click("Nachricht an die Verwaltung")
    assert chat.focused("one.tagName") == "H3"
    chat.element.get_by_label("E-Mail-Adresse").fill("erna@beispiel.example")
    chat.element.get_by_label("Name").fill("Erna Beispiel")
    chat.element.get_by_label("Ihre Nachricht").fill("Ich hätte gern eine Seilbahn.")
    assert chat.element.get_by_label("Meine Frage mitschicken").is_checked()
    chat.element.get_by_label("Datei anhängen").set_input_files(document)
    with chat.page.expect_response("**/api/v1/contact") as response:
        chat.click("Nachricht senden")
    assert response.value.status == 204
    chat.element.get_by_text("Ihre Nachricht ist abgeschickt.").first.wait_for()
    mail = mailbox[0].mails[-1]
    assert "Ich hätte gern eine Seilbahn." in text_of(mail) and NOTHING in text_of(mail)
    attached = message_from_bytes(mail, policy=default).iter_attachments()  # type: ignore[attr-defined]
    assert [part.get_content_type() for part in attached] == ["application/pdf"]
    chat.click("Zurück zum Gespräch")
    assert chat.answer.is_visible()


def test_on_another_origin_under_a_strict_policy(
    embedded: Callable[..., Chat], service: Served
) -> None:
    """The policy that the documentation names: no style-src, nothing inline, nothing from anywhere
    else.
    """
    policy = f"default-src 'none'; script-src {service.url}; connect-src {service.url}; img-src {service.url}"
    chat = embedded("/strict", policy=policy).open()
    chat.ask(LIST).source()
    assert "5.1.4.1" in chat.card.inner_text()
    assert chat.panel.evaluate("one => getComputedStyle(one).position") == "fixed"
    chat.element.evaluate("one => { one.color = 'navy'; }")
    head = "one => getComputedStyle(one.querySelector('.head')).backgroundColor"
    assert chat.panel.evaluate(head) == "rgb(0, 0, 128)"
    chat.page.evaluate("() => { window.print = () => {}; }")
    chat.click("Drucken")
    assert faults(chat.page) == []


def test_in_a_frame(page: Any, site: Websites, service: Served) -> None:
    address = (
        f"{service.url}/embed?language=en&heading=Ask+us&questions=What+is+2.1.2.1%3F%7CTwo%3F"
    )
    frame = f'<iframe title="Fragen" src="{address}" width="420" height="640"></iframe>'
    page.goto(site.put("/framed", frame, policy=f"default-src 'none'; frame-src {service.url}"))
    inside = page.frame_locator("iframe")
    inside.locator(".welcome .scope >> nth=1").wait_for()
    assert inside.locator("h2").inner_text() == "Ask us"
    assert inside.locator(".welcome .questions button").all_inner_texts() == [
        "What is 2.1.2.1?",
        "Two?",
    ]
    inside.locator(".welcome .questions button").first.click()
    inside.locator(".answer").wait_for()
    inside.locator(".marker").first.click()
    assert "2.1.2.1" in inside.locator(".source-card").inner_text()
    assert page.evaluate("document.querySelector('iframe').getBoundingClientRect().height") == 644


def test_the_chat_page_asks_without_scripts_and_where_the_widget_does_not_come(
    browser: Any, service: Served, page: Any, forgiving: None
) -> None:
    context = browser.new_context(base_url=service.url, java_script_enabled=False)
    plain = context.new_page()
    plain.goto("/chat")
    plain.get_by_label("Ihre Frage").fill("Was ist 2.1.2.1?")
    plain.get_by_role("button", name="Fragen").click()
    assert "frage=" in plain.url and "Renaturierung der Lauve" in plain.inner_text(".answer-text")
    context.close()
    page.route("**/widget.js", lambda route: route.abort())
    page.goto("/chat")
    field = page.get_by_label("Ihre Frage")
    assert not field.is_visible()
    field.wait_for(state="visible", timeout=6000)


@pytest.mark.parametrize(
    "context", [{"permissions": ["clipboard-read", "clipboard-write"]}], indirect=True
)
def test_copy_and_share(chat: Chat) -> None:
    read = "navigator.clipboard.readText()"
    chat.ask(FACT)
    chat.click("Kopieren")
    chat.element.get_by_text("Die Antwort ist kopiert.").first.wait_for()
    copied = chat.page.evaluate(read)
    assert copied.startswith(FACT) and copied.endswith(MADE), "AI Act, Art. 50"
    assert chat.answer.get_attribute("data-generated-by") == "automatic"
    assert chat.answer.locator("meta[itemprop=digitalSourceType]").get_attribute("content") == TERM
    assert chat.answer.locator(".made").inner_text() == MADE
    assert (
        "[1] 2.1.2.1 Renaturierung der Lauve bei Ostermarn – Nachhaltigkeitsbericht Kreis Lauterfeld"
        in copied
    )
    assert "/documents/lauterfeld-nachhaltigkeitsbericht-2026/2.1.2.1?quote=" in copied
    chat.click("Link zu dieser Frage kopieren")
    chat.element.get_by_text("Der Link zu dieser Frage ist kopiert.").first.wait_for()
    shared = chat.page.evaluate(read)
    assert "#frage=Was%20ist%202.1.2.1" in shared and "?" not in shared
    page = chat.page.context.new_page()
    asked: list[str] = []
    page.on("request", lambda item: asked.append(item.url))
    page.goto(shared)
    click(page, "button", "Geteilte Frage öffnen")
    opened = Chat(page)
    opened.element.locator(".welcome").wait_for()
    assert (
        opened.input.input_value() == FACT and [url for url in asked if url.endswith("/chat")] == []
    )
    opened.input.press("Enter")
    opened.answer.wait_for()
    assert opened.status == "answered"
