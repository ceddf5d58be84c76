"""Properties of understanding: numbers, units, names and languages in any text, and the trained reader."""

from __future__ import annotations

import re
from datetime import date
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from service.answering.corpus import Corpus
from service.answering.understanding.classifier import NAME, chosen, classifier, packed, unpacked
from service.answering.understanding.document_names import ENDINGS, says_name
from service.answering.understanding.features import BLOCKS, counts, weighted, with_placeholders
from service.answering.understanding.language import detect
from service.answering.understanding.reader import Reader
from service.answering.understanding.references import references
from service.answering.understanding.said_names import SaidNames
from service.answering.understanding.slots import PrintedNames, Slots
from service.answering.understanding.spelling import spelled
from service.answering.understanding.units import Units, units_in
from service.record_filters import unit_matches

UNITS = ("65", "80.01", "66.01", "66.02", "70.03", "WAL", "VLT", "Dez. 3", "Jobcenter", "50", "50.03", "36", "10.03")
PRINTED = st.lists(st.sampled_from(("66.01 Straßenbau", "66", "70.03", "WAL", "Dez. 3", "Jobcenter", "6", "Amt 40")))
TOWNS = ("soest", "heide", "coesfeld", "lauterfeld", "ense", "enser", "werl", "birkmoosen", "birkmoosan", "elsterhude")
towns = st.sampled_from(TOWNS) | st.text("abde", min_size=4, max_size=9)
NAMES = st.lists(st.sampled_from(("Au", "Auental", "Bad Au", "Bad Auental-West", "66.01 Bau", "66", "(WAL)", "au")))
SAID = st.lists(st.sampled_from(("Au", "AUENTAL", "Bad", "Bad Auental-West", "66.01", "Bau", "(WAL)", "s", "-", "er")))


@given(st.dates(min_value=date(1900, 1, 1)).map(lambda day: day.strftime("%d.%m.%Y")))
def test_no_printed_date_is_a_reference(day: str) -> None:
    assert references(f"Was geschah am {day} im Kreis?") == ()


@given(st.lists(st.integers(1, 9), min_size=3, max_size=4))
def test_every_number_of_three_or_four_parts_is_one(parts: list[int]) -> None:
    ref = ".".join(map(str, parts))
    assert references(f"Wer ist für {ref} zuständig?") == (ref,)


@pytest.mark.parametrize(
    "text",
    ["bis 01.10.", "am 1.10. in Birkmoosen", "5,4 Mio. Euro", "9,60 Euro je Quadratmeter", "Tempo 30 auf der K 9",
     "110 Kilogramm", "in 95 von 100 Notfällen", "2026", "drei Thesen", "Teilhabe", ""],
)  # fmt: skip
def test_amounts_times_and_plain_numbers_are_no_references(text: str) -> None:
    assert references(text) == ()


@pytest.mark.parametrize(
    "text",
    ["Was macht Amt 99?", "um 65 Prozent gesunken", "in 65 Haushalten", "mit 50 Jahren", "für 50 Euro",
     "die 65 Projekte", "am 10.03. ist Sitzung", "seit dem 10.03.2026", "Wahlen und Kanal"],
)  # fmt: skip
def test_other_numbers_and_words_are_no_units(text: str) -> None:
    assert units_in(text, UNITS) == () == units_in("Welche Projekte verantwortet Abteilung 65?", ())


@given(PRINTED, st.sampled_from(("66", "66.01", "6", "70", "7", "3", "40", "01")))
def test_looking_a_number_up_says_what_comparing_with_every_unit_says(units: list[str], number: str) -> None:
    assert Units(dict.fromkeys(units)).has(number) == any(unit_matches(unit, number) for unit in units)


@st.composite
def spellings(draw: st.DrawFn) -> str:
    """A name with an ending, perhaps with a letter left out, doubled or changed."""
    name = draw(towns)
    place = draw(st.integers(0, len(name) - 1))
    letter = draw(st.sampled_from((name[place], "", "o", name[place] * 2)))
    return name[:place] + letter + name[place + 1 :] + draw(st.sampled_from(("", "x", "er", *ENDINGS)))


@given(st.lists(towns, max_size=12), st.lists(spellings(), min_size=1, max_size=4))
def test_a_word_says_the_names_that_comparing_finds(known: list[str], words: list[str]) -> None:
    for word in words:
        assert SaidNames(known).said_by(word) == tuple(one for one in dict.fromkeys(known) if says_name(word, one))


@given(NAMES, SAID, st.sampled_from(("", " ", " in ")))
def test_names_are_found_as_one_pattern_of_all_finds_them(names: list[str], said: list[str], between: str) -> None:
    text = between.join(said)
    alternatives = "|".join(map(re.escape, sorted(set(names), key=lambda one: (-len(one), one)))) or "(?!)"
    pattern = re.compile(rf"(?i)(?<!\w)(?:{alternatives})(?:er|s|es)?(?!\w)")
    assert list(PrintedNames(names, "(?:er|s|es)?").spans(text)) == [match.span() for match in pattern.finditer(text)]


def test_names_of_the_edition_are_placeholders_where_they_stood(corpus: Corpus) -> None:
    slots, place = Slots(corpus.names), corpus.names.municipalities[0]
    assert "zzplace" in slots.put_in(f"Was ist in {place} geplant?")
    assert place not in slots.put_in(f"Was ist in {place} geplant?")
    assert slots.put_in("Was ist in Timbuktu geplant?") == "Was ist in Timbuktu geplant?"
    said = with_placeholders("Wie weit ist M 12 in Au?", [(13, 17, "ref"), (21, 23, "place")]).split()
    assert said == ["Wie", "weit", "ist", "zzref", "in", "zzplace", "?"]


@given(st.text(max_size=200))
def test_any_text_has_a_language(text: str) -> None:
    assert len(detect(text)) == 2


@pytest.mark.parametrize("text", ["", "?!", "5.1.2.1", "B.VII", "Lauvi", "WAL 80.02", "Was will man dort?"])
def test_where_nothing_decides_it_is_german(text: str) -> None:
    assert detect(text) == "de"


def test_what_is_spelled_well_stays_and_mending_twice_changes_nothing(corpus: Corpus) -> None:
    for text in ("Wer ist zuständig für den Rufbus Lauvi?", "Projektor, Zielscheibe und Spielplatz", "5.1.2.1", ""):
        assert spelled(text, corpus) == text
    for text in ("Wer ist zustendig für den Rufbus?", "Welche Projeckte gibt es?", "Welche sind umgesezt?"):
        once = spelled(text, corpus)
        assert once != text and spelled(once, corpus) == once


@given(st.text(max_size=500))
def test_any_text_has_features_and_probabilities(text: str) -> None:
    trained = classifier()
    assert tuple(counts(text)) == BLOCKS
    for place, value in weighted(text, trained.names, trained.rarity):
        assert 0 <= place < len(trained.names) and 0 < value <= 1 + 1e-6
    for name, told in trained.probabilities(text).items():
        assert set(told) == set(trained.heads[name].classes)
        assert sum(told.values()) == pytest.approx(1.0, abs=1e-4)


def test_a_classifier_is_the_same_after_it_was_written_and_read() -> None:
    shipped = classifier()
    again = unpacked(packed(shipped))
    assert again.names == shipped.names and again.heads == shipped.heads
    assert np.array_equal(again.weights, shipped.weights) and packed(again) == packed(shipped)
    for content in (b"", b"no file", b"PK\x05\x06" + b"\0" * 18):
        with pytest.raises(ValueError, match="no trained reader"):
            unpacked(content)


def test_a_class_needs_its_probability_to_be_believed() -> None:
    head = classifier().heads["scope"]
    told = dict.fromkeys(head.classes, 0.0) | {"live": 0.5, "documents": 0.4, "legal": 0.1}
    assert chosen(head, told) == "documents"
    assert chosen(head, told | {"live": 0.9, "documents": 0.1}) == "live"


def test_a_county_s_own_training_wins(corpus: Corpus, tmp_path: Path) -> None:
    turned = unpacked(packed(classifier()))
    turned.weights[:] = 0
    (tmp_path / NAME).write_bytes(packed(turned))
    question = "Wie viele Projekte sind in Planung?"
    assert Reader(corpus.names, tmp_path).read(question).sure != Reader(corpus.names).read(question).sure
    (tmp_path / NAME).write_bytes(b"broken")
    classifier.cache_clear()
    with pytest.raises(ValueError, match="beschädigt"):
        Reader(corpus.names, tmp_path)
