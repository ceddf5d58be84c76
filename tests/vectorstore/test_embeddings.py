"""Embeddings: the one that needs nothing finds by pieces of words; any other of LangChain's comes by a setting."""

from __future__ import annotations

import tracemalloc
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from langchain_core.embeddings import DeterministicFakeEmbedding

from tests.vectorstore.samples import PROJECTS
from vectorstore.embeddings import Embedding, ForeignEmbedding, SubwordEmbedding, embedding_for
from vectorstore.errors import EmbeddingUnavailable

TEXTS = [f"{title}. {body}" for title, body in PROJECTS.values()]


@pytest.fixture(scope="module")
def fitted() -> SubwordEmbedding:
    embedding = SubwordEmbedding()
    embedding.fit(TEXTS)
    return embedding


def nearest(embedding: Embedding, question: str) -> int:
    return int(np.argmax(embedding.vectors(TEXTS) @ embedding.vector(question)))


FOUND = {"Bürgerbus": 1, "buergerbusse": 1, "Bügrerbus": 1, "Glasfasernetz": 4, "blüh streifen": 2, "Hochwaser": 3}


@pytest.mark.parametrize(("question", "row"), FOUND.items())
def test_pieces_of_words_find_their_text(fitted: SubwordEmbedding, question: str, row: int) -> None:
    assert nearest(fitted, question) == row


@given(st.lists(st.text(max_size=30), min_size=1, max_size=6), st.text(max_size=30))
def test_vectors_have_length_one_or_zero(texts: list[str], question: str) -> None:
    embedding = SubwordEmbedding(dimensions=3)
    rows = [*embedding.fit(texts), embedding.vector(question)]
    for row in rows:
        assert np.isfinite(row).all()
        length = float(np.linalg.norm(row))
        assert length == pytest.approx(1.0, abs=1e-3) or length == 0.0


def test_what_was_learned_comes_back(fitted: SubwordEmbedding, tmp_path: Path) -> None:
    fitted.save(tmp_path / "e")
    again = SubwordEmbedding().restored(tmp_path / "e")
    assert np.allclose(again.vector("Radschnellweg"), fitted.vector("Radschnellweg"), atol=1e-5)
    with pytest.raises(OSError):
        SubwordEmbedding().restored(tmp_path / "nowhere")


def test_any_langchain_embedding_can_be_used(tmp_path: Path) -> None:
    model = DeterministicFakeEmbedding(size=7)
    embedding = ForeignEmbedding("fake:7", model)
    assert embedding.identity == "fake:7"
    assert embedding.fit(TEXTS).shape == (len(TEXTS), 7)
    assert embedding.vector("a").tolist() == pytest.approx(model.embed_query("a"), abs=1e-6)
    embedding.save(tmp_path / "e")
    assert embedding.restored(tmp_path / "e") is embedding


def test_settings_and_identities_tell_embeddings_apart() -> None:
    assert all(isinstance(embedding_for(setting), SubwordEmbedding) for setting in ("", "default", " default "))
    assert SubwordEmbedding(64).identity != SubwordEmbedding(128).identity == SubwordEmbedding(128).identity


@pytest.mark.parametrize("setting", ["openai", "openai:", "folder:", "magic", "folder:/there/is/no/such/folder"])
def test_what_cannot_be_built_is_said(setting: str) -> None:
    with pytest.raises(EmbeddingUnavailable):
        embedding_for(setting)


@pytest.mark.parametrize(("setting", "extra"), [("openai:m@http://x:1/v1", "openai"), ("folder:{tmp}", "local")])
def test_a_missing_package_names_its_extra(
    setting: str, extra: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("langchain_openai", "langchain_huggingface"):
        monkeypatch.setitem(__import__("sys").modules, name, None)
    with pytest.raises(EmbeddingUnavailable, match=rf"\.\[{extra}\]"):
        embedding_for(setting.format(tmp=tmp_path))


def test_many_short_passages_take_little_memory() -> None:
    texts = [f"Maßnahme {one}: Der Kreis baut Weg {one}." for one in range(4_000)]
    tracemalloc.start()
    try:
        vectors = SubwordEmbedding().fit(texts)
        most = tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()
    assert len(vectors) == len(texts)
    assert most < 80_000_000  # the counts of all at once would be 16 kB each
