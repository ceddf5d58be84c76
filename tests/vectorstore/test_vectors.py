"""The vectors of an edition: searched exactly, within all or some documents."""

from __future__ import annotations

import multiprocessing
import shutil
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.vectorstore.chroma_server import chroma_server
from tests.vectorstore.samples import parsed_document
from vectorstore.chroma import ChromaIndex
from vectorstore.edition_files import NOTED
from vectorstore.editions import EditionStore
from vectorstore.errors import EditionDamaged, StoreAway
from vectorstore.vectors import FILES, LEAST_INDEXED, ExactVectors, NearestChunks, Vectors, VectorStores

VECTOR = np.arange(8, dtype=np.float32) - 3
Parts = tuple[list[str], list[str], Vectors]


def parts(size: int = 3 * LEAST_INDEXED, seed: int = 1) -> Parts:
    """Chunks of documents, some with equal vectors, one of zeros."""
    vectors = np.random.default_rng(seed).normal(size=(size, 8)).astype(np.float32)
    vectors[size // 2], vectors[size // 3] = vectors[0], 0.0
    return [f"{row:05}" for row in range(size)], [f"d{row // 50}" for row in range(size)], vectors


def compared(chunks: Parts, vector: Vectors, limit: int, documents: list[str] | None) -> list[float]:
    """The similarities that comparing one after the other gives."""
    lengths = [float(np.linalg.norm(one)) or 1.0 for one in chunks[2]]
    rows = [row for row, owner in enumerate(chunks[1]) if documents is None or owner in documents]
    found = [float(chunks[2][row] @ vector) / lengths[row] / float(np.linalg.norm(vector)) for row in rows]
    return sorted(found, reverse=True)[:limit]


@settings(deadline=None, max_examples=40)
@given(
    st.integers(1, 1000),
    st.integers(1, 160),
    st.integers(1, 70),
    st.none() | st.lists(st.sampled_from([f"d{one}" for one in range(8)])),
)
def test_the_nearest_are_those_of_comparing_all(seed: int, size: int, limit: int, documents: list[str] | None) -> None:
    chunks = parts(size, seed)
    order = np.random.default_rng(seed).permutation(size)
    mixed = [chunks[0][row] for row in order], [chunks[1][row] for row in order], chunks[2][order]
    found = ExactVectors.of(*mixed).search(VECTOR, limit, documents)
    assert [score for _, score in found] == pytest.approx(compared(chunks, VECTOR, limit, documents), abs=1e-5)
    owner = dict(zip(chunks[0], chunks[1], strict=True))
    assert documents is None or {owner[one] for one, _ in found} <= set(documents)


def test_what_was_saved_is_loaded_and_equal_vectors_give_equal_bytes(tmp_path: Path) -> None:
    for name in ("one", "other"):
        ExactVectors.of(*parts()).save(tmp_path / name)
    assert all((tmp_path / "one" / file).read_bytes() == (tmp_path / "other" / file).read_bytes() for file in FILES)
    loaded, vector = ExactVectors.load(tmp_path / "one"), np.ones(8, dtype=np.float32)
    assert loaded.search(vector, 9) == ExactVectors.of(*parts()).search(vector, 9)
    assert sorted(loaded.ids()) == sorted(parts()[0])


def test_vectors_of_other_chunks_are_told(tmp_path: Path) -> None:
    ExactVectors.of(*parts()).save(tmp_path)
    np.save(tmp_path / FILES[0], np.zeros((3, 8), dtype=np.float32))
    with pytest.raises(ValueError, match="3 vectors of 300"):
        ExactVectors.load(tmp_path)


MANY = 33_000  # SQLite takes 32,766 variables
NOBODY = "http://127.0.0.1:9"
Change = Callable[[Path], object]


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    with chroma_server(tmp_path_factory.mktemp("chroma-server")) as url:
        yield url


@pytest.fixture(params=["folder", "server"])
def stores(request: pytest.FixtureRequest) -> VectorStores:
    return VectorStores(None if request.param == "folder" else request.getfixturevalue("server"))


def names(found: list[tuple[str, float]]) -> list[str]:
    return [name for name, _ in found]


def test_chroma_finds_what_comparing_with_every_vector_finds(stores: VectorStores, tmp_path: Path) -> None:
    stores.write(tmp_path, "2026-01-01-1", *parts())
    with closing(stores.open(tmp_path, "2026-01-01-1")) as store:
        store.require_index()
        expected = store.exact.search(VECTOR, 10)
        found = store.search(VECTOR * 7, 10)
        assert names(found) == names(expected)
        assert [score for _, score in found] == pytest.approx([score for _, score in expected], abs=1e-5)
        assert len(store.search(VECTOR, 1000)) == len(store.exact.units)
        assert store.search(VECTOR, 0) == store.search(VECTOR * 0, 3) == store.search(VECTOR, 3, ["none"]) == []
        assert set(names(store.search(VECTOR, 90, ["d2"]))) == {f"{row:05}" for row in range(100, 150)}


def test_an_index_is_asked_and_not_only_made(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    stores, asked = VectorStores(None), []
    stores.write(tmp_path, "e", *parts())
    search = ChromaIndex.search
    monkeypatch.setattr(ChromaIndex, "search", lambda *said: asked.append(said) or search(*said))
    with closing(stores.open(tmp_path, "e")) as store:
        store.search(VECTOR, 3)
        store.search(VECTOR, 3, ["d1"])
    assert len(asked) == 1


@pytest.mark.parametrize("size", [LEAST_INDEXED, LEAST_INDEXED + 1, 2 * LEAST_INDEXED + 50])
def test_the_files_of_an_index_have_no_room_left_over(tmp_path: Path, size: int) -> None:
    """Room left over is memory as the process had it: words of removed documents were found in it."""
    VectorStores(None).write(tmp_path, "e", *parts(size))
    (vectors,), (lengths,) = list(tmp_path.rglob("data_level0.bin")), list(tmp_path.rglob("length.bin"))
    assert lengths.stat().st_size == 4 * size
    assert vectors.stat().st_size % size == 0 and vectors.stat().st_size < 2 * size * (8 * 4 + 200)


DAMAGES: dict[str, Change] = {
    "another edition's": lambda noted: shutil.copy(noted.parents[2] / "other" / NOTED, noted),
    "half": lambda noted: noted.write_bytes(noted.read_bytes()[:6000]),
    "empty": lambda noted: noted.write_bytes(b""),
    "no database": lambda noted: noted.write_bytes(b"nonsense" * 3000),
}


@pytest.mark.parametrize("damage", DAMAGES)
def test_an_index_that_is_not_this_editions_is_told_and_not_believed(tmp_path: Path, damage: str) -> None:
    stores = VectorStores(None)
    for name, seed in (("one", 1), ("other", 2)):
        stores.write(tmp_path / name, name, *parts(seed=seed))
    DAMAGES[damage](tmp_path / "one" / NOTED)
    with closing(stores.open(tmp_path / "one", "one")) as store:
        assert store.search(VECTOR, 10) == store.exact.search(VECTOR, 10)
    if damage != "another edition's":  # its chunks have the same ids here
        with closing(stores.open(tmp_path / "one", "one")) as store, pytest.raises((EditionDamaged, StoreAway)):
            store.require_index()


def test_while_chroma_does_not_answer_all_vectors_are_compared_and_then_it_is_asked_again(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    exact, asked = ExactVectors.of(*parts()), []

    def nobody() -> ChromaIndex:
        asked.append(1)
        raise ConnectionError

    store = NearestChunks(exact, nobody)
    assert store.search(VECTOR, 3) == store.search(VECTOR, 3) == exact.search(VECTOR, 3)
    assert len(asked) == 1 and "no answer of Chroma (ConnectionError)" in caplog.text
    with pytest.raises(StoreAway):
        store.require_index()
    monkeypatch.setattr("vectorstore.vectors.RETRY_SECONDS", -1.0)
    for _ in range(2):
        store._away_until = 0.0
        store.search(VECTOR, 3)
    assert len(asked) == 4
    store.close()


def test_a_lost_collection_is_told_and_put_back_with_its_edition(server: str, tmp_path: Path) -> None:
    stores, name = VectorStores(server), "2026-01-01-7"
    stores.write(tmp_path, name, *parts())
    stores.drop(name)
    with closing(stores.open(tmp_path, name)) as store, pytest.raises(EditionDamaged, match="Vektorspeicher"):
        store.require_index()
    for _ in range(2):
        stores.put_back(tmp_path, name)
        with closing(stores.open(tmp_path, name)) as store:
            store.require_index()
    shutil.rmtree(tmp_path / "units")
    with pytest.raises(EditionDamaged, match="verloren"):
        stores.put_back(tmp_path, name)


def test_on_a_server_every_edition_is_a_collection(server: str, tmp_path: Path) -> None:
    editions = EditionStore(tmp_path, chroma_url=server)
    gone, kept, _ = [editions.publish([parsed_document(name)]).name for name in ("a", "b", "c")]
    with closing(editions.open()) as edition:
        assert edition.store.search(edition.embedding.vector("Bürgerbus Auental"), 1)[0][0] == "c:1.2"
    with pytest.raises(EditionDamaged):
        ChromaIndex(server, f"edition-{gone}")
    ChromaIndex(server, f"edition-{kept}").close()


def test_vectors_that_an_early_version_kept_in_chroma_alone(tmp_path: Path) -> None:
    ids, owners, vectors = parts()
    stores, expected = VectorStores(None), names(ExactVectors.of(ids, owners, vectors).search(VECTOR, 9))
    with closing(ChromaIndex(tmp_path / "chroma", "chunks", new=True)) as index:
        metadatas = [{"document_id": one} for one in owners]
        index._collection.add(ids=ids, embeddings=vectors, metadatas=metadatas)
    with closing(stores.open(tmp_path, "e")) as store:
        assert names(store.exact.search(VECTOR, 9)) == names(store.search(VECTOR, 9)) == expected


def ask(folder: Path, times: int) -> int:
    """Open the same edition again and again, as a process of its own."""
    good = 0
    for _ in range(times):
        with closing(ChromaIndex(folder / "chroma", "chunks")) as index:
            good += len(index.search(VECTOR, 5))
    return good


def test_several_processes_ask_one_folder(tmp_path: Path) -> None:
    VectorStores(None).write(tmp_path, "e", *parts())
    with multiprocessing.get_context("spawn").Pool(4) as pool:
        assert pool.starmap(ask, [(tmp_path, 10)] * 4) == [50] * 4


@pytest.mark.long
def test_chroma_takes_more_chunks_than_a_query_has_variables(tmp_path: Path) -> None:
    stores = VectorStores(None)
    stores.write(tmp_path, "e", *parts(MANY))
    with closing(stores.open(tmp_path, "e")) as store:
        store.require_index()
