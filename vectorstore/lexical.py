"""The lexical index: BM25 scores of texts, as of an edition's chunks, for weighted terms.

Scores after Robertson and Zaragoza, "The Probabilistic Relevance Framework: BM25 and Beyond"
(2009), in Lucene's variant, computed by bm25s at indexing time (Lù 2024): a question adds up one
sparse column for each of its terms.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from vectorstore.analysis import Analyzer, fold, printed_words
from vectorstore.catalogue import Catalogue

Scores = NDArray[np.float32]
SCORES, TERMS = "bm25.npz", "terms.json"
_GRAM_SIZE = 5  # characters of an n-gram


@dataclass(frozen=True, slots=True)
class LexicalSettings:
    """`k1` and `b` of BM25; how often the terms of a title and of the headings above it are
    counted.
    """

    k1: float = 1.2
    b: float = 0.6
    title_weight: int = 2
    context_weight: int = 1


class LexicalIndex:
    """BM25 scores of every term in every text: a sparse matrix by columns, one row per text.

    `vocabulary` has the column of each term; `arrays` are those of SciPy's CSC format: data,
    indices, indptr.
    """

    def __init__(
        self, vocabulary: Mapping[str, int], arrays: Mapping[str, NDArray[np.generic]], size: int
    ) -> None:
        self._vocabulary = dict(vocabulary)
        self._data = np.asarray(arrays["data"], dtype=np.float32)
        self._rows = np.asarray(arrays["indices"], dtype=np.int32)
        self._starts = [int(start) for start in arrays["indptr"]]
        self.size = size

    @classmethod
    def build(
        cls, texts: Iterable[Sequence[str]], settings: LexicalSettings | None = None
    ) -> LexicalIndex:
        """The index of texts, each a list of terms with repetitions."""
        settings = settings or LexicalSettings()
        vocabulary: dict[str, int] = {}
        ids = [[vocabulary.setdefault(term, len(vocabulary)) for term in text] for text in texts]
        if not vocabulary:
            empty = {"data": np.zeros(0), "indices": np.zeros(0), "indptr": np.zeros(1)}
            return cls({}, empty, len(ids))
        import bm25s  # imported here: it loads scipy, which reading an index does not need

        model = bm25s.BM25(method="lucene", k1=settings.k1, b=settings.b)
        model.index((ids, vocabulary), create_empty_token=False, show_progress=False)
        return cls(vocabulary, model.scores, len(ids))

    def scores(self, terms: Mapping[str, float]) -> Scores:
        """For every text the sum of weight times BM25 over these terms, shape (size,); unknown
        terms add nothing.
        """
        total = np.zeros(self.size, dtype=np.float32)
        for term, weight in terms.items():
            if (number := self._vocabulary.get(term)) is not None:
                column = slice(self._starts[number], self._starts[number + 1])
                total[self._rows[column]] += np.float32(weight) * self._data[column]
        return total

    def save(self, folder: Path) -> None:
        """Write the index into a folder, which is created."""
        folder.mkdir(parents=True, exist_ok=True)
        np.savez(
            folder / SCORES, data=self._data, indices=self._rows, indptr=np.asarray(self._starts)
        )
        state = {"size": self.size, "terms": list(self._vocabulary)}
        (folder / TERMS).write_text(json.dumps(state, ensure_ascii=False), encoding="utf-8")

    @classmethod
    def load(cls, folder: Path) -> LexicalIndex:
        """The index that `save` wrote; raises OSError where a file is missing."""
        state = json.loads((folder / TERMS).read_text(encoding="utf-8"))
        with np.load(folder / SCORES, allow_pickle=False) as arrays:
            return cls(
                {term: number for number, term in enumerate(state["terms"])}, arrays, state["size"]
            )


def chunk_terms(catalogue: Catalogue, analyzer: Analyzer) -> list[list[str]]:
    """The index terms of each chunk, in the catalogue's order: of its text, its item's title, the
    headings above.
    """
    settings, results = LexicalSettings(), []
    for chunk in catalogue.chunks:
        terms = analyzer.terms(chunk.text)
        terms += settings.context_weight * analyzer.terms(chunk.context)
        item = catalogue.item(chunk.document_id, chunk.key)
        if item is not None:
            terms += settings.title_weight * analyzer.terms(item.title)
        results.append(terms)
    return results


def chunk_ngrams(catalogue: Catalogue) -> Iterator[list[str]]:
    """The character n-grams of each chunk with its headings; the title of its item counts twice."""
    for chunk in catalogue.chunks:
        item = catalogue.item(chunk.document_id, chunk.key)
        title = (item.title, item.title) if item else ()
        grams = list[str]()
        for text in (chunk.text, chunk.context, *title):
            for word in printed_words(text):
                grams += split_ngrams(word)
        yield grams


@lru_cache(maxsize=65_536)
def split_ngrams(word: str) -> tuple[str, ...]:
    """The character n-grams of a word with spaces at its edges, to match compounds and typing
    errors.
    """
    padded = f" {fold(word)} "
    return tuple(
        padded[start : start + _GRAM_SIZE] for start in range(max(1, len(padded) - _GRAM_SIZE + 1))
    )
