"""The commands: what is asked over which papers, with which settings, against which gate; what is
held stays hidden.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from evals import Ingestion, make_app
from evals.case_files import shipped_cases
from evals.run import read_run
from service import Settings
from service.cli.ingestion.reading import documents_in, read_documents
from service.people import Decision, DecisionKind, Decisions
from tests.answering.truth import REPORT
from vectorstore.storage import Database

FACT = {
    "id": "a",
    "type": "single_fact",
    "question": "Wie ist der Stand von 5.1.2.1?",
    "expect": {
        "behavior": "answer",
        "citations_any": [[REPORT, "5.1.2.1"]],
        "facts": [["in Bearbeitung"]],
    },
}
QUIET = {"id": "u", "type": "unanswerable", "question": "Wie wird das Wetter morgen?",
         "expect": {"behavior": "abstain"}}  # fmt: skip
PAPER = {"id": "p", "corpus": "waermeplan", "type": "single_fact", "question": "Wann wird das Wärmenetz Nord gebaut?",
         "expect": {"behavior": "answer", "facts": [["2028"]]}}  # fmt: skip
PLAN = "# Wärmeplan der Gemeinde Auental\n\n## Maßnahme 1: Wärmenetz Nord\n\nDas Wärmenetz Nord wird 2028 gebaut.\n"
Options = tuple[object, ...]
runner = CliRunner()


class Papers:
    """Real ingestion that counts how often it is asked for."""

    def __init__(self) -> None:
        self.made: list[str] = []

    def ingest(self, settings: Settings, papers: Sequence[Path], register: Path | None) -> None:
        self.made.append(",".join(document.name for document in papers))
        read_documents(settings, papers, register)

    def sample(self, settings: Settings) -> None:
        raise AssertionError("the data folder holds the sample already")

    def app(self, *arguments: object) -> Result:
        app = make_app(Ingestion(documents_in, self.ingest, self.sample))
        return runner.invoke(app, [str(argument) for argument in arguments])


@pytest.fixture
def papers() -> Papers:
    return Papers()


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    return tmp_path


@pytest.fixture
def to_runs(sample_data: Path, folder: Path) -> Options:
    """Options of a run over the sample."""
    return "--data-dir", sample_data, "--to", folder / "runs"


def cases(path: Path, *lines: Mapping[str, object]) -> Path:
    path.write_text("".join(f"{json.dumps(line)}\n" for line in lines), encoding="utf-8")
    return path


def test_a_run_writes_its_folder_with_report_and_figures(
    papers: Papers, to_runs: Options, folder: Path
) -> None:
    asked = cases(folder / "faelle.jsonl", FACT, QUIET)
    done = papers.app("run", asked, *to_runs, "--name", "heute")
    assert done.exit_code == 0, done.output
    assert {path.name for path in (folder / "runs/heute").iterdir()} == {
        "run.json", "cases.jsonl", "figures.json", "report.html"
    }  # fmt: skip
    run = read_run(folder / "runs/heute")
    assert [(row.corpus, row.group, row.judgement.is_fully_right) for row in run.rows] == [
        ("own", "own", True)
    ] * 2
    assert "| faelle | 2 | 0/2 .00" in done.output and "irregeführt" in done.output
    assert run.figures.all["verbatim"].value == 1.0
    again = papers.app("run", asked, *to_runs, "--name", "heute")
    assert again.exit_code == 2 and "gibt es schon" in again.output


def test_two_runs_are_compared(papers: Papers, to_runs: Options, folder: Path) -> None:
    asked, where = cases(folder / "faelle.jsonl", FACT), to_runs
    assert papers.app("run", asked, *where, "--name", "a").exit_code == 0
    assert papers.app("run", asked, *where, "--name", "b").exit_code == 0
    text = papers.app("compare", folder / "runs/a", folder / "runs/b")
    assert (
        text.exit_code == 0
        and "Gegenüber a (1 gleiche Fälle): 0 gewonnen, 0 verloren" in text.output
    )
    page = (folder / "runs/b/comparison-a.html").read_text(encoding="utf-8")
    assert "Von 1 gleichen Fragen 0 schlechter, 0 besser, 1 gleich." in page
    cases(folder / "andere.jsonl", QUIET)
    assert papers.app("run", folder / "andere.jsonl", *where, "--name", "c").exit_code == 0
    assert papers.app("compare", folder / "runs/a", folder / "runs/c").exit_code == 2


def test_what_a_correction_changes_is_seen_by_comparing(
    papers: Papers, own_sample_data: Path, folder: Path
) -> None:
    """Before, with the correction, and when it is taken back: the case that expects what was read
    is lost and won.
    """
    asked, where = (
        cases(folder / "faelle.jsonl", FACT, QUIET),
        ("--data-dir", own_sample_data, "--to", folder / "runs"),
    )
    decisions = Decisions(Database(own_sample_data))
    assert papers.app("run", asked, *where, "--name", "before").exit_code == 0
    place = {
        "items": ((REPORT, "5.1.2.1"),),
        "field": "status",
        "value": "implemented",
        "reason": "Beschluss",
    }
    (made,) = decisions.add([Decision(kind=DecisionKind.VALUE, **place)])  # type: ignore[arg-type]
    assert papers.app("run", asked, *where, "--name", "after").exit_code == 0
    text = papers.app("compare", folder / "runs/before", folder / "runs/after")
    assert text.exit_code == 0 and "(2 gleiche Fälle): 0 gewonnen, 1 verloren" in text.output
    decisions.undo(made.id, "Ada")
    decisions.publish([made.id])
    assert papers.app("run", asked, *where, "--name", "undone").exit_code == 0
    assert (
        "1 gewonnen, 0 verloren"
        in papers.app("compare", folder / "runs/after", folder / "runs/undone").output
    )


def test_a_gate_holds_a_run_back(papers: Papers, to_runs: Options, folder: Path) -> None:
    asked = cases(
        folder / "faelle.jsonl", FACT | {"expect": FACT["expect"] | {"facts": [["260 Meter"]]}}
    )  # type: ignore[operator]
    gate = folder / "gate.toml"
    gate.write_text("[own.max]\nmisled = 0.03\n")
    where = (*to_runs, "--name", "heute")
    done = papers.app("run", asked, *where, "--gate", gate)
    assert (
        done.exit_code == 3 and "own: misled ist 1.000, erlaubt sind höchstens 0.030" in done.output
    )
    assert papers.app("gate", folder / "runs/heute", "--gate", gate).exit_code == 3
    assert papers.app("gate", folder / "runs/heute", "--gate", folder / "none.toml").exit_code == 2


@pytest.fixture
def where(to_runs: Options, folder: Path) -> Options:
    """Options of a run over the county's own papers and a folder with one plan beside."""
    (folder / "plans").mkdir()
    (folder / "plans/waermeplan.md").write_text(PLAN, encoding="utf-8")
    return *to_runs, "--papers", folder / "plans", "--build", folder / "b"


def test_each_case_is_asked_over_its_papers_in_an_edition_that_is_kept(
    papers: Papers, where: Options, folder: Path
) -> None:
    asked = cases(folder / "faelle.jsonl", PAPER, FACT)
    for name in "ab":
        done = papers.app("run", asked, *where, "--name", name)
        assert done.exit_code == 0, done.output
    assert papers.made == ["waermeplan.md"], "the second run finds what the first made"
    run = read_run(folder / "runs/b")
    assert [(row.corpus, row.group) for row in run.rows] == [
        ("waermeplan", "left-out"),
        ("own", "own"),
    ]
    assert run.rows[0].judgement.is_fully_right
    lost = papers.app(
        "run", cases(folder / "x.jsonl", PAPER | {"corpus": "nirgends"}), *where, "--name", "d"
    )
    assert lost.exit_code == 2 and "kein Papier „nirgends“" in lost.output


@pytest.mark.long
def test_a_paper_that_has_changed_is_ingested_anew(
    papers: Papers, where: Options, folder: Path
) -> None:
    asked = cases(folder / "faelle.jsonl", PAPER)
    assert papers.app("run", asked, *where, "--name", "b").exit_code == 0
    (folder / "plans/waermeplan.md").write_text(PLAN.replace("2028", "2029"), encoding="utf-8")
    assert papers.app("run", asked, *where, "--name", "c").exit_code == 0
    assert (
        papers.made == ["waermeplan.md"] * 2
        and not read_run(folder / "runs/c").rows[0].judgement.is_fully_right
    )
    assert len([*(folder / "b").glob("waermeplan-*")]) == 1, (
        "what was made of the paper before is gone"
    )


def test_held_cases_are_totals_alone_and_their_opening_is_noted(
    papers: Papers, to_runs: Options, folder: Path
) -> None:
    content, where = cases(folder / "faelle-held.jsonl", FACT, QUIET), to_runs
    assert papers.app("run", content, *where).exit_code == 2
    done = papers.app("run", content, *where, "--held")
    assert done.exit_code == 0, done.output
    noted = Path("answers-held.log").read_text(encoding="utf-8")
    assert "faelle-held.jsonl: 2 cases, misled 0 of 2, direct 1 of 1" in noted
    assert (
        not (folder / "runs").exists()
        and "Wetter" not in done.output
        and "250 Meter" not in done.output
    )
    assert papers.app("run", content, *where, "--held", "--name", "x").exit_code == 2
    (folder / "faelle-held.jsonl").write_text('{"id": "geheim"}')
    wrong = papers.app("run", content, *where, "--held")
    assert wrong.exit_code == 2 and "1 zurückgehaltene Zeilen sind nicht in Form" in wrong.output
    assert "geheim" not in wrong.output


def test_a_table_of_a_document_is_written_between_its_marks(
    papers: Papers, to_runs: Options, folder: Path
) -> None:
    asked, page = cases(folder / "faelle.jsonl", FACT), folder / "page.md"
    where = (*to_runs, "--markdown", page)
    page.write_text("no marks")
    assert papers.app("run", asked, *where, "--name", "a").exit_code == 2
    page.write_text("before\n<!-- answers -->\nstale\n<!-- /answers -->\nafter\n")
    assert papers.app("run", asked, *where, "--name", "b").exit_code == 0
    text = page.read_text(encoding="utf-8")
    assert "stale" not in text and "| faelle | 1 | 0/1 .00" in text and text.endswith("after\n")


def test_without_files_the_shipped_cases_and_ones_own_are_asked(
    papers: Papers, own_sample_data: Path, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("evals.commands.shipped_cases", lambda: shipped_cases()[-1:])
    (own_sample_data / "cases").mkdir(exist_ok=True)
    cases(own_sample_data / "cases/feedback.jsonl", QUIET)
    done = papers.app("run", "--data-dir", own_sample_data, "--name", "heute")
    assert done.exit_code == 0, done.output
    run = read_run(own_sample_data / "runs/heute")
    assert {row.set: row.group for row in run.rows} == {
        "sample-kinds-dev": "sample",
        "feedback": "own",
    }


def test_nothing_but_these_commands(papers: Papers, folder: Path) -> None:
    text = papers.app("--help").output
    assert [item for item in ("run", "compare", "gate") if item not in text] == []
    assert papers.app("answers").exit_code == 2
    empty = papers.app("run", cases(folder / "leer.jsonl"))
    assert empty.exit_code == 2 and "kein Fall" in empty.output
