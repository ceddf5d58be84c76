"""Documentation that cannot rot: what people can set, call or get back stands in README and OpenAPI."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

import pytest
import typer
from fastapi import FastAPI
from fastapi.routing import APIRoute

from evals.answers.corpora import Ingestion
from evals.commands import make_app
from service import cli
from service.app import create_app
from service.cli_errors import Exit
from service.models import AnswerMode, AnswerStatus
from service.settings import CONFIG_VARIABLE, PREFIX, Settings, load_settings

REPOSITORY = Path(__file__).resolve().parents[1]
README = (REPOSITORY / "README.md").read_text()
DECISIONS = sorted(str(path.relative_to(REPOSITORY)) for path in (REPOSITORY / "docs/decisions").glob("*.md"))
TEXTS = ["README.md", "CONTRIBUTING.md", "CHANGELOG.md", "docs/glossary.md", "docs/cases.md", "docs/evaluation.md"]
TEXTS += ["SECURITY.md", "docs/reading.md", "docs/staff.md", "docs/operation.md", "docs/questions.md", *DECISIONS]
TEXTS += ["docs/answering-figures.md"]


def undocumented(names: Iterable[str], text: str = README) -> list[str]:
    """Return the names that do not stand in the text as words of their own, in code type."""
    return [name for name in names if not re.search(rf"`(?:[^`\n]* )?{re.escape(name)}(?:[ ?][^`\n]*)?`", text)]


@pytest.fixture(scope="module")
def app(tmp_path_factory: pytest.TempPathFactory) -> FastAPI:
    return create_app(load_settings(data_dir=tmp_path_factory.mktemp("data")))


def test_a_name_that_is_missing_is_seen() -> None:
    assert undocumented(["STRATEGIELOTSE_COLOUR", "STRATEGIELOTSE_POR", "/api/v1/item"]) == [
        "STRATEGIELOTSE_COLOUR",
        "STRATEGIELOTSE_POR",
        "/api/v1/item",
    ]


def test_settings() -> None:
    assert undocumented([CONFIG_VARIABLE, *(PREFIX + name.upper() for name in Settings.model_fields)]) == []
    assert [name for name, field in Settings.model_fields.items() if not field.description] == []


def test_no_setting_stands_in_the_readme_that_does_not_exist() -> None:
    known = {CONFIG_VARIABLE, *(PREFIX + name.upper() for name in Settings.model_fields)}
    assert set(re.findall(rf"{PREFIX}[A-Z_]+", README)) <= known


def test_routes(app: FastAPI) -> None:
    pages = [route.path for route in app.routes if isinstance(route, APIRoute)]
    assert undocumented({*app.openapi()["paths"], *pages}) == []


def test_every_operation_is_described_in_openapi(app: FastAPI) -> None:
    operations = [(path, name, op) for path, ops in app.openapi()["paths"].items() for name, op in ops.items()]
    assert [(path, name) for path, name, op in operations if not (op.get("summary") and op.get("description"))] == []


def test_answer_statuses_and_modes(app: FastAPI) -> None:
    values = [*AnswerStatus, *AnswerMode]
    assert undocumented(values) == []
    described = str(app.openapi()["components"]["schemas"])
    assert [value for value in values if f"'{value}'" not in described] == []


def commands(app: typer.Typer, before: str) -> Iterator[tuple[str, Any]]:
    """All commands with their full names, those of groups included."""
    waiting: list[tuple[str, Any]] = [(before, typer.main.get_command(app))]
    while waiting:
        name, command = waiting.pop()
        inner = getattr(command, "commands", None)
        if inner is None:
            yield name.strip(), command
        for key, one in (inner or {}).items():
            waiting.append((f"{name}{key} ", one))


def test_commands_and_their_options() -> None:
    nothing = Ingestion(lambda folder: {}, lambda settings, papers, register: None)
    evaluation = make_app(lambda settings: None, lambda paths: iter(()), nothing)
    found = dict([*commands(cli.app, ""), *commands(evaluation, "eval ")])
    found.pop("eval")
    for name, command in found.items():
        (line,) = re.findall(rf"^\| `strategielotse {name}\b.*$", README, re.M)
        options = [option.opts[0] for option in command.params if option.opts[0].startswith("--")]
        assert [option for option in options if option not in line and option != "--data-dir"] == [], name
        assert "strategielotse" in f"{command.help}{command.epilog}", f"{name} --help without an example"


def test_exit_codes() -> None:
    operation = (REPOSITORY / "docs/operation.md").read_text()
    assert re.findall(r"^\| (\d+) \|", operation, re.M) == [str(int(code)) for code in Exit]
    assert re.findall(r"(\d) [^·]*(?: ·|\(`verify`\))", README[README.index("Exit codes:") :])[:7] == list("0123456")


def test_every_make_step_in_the_texts_exists() -> None:
    targets = set(re.findall(r"^([a-z-]+):", (REPOSITORY / "Makefile").read_text(), re.M))
    named = {step for name in TEXTS for step in re.findall(r"`make ([a-z-]+)", (REPOSITORY / name).read_text())}
    assert named <= targets


@pytest.mark.parametrize("name", TEXTS)
def test_links_to_files_lead_somewhere(name: str) -> None:
    path = REPOSITORY / name
    links = [link for link in re.findall(r"\]\(([^)#]+)\)", path.read_text()) if "://" not in link]
    assert [link for link in links if not (path.parent / link).exists()] == []


@pytest.mark.parametrize("name", [*TEXTS, "Makefile", "Dockerfile", "compose.yaml", ".ci/run", ".ci/install"])
def test_nothing_of_one_machine_is_written_down(name: str) -> None:
    assert not re.search(r"/home/\w|/root\b|/work/|pypi\.|files\.pythonhosted", (REPOSITORY / name).read_text())
