"""What every engine indexes: the texts that our edition indexes, the items that they are of, and their vectors."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import NamedTuple

import numpy as np

BATCH = 5_000  # passages that a Chroma collection takes at once, some less than it can
_TEXTS, _VECTORS = "passages.jsonl", "vectors.npy"


class Passage(NamedTuple):
    """A text and the item that it is of."""

    text: str
    document_id: str
    key: str

    @property
    def item(self) -> tuple[str, str]:
        """The item as (document id, key)."""
        return self.document_id, self.key


def write(folder: Path, passages: Sequence[Passage], vectors: np.ndarray) -> None:
    """Write passages and their vectors, shape (passages, d), for workers; raises ValueError where one lacks its own."""
    if len(passages) != len(vectors):
        raise ValueError(f"{len(passages)} passages, but {len(vectors)} vectors")
    folder.mkdir(parents=True, exist_ok=True)
    with (folder / _TEXTS).open("w", encoding="utf-8") as file:
        file.writelines(f"{json.dumps(one, ensure_ascii=False)}\n" for one in passages)
    np.save(folder / _VECTORS, vectors.astype(np.float32))


def read(folder: Path) -> list[Passage]:
    """The passages of a folder, in order."""
    with (folder / _TEXTS).open(encoding="utf-8") as file:
        return [Passage(*json.loads(line)) for line in file]


def read_vectors(folder: Path) -> np.ndarray:
    """Their vectors, shape (passages, d)."""
    return np.load(folder / _VECTORS)


def batches(size: int) -> Iterator[range]:
    """The rows in parts that a collection takes at once."""
    return (range(start, min(start + BATCH, size)) for start in range(0, size, BATCH))
