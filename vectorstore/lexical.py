"""The lexical index: BM25 scores of texts, as of an edition's chunks, for weighted terms.

Scores after Robertson and Zaragoza, "The Probabilistic Relevance Framework: BM25 and Beyond"
(2009), in Lucene's variant, computed by bm25s at indexing time (Lù 2024): a question adds up one
sparse column for each of its terms. Each different token of the texts is analysed once.
"""

from __future__ import annotations

import json
from array import array
from collections.abc import Callable, Iterable, Mapping, Sequence
from functools import lru_cache
from itertools import chain
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from vectorstore.language import fold, printed_words, tokens_of
from vectorstore.records import Catalogue, Chunk

Scores = NDArray[np.float32]
SCORES = "bm25.npz"
TERMS = "terms.json"
_GRAM_SIZE = 5  # characters of an n-gram
# Parameters of BM25: Lucene's k1, and a b below its .75; both are those of e473a836, no measurement
# is recorded.
K1 = 1.2
B = 0.6
TITLE_WEIGHT = 2  # how often the tokens of an item's title are counted


class TokenLists:
    """The different `tokens` of texts, and each of the `texts` as their numbers."""

    def __init__(self, texts: Iterable[Iterable[str]]) -> None:
        known = dict[str, int]()
        self.texts: list[array[int]] = []
        for text in texts:
            self.texts.append(array("i", [known.setdefault(token, len(known)) for token in text]))
        self.tokens = list(known)


class LexicalIndex:
    """BM25 scores of every term in every text: a sparse matrix by columns, one row per text.

    `terms` are those of the columns; `arrays` are those of the CSC format: data, indices, indptr.
    """

    def __init__(
        self, terms: Iterable[str], arrays: Mapping[str, NDArray[np.generic]], size: int
    ) -> None:
        self._vocabulary = {term: column for column, term in enumerate(terms)}
        self._data = np.asarray(arrays["data"], dtype=np.float32)
        self._rows = np.asarray(arrays["indices"], dtype=np.int32)
        self._starts = [int(start) for start in arrays["indptr"]]
        self.size = size

    @classmethod
    def build(
        cls,
        texts: Iterable[Iterable[str]] | TokenLists,
        split: Callable[[str], Sequence[str]] = lambda token: (token,),
        k1: float = K1,
        b: float = B,
    ) -> LexicalIndex:
        """The index of texts, each given as its tokens in order, with repetitions.

        `split` returns the index terms of a token and is called once for each different token; by
        default a token is its own term. `k1` and `b` are the parameters of BM25.
        """
        listed = texts if isinstance(texts, TokenLists) else TokenLists(texts)
        # Here a "text" is one of those tokens, and its "tokens" are its index terms.
        token_terms = TokenLists(map(split, listed.tokens))
        if not token_terms.tokens:
            empty = {"data": np.zeros(0), "indices": np.zeros(0), "indptr": np.zeros(1)}
            return cls((), empty, len(listed.texts))
        ids = list[list[int]]()  # for each text the numbers of its terms
        for text in listed.texts:
            terms = (token_terms.texts[token] for token in text)
            ids.append(list(chain.from_iterable(terms)))
        import bm25s  # imported here: reading an index does not need it

        # One backend everywhere: it would take SciPy where training brought it.
        model = bm25s.BM25(method="lucene", k1=k1, b=b, csc_backend="numpy")
        vocabulary = {term: number for number, term in enumerate(token_terms.tokens)}
        model.index((ids, vocabulary), create_empty_token=False, show_progress=False)
        return cls(token_terms.tokens, model.scores, len(ids))

    def scores(self, terms: Mapping[str, float]) -> Scores:
        """For every text the sum of weight times BM25 over these terms, shape (size,); unknown
        terms add nothing.
        """
        total = np.zeros(self.size, dtype=np.float32)
        for term, weight in terms.items():
            column = self._column(term)
            total[self._rows[column]] += np.float32(weight) * self._data[column]
        return total

    def mask_of(self, term: str) -> NDArray[np.bool_]:
        """Which texts have a term, shape (size,)."""
        mask = np.zeros(self.size, dtype=np.bool_)
        mask[self._rows[self._column(term)]] = True
        return mask

    def count_texts(self) -> dict[str, int]:
        """How many texts have each term."""
        return dict(zip(self._vocabulary, np.diff(self._starts).tolist(), strict=True))

    def _column(self, term: str) -> slice:
        """Where the rows and scores of a term are; an empty slice for an unknown one."""
        number = self._vocabulary.get(term)
        if number is None:
            return slice(0)
        return slice(self._starts[number], self._starts[number + 1])

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
            return cls(state["terms"], arrays, state["size"])


def chunk_tokens(catalogue: Catalogue) -> TokenLists:
    """The tokens that are indexed for each chunk, in the order of the catalogue.

    They are the tokens of the chunk's text and of the headings above it, and `TITLE_WEIGHT` times
    those of its item's title.
    """

    def tokens_of_chunk(chunk: Chunk) -> list[str]:
        """The tokens of a chunk; repeating the title counts its tokens several times."""
        texts = [chunk.text, chunk.context]
        item = catalogue.item(chunk.document_id, chunk.key)
        if item is not None:
            texts += TITLE_WEIGHT * [item.title]
        return tokens_of("\n".join(texts))

    return TokenLists(map(tokens_of_chunk, catalogue.chunks))


def ngrams_of(token: str) -> list[str]:
    """The character n-grams of the words of a token."""
    return list(chain.from_iterable(map(split_ngrams, printed_words(token))))


@lru_cache(maxsize=65_536)
def split_ngrams(word: str) -> tuple[str, ...]:
    """The character n-grams of a word, to match compounds and typing errors.

    The word gets a space at each edge, so that its beginning and end count: "rad" gives " rad ",
    "netze" gives " netz", "netze", "etze ". A word of at most three letters is one n-gram.
    """
    padded = f" {fold(word)} "
    count = max(1, len(padded) - _GRAM_SIZE + 1)
    return tuple(padded[start : start + _GRAM_SIZE] for start in range(count))
