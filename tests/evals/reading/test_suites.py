"""The generated papers of development are read as well as the gate says; those held back are opened by hand alone."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

import evals
from evals.gate import Limits, load_gate, shortfalls
from evals.reading.command import groups_table, judged_papers, papers_in
from evals.reading.figures import BETTER, ReadingFigures, measured_in, summed
from tests.papers import Paper
from tests.papers.__main__ import write_known
from vectorstore.records import ParsedDocument

GATE = Path(evals.__file__).parent / "gates" / "reading.toml"
MUST = {
    "min": {"read", "right", "responsible", "counts", "body"},
    "max": {"false", "lost", "hidden", "doubted", "decoys"},
}

FEW = Limits(  # the 24 papers are odder than all 200
    min={
        "read": 1.0,
        "right": 0.928,
        "responsible": 0.84,
        "counts": 0.88,
        "body": 1.0,
        "rows": 1.0,
        "front title": 0.99,
    },
    max={"false": 0.023, "decoys": 0.0, "doubted": 0.0, "lost": 0.0, "hidden": 0.0, "confident wrong": 0.116},
)


@pytest.fixture(params=["", pytest.param("whole_", marks=pytest.mark.long)], ids=["few", "all"])
def figures(tmp_path: Path, request: pytest.FixtureRequest) -> ReadingFigures:
    """The sum of a suite, written into a folder and read by the workers."""
    suite: tuple[Paper, ...] = request.getfixturevalue(f"{request.param}suite")
    read: dict[str, ParsedDocument | str] = request.getfixturevalue(f"{request.param}suite_read")
    for one in suite:
        write_known(one, tmp_path)
    judged = judged_papers(papers_in(tmp_path), lambda paths: ((path, read[path.name]) for path in paths))
    assert len(judged) == len(suite)
    return summed(one.judged.figures for one in judged)


def test_generated_papers_are_read_as_well_as_the_gate_says(
    figures: ReadingFigures, capsys: pytest.CaptureFixture[str]
) -> None:
    with capsys.disabled():
        print(f"\n{groups_table({'development': figures})}")  # noqa: T201  # the totals are what CI is read for
    gate = load_gate(GATE, BETTER)
    if figures.shares["read"].whole <= 24:
        gate = replace(gate, limits={"development": FEW})
    assert list(map(str, shortfalls(gate, measured_in({"development": figures})))) == []


def test_the_gate_asks_for_what_must_never_slip() -> None:
    limits = load_gate(GATE, BETTER).limits
    assert limits.keys() == {"development"}
    for one in limits.values():
        assert one.min.keys() >= MUST["min"] and one.max.keys() >= MUST["max"]
        assert one.max["lost"] == one.max["hidden"] == 0.0
