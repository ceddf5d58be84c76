"""The topic vocabulary: read from its files, and found by everyday words."""

from __future__ import annotations

import pytest

from tests.ingest.cases import cases
from vectorstore import Vocabulary, shipped_vocabulary
from vectorstore.vocabulary import Concept, read_concepts

SOURCE = """
# Mobility
field = "mobility"

[[concept]]
id = "on-demand"
label = "Busverkehr auf Bestellung"
terms = ["Rufbus", "On-Demand-Verkehr",
  "Anrufsammeltaxi",
]
everyday = ["Bus kommt nur auf Anruf", "abends fährt kein Bus mehr"]
english = ["on-demand bus", "dial-a-ride"]

[[concept]]
id = "broadband"
label = "Breitbandausbau"
terms = ["Glasfaser", "schnelle Datennetze"]
everyday = ["Internet ist zu langsam", "Netz ruckelt"]
english = ["fast internet", "fibre to the home"]

[[concept]]
id = "insects"
label = "Insektenschutz"
terms = ["Blühstreifen", "Artenvielfalt"]
everyday = ["es gibt kaum noch Bienen", "Schmetterlinge"]
english = ["bees", "pollinators"]

[[concept]]
id = "bare"
label = "Nur ein Name"
"""


def test_concepts_are_read() -> None:
    first, *_, last = read_concepts(SOURCE)
    assert first == Concept(
        "on-demand",
        "Busverkehr auf Bestellung",
        "mobility",
        ("Rufbus", "On-Demand-Verkehr", "Anrufsammeltaxi"),
        ("Bus kommt nur auf Anruf", "abends fährt kein Bus mehr"),
        ("on-demand bus", "dial-a-ride"),
    )
    assert first.administrative == (
        "Busverkehr auf Bestellung",
        "Rufbus",
        "On-Demand-Verkehr",
        "Anrufsammeltaxi",
    )
    assert (last.terms, last.everyday, last.english) == ((), (), ())


@cases("broken")
def test_what_is_no_concept_is_refused(broken: str) -> None:
    with pytest.raises(ValueError):
        read_concepts(broken)


def test_an_id_is_used_once() -> None:
    ids = [concept.id for concept in shipped_vocabulary().concepts]
    assert len(set(ids)) == len(ids)


@pytest.fixture(scope="module")
def vocabulary() -> Vocabulary:
    return Vocabulary([SOURCE])


@cases("question", "concept")
def test_everyday_words_and_english_find_their_concept(
    vocabulary: Vocabulary, question: str, concept: str
) -> None:
    (best, weight), *_ = vocabulary.activate(question)
    assert best.id == concept
    assert 0.0 < weight <= 1.0


@cases("question")
def test_what_touches_no_concept_activates_none(vocabulary: Vocabulary, question: str) -> None:
    assert vocabulary.activate(question) == []


def test_filler_counts_less_than_what_is_meant(vocabulary: Vocabulary) -> None:
    (_, certain), *_ = vocabulary.activate("abends")
    (_, filler), *_ = vocabulary.activate("mehr")
    assert filler < certain / 2


def test_the_shipped_vocabulary_is_in_form() -> None:
    vocabulary = shipped_vocabulary()
    assert vocabulary.concepts
    for concept in vocabulary.concepts:
        assert concept.id and concept.label and concept.terms and concept.field
        assert all(
            entry == entry.strip() != ""
            for entry in (*concept.terms, *concept.everyday, *concept.english)
        )
