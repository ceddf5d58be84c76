"""`eval answers`: papers alone in their editions, figures by type, what is held back, the log, the table."""

from __future__ import annotations

import json
import re
import tomllib
from collections.abc import Sequence
from importlib.resources import files
from pathlib import Path
from typing import Any

import pytest
import typer
from typer.testing import CliRunner, Result

from evals.answers.command import add_answers
from evals.answers.corpora import Corpora, CorpusError, Ingestion
from evals.answers.tables import MARKS
from evals.cases import load_cases
from service import cli_ingest
from service.settings import Settings
from tests.answering.truth import REPORT

SAMPLE = Path(str(files("ingest.sample"))) / "corpus.toml"
RAIL = """# Verkehrsplan Auental

## Rufbus Auental

Der Rufbus kostet 77.000 Euro im Jahr. Zuständig ist das Amt für Mobilität.
"""
MOOR = """# Moorplan Bergheim

## Moorschutz Bergheim

Das Moor wird bis 2031 wieder vernässt. Zuständig ist das Umweltamt.
"""
RAIL_CASE: dict[str, Any] = {
    "id": "a-1",
    "type": "single_fact",
    "corpus": "verkehrsplan",
    "question": "Was kostet der Rufbus Auental im Jahr?",
    "expect": {"behavior": "answer", "citations_any": [["verkehrsplan", "Rufbus Auental"]], "facts": [["77.000"]]},
}
WRONG_CASE = RAIL_CASE | {
    "id": "a-3",
    "type": "unanswerable",
    "question": "Was kostet der Rufbus?",
    "expect": {"behavior": "abstain"},
}
SAMPLE_CASE = {
    "id": "a-4",
    "type": "status",
    "question": "Wie weit ist das Projekt 5.1.2.1?",
    "expect": {"behavior": "answer", "citations_any": [[REPORT, "5.1.2.1"]]},
}


class Made:
    """Ingestion as the command line gives it, with a list of what was made."""

    def __init__(self) -> None:
        self.of: list[list[str]] = []

    def ingest(self, settings: Settings, papers: Sequence[Path], register: Path | None) -> None:
        self.of.append([path.name for path in (*papers, *([register] if register else []))])
        cli_ingest.ingest_papers(settings, papers, register)


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "papers").mkdir()
    (tmp_path / "papers" / "verkehrsplan.md").write_text(RAIL)
    (tmp_path / "papers" / "moorplan.md").write_text(MOOR)
    return tmp_path


@pytest.fixture
def made() -> Made:
    return Made()


def written(path: Path, *cases: dict[str, Any]) -> Path:
    path.write_text("".join(f"{json.dumps(one)}\n" for one in cases), encoding="utf-8")
    return path


def called(made: Made, *arguments: object) -> Result:
    app = typer.Typer()
    add_answers(app, Ingestion(cli_ingest.papers_in, made.ingest))
    return CliRunner().invoke(app, [str(one) for one in arguments])


def asked(folder: Path, made: Made, cases: Path, *more: object) -> Result:
    return called(made, "--cases", cases, "--papers", folder / "papers", *more)


def test_each_paper_is_asked_alone_and_made_once(folder: Path, made: Made) -> None:
    cases = written(folder / "a.jsonl", RAIL_CASE, WRONG_CASE)
    done = asked(folder, made, cases, "--json")
    assert done.exit_code == 0, done.output
    told = json.loads(done.stdout)
    assert (told["total"]["found"]["part"], told["total"]["right"]["whole"]) == (1, 1)
    assert told["files"]["a.jsonl"]["types"]["unanswerable"]["refused"] == {
        "part": 0, "whole": 1, "low": 0.0, "high": pytest.approx(0.975)
    }  # fmt: skip
    assert asked(folder, made, cases, "--json").stdout == done.stdout
    assert made.of == [["verkehrsplan.md"]]


def test_a_paper_that_changed_is_read_anew_and_the_old_edition_goes(folder: Path, made: Made) -> None:
    cases = written(folder / "a.jsonl", RAIL_CASE)
    asked(folder, made, cases)
    (folder / "papers" / "verkehrsplan.md").write_text(RAIL.replace("77.000", "78.000"))
    told = json.loads(asked(folder, made, cases, "--json").stdout)
    assert (told["total"]["found"]["part"], told["total"]["right"]["part"]) == (1, 0)
    assert len(made.of) == 2 and len(list((folder / "build" / "answers").glob("verkehrsplan-*"))) == 1


def test_cases_without_corpus_are_asked_over_the_register(folder: Path, made: Made) -> None:
    done = asked(folder, made, written(folder / "a.jsonl", SAMPLE_CASE, RAIL_CASE), "--corpus", SAMPLE)
    assert done.exit_code == 0, done.output
    assert made.of == [["corpus.toml"], ["verkehrsplan.md"]]
    assert re.search(r"^\| a \| alle \| 2 \| 2/2 1\.00 ", done.stdout, re.M)


def test_misses_say_what_was_expected_and_told(folder: Path, made: Made) -> None:
    done = asked(folder, made, written(folder / "a.jsonl", RAIL_CASE, WRONG_CASE), "--misses")
    assert "a-3 (unanswerable): Was kostet der Rufbus?" in done.stdout
    assert "erwartet: abstain" in done.stdout and "gesagt (answered): " in done.stdout
    assert "belegt: verkehrsplan:Rufbus Auental" in done.stdout and "a-1 (" not in done.stdout


def test_cases_are_checked_against_their_papers(folder: Path, made: Made) -> None:
    wrong = RAIL_CASE | {"id": "a-5", "expect": RAIL_CASE["expect"] | {"facts": [["78.000"]]}}
    cases = written(folder / "a.jsonl", RAIL_CASE, WRONG_CASE)
    done = asked(folder, made, cases, "--check")
    assert (done.exit_code, done.stdout) == (0, "a.jsonl: 2 geprüft, 0 falsch.\n")
    held = written(folder / "a-held.jsonl", wrong)
    done = asked(folder, made, held, "--held", "--check")
    assert (done.exit_code, done.stdout) == (1, "a-held.jsonl: 1 geprüft, 1 falsch.\n")
    assert not (folder / "answers-held.log").exists()
    done = asked(folder, made, held.rename(folder / "b.jsonl"), "--check")
    assert done.stdout.endswith("  a-5: facts: „78.000“ steht in keinem der genannten Einträge\n")


def test_held_cases_are_told_as_totals_and_logged(folder: Path, made: Made) -> None:
    cases = written(folder / "a-held.jsonl", RAIL_CASE, WRONG_CASE)
    log = folder / "log"
    done = asked(folder, made, cases, "--held", "--log", log)
    assert done.exit_code == 0, done.output
    assert re.search(r"^\| a-held \| alle \| 2 \| 1/1 ", done.stdout, re.M)
    told = json.loads(asked(folder, made, cases, "--held", "--log", log, "--json").stdout)
    assert "types" not in told["files"]["a-held.jsonl"]
    for secret in ("Rufbus", "a-1", "a-3", "single_fact", "verkehrsplan"):
        assert secret not in done.stdout and secret not in json.dumps(told)
    first, second = log.read_text().splitlines()
    line = r"\d{4}-\d\d-\d\d \d\d:\d\d \S+ a-held\.jsonl: 2 cases, found 1 of 1, right 1 of 1, answered 1 of 1, "
    assert re.fullmatch(line + "refused 0 of 1, as expected 1 of 2", first)
    assert second.partition(": ")[2] == first.partition(": ")[2]


@pytest.mark.parametrize("option", ["--misses", "--markdown"])
def test_nothing_more_is_shown_of_held_cases(folder: Path, made: Made, option: str) -> None:
    cases = written(folder / "a-held.jsonl", RAIL_CASE)
    more = [option, folder / "page.md"] if option == "--markdown" else [option]
    assert asked(folder, made, cases, "--held", *more).exit_code == 2
    assert asked(folder, made, cases).exit_code == 2
    assert made.of == [] and not (folder / "answers-held.log").exists()


def test_a_wrong_line_of_held_cases_is_not_shown(folder: Path, made: Made) -> None:
    path = written(folder / "a-held.jsonl", RAIL_CASE, RAIL_CASE)
    done = asked(folder, made, path, "--held")
    assert done.exit_code == 2 and "1 zurückgehaltene Zeilen sind nicht in Form." in done.output
    assert "a-1" not in done.output
    assert "a-1" in asked(folder, made, path.rename(folder / "a.jsonl")).output


def test_a_log_that_cannot_be_written_is_told_before_anything_is_asked(folder: Path, made: Made) -> None:
    done = asked(folder, made, written(folder / "a-held.jsonl", RAIL_CASE), "--held", "--log", folder / "no" / "log")
    assert done.exit_code == 2 and made.of == []


def test_the_table_is_written_between_its_marks(folder: Path, made: Made) -> None:
    page = folder / "page.md"
    page.write_text("\n".join(["before", MARKS[0], "old", MARKS[1], "after"]))
    done = asked(folder, made, written(folder / "a.jsonl", RAIL_CASE, WRONG_CASE), "--markdown", page)
    assert done.exit_code == 0, done.output
    text = page.read_text()
    assert text.startswith("before\n") and text.endswith("\nafter") and "old" not in text
    assert "| set | type | cases | found | right | answered | refused | as expected |" in text
    assert re.search(r"^\| a \| all \| 2 \| 1/1 1\.00 \(\.03–1\.00\) \|", text, re.M)
    page.write_text("no marks")
    assert asked(folder, made, folder / "a.jsonl", "--markdown", page).exit_code == 2


def test_several_papers_are_one_corpus(folder: Path, made: Made) -> None:
    sets = folder / "sets.toml"
    sets.write_text('beide = ["verkehrsplan.md", "moorplan.md"]\n')
    corpora = Corpora(Ingestion(cli_ingest.papers_in, made.ingest), folder / "b", folder / "papers", sets=sets)
    found = corpora.files_of(["beide", "verkehrsplan", "beide"])
    assert {name: [path.name for path in several] for name, several in found.items()} == {
        "beide": ["verkehrsplan.md", "moorplan.md"],
        "verkehrsplan": ["verkehrsplan.md"],
    }
    sets.write_text('beide = ["verkehrsplan.md", "fehlt.md"]\n')
    with pytest.raises(CorpusError, match=r"fehlt für „beide“: fehlt\.md"):
        corpora.files_of(["beide"])
    sets.write_text('beide = "verkehrsplan.md"\n')
    with pytest.raises(CorpusError, match="Name mit einer Liste"):
        corpora.files_of(["beide"])


def test_what_cannot_be_asked_is_said(folder: Path, made: Made) -> None:
    other = written(folder / "a.jsonl", RAIL_CASE | {"corpus": "gibt-es-nicht"})
    assert "gibt es kein Papier „gibt-es-nicht“" in asked(folder, made, other).output
    assert "fehlt der Ordner mit Papieren" in called(made, "--cases", other).output
    assert "brauchen ein Register" in asked(folder, made, written(folder / "b.jsonl", SAMPLE_CASE)).output
    (folder / "papers" / "leer.md").write_text("")
    empty = written(folder / "c.jsonl", RAIL_CASE | {"corpus": "leer"})
    assert "Nicht einzulesen: leer.md" in asked(folder, made, empty).output
    assert "In den Dateien steht kein Fall." in asked(folder, made, written(folder / "d.jsonl")).output


def test_shipped_sets_are_those_that_cases_name() -> None:
    cases = Path(str(files("evals"))) / "cases"
    named = {one.corpus for path in cases.glob("papers-*.jsonl") for one in load_cases(path)}
    assert set(tomllib.loads((cases / "sets.toml").read_text(encoding="utf-8"))) <= named


def test_papers_of_cases_are_never_sent_to_a_server(folder: Path, made: Made, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("STRATEGIELOTSE_CHROMA_URL", "http://127.0.0.1:9")
    corpora = Corpora(Ingestion(cli_ingest.papers_in, made.ingest), folder / "b", folder / "papers")
    settings = corpora.edition_of("moorplan", corpora.files_of(["moorplan"])["moorplan"])
    assert settings.chroma_url is None
