"""Which goal covers a topic: groups, reasons, status and unit; a plain no where none does; the best of very many."""

from __future__ import annotations

import re

import pytest
from starlette.testclient import TestClient

from service.answering.service import AnswerService
from service.answering.tools.search import looked_up, says_it
from service.app import create_app
from service.pages.labels import STATUSES
from service.settings import Settings
from service.staff import topics
from service.staff.topics import coverage
from tests.service.county import parsed
from tests.staff.conftest import HERE, LOOPBACK
from tests.staff.reading import Page
from vectorstore.editions import EditionStore
from vectorstore.records import Document, DocumentKind, DocumentStatus, ItemKind


@pytest.fixture(scope="module")
def answers(sample_store: EditionStore) -> AnswerService:
    return AnswerService(sample_store.open(), Settings(data_dir=sample_store.root))


def shown(client: TestClient, topic: str) -> Page:
    response = client.get("/staff/topics", params={"q": topic})
    assert response.status_code == 200
    return Page(response.text)


def test_the_start_asks_and_offers_topics(sample: TestClient) -> None:
    page = Page(sample.get("/staff").text)
    assert "Welches Ziel deckt das ab?" in page.text and "Kein Ziel" not in page.text
    assert len(page.links("/staff/topics?q=")) == 6


def test_what_covers_a_topic_is_grouped_and_counted_by_status(answers: AnswerService, sample: TestClient) -> None:
    result, catalogue = looked_up(answers.tools(), "Radwege"), answers.corpus.catalogue
    found = coverage(result, catalogue)
    assert found.total == len(result.items) > 2 and found.more == 0
    assert len({group.document.id for group in found.groups}) == len(found.groups) > 1
    hits = [hit for group in found.groups for some in group.themes.values() for hit in some]
    assert {(one.document_id, one.key) for one in hits} == {(i.document_id, i.key) for i in result.items}
    assert hits[0] == result.items[0]
    assert 0 < sample.get("/staff/topics?q=Radwege").text.count("<blockquote>") < len(hits), "no title is said twice"
    assert sum(found.statuses.values()) == sum(one.status is not None for one in result.items) > 0
    said = " ".join(f"{STATUSES[one]} {number}" for one, number in found.statuses.items())
    page = shown(sample, "Radwege").text
    assert said in page
    silent = {one.title for one in catalogue.documents.values()} - {one.document.title for one in found.groups}
    (told,) = re.findall(r"Dazu nichts gefunden in \d Dokumenten (.*?)\. ", page)
    assert silent and set(told.split("; ")) == silent


def test_a_comparison_of_before_leads_to_its_topic(sample: TestClient) -> None:
    for ending, now in (("", "/staff/topics?q=Radwege"), (".docx", "/staff/catalogue.docx?topic=Radwege")):
        led = sample.get(f"/staff/comparison{ending}?topic=Radwege&document=x", follow_redirects=False)
        assert (led.status_code, led.headers["location"]) == (301, now)


def test_why_something_covers_a_topic(answers: AnswerService) -> None:
    """By a word in its title or text or in a heading above, and by what it means."""
    akin = {one.ref: one.why for one in looked_up(answers.tools(), "Radverkehr").items}["5.2.2.2"]
    assert akin and not any(map(says_it, akin)), "it stands on cycle paths and does not say the word"
    items = looked_up(answers.tools(), "Wohnen").items
    why = {one.ref: one.why for one in items}
    assert why["B.IX"] == ["nennt „Wohnen“ im Titel"]
    assert any(reason.startswith("gehört zu „") for reasons in why.values() for reason in reasons)


@pytest.mark.parametrize(
    ("topic", "said", "not_said"),
    [
        ("Radschnellweg", ["nennt", "Zuständig", "Kommunen", "Stand 01.03.2026", "veröffentlicht", "Seite"], []),
        ("Hochwasserschutz", ["Keiner davon nennt das Thema wörtlich"], []),
        ("Raumfahrt", ["Kein Ziel nennt das Thema „Raumfahrt“"], ["passen zu", "passt zu"]),
        ("Quantencomputer", ["Kein Ziel nennt das Thema „Quantencomputer“", "Auch im Umfeld des Themas"], []),
        ("asdf qwer blubb", ["Auch im Umfeld des Themas steht nichts"], []),
        ("Schallschutzfenster", ["Antrag, nicht beschlossen", "in einem Papier, das nicht beschlossen ist"], []),
    ],
)  # fmt: skip
def test_what_the_page_says_of_a_topic(sample: TestClient, topic: str, said: list[str], not_said: list[str]) -> None:
    page = shown(sample, topic)
    assert [one for one in said if one not in page.text] == [] == [one for one in not_said if one in page.text]
    assert bool(page.links("/staff/items/")) is not any("Auch im Umfeld" in one for one in said)


def test_a_result_has_an_address_and_links_that_lead_somewhere(sample: TestClient) -> None:
    assert "„Wärme & Wohnen“" in shown(sample, "  Wärme &  Wohnen ").text
    page = shown(sample, "Mobilität")
    items, papers = page.links("/staff/items/")[:8], page.links("/staff/documents/")
    for link in (*items, *papers, *page.links("/staff/catalogue")):
        assert sample.get(link).status_code == 200
    assert "mark" in {tag for tag, _ in Page(sample.get(items[0]).text).tags}


def test_any_topic_gives_an_orderly_page(sample: TestClient) -> None:
    for topic in ("?", "und", "🚲", "%00"):
        assert shown(sample, topic)
    response = sample.get("/staff/topics", params={"q": "x" * 501})
    assert response.status_code == 422 and "höchstens 500 Zeichen" in response.text


HITS = 620


@pytest.fixture(scope="module")
def catalogue_of_ways(tmp_path_factory: pytest.TempPathFactory) -> EditionStore:
    document = Document(
        id="katalog", title="Wegekatalog Auenland", publisher="Kreis Auenland", kind=DocumentKind.PROGRAMME,
        status=DocumentStatus.ADOPTED, digest="", file_name="katalog.html", text="",
    )  # fmt: skip
    specs = [
        {"kind": ItemKind.PROJECT, "ref": f"{one}", "title": f"Weg {one}", "body": "Hier entsteht ein Radweg. " * 20}
        for one in range(1, HITS + 1)
    ]
    store = EditionStore(tmp_path_factory.mktemp("many"))
    store.publish([parsed(document, specs)])
    return store


def test_staff_see_the_best_and_where_the_rest_is(catalogue_of_ways: EditionStore) -> None:
    app = create_app(Settings(data_dir=catalogue_of_ways.root, staff_access="public", request_seconds=60))
    page = TestClient(app, base_url=HERE, client=(LOOPBACK, 1)).get("/staff/topics?q=Radweg")
    assert page.status_code == 200
    assert page.text.count('<li class="hit">') == topics.MOST_SHOWN
    assert f"{HITS} Einträge passen" in page.text
    assert "Gezeigt sind die 500 besten Einträge; 120 weitere stehen" in page.text
