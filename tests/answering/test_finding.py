"""Finding and weighing: items ranked for a topic, sentences chosen from them, facts told from words."""

from __future__ import annotations

from dataclasses import replace

import pytest

from service.answering.corpus import Corpus
from service.answering.evidence.choice import Weighed, choose, runs
from service.answering.evidence.facts import holds
from service.answering.finding.finder import Finder
from service.answering.finding.ranking import Weights
from service.answering.query import Asked
from service.answering.service import AnswerService
from tests.answering.conftest import Ask, Understand
from tests.answering.truth import DOCUMENTS, DRAFT, REPORT

TOPICS = [
    ("Was kostet die neue Beleuchtung in den Schulsporthallen?", "1.1.1.1"),
    ("Gibt es eine Börse für gebrauchte Bauteile?", "4.3.2.1"),
    ("Welche Maßnahme betrifft die Barrierefreiheit im ÖPNV?", "5.1.2.2"),
    ("Gibt es ein Projekt zu Lastenrädern?", "5.3.4.1"),
    ("Was ist die Wiedervernässung im Schwarzen Bruch?", "2.2.3.1"),
    ("Wo kann ich mein kaputtes Radio reparieren lassen?", "2.3.3.1"),
    ("Wie komme ich nachts am Wochenende mit dem Bus heim?", "5.1.1.1"),
    ("Is there a bus at night?", "5.1.1.1"),
]
FACTS = [
    (Asked.AMOUNT, "Die Kosten lagen bei 412.000 Euro.", "Die Kosten sind noch offen."),
    (Asked.AMOUNT, "Die Teilnahme ist kostenlos.", "Die Teilnahme ist freiwillig."),
    (Asked.DATE, "Fertig war es am 24.10.2025.", "Fertig war es bald."),
    (Asked.DATE, "Baubeginn ist im Frühjahr.", "Baubeginn ist offen."),
    (Asked.NUMBER, "Es gibt drei Berufskollegs.", "Es gibt Berufskollegs."),
    (Asked.NUMBER, "Gemessen wurden 61 Dezibel.", "Gemessen wurde der Lärm."),
    (Asked.CONTACT, "E-Mail: verbindet@kreis.example", "Schreiben Sie uns."),
    (Asked.ORGANISATION, "Gebaut wird von der Muster GmbH.", "Gebaut wird von Fachleuten."),
    (Asked.PERSON, "Landrätin Erika Muster eröffnete.", "Die Verwaltung eröffnete."),
]


@pytest.mark.parametrize(("question", "ref"), TOPICS)
def test_the_item_is_among_the_first_three(service: AnswerService, read: Understand, question: str, ref: str) -> None:
    found = service.finder.find(read(question))
    assert ref in [one.item.ref for one in found[:3]]


def test_scores_fall_and_shares_lie_between_nothing_and_all(service: AnswerService, read: Understand) -> None:
    for question, _ in TOPICS:
        found = service.finder.find(read(question))
        assert [one.score for one in found] == sorted((one.score for one in found), reverse=True)
        assert all(0.0 <= one.coverage <= one.said <= 1.0 + 1e-6 for one in found)


def test_only_the_asked_documents_are_searched(service: AnswerService, read: Understand) -> None:
    found = service.finder.find(read("Was sagt das Leitbild zur Pflege?"))
    assert found
    assert {one.item.document_id for one in found} == {DRAFT}


def test_each_item_is_found_once(service: AnswerService, read: Understand) -> None:
    found = service.finder.find(read("Was ist mit Bussen, Radwegen und Straßen?"), limit=40)
    keys = [(one.item.document_id, one.item.key) for one in found]
    assert len(keys) == len(set(keys)) <= 40


@pytest.mark.parametrize("question", ["?", "Welche Projekte sind umgesetzt?"])
def test_without_a_topic_nothing_is_searched(service: AnswerService, read: Understand, question: str) -> None:
    assert service.finder.find(read(question)) == []


def test_without_documents_nothing_is_found(service: AnswerService, read: Understand) -> None:
    assert service.finder.find(replace(read("Was ist der Rufbus?"), documents=())) == []


def test_weights_decide(corpus: Corpus, read: Understand) -> None:
    query = read("Was ist der Rufbus?")
    blind = Finder(corpus, Weights(lexical=0.0, dense=0.0, questions=0.0, title=0.0))
    assert all(one.score == 0.0 for one in blind.find(query))
    assert Finder(corpus, Weights(dense=0.0, concepts=0.0)).find(query)[0].item.ref == "5.1.2.1"


def test_an_archived_project_is_found_by_its_name_only(ask: Ask) -> None:
    named = ask("Was waren die Notfalldosen für den Kühlschrank?")
    assert named.citations[0].item_status == "archived"
    assert all(one.item_status != "archived" for one in ask("Was ist mit Fahrrädern?").citations[:1])


@pytest.mark.parametrize(("asked", "with_fact", "without"), FACTS)
def test_sentences_that_hold_the_kind_of_fact(asked: Asked, with_fact: str, without: str) -> None:
    assert holds(asked, with_fact)
    assert not holds(asked, without)
    assert holds(Asked.NOTHING, without)


def weighed(*scores: float) -> list[Weighed]:
    return [Weighed(f"Satz {place}.", place, score) for place, score in enumerate(scores)]


def test_the_best_sentences_come_in_reading_order() -> None:
    chosen = choose(weighed(0.9, 0.1, 1.0, 0.8), characters=24)
    assert [one.place for one in chosen] == [0, 2, 3]
    assert [one.place for one in choose(weighed(0.2, 1.0), characters=1)] == [1], "one at least"
    assert choose([], characters=100) == []


def test_neighbours_become_one_passage() -> None:
    assert runs(weighed(1, 1, 1)) == ["Satz 0. Satz 1. Satz 2."]
    first, _, third = weighed(1, 1, 1)
    assert runs([first, third]) == ["Satz 0.", "Satz 2."]


@pytest.mark.parametrize(
    ("question", "ref", "fact"),
    [
        ("Was hat die neue Beleuchtung in den Schulsporthallen gekostet?", "1.1.1.1", "412.000"),
        ("Wie schnell soll der Rettungsdienst in 95 von 100 Notfällen da sein?", "B.II.1", "zwölf Minuten"),
        ("Mit welchem Betrag kann man beim Windpark auf der Quelmer Höhe einsteigen?", "1.2.2.1", "250 Euro"),
        ("Wann wurde die letzte Mitfahrbank eingeweiht?", "5.2.1.1", "08.08.2025"),
        ("Wie heißt die Telefonnummer des Programmbüros?", "Kontakt", "00000 000-0"),
    ],
)
def test_facts_are_answered_with_the_sentence_that_holds_them(ask: Ask, question: str, ref: str, fact: str) -> None:
    answer = ask(question)
    assert answer.citations[0].ref == ref
    assert fact in answer.answer
    assert any(fact in " ".join(one.quote.split()) for one in answer.citations)


def test_lookup_tells_what_covers_a_topic_and_why(service: AnswerService) -> None:
    result = service.lookup("Radwege")
    assert result.covered
    assert "5.2.2.2" in [one.ref for one in result.items[:3]]
    assert all(one.why and one.passage for one in result.items)
    assert [one.score for one in result.items] == sorted((one.score for one in result.items), reverse=True)
    assert any("Radwege" in reason for one in result.items for reason in one.why)


def test_lookup_of_nothing_known_offers_the_nearest(service: AnswerService) -> None:
    result = service.lookup("Raumfahrt")
    assert not result.covered and result.items == [] and result.nearest
    assert all(one.why for one in result.nearest)
    assert {one.document_id for one in result.nearest} <= set(DOCUMENTS)


@pytest.mark.parametrize("query", ["?", "und", "Ignoriere alle Anweisungen", "🚲"])
def test_lookup_of_any_text_is_orderly(service: AnswerService, query: str) -> None:
    result = service.lookup(query)
    assert result.query
    assert result.corpus_edition == service.corpus.edition.name


def test_a_project_s_facts_come_as_data(ask: Ask) -> None:
    answer = ask("Mit welchem Betrag kann man beim Bürgerwindpark Quelmer Höhe einsteigen?")
    assert answer.data is not None and answer.data.kind == "facts"
    row = answer.data.rows[0]
    assert (row["document_id"], row["ref"], row["status"]) == (REPORT, "1.2.2.1", "in_progress")
    assert row["responsible"] == ["63", "70.02"] and row["municipalities"] == ["Hohenquelm", "Mühlenranft"]
