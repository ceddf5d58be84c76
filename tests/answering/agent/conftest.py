"""Agents over the sample corpus."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from service.answering.corpus import Corpus
from service.answering.pipeline import PipelineParts
from service.settings import load_settings
from tests.answering.agent.scripted import ScriptedModel
from vectorstore.editions import EditionStore
from vectorstore.encoder import packaged_encoder


@pytest.fixture(scope="session")
def desk(sample_data: Path) -> Iterator[ScriptedModel]:
    with closing(EditionStore(sample_data, packaged_encoder()).open()) as edition:
        corpus = Corpus(edition, edition.catalogue.in_force)
        corpus.records.prepare()
        yield ScriptedModel(PipelineParts(corpus), load_settings(data_dir=sample_data))
