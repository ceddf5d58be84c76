"""Figures of a run by hand: groups, kinds, intervals; two runs side by side; the folder that keeps
it.
"""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from evals.measurements import compute_measurements, count_cases, estimate, format_values
from evals.metrics.scoring import CaseOutcome
from evals.run import (
    CommandError,
    OutcomeChange,
    compare_runs,
    mcnemar,
    read_run,
    require_free,
    write_run,
)
from tests.evals.fakes import (
    COUNT,
    FACT,
    LIST,
    SILENT,
    answer,
    case,
    citation,
    judged,
    refusal,
    row,
    run_of,
    silent_case,
)

RIGHT = judged(FACT.case, FACT.answer)
WRONG = judged(COUNT.case, answer("5 Projekte [1]", *COUNT.answer.citations))
QUIET = judged(LIST.case, refusal())
REFUSED = judged(SILENT.case, SILENT.answer)
ANSWERED = judged(silent_case(id="u2"), answer("Doch. [1]", citation()))
OPEN = judged(case(id="o", expect={"behavior": "open"}), FACT.answer)
NOW = (row(RIGHT, "known", "a"), row(WRONG, "known", "b"), row(QUIET, "left-out", "b"), row(REFUSED, "left-out", "b"),
       row(ANSWERED, "left-out", "b"), row(OPEN, "left-out", "b"))  # fmt: skip


def test_figures_are_told_by_group_set_and_kind() -> None:
    found = compute_measurements(NOW)
    misled = {name: (item["misled"].held, item["misled"].n) for name, item in found.groups.items()}
    assert misled == {"known": (1.0, 2), "left-out": (1.0, 3)}, (
        "an open case is no question to be right or wrong about"
    )
    assert {name: item["misled"].n for name, item in found.sets.items()} == {"a": 1, "b": 4}
    assert found.all["misled"].value == 0.4 and found.all["direct"].value == pytest.approx(1 / 3)
    assert (found.cases, count_cases(found.all)) == (6, 5)
    assert found.types["left-out"]["unanswerable"]["right non-answer"].value == 0.5
    assert list(found.types["all"]) == ["count", "list", "single_fact", "unanswerable"]
    assert (
        format_values(found.all, ("misled", "direct", "verdict"))
        == "5 cases, misled 2 of 5, direct 1 of 3"
    )
    with pytest.raises(ValueError, match="no cases"):
        compute_measurements([])


def test_shares_and_ratios_have_wilson_intervals() -> None:
    found = estimate([(1.0, 1.0)] * 8 + [(0.0, 1.0)] * 2)
    assert found and (found.value, found.n, found.held, found.asked) == (0.8, 10, 8.0, 10.0)
    assert (found.low, found.high) == (
        pytest.approx(0.4902, abs=1e-4),
        pytest.approx(0.9433, abs=1e-4),
    )
    similar = estimate([(1.0, 1.0)] * 10)
    assert (
        similar
        and similar.high == pytest.approx(1.0)
        and similar.low == pytest.approx(0.7225, abs=1e-4)
    )
    ratio = estimate([(1.0, 4.0), (3.0, 4.0), (2.0, 2.0)])
    assert ratio and ratio.value == 0.6 and ratio.low < 0.6 < ratio.high <= 1.0
    assert estimate([]) is None and estimate([(0.0, 0.0)]) is None
    wrong = estimate([(0.0, 1.0)] * 3)
    assert wrong and wrong.low == 0.0, "no rest of floating point"


def test_two_runs_tell_what_was_won_lost_and_misleads_anew() -> None:
    before = run_of(
        row(judged(FACT.case, refusal())),
        row(judged(COUNT.case, COUNT.answer)),
        row(REFUSED),
        hour=8,
    )
    found = compare_runs(before, run_of(row(RIGHT), row(WRONG), row(REFUSED), row(QUIET)))
    assert [(pair.after.case.id, pair.change) for pair in found.pairs] == [
        ("c", OutcomeChange.BETTER),
        ("n", OutcomeChange.WORSE),
        ("u", OutcomeChange.SAME),
    ]
    assert [pair.is_reworded for pair in found.pairs] == [True, True, False]
    assert (found.gained(CaseOutcome.EXPECTED), found.lost(CaseOutcome.EXPECTED)) == (
        ("c",),
        ("n",),
    )
    assert (found.gained(CaseOutcome.MISLED), found.lost(CaseOutcome.MISLED)) == (("n",), ())
    assert found.p_value == 1.0
    assert mcnemar(8, 0) == pytest.approx(2 / 2**8)
    assert compare_runs(before, before).p_value is None, "nothing changed, nothing is measured"


def test_a_run_is_read_as_it_was_written(tmp_path: Path) -> None:
    run = run_of(*NOW)
    write_run(run, tmp_path / "heute")
    again = read_run(tmp_path / "heute")
    assert (again.info, again.figures) == (run.info, run.figures)
    assert [(item.case, item.set, item.group, item.judgement.ratios) for item in again.rows] == [
        (item.case, item.set, item.group, item.judgement.ratios) for item in run.rows
    ]
    assert compute_measurements(again.rows) == run.figures
    lines = (tmp_path / "heute/cases.jsonl").read_text(encoding="utf-8").splitlines()
    assert json.loads(lines[0])["answer"]["citations"][0]["quote"] == "Das kostete 412.000 Euro.", (
        "the whole answer"
    )


def test_what_is_no_run_is_told(tmp_path: Path) -> None:
    write_run(run_of(*NOW), tmp_path / "heute")
    with pytest.raises(CommandError, match="gibt es schon"):
        require_free(tmp_path, "heute")
    for name in ("..", "a/b", ""):
        with pytest.raises(CommandError, match="geht nicht als Name"):
            require_free(tmp_path, name)
    (tmp_path / "heute/cases.jsonl").write_text("{}\n")
    with pytest.raises(CommandError, match="kein lesbarer Lauf"):
        read_run(tmp_path / "heute")
    with pytest.raises(CommandError, match=r"run\.json fehlt"):
        read_run(tmp_path)
