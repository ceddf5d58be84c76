"""One contract for every chunk store: in memory, Chroma in a folder, Chroma as a server."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from tempfile import TemporaryDirectory
from uuid import uuid4

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as arrays

from tests.vectorstore.chroma_server import chroma_server
from tests.vectorstore.samples import parsed_document
from vectorstore.chroma import ChromaChunkStore, drop_collection
from vectorstore.chunk_store import ChunkStore, MemoryChunkStore, StoredChunk, Vectors
from vectorstore.editions import EditionStore
from vectorstore.errors import EditionDamaged
from vectorstore.records import ItemStatus

EAST = np.array([1.0, 0.0, 0.0], dtype=np.float32)
NORTH = np.array([0.0, 1.0, 0.0], dtype=np.float32)
MANY = 33_000  # SQLite takes 32,766 variables
BETWEEN = np.array([1.0, 1.0, 0.0], dtype=np.float32)


def chunk(name: str, document: str = "a") -> StoredChunk:
    return StoredChunk(name, document, f"key-{name}", f"digest-{name}")


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    with chroma_server(tmp_path_factory.mktemp("chroma-server")) as url:
        yield url


@pytest.fixture(params=["memory", "chroma", "server"])
def store(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[ChunkStore]:
    made: ChunkStore
    if request.param == "memory":
        made = MemoryChunkStore()
    elif request.param == "chroma":
        made = ChromaChunkStore.create(tmp_path / "c")
    else:
        made = ChromaChunkStore.create(None, f"edition-{uuid4()}", request.getfixturevalue("server"))
    yield made
    made.close()


@pytest.fixture
def filled(store: ChunkStore) -> ChunkStore:
    store.add([chunk("east"), chunk("north", "b"), chunk("between", "b")], np.stack([EAST, NORTH, BETWEEN]))
    return store


def test_the_nearest_come_first_with_their_cosine(filled: ChunkStore) -> None:
    found = filled.search(EAST * 7, 3)
    assert [name for name, _ in found] == ["east", "between", "north"]
    assert [score for _, score in found] == pytest.approx([1.0, 0.7071, 0.0], abs=1e-3)


def test_a_limit_is_kept_and_may_be_larger_than_the_store(filled: ChunkStore) -> None:
    assert len(filled.search(EAST, 1)) == 1
    assert len(filled.search(EAST, 100)) == 3
    assert filled.search(EAST, 0) == filled.search(np.zeros(3, dtype=np.float32), 3) == []


def test_only_the_given_documents_are_searched(filled: ChunkStore) -> None:
    assert [name for name, _ in filled.search(EAST, 3, ["b"])] == ["between", "north"]
    assert len(filled.search(EAST, 3, ["a", "b"])) == 3
    assert filled.search(EAST, 3, ["unknown"]) == []
    assert filled.search(EAST, 3, []) == []


def test_what_comes_after_a_search_is_found_too(filled: ChunkStore) -> None:
    assert len(filled.search(EAST, 3, ["b", "c"])) == 2
    filled.add([chunk("far", "b"), chunk("other", "c")], np.stack([-EAST, EAST]))
    assert [name for name, _ in filled.search(EAST, 9, ["b", "c"])] == ["other", "between", "north", "far"]


def test_an_empty_store_finds_nothing(store: ChunkStore) -> None:
    store.add([], np.zeros((0, 1), dtype=np.float32))
    assert store.search(EAST, 3) == []
    chunks, vectors = store.contents()
    assert chunks == [] and len(vectors) == 0


def test_everything_that_was_stored_is_read_back(filled: ChunkStore) -> None:
    chunks, vectors = filled.contents()
    by_id = dict(zip((one.id for one in chunks), vectors, strict=True))
    assert sorted(chunks, key=lambda one: one.id) == [chunk("between", "b"), chunk("east"), chunk("north", "b")]
    assert np.allclose(by_id["between"], BETWEEN) and np.allclose(by_id["east"], EAST)


@pytest.mark.parametrize(
    ("chunks", "vectors"),
    [
        ([chunk("x")], np.zeros((2, 3), dtype=np.float32)),
        ([chunk("x")], np.zeros(3, dtype=np.float32)),
        ([chunk("x")], np.array([[np.nan, 0, 0]], dtype=np.float32)),
        ([chunk("x"), chunk("x")], np.ones((2, 3), dtype=np.float32)),
        ([chunk("east")], np.ones((1, 3), dtype=np.float32)),
        ([chunk("x")], np.ones((1, 5), dtype=np.float32)),
    ],
    ids=["too many", "no rows", "not a number", "id twice", "id known", "other length"],
)
def test_what_does_not_fit_is_refused(filled: ChunkStore, chunks: list[StoredChunk], vectors: Vectors) -> None:
    with pytest.raises(ValueError):
        filled.add(chunks, vectors)
    assert len(filled.contents()[0]) == 3


VECTORS = st.tuples(st.integers(1, 12), st.integers(2, 5)).flatmap(
    lambda shape: arrays.arrays(np.float32, shape, elements=st.floats(-1, 1, width=32).filter(lambda x: abs(x) > 1e-3))
)


@settings(max_examples=15, deadline=None)
@given(VECTORS, st.integers(1, 5))
def test_chroma_finds_what_comparing_with_every_vector_finds(vectors: Vectors, limit: int) -> None:
    chunks = [chunk(str(number), "ab"[number % 2]) for number in range(len(vectors))]
    oracle = MemoryChunkStore()
    oracle.add(chunks, vectors)
    with TemporaryDirectory() as folder:
        store = ChromaChunkStore.create(Path(folder))
        store.add(chunks, vectors)
        for documents in (None, ["a"], ["b"]):
            expected = [score for _, score in oracle.search(vectors[0], limit, documents)]
            found = [score for _, score in store.search(vectors[0], limit, documents)]
            assert found == pytest.approx(expected, abs=1e-3)
        store.close()


def test_chroma_keeps_its_chunks_in_its_folder(tmp_path: Path) -> None:
    store = ChromaChunkStore.create(tmp_path / "c")
    store.add([chunk("east")], EAST[None, :])
    store.close()
    (tmp_path / "c").rename(tmp_path / "moved")
    again = ChromaChunkStore.open(tmp_path / "moved")
    ((name, score),) = again.search(EAST, 1)
    assert name == "east" and score == pytest.approx(1.0)
    again.close()


def test_chroma_opens_only_what_was_created(tmp_path: Path) -> None:
    with pytest.raises(EditionDamaged, match="strategielotse ingest"):
        ChromaChunkStore.open(tmp_path / "nowhere")
    assert not (tmp_path / "nowhere").exists()
    ChromaChunkStore.create(tmp_path / "c", "one").close()
    with pytest.raises(EditionDamaged, match="strategielotse ingest"):
        ChromaChunkStore.open(tmp_path / "c", "other")


@pytest.mark.long
def test_chroma_takes_more_chunks_than_a_query_has_variables(tmp_path: Path) -> None:
    names = [str(number) for number in range(MANY)]
    with closing(ChromaChunkStore.create(tmp_path)) as store:
        store.add([chunk(name) for name in names], np.ones((MANY, 1), dtype=np.float32))
        assert len(store.contents()[0]) == MANY


def test_on_a_server_every_edition_is_a_collection(server: str, tmp_path: Path) -> None:
    editions = EditionStore(tmp_path, chroma_url=server)
    names = [
        editions.publish([parsed_document(status=status)]).name
        for status in (ItemStatus.IDEA, ItemStatus.PLANNED, ItemStatus.IMPLEMENTED)
    ]
    edition = editions.open()
    assert edition.store.search(edition.embedding.vector("Bürgerbus Auental"), 1)[0][0] == "beispielkreis-report:1.2"
    edition.close()
    with pytest.raises(EditionDamaged):
        ChromaChunkStore.open(None, f"edition-{names[0]}", server)
    ChromaChunkStore.open(None, f"edition-{names[1]}", server).close()


def test_dropping_what_is_not_there_is_fine(server: str) -> None:
    drop_collection("edition-none", server)
