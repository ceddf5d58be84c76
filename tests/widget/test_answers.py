"""What an answer shows: lists, tables, facts, sources, overviews, the nearest; in one language,
without a leak.
"""

from __future__ import annotations

import json
import re
from typing import Any

import pytest

from service.records import AnswerData, AnswerStatus, DataKind
from tests.ingest.cases import values
from tests.widget.driving import (
    EMERGENCY,
    FACT,
    GREETING,
    LIST,
    LONG_LIST,
    MEASURES,
    NOTHING,
    OUTSIDE,
    REFUSED,
    TABLE,
    VAGUE,
    Chat,
)  # fmt: skip
from tests.widget.made_answers import (
    GOALS,
    NEIGHBOUR,
    QUESTION,
    REPORT,
    answering,
    overview,
    without_answer,
)

pytestmark = [pytest.mark.browser, pytest.mark.long]
DRAFT = "Ist das Leitbild schon beschlossen?"
QUESTIONS = (
    FACT, LIST, TABLE, DRAFT, "Welche Dokumente gibt es?", NOTHING, VAGUE, OUTSIDE, REFUSED, EMERGENCY, GREETING,
)  # fmt: skip
LEAKS = r"false|undefined|\bnull\b|\bNaN\b|\[object"
GERMAN = (
    r"[äöüßÄÖÜ]|\b(der|die|das|und|oder|nicht|ist|Stand|Seite|Quellen?|Dokumente?|Antwort|Frage|Entwurf|Antrag"
    r"|Beispieldaten|Status der|Eintrag|Zitat|Angaben|Nummer|Art)\b"
)
ENGLISH = r"\b(the|and|not|is|of|page|sources?|documents?|answer|question|draft|sample|quote|details|as of|you|new)\b"
SAID = """(one, [language, pattern]) => {
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
MADE = """async (names) => {
  const { nameOf, named } = await import("/widget/record_words.js");
  const { el } = await import("/widget/dom.js");
  const { facts } = await import("/widget/data_view.js");
  const { german: words } = await import("/widget/languages/de.js");
  const { Conversation } = await import("/widget/conversation.js");
  const load = async (code) => Object.values(await import(`/widget/languages/${code}.js`))[0];
  const cited = [{ url: "/a", ref: "1", title: "Bus" }, { url: "/b", ref: "2", title: "Rad" }];
  const sources = { find: (marker) => cited[marker - 1] };
  const draw = (row) => facts({ words }, sources,
    { columns: Object.keys(row), rows: [row] })?.querySelector("h4").textContent ?? null;
  const values = { responsible: ["Amt 5"], status: "planned" };
  const answer = { answer: "ä".repeat(4000) };
  const turns = Array.from({ length: 30 }, (_, n) => ({ question: `Frage ${n}`, answer, failure: null }));
  return {
    names: names.map(([ref, title]) => [nameOf({ ref, title }), named({ ref, title }).textContent.trim()]),
    children: el("p", {}, false, true, null, undefined, "", 0, [["a", false]]).textContent,
    facts: [draw({ ...values, citations: [1, 2] }), draw({ ...values, citations: [2] }), draw(values)],
    languages: [measures.paths(await load("de")).sort(), measures.paths(await load("en")).sort()],
    body: new Conversation(turns).body("Neue Frage", { style: "standard", limit: 20 }),
  };
}"""
NAMES = values(__file__, "names")


def test_what_the_modules_make(chat: Chat) -> None:
    """Names without doubled numbers, no child that is no content, no facts of nobody knows what, a
    body that fits.
    """
    chat.page.evaluate(MEASURES)
    made = chat.page.evaluate(MADE, [item for *item, _ in NAMES])
    assert made["names"] == [[name, name] for *_, name in NAMES]
    assert made["children"] == "0a"
    assert made["facts"] == [None, "Angaben: 2 Rad", None]
    german, english = made["languages"]
    assert german == english and len(german) > 150
    assert 40_000 < len(made["body"].encode()) < 60_000
    history = json.loads(made["body"])["history"]
    assert history[-2]["content"] == "Frage 29" and [item["role"] for item in history[:2]] == [
        "user",
        "assistant",
    ]


@pytest.mark.parametrize(("language", "pattern"), [("en", GERMAN), ("de", ENGLISH)])
def test_one_language_at_a_time_and_no_value_of_the_program(
    page: Any, language: str, pattern: str
) -> None:
    """In every state: each leaves something to read."""
    page.goto("/embed?language=" + language)
    chat, found = Chat(page), []
    chat.wait_for(".welcome .scope >> nth=1")

    def look() -> None:
        found.extend(chat.element.evaluate(SAID, [language, pattern]))
        text = chat.panel.evaluate(
            "one => one.innerHTML.replace(/ (?:aria-)?\\w+=\"(?:true|false)\"/g, '')"
        )
        found.extend(re.findall(LEAKS, str(text)))

    for question in QUESTIONS:
        assert AnswerStatus(chat.ask(question).status) is not AnswerStatus.UNAVAILABLE
        look()
        for place in range(min(chat.answer.locator(".marker:visible").count(), 2)):
            chat.source(place)
            look()
            assert [
                chat.answer.locator(item).count()
                for item in (".source-card", "[aria-expanded=true]")
            ] == [1, 1]
    chat.ask(NOTHING)
    names = (
        ("No", "Message to the administration")
        if language == "en"
        else ("Nein", "Nachricht an die Verwaltung")
    )
    for name in names:
        chat.click(name)
        look()
    assert sorted(set(found)) == []


def test_a_long_list_is_complete_and_folded(chat: Chat) -> None:
    chat.ask(LONG_LIST)
    assert len(chat.texts(".items > li")) == 61 and len(chat.texts(".items > li:visible")) == 10
    for name, number in (("Alle 61 Einträge zeigen", 61), ("Weniger zeigen", 10)):
        chat.click(name)
        assert len(chat.texts(".items > li:visible")) == number


def test_a_draft_is_told_as_one_and_a_section_is_named_once(chat: Chat) -> None:
    badge = chat.ask(DRAFT).source().card.locator(".badge")
    assert badge.inner_text() == "Entwurf, nicht beschlossen" and badge.locator("svg").count() == 1
    title = chat.card.locator(".source-title")
    assert title.locator("span[lang]").inner_text() == "Leitbild für den Kreis Lauterfeld"
    assert str(title.text_content()).startswith("Quelle 1: Leitbild")
    assert "Titel" not in chat.find(".sources").inner_text()


def test_sources_name_each_document_and_each_place_once(chat: Chat) -> None:
    chat.ask("Ist der Rufbus Lauvi umgesetzt?")
    sources = chat.answer.locator(".sources")
    assert (
        sources.locator("> ul > li").count() == 1 and sources.locator(".source-button").count() == 1
    )
    assert (
        sources.locator("p.meta").inner_text()
        == "Nachhaltigkeitsbericht Kreis Lauterfeld · Stand 01.03.2026"
    )
    assert sources.locator(".source-name").inner_text().split("\n") == [
        "5.1.2.1 Rufbus Lauvi",
        "Seite 20",
    ]
    sources.locator(".marker").click()
    assert chat.card.locator("blockquote").is_visible() and "Quelle 2" in str(
        chat.card.get_attribute("aria-label")
    )


def test_where_the_place_cannot_be_cut_out_the_page_is_shown_or_nothing(
    chat: Chat, forgiving: None
) -> None:
    chat.page.context.route("**/*.png?*crop=*", lambda route: route.fulfill(status=404))
    image = chat.ask(FACT).source().card.locator("figure img")
    image.wait_for(state="visible")
    assert image.get_attribute("alt") == "Seite 8 des Dokuments mit der markierten Stelle"
    assert image.evaluate("one => one.complete && one.naturalWidth === 900")
    chat.page.context.route("**/*.png?*", lambda route: route.fulfill(status=404))
    chat.click("Neues Gespräch")
    chat.ask(LIST).source().card.locator("figure").wait_for(state="detached")
    assert chat.card.locator("blockquote").is_visible()


def overviewed(chat: Chat, *documents: tuple[str, str, str], **more: Any) -> Chat:
    answering(chat.page, overview(*documents, **more))
    return chat.ask(QUESTION)


def visible(chat: Chat) -> int:
    return len(chat.texts(".everything .item:visible"))


def test_an_overview_begins_with_how_many_and_tells_some(chat: Chat) -> None:
    body = overviewed(chat, REPORT, GOALS).answer.locator(".answer-body")
    assert body.locator("> p").all_inner_texts() == ["Zum Thema Mobilität gibt es 23 Vorhaben."]
    text = body.locator("> .items > .item")
    assert text.count() == 3 and text.first.inner_text().startswith(
        "Nachtbus verbindet am Wochenende"
    )
    assert text.locator(".badge").all_inner_texts() == ["Idee", "in Planung", "in Bearbeitung"]
    text.first.locator(".marker").click()
    assert "Nachtbus" in chat.card.inner_text()
    groups = chat.answer.locator(".groups [role=group]")
    assert groups.locator("h4").all_inner_texts() == ["Status", "Thema", "Dokument"]
    names = [item.text_content() for item in groups.first.get_by_role("button").all()]
    assert names[:2] == ["Idee 6 Einträge6", "in Planung 6 Einträge6"]
    assert groups.nth(1).locator("button:visible").count() == 3
    groups.nth(1).get_by_text("4 weitere").click()
    assert groups.nth(1).locator("button:visible").count() == 7


def test_all_are_one_key_away_chosen_by_a_chip_and_the_choice_is_undone(chat: Chat) -> None:
    overviewed(chat, REPORT, GOALS)
    summary = chat.answer.locator(".everything > summary")
    assert visible(chat) == 0 and summary.inner_text() == "Alle 23 Einträge zeigen"
    summary.focus()
    chat.page.keyboard.press("Enter")
    assert visible(chat) == 23
    last = chat.answer.locator(".everything .item").last
    assert (
        last.locator(".where").inner_text() == "Projekt · Nachhaltigkeitsbericht Kreis Lauterfeld"
    )
    assert str(last.locator("a").get_attribute("href")).endswith(
        "/documents/lauterfeld-bericht/5.23"
    )
    chip = chat.answer.get_by_role("button", name="in Bearbeitung 6 Einträge")
    chip.focus()
    chat.page.keyboard.press("Enter")
    assert (chip.get_attribute("aria-pressed"), visible(chat)) == ("true", 6)
    assert set(chat.texts(".everything .badge:visible")) == {"in Bearbeitung"}
    assert chat.focused("one.getAttribute('aria-label')") == "6 von 23 Einträgen: in Bearbeitung"
    chat.page.keyboard.press("Tab")
    assert chat.focused("one.textContent") == "Auswahl aufheben"
    chat.page.keyboard.press("Enter")
    assert (visible(chat), chip.get_attribute("aria-pressed")) == (23, "false")
    assert str(chat.focused("one.textContent")).startswith("in Bearbeitung")
    for name in ("Idee 6 Einträge", "Strategische Ziele des Kreises Lauterfeld 11 Einträge"):
        chat.answer.get_by_role("button", name=name).click()  # another takes the place of the first
    pressed = chat.answer.locator("[aria-pressed=true]")
    assert (visible(chat), pressed.count()) == (11, 1)
    pressed.click()
    assert (visible(chat), pressed.count()) == (23, 0)


def test_counties_stand_side_by_side(chat: Chat) -> None:
    columns = overviewed(chat, REPORT, NEIGHBOUR).answer.locator(".column")
    assert [item.locator(".meta").inner_text() for item in columns.all()] == [
        "Kreis Lauterfeld",
        "Kreis Dornquell",
    ]
    assert len({item.bounding_box()["y"] for item in columns.all()}) == 1
    columns.nth(1).get_by_role(
        "button", name="in Planung 6 Einträge Mobilitätsplan Dornquell"
    ).click()
    assert visible(chat) == 6
    assert chat.texts(".chosen p") == ["6 von 23 Einträgen: Mobilitätsplan Dornquell, in Planung"]


def test_what_was_not_read_is_told(chat: Chat) -> None:
    answer = overview(REPORT)
    for complete, total, statement in ((False, 23, "23 Einträge; vielleicht nicht alle"),
                                  (None, None, "Anzahl unsicher")):  # fmt: skip
        data = answer.data.model_copy(update={"complete": complete, "total": total})  # type: ignore[union-attr]
        answering(chat.page, answer.model_copy(update={"data": data}))
        chat.ask(QUESTION)
        assert chat.texts(".unsure")[0].startswith(statement)
        assert chat.texts(".everything > summary") == ["Alle gelesenen Einträge zeigen"]


def test_a_list_shows_also_the_rows_that_its_text_does_not_name(chat: Chat) -> None:
    rows = overview(REPORT).data.rows[:20]  # type: ignore[union-attr]
    listed = AnswerData(
        kind=DataKind.LIST, columns=["ref", "title", "status"], rows=rows, total=20, complete=None
    )
    for text, first in (
        (
            "20 Projekte: 5.1 Nachtbus (Idee) [1], 5.2 Radschnellweg (in Planung) [2] und 18 weitere.",
            "20 Projekte:",
        ),
        (
            "20 Projekte: Bad Lauven 12, Ostermarn 8 [1] [2].",
            "20 Projekte: Bad Lauven 12, Ostermarn 8 1 2.",
        ),
    ):
        answering(chat.page, overview(REPORT).model_copy(update={"answer": text, "data": listed}))
        chat.ask(QUESTION)
        assert [" ".join(item.split()) for item in chat.texts(".answer-body > p.block")] == [first]
        assert (
            len(chat.texts(".items > li")) == 20
            and chat.texts(".items > li:visible .ref")[-1] == "5.10"
        )
        message = [" ".join(item.split()) for item in chat.texts(".items > li")[:2]]
        assert message == ["5.1 Nachtbus 1 Idee", "5.2 Radschnellweg 2 in Planung"]
        assert chat.texts(".count") == ["20 Einträge, weitere sind möglich"]
    cut = listed.model_copy(
        update={"truncated": True, "total": 3000, "url": "/api/v1/items?kind=project"}
    )
    answering(chat.page, overview(REPORT).model_copy(update={"data": cut}))
    assert (
        chat.ask(QUESTION)
        .answer.locator(".count a")
        .text_content()
        .startswith("20 von 3000 Einträgen")
    )


def test_names_of_the_nearest_are_links_where_the_text_has_them(chat: Chat) -> None:
    answering(chat.page, without_answer())
    links = chat.ask(QUESTION).answer.locator(".answer-body a")
    assert [str(item.get_attribute("href")).rpartition("/")[2] for item in links.all()] == ["5.1"]
    assert str(links.first.text_content()).startswith("5.1 Nachtbus")
    line = str(chat.answer.locator(".nearest").text_content())
    assert line.startswith("Am nächsten kommt: 5.2 Rufbus") and line.endswith("(Projekt, Idee)")
    assert chat.answer.locator(".nearest a").count() == 1
