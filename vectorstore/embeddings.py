"""What an embedding is to an edition: LangChain's interface, an identity, and a state that the edition keeps.

From the setting to the embedding: "" needs nothing; "openai:MODEL@URL" is any OpenAI-compatible endpoint (its key in
OPENAI_API_KEY); "folder:/path" a local sentence-transformers model.

The one that needs nothing: pieces of words of three and four letters (Bojanowski et al. 2017) survive typing errors,
endings and compounds that the lexical index does not know; hashing (Weinberger et al. 2009) needs no list of them; the
reduction is that of latent semantic analysis (Deerwester et al. 1990). No download, no network, no randomness.
"""

from __future__ import annotations

import os
import re
import zlib
from abc import ABC, abstractmethod
from collections.abc import Sequence
from functools import lru_cache
from importlib import import_module
from pathlib import Path
from typing import Any

import numpy as np
from langchain_core.embeddings import Embeddings
from numpy.typing import NDArray

from vectorstore.analysis import fold
from vectorstore.errors import EmbeddingUnavailable, say
from vectorstore.language import word_list
from vectorstore.vectors import Vectors

VERSION = 1
BUCKETS = 4096
LENGTHS = (3, 4)
FITTED_TEXTS = 800
BLOCK = 512
WORD = re.compile(r"\w{1,60}")
_TEXTS = 100  # in one request
_MOST_BYTES = 10_000_000  # of its reply: 4,096 numbers of 24 characters for each text


class Embedding(Embeddings, ABC):
    """Texts to vectors of one length, compared by cosine.

    `identity` names method and parameters: an edition answers only with the identity that it was built with. An
    embedding that learns from the edition's texts does so in `fit`, keeps what it learned with `save` and comes back
    with `restored`; one that learns nothing inherits these.
    """

    vector_bytes = 16_384  # at most: 4,096 numbers, as large embedding models give

    @property
    @abstractmethod
    def identity(self) -> str:
        """Name and parameters, without secrets."""

    @abstractmethod
    def vectors(self, texts: Sequence[str]) -> Vectors:
        """One vector per text, shape (len(texts), d)."""

    @abstractmethod
    def vector(self, text: str) -> Vectors:
        """The vector of a question, shape (d,)."""

    def fit(self, texts: Sequence[str]) -> Vectors:
        """Learn from the texts of an edition and return their vectors; by default there is nothing to learn."""
        return self.vectors(texts)

    def save(self, folder: Path) -> None:
        """Keep what was learned in a folder; nothing by default."""

    def restored(self, folder: Path) -> Embedding:
        """This embedding with what `save` kept; itself by default."""
        return self

    def embed_documents(self, texts: list[str]) -> list[list[float]]:
        """LangChain's view of `vectors`."""
        return [list(map(float, row)) for row in self.vectors(texts)]

    def embed_query(self, text: str) -> list[float]:
        """LangChain's view of `vector`."""
        return list(map(float, self.vector(text)))


class ForeignEmbedding(Embedding):
    """Any LangChain `Embeddings` under a name that tells it from others."""

    def __init__(self, identity: str, model: Embeddings) -> None:
        self._identity = identity
        self._model = model

    @property
    def identity(self) -> str:
        """See `Embedding.identity`."""
        return self._identity

    def vectors(self, texts: Sequence[str]) -> Vectors:
        """See `Embedding.vectors`."""
        return np.asarray(self._model.embed_documents(list(texts)), dtype=np.float32)

    def vector(self, text: str) -> Vectors:
        """See `Embedding.vector`."""
        return np.asarray(self._model.embed_query(text), dtype=np.float32)


class SubwordEmbedding(Embedding):
    """Hashed pieces of words (log tf, idf) projected to at most `dimensions` directions; unit length, or zero."""

    def __init__(self, dimensions: int = 256) -> None:
        self.dimensions = dimensions
        self.vector_bytes = 4 * dimensions
        self._idf = np.ones(BUCKETS, dtype=np.float32)
        self._directions: Vectors = np.zeros((BUCKETS, 1), dtype=np.float32)

    @property
    def identity(self) -> str:
        """See `Embedding.identity`."""
        return f"subword-{VERSION}:{BUCKETS}:{self.dimensions}"

    def fit(self, texts: Sequence[str]) -> Vectors:
        """Learn idf and directions; of more than 800 texts every n-th is used for the directions."""
        held = np.zeros(BUCKETS, dtype=np.float32)
        for block in _blocks(texts):
            held += np.count_nonzero(_counts(block), axis=0)
        self._idf = np.log((1 + len(texts)) / (1 + held)).astype(np.float32)
        few = texts[:: max(1, -(-len(texts) // FITTED_TEXTS))]
        directions = _directions(_unit(np.log1p(_counts(few)) * self._idf), self.dimensions)
        self._directions = directions.astype(np.float16).astype(np.float32)
        return self.vectors(texts)

    def vectors(self, texts: Sequence[str]) -> Vectors:
        """See `Embedding.vectors`."""
        rows = [_unit((np.log1p(_counts(block)) * self._idf) @ self._directions) for block in _blocks(texts)]
        return np.concatenate(rows) if rows else np.zeros((0, self._directions.shape[1]), dtype=np.float32)

    def vector(self, text: str) -> Vectors:
        """See `Embedding.vector`; zero for a text of stop words."""
        buckets, counts = np.unique(_buckets(text), return_counts=True)
        weights = np.log1p(counts).astype(np.float32) * self._idf[buckets]
        row: Vectors = _unit((weights @ self._directions[buckets])[None, :])[0]
        return row

    def save(self, folder: Path) -> None:
        """See `Embedding.save`."""
        folder.mkdir(parents=True, exist_ok=True)
        np.savez(folder / "subword.npz", idf=self._idf, directions=self._directions.astype(np.float16))

    def restored(self, folder: Path) -> Embedding:
        """See `Embedding.restored`; raises OSError where the file is missing."""
        copy = SubwordEmbedding(self.dimensions)
        with np.load(folder / "subword.npz", allow_pickle=False) as arrays:
            copy._idf, copy._directions = arrays["idf"], arrays["directions"].astype(np.float32)
        return copy


def _blocks(texts: Sequence[str]) -> list[Sequence[str]]:
    """Texts in parts: the counts of all at once are 16 kB for each."""
    return [texts[start : start + BLOCK] for start in range(0, len(texts), BLOCK)]


def _buckets(text: str) -> NDArray[np.int64]:
    """The bucket of every piece of every word that is no stop word, repeated as often as it comes."""
    stop = word_list("stopwords")
    found = [_word_buckets(word) for word in WORD.findall(fold(text)) if word not in stop]
    return np.concatenate(found) if found else np.zeros(0, dtype=np.int64)


@lru_cache(maxsize=50_000)
def _word_buckets(word: str) -> NDArray[np.int64]:
    marked = f"<{word}>".encode()
    pieces = (marked[at : at + size] for size in LENGTHS for at in range(len(marked) - size + 1))
    return np.array([zlib.crc32(piece) % BUCKETS for piece in pieces], dtype=np.int64)


def _counts(texts: Sequence[str]) -> NDArray[np.float32]:
    """How often each bucket is hit, shape (len(texts), BUCKETS)."""
    counts = np.zeros((len(texts), BUCKETS), dtype=np.float32)
    for row, text in enumerate(texts):
        counts[row] = np.bincount(_buckets(text), minlength=BUCKETS)
    return counts


def _unit(rows: NDArray[np.floating[Any]]) -> Vectors:
    """Rows of length one; a row of (nearly) nothing becomes zero."""
    lengths = np.linalg.norm(rows, axis=1, keepdims=True)
    unit: Vectors = np.where(lengths > 1e-6, rows / np.maximum(lengths, 1e-6), 0.0).astype(np.float32)
    return unit


def _directions(weights: NDArray[np.float32], dimensions: int) -> Vectors:
    """The right singular vectors of the largest singular values, shape (BUCKETS, at most dimensions).

    By the eigenvectors of the texts' Gram matrix: with a few hundred texts faster than any iteration.
    """
    gram = (weights @ weights.T).astype(np.float64)
    values, left = np.linalg.eigh(gram)
    values, left = values[-dimensions:], left[:, -dimensions:]
    kept = values > 1e-6 * max(float(values[-1]), 1e-6)
    if not kept.any():
        return np.zeros((BUCKETS, 1), dtype=np.float32)
    directions: Vectors = (weights.T @ (left[:, kept] / np.sqrt(values[kept])).astype(np.float32)).astype(np.float32)
    return directions


def embedding_for(setting: str) -> Embedding:
    """The embedding that a setting names; raises EmbeddingUnavailable with what is missing."""
    kind, _, rest = setting.strip().partition(":")
    if not kind or kind == "default":
        return SubwordEmbedding()
    if kind == "openai" and rest:
        from vectorstore.endpoints import endpoint_client

        model, _, url = rest.partition("@")
        built = _class("langchain_openai", "OpenAIEmbeddings", extra="openai")(
            model=model,
            base_url=url or None,
            api_key=os.environ.get("OPENAI_API_KEY") or "none",
            check_embedding_ctx_length=False,
            chunk_size=_TEXTS,
            http_client=endpoint_client(_MOST_BYTES),
        )
        return ForeignEmbedding(f"openai:{rest}", built)
    if kind == "folder" and rest:
        if not (path := Path(rest)).is_dir():
            raise EmbeddingUnavailable(say("store.no_model_folder", path=path))
        built = _class("langchain_huggingface", "HuggingFaceEmbeddings", extra="local")(
            model_name=str(path), model_kwargs={"local_files_only": True}, encode_kwargs={"normalize_embeddings": True}
        )
        return ForeignEmbedding(f"folder:{path.name}", built)
    raise EmbeddingUnavailable(say("store.unknown_embedding", setting=setting))


def _class(module: str, name: str, *, extra: str) -> Any:
    try:
        return getattr(import_module(module), name)
    except ImportError as error:
        raise EmbeddingUnavailable(say("store.no_embedding_package", extra=extra)) from error
