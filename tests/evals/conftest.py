"""A real edition of the sample corpus for measuring."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from ingest.job import IngestRequest, run_ingest
from service.answering.service import AnswerService
from service.settings import load_settings
from tests.answering.truth import MANIFEST
from vectorstore.editions import EditionStore


@pytest.fixture(scope="session")
def data_dir(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("measured")
    run_ingest(IngestRequest(manifest=MANIFEST), EditionStore(folder))
    return folder


@pytest.fixture(scope="session")
def measured(data_dir: Path) -> Iterator[AnswerService]:
    edition = EditionStore(data_dir).open()
    yield AnswerService(edition, load_settings(data_dir=data_dir))
    edition.close()
