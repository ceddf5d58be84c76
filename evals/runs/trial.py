"""The same cases over what answers now and over what would: figures before and after, and every case that changed."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from evals.metrics.judging import Judgement
from evals.metrics.measures import BY_NAME
from evals.runs.blame import Blame
from evals.runs.run import Run
from evals.runs.running import Show
from evals.runs.session import RunRequest, executed
from evals.runs.targets import InProcess
from service.learning.trial import Figure, Lost, Measured

SHOWN = ("fully", "right item", "right@1", "facts", "count", "false answers", "false refusals")
MOST_SAID = 300  # characters of an answer


def measured(
    name: str, files: Sequence[Path], before: InProcess, after: InProcess, blame: Blame, show: Show
) -> Measured:
    """Ask the cases of these files of both, and why any got worse; raises CaseError, TargetError."""
    request = RunRequest(tuple(files), quick=True)
    old = executed(request, before, lambda step, share: show(f"{name}: vorher", share / 2))
    new = executed(request, after, lambda step, share: show(f"{name}: nachher", 0.5 + share / 2))
    pairs = list(zip(old.judgements, new.judgements, strict=True))
    lost = []
    for one, other in pairs:
        if one.fully and not other.fully:
            show(f"{name}: woran es liegt", 1.0)
            because, reader = blame.of(other, before, after)
            lost.append(_told(one, other).model_copy(update={"because": because, "reader": reader}))
    return Measured(
        name=name,
        cases=len(pairs),
        figures=tuple(_figures(old, new)),
        lost=tuple(lost),
        won=tuple(_told(*pair) for pair in pairs if pair[1].fully and not pair[0].fully),
    )


def _figures(old: Run, new: Run) -> list[Figure]:
    found = []
    for name in SHOWN:
        before, after = old.summary.all.get(name), new.summary.all.get(name)
        if before is not None and after is not None:
            measure = BY_NAME[name]
            found.append(
                Figure(label=measure.label, before=before.value, after=after.value, cases=before.n, share=measure.share)
            )
    return found


def _told(old: Judgement, new: Judgement) -> Lost:
    said = [one.asked.answer.answer for one in (old, new)]
    shown = [text if len(text) <= MOST_SAID else f"{text[: MOST_SAID - 1]}…" for text in said]
    return Lost(id=old.case.id, question=old.case.question, before=shown[0], after=shown[1])
