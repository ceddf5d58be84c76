"""From text to index terms: spellings that meet, compounds in parts, exact numbers, and words that
stay whole.
"""

from __future__ import annotations

from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from hypothesis import given

from tests.ingest.cases import cases
from tests.vectorstore.strategies import PROSE
from vectorstore.language import Analyzer, fold, word_list

EDITION = """
Rad und Weg, Räder und Wege. Die Schule, die Schulen. Das Haus, die Häuser. Das Konzept, ein Konzept. Der Verkehr.
Verkehr. Klima und Schutz, Klima, Schutz. Netz und Netz. Schiene, Schiene. Ausbau, Ausbau. Bus, Bus. Die Häuser. FIMS.
Das OZG, die KI, der ÖPNV und das LWL-Netz. Die Schulen der KITA. Kita. Die GmbH. CO2. Weg. Rad.
"""


@pytest.fixture(scope="module")
def analyzer() -> Analyzer:
    return Analyzer.for_texts([EDITION])


@cases("spellings")
def test_spellings_of_a_word_are_one_term(analyzer: Analyzer, spellings: str) -> None:
    first, *remaining = map(analyzer.terms, spellings.split())
    assert first and all(other == first for other in remaining)


@cases("exact")
def test_numbers_references_and_abbreviations_are_exact(analyzer: Analyzer, exact: str) -> None:
    assert analyzer.terms(exact if exact[0].isdigit() else exact.upper()) == [exact]


@cases("compound", "parts")
def test_a_compound_is_indexed_whole_and_in_parts(
    analyzer: Analyzer, compound: str, parts: tuple[str, ...]
) -> None:
    (word,) = analyzer.words(compound)
    assert word.parts == parts
    assert analyzer.terms(compound) == [word.whole, *parts]


@cases("word")
def test_what_only_looks_like_a_compound_stays_whole(analyzer: Analyzer, word: str) -> None:
    assert len(analyzer.terms(word)) == 1


def test_words_share_the_end_behind_a_hyphen(analyzer: Analyzer) -> None:
    assert analyzer.terms("Radwege- und Schienennetz") == [
        "radweg",
        "rad",
        "weg",
        "schienennetz",
        "schien",
        "netz",
    ]


def test_joints_are_seen_through(analyzer: Analyzer) -> None:
    assert {analyzer.terms(word)[0] for word in ("On-Demand", "on-demand", "ondemand")} == {
        "ondemand"
    }
    assert set(analyzer.terms("E-Mobilität")) == {"emobilitat", "mobilitat"}
    assert set(analyzer.terms("LWL-Ausbau")) == {"lwlausbau", "lwl", "ausbau"}
    assert set(analyzer.terms("5G-Ausbau")) == {"5gausbau", "5g", "ausbau"}
    assert set(analyzer.terms("DigitalPakt")) >= {"digital", "pakt"}


def test_stop_words_go_and_nouns_that_look_like_english_stay(analyzer: Analyzer) -> None:
    assert analyzer.terms("Wie ist das und was gibt es?") == []
    assert analyzer.terms("what is the") == []
    assert analyzer.terms("Rat Not Gift Art") == ["rat", "not", "gift", "art"]
    assert analyzer.terms("IT") == ["it"]


def test_a_torn_word_is_no_part_of_others() -> None:
    torn = Analyzer.for_texts(["Digita lisierung der Schulen. Digitalisierung."])
    assert torn.terms("Digitalisierung") == ["digitalisier"]


@cases("heading")
def test_a_noun_that_a_heading_has_in_capitals_stays_a_part(heading: str) -> None:
    plain = "Ein Rad, das Rad. Ein Netz, das Netz. "
    assert Analyzer.for_texts([plain + heading]).terms("Radnetz") == ["radnetz", "rad", "netz"]


def test_a_word_that_only_occurs_in_capitals_is_no_part() -> None:
    capitals = Analyzer.for_texts(["Das OZG und das OZG. Netz, Netz."])
    assert capitals.terms("Ozgnetz") == ["ozgnetz"]


def test_the_vocabularys_words_are_parts_too() -> None:
    assert Analyzer().terms("Hundesteuer") == ["hundesteu"]
    assert Analyzer.for_texts((), ["Hund", "Steuer"]).terms("Hundesteuer") == [
        "hundesteu",
        "hund",
        "steu",
    ]


@pytest.mark.parametrize(
    "text", ["", " ", "?!", "-", "§", "\x00", "ſ", "ǅ", "İ", "a" * 10_000, "-".join("ab" * 500)]
)
def test_odd_texts_do_no_harm(analyzer: Analyzer, text: str) -> None:
    assert all(term and len(term) <= 120 for term in analyzer.terms(text))


@given(PROSE)
def test_an_analyzer_that_was_saved_gives_the_same_terms(text: str) -> None:
    original = Analyzer(["haus"], ["oepnv"], ["rad", "weg"])
    with TemporaryDirectory() as folder:
        original.save(Path(folder) / "a.json")
        assert Analyzer.load(Path(folder) / "a.json").terms(text) == original.terms(text)


def test_what_was_analysed_is_remembered_by_the_next_with_the_same_words(
    analyzer: Analyzer, tmp_path: Path
) -> None:
    for name in ("old", "new"):
        analyzer.save(tmp_path / name)
    Analyzer.for_texts(["Anderswo gilt ein anderes Wort"]).save(tmp_path / "other")
    assert (
        Analyzer.load(tmp_path / "old")
        is Analyzer.load(tmp_path / "new")
        is not Analyzer.load(tmp_path / "other")
    )


@cases("name")
def test_word_lists_are_written_in_the_folding_that_they_are_compared_in(name: str) -> None:
    unfolded = {word for word in word_list(name) if word != word.casefold()}
    assert not unfolded
    if name != "abbreviations":
        assert all(word == fold(word) for word in word_list(name))
