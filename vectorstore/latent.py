"""The embedding that works out of the box: latent semantic analysis fitted on the edition.

Deerwester et al., "Indexing by Latent Semantic Analysis" (1990): texts as weighted term vectors, reduced to the
directions of the largest singular values; a question is folded in. No download, no network, no randomness.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterable, Sequence
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from scipy import linalg, sparse

from vectorstore.analysis import Analyzer
from vectorstore.chunk_store import Vectors
from vectorstore.embeddings import Embedding

VERSION = 1
FITTED_TEXTS = 1500


class LatentEmbedding(Embedding):
    """Term vectors (1 + log tf, idf) projected to at most `dimensions` directions; unit length, or zero."""

    def __init__(self, dimensions: int = 160) -> None:
        self.dimensions = dimensions
        self._analyzer = Analyzer()
        self._terms: dict[str, int] = {}
        self._idf: NDArray[np.float32] = np.zeros(0, dtype=np.float32)
        self._directions: Vectors = np.zeros((0, 1), dtype=np.float32)

    @property
    def identity(self) -> str:
        """See `Embedding.identity`."""
        return f"latent-{VERSION}:{self.dimensions}"

    def fit(self, texts: Sequence[str], analyzer: Analyzer) -> Vectors:
        """Learn terms, their idf and the directions; of more than 1,500 texts every n-th is used for the directions."""
        self._analyzer = analyzer
        counts = [Counter(analyzer.terms(text)) for text in texts]
        frequency = Counter(term for count in counts for term in count)
        shared = sorted(term for term, texts_with in frequency.items() if texts_with > 1)
        self._terms = {term: number for number, term in enumerate(shared)}
        self._idf = np.array([np.log(len(texts) / frequency[term]) for term in shared], dtype=np.float32)
        matrix = self._matrix(counts)
        self._directions = _directions(matrix[:: max(1, -(-len(texts) // FITTED_TEXTS))], self.dimensions)
        return self._projected(matrix)

    def vectors(self, texts: Sequence[str]) -> Vectors:
        """See `Embedding.vectors`."""
        return self._projected(self._matrix(Counter(self._analyzer.terms(text)) for text in texts))

    def vector(self, text: str) -> Vectors:
        """See `Embedding.vector`; zero where no word of the question is known."""
        counts = Counter(self._analyzer.terms(text))
        known = [(number, count) for term, count in counts.items() if (number := self._terms.get(term)) is not None]
        if not known:
            return np.zeros(self._directions.shape[1], dtype=np.float32)
        numbers = np.array([number for number, _ in known])
        weights = (1 + np.log(np.array([count for _, count in known]))) * self._idf[numbers]
        projected = weights @ self._directions[numbers]
        length = float(np.linalg.norm(projected))
        row: Vectors = (projected / (length if length > 1e-6 else 1.0)).astype(np.float32)
        return row

    def save(self, folder: Path) -> None:
        """See `Embedding.save`."""
        folder.mkdir(parents=True, exist_ok=True)
        np.savez(folder / "latent.npz", idf=self._idf, directions=self._directions)
        (folder / "terms.json").write_text(json.dumps(list(self._terms), ensure_ascii=False), encoding="utf-8")

    def restored(self, folder: Path, analyzer: Analyzer) -> Embedding:
        """See `Embedding.restored`; raises OSError where a file is missing."""
        copy = LatentEmbedding(self.dimensions)
        copy._analyzer = analyzer
        terms = json.loads((folder / "terms.json").read_text(encoding="utf-8"))
        copy._terms = {term: number for number, term in enumerate(terms)}
        with np.load(folder / "latent.npz", allow_pickle=False) as arrays:
            copy._idf, copy._directions = arrays["idf"], arrays["directions"]
        return copy

    def _projected(self, matrix: sparse.csr_array) -> Vectors:
        projected = matrix @ self._directions
        lengths = np.linalg.norm(projected, axis=1, keepdims=True)
        rows: Vectors = (projected / np.where(lengths > 1e-6, lengths, 1.0)).astype(np.float32)
        return rows

    def _matrix(self, counts: Iterable[Counter[str]]) -> sparse.csr_array:
        """Term weights, shape (texts, terms), rows of unit length."""
        data: list[float] = []
        columns: list[int] = []
        starts = [0]
        for count in counts:
            known = [(number, times) for term, times in count.items() if (number := self._terms.get(term)) is not None]
            columns += [number for number, _ in known]
            data += [times for _, times in known]
            starts.append(len(columns))
        weights = (1 + np.log(np.asarray(data, dtype=np.float32))) * self._idf[columns]
        matrix = sparse.csr_array((weights, columns, starts), shape=(len(starts) - 1, len(self._terms)))
        lengths = np.sqrt(matrix.multiply(matrix).sum(axis=1))
        return sparse.diags_array(1 / np.where(lengths > 0, lengths, 1.0)).astype(np.float32) @ matrix


def _directions(matrix: sparse.csr_array, dimensions: int) -> Vectors:
    """The right singular vectors of the largest singular values, shape (terms, at most dimensions).

    By the eigenvectors of the texts' Gram matrix: with a few hundred texts that is faster than Lanczos iterations.
    """
    if not matrix.shape[0] or not matrix.shape[1]:
        return np.zeros((matrix.shape[1], 1), dtype=np.float32)
    gram = (matrix @ matrix.T).toarray().astype(np.float64)
    size = len(gram)
    values, left = linalg.eigh(gram, subset_by_index=(max(0, size - dimensions), size - 1))
    kept = values > 1e-8 * max(values[-1], 1e-8)
    directions: Vectors = (matrix.T @ (left[:, kept] / np.sqrt(values[kept]))).astype(np.float32)
    return directions if directions.shape[1] else np.zeros((matrix.shape[1], 1), dtype=np.float32)
