"""The lexical index beside BM25 in plain Python: Lucene's variant, as Robertson and Zaragoza (2009)
define it.
"""

from __future__ import annotations

import math
import shutil
from collections import Counter
from collections.abc import Mapping, Sequence
from contextlib import closing
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.vectorstore.samples import parsed_document
from vectorstore import EditionStore, LexicalIndex, split_ngrams
from vectorstore.lexical import chunk_tokens, ngrams_of
from vectorstore.manifest import NGRAMS
from vectorstore.records import Catalogue


def bm25_scores(
    texts: Sequence[Sequence[str]], terms: Mapping[str, float], k1: float, b: float
) -> list[float]:
    """The score of each text for weighted terms."""
    average = sum(map(len, texts)) / len(texts)
    counts = [Counter(text) for text in texts]
    scores = []
    for text, count in zip(texts, counts, strict=True):
        score = 0.0
        for term, weight in terms.items():
            content = sum(term in other for other in counts)
            idf = math.log(1 + (len(texts) - content + 0.5) / (content + 0.5))
            norm = k1 * (1 - b + b * len(text) / average) if average else k1
            score += weight * idf * count[term] / (count[term] + norm) if count[term] else 0.0
        scores.append(score)
    return scores


TERMS = st.sampled_from("abcdefg")
TEXTS = st.lists(st.lists(TERMS, max_size=8), min_size=1, max_size=8).filter(
    lambda texts: any(texts)
)
WEIGHTS = st.dictionaries(st.sampled_from("abcdefgxyz"), st.floats(0.0, 2.0), max_size=5)


@given(TEXTS, WEIGHTS, st.floats(0.1, 3.0), st.floats(0.0, 1.0))
def test_scores_are_bm25_weighted_by_term(
    texts: list[list[str]], weights: dict[str, float], k1: float, b: float
) -> None:
    scores = LexicalIndex.build(texts, k1=k1, b=b).scores(weights)
    assert scores.dtype == np.float32 and scores.shape == (len(texts),)
    assert scores == pytest.approx(bm25_scores(texts, weights, k1, b), abs=1e-4)


@given(st.lists(st.lists(st.text("abc", max_size=4), max_size=6), min_size=1, max_size=6))
def test_tokens_are_counted_as_their_terms(texts: list[list[str]]) -> None:
    terms = [list("".join(text)) for text in texts]
    by_token, by_term = LexicalIndex.build(texts, split=list), LexicalIndex.build(terms)
    for term in "abc":
        assert (by_token.scores({term: 1.0}) == by_term.scores({term: 1.0})).all()


@pytest.mark.parametrize("texts", [[], [[]], [[], []]])
def test_an_index_without_words_scores_nothing(texts: list[list[str]], tmp_path: Path) -> None:
    index = LexicalIndex.build(texts)
    index.save(tmp_path / "l")
    assert list(LexicalIndex.load(tmp_path / "l").scores({"a": 1.0})) == [0.0] * len(texts)


def test_a_saved_index_is_the_same(tmp_path: Path) -> None:
    index = LexicalIndex.build([["a", "b", "a"], ["b", "ö"], []])
    index.save(tmp_path / "l")
    again = LexicalIndex.load(tmp_path / "l")
    for terms in ({"a": 1.0}, {"b": 0.5, "ö": 2.0}, {"z": 1.0}):
        assert (again.scores(terms) == index.scores(terms)).all()
    assert again.scores({"ö": 1.0}).any() and not again.scores({"z": 1.0}).any()


def test_a_title_counts_twice_beside_its_text_and_headings_once() -> None:
    catalogue = Catalogue([parsed_document()])
    listed, row = chunk_tokens(catalogue), catalogue.row("beispielkreis-report:1.2")
    tokens = [listed.tokens[number] for number in listed.texts[row]]
    assert (tokens.count("Auental"), tokens.count("Thema")) == (3, 1)


def test_an_edition_stores_the_n_grams_of_its_chunks(tmp_path: Path) -> None:
    store = EditionStore(tmp_path)
    store.publish([parsed_document()])
    with closing(store.open()) as edition:
        tokens = chunk_tokens(edition.catalogue)
        stored, built = edition.ngrams, LexicalIndex.build(tokens, split=ngrams_of)
        grams = dict.fromkeys(split_ngrams("Auentalern"), 1.0)
        assert stored.scores(grams).any() and (stored.scores(grams) == built.scores(grams)).all()
        shutil.rmtree(edition.folder / NGRAMS)  # as in an edition that was built before
    with closing(EditionStore(tmp_path).open()) as edition:
        assert (edition.ngrams.scores(grams) == stored.scores(grams)).all()
