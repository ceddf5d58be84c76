"""The tools over the sample edition, and over editions of a few made papers."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import pytest

from service.answering import AnswerService
from service.answering.tools.toolbox import Tools
from tests.answering.conftest import OverDocuments
from tests.answering.series import series
from tests.service.county import motion, report
from vectorstore.records import ParsedDocument

Over = Callable[[Sequence[ParsedDocument]], Tools]


@pytest.fixture(scope="session")
def tools(service: AnswerService) -> Tools:
    return service.tools()


@pytest.fixture(scope="session")
def over(over_documents: OverDocuments) -> Over:
    """The tools over made papers."""
    return lambda papers: over_documents(*papers).tools()


@pytest.fixture(scope="session")
def county(over: Over) -> Tools:
    return over([report(), motion()])


@pytest.fixture(scope="session")
def following(over: Over) -> Tools:
    """Two papers of a series, the later one in the place of the earlier one."""
    return over(series())
