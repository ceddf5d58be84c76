from __future__ import annotations

from pathlib import Path

import pytest

from vectorstore.vocabulary import ActivationSettings, Vocabulary, shipped_sources, shipped_vocabulary

SOURCE = """
field = "test"
[[concept]]
id = "on-demand"
label = "Busverkehr auf Bestellung"
terms = ["Rufbus", "On-Demand-Verkehr", "Anrufsammeltaxi"]
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
"""


@pytest.fixture(scope="module")
def vocabulary() -> Vocabulary:
    return Vocabulary.of([SOURCE])


@pytest.mark.parametrize(
    ("question", "concept"),
    [
        ("Was tut der Kreis für die Bienen?", "insects"),
        ("Bei uns ruckelt das Internet ständig", "broadband"),
        ("Abends komme ich ohne Bus nicht mehr nach Hause", "on-demand"),
        ("Wann kommt die Glasfaser?", "broadband"),
        ("Is there a faster internet connection?", "broadband"),
        ("saving the bees", "insects"),
        ("Rufbusse", "on-demand"),
        ("schmetterling", "insects"),
    ],
)
def test_everyday_words_and_english_find_their_concept(vocabulary: Vocabulary, question: str, concept: str) -> None:
    (best, weight), *_ = vocabulary.activate(question)
    assert best.id == concept
    assert 0.0 < weight <= 1.0


@pytest.mark.parametrize("question", ["", "?", "Wer ist das?", "Quantenchromodynamik", "5.5.2.1"])
def test_what_touches_no_concept_activates_none(vocabulary: Vocabulary, question: str) -> None:
    assert vocabulary.activate(question) == []


def test_few_concepts_best_first(vocabulary: Vocabulary) -> None:
    question = "Bus, Internet und Bienen"
    weights = [weight for _, weight in vocabulary.activate(question, ActivationSettings(relative=0.0))]
    assert len(weights) == 3 and weights == sorted(weights, reverse=True)
    assert len(vocabulary.activate(question, ActivationSettings(limit=2, relative=0.0))) == 2
    assert len(vocabulary.activate(question, ActivationSettings(relative=1.0))) == 1


def test_filler_counts_less_than_what_is_meant(vocabulary: Vocabulary) -> None:
    (_, certain), *_ = vocabulary.activate("abends")
    (_, filler), *_ = vocabulary.activate("mehr")
    assert filler < certain / 2


def test_an_id_used_twice_is_refused() -> None:
    with pytest.raises(ValueError, match="insects"):
        Vocabulary.of([SOURCE, SOURCE])


def test_known_words_are_no_typing_errors(vocabulary: Vocabulary) -> None:
    assert vocabulary.knows("glasfas") and vocabulary.knows("leut")
    assert not vocabulary.knows("glasfahser")


def test_the_index_is_kept_and_gives_the_same(tmp_path: Path) -> None:
    first = Vocabulary.of([SOURCE], tmp_path / "cache")
    first.warm()
    (kept,) = (tmp_path / "cache").iterdir()
    again = Vocabulary.of([SOURCE], tmp_path / "cache")
    for question in ("Bienen und Bus", "fast internet", "Rufbus"):
        assert again.activate(question) == first.activate(question)
    (kept / "terms.json").write_text("broken")
    assert Vocabulary.of([SOURCE], tmp_path / "cache").activate("Bienen") == first.activate("Bienen")


def test_a_cache_that_cannot_be_written_is_done_without(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    assert Vocabulary.of([SOURCE], tmp_path / "file" / "cache").activate("Bienen")


def test_the_shipped_vocabulary_is_in_form() -> None:
    vocabulary = shipped_vocabulary()
    assert bool(vocabulary.concepts) == bool(shipped_sources())
    for concept in vocabulary.concepts:
        assert concept.terms and concept.field
        assert all(entry == entry.strip() != "" for entry in (*concept.terms, *concept.everyday, *concept.english))
