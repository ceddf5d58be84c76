from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest
from langchain_core.retrievers import BaseRetriever

from tests.vectorstore.samples import parsed_document
from vectorstore.edition import Edition
from vectorstore.editions import EditionStore
from vectorstore.retriever import EditionRetriever


@pytest.fixture(scope="module")
def edition(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Edition]:
    store = EditionStore(Path(tmp_path_factory.mktemp("data")))
    store.publish([parsed_document()])
    opened = store.open()
    yield opened
    opened.close()


def test_it_is_a_langchain_retriever(edition: Edition) -> None:
    retriever: BaseRetriever = EditionRetriever(edition=edition, limit=2)
    best, *others = retriever.invoke("Wann wird der Radweg nach Bergheim gebaut?")
    assert len(others) <= 1
    assert best.id == "beispielkreis-report:1.1"
    assert best.page_content == edition.catalogue.chunks[0].text
    assert best.metadata["ref"] == "1.1" and best.metadata["title"] == "Radschnellweg Nord"
    assert best.metadata["document_id"] == "beispielkreis-report" and best.metadata["page"] is None


def test_scores_fall(edition: Edition) -> None:
    found = EditionRetriever(edition=edition).invoke("Starkregen und Hochwasser in Auental")
    scores = [passage.metadata["score"] for passage in found]
    assert scores == sorted(scores, reverse=True) and scores[0] > 0


def test_the_dense_part_finds_what_no_word_does(edition: Edition) -> None:
    question = "xxglasfaserxx"
    assert EditionRetriever(edition=edition, dense_weight=0.0).invoke(question) == []
    assert EditionRetriever(edition=edition, dense_weight=0.5).invoke(question)[0].metadata["key"] == "3.1"


def test_weights_come_in_as_parameters(edition: Edition) -> None:
    question = "Bürgerbus für Schulen"
    lexical = EditionRetriever(edition=edition, dense_weight=0.0).scores(question)
    fused = EditionRetriever(edition=edition, dense_weight=0.5).scores(question)
    assert lexical.max() == pytest.approx(1.0)
    assert (fused >= lexical - 1e-6).all() and not np.allclose(fused, lexical)


def test_a_question_without_words_finds_nothing(edition: Edition) -> None:
    assert EditionRetriever(edition=edition).invoke("Was ist das?") == []
