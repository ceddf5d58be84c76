"""The vectors of an edition: searched exactly, within all or some documents."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from vectorstore.vectors import FILES, ExactVectors, Vectors

Parts = tuple[list[str], list[str], Vectors]


def made(seed: int = 1, size: int = 90) -> Parts:
    """Chunks of documents in no order, some with equal vectors, one of zeros."""
    chance = np.random.default_rng(seed)
    vectors = chance.normal(size=(size, 6)).astype(np.float32)
    vectors[size // 2], vectors[size // 3] = vectors[0], 0.0
    return [f"c{row}-ä" for row in range(size)], [f"d{one}" for one in chance.integers(0, 7, size)], vectors


def compared(parts: Parts, vector: Vectors, limit: int, documents: list[str] | None) -> list[float]:
    """The similarities that comparing one after the other gives."""
    lengths = [float(np.linalg.norm(one)) or 1.0 for one in parts[2]]
    rows = [row for row, owner in enumerate(parts[1]) if documents is None or owner in documents]
    found = [float(parts[2][row] @ vector) / lengths[row] / float(np.linalg.norm(vector)) for row in rows]
    return sorted(found, reverse=True)[:limit]


@settings(deadline=None, max_examples=40)
@given(
    st.integers(1, 1000),
    st.integers(1, 60),
    st.integers(1, 70),
    st.none() | st.lists(st.sampled_from([f"d{one}" for one in range(8)])),
)
def test_the_nearest_are_those_of_comparing_all(seed: int, size: int, limit: int, documents: list[str] | None) -> None:
    parts = made(seed, size)
    vector = np.arange(6, dtype=np.float32) - 2
    found = ExactVectors.of(*parts).search(vector, limit, documents)
    assert [score for _, score in found] == pytest.approx(compared(parts, vector, limit, documents), abs=1e-5)
    owner = dict(zip(parts[0], parts[1], strict=True))
    assert documents is None or {owner[one] for one, _ in found} <= set(documents)


def test_what_was_saved_is_loaded_and_equal_vectors_give_equal_bytes(tmp_path: Path) -> None:
    for name in ("one", "other"):
        ExactVectors.of(*made()).save(tmp_path / name)
    assert all((tmp_path / "one" / file).read_bytes() == (tmp_path / "other" / file).read_bytes() for file in FILES)
    loaded, vector = ExactVectors.load(tmp_path / "one"), np.ones(6, dtype=np.float32)
    assert loaded.search(vector, 9) == ExactVectors.of(*made()).search(vector, 9)
    assert sorted(loaded.ids()) == sorted(made()[0])


def test_a_number_that_is_not_finite_is_refused() -> None:
    with pytest.raises(ValueError, match="not finite"):
        ExactVectors.of(["a"], ["d"], np.array([[np.nan, 1]], dtype=np.float32))


@pytest.mark.parametrize("file", FILES)
def test_lost_and_broken_files_are_told(tmp_path: Path, file: str) -> None:
    ExactVectors.of(*made()).save(tmp_path)
    (tmp_path / file).write_bytes(b"{")
    with pytest.raises(ValueError):
        ExactVectors.load(tmp_path)
    (tmp_path / file).unlink()
    with pytest.raises(OSError):
        ExactVectors.load(tmp_path)


def test_vectors_of_other_chunks_are_told(tmp_path: Path) -> None:
    ExactVectors.of(*made()).save(tmp_path)
    np.save(tmp_path / FILES[0], np.zeros((3, 6), dtype=np.float32))
    with pytest.raises(ValueError, match="3 vectors of 90"):
        ExactVectors.load(tmp_path)
