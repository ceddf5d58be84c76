"""The sample corpus as it answers, asked once for all tests of a worker."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from evals.asking import InProcess
from evals.cases import load_cases, shipped_cases
from evals.corpora import SAMPLE
from evals.measurements import ScoredCase
from service.answering.service import AnswerService
from service.settings import load_settings
from tests.sharing import once
from vectorstore.editions import EditionStore
from vectorstore.encoder import packaged_encoder


@pytest.fixture(scope="session")
def data_dir(sample_data: Path) -> Path:
    return sample_data


@pytest.fixture(scope="session")
def measured(data_dir: Path) -> Iterator[AnswerService]:
    edition = EditionStore(data_dir, packaged_encoder()).open()
    yield AnswerService(edition, load_settings(data_dir=data_dir))
    edition.close()


@pytest.fixture(scope="session")
def sample_rows(measured: AnswerService) -> list[ScoredCase]:
    """Every shipped case over the sample corpus, asked and judged."""
    from evals.asking import ask_case

    target = InProcess(measured)

    def ask() -> list[ScoredCase]:
        return [
            ask_case(target, case, set_name=path.stem, corpus=SAMPLE, group=SAMPLE)
            for path in shipped_cases()
            for case in load_cases(path)
        ]

    return once("sample rows", ask)
