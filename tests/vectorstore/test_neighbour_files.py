"""What Chroma's neighbour index writes beside its vectors: memory as it was, which must not stay."""

from __future__ import annotations

from contextlib import closing
from pathlib import Path

import numpy as np
import pytest

from tests.vectorstore.samples import parsed_document
from vectorstore.chroma import ChromaChunkStore
from vectorstore.chunk_store import StoredChunk
from vectorstore.editions import EditionStore
from vectorstore.neighbour_files import HEADER, blank_unused


def made(folder: Path, chunks: int) -> Path:
    """Build an index, and return its data file."""
    rows = np.eye(8, dtype=np.float32)[np.arange(chunks) % 8] + np.arange(chunks, dtype=np.float32)[:, None] / 100
    with closing(ChromaChunkStore.create(folder)) as store:
        store.add([StoredChunk(f"c{number}", "a", str(number), "d") for number in range(chunks)], rows)
    (path,) = folder.rglob("data_level0.bin")
    return path


@pytest.mark.parametrize("chunks", [5, 99, 100, 101, 250])
def test_unused_room_is_blank_and_what_is_used_stays(tmp_path: Path, chunks: int) -> None:
    path = made(tmp_path, chunks)
    _, _, room, used, size = HEADER.unpack_from(path.with_name("header.bin").read_bytes())
    content = path.read_bytes()
    assert used == chunks and len(content) == size * max(100, chunks) <= room * size
    assert not any(content[used * size :]) and any(content[:size])
    with closing(ChromaChunkStore.open(tmp_path)) as store:
        assert len(store.search(np.ones(8, dtype=np.float32), chunks)) == chunks
        assert len(store.contents()[0]) == chunks


def test_memory_of_the_process_is_overwritten(tmp_path: Path) -> None:
    path = made(tmp_path, 5)
    size = path.stat().st_size
    with path.open("r+b") as file:
        file.seek(-1000, 2)
        file.write(b"a removed document's words")
    blank_unused(tmp_path)
    assert b"words" not in path.read_bytes() and path.stat().st_size == size


def test_files_of_another_form_are_left(tmp_path: Path) -> None:
    path = made(tmp_path, 5)
    header = path.with_name("header.bin")
    content = path.read_bytes()[:-7] + b"another"
    path.write_bytes(content)
    for changed in (b"", header.read_bytes()[:10], b"\x02" + header.read_bytes()[1:]):
        header.write_bytes(changed)
        blank_unused(tmp_path)
        assert path.read_bytes() == content


def test_an_edition_without_vectors_has_nothing_to_blank(tmp_path: Path) -> None:
    EditionStore(tmp_path).publish([])
    EditionStore(tmp_path / "b").publish([parsed_document("a", {})])
