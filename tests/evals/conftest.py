"""The sample corpus as it answers, asked once for all tests of a worker."""

from __future__ import annotations

import pytest

from evals.asking import InProcess, ask_case
from evals.case_files import load_cases, shipped_cases
from evals.corpora import SAMPLE
from evals.measurements import ScoredCase
from service.answering import AnswerService
from tests.sharing import once


@pytest.fixture(scope="session")
def sample_rows(sample_service: AnswerService) -> list[ScoredCase]:
    """Every shipped case over the sample corpus, asked and judged."""
    target = InProcess(sample_service)

    def ask() -> list[ScoredCase]:
        return [
            ask_case(target, case, set_name=path.stem, corpus=SAMPLE, group=SAMPLE)
            for path in shipped_cases()
            for case in load_cases(path)
        ]

    return once("sample rows", ask)
