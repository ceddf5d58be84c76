"""On other websites, on paper, and against payloads: hostile style, several widgets, frames,
attributes, events.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import pytest

from ingest import IngestRequest, run_ingest
from prompts import widget_words
from tests.browsing import click, served_here
from tests.processes import Served
from tests.widget.driving import FACT, LIST, LONG_LIST, NOTHING, Chat, faults
from tests.widget.websites import HOSTILE_CSS
from vectorstore import EditionStore

pytestmark = [pytest.mark.browser, pytest.mark.long]
TAG = "<strategielotse-chat></strategielotse-chat>"
CLIPBOARD = {"permissions": ["clipboard-read", "clipboard-write"]}
LOOK = """one => [".launcher", ".panel", ".head h2", ".send", ".scope", "textarea"].map((name) => {
  const style = getComputedStyle(one.shadowRoot.querySelector(name));
  return [style.display, style.fontSize, style.lineHeight, style.letterSpacing, style.color, style.textTransform,
    style.fontFamily, style.width, style.height, style.position, style.boxSizing, style.visibility].join();
})"""
EVENTS = """() => { window.events = [];
  for (const name of ["open", "close", "question", "answer", "error"])
    document.addEventListener(`strategielotse-${name}`, (one) => window.events.push([name, one.detail])); }"""


def test_a_page_with_hostile_style_changes_nothing(embedded: Callable[..., Chat]) -> None:
    looks = []
    for path, head in (("/plain", ""), ("/hostile", f"<style>{HOSTILE_CSS}</style>")):
        chat = embedded(path, head=head)
        chat.element.evaluate("one => one.show()")
        chat.wait_for(".welcome .scope >> nth=1")
        looks.append(chat.element.evaluate(LOOK))
    assert looks[0] == looks[1] and chat.ask(FACT).answer.is_visible()


def test_two_widgets_on_one_page(embedded: Callable[..., Chat]) -> None:
    inline = (
        '<strategielotse-chat mode="inline" heading="Fragen zum Haushalt"></strategielotse-chat>'
    )
    first = embedded("/two", inline + '<strategielotse-chat position="left"></strategielotse-chat>')
    other = Chat(first.page, 1)
    assert first.panel.is_visible() and first.launcher.count() == 0
    other.open().ask(LIST)
    first.ask(FACT)
    assert first.element.locator(".turn").count() == other.element.locator(".turn").count() == 1
    assert (
        "Fragen zum Haushalt" in first.panel.inner_text() and other.panel.bounding_box()["x"] < 100
    )
    assert faults(first.page) == []
    named = "all => all.map((one) => one.shadowRoot.querySelector('section').getAttribute('aria-label'))"
    embedded("/alike", TAG * 2).launcher.wait_for()
    names = first.page.locator("strategielotse-chat").evaluate_all(named)
    assert names == ["Was plant der Kreis?", "Was plant der Kreis? (2)"]


def test_a_frame_of_chosen_documents_answers_from_them_alone(page: Any) -> None:
    page.goto("/embed?documents=lauterfeld-strategische-ziele-2025")
    chat = Chat(page)
    chat.wait_for(".welcome .scope >> nth=1")
    assert "1 Dokument, neuester Stand 15.11.2025" in chat.panel.inner_text()
    sent = chat.sent("Welche Ziele gibt es?")
    assert sent["documents"] == ["lauterfeld-strategische-ziele-2025"]
    assert "Strategische Ziele des Kreises Lauterfeld" in chat.source().card.inner_text()
    page.goto("/embed")
    chat.wait_for(".welcome .scope >> nth=1")
    assert chat.find(".turn").count() == 0


@pytest.mark.parametrize("context", [{"locale": "ar"}], indirect=True)
def test_a_person_s_own_language_is_spoken_from_right_to_left(page: Any) -> None:
    page.goto("/embed")
    chat = Chat(page)
    root = chat.find(".root[lang=ar][dir=rtl]")
    root.wait_for()
    words = widget_words("ar")
    assert chat.find("textarea").get_attribute("placeholder") == words["placeholder"]
    assert chat.find(".questions button").first.get_attribute("lang") == "en"
    chat.ask(LIST)
    assert words["statuses"]["answered"] in chat.answer.inner_text()
    assert chat.answer.locator("[lang=de]").first.get_attribute("dir") == "ltr"
    assert faults(page) == []
    chat.find(".tool.language").click()
    assert chat.find(".root").get_attribute("lang") == "de"
    assert chat.find(".root").get_attribute("dir") == "ltr"


def test_attributes_are_properties_and_the_page_s_language_is_taken(
    embedded: Callable[..., Chat],
) -> None:
    assert embedded("/english", lang="en-GB").launcher.inner_text() == "Ask a question"
    assert embedded("/italian", lang="it").launcher.inner_text() == "Frage stellen"
    chat = embedded(
        "/attributes",
        '<strategielotse-chat color-text="black" language="en"></strategielotse-chat>',
    )
    chat.launcher.wait_for()
    text = chat.element.evaluate(
        """one => {
          one.heading = "Fragen Sie"; one.open = true; one.position = "left"; one.questions = "Eins?|Zwei?";
          return [one.getAttribute("heading"), one.hasAttribute("open"), one.colorText, one.service, one.language];
        }"""
    )
    assert text == ["Fragen Sie", True, "black", "", "en"]
    assert chat.panel.locator("h2").inner_text() == "Fragen Sie"
    chat.wait_for(".welcome .questions")
    assert chat.find(".welcome .questions button").all_inner_texts() == [
        "Eins?",
        "Zwei?",
    ]
    chat.element.evaluate("one => { one.open = false; one.heading = null; }")
    assert chat.element.get_attribute("heading") is None and chat.launcher.is_visible()


def test_events_tell_what_happens_and_never_the_question(
    embedded: Callable[..., Chat], forgiving: None
) -> None:
    chat = embedded("/events")
    chat.page.evaluate(EVENTS)
    chat.open().ask(LIST)
    chat.page.keyboard.press("Escape")
    answer = {"status": "answered", "mode": "computed", "citations": 2}
    happened: list[list[Any]] = [["open", {}], ["question", {}], ["answer", answer], ["close", {}]]
    assert chat.page.evaluate("window.events") == happened
    chat.launcher.click()
    chat.page.context.set_offline(True)
    chat.ask(FACT)
    assert chat.page.evaluate("window.events.at(-1)[1].kind") == "offline"


def test_copying_works_where_the_browser_refuses_its_clipboard(chat: Chat) -> None:
    chat.ask(FACT)
    chat.page.evaluate(
        "() => { navigator.clipboard.writeText = () => Promise.reject(new Error()); }"
    )
    chat.click("Kopieren")
    chat.element.get_by_text("Die Antwort ist kopiert.").first.wait_for()
    assert chat.focused("one.textContent") == "Kopieren"


def printed(chat: Chat) -> Any:
    """Print the newest answer, as paper shows it."""
    chat.page.evaluate("() => { window.print = () => { window.printed = true; }; }")
    chat.click("Drucken")
    document = chat.page.locator("strategielotse-print")
    assert chat.page.evaluate("window.printed") and not document.is_visible()
    chat.page.emulate_media(media="print")
    return document


def test_one_answer_is_printed_alone(chat: Chat) -> None:
    document = printed(chat.ask(LONG_LIST))
    assert document.is_visible() and not chat.page.locator("main").is_visible()
    assert document.locator(".items > li:visible").count() == 61
    assert LONG_LIST in document.locator(".printed").inner_text()
    chat.page.emulate_media(media="screen")
    chat.page.evaluate("window.dispatchEvent(new Event('afterprint'))")
    assert document.count() == 0 and chat.page.evaluate("document.adoptedStyleSheets.length") == 0
    assert printed(chat.ask(NOTHING)).locator("h2").count() == 0, (
        "without sources there is no list of them"
    )


def test_a_printed_answer_names_its_sources(chat: Chat) -> None:
    chat.ask(FACT).source().card.locator("figure img").wait_for()
    document = printed(chat).locator(".printed")
    text = document.inner_text()
    for statement in (
        "[1] 2.1.2.1 Renaturierung der Lauve bei Ostermarn – Nachhaltigkeitsbericht Kreis Lauterfeld, Seite 8, "
        "Stand 01.03.2026, in Bearbeitung, veröffentlicht",
        "/documents/lauterfeld-nachhaltigkeitsbericht-2026/2.1.2.1\n",
        "gefunden. [",
    ):
        assert statement in text
    assert text.count("Der erste Bauabschnitt") == 2
    assert document.locator("button, figure, .source-card").count() == 0


@pytest.mark.parametrize("context", [CLIPBOARD], indirect=True)
def test_in_a_frame_the_link_leads_to_the_page_around_it(page: Any, service: Served) -> None:
    for given, begins in (
        (
            "https%3A%2F%2Fwww.kreis.example%2Fplaene%3Fa%3D1%23oben",
            "https://www.kreis.example/plaene?a=1#frage=Was",
        ),
        ("javascript%3Aalert(1)", f"{service.url}/embed?page=javascript%3Aalert(1)#frage=Was"),
    ):
        page.goto(f"/embed?page={given}")
        chat = Chat(page).ask(FACT)
        chat.click("Link zu dieser Frage kopieren")
        chat.element.get_by_text("Der Link zu dieser Frage ist kopiert.").first.wait_for()
        assert page.evaluate("navigator.clipboard.readText()").startswith(begins)


IMAGE = "<img src=x onerror=\"document.title='getroffen'\">"
SCRIPT = "<script>document.title='getroffen'</script>"
ADDRESS = "javascript:document.title='getroffen'"
FILE_NAME = "<img src=x onerror=document.title='getroffen'>.md"
DOCUMENT = f"""# {IMAGE}

## Ziel 1: Fahrräder {SCRIPT}

Im Kreis Lauterfeld werden {IMAGE} neue Fahrräder für {SCRIPT} alle Dienststellen beschafft. [Klick]({ADDRESS})

## Ziel 2: Wälder {IMAGE}

Die Wälder im Kreis wachsen um zehn Hektar, siehe {ADDRESS} und [9] [[1]].
"""
REGISTER = f"""[[document]]
id = "boese"
title = '''{IMAGE}'''
publisher = "{SCRIPT}"
kind = "strategy"
status = "draft"
as_of = 2026-01-01
language = "de"
file = "{FILE_NAME}"
"""
QUESTIONS = [
    IMAGE,
    ADDRESS,
    f"Was ist Ziel 1 Fahrräder {SCRIPT}?",
    "Welche Ziele gibt es?",
    "Was ist mit den Wäldern geplant?",
    "Welche Dokumente gibt es?",
    "\u202e[1] [999] ${document.title='getroffen'} {{7*7}}",
]
FOREIGN = """one => [...one.shadowRoot.querySelectorAll("script, img[src='x'], iframe, [onerror], [onclick]")]
  .map((found) => found.outerHTML)"""
ADDRESSES = {
    "/documents/a": "{base}/documents/a",
    "//boese.example/a": "{base}/boese.example/a",
    "javascript:alert(1)": None,
    "data:text/html,x": None,
    "http://[": None,
    "": None,
    None: None,  # of a notice without a page, once drawn as a link to "undefined"
}
ADDRESSED = """async ([base, paths]) => {
  const { Service } = await import("/widget/service.js");
  return paths.map((path) => new Service(base, "de").address(path));
}"""


@pytest.fixture(scope="module")
def hostile(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    """A service over one document whose title, items, text and file name are payloads."""
    root = tmp_path_factory.mktemp("hostile")
    (root / FILE_NAME).write_text(DOCUMENT)
    (root / "register.toml").write_text(REGISTER)
    assert (
        run_ingest(
            IngestRequest(manifest=root / "register.toml"), EditionStore(root / "data")
        ).edition
        is not None
    )
    with served_here(root / "data", demo=True) as served:
        yield served


@contextmanager
def unharmed(browser: Any, hostile: Served, path: str = "/") -> Iterator[Any]:
    """Give a page of the service; nothing of it runs, leaves, or becomes more than text in its
    widget.
    """
    context, wrong = browser.new_context(base_url=hostile.url), []
    page = context.new_page()
    page.on(
        "request",
        lambda item: None if item.url.startswith(hostile.url + "/") else wrong.append(item.url),
    )
    page.on("request", lambda item: wrong.append(item.url) if item.url.endswith("/x") else None)
    page.on("pageerror", lambda error: wrong.append(str(error)))
    page.on("dialog", lambda dialog: wrong.append(dialog.message))
    page.goto(path)
    yield page
    assert page.title() == "Kreis Lauterfeld – Beispielseite" and wrong == []
    element = page.locator("strategielotse-chat")
    assert element.evaluate(FOREIGN) == []
    links = element.evaluate(
        "one => [...one.shadowRoot.querySelectorAll('a')].map((a) => a.protocol)"
    )
    assert set(links) <= {"http:", "https:"}
    context.close()


def test_no_payload_executes(browser: Any, hostile: Served) -> None:
    for question in QUESTIONS:
        with unharmed(browser, hostile) as page:
            chat = Chat(page).open().ask(question)
            assert question.strip() in chat.find(".question p").inner_text()
            for place in range(min(chat.answer.locator(".marker:visible").count(), 3)):
                chat.source(place)
            if chat.answer.locator(".feedback").count():
                chat.click("Nein")


def test_payloads_of_documents_are_shown_as_they_are_written(browser: Any, hostile: Served) -> None:
    with unharmed(browser, hostile) as page:
        chat = Chat(page).open().ask("Werden Fahrräder beschafft?")
        assert IMAGE in chat.answer.inner_text() and SCRIPT in chat.source().card.inner_text()
        made = page.evaluate(ADDRESSED, [hostile.url, list(ADDRESSES)])
        assert made == [item and item.format(base=hostile.url) for item in ADDRESSES.values()]


def test_without_a_mail_server_there_is_no_form_and_no_text(browser: Any, hostile: Served) -> None:
    with unharmed(browser, hostile) as page:
        chat = Chat(page).open().ask("Gibt es eine Seilbahn?")
        assert chat.status == "not_in_documents"
        assert chat.element.get_by_role("button", name="Kontakt").count() == 0
        assert chat.find(".contact-button").count() == 0
        chat.click("Nein")
        assert chat.find(".feedback input[type=radio]").count() == 5
        assert chat.find(".feedback textarea").count() == 0


def test_a_payload_in_the_fragment_is_only_text(browser: Any, hostile: Served) -> None:
    payload = "#frage=%3Cimg%20src%3Dx%20onerror%3D%22document.title%3D1%22%3E"
    with unharmed(browser, hostile, f"/{payload}%E0%A4%A") as page:
        click(page, "button", "Frage stellen")
    with unharmed(browser, hostile, f"/{payload}") as page:
        click(page, "button", "Geteilte Frage öffnen")
        assert Chat(page).input.input_value() == '<img src=x onerror="document.title=1">'
