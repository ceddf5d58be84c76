"""Evaluation where its extra is not installed: one sentence with the command, and all that needs none of it works."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from evals.extra import PACKAGES, absent, told
from evals.runs.asking import shipped_cases
from tests.processes import COMMAND, REPOSITORY, environment

LACKING = f"import sys\nfor name in {PACKAGES!r}:\n    sys.modules[name] = None\n"
SENTENCE = "im Ordner des Quelltextes richtet sie ein: make install-eval"


@pytest.fixture
def lacking(tmp_path: Path) -> dict[str, str]:
    """The environment of a Python that cannot import the extra's packages."""
    (tmp_path / "sitecustomize.py").write_text(LACKING)
    return environment(tmp_path / "data", PYTHONPATH=str(tmp_path))


def call(env: dict[str, str], *arguments: str | Path) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [*COMMAND, "eval", *arguments], cwd=REPOSITORY, env=env, capture_output=True, text=True, timeout=120
    )


@pytest.mark.parametrize(
    "arguments",
    [("run", "--quick"), ("report", "x"), ("baselines", "--set", "a=b")],  # each starts a Python of its own
)
def test_what_needs_the_extra_says_which_command_installs_it(
    lacking: dict[str, str], arguments: tuple[str, ...]
) -> None:
    result = call(lacking, *arguments)
    assert result.returncode == 2
    assert result.stdout == ""
    (line,) = result.stderr.splitlines()
    assert line.startswith("Der Auswertung fehlen Pakete (langchain_chroma, ")
    assert line.endswith(SENTENCE)


@pytest.mark.parametrize("arguments", [("--help",), ("list",)])
def test_what_needs_nothing_of_it_works(lacking: dict[str, str], arguments: tuple[str, ...]) -> None:
    result = call(lacking, *arguments)
    assert (result.returncode, result.stderr) == (0, "")


def test_cases_become_tables_without_it(lacking: dict[str, str], tmp_path: Path) -> None:
    result = call(lacking, "cases", "export", *shipped_cases(), "--to", tmp_path / "cases.xlsx")
    assert result.returncode == 0, result.stderr


def test_only_the_measures_of_readability_need_it(lacking: dict[str, str]) -> None:
    code = (
        "import evals.pytest_plugin, evals.runs.comparison, evals.runs.gate, evals.runs.replay\n"
        "from evals.metrics.measures import MEASURES\n"
        "assert MEASURES\n"
    )
    result = subprocess.run([sys.executable, "-c", code], cwd=REPOSITORY, env=lacking, capture_output=True, text=True)
    assert (result.returncode, result.stderr) == (0, "")


def test_the_command_fits_how_the_program_was_installed(tmp_path: Path) -> None:
    assert absent() == []
    assert told(["matplotlib"], REPOSITORY) == f"Der Auswertung fehlen Pakete (matplotlib); {SENTENCE}"
    assert told(["matplotlib"], tmp_path).endswith(f".ci/install --eval --prefix {sys.prefix}")
