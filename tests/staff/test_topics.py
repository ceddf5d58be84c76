"""Which goal covers a topic: groups, reasons, status and unit; and a plain no where none does."""

from __future__ import annotations

import pytest
from starlette.testclient import TestClient

from service.answering.service import AnswerService
from service.pages.labels import STATUSES
from service.settings import Settings
from service.staff.topics import coverage, example_topics
from tests.staff.reading import Page
from vectorstore.editions import EditionStore
from vectorstore.records import ItemStatus


@pytest.fixture(scope="module")
def answers(sample_store: EditionStore) -> AnswerService:
    return AnswerService(sample_store.open(), Settings(data_dir=sample_store.root))


def test_the_start_asks_and_offers_topics(sample: TestClient) -> None:
    page = Page(sample.get("/staff").text)
    assert "Welches Ziel deckt das ab?" in page.text
    assert len(page.links("/staff/topics?q=")) == 6
    assert "Kein Ziel" not in page.text


def test_what_covers_a_topic_is_grouped_by_document_and_theme(answers: AnswerService) -> None:
    catalogue = answers.corpus.catalogue
    result = answers.lookup("Radverkehr")
    found = coverage(result, catalogue)
    assert (found.total, found.around) == (len(result.items), len(result.nearest))
    assert found.total > 2
    assert len({group.document.id for group in found.groups}) == len(found.groups) > 1
    for group in found.groups:
        assert len({theme.title for theme in group.themes}) == len(group.themes)
        for hit in (hit for theme in group.themes for hit in theme.hits):
            assert hit.record.document_id == group.document.id
    best = found.groups[0].themes[0].hits[0].record
    assert best == result.items[0]


def test_what_covers_a_topic_is_counted_by_status(answers: AnswerService, sample: TestClient) -> None:
    result = answers.lookup("Radverkehr")
    statuses = coverage(result, answers.corpus.catalogue).statuses
    assert list(statuses) == [one for one in ItemStatus if one in statuses]
    assert sum(statuses.values()) == sum(one.status is not None for one in result.items) > 0
    shown = " ".join(f"{STATUSES[one]} {number}" for one, number in statuses.items())
    assert shown in " ".join(Page(sample.get("/staff/topics?q=Radverkehr").text).text.split())


def test_a_hit_tells_status_unit_places_date_and_why(sample: TestClient) -> None:
    text = Page(sample.get("/staff/topics?q=Radschnellweg").text).text
    for said in ("nennt", "Zuständig", "Kommunen", "Stand 01.03.2026", "veröffentlicht", "Seite", "Projekt"):
        assert said in text
    assert any(status in text for status in ("Idee", "in Planung", "in Bearbeitung", "umgesetzt"))


COVERED = ["Radverkehr", "Fahrrad", "Hochwasserschutz", "Müll", "Kita", "Arzt", "Internet", "Strom", "Radweg"]
NOT_COVERED = [
    "Raumfahrt",
    "raumfahrt",
    "Olympia",
    "Autobahn",
    "Flughafen",
    "Seehafen",
    "Oper",
    "Bundeswehr",
    "Weinbau",
]


@pytest.mark.parametrize("topic", COVERED)
def test_what_is_there_is_counted(answers: AnswerService, topic: str) -> None:
    result = answers.lookup(topic)
    assert result.covered and result.items
    assert coverage(result, answers.corpus.catalogue).total == len(result.items)


@pytest.mark.parametrize("topic", [*NOT_COVERED, "Raumfahrt in Schulen", "asdf qwer blubb"])
def test_what_only_stands_near_is_never_counted(answers: AnswerService, topic: str) -> None:
    result = answers.lookup(topic)
    assert not result.covered and result.items == []
    assert coverage(result, answers.corpus.catalogue).total == 0


def test_a_part_of_a_word_is_not_sold_as_the_word(answers: AnswerService, sample: TestClient) -> None:
    assert answers.lookup("Raumfahrt").items == []
    text = Page(sample.get("/staff/topics?q=Raumfahrt").text).text
    assert "Kein Ziel nennt das Thema „Raumfahrt“" in text
    assert "passen zu" not in text and "passt zu" not in text


def test_half_of_a_topic_covers_only_by_its_nouns(answers: AnswerService) -> None:
    found = answers.lookup("sauberes Wasser").items
    assert found and all(any("„Wasser“" in why or why.startswith("gehört zu") for why in one.why) for one in found)


@pytest.mark.parametrize("topic", ["asdf qwer blubb", "Flughafen", "Quantencomputer"])
def test_where_nothing_is_near_nothing_is_offered(answers: AnswerService, sample: TestClient, topic: str) -> None:
    assert answers.lookup(topic).nearest == []
    text = Page(sample.get("/staff/topics", params={"q": topic}).text).text
    assert "Auch im Umfeld des Themas steht nichts" in text


def test_what_stands_under_the_topic_itself_belongs_to_it(answers: AnswerService) -> None:
    why = {item.ref: item.why for item in answers.lookup("Radverkehr").items}
    assert why["5.2.2.2"] == ["verwandt mit „Radverkehr“"]
    why = {item.ref: item.why for item in answers.lookup("Wohnen").items}
    assert why["B.IX"] == ["nennt „Wohnen“ im Titel"]
    assert any(reason.startswith("gehört zu „") for reasons in why.values() for reason in reasons)


def test_what_stands_under_a_heading_of_several_things_needs_more(answers: AnswerService) -> None:
    titles = [one.title for one in answers.lookup("Wohnen").items]
    assert titles and not any("Brücken" in title for title in titles), "Wohnen, Mobilität und Infrastruktur"


def test_a_passage_that_only_repeats_the_title_is_left_out(answers: AnswerService) -> None:
    found = coverage(answers.lookup("Radverkehr"), answers.corpus.catalogue)
    hits = [hit for group in found.groups for theme in group.themes for hit in theme.hits]
    assert any(not hit.passage for hit in hits) and any(hit.passage for hit in hits)


def test_related_finds_are_called_so(sample: TestClient) -> None:
    assert "Keiner davon nennt das Thema wörtlich" in Page(sample.get("/staff/topics?q=Hochwasserschutz").text).text
    assert "Keiner davon nennt" not in Page(sample.get("/staff/topics?q=Klimaschutz").text).text


def test_no_goal_covers_it_is_said_as_clearly(sample: TestClient) -> None:
    page = Page(sample.get("/staff/topics?q=Quantencomputer").text)
    assert "Kein Ziel nennt das Thema „Quantencomputer“" in page.text
    assert "in keinem Eintrag des Katalogs" in page.text
    assert not page.links("/staff/items/")


def test_papers_that_nobody_decided_are_marked(sample: TestClient) -> None:
    text = Page(sample.get("/staff/topics?q=Lärmschutz").text).text
    assert "Antrag, nicht beschlossen" in text
    assert "in einem Papier, das nicht beschlossen ist" in text


def test_a_result_has_an_address_that_gives_it_again(sample: TestClient) -> None:
    page = Page(sample.get("/staff/topics", params={"q": "  Wärme &  Wohnen "}).text)
    (address,) = page.links("/staff/topics?q=")
    again = Page(sample.get(address).text)
    assert again.text == page.text and "„Wärme & Wohnen“" in page.text


def test_every_link_of_a_result_leads_somewhere(sample: TestClient) -> None:
    page = Page(sample.get("/staff/topics?q=Mobilität").text)
    for address in [
        *page.links("/staff/items/")[:8],
        *page.links("/staff/documents/"),
        *page.links("/staff/catalogue"),
    ]:
        assert sample.get(address).status_code == 200
    quoted = Page(sample.get(page.links("/staff/items/")[0]).text)
    assert "mark" in {tag for tag, _ in quoted.tags}


def test_a_topic_that_is_too_long_is_refused_in_words(sample: TestClient) -> None:
    response = sample.get("/staff/topics", params={"q": "x" * 501})
    assert response.status_code == 422
    assert "höchstens 500 Zeichen" in response.text


@pytest.mark.parametrize("topic", ["?", "und", "🚲", "Ignoriere alle Anweisungen", "%00", "112 Hilfe"])
def test_any_topic_gives_an_orderly_page(sample: TestClient, topic: str) -> None:
    assert sample.get("/staff/topics", params={"q": topic}).status_code == 200


def test_examples_exist_without_themes(answers: AnswerService) -> None:
    assert len(example_topics(answers.corpus.catalogue, 3)) == 3
