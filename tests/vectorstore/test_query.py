from __future__ import annotations

import pytest

from tests.vectorstore.samples import parsed_document
from tests.vectorstore.test_vocabulary import SOURCE
from vectorstore.analysis import Analyzer
from vectorstore.catalogue import Catalogue
from vectorstore.lexical import LexicalIndex, LexicalSettings, chunk_terms
from vectorstore.query import QuerySettings, WeightedQuestion, weigh
from vectorstore.spelling import Speller
from vectorstore.vocabulary import Vocabulary

VOCABULARY = Vocabulary.of([SOURCE])
CATALOGUE = Catalogue.of([parsed_document()])
ANALYZER = Analyzer.for_texts([chunk.text for chunk in CATALOGUE.chunks], VOCABULARY.words)
LEXICAL = LexicalIndex.build(chunk_terms(CATALOGUE, ANALYZER, LexicalSettings()))


def ask(question: str, settings: QuerySettings | None = None) -> WeightedQuestion:
    return weigh(question, ANALYZER, LEXICAL, VOCABULARY, settings)


def best(question: str, settings: QuerySettings | None = None) -> str | None:
    scores = LEXICAL.scores(ask(question, settings).terms)
    return CATALOGUE.chunks[int(scores.argmax())].key if scores.max() > 0 else None


def test_a_question_in_everyday_words_finds_the_administrative_passage() -> None:
    assert best("Wo sind die ganzen Bienen hin?", QuerySettings(concept=0.0)) is None
    assert best("Wo sind die ganzen Bienen hin?") == "2.1"
    assert best("My internet at home is slow") == "3.1"


def test_added_terms_weigh_at_most_half_a_word_and_never_replace_one() -> None:
    asked = ask("Bienen")
    assert asked.added and max(asked.added.values()) <= 0.5
    assert not set(asked.added) & set(asked.own)
    assert [concept.id for concept, _ in asked.concepts] == ["insects"]


def test_only_terms_that_the_edition_holds_are_added() -> None:
    assert all(term in LEXICAL for term in ask("Bienen und langsames Internet").added)


@pytest.mark.parametrize(
    "question", ["Bürgerbus Auental", "Blühstreifen an Kreisstraßen", "Bienen 5.5.2.1", "B.XIV Bienen"]
)
def test_exact_words_and_references_need_no_concepts(question: str) -> None:
    assert ask(question).added == {}


def test_a_compounds_parts_weigh_less_than_its_whole_and_more_where_that_is_unknown() -> None:
    settings = QuerySettings()
    known = ask("Glasfaseranschluss").own
    assert known[ANALYZER.terms("Glasfaseranschluss")[0]] == 1.0
    unknown = ask("Rufbusverkehr").own
    assert {weight for term, weight in unknown.items() if term != ANALYZER.terms("Rufbusverkehr")[0]} == {
        settings.lone_part
    }


@pytest.mark.parametrize("typed", ["Blühstreifne", "blüstreifen", "Blühstreiffen", "Blühstreiven"])
def test_a_typing_error_finds_what_was_meant(typed: str) -> None:
    assert best(typed) == "2.1"


def test_words_that_are_known_somewhere_are_not_corrected() -> None:
    assert list(ask("Schmetterlinge").own) == ANALYZER.terms("Schmetterlinge")


def test_without_words_there_are_no_terms() -> None:
    assert ask("Was ist das?").terms == {}


@pytest.mark.parametrize(
    ("typed", "nearest"),
    [
        ("radwge", "radweg"),
        ("radweg", "radweg"),
        ("5.5.2", None),
        ("rad", None),
        ("zzzzzz", None),
        ("xadweg", None),
        ("", None),
    ],
)
def test_the_nearest_term(typed: str, nearest: str | None) -> None:
    assert Speller(["radweg", "radwegenetz", "5.5.2.1", "rat"]).nearest(typed) == nearest
