"""The same cases over what answers now and over what would: figures before and after, and every case that changed."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path

from evals.asking import Show, asked
from evals.blame import Blame
from evals.cases import Case, load_cases
from evals.figures import values_of
from evals.metrics.judging import Judgement
from evals.metrics.measures import BY_NAME
from evals.targets import InProcess, TargetError
from service.learning.trial import Figure, Lost, Measured

SHOWN = ("misled", "as expected", "direct", "shown", "facts", "count", "right non-answer", "wrong refusal")
MOST_SAID = 300  # characters of an answer


def measured(
    name: str, files: Sequence[Path], before: InProcess, after: InProcess, blame: Blame, show: Show
) -> Measured:
    """Ask the cases of these files of both, and why any got worse; raises CaseError, TargetError."""
    cases = load_cases(*files)
    if not cases:
        raise TargetError("In den Dateien steht kein Fall.")
    old = _asked(cases, before, lambda share: show(f"{name}: vorher", share / 2))
    new = _asked(cases, after, lambda share: show(f"{name}: nachher", 0.5 + share / 2))
    pairs = list(zip(old, new, strict=True))
    lost = []
    for one, other in pairs:
        if one.fully and not other.fully:
            show(f"{name}: woran es liegt", 1.0)
            because = blame.of(other, after)
            lost.append(_told(one, other).model_copy(update={"because": because}))
    return Measured(
        name=name,
        cases=len(pairs),
        figures=tuple(_figures(old, new)),
        lost=tuple(lost),
        won=tuple(_told(*pair) for pair in pairs if pair[1].fully and not pair[0].fully),
    )


def _asked(cases: Sequence[Case], target: InProcess, show: Callable[[float], None]) -> list[Judgement]:
    found = []
    for place, case in enumerate(cases):
        show(place / len(cases))
        found.append(asked(target, case).judgement)
    return found


def _figures(old: Sequence[Judgement], new: Sequence[Judgement]) -> list[Figure]:
    before, after = values_of(old), values_of(new)
    return [
        Figure(
            label=BY_NAME[name].label, before=before[name].value, after=after[name].value, cases=before[name].n
        )
        for name in SHOWN
        if name in before and name in after
    ]  # fmt: skip


def _told(old: Judgement, new: Judgement) -> Lost:
    said = [one.asked.answer.answer for one in (old, new)]
    shown = [text if len(text) <= MOST_SAID else f"{text[: MOST_SAID - 1]}…" for text in said]
    return Lost(id=old.case.id, question=old.case.question, before=shown[0], after=shown[1])
