"""Training of the judgement: repeatable, calibrated where documents are left out, and used where it lies."""

from __future__ import annotations

import json
from dataclasses import replace
from importlib.resources import files
from pathlib import Path

import pytest
from click.testing import Result
from typer.testing import CliRunner

from evals.cases import load_cases
from evals.present.judgement import KEPT, STRANGERS, Example, examples, learned, strangers
from evals.present.writing import write_judgement
from evals.targets import InProcess
from evals.train import NothingToLearn
from service.answering.service import AnswerService
from service.answering.trained.judgement import FEATURES, NAME, Judgement, judgement, packed, unpacked
from service.cli import app
from tests.evals.cases_judged import JUDGED

CASES = Path(str(files("evals"))) / "cases" / "sample-dev.jsonl"


@pytest.fixture(scope="module")
def judged(measured: AnswerService) -> list[Example]:
    return list(examples([*load_cases(CASES), *JUDGED], InProcess(measured)))


def test_answers_are_made_whatever_the_judgement_says(judged: list[Example], measured: AnswerService) -> None:
    refused = [one for one in judged if one.case.startswith("judged")]
    assert len(refused) >= 3 and not any(one.right or one.answerable for one in refused)
    assert sum(one.right for one in judged) >= 20
    assert all(0.0 <= value <= 1.0 for one in judged for value in one.features)
    assert measured.corpus.judgement == judgement()


def test_training_repeats_byte_for_byte(judged: list[Example], tmp_path: Path) -> None:
    found = write_judgement(judged, tmp_path / "new")
    assert write_judgement(list(judged), tmp_path / "again") == found
    content = (tmp_path / "new" / NAME).read_bytes()
    assert content == (tmp_path / "again" / NAME).read_bytes()
    assert unpacked(content) == found.judgement


def test_the_threshold_keeps_what_it_shall(judged: list[Example]) -> None:
    found = learned(judged)
    assert found.chosen.right >= KEPT
    stricter = [one for one in found.curve if one.threshold > found.judgement.least]
    assert stricter and all(one.right < KEPT for one in stricter)


def test_what_weighs_is_learned() -> None:
    """Answers that are right where a feature is high and wrong where it is low: it comes to weigh."""
    made = [_made(number, said=number % 2 == 0) for number in range(80)]
    found = learned(made)
    weights = dict(zip(FEATURES, found.judgement.weights, strict=True))
    assert weights["said"] > 1.0 and weights["nouns"] == 0.0
    assert found.area == 1.0 and found.calibration < 0.2


def _made(number: int, said: bool) -> Example:
    features = tuple(float(said) if name == "said" else 0.0 for name in FEATURES)
    return Example(str(number), f"paper {number % 4}", features, right=said, answerable=True)


def test_nothing_is_judged_over_one_document(judged: list[Example], tmp_path: Path) -> None:
    alone = [replace(one, document="paper") for one in judged]
    with pytest.raises(NothingToLearn, match="zwei Dokumenten"):
        write_judgement(alone, tmp_path / "own")
    assert not (tmp_path / "own").exists()


def test_strangers_are_questions_to_other_papers() -> None:
    cases = load_cases(CASES)
    there = [one.model_copy(update={"corpus": "elsewhere"}) for one in cases]
    asked = strangers([*cases, *there], cases)
    assert 0 < len(asked) <= STRANGERS
    assert {one.corpus for one in asked} == {"elsewhere"}
    assert not any(one.answerable or one.history for one in asked)
    assert asked == strangers([*there, *cases], cases)


def test_the_shipped_one_is_calibrated_on_documents_left_out() -> None:
    figures = json.loads(files("service.answering.trained").joinpath(NAME).read_bytes())["figures"]
    assert figures["calibration error"] <= 0.05
    assert figures["cases"] >= 1000 and figures["documents"] >= 12


def test_what_is_shipped_is_read_and_a_file_of_ones_own_is_used(measured: AnswerService, tmp_path: Path) -> None:
    own = Judgement((0.0,) * len(FEATURES), 0.0, 0.9, 0.95)
    (tmp_path / NAME).write_text(packed(own, {}), encoding="utf-8")
    settings = measured.settings.model_copy(update={"trained_dir": tmp_path})
    assert AnswerService(measured.corpus.edition, settings).corpus.judgement == own


@pytest.mark.parametrize(
    ("content", "said"),
    [
        ("[]", "features"),
        ('{"weights": {"said": 1.0}, "intercept": 0.0, "least": 0.5}', "features"),
        (
            packed(Judgement((0.0,) * len(FEATURES), 0.0, 0.5, 0.6), {}).replace('"least": 0.5', '"least": null'),
            "numbers",
        ),
    ],
)
def test_a_file_of_other_features_is_refused(content: str, said: str) -> None:
    with pytest.raises(ValueError, match=said):
        unpacked(content)


def test_the_command_tells_the_curve(data_dir: Path, tmp_path: Path) -> None:
    made = train("--cases", CASES, "--only", "judgement", "--to", tmp_path / "own", "--data-dir", data_dir)
    assert made.exit_code == 0, made.output
    assert "Kalibrierungsfehler" in made.output and "gewählt" in made.output
    assert [path.name for path in (tmp_path / "own").iterdir()] == [NAME]


def train(*arguments: object) -> Result:
    return CliRunner().invoke(app, ["eval", "train", *map(str, arguments)])
