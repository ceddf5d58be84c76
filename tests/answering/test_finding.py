"""Finding: items ranked for a topic, look-ups, one way to a topic whoever asks, passages chosen from what was found."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from service.answering.evidence.choice import Weighed, choose, runs
from service.answering.finding.ranking import Weights
from service.answering.finding.retriever import StrategyRetriever

from service.answering.corpus import Corpus
from service.answering.finding.finder import Finder
from service.answering.finding.topics import MatchKind, TopicResolver
from service.answering.service import AnswerService
from service.models import DataKind
from tests.answering.conftest import Ask, Understand
from tests.answering.truth import DRAFT

TOPICS = [
    ("Was kostet die neue Beleuchtung in den Schulsporthallen?", "1.1.1.1"),
    ("Gibt es eine Börse für gebrauchte Bauteile?", "4.3.2.1"),
    ("Welche Maßnahme betrifft die Barrierefreiheit im ÖPNV?", "5.1.2.2"),
    ("Was ist die Wiedervernässung im Schwarzen Bruch?", "2.2.3.1"),
    ("Wo kann ich mein kaputtes Radio reparieren lassen?", "2.3.3.1"),
    ("Wie komme ich nachts am Wochenende mit dem Bus heim?", "5.1.1.1"),
    ("Is there a bus at night?", "5.1.1.1"),
]
UNDER = {
    "ÖPNV": {"5.1.1.1", "5.1.2.1", "5.1.2.2", "5.1.3.1"},
    "Bus": {"5.1", "5.1.1.1", "5.1.2.1", "B.IX.4"},
    "Rad": {"5.2.2.1", "5.2.2.2", "5.3.4.1", "B.IX.5"},
    "Klima": {"1.1", "1.2", "1.3", "1.1.1.1", "B.VII", "B.VII.1"},
    "Digitalisierung": {"6.1.1.1", "6.1.2.1", "6.1.3.1", "B.X"},
    "Wohnen": {"3.3", "B.IX.3"},
    "Natur": {"2.1", "2.2", "B.VIII"},
    "Jugend": {"4.2", "4.2.2.1", "4.2.3.1", "B.III.4"},
    "Alter": {"3.1", "3.3.2.1", "6.2.2.2"},
    "Abfall": {"2.3", "2.3.3.1", "B.VIII.5"},
}
BROAD = [
    "Was tut der Kreis für Mobilität?",
    "Was wird für Familien getan?",
    "Was macht der Kreis bei der Digitalisierung?",
]
LISTED = "Welche Projekte gibt es zu {}?"
thirty = settings(max_examples=30, deadline=None)


@pytest.mark.parametrize(("question", "ref"), TOPICS)
def test_the_item_is_among_the_first_three(service: AnswerService, read: Understand, question: str, ref: str) -> None:
    found = service.finder.find(read(question))
    assert ref in [one.item.ref for one in found[:3]]
    assert [one.score for one in found] == sorted((one.score for one in found), reverse=True)
    assert all(0.0 <= one.coverage <= one.said <= 1.0 + 1e-6 for one in found)


def test_only_the_asked_documents_are_searched_and_each_item_is_found_once(
    service: AnswerService, read: Understand
) -> None:
    found = service.finder.find(read("Was sagt das Leitbild zur Pflege?"))
    assert {one.item.document_id for one in found} == {DRAFT}
    assert service.finder.find(replace(read("Was ist der Rufbus?"), documents=())) == []
    found = service.finder.find(read("Was ist mit Bussen, Radwegen und Straßen?"), limit=40)
    keys = [(one.item.document_id, one.item.key) for one in found]
    assert len(keys) == len(set(keys)) <= 40
    for question in ("?", "Welche Projekte sind umgesetzt?"):
        assert service.finder.find(read(question)) == [], "without a topic nothing is searched"


def test_weights_decide(corpus: Corpus, read: Understand) -> None:
    query = read("Was ist der Rufbus?")
    blind = Finder(corpus, Weights(lexical=0.0, dense=0.0, questions=0.0, title=0.0))
    assert all(one.score == 0.0 for one in blind.find(query))
    assert Finder(corpus, Weights(dense=0.0, concepts=0.0)).find(query)[0].item.ref == "5.1.2.1"


def test_an_archived_project_is_found_by_its_name_only(ask: Ask) -> None:
    assert ask("Was waren die Notfalldosen für den Kühlschrank?").citations[0].item_status == "archived"
    assert all(one.item_status != "archived" for one in ask("Was ist mit Fahrrädern?").citations[:1])


def test_the_finder_behind_langchain_gives_the_same_items(service: AnswerService) -> None:
    found = StrategyRetriever(corpus=service.corpus, limit=3).invoke("Rufbus Lauvi")
    assert found[0].metadata["ref"] == "5.1.2.1" and found[0].metadata["page"] is not None and len(found) <= 3
    assert "Rufbus" in found[0].page_content
    scores = [
        one.metadata["score"] for one in StrategyRetriever(corpus=service.corpus).invoke("Radverkehr und Radwege")
    ]
    assert scores == sorted(scores, reverse=True) and scores
    assert StrategyRetriever(corpus=service.corpus).invoke("Und?") == []


def weighed(*scores: float) -> list[Weighed]:
    return [Weighed(f"Satz {place}.", place, score) for place, score in enumerate(scores)]


def test_the_best_sentences_come_in_reading_order_and_neighbours_become_one_passage() -> None:
    assert [one.place for one in choose(weighed(0.9, 0.1, 1.0, 0.8), characters=24)] == [0, 2, 3]
    assert [one.place for one in choose(weighed(0.2, 1.0), characters=1)] == [1], "one at least"
    assert choose([], characters=100) == []
    first, second, third = weighed(1, 1, 1)
    assert runs([first, second, third]) == ["Satz 0. Satz 1. Satz 2."] and runs([first, third]) == [
        "Satz 0.",
        "Satz 2.",
    ]


@pytest.mark.parametrize("question", BROAD)
def test_a_broad_question_gets_an_overview_whose_groups_add_up(ask: Ask, question: str) -> None:
    answer = ask(question)
    data = answer.data
    assert data is not None and data.kind is DataKind.OVERVIEW and data.groups is not None
    assert data.total == len(data.rows) >= 3 and all(row["status"] != "archived" for row in data.rows)
    told = {(one.document_id, one.ref) for one in answer.citations}
    assert 2 <= len(told) <= 6 and told <= {(row["document_id"], row["ref"]) for row in data.rows}
    assert sum(one.count for one in data.groups.document) == len(data.rows)
    assert sum(one.count for one in data.groups.status) == sum(row["status"] is not None for row in data.rows)


def test_what_is_called_so_comes_before_what_only_says_it(service: AnswerService, read: Understand) -> None:
    query = read("Was tut der Kreis für Mobilität?")
    kinds = [one.kind for one in service.topics.resolve(query.topic, query.documents)]
    assert kinds[0] is MatchKind.CALLED
    assert MatchKind.SAYS not in kinds or kinds.index(MatchKind.CALLED) < kinds.index(MatchKind.SAYS)
    chance = read("Was gibt es zum Thema Sofa?")
    assert service.topics.resolve(chance.topic, chance.documents) == []


@thirty
@given(st.data())
def test_a_theme_is_what_its_own_title_means(corpus: Corpus, read: Understand, data: st.DataObject) -> None:
    theme = data.draw(st.sampled_from([item for item, _ in corpus.themes()]))
    query = read(f"Was tut der Kreis für {theme.title}?")
    matches = TopicResolver(corpus).resolve(query.topic, [theme.document_id], query.any_of)
    assert any(one.item.key == theme.key for one in matches[:3])
    assert all(0 < one.weight <= 1 for one in matches)
    assert [one.weight for one in matches] == sorted((one.weight for one in matches), reverse=True)
