"""The sample edition as answering opens it, and one verifier over it."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from service.answering.corpus import Corpus
from service.answering.service import AnswerService
from service.answering.verification.verifier import Verifier
from service.settings import load_settings
from tests.answering.truth import REPORT
from vectorstore.editions import EditionStore
from vectorstore.records import Item


@pytest.fixture(scope="session")
def service(sample_data: Path) -> Iterator[AnswerService]:
    with closing(EditionStore(sample_data).open()) as edition:
        yield AnswerService(edition, load_settings(data_dir=sample_data))


@pytest.fixture(scope="session")
def corpus(service: AnswerService) -> Corpus:
    return service.corpus


@pytest.fixture(scope="session")
def verifier(service: AnswerService) -> Verifier:
    return service.parts.verifier


@pytest.fixture(scope="session")
def lights(corpus: Corpus) -> Item:
    found = corpus.catalogue.item(REPORT, "1.1.1.1")
    assert found is not None
    return found


@pytest.fixture(scope="session")
def bus(corpus: Corpus) -> Item:
    found = corpus.catalogue.item(REPORT, "5.1.2.1")
    assert found is not None
    return found
