"""The vectors of an edition: stored in a folder or on a server, read once, compared with a
question.
"""

from __future__ import annotations

import multiprocessing
import shutil
import socket
import time
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path

import numpy as np
import pytest

from tests.vectorstore.chroma_server import chroma_server
from tests.vectorstore.samples import LetterEmbedding, nearest, parsed_document
from tests.wording import worded
from vectorstore import CHROMA_DATABASE, EditionStore
from vectorstore.chroma import (
    LEAST_INDEXED,
    SERVER_SECONDS,
    StoredVectors,
    open_client,
    read_collection,
)
from vectorstore.embeddings import as_units
from vectorstore.storage import EditionDamaged, StoreUnavailable
from vectorstore.vectors import (
    PassageVectors,
    VectorStores,
    embed,
    read_folder,
    text_digests,
)

SIZES = [1, LEAST_INDEXED - 1, LEAST_INDEXED, 2 * LEAST_INDEXED + 50]
NOBODY = "http://127.0.0.1:9"
MANY = 33_000  # SQLite takes 32,766 variables
Change = Callable[[Path], object]


def stored(size: int = 3 * LEAST_INDEXED, seed: int = 1) -> StoredVectors:
    """Vectors of made chunks, some of them equal, one of zeros where there are several."""
    vectors = np.random.default_rng(seed).normal(size=(size, 8)).astype(np.float32)
    vectors[size // 2], vectors[size // 3] = vectors[0], 0.0 if size > 1 else vectors[0]
    ids = [f"{row:05}" for row in range(size)]
    return StoredVectors(ids, text_digests("made", ids), as_units(vectors))


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    with chroma_server(tmp_path_factory.mktemp("chroma-server")) as url:
        yield url


@pytest.fixture(params=["folder", "server"])
def stores(request: pytest.FixtureRequest) -> VectorStores:
    return VectorStores(None if request.param == "folder" else request.getfixturevalue("server"))


@pytest.mark.parametrize("size", SIZES)
def test_what_was_stored_is_read_and_compared(
    stores: VectorStores, tmp_path: Path, size: int
) -> None:
    given, name, question = stored(size), f"2026-01-{size}", np.arange(8, dtype=np.float32) - 3
    stores.write(tmp_path, name, given)
    stores.require_equal_vectors(tmp_path, name)
    backwards = given.ids[::-1]
    with closing(stores.open(tmp_path, name, backwards)) as opened:
        found = opened.similarities(question)
        assert found is not None and not opened.is_unavailable
        assert found[::-1] == pytest.approx(
            given.vectors @ (question / np.linalg.norm(question)), abs=1e-5
        )
    assert sorted(read_folder(tmp_path).digests) == sorted(given.digests)


@pytest.mark.parametrize("size", SIZES)
def test_the_files_of_an_index_have_no_room_left_over(tmp_path: Path, size: int) -> None:
    """Room left over is memory as the process had it: words of removed documents were found in
    it.
    """
    VectorStores(None).write(tmp_path, "e", stored(size))
    (vectors,), (lengths,) = (
        list(tmp_path.rglob("data_level0.bin")),
        list(tmp_path.rglob("length.bin")),
    )
    rows = max(size, LEAST_INDEXED)
    assert lengths.stat().st_size == 4 * rows
    assert vectors.stat().st_size % rows == 0 and vectors.stat().st_size < 2 * rows * (8 * 4 + 200)


def test_several_processes_read_one_folder(tmp_path: Path) -> None:
    VectorStores(None).write(tmp_path, "e", stored())
    with multiprocessing.get_context("spawn").Pool(4) as pool:
        assert [len(item.ids) for item in pool.map(read_folder, [tmp_path] * 12)] == [300] * 12


DAMAGES: dict[str, Change] = {
    "another edition's": lambda noted: shutil.copy(
        noted.parents[2] / "other" / CHROMA_DATABASE, noted
    ),
    "half": lambda noted: noted.write_bytes(noted.read_bytes()[:6000]),
    "empty": lambda noted: noted.write_bytes(b""),
    "no database": lambda noted: noted.write_bytes(b"nonsense" * 3000),
    "gone": lambda noted: noted.unlink(),
}


@pytest.mark.parametrize("damage", DAMAGES)
def test_vectors_that_are_not_this_editions_are_told_and_words_have_to_do(
    tmp_path: Path, damage: str, caplog: pytest.LogCaptureFixture
) -> None:
    stores = VectorStores(None)
    stores.write(tmp_path / "one", "one", stored(120))
    stores.write(tmp_path / "other", "other", stored(130, seed=2))
    DAMAGES[damage](tmp_path / "one" / CHROMA_DATABASE)
    with closing(stores.open(tmp_path / "one", "one", stored(120).ids)) as opened:
        assert opened.similarities(np.ones(8, dtype=np.float32)) is None and opened.is_unavailable
        with pytest.raises((EditionDamaged, StoreUnavailable)):
            opened.units()
    assert "vectors_away" in caplog.text or "nach Wörtern" in caplog.text


def test_what_cannot_be_read_is_tried_again_after_a_while(monkeypatch: pytest.MonkeyPatch) -> None:
    tried = list[int]()

    def read() -> StoredVectors:
        tried.append(1)
        if len(tried) < 3:
            raise StoreUnavailable("away")
        return stored(4)

    opened, question = PassageVectors(stored(4).ids, read), np.ones(8, dtype=np.float32)
    assert opened.similarities(question) is None and opened.similarities(question) is None
    assert len(tried) == 1
    monkeypatch.setattr("vectorstore.vectors.RETRY_SECONDS", 0.0)
    opened._away_until = 0.0
    assert opened.similarities(question) is None and opened.is_unavailable
    assert opened.similarities(question) is not None and not opened.is_unavailable
    assert len(tried) == 3


def test_a_question_of_another_length_is_not_compared(tmp_path: Path) -> None:
    VectorStores(None).write(tmp_path, "e", stored(4))
    with closing(VectorStores(None).open(tmp_path, "e", stored(4).ids)) as opened:
        assert opened.similarities(np.ones(9, dtype=np.float32)) is None


def test_without_the_server_the_folder_is_read(server: str, tmp_path: Path) -> None:
    VectorStores(server).write(tmp_path, "2026-01-01-6", stored(4))
    with closing(VectorStores(NOBODY).open(tmp_path, "2026-01-01-6", stored(4).ids)) as opened:
        assert opened.similarities(np.ones(8, dtype=np.float32)) is not None
    with pytest.raises(StoreUnavailable):
        VectorStores(NOBODY).write(tmp_path / "new", "2026-01-01-8", stored(4))


def test_a_lost_collection_is_told_and_put_back_with_its_edition(
    server: str, tmp_path: Path
) -> None:
    stores, name = VectorStores(server), "2026-01-01-7"
    stores.write(tmp_path, name, stored())
    stores.drop(name)
    with pytest.raises(EditionDamaged, match=worded("store.no_collection")):
        stores.require_equal_vectors(tmp_path, name)
    for _ in range(2):
        stores.restore(tmp_path, name)
        stores.require_equal_vectors(tmp_path, name)


def test_on_a_server_every_edition_is_a_collection(server: str, tmp_path: Path) -> None:
    editions = EditionStore(tmp_path, LetterEmbedding(), chroma_url=server)
    gone, kept, _ = [editions.publish([parsed_document(name)]).name for name in ("a", "b", "c")]
    with closing(editions.open()) as edition:
        assert nearest(edition, "Bürgerbus Auental") == "c:1.2"
    with pytest.raises(EditionDamaged):
        read_collection(server, f"edition-{gone}")
    assert read_collection(server, f"edition-{kept}").ids


def test_each_text_is_embedded_once_short_ones_first_and_what_is_known_is_not() -> None:
    letters, text = LetterEmbedding(), list[float]()
    texts = [f"{'Radweg ' * (row % 7)}{row % 90}" for row in range(200)]
    known = dict(
        zip(
            text_digests(letters.identity, texts[:5]),
            as_units(letters.vectors(texts[:5])),
            strict=True,
        )
    )
    letters.given.clear()
    found = embed(texts, letters, known, text.append)
    assert found == pytest.approx(as_units(letters.vectors(texts)), abs=1e-6)
    given = letters.given[: -len(texts)]
    assert sorted(given) == sorted(set(texts[5:]) - set(texts[:5])) and [
        *map(len, given)
    ] == sorted(map(len, given))
    assert text == sorted(text) and text[-1] == 1.0


def test_a_request_to_a_server_ends_in_time(server: str) -> None:
    """Chroma waits for ever, and its own `close` leaves connections open: both is mended by private
    names.
    """
    with open_client(server) as client:
        sessions = [client._server._session, client._admin_client._server._session]
        assert sessions[0].timeout.read == SERVER_SECONDS
    assert all(session.is_closed for session in sessions)


def test_a_server_that_says_nothing_is_away_in_time(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("vectorstore.chroma.SERVER_SECONDS", 0.5)
    with socket.create_server(("127.0.0.1", 0)) as silent:
        begun, url = time.monotonic(), f"http://127.0.0.1:{silent.getsockname()[1]}"
        with pytest.raises(StoreUnavailable):
            read_collection(url, "any")
        assert time.monotonic() - begun < 10


def test_what_could_not_be_read_can_once_it_is_mended(tmp_path: Path) -> None:
    """Chroma remembers by a private name what failed to open."""
    VectorStores(None).write(tmp_path, "e", stored(4))
    content = (tmp_path / CHROMA_DATABASE).read_bytes()
    (tmp_path / CHROMA_DATABASE).write_bytes(b"nonsense" * 3000)
    with pytest.raises(StoreUnavailable):
        read_folder(tmp_path)
    (tmp_path / CHROMA_DATABASE).write_bytes(content)
    assert sorted(read_folder(tmp_path).ids) == stored(4).ids


@pytest.mark.long
def test_chroma_takes_more_chunks_than_a_query_has_variables(tmp_path: Path) -> None:
    VectorStores(None).write(tmp_path, "e", stored(MANY))
    assert len(read_folder(tmp_path).ids) == MANY
