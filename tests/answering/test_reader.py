"""The trained reader of questions: features, the file it is kept in, placeholders for the names of an edition."""

from __future__ import annotations

import re
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from service.answering.corpus import Corpus
from service.answering.understanding.classifier import NAME, chosen, classifier, packed, unpacked
from service.answering.understanding.features import BLOCKS, counts, weighted, with_placeholders
from service.answering.understanding.reader import Reader
from service.answering.understanding.slots import PrintedNames, Slots


@given(st.text(max_size=500))
def test_any_text_has_features_of_length_one_in_each_block(text: str) -> None:
    trained = classifier()
    found = counts(text)
    assert tuple(found) == BLOCKS
    for place, value in weighted(text, trained.names, trained.rarity):
        assert 0 <= place < len(trained.names) and 0 < value <= 1 + 1e-6


@given(st.text(max_size=500))
def test_probabilities_of_a_head_sum_to_one(text: str) -> None:
    for name, told in classifier().probabilities(text).items():
        assert set(told) == set(classifier().heads[name].classes)
        assert sum(told.values()) == pytest.approx(1.0, abs=1e-4)


def test_a_classifier_is_the_same_after_it_was_written_and_read() -> None:
    shipped = classifier()
    again = unpacked(packed(shipped))
    assert again.names == shipped.names and again.heads == shipped.heads
    assert np.array_equal(again.weights, shipped.weights)
    assert packed(again) == packed(shipped)


@pytest.mark.parametrize("content", [b"", b"no file", b"PK\x05\x06" + b"\0" * 18])
def test_what_is_no_classifier_is_told(content: bytes) -> None:
    with pytest.raises(ValueError, match="no trained reader"):
        unpacked(content)


def test_a_class_needs_its_probability_to_be_believed() -> None:
    head = classifier().heads["scope"]
    told = dict.fromkeys(head.classes, 0.0) | {"live": 0.5, "documents": 0.4, "legal": 0.1}
    assert chosen(head, told) == "documents"
    assert chosen(head, told | {"live": 0.9, "documents": 0.1}) == "live"


@pytest.mark.parametrize(
    ("question", "want", "fact"),
    [
        ("Wie viele Projekte sind in Planung?", "count", None),
        ("Wer ist für den Rufbus zuständig?", "responsible", None),
        ("Was tut der Kreis für Familien?", "overview", "none"),
        ("Was kostet der neue Radweg?", None, "amount"),
        ("Wann wird die Brücke fertig?", None, "date"),
        ("Was bedeutet Mobilstation?", "definition", None),
    ],
)
def test_plain_questions_are_read(corpus: Corpus, question: str, want: str | None, fact: str | None) -> None:
    reading = corpus.reader.read(question)
    assert reading.scope == "documents" and reading.language == "de"
    assert want in (None, reading.want) and fact in (None, reading.fact)


def test_names_of_the_edition_are_placeholders(corpus: Corpus) -> None:
    slots = Slots(corpus.names)
    place = corpus.names.municipalities[0]
    assert place not in slots.put_in(f"Was ist in {place} geplant?")
    assert "zzplace" in slots.put_in(f"Was ist in {place} geplant?")
    assert slots.put_in("Was ist in Timbuktu geplant?") == "Was ist in Timbuktu geplant?"


NAMES = st.lists(st.sampled_from(("Au", "Auental", "Bad Au", "Bad Auental-West", "66.01 Bau", "66", "(WAL)", "au")))
SAID = st.lists(st.sampled_from(("Au", "AUENTAL", "Bad", "Bad Auental-West", "66.01", "Bau", "(WAL)", "s", "-", "er")))


@given(NAMES, SAID, st.sampled_from(("", " ", " in ")))
def test_names_are_found_as_one_pattern_of_all_finds_them(names: list[str], said: list[str], between: str) -> None:
    text = between.join(said)
    spelled = "|".join(map(re.escape, sorted(set(names), key=lambda one: (-len(one), one)))) or "(?!)"
    pattern = re.compile(rf"(?i)(?<!\w)(?:{spelled})(?:er|s|es)?(?!\w)")
    assert list(PrintedNames(names, "(?:er|s|es)?").spans(text)) == [match.span() for match in pattern.finditer(text)]


def test_placeholders_stand_where_the_values_stood() -> None:
    assert with_placeholders("Wie weit ist M 12 in Au?", [(13, 17, "ref"), (21, 23, "place")]).split() == [
        "Wie", "weit", "ist", "zzref", "in", "zzplace", "?",
    ]  # fmt: skip


def test_a_county_s_own_training_wins(corpus: Corpus, tmp_path: Path) -> None:
    shipped = classifier()
    turned = unpacked(packed(shipped))
    turned.weights[:] = 0
    (tmp_path / NAME).write_bytes(packed(turned))
    question = "Wie viele Projekte sind in Planung?"
    assert Reader(corpus.names, tmp_path).read(question).sure != Reader(corpus.names).read(question).sure
    (tmp_path / NAME).write_bytes(b"broken")
    classifier.cache_clear()
    with pytest.raises(ValueError, match="beschädigt"):
        Reader(corpus.names, tmp_path)
