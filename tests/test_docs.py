"""Documentation that cannot rot: what people can set, call or get back stands in docs/, and nothing
else does.
"""

from __future__ import annotations

import json
import re
import shlex
from collections.abc import Iterable, Iterator
from enum import StrEnum
from functools import cache
from pathlib import Path
from typing import Any

import pytest
import typer
from fastapi import FastAPI
from fastapi.routing import APIRoute
from pydantic import SecretStr

from evals import Ingestion, make_app
from evals.case_files import load_cases, shipped_cases
from evals.metrics.measures import BY_NAME
from ingest.errors import Reason
from ingest.register import OPTIONAL, QUESTIONS, REQUIRED, load_register
from ingest.register_looks import KEYS
from service import SETTING_PREFIX, Settings, load_settings
from service.app.application import create_app
from service.cli.commands import app as command_line
from service.records import Answer, AnswerMode, AnswerStatus, Citation
from service.settings import CONFIG_VARIABLE
from service.terminal import Exit
from vectorstore.records import DocumentKind, DocumentStatus

REPOSITORY = Path(__file__).resolve().parents[1]
TEXTS = ["README.md", "CONTRIBUTING.md", "CHANGELOG.md", "SECURITY.md"]
TEXTS += sorted(str(path.relative_to(REPOSITORY)) for path in (REPOSITORY / "docs").rglob("*.md"))
NOW = [name for name in TEXTS if name != "CHANGELOG.md"]  # what the others say holds today
LINK = re.compile(r"\]\(([^)\s]+)\)")
FOLDERS = ("docs/nginx", "docs/systemd", ".github/workflows", ".ci")
FILES = ["Makefile", "Dockerfile", "compose.yaml", "compose.several.yaml"]  # their comments
for name in FOLDERS:
    paths = (REPOSITORY / name).iterdir()
    FILES += sorted(f"{name}/{path.name}" for path in paths if path.is_file())


@cache
def text(name: str) -> str:
    return (REPOSITORY / name).read_text(encoding="utf-8")


def undocumented(names: Iterable[str], where: str) -> list[str]:
    """Return the names that do not stand in the text as words of their own, in code type."""
    return [
        name
        for name in names
        if not re.search(rf"`(?:[^`\n]* )?{re.escape(name)}(?:[ ?][^`\n]*)?`", where)
    ]


def rows(where: str, first: str) -> list[list[str]]:
    """Return the rows of all tables whose first column is called so."""
    found = []
    for head, body in re.findall(
        r"^\| ([^|\n]+?) \|[^\n]*\n\|[-:| ]+\n((?:\|[^\n]*\n)*)", where, re.M
    ):
        if head == first:
            found += [
                [cell.strip() for cell in re.split(r"(?<!\\)\|", line)[1:-1]]
                for line in body.splitlines()
            ]
    return found


def blocks(name: str, language: str = "") -> list[str]:
    return re.findall(rf"^```{language}\n(.*?)^```$", text(name), re.M | re.S)


@pytest.fixture(scope="module")
def app(tmp_path_factory: pytest.TempPathFactory) -> FastAPI:
    return create_app(load_settings(data_dir=tmp_path_factory.mktemp("data"), demo=True))


def test_a_name_that_is_missing_is_seen() -> None:
    settings, http = text("docs/settings.md"), text("docs/http.md")
    assert undocumented(["STRATEGIELOTSE_COLOUR", "STRATEGIELOTSE_POR"], settings) != []
    assert undocumented(["/api/v1/item"], http) == ["/api/v1/item"]


def test_every_setting_stands_in_its_table_with_its_default() -> None:
    message = {cells[0].strip("`"): cells[1] for cells in rows(text("docs/settings.md"), "setting")}
    assert message == {
        SETTING_PREFIX + name.upper(): _default(name) for name in Settings.model_fields
    }
    assert CONFIG_VARIABLE in text("docs/settings.md")


def _default(name: str) -> str:
    """Return the default of a setting as the table writes it."""
    value = Settings.model_fields[name].get_default(call_default_factory=True)
    if name == "data_dir":
        return "the user's data folder"
    if isinstance(value, SecretStr):
        value = value.get_secret_value()
    if value is None or value in ("", ()):
        return "none"
    if isinstance(value, tuple):
        return ", ".join(f"`{item}`" for item in value)
    return f"`{str(value).lower() if isinstance(value, bool) else f'{value:g}' if isinstance(value, float) else value}`"


@pytest.mark.parametrize("name", NOW + FILES)
def test_no_setting_stands_anywhere_that_does_not_exist(name: str) -> None:
    known = {CONFIG_VARIABLE, *(SETTING_PREFIX + field.upper() for field in Settings.model_fields)}
    named = set(re.findall(rf"{SETTING_PREFIX}[A-Z_]*[A-Z](?![A-Z_.])", text(name)))
    assert named <= known


def paths(app: FastAPI) -> set[str]:
    """Return every path of the application, those of included routers too."""
    routers = [getattr(route, "original_router", app.router) for route in app.routes]
    return {
        route.path for router in routers for route in router.routes if isinstance(route, APIRoute)
    }


def test_every_path_is_documented_and_no_other(app: FastAPI) -> None:
    served = paths(app)
    assert {"/", "/widget.js", "/staff/sign-in", *app.openapi()["paths"]} <= served
    assert undocumented(served, text("docs/http.md")) == []
    cells = [cells[0] for cells in rows(text("docs/http.md"), "path")]
    message = [
        part.split()[-1].partition("?")[0]
        for cell in cells
        for part in re.findall(r"`([^`]+)`", cell)
    ]
    assert set(message) <= served


def test_every_operation_is_described_in_openapi(app: FastAPI) -> None:
    operations = [
        (path, name, op) for path, ops in app.openapi()["paths"].items() for name, op in ops.items()
    ]
    assert [
        (path, name)
        for path, name, op in operations
        if not (op.get("summary") and op.get("description"))
    ] == []


@pytest.mark.parametrize(("column", "values"), [("status", AnswerStatus), ("mode", AnswerMode)])
def test_answer_statuses_and_modes(app: FastAPI, column: str, values: type[StrEnum]) -> None:
    assert [cells[0].strip("`") for cells in rows(text("docs/http.md"), column)] == list(values)
    described = str(app.openapi()["components"]["schemas"])
    assert [value for value in values if f"'{value}'" not in described] == []


def test_the_answer_that_is_shown_has_the_form_of_one() -> None:
    (shown,) = blocks("docs/http.md", "json")
    answer = json.loads(shown)
    assert answer.keys() <= Answer.model_fields.keys()
    assert answer["citations"][0].keys() <= Citation.model_fields.keys()
    assert answer["status"] in list(AnswerStatus)


def commands() -> dict[str, Any]:
    """All commands by their full names, those of groups included."""
    nothing = Ingestion(
        lambda folder: {}, lambda settings, papers, register: None, lambda settings: None
    )
    evaluation = make_app(nothing)
    found = dict([*_commands(command_line, ""), *_commands(evaluation, "eval ")])
    found.pop("eval")
    return found


def _commands(app: typer.Typer, before: str) -> Iterator[tuple[str, Any]]:
    waiting: list[tuple[str, Any]] = [(before, typer.main.get_command(app))]
    while waiting:
        name, command = waiting.pop()
        inner = getattr(command, "commands", None)
        if inner is None:
            yield name.strip(), command
        for key, item in (inner or {}).items():
            waiting.append((f"{name}{key} ", item))


def options(command: Any) -> set[str]:
    return {opt for option in command.params for opt in option.opts if opt.startswith("--")}


def test_commands_and_their_options() -> None:
    reference, found = text("docs/command-line.md"), commands()
    for name, command in found.items():
        (line,) = re.findall(rf"^\| `strategielotse {name}\b.*$", reference, re.M)
        assert set(re.findall(r"--[a-z][a-z-]*", line)) - {"--data-dir"} == options(command) - {
            "--data-dir"
        }, name
        assert "strategielotse" in f"{command.help}{command.epilog}", (
            f"{name} --help without an example"
        )
    message = [cells[0] for cells in rows(reference, "command")]
    assert [line for line in message if _called(line.strip("`").split()[1:], found) is None] == []


def _called(words: list[str], found: dict[str, Any]) -> str | None:
    """Return the name of the command that words begin with."""
    names = (" ".join(words[:size]) for size in (3, 2, 1))
    return next((name for name in names if name in found), None)


def examples() -> list[tuple[str, str]]:
    """Return every call of the command line in a block of code or in code type, with its text; no
    rows of tables.
    """
    found = []
    for name in NOW:
        prose = "\n".join(line for line in text(name).splitlines() if not line.startswith("|"))
        inline = re.findall(
            r"(?<!`)`(?:\./)?(strategielotse [a-z][^`]*)`(?!`)", prose.replace("\n", " ")
        )
        shown = re.findall(
            r"^(?:\./)?(strategielotse [^\n]+)$", "".join(blocks(name, "[a-z]*")), re.M
        )
        found += [(name, call) for call in (*inline, *shown)]
    return found


def test_every_call_in_the_texts_can_be_made() -> None:
    calls, found = examples(), commands()
    assert len(calls) > 40
    groups = {name.rpartition(" ")[0] for name in found} | {"eval"}
    for place, call in calls:
        words = shlex.split(call.replace("...", ""), comments=True)[1:]
        name = _called(words, found)
        if name is None:
            assert " ".join(words).strip() in groups, (place, call)
            continue
        assert {word for word in words if word.startswith("--")} <= options(found[name]), (
            place,
            call,
        )


def test_exit_codes() -> None:
    assert [cells[0] for cells in rows(text("docs/command-line.md"), "code")] == [
        str(int(code)) for code in Exit
    ]


def test_the_register_that_is_shown_is_one_with_every_key(tmp_path: Path) -> None:
    register = tmp_path / "register.toml"
    register.write_text(blocks("docs/documents.md", "toml")[0], encoding="utf-8")
    read = load_register(register)
    assert (len(read.entries), read.rejected, read.questions) == (1, (), tmp_path / "fragen.csv")
    assert len(read.entries[0].choices.looks) == 1
    shown = register.read_text()
    named = re.findall(r"^(\w+) =|^\[\[document\.(\w+)\]\]", shown, re.M)
    keys = {key or table for key, table in named}
    assert keys == {QUESTIONS, *REQUIRED, *OPTIONAL, *KEYS}
    for values in (DocumentKind, DocumentStatus):
        assert [value for value in values if not re.search(rf"[#|] {value}\b", shown)] == []


def test_reasons_of_rejection_exist() -> None:
    message = rows(text("docs/operation.md"), "limit of a file")
    assert message
    assert {cells[1].strip("`") for cells in message} <= set(Reason)


def test_measures_and_the_number_of_shipped_cases() -> None:
    evaluation = text("docs/evaluation.md")
    named = [
        match
        for cells in rows(evaluation, "measure")
        for match in re.findall(r"`([^`]+)`", cells[0])
    ]
    assert sorted(named) == sorted(BY_NAME)
    shipped = sum(len(load_cases(path)) for path in shipped_cases())
    assert re.findall(r"(\d+) shipped cases", evaluation) == [str(shipped)]


def test_the_readme_tells_the_figures_that_were_measured() -> None:
    log = text("docs/answers-held.log").splitlines()
    columns = (
        "abde9e93c papers-held.jsonl",
        "the same 44, without a model",
        "(seed 2211)",
    )  # the last stands in two lines
    message = [
        cells[1:] for cells in rows(text("README.md"), "left-out questions, 22 to 26 November 2026")
    ]
    for measure, shares in zip(
        ("misled", "direct", "shown", "right non-answer"), message, strict=True
    ):
        for column, share in zip(columns, shares, strict=True):
            lines = [line for line in log if column in line]
            found = [re.search(rf" {measure} (\d+) of (\d+)", line) for line in lines]
            assert share == " of ".join(
                str(sum(int(hit[place]) for hit in found if hit)) for place in (1, 2)
            ), measure


def test_the_readme_compares_with_other_ways_as_was_measured() -> None:
    shown, misled = (cells[1:] for cells in rows(text("README.md"), "143 and 136 questions"))
    measured = {}
    for name, way, page, _, wrong in rows(text("docs/decisions/figures-answers.md"), "set")[-16:]:
        shares = (page.partition(" ")[0], wrong.partition(" ")[0])
        measured[name, way] = [share.replace("/", " of ") for share in shares]
    for place, way in enumerate(("answer", "own passages", "LangChain")):
        assert shown[place] == ", ".join(measured[name, way][0] for name in ("a", "b"))
    assert misled[0] == ", ".join(measured[name, "answer"][1] for name in ("a", "b"))


def test_the_readme_leads_to_every_page() -> None:
    """A page of docs/ is linked from the README, or from its folder's own list."""
    linked = {link.partition("#")[0] for link in LINK.findall(text("README.md"))}
    listed = {f"docs/decisions/{link}" for link in LINK.findall(text("docs/decisions/README.md"))}
    assert [name for name in TEXTS if name not in {*linked, *listed, "README.md"}] == []


@pytest.mark.parametrize("name", [name for name in TEXTS if "docs/decisions/0" in name])
def test_each_decision_begins_with_its_status(name: str) -> None:
    lines = text(name).splitlines()
    assert lines[0].startswith("# ")
    assert re.match(r"\*Status:\* (accepted|replaced by \[\d{3}\])", lines[2]), lines[2]


def test_what_breaks_leads_the_changes_of_a_release() -> None:
    unreleased = text("CHANGELOG.md").partition("## [Unreleased]\n")[2].partition("\n## ")[0]
    assert re.findall(r"^### (.+)$", unreleased, re.M)[0] == "Breaking"


def test_every_make_step_in_the_texts_exists() -> None:
    targets = set(re.findall(r"^([a-z-]+):", text("Makefile"), re.M))
    named = {step for name in TEXTS for step in re.findall(r"`make ([a-z-]+)", text(name))}
    assert named <= targets


@pytest.mark.parametrize("name", TEXTS)
def test_links_lead_somewhere(name: str) -> None:
    path = REPOSITORY / name
    broken = []
    for link in (link for link in LINK.findall(path.read_text()) if "://" not in link):
        file, _, anchor = link.partition("#")
        target = (path.parent / file).resolve() if file else path
        if not target.exists() or (anchor and anchor not in anchors(target)):
            broken.append(link)
    assert broken == []


@pytest.mark.parametrize("name", FILES)
def test_what_comments_lead_to_is_there(name: str) -> None:
    """They name a part of a page as 'docs/operation.md, "Several machines"'."""
    comments = re.sub(r"\s*\n\s*#\s*", " ", text(name))
    led = re.findall(r'([\w/.-]+\.md), "([^"]+)"', comments)
    led += [(page, part) for part, page in re.findall(r'"([^"]+)" in ([\w/-]+\.md)', comments)]
    assert [part for page, part in led if not re.search(rf"^#+ {part}$", text(page), re.M)] == []


def test_security_names_files_that_are_there() -> None:
    kept = {cells[0] for cells in rows(text("docs/operation.md"), "name")}
    named = re.findall(r"`([\w-]+\.(?:key|sqlite|toml|lock))`", text("SECURITY.md"))
    assert named and {f"`{name}`" for name in named} <= kept


def anchors(path: Path) -> set[str]:
    """Return the anchors of a page's headings, as GitHub makes them."""
    headings = re.findall(r"^#+ (.+)$", path.read_text(encoding="utf-8"), re.M)
    return {re.sub(r"[^\w\- ]", "", heading.lower()).replace(" ", "-") for heading in headings}


@pytest.mark.parametrize("name", TEXTS + FILES)
def test_nothing_of_one_machine_is_written_down(name: str) -> None:
    assert not re.search(r"/home/\w|/root\b|/work/|pypi\.|files\.pythonhosted", text(name))


def test_the_newest_release_is_the_version() -> None:
    headings = re.findall(r"^## \[(.+?)\](.*)$", text("CHANGELOG.md"), re.M)
    assert headings[0] == ("Unreleased", "")
    version, day = headings[1]
    assert f'\nversion = "{version}"\n' in text("pyproject.toml")
    assert re.fullmatch(r" - \d{4}-\d\d-\d\d", day)
