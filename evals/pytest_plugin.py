"""Case files as pytest tests: `pytest_plugins = ["evals.pytest_plugin"]`, then mark a test with the files.

    @pytest.mark.eval_cases("faelle.jsonl")
    def test_answers(judgement):
        assert judgement.fully, why(judgement)

Each case becomes one test; paths are relative to the test's file. `--eval-data-dir` or `--eval-url` say who answers;
without them it is the current edition of the settings.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from evals.cases import Case, load_cases
from evals.cases.errors import CaseError
from evals.metrics.judging import Asked, Judgement, judge
from evals.reporting.why import why
from evals.runs.asking import target_of
from evals.runs.targets import Target
from service.settings import load_settings

__all__ = ["eval_target", "judgement", "why"]
MARKER = "eval_cases"


def pytest_addoption(parser: pytest.Parser) -> None:
    """Add the two options that say who answers."""
    group = parser.getgroup("strategielotse")
    group.addoption("--eval-data-dir", type=Path, default=None, help="folder of the editions that answer the cases")
    group.addoption("--eval-url", default=None, help="address of a running service that answers the cases")


def pytest_configure(config: pytest.Config) -> None:
    """Make the marker known."""
    config.addinivalue_line("markers", f"{MARKER}(*files): run the test once for each case of these files")


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    """Turn the cases of a marked test's files into its parameters."""
    marker = metafunc.definition.get_closest_marker(MARKER)
    if marker is None:
        return
    folder = metafunc.definition.path.parent
    try:
        cases = load_cases(*(folder / name for name in marker.args))
    except CaseError as error:
        raise pytest.UsageError(str(error)) from error
    metafunc.parametrize("judgement", cases, indirect=True, ids=[one.id for one in cases])


@pytest.fixture(scope="session")
def eval_target(request: pytest.FixtureRequest) -> Iterator[Target]:
    """Who answers the cases; override it to have another service tested."""
    settings = load_settings(data_dir=request.config.getoption("--eval-data-dir"))
    with target_of(settings, request.config.getoption("--eval-url")) as target:
        yield target


@pytest.fixture
def judgement(request: pytest.FixtureRequest, eval_target: Target) -> Judgement:
    """The judgement of one case's answer."""
    case: Case = request.param
    return judge(Asked(case, eval_target.ask(case), eval_target.knowledge))
