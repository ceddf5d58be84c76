"""What stands there is meant for people: no value of the program's, one name for each thing, one language at a time."""

from __future__ import annotations

import re
from collections.abc import Callable
from functools import partial
from typing import Any

import pytest

from tests.widget.driving import EMERGENCY, FACT, GREETING, LIST, NOTHING, OUTSIDE, REFUSED, TABLE, VAGUE, Chat

pytestmark = pytest.mark.browser
DRAFT = "Ist das Leitbild schon beschlossen?"
DOCUMENTS = "Welche Dokumente gibt es?"
QUESTIONS = (FACT, LIST, TABLE, DRAFT, DOCUMENTS, NOTHING, VAGUE, OUTSIDE, REFUSED, EMERGENCY, GREETING)
STATUSES = {
    "answered",
    "not_in_documents",
    "out_of_scope",
    "refused",
    "needs_clarification",
    "emergency",
    "about_service",
}
LEAKS = r"false|undefined|\bnull\b|\bNaN\b|\[object"
GERMAN = (
    r"[äöüßÄÖÜ]|\b(der|die|das|und|oder|nicht|ist|Stand|Seite|Quellen?|Dokumente?|Antwort|Frage|Entwurf|Antrag"
    r"|Beispieldaten|Status der|Eintrag|Zitat|Angaben|Nummer|Art)\b"
)
ENGLISH = r"\b(the|and|not|is|of|page|sources?|documents?|answer|question|draft|sample|quote|details|as of|you|new)\b"
SAID = """([one, language, pattern]) => {
  const own = ".answer-body p, q, .question p, .questions button, [role=status], style";
  const skipped = `[lang]:not([lang=${language}]), ${own}`;
  const inside = (node) => (node.nodeType === 1 ? node : node.parentElement);
  const texts = [];
  const walk = document.createTreeWalker(one.shadowRoot, NodeFilter.SHOW_ELEMENT | NodeFilter.SHOW_TEXT);
  for (let node = walk.nextNode(); node; node = walk.nextNode()) {
    if (inside(node).closest(skipped)) continue;
    if (node.nodeType === 3) texts.push(node.data);
    else if (!node.matches(".marker, .root > section"))
      for (const name of ["aria-label", "placeholder", "alt", "title"]) texts.push(node.getAttribute(name) ?? "");
  }
  return texts.filter((text) => new RegExp(pattern, "i").test(text));
}"""


def every_state(chat: Chat) -> list[Callable[[], object]]:
    """Return the steps through the states, each leaving something to read."""

    def asked(question: str) -> None:
        chat.ask(question)
        assert chat.status in STATUSES

    def sources() -> None:
        buttons = chat.answer.locator(".marker")
        for place in range(min(buttons.count(), 2)):
            buttons.nth(place).click()

    steps: list[Callable[[], object]] = []
    for question in QUESTIONS:
        steps += [partial(asked, question), sources]
    return steps


def test_no_value_of_the_program_is_shown(chat: Chat) -> None:
    for step in every_state(chat):
        step()
        text = str(chat.panel.evaluate("one => one.innerHTML.replace(/ (?:aria-)?\\w+=\"(?:true|false)\"/g, '')"))
        assert re.findall(LEAKS, text) == []


def _root(chat: Chat) -> Any:
    return chat.element.element_handle()


def test_a_section_is_named_once_and_not_numbered_by_a_word(chat: Chat) -> None:
    chat.ask(DRAFT)
    chat.answer.locator(".marker").first.click()
    assert chat.card.locator(".source-title span[lang]").inner_text() == "Leitbild für den Kreis Lauterfeld (Entwurf)"
    assert str(chat.card.locator(".source-title").text_content()).startswith("Quelle 1: Leitbild")
    assert "Titel" not in chat.element.locator(".sources").inner_text()


@pytest.mark.parametrize(
    ("ref", "title", "shown"),
    [
        ("2.1.2.1", "Nachtbus", "2.1.2.1 Nachtbus"),
        ("01", "Heimat", "01 Heimat"),
        ("IV", "Lautstärke", "IV Lautstärke"),
        ("A", "Handlungsprinzipien", "A Handlungsprinzipien"),
        ("Ziel 3", "Wälder", "Ziel 3 Wälder"),
        ("Beschlusspunkt II", "Asphalt", "Beschlusspunkt II Asphalt"),
        ("Titel", "Leitbild", "Leitbild"),
        ("Einleitung", "Einleitung", "Einleitung"),
        ("Über uns", "Wer wir sind", "Wer wir sind"),
        ("5.1", "5.1 Bus", "5.1 Bus"),
        ("Einleitung", "", "Einleitung"),
        ("III", "", "III"),
    ],
)
def test_numbers_and_titles(chat: Chat, ref: str, title: str, shown: str) -> None:
    names = chat.page.evaluate(
        """async (one) => {
          const { nameOf, named } = await import("/widget/record_words.js");
          return [nameOf(one), named(one).textContent.trim()];
        }""",
        {"ref": ref, "title": title},
    )
    assert names == [shown, shown]


def test_children_that_are_no_content_are_left_out(chat: Chat) -> None:
    text = chat.page.evaluate(
        """async () => {
          const { el } = await import("/widget/dom.js");
          return el("p", {}, false, true, null, undefined, "", 0, [["a", false]]).textContent;
        }"""
    )
    assert text == "0a"


def test_facts_say_what_they_are_of(chat: Chat) -> None:
    chat.ask("Wie spät fährt der Nachtbus?")
    assert chat.answer.locator(".facts h4").inner_text() == "Angaben: 5.1.1.1 Nachtbus am Wochenende"


def test_facts_of_nobody_knows_what_are_left_out(chat: Chat) -> None:
    drawn = chat.page.evaluate(
        """async () => {
          const { facts } = await import("/widget/data_view.js");
          const { words } = await import("/widget/languages/de.js");
          const cited = [{ url: "/a", ref: "1", title: "Bus" }, { url: "/b", ref: "2", title: "Rad" }];
          const sources = { find: (marker) => cited[marker - 1] };
          const draw = (row) => facts({ words }, sources,
            { columns: Object.keys(row), rows: [row] })?.querySelector("h4").textContent ?? null;
          const values = { amounts: ["5 Euro"], state: "fertig" };
          return [draw({ ...values, citations: [1, 2] }), draw({ ...values, citations: [2] }), draw(values)];
        }"""
    )
    assert drawn == [None, "Angaben: 2 Rad", None]


@pytest.mark.parametrize(("language", "pattern"), [("en", GERMAN), ("de", ENGLISH)])
def test_one_language_at_a_time(page: Any, language: str, pattern: str) -> None:
    page.goto("/embed?language=" + language)
    chat = Chat(page)
    chat.element.locator(".welcome .scope >> nth=1").wait_for()
    found = page.evaluate(SAID, [_root(chat), language, pattern])
    for step in every_state(chat):
        step()
        found += page.evaluate(SAID, [_root(chat), language, pattern])
    names = ("No", "Message to the administration") if language == "en" else ("Nein", "Nachricht an die Verwaltung")
    chat.ask(NOTHING)
    for name in names:
        chat.button(name).click()
        found += page.evaluate(SAID, [_root(chat), language, pattern])
    assert sorted(set(found)) == []


@pytest.mark.parametrize("context", [{"viewport": {"width": 320, "height": 640}}], indirect=True)
def test_what_it_is_stands_there_on_a_phone_too(chat: Chat) -> None:
    told = chat.element.locator(".titles p")
    assert told.is_visible()
    assert told.inner_text() == "Automatischer Assistent"
    assert chat.measure("wide", 320) == []


def test_long_words_are_hyphenated_and_not_broken(chat: Chat) -> None:
    chat.ask(TABLE)
    for what in (".titles h2", ".answer h3", ".answer h4", "tbody th", "tbody td"):
        found = chat.element.locator(what)
        for place in range(found.count()):
            assert found.nth(place).evaluate("one => getComputedStyle(one).hyphens") == "auto", what
            assert found.nth(place).evaluate("one => Boolean(one.closest('[lang]'))")
    assert chat.panel.evaluate("one => getComputedStyle(one).overflowWrap") == "break-word"


def test_what_ends_a_sentence_stays_with_its_marker(chat: Chat) -> None:
    chat.ask("Wer ist für den Nachtbus zuständig?")
    held = chat.answer.locator(".held")
    assert held.inner_text().replace("\n", "") == "1."
    assert held.evaluate("one => getComputedStyle(one).whiteSpaceCollapse + getComputedStyle(one).textWrapMode") == (
        "collapsenowrap"
    )
    assert held.locator(".marker").count() == 1
