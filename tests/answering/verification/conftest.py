"""The verifier over the sample, and two records of it."""

from __future__ import annotations

import pytest

from service.answering.corpus import Corpus
from service.answering.service import AnswerService
from service.answering.verification.verifier import Verifier
from tests.answering.truth import REPORT
from vectorstore.records import Item


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
