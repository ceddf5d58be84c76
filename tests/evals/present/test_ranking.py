"""Training of the weights of ranking: repeatable, taken only where it does not lose, and used where it lies."""

from __future__ import annotations

import json
from dataclasses import replace
from importlib.resources import files
from pathlib import Path

import pytest
from click.testing import Result
from typer.testing import CliRunner

from evals.cases import Case, load_cases
from evals.present.ranking import BY_HAND, GROUPS, Example, Figures, examples, learned
from evals.present.writing import write_ranking
from evals.targets import InProcess, request_of
from evals.train import NothingToLearn
from service.answering.finding.finder import Finder
from service.answering.finding.ranking import Weights
from service.answering.pipeline import check, understand_question
from service.answering.service import AnswerService
from service.answering.trained.ranking import LEARNED, NAME, packed, ranking, unpacked
from service.cli import app
from service.settings import load_settings

CASES = Path(str(files("evals"))) / "cases" / "sample-dev.jsonl"


@pytest.fixture(scope="module")
def ranked(measured: AnswerService) -> list[Example]:
    return list(examples(load_cases(CASES), InProcess(measured)))


def test_places_are_those_that_finding_gives(ranked: list[Example], measured: AnswerService) -> None:
    cases: dict[str, Case] = {one.id: one for one in load_cases(CASES)}
    by_case = {one.case: one for one in reversed(ranked)}
    assert len(by_case) >= 30
    for weights in (BY_HAND, Weights(concepts=0.0, dense=1.0, title=2.0)):
        finder = Finder(measured.corpus, weights)
        for name, example in by_case.items():
            assert example.place(weights) == found_at(cases[name], example, finder, measured), name


def found_at(case: Case, example: Example, finder: Finder, service: AnswerService) -> int:
    work = service.work(request_of(case))
    check(work)
    understand_question(work)
    assert work.query is not None
    rows = [service.corpus.row(one.item) for one in finder.find(work.query)]
    return next((place for place, row in enumerate(rows, start=1) if example.right[row]), 0)


def test_a_case_with_written_questions_is_measured_without_them_too(ranked: list[Example]) -> None:
    written = [one.case for one in ranked if one.written]
    bare = [one.case for one in ranked if not one.written]
    assert written and len(set(bare)) == len(bare)
    assert set(written) <= set(bare)


def test_training_repeats_byte_for_byte(ranked: list[Example], tmp_path: Path) -> None:
    found = write_ranking(ranked, tmp_path / "new")
    assert write_ranking(list(ranked), tmp_path / "again").told == found.told
    content = (tmp_path / "new" / NAME).read_bytes()
    assert content == (tmp_path / "again" / NAME).read_bytes()
    assert unpacked(content) == found.weights
    told = json.loads(content)["figures"]
    assert told["weights are"] == ("learned" if found.is_learned else "chosen by hand")
    assert set(told["learned, documents left out"]) == set(told["chosen by hand"]) == set(GROUPS)


def test_learning_mends_a_bad_weight(ranked: list[Example]) -> None:
    found = learned(ranked, replace(BY_HAND, dense=4.0))
    assert found.is_learned and found.weights.dense < 4.0
    gained = [found.told[name].first - found.told_by_hand[name].first for name in found.told]
    assert sum(gained) > 0, gained  # where questions for items speak, a bad weight of the embedding misleads less


def test_what_loses_on_documents_left_out_is_not_taken(ranked: list[Example]) -> None:
    """Five documents are too few to learn from: what one part of them teaches misleads on the others."""
    start = replace(BY_HAND, concepts=0.05)
    found = learned(ranked, start)
    assert not found.is_learned and found.weights == start != found.learned
    assert json.loads(found.as_file())["figures"]["weights are"] == "chosen by hand"


def test_nothing_is_judged_over_one_document(ranked: list[Example], tmp_path: Path) -> None:
    alone = [one for one in ranked if one.document == ranked[0].document]
    with pytest.raises(NothingToLearn, match="zwei Dokumenten"):
        write_ranking(alone, tmp_path / "own")
    assert not (tmp_path / "own").exists()


def test_figures_count_places_from_one() -> None:
    assert Figures.of([1, 3, 4, 0]) == Figures(4, 0.25, 0.5)


def test_what_is_shipped_is_read_and_a_file_of_ones_own_is_used(measured: AnswerService, tmp_path: Path) -> None:
    assert ranking() == unpacked(files("service.answering.trained").joinpath(NAME).read_bytes())
    assert measured.finder.weights == ranking()
    own = replace(BY_HAND, dense=0.0, title=3.0)
    (tmp_path / NAME).write_text(packed(own, {}), encoding="utf-8")
    settings = measured.settings.model_copy(update={"trained_dir": tmp_path})
    assert AnswerService(measured.corpus.edition, settings).finder.weights == own


def test_the_command_learns_over_the_data_folder(data_dir: Path, tmp_path: Path) -> None:
    made = train("--cases", CASES, "--only", "ranking", "--to", tmp_path / "own", "--data-dir", data_dir)
    assert made.exit_code == 0, made.output
    assert "von Hand" in made.output and "mit Fragen zu Einträgen" in made.output
    content = json.loads((tmp_path / "own" / NAME).read_text(encoding="utf-8"))
    assert set(content["weights"]) == set(LEARNED)
    assert [path.name for path in (tmp_path / "own").iterdir()] == [NAME]


def test_why_no_weights_can_be_learned_is_one_sentence(tmp_path: Path) -> None:
    made = train("--only", "ranking", "--to", tmp_path / "own", "--data-dir", load_settings(data_dir=tmp_path).data_dir)
    assert made.exit_code == 2
    (line,) = made.stderr.splitlines()
    assert "zwei Dokumenten" in line and not (tmp_path / "own").exists()


def train(*arguments: object) -> Result:
    return CliRunner().invoke(app, ["eval", "train", *map(str, arguments)])
