"""Exact search within some documents over an edition's own file: the same as comparing every vector."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from vectorstore.chunk_store import MemoryChunkStore, StoredChunk, Vectors
from vectorstore.document_vectors import DocumentVectors
from vectorstore.unit_vectors import FILES, UnitVectors, write_units


def made(seed: int = 1, size: int = 90) -> tuple[list[StoredChunk], Vectors]:
    """Chunks of documents in no order, some with equal vectors, one of zeros."""
    chance = np.random.default_rng(seed)
    vectors = chance.normal(size=(size, 6)).astype(np.float32)
    vectors[5], vectors[11] = vectors[2], 0.0
    owners = chance.integers(0, 7, size)
    return [StoredChunk(f"c{row}-ä", f"d{owners[row]}", "k", "x") for row in range(size)], vectors


@pytest.mark.parametrize(
    "documents", [["d3"], ["d6", "d1"], ["d0", "d2", "none"], [f"d{number}" for number in range(7)]]
)
@pytest.mark.parametrize("limit", [1, 4, 500])
def test_the_nearest_are_those_of_comparing_all(tmp_path: Path, documents: list[str], limit: int) -> None:
    chunks, vectors = made()
    write_units(tmp_path, chunks, vectors)
    memory = MemoryChunkStore()
    memory.add(chunks, vectors)
    fetched = DocumentVectors(lambda wanted: _of(chunks, vectors, wanted))
    vector = np.arange(6, dtype=np.float32) - 2
    found = UnitVectors(tmp_path).search(vector, limit, documents)
    expected = memory.search(vector, limit, documents)
    assert [score for _, score in found] == pytest.approx([score for _, score in expected], abs=1e-6)
    assert found == fetched.search(vector, limit, documents)
    assert {one for one, _ in found} <= {chunk.id for chunk in chunks if chunk.document_id in documents}


def _of(chunks: list[StoredChunk], vectors: Vectors, wanted: object) -> tuple[list[StoredChunk], Vectors]:
    assert isinstance(wanted, list)
    rows = [row for row, chunk in enumerate(chunks) if chunk.document_id in wanted]
    return [chunks[row] for row in rows], vectors[rows]


def test_nothing_is_found_in_documents_that_are_none(tmp_path: Path) -> None:
    write_units(tmp_path, *made())
    assert UnitVectors(tmp_path).search(np.ones(6, dtype=np.float32), 3, ["none"]) == []


def test_equal_vectors_give_equal_bytes(tmp_path: Path) -> None:
    for name in ("one", "other"):
        write_units(tmp_path / name, *made())
    assert all((tmp_path / "one" / file).read_bytes() == (tmp_path / "other" / file).read_bytes() for file in FILES)


@pytest.mark.parametrize("file", FILES)
def test_lost_and_broken_files_are_told(tmp_path: Path, file: str) -> None:
    write_units(tmp_path, *made())
    (tmp_path / file).write_bytes(b"{")
    with pytest.raises(ValueError):
        UnitVectors(tmp_path)
    (tmp_path / file).unlink()
    with pytest.raises(OSError):
        UnitVectors(tmp_path)


def test_vectors_of_other_chunks_are_told(tmp_path: Path) -> None:
    write_units(tmp_path, *made())
    np.save(tmp_path / FILES[0], np.zeros((3, 6), dtype=np.float32))
    with pytest.raises(ValueError, match="3 vectors of 90"):
        UnitVectors(tmp_path)
