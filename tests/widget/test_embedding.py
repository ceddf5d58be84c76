"""On other websites: strict policy, hostile style, several widgets, frames, attributes and events."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import pytest

from tests.processes import Server
from tests.widget.driving import FACT, LIST, Chat
from tests.widget.test_accessibility import violations
from tests.widget.websites import HOSTILE_CSS, Websites

pytestmark = pytest.mark.browser
TAG = "<strategielotse-chat></strategielotse-chat>"


def strict(service: Server) -> str:
    """The policy that the documentation names: no style-src, nothing inline, nothing from anywhere else."""
    return f"default-src 'none'; script-src {service.url}; connect-src {service.url}; img-src {service.url}"


def test_under_a_strict_policy(embedded: Callable[..., Chat], service: Server) -> None:
    chat = embedded("/strict", policy=strict(service)).open()
    chat.ask(LIST)
    chat.answer.locator(".marker").first.click()
    assert "5.1.4.1" in chat.card.inner_text()
    assert chat.panel.evaluate("one => getComputedStyle(one).position") == "fixed"
    chat.element.evaluate("one => { one.color = 'navy'; }")
    assert (
        chat.panel.evaluate("one => getComputedStyle(one.querySelector('.head')).backgroundColor") == "rgb(0, 0, 128)"
    )
    chat.page.evaluate("() => { window.print = () => {}; }")
    chat.button("Drucken").click()
    assert violations(chat.page) == []


def test_on_an_isolated_page_the_pictures_are_shown(embedded: Callable[..., Chat]) -> None:
    chat = embedded("/isolated", isolated=True).open()
    assert chat.page.evaluate("window.crossOriginIsolated")
    chat.ask(FACT)
    chat.answer.locator(".marker").first.click()
    chat.card.locator("figure").wait_for(state="visible")


def test_a_page_with_hostile_style_changes_nothing(embedded: Callable[..., Chat]) -> None:
    look = """one => [".launcher", ".panel", ".head h2", ".send", ".scope", "textarea"].map((name) => {
      const style = getComputedStyle(one.shadowRoot.querySelector(name));
      return [style.display, style.fontSize, style.lineHeight, style.letterSpacing, style.color, style.textTransform,
        style.fontFamily, style.width, style.height, style.position, style.boxSizing, style.visibility].join();
    })"""
    looks = []
    for path, head in (("/plain", ""), ("/hostile", f"<style>{HOSTILE_CSS}</style>")):
        chat = embedded(path, head=head)
        chat.element.evaluate("one => one.show()")
        chat.element.locator(".welcome .scope >> nth=1").wait_for()
        looks.append(chat.element.evaluate(look))
    assert looks[0] == looks[1]
    chat.ask(FACT)
    assert chat.answer.is_visible()


def test_two_widgets_on_one_page(embedded: Callable[..., Chat], service: Server) -> None:
    inline = '<strategielotse-chat mode="inline" heading="Fragen zum Haushalt"></strategielotse-chat>'
    second = '<strategielotse-chat position="left"></strategielotse-chat>'
    floating = embedded("/two", inline + second)
    first, other = Chat(floating.page, 0), Chat(floating.page, 1)
    assert first.panel.is_visible()
    assert first.launcher.count() == 0
    other.open().ask(LIST)
    first.ask(FACT)
    assert first.element.locator(".turn").count() == other.element.locator(".turn").count() == 1
    assert "Fragen zum Haushalt" in first.panel.inner_text()
    box = other.panel.bounding_box()
    assert box["x"] < 100
    assert violations(floating.page) == []


def test_two_alike_have_names_of_their_own(embedded: Callable[..., Chat]) -> None:
    chat = embedded("/alike", TAG * 2)
    chat.launcher.wait_for()
    names = chat.page.evaluate(
        "[...document.querySelectorAll('strategielotse-chat')]"
        ".map((one) => one.shadowRoot.querySelector('section').getAttribute('aria-label'))"
    )
    assert names == ["Was plant der Kreis?", "Was plant der Kreis? (2)"]


def test_a_shared_question_goes_to_the_first_of_several(embedded: Callable[..., Chat]) -> None:
    chat = embedded("/sharing#frage=Was%20ist%202.1.2.1%3F", TAG * 2)
    chat.launcher.wait_for()
    assert chat.launcher.inner_text() == "Geteilte Frage öffnen"
    assert Chat(chat.page, 1).launcher.inner_text() == "Frage stellen"


def test_in_a_frame(page: Any, site: Websites, service: Server) -> None:
    address = f"{service.url}/embed?language=en&heading=Ask+us&questions=What+is+2.1.2.1%3F%7CTwo%3F"
    frame = f'<iframe title="Fragen" src="{address}" width="420" height="640"></iframe>'
    page.goto(site.put("/framed", frame, policy=f"default-src 'none'; frame-src {service.url}"))
    inside = page.frame_locator("iframe")
    inside.locator(".welcome .scope >> nth=1").wait_for()
    assert inside.locator("h2").inner_text() == "Ask us"
    assert inside.locator(".welcome .questions button").all_inner_texts() == ["What is 2.1.2.1?", "Two?"]
    inside.locator(".welcome .questions button").first.click()
    inside.locator(".answer").wait_for()
    inside.locator(".marker").first.click()
    assert "2.1.2.1" in inside.locator(".source-card").inner_text()
    assert page.evaluate("document.querySelector('iframe').getBoundingClientRect().height") == 644


def test_a_frame_of_chosen_documents_answers_from_them_alone(page: Any) -> None:
    page.goto("/embed?documents=lauterfeld-strategische-ziele-2025")
    chat = Chat(page)
    chat.element.locator(".welcome .scope >> nth=1").wait_for()
    assert "1 Dokument, neuester Stand 15.11.2025" in chat.panel.inner_text()
    with page.expect_request("**/api/v1/chat") as sent:
        chat.ask("Was ist für Familien mit kleinen Kindern geplant?")
    assert json.loads(sent.value.post_data)["documents"] == ["lauterfeld-strategische-ziele-2025"]
    chat.answer.locator(".everything > summary").click()
    where = set(chat.answer.locator(".everything .where").all_inner_texts())
    assert {one.rpartition(" · ")[2] for one in where} == {"Strategische Ziele des Kreises Lauterfeld"}
    page.goto("/embed")
    chat.element.locator(".welcome .scope >> nth=1").wait_for()
    assert chat.element.locator(".turn").count() == 0


def test_a_frame_elsewhere_is_refused(page: Any, service: Server, site: Websites, forgiving: None) -> None:
    other = site.url.replace("127.0.0.1", "localhost")
    site.put("/refused", f'<iframe title="Fragen" src="{service.url}/embed"></iframe>')
    page.goto(other + "/refused")
    page.wait_for_timeout(300)
    assert page.frames[1].url.startswith("chrome-error:")


def test_attributes_are_properties(embedded: Callable[..., Chat]) -> None:
    chat = embedded("/attributes", '<strategielotse-chat color-text="black" language="en"></strategielotse-chat>')
    chat.launcher.wait_for()
    told = chat.element.evaluate(
        """one => {
          one.heading = "Fragen Sie"; one.open = true; one.position = "left"; one.questions = "Eins?|Zwei?";
          return [one.getAttribute("heading"), one.hasAttribute("open"), one.colorText, one.service, one.language];
        }"""
    )
    assert told == ["Fragen Sie", True, "black", "", "en"]
    assert chat.panel.locator("h2").inner_text() == "Fragen Sie"
    chat.element.locator(".welcome .questions").wait_for()
    assert chat.element.locator(".welcome .questions button").all_inner_texts() == ["Eins?", "Zwei?"]
    chat.element.evaluate("one => { one.open = false; one.heading = null; }")
    assert chat.element.get_attribute("heading") is None
    assert chat.launcher.is_visible()


def test_events_tell_what_happens_and_never_the_question(embedded: Callable[..., Chat], site: Websites) -> None:
    chat = embedded("/events")
    chat.page.evaluate(
        """() => { window.events = [];
          for (const name of ["open", "close", "question", "answer", "error"])
            document.addEventListener(`strategielotse-${name}`, (one) => window.events.push([name, one.detail])); }"""
    )
    chat.open().ask(LIST)
    chat.page.keyboard.press("Escape")
    assert chat.page.evaluate("window.events") == [
        ["open", {}],
        ["question", {}],
        ["answer", {"status": "answered", "mode": "computed", "citations": 2}],
        ["close", {}],
    ]


def test_errors_are_events_too(embedded: Callable[..., Chat], forgiving: None) -> None:
    chat = embedded("/error-event")
    chat.page.evaluate(
        "() => { document.addEventListener('strategielotse-error', (one) => { window.kind = one.detail.kind; }); }"
    )
    chat.open()
    chat.page.context.set_offline(True)
    chat.ask(FACT)
    assert chat.page.evaluate("window.kind") == "offline"


def test_the_page_s_language_is_taken(embedded: Callable[..., Chat]) -> None:
    assert embedded("/english", lang="en-GB").launcher.inner_text() == "Ask a question"
    assert embedded("/french", lang="fr").launcher.inner_text() == "Frage stellen"


def test_it_can_be_taken_out_and_put_back(embedded: Callable[..., Chat]) -> None:
    chat = embedded("/moved").open()
    chat.element.evaluate(
        "one => { const parent = one.parentElement; one.remove(); one.open = false; parent.append(one); }"
    )
    assert chat.launcher.is_visible()
    chat.open().ask(FACT)
    assert chat.status == "answered"
