"""Asks every case, judges the answers, and measures what the thresholds trade."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence

from evals.cases import Case
from evals.metrics.judging import Asked, Judgement, judge
from evals.runs.summary import Point, share
from evals.runs.targets import InProcess, Target

Show = Callable[[str, float], None]
STRICTNESS = (0.0, 0.25, 0.5, 0.75, 1.0, 1.25, 1.5, 2.0, 3.0)


def silent(step: str, done: float) -> None:
    """Show nothing."""


def asked_all(target: Target, cases: Sequence[Case], show: Show = silent) -> list[Asked]:
    """The answer to every case, in order; raises TargetError where the service fails."""
    found = []
    for place, case in enumerate(cases):
        show("Fragen stellen", place / len(cases))
        start = time.perf_counter()
        answer = target.ask(case)
        found.append(Asked(case, answer, target.knowledge, 1000 * (time.perf_counter() - start)))
    return found


def judged_all(asked: Sequence[Asked], show: Show = silent) -> list[Judgement]:
    """Every answer judged, in order."""
    found = []
    for place, one in enumerate(asked):
        show("Antworten prüfen", place / len(asked))
        found.append(judge(one))
    return found


def tradeoff(target: InProcess, cases: Sequence[Case], show: Show = silent) -> list[Point]:
    """False answers and false refusals as the thresholds are lowered and raised; none unless cases ask for both."""
    if len({case.answerable for case in cases}) < 2:
        return []
    points = []
    for place, factor in enumerate(STRICTNESS):
        show("Schwellen abwägen", place / len(STRICTNESS))
        with target.strict(factor):
            judgements = [judge(one) for one in asked_all(target, cases)]
        shares = [share(judgements, name) or 0.0 for name in ("false answers", "false refusals", "fully")]
        points.append(Point(strict=factor, false_answers=shares[0], false_refusals=shares[1], fully=shares[2]))
    return points
