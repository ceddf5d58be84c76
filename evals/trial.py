"""The same cases over what answers now and over what would: figures before and after, and every case that changed."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import UTC, datetime

from evals.asking import Show, asked
from evals.cases import Case
from evals.figures import values_of
from evals.metrics.judging import Judgement
from evals.metrics.measures import BY_NAME
from evals.targets import InProcess
from service.people.trial import Changed, Figure, Trial

SHOWN = ("misled", "as expected", "direct", "shown", "facts", "count", "right non-answer", "wrong refusal")
MOST_SAID = 300  # characters of an answer


def tried(digest: str, cases: Sequence[Case], before: InProcess, after: InProcess, show: Show) -> Trial:
    """Ask the cases of both; raises TargetError."""
    old = _asked(cases, before, lambda share: show("Vorher fragen", share / 2))
    new = _asked(cases, after, lambda share: show("Nachher fragen", 0.5 + share / 2))
    pairs = list(zip(old, new, strict=True))
    return Trial(
        digest=digest,
        moment=datetime.now(UTC),
        cases=len(pairs),
        figures=tuple(_figures(old, new)),
        worse=tuple(_told(*pair) for pair in pairs if pair[0].fully and not pair[1].fully),
        better=tuple(_told(*pair) for pair in pairs if pair[1].fully and not pair[0].fully),
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
        Figure(label=BY_NAME[name].label, before=before[name].value, after=after[name].value, cases=before[name].n)
        for name in SHOWN
        if name in before and name in after
    ]


def _told(old: Judgement, new: Judgement) -> Changed:
    said = [one.asked.answer.answer for one in (old, new)]
    shown = [text if len(text) <= MOST_SAID else f"{text[: MOST_SAID - 1]}…" for text in said]
    return Changed(id=old.case.id, question=old.case.question, before=shown[0], after=shown[1])
