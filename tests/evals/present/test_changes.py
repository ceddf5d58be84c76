"""Training of which questions ask what changed: repeatable, judged with sets left out, hardly an ordinary one taken."""

from __future__ import annotations

import json
from importlib.resources import files
from pathlib import Path

import pytest

from evals.present.changes import (
    HELD,
    WRONG,
    Example,
    learned,
    least_of,
    load_examples,
    read_written,
    trained,
    unseen,
    written,
)
from evals.present.questions import shipped
from evals.present.writing import CHANGES_FIGURES, write_changes
from evals.train import NothingToLearn
from service.answering.understanding.changing import ASKS, KINDS
from service.answering.understanding.classifier import CHANGES, classifier

RECOGNISED = 0.75  # share of the questions on changes that is recognised, of sets left out
NEAR_MISSES = 0.1  # share of what was written to look like questions on changes that may be taken for them


@pytest.fixture(scope="module")
def some() -> list[Example]:
    """Return a part of the examples, of all sets: of what was written for it half."""
    found = load_examples(shipped())
    return [one for number, one in enumerate(found) if number % (20 if one.ordinary else 2) == 0]


def test_what_is_shipped_was_learned_from_what_is_here() -> None:
    """Its own figures: at most one of a thousand ordinary questions is taken for one on changes, of sets left out."""
    noted = json.loads(files("service.answering.trained").joinpath(CHANGES_FIGURES).read_text(encoding="utf-8"))
    examples = load_examples(shipped())
    assert noted["on changes"]["questions"] == sum(bool(one.changes) for one in examples)
    assert {one.set for one in examples} <= set(noted["sets"])
    assert noted["ordinary"]["taken for one"] <= WRONG * noted["ordinary"]["questions"]
    assert noted["near misses"]["taken for one"] <= NEAR_MISSES * noted["near misses"]["questions"]
    assert noted["on changes"]["recognised"] >= RECOGNISED * noted["on changes"]["questions"]
    assert classifier(name=CHANGES).heads[ASKS].least["yes"] == noted["least"]


@pytest.mark.long
def test_what_is_shipped_is_what_its_examples_teach() -> None:
    again, one = trained(load_examples(shipped())), classifier(name=CHANGES)
    assert again.heads.keys() == one.heads.keys() == {ASKS, *KINDS}
    same = set(again.names) & set(one.names)
    assert len(same) > 0.8 * len(one.names)


def test_a_set_that_was_left_out_is_read(some: list[Example]) -> None:
    found = list(unseen(some, "changes-m"))
    asking = [one for one in found if one.example.changes]
    assert len(found) == sum(one.set == "changes-m" for one in some) and asking
    assert sum(one.asks > 0.5 for one in asking) > 0.7 * len(asking)
    assert sum(one.asks > 0.5 for one in found if not one.example.changes) < 0.4 * (len(found) - len(asking))


def test_files_and_figures_are_written_and_repeat_byte_for_byte(some: list[Example], tmp_path: Path) -> None:
    few = [one for one in some if one.set in ("changes-h", "changes-i", "questions-a")]
    steps: list[float] = []
    told = write_changes(few, tmp_path / "new", lambda _, done: steps.append(done))
    write_changes(few, tmp_path / "again", lambda *_: None)
    assert steps == sorted(steps) and steps[-1] == 1.0
    noted = json.loads((tmp_path / "new" / CHANGES_FIGURES).read_text(encoding="utf-8"))
    assert noted["sets"] == ["changes-h", "changes-i", "questions-a"]
    assert (noted["least"], noted["on changes"]["recognised"]) == (told.least, told.recognised)
    for name in (CHANGES, CHANGES_FIGURES):
        assert (tmp_path / "again" / name).read_bytes() == (tmp_path / "new" / name).read_bytes()


def test_the_threshold_lets_one_of_a_thousand_through() -> None:
    ordinary = [place / 10_000 for place in range(5_000)]
    least = least_of(ordinary)
    assert sum(one >= least for one in ordinary) <= 5 and sum(one >= least - 0.002 for one in ordinary) > 5


def test_what_is_held_back_is_not_learned_from() -> None:
    held = read_written(Path(str(files("evals.present").joinpath(HELD))))
    assert HELD not in [one.name for one in written()]
    assert not {one.text[0] for one in held} & {one.text[0] for one in load_examples(shipped()) if one.changes}


def test_one_writer_alone_cannot_be_judged(some: list[Example]) -> None:
    with pytest.raises(NothingToLearn, match="zwei Urhebern"):
        learned([one for one in some if one.set == "changes-h"])


@pytest.mark.parametrize(
    "line",
    [
        "{",
        '"q"',
        '{"q": "Was ist neu?"}',
        '{"q": "Was ist neu?", "changes": ["gossip"]}',
        '{"q": "[[x]]", "changes": []}',
    ],
)
def test_what_is_not_in_form_is_told_with_its_line(tmp_path: Path, line: str) -> None:
    path = tmp_path / "changes-x.jsonl"
    path.write_text(f'{{"q": "Was ist neu?", "changes": ["new"]}}\n{line}\n', encoding="utf-8")
    with pytest.raises(ValueError, match=r"changes-x\.jsonl, line 2: "):
        read_written(path)
