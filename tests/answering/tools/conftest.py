"""The tools over the sample edition, and over editions of a few made papers."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack

import pytest

from service.answering import AnswerService, Corpus
from service.answering.retrieval.search import Retriever
from service.answering.tools.toolbox import Tools
from tests.answering.series import series
from tests.service.county import motion, report
from vectorstore import Edition, EditionStore
from vectorstore.records import ParsedDocument

Over = Callable[[Sequence[ParsedDocument]], Tools]


def tools_of(edition: Edition) -> Tools:
    corpus = Corpus(edition, edition.catalogue.in_force)
    return Tools(corpus, Retriever(corpus))


@pytest.fixture(scope="session")
def tools(service: AnswerService) -> Tools:
    return service.tools()


@pytest.fixture(scope="session")
def over(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Over]:
    """The tools over made papers."""
    with ExitStack() as opened:

        def of(papers: Sequence[ParsedDocument]) -> Tools:
            store = EditionStore(tmp_path_factory.mktemp("made"))
            store.publish(papers)
            edition = store.open()
            opened.callback(edition.close)
            return tools_of(edition)

        yield of


@pytest.fixture(scope="session")
def county(over: Over) -> Tools:
    return over([report(), motion()])


@pytest.fixture(scope="session")
def following(over: Over) -> Tools:
    """Two papers of a series, the later one in the place of the earlier one."""
    return over(series())
