"""Ablations on some sample cases, and the command."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import pytest
import typer
from typer.testing import CliRunner

import evals
from evals.baselines import ablation
from evals.baselines.ablation import ALL, GROUPS, MEASURED, UnknownWeight, Variant, ablated, as_json, markdown, varied
from evals.baselines.ablation_command import ablate
from evals.baselines.chunkings import SHIPPED
from evals.baselines.sets import CaseSet, SetError, open_sets
from evals.cases import Case, load_cases, write_cases
from service.answering.finding.ranking import Weights
from service.answering.service import AnswerService
from service.answering.trained.ranking import ranking

SAMPLE = Path(evals.__file__).parent / "cases" / "sample-dev.jsonl"
app = typer.Typer()
app.command()(ablate)


def silent(step: str, share: float) -> None:
    """Show nothing."""


@pytest.fixture(scope="module")
def few() -> list[Case]:
    return load_cases(SAMPLE)[::4]


@pytest.fixture
def case_set(measured: AnswerService, few: list[Case]) -> CaseSet:
    return CaseSet(measured.corpus.edition, measured.settings, few)


@pytest.fixture
def case_file(tmp_path: Path, few: list[Case]) -> Path:
    write_cases(few, tmp_path / "wenige.jsonl")
    return tmp_path / "wenige.jsonl"


def test_switches_begin_with_what_is_shipped_and_each_changes_something() -> None:
    first, *others = [*ablation.switches(), *ablation.chunk_variants()]
    assert first == Variant(SHIPPED)
    assert all((one.weights, one.chunking, one.vocabulary) != (ranking(), SHIPPED, True) for one in others)
    assert len({one.name for one in others}) == len(others)


def test_varied_weights_change_one_value_each() -> None:
    found = varied(["dense=0,1", "dense_limit=10"])
    assert [one.name for one in found] == [SHIPPED, "dense 0", "dense 1", "dense_limit 10"]
    assert [one.weights for one in found] == [
        ranking(),
        replace(ranking(), dense=0.0),
        replace(ranking(), dense=1.0),
        replace(ranking(), dense_limit=10),
    ]


@pytest.mark.parametrize(
    ("entry", "said"), [("unsinn=1", "unsinn gibt es nicht"), ("dense=viel", "keine Zahl"), ("dense", "keine Zahl")]
)
def test_what_cannot_be_varied_is_said(entry: str, said: str) -> None:
    with pytest.raises(UnknownWeight, match=said):
        varied([entry])


def test_a_finder_without_any_weight_finds_less(case_set: CaseSet) -> None:
    blind = Variant(
        "blind",
        Weights(
            **dict.fromkeys(
                (
                    "lexical",
                    "dense",
                    "title",
                    "concepts",
                    "concepts_found",
                    "questions",
                    "questions_found",
                    "questions_same",
                ),
                0.0,
            )
        ),
    )
    shares: list[float] = []
    rows = ablated([case_set], [Variant(SHIPPED), blind], lambda step, share: shares.append(share))
    usual, less = (row.values[ALL]["right item"] for row in rows)
    assert usual is not None and less is not None
    assert less.value < usual.value
    assert usual.low <= usual.value <= usual.high
    assert shares == [0.0, 0.5]


def test_groups_hold_their_types_only(case_set: CaseSet, few: list[Case]) -> None:
    (row,) = ablated([case_set], [Variant(SHIPPED)], silent)
    assert list(row.values) == list(GROUPS)
    for group, types in GROUPS.items():
        asked = [one for one in few if one.wanted and (types is None or one.type in types)]
        value = row.values[group]["right item"]
        assert (value.n if value else 0) == len(asked), group


def test_sets_are_measured_together(case_set: CaseSet) -> None:
    (once,) = ablated([case_set], [Variant(SHIPPED)], silent)
    (twice,) = ablated([case_set, case_set], [Variant(SHIPPED)], silent)
    one, two = once.values[ALL]["fully"], twice.values[ALL]["fully"]
    assert one is not None and two is not None
    assert (two.n, two.value) == (2 * one.n, pytest.approx(one.value))


def test_other_chunks_are_measured_on_the_same_cases(case_set: CaseSet) -> None:
    rows = ablated([case_set], [Variant(SHIPPED), Variant("ganz", chunking="ganze Einträge")], silent)
    first, second = (row.values[ALL]["fully"] for row in rows)
    assert first is not None and second is not None
    assert first.n == second.n


def test_markdown_and_json_say_the_same(case_set: CaseSet) -> None:
    rows = ablated([case_set], [Variant(SHIPPED)], silent)
    (told,) = json.loads(as_json(rows))
    assert told["variant"] == SHIPPED
    assert set(told["values"][ALL]) == set(MEASURED)
    value = told["values"][ALL]["right item"]
    assert f"| {SHIPPED} | {value['value']:.3f} ({value['low']:.3f}–{value['high']:.3f}) / " in markdown(rows)


def test_the_command_prints_the_table_and_writes_both_files(data_dir: Path, case_file: Path, tmp_path: Path) -> None:
    places = [tmp_path / "a.md", tmp_path / "a.json"]
    options = ["--vary", "dense=0", "--markdown", str(places[0]), "--json", str(places[1])]
    result = CliRunner().invoke(app, ["--set", f"{case_file}={data_dir}", *options], env={"COLUMNS": "200"})
    assert result.exit_code == 0, result.output
    assert "dense 0" in result.output
    assert "| dense 0 |" in places[0].read_text(encoding="utf-8")
    assert [one["variant"] for one in json.loads(places[1].read_text(encoding="utf-8"))] == [SHIPPED, "dense 0"]


@pytest.mark.parametrize(
    ("options", "said"),
    [
        (["--set", "ohne"], "FÄLLE=ORDNER"),
        (["--set", "fehlt.jsonl=daten"], "fehlt.jsonl gibt es nicht"),
        (["--set", f"{SAMPLE}=leer"], "noch nichts eingelesen"),
        (["--set", f"{SAMPLE}=leer", "--vary", "x=1"], "Das Gewicht x gibt es nicht"),
    ],
)
def test_wrong_use_is_one_sentence(
    options: list[str], said: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    result = CliRunner().invoke(app, options)
    assert result.exit_code == 2
    assert said in result.output
    assert "Traceback" not in result.output


def test_files_over_one_folder_are_one_set(data_dir: Path, case_file: Path, few: list[Case], tmp_path: Path) -> None:
    other = tmp_path / "andere.jsonl"
    write_cases([few[0].model_copy(update={"id": "anders"})], other)
    with open_sets([f"{case_file}={data_dir}", f"{other}={data_dir}"]) as opened:
        assert [one.id for one in opened[0].cases] == [*(one.id for one in few), "anders"]
        assert len(opened) == 1
    with pytest.raises(SetError), open_sets(["=x"]):
        pass
