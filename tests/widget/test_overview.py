"""An overview: how many of what, what is told, and all of them one click away, chosen by a chip."""

from __future__ import annotations

from typing import Any

import pytest

from tests.widget.driving import Chat
from tests.widget.made_answers import GOALS, NEIGHBOUR, QUESTION, REPORT, answering, overview, without_answer

pytestmark = pytest.mark.browser


def asked(chat: Chat, *documents: tuple[str, str, str], **more: Any) -> Chat:
    answering(chat.page, overview(*documents, **more))
    return chat.ask(QUESTION)


def visible(chat: Chat) -> int:
    return int(chat.answer.locator(".everything .item:visible").count())


def test_it_begins_with_how_many_and_tells_some(chat: Chat) -> None:
    asked(chat, REPORT, GOALS)
    body = chat.answer.locator(".answer-body")
    assert body.locator("> p").all_inner_texts() == ["Zum Thema Mobilität gibt es 23 Vorhaben."]
    told = body.locator("> .items > .item")
    assert told.count() == 3
    assert told.first.inner_text().startswith("Nachtbus verbindet am Wochenende")
    assert told.locator(".badge").all_inner_texts() == ["Idee", "in Planung", "in Bearbeitung"]
    told.first.locator(".marker").click()
    assert "Nachtbus" in chat.card.inner_text()


def test_records_that_are_named_by_their_number_alone_stand_in_the_list(chat: Chat) -> None:
    """The sample's measures have no title but their sentence, and no status."""
    chat.ask("Was ist für Familien mit kleinen Kindern geplant?")
    (lead,) = chat.answer.locator(".answer-body > p").all_inner_texts()
    assert lead.startswith("Dazu stehen in 2 Papieren") and lead.endswith("5 Maßnahmen. 1")
    told = [" ".join(one.split()) for one in chat.answer.locator(".answer-body > .items > .item").all_inner_texts()]
    assert [one.split(" ")[1] for one in told] == ["B.III", "5.1.2.3", "B.III.3", "B.III.6", "B.III.1"]
    assert told[2].startswith("Maßnahme B.III.3 5: Frühe Hilfen besuchen alle Familien")
    assert told[1].endswith("in Bearbeitung")


def test_what_more_is_said_of_a_record_stays_with_it(chat: Chat) -> None:
    answer = overview(REPORT, size=4)
    more = f"{answer.answer} Er fährt seit 2025. [9]"
    answering(chat.page, answer.model_copy(update={"answer": more}))
    chat.ask(QUESTION)
    assert chat.answer.locator(".answer-body > p").all_inner_texts() == ["Zum Thema Mobilität gibt es 4 Vorhaben."]
    assert "Er fährt seit 2025." in chat.answer.locator(".answer-body > .items > .item").nth(2).inner_text()


def test_groups_tell_how_many_there_are_of_what(chat: Chat) -> None:
    asked(chat, REPORT, GOALS)
    groups = chat.answer.locator(".groups [role=group]")
    assert groups.locator("h4").all_inner_texts() == ["Status", "Thema", "Dokument"]
    names = [one.text_content() for one in groups.first.get_by_role("button").all()]
    assert names[:2] == ["Idee 6 Einträge6", "in Planung 6 Einträge6"]
    assert groups.nth(1).locator("button:visible").count() == 3
    groups.nth(1).get_by_text("4 weitere").click()
    assert groups.nth(1).locator("button:visible").count() == 7


def test_one_document_and_one_theme_are_no_groups(chat: Chat) -> None:
    asked(chat, REPORT, size=1 + 2)
    assert chat.answer.locator(".groups h4").all_inner_texts() == ["Status", "Thema"]


def test_all_are_one_key_away(chat: Chat) -> None:
    asked(chat, REPORT, GOALS)
    assert visible(chat) == 0
    summary = chat.answer.locator(".everything > summary")
    assert summary.inner_text() == "Alle 23 Einträge zeigen"
    summary.focus()
    chat.page.keyboard.press("Enter")
    assert visible(chat) == 23
    last = chat.answer.locator(".everything .item").last
    assert last.locator(".where").inner_text() == "Projekt · Nachhaltigkeitsbericht Kreis Lauterfeld"
    assert str(last.locator("a").get_attribute("href")).endswith("/documents/lauterfeld-bericht/5.23")


def test_a_chip_chooses_and_the_choice_is_undone_by_keyboard(chat: Chat) -> None:
    asked(chat, REPORT, GOALS)
    chip = chat.answer.get_by_role("button", name="in Bearbeitung 6 Einträge")
    chip.focus()
    chat.page.keyboard.press("Enter")
    assert chip.get_attribute("aria-pressed") == "true"
    assert visible(chat) == 6
    assert set(chat.answer.locator(".everything .badge:visible").all_inner_texts()) == {"in Bearbeitung"}
    assert chat.focused("one.getAttribute('aria-label')") == "6 von 23 Einträgen: in Bearbeitung"
    chat.page.keyboard.press("Tab")
    assert chat.focused("one.textContent") == "Auswahl aufheben"
    chat.page.keyboard.press("Enter")
    assert (visible(chat), chip.get_attribute("aria-pressed")) == (23, "false")
    assert str(chat.focused("one.textContent")).startswith("in Bearbeitung")


def test_another_chip_takes_the_place_of_the_first(chat: Chat) -> None:
    asked(chat, REPORT, GOALS)
    for name in ("Idee 6 Einträge", "Strategische Ziele des Kreises Lauterfeld 11 Einträge"):
        chat.answer.get_by_role("button", name=name).click()
    assert visible(chat) == 11
    assert chat.answer.locator("[aria-pressed=true]").count() == 1
    chat.answer.locator("[aria-pressed=true]").click()
    assert (visible(chat), chat.answer.locator("[aria-pressed=true]").count()) == (23, 0)


def test_counties_stand_side_by_side(chat: Chat) -> None:
    asked(chat, REPORT, NEIGHBOUR)
    columns = chat.answer.locator(".column")
    assert [one.locator(".meta").inner_text() for one in columns.all()] == ["Kreis Lauterfeld", "Kreis Dornquell"]
    tops = [one.bounding_box()["y"] for one in columns.all()]
    assert tops[0] == tops[1]
    columns.nth(1).get_by_role("button", name="in Planung 6 Einträge Mobilitätsplan Dornquell").click()
    assert visible(chat) == 6
    assert chat.answer.locator(".chosen p").inner_text() == "6 von 23 Einträgen: Mobilitätsplan Dornquell, in Planung"


@pytest.mark.parametrize(
    ("complete", "total", "said"),
    [(False, 23, "mindestens 23 Einträge: nicht alles wurde gelesen"), (None, None, "Anzahl unsicher")],
)
def test_what_was_not_read_is_told(chat: Chat, complete: bool | None, total: int | None, said: str) -> None:
    answer = overview(REPORT)
    assert answer.data
    data = answer.data.model_copy(update={"complete": complete, "total": total})
    answering(chat.page, answer.model_copy(update={"data": data}))
    chat.ask(QUESTION)
    assert chat.answer.locator(".unsure").inner_text().startswith(said)
    assert chat.answer.locator(".everything > summary").inner_text() == "Alle gelesenen Einträge zeigen"


def test_paper_has_all_of_it(chat: Chat) -> None:
    asked(chat, REPORT, GOALS)
    chat.page.evaluate("() => { window.print = () => {}; }")
    chat.button("Drucken").click()
    chat.page.emulate_media(media="print")
    printed = chat.page.locator("strategielotse-print")
    assert printed.locator(".everything .item:visible").count() == 23
    assert printed.locator(".chip:visible").count() == 4 + 7 + 2


def test_names_of_the_nearest_are_links_where_the_text_has_them(chat: Chat) -> None:
    answering(chat.page, without_answer())
    chat.ask(QUESTION)
    links = chat.answer.locator(".answer-body a")
    assert [str(one.get_attribute("href")).rpartition("/")[2] for one in links.all()] == ["5.1"]
    assert str(links.first.text_content()).startswith("5.1 Nachtbus")
    line = str(chat.answer.locator(".nearest").text_content())
    assert line.startswith("Am nächsten kommt: 5.2 Rufbus") and line.endswith("(Projekt, Idee)")
    assert chat.answer.locator(".nearest a").count() == 1
