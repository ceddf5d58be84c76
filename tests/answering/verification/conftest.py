"""The verifier over the sample, and two records of it."""

from __future__ import annotations

import pytest

from service.answering import AnswerService, Corpus, Verifier
from tests.answering.verification.saying import item_of
from vectorstore.records import Item


@pytest.fixture(scope="session")
def verifier(service: AnswerService) -> Verifier:
    return service.parts.verifier


@pytest.fixture(scope="session")
def lights(corpus: Corpus) -> Item:
    return item_of(corpus, "1.1.1.1")


@pytest.fixture(scope="session")
def bus(corpus: Corpus) -> Item:
    return item_of(corpus, "5.1.2.1")
