"""The encoder: what it makes of German texts, of hostile ones, without its file, in threads and
after a fork.
"""

from __future__ import annotations

import os
import shutil
import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from importlib.metadata import distribution
from multiprocessing import get_context
from pathlib import Path
from unittest.mock import patch

import numpy as np
import pytest

from tests.encoding import encode
from tests.ingest.cases import cases
from tests.vectorstore.e5_graph import graph
from tests.wording import worded
from vectorstore import Vectors, embedding_for, encoder
from vectorstore.encoder import (
    DIGEST,
    FILE,
    GRAPH,
    PACKAGE,
    SIZE,
    Encoder,
    checked_encoder,
    packaged_encoder,
)
from vectorstore.storage import EmbeddingUnavailable
from vectorstore.tokenizer import MOST, Tokenizer

HERE = Path(__file__).parent
TEXTS = (HERE / "german_texts.txt").read_text(encoding="utf-8").splitlines()
STORED = (
    HERE / "german_texts.npy"
)  # half questions, half passages: `python -m tests.vectorstore.test_encoder`
HALF = len(TEXTS) // 2
HOSTILE = {
    "one letter is eighteen": "ﷺ" * 10,
    "and many of them": "ﷺ" * 20_000,
    "a lone surrogate": "Rad\ud800weg",
    "a null": "Rad\0weg",
    "twenty thousand letters": "a" * 20_000,
    "twenty thousand words": "Radweg " * 20_000,
    "from right to left": "‮מה עושה המחוז למען רוכבי אופניים؟ ماذا",
    "controls": "".join(map(chr, range(32))),
    "signs of the model": "<s> </s> <unk> <mask> <pad> ▁▁",
    "nothing": "",
    "blanks": " \u3000\u200b\n",
    "emoji": "👩‍👩‍👧 🚲" * 50,
}


@pytest.fixture(scope="module", autouse=True)
def encoding_anew() -> Iterator[None]:
    with patch.object(Encoder, "_encode", encode):
        yield


@pytest.fixture(scope="module")
def shipped() -> Encoder:
    return packaged_encoder()


def vectors_of(shipped: Encoder) -> Vectors:
    questions = np.stack([shipped.vector(text) for text in TEXTS[:HALF]])
    return np.concatenate([questions, shipped.vectors(TEXTS[HALF:])])


def test_fifty_german_texts_have_the_vectors_that_were_stored(shipped: Encoder) -> None:
    assert len(TEXTS) == 50
    assert np.abs(vectors_of(shipped) - np.load(STORED).astype(np.float32)).max() < 2e-3


@cases("question", "passage")
def test_what_means_the_same_is_near_whatever_its_words(
    shipped: Encoder, question: str, passage: str
) -> None:
    best = int(np.argmax(shipped.vectors(TEXTS[HALF:]) @ shipped.vector(question)))
    assert TEXTS[HALF + best].startswith(passage)


@pytest.mark.parametrize("text", HOSTILE.values(), ids=HOSTILE)
def test_hostile_texts_have_a_vector_like_any_other(shipped: Encoder, text: str) -> None:
    pieces, _ = shipped.model
    assert 3 <= len(pieces.split(f"query: {text}")) <= MOST
    for row in (shipped.vector(text), *shipped.vectors([text, "Radweg"])):
        assert (
            row.shape == (384,)
            and np.isfinite(row).all()
            and np.linalg.norm(row) == pytest.approx(1.0, abs=1e-4)
        )


def test_signs_of_the_model_in_a_text_are_no_signs(shipped: Encoder) -> None:
    split = shipped.model[0].split(HOSTILE["signs of the model"])
    assert not {0, 1, 2} & set(split[1:-1])


def test_a_vector_does_not_depend_on_the_texts_beside_it(shipped: Encoder) -> None:
    alone = np.concatenate([shipped.vectors([text]) for text in TEXTS[HALF:]])
    assert np.abs(alone - shipped.vectors(TEXTS[HALF:])).max() < 1e-4


def test_letters_and_their_marks_are_the_same_apart_or_together(shipped: Encoder) -> None:
    assert np.allclose(
        shipped.vector("Bürgerbus Mühlgraben"), shipped.vector("Bu\u0308rgerbus Mu\u0308hlgraben")
    )


def test_threads_have_the_vectors_of_one(shipped: Encoder) -> None:
    expected = shipped.vectors(TEXTS[:8])
    with ThreadPoolExecutor(2) as threads:
        for found in threads.map(lambda _: shipped.vectors(TEXTS[:8]), range(4)):
            assert np.array_equal(found, expected)


def test_many_passages_are_encoded_in_two_threads_that_end(shipped: Encoder) -> None:
    before = threading.enumerate()
    many = shipped.vectors(TEXTS * 2)
    assert np.abs(many[: len(TEXTS)] - many[len(TEXTS) :]).max() < 1e-4
    assert np.abs(many[0] - shipped.vectors(TEXTS[:1])[0]).max() < 1e-4
    assert threading.enumerate() == before


def ask_in_child(question: str) -> list[float]:
    return packaged_encoder().embed_query(question)


def test_a_forked_child_has_them_too(shipped: Encoder) -> None:
    expected = shipped.embed_query(TEXTS[0])
    with get_context("fork").Pool(2) as children:
        for found in children.map_async(ask_in_child, TEXTS[:1] * 4).get(timeout=60):
            assert found == pytest.approx(expected, abs=1e-6)


def test_a_question_is_encoded_once_for_whoever_asks(shipped: Encoder) -> None:
    found = shipped.vector("Wo gibt es Radwege?")
    assert embedding_for(None).vector("Wo gibt es Radwege?") is found


def test_vectors_of_questions_are_not_to_be_written_to(shipped: Encoder) -> None:
    with pytest.raises(ValueError, match="read-only"):
        shipped.vector("Radweg")[0] = 1.0


@pytest.mark.parametrize("damage", ["missing", "cut off", "changed"])
def test_a_file_that_is_not_the_one_is_not_used(tmp_path: Path, damage: str) -> None:
    path = tmp_path / "weights"
    if damage != "missing":
        with path.open("wb") as file:
            file.truncate(SIZE - (damage == "cut off"))
    with pytest.raises(EmbeddingUnavailable, match=worded("store.encoder_damaged", path=path)):
        checked_encoder(path)


def ask_while_the_file_is_cut(path: Path) -> None:
    encoder = checked_encoder(path)
    encoder.embed_query("Radweg")
    os.truncate(path, 1000)
    with pytest.raises(EmbeddingUnavailable):
        encoder.embed_query(" ".join(TEXTS))


def test_a_file_that_is_cut_in_place_is_told_and_ends_nobody(
    tmp_path: Path, shipped: Encoder
) -> None:
    copy = shutil.copy(Path(str(distribution(PACKAGE).locate_file(FILE))), tmp_path / "weights")
    asking = get_context("spawn").Process(target=ask_while_the_file_is_cut, args=(Path(copy),))
    asking.start()
    asking.join(120)
    assert asking.exitcode == 0


def test_the_shipped_graph_is_the_one_that_is_drawn() -> None:
    assert GRAPH.read_bytes() == graph()


def test_without_the_package_there_is_no_encoder(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(encoder, "PACKAGE", "there-is-no-such-package")
    with pytest.raises(EmbeddingUnavailable):
        embedding_for(None)


def test_nothing_of_the_package_is_imported(shipped: Encoder) -> None:
    import sys

    shipped.vector("Radweg")
    assert not [name for name in sys.modules if name.split(".")[0] == PACKAGE]
    assert FILE.startswith(f"{PACKAGE}/") and shipped.identity.endswith(DIGEST[:12])


def test_a_word_is_split_into_its_likeliest_pieces() -> None:
    pieces = Tokenizer(
        {"▁rad": 4, "weg": 5, "▁": 6, "r": 7, "adweg": 8},
        [0, 0, 0, 0, -2.0, -2.0, -3.0, -3.0, -9.0],
        {},
    )
    assert pieces.split("radweg  rad") == [0, 4, 5, 4, 2]
    assert pieces.split("r") == [0, 6, 7, 2]
    assert pieces.split("xyz") == [0, 6, 3, 2]  # what is unknown is one piece


if __name__ == "__main__":
    np.save(STORED, vectors_of(packaged_encoder()).astype(np.float16))
