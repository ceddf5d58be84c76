"""Look-ups that stand for comparing with everything: they find what that would find."""

from __future__ import annotations

import random
from collections.abc import Callable

import pytest

from service.answering.corpus import Corpus
from service.answering.verification.verbatim import Passage
from vectorstore.analysis import of_same_root


@pytest.mark.parametrize(
    ("quote", "stands"),
    [
        ("Radwege", True),
        ("Rad", False),
        ("wege", False),
        ("Radwegean", True),
        ("Kreisstraßen", True),
        ("12", False),
        ("12,5km", True),
    ],
)
def test_a_quote_stands_where_it_cuts_no_word_and_no_number(quote: str, stands: bool) -> None:
    assert Passage("Rad\u00adwege an\nKreis\u00adstraßen:\u00a0 12,5 km").contains(quote) is stands


def test_the_word_index_finds_what_looking_at_every_word_finds(corpus: Corpus) -> None:
    said = [corpus.analyzer.words(corpus.own_text(item)) for item in corpus.catalogue.items]
    fronts = {word.whole: word.parts[0] for words in said for word in words if word.parts}
    wholes = [{word.whole for word in words} for words in said]

    def rows(fits: Callable[[str], bool]) -> set[int]:
        return {row for row, held in enumerate(wholes) if any(map(fits, held))}

    known, index = sorted(set().union(*wholes)), corpus.texts
    for word in [*random.Random(5).sample(known, 40), "klimaneutral", "digital", "rad", "unbekannt"]:
        assert set(index.rows(word).tolist()) == rows(lambda one, word=word: one == word)
        assert set(index.with_front(word).tolist()) == rows(lambda one, word=word: fronts.get(one, one) == word)
        longer = rows(lambda one, word=word: one != word and one.startswith(word)) if len(word) >= 6 else set()
        assert set(index.longer(word).tolist()) == longer
        beginning = word[:6]
        assert set(index.of_root(word).tolist()) == rows(
            lambda one, word=word, start=beginning: one != start and one[:6] == start and word in of_same_root(one)
        )
    for pair in (known[:2], known[5:8], [known[3]] * 2, ["unbekannt", known[0]], []):
        both = {row for row, held in enumerate(wholes) if pair and held >= set(pair)}
        assert set(index.all(pair).tolist()) == both
