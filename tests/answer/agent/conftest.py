"""Agents over the sample corpus."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from service.answer.corpus import Corpus
from service.answer.finding.finder import Finder
from service.answer.finding.topics import TopicResolver
from service.answer.tools.tools import Tools
from service.answer.verifying.verifier import Verifier
from tests.answer.agent.scripted import Desk
from vectorstore.editions import EditionStore


@pytest.fixture(scope="session")
def desk(sample_data: Path) -> Iterator[Desk]:
    with closing(EditionStore(sample_data).open()) as edition:
        corpus = Corpus(edition, edition.catalogue.in_force)
        corpus.prepare()
        yield Desk(Tools(corpus, Finder(corpus), TopicResolver(corpus)), Verifier(corpus))
