"""Two runs side by side: lines for the terminal, and a page for people who know no code."""

from __future__ import annotations

from collections.abc import Iterator

from evals.measurements import compute_measures
from evals.metrics.scoring import CaseOutcome
from evals.report.page import render_page
from evals.run import SIGNIFICANT, CasePair, OutcomeChange, RunComparison
from prompts import say


def comparison_lines(runs: RunComparison) -> Iterator[str]:
    """Yield lines with the ids of the cases that changed between two runs: first how many became or
    ceased to be as expected and whether this may be chance, then the ids, misleading ones first.
    """
    won, lost = runs.gained(CaseOutcome.EXPECTED), runs.lost(CaseOutcome.EXPECTED)
    yield say(
        "evaluation.against_run",
        name=runs.before.info.name,
        chance=_describe_chance(runs),
        cases=len(runs.pairs),
        won=len(won),
        lost=len(lost),
    )
    groups = (
        ("newly_misled", runs.gained(CaseOutcome.MISLED)),
        ("misled_no_more", runs.lost(CaseOutcome.MISLED)),
        ("won", won),
        ("lost", lost),
    )
    yield from (f"  {say(f'evaluation.{key}')}: {', '.join(ids)}" for key, ids in groups if ids)


def comparison_html(runs: RunComparison) -> str:
    """Return a page that shows both answers to each question side by side.

    The questions whose answer became worse are first, then better ones, then those unchanged; in
    each group the worst answers are first.
    """
    ranks = list(CaseOutcome)
    pairs = sorted(runs.pairs, key=lambda pair: ranks.index(pair.after.outcome))
    groups: dict[str, list[CasePair]] = {
        say(f"evaluation.{change}"): [] for change in OutcomeChange
    }
    for pair in pairs:
        groups[say(f"evaluation.{pair.change}")].append(pair)
    before = compute_measures(pair.before for pair in pairs)
    after = compute_measures(pair.after for pair in pairs)
    figures = {
        say("evaluation.run_before", name=runs.before.info.name): before,
        say("evaluation.run_after", name=runs.after.info.name): after,
    }
    chance = _describe_chance(runs)
    return render_page("comparison.html", runs=runs, groups=groups, figures=figures, chance=chance)


def _describe_chance(runs: RunComparison) -> str:
    """Return a German text on whether the change may be chance, by the p-value of the cases that
    became or ceased to be as expected. If none did, there is nothing to measure.
    """
    if runs.p_value is None:
        return say("evaluation.no_chance")
    key = "more_than_chance" if runs.p_value < SIGNIFICANT else "may_be_chance"
    return say(f"evaluation.{key}", p_value=runs.p_value)
