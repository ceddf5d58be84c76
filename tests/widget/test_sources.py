"""From a marker to its source card, and from there to the passage in the document."""

from __future__ import annotations

import pytest

from tests.widget.driving import FACT, LIST, NEAR, TABLE, Chat

pytestmark = pytest.mark.browser
QUOTE = (
    "Der erste Bauabschnitt von 1,1 Kilometern ist fertig. Die Arbeiten am zweiten Abschnitt mussten von November "
    "2025 bis Februar 2026 wegen hoher Wasserstände ruhen; die Fertigstellung verschiebt sich auf Ende 2027. Erste "
    "Bachforellen wurden bereits oberhalb des alten Wehrs gefunden."
)


def test_a_marker_opens_its_source_and_closes_it(chat: Chat) -> None:
    chat.ask(FACT)
    marker = chat.answer.locator(".marker").first
    assert marker.get_attribute("aria-expanded") == "false"
    marker.click()
    assert marker.get_attribute("aria-expanded") == "true"
    assert chat.focused("one.id") == marker.get_attribute("aria-controls")
    text = chat.card.inner_text()
    for part in ("Projekt", "2.1.2.1 Renaturierung der Lauve", "in Bearbeitung", "veröffentlicht", QUOTE, "01.03.2026"):
        assert part in text
    assert chat.card.locator("dd").last.inner_text() == "8"
    assert chat.card.locator("blockquote").get_attribute("lang") == "de"
    chat.button("Quelle schließen").click()
    assert chat.card.count() == 0
    assert chat.focused("one.className") == "marker"


def test_the_head_stays_in_view_wherever_the_conversation_is_scrolled(chat: Chat) -> None:
    chat.ask(FACT)
    chat.answer.locator(".marker").first.click()
    chat.card.locator("figure img").wait_for()
    for place in (".links", ".feedback"):
        chat.answer.locator(place).evaluate("one => one.scrollIntoView()")
        assert chat.panel.evaluate("one => [one.scrollTop, one.scrollHeight - one.clientHeight]") == [0, 0]
        box, panel = chat.element.locator(".head").bounding_box(), chat.panel.bounding_box()
        assert abs(box["y"] - panel["y"]) < 2


def test_one_source_is_open_at_a_time(chat: Chat) -> None:
    chat.ask(LIST)
    chat.answer.locator(".marker").nth(0).click()
    chat.answer.locator(".marker").nth(1).click()
    assert chat.card.count() == 1
    assert "5.3.4.1" in chat.card.inner_text()
    assert chat.answer.locator("[aria-expanded=true]").count() == 1


def test_escape_closes_the_source_and_not_the_window(chat: Chat) -> None:
    chat.ask(FACT)
    chat.answer.locator(".marker").first.click()
    chat.page.keyboard.press("Escape")
    assert chat.card.count() == 0
    assert chat.panel.is_visible()
    assert chat.focused("one.className") == "marker"


def test_the_link_shows_the_passage_highlighted(chat: Chat) -> None:
    chat.ask(FACT)
    chat.answer.locator(".source-button").first.click()
    with chat.page.context.expect_page() as opened:
        chat.card.locator("a.passage-link").click()
    document = opened.value
    document.wait_for_selector("mark#zitat")
    marked = "".join(document.locator("mark").all_inner_texts())
    assert "".join(marked.split()) == "".join(QUOTE.split())
    assert document.locator("mark#zitat").is_visible()
    assert document.url.startswith(chat.page.url + "documents/lauterfeld-nachhaltigkeitsbericht-2026/2.1.2.1?")


def test_the_place_is_cut_out_of_its_page_when_the_card_is_opened(chat: Chat) -> None:
    pictures: list[str] = []
    chat.page.on("request", lambda one: pictures.append(one.url) if ".png" in one.url else None)
    chat.ask(FACT)
    assert pictures == []
    with chat.page.expect_response("**/pages/9.png?*") as response:
        chat.answer.locator(".marker").first.click()
    assert len(pictures) == 1 and "crop=" in pictures[0]
    figure = chat.card.locator("figure")
    assert response.value.ok
    figure.wait_for(state="visible")
    image = figure.locator("img")
    natural = image.evaluate("one => [one.naturalWidth, one.naturalHeight]")
    assert natural[0] > 2 * natural[1]  # some lines of a page, twice as sharp as they are shown
    assert image.get_attribute("alt") == QUOTE
    inner, card = image.bounding_box(), chat.card.bounding_box()
    assert inner["x"] >= card["x"] and inner["x"] + inner["width"] <= card["x"] + card["width"]
    assert "Seite 8 im Original öffnen" in figure.inner_text()
    original = str(figure.locator("a").get_attribute("href"))
    assert original.endswith("/documents/lauterfeld-nachhaltigkeitsbericht-2026/original#page=9")
    assert chat.page.request.get(original).headers["content-type"] == "application/pdf"


def test_where_the_place_cannot_be_cut_out_the_page_is_shown(chat: Chat, forgiving: None) -> None:
    chat.page.context.route("**/*.png?*crop=*", lambda route: route.fulfill(status=404))
    chat.ask(FACT)
    chat.answer.locator(".marker").first.click()
    image = chat.card.locator("figure img")
    image.wait_for(state="visible")
    assert image.get_attribute("alt") == "Seite 8 des Dokuments mit der markierten Stelle"
    assert image.evaluate("one => one.complete && one.naturalWidth === 900")


def test_a_picture_that_there_is_not_is_not_shown(chat: Chat, forgiving: None) -> None:
    chat.page.context.route("**/*.png?*", lambda route: route.fulfill(status=404))
    chat.ask(FACT)
    chat.answer.locator(".marker").first.click()
    chat.card.locator("figure").wait_for(state="detached")
    assert chat.card.locator("blockquote").is_visible()


def test_a_table_has_its_sources(chat: Chat) -> None:
    chat.ask(TABLE)
    chat.answer.locator("tbody .marker").last.click()
    assert "beschlossen" in chat.card.inner_text()
    assert chat.card.locator("xpath=ancestor::td").count() == 1


def test_a_draft_is_told_as_one(chat: Chat) -> None:
    chat.ask("Ist das Leitbild schon beschlossen?")
    chat.answer.locator(".marker").first.click()
    badge = chat.card.locator(".badge")
    assert badge.inner_text() == "Entwurf, nicht beschlossen"
    assert badge.locator("svg").count() == 1


def test_the_nearest_leads_to_the_document(chat: Chat) -> None:
    chat.ask(NEAR)
    link = chat.answer.locator(".nearest a").first
    assert str(link.get_attribute("href")).startswith(chat.page.url + "documents/lauterfeld-")
    assert link.get_attribute("rel") == "noopener noreferrer"
