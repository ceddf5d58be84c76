"""The filters of `projects` on the command line: words as printed, and one German sentence for what is not there."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.processes import run
from tests.service.county import motion, report
from tests.service.test_cli import said
from vectorstore.editions import EditionStore


@pytest.fixture(scope="module")
def data(tmp_path_factory: pytest.TempPathFactory) -> Path:
    root = tmp_path_factory.mktemp("cli-filters")
    EditionStore(root).publish([report(), motion()])
    return root


@pytest.mark.parametrize("status", ["idea", "Idee", "Ideenspeicher", "IDEENSPEICHER", "Idee (Ideenspeicher)"])
def test_a_status_by_name_or_as_printed(data: Path, status: str) -> None:
    result = run("projects", "--status", status, "--format", "json", data=data)
    assert {one["status"] for one in json.loads(result.stdout)["items"]} == {"idea"}


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        (["--status", "fertig"], "Diesen Status gibt es nicht: fertig. Es gibt: idea (Idee)"),
        (["--document", "nix"], "In der Ausgabe gibt es kein Dokument mit dieser Id: nix."),
    ],
)
def test_a_filter_that_cannot_be_met_is_bad_input(data: Path, arguments: list[str], sentence: str) -> None:
    result = run("projects", *arguments, data=data)
    assert result.returncode == 2
    assert sentence in said(result)
