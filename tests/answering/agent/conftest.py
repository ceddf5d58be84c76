"""Agents over the sample corpus."""

from __future__ import annotations

import pytest

from service.answering import AnswerService
from tests.answering.agent.scripted import ScriptedModel


@pytest.fixture(scope="session")
def desk(service: AnswerService) -> ScriptedModel:
    service.corpus.records.prepare()
    return ScriptedModel(service.parts, service.settings)
