"""The generated papers of development are read as well as the gate says; those held back are opened by hand alone."""

from __future__ import annotations

from pathlib import Path

import pytest

import evals
from evals.reading.figures import ReadingFigures, summed
from evals.reading.gate import load_reading_limits, reading_shortfalls
from evals.reading.papers import judged_papers, papers_in
from evals.reading.tables import totals_lines
from service.cli_ingest import read_files
from tests.papers.__main__ import main

GATE = Path(evals.__file__).parent / "gates" / "reading.toml"
MUST = {
    "min": {"read", "right", "responsible", "counts", "body"},
    "max": {"false", "lost", "hidden", "doubted", "decoys"},
}


def measured(folder: Path) -> ReadingFigures:
    """The sum of the suite, written into a folder and read by the workers."""
    main([str(folder)])
    return summed(one.judged.figures for one in judged_papers(papers_in(folder), read_files))


def test_generated_papers_are_read_as_well_as_the_gate_says(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    figures = measured(tmp_path)
    with capsys.disabled():
        print("", *totals_lines(figures), sep="\n")  # noqa: T201  # the totals are what CI is read for
    assert list(map(str, reading_shortfalls(figures, load_reading_limits(GATE)["development"]))) == []


def test_the_gate_asks_for_what_must_never_slip() -> None:
    limits = load_reading_limits(GATE)
    assert limits.keys() == {"development"}
    for one in limits.values():
        assert one.min.keys() >= MUST["min"] and one.max.keys() >= MUST["max"]
        assert one.max["lost"] == one.max["hidden"] == 0.0
