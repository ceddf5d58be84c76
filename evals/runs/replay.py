"""A run asked again: the same questions must get the same answers from the same edition."""

from __future__ import annotations

from dataclasses import dataclass

from evals.runs.run import Run
from evals.runs.running import Show, asked_all, silent
from evals.runs.targets import Target
from service.models import Answer

COMPARED = {"status": "Status", "answer": "Text", "citations": "Belege", "data": "Zeilen", "receipt": "Einstellungen"}


@dataclass(frozen=True, slots=True)
class Change:
    """An answer that is not what it was; `what` says in which parts."""

    case: str
    what: str


def replayed(run: Run, target: Target, show: Show = silent) -> list[Change]:
    """Ask a run's questions again; returns the answers that differ."""
    again = asked_all(target, [one.case for one in run.judgements], show)
    pairs = zip(run.judgements, again, strict=True)
    found = [(old.case.id, _what(old.asked.answer, new.answer)) for old, new in pairs]
    return [Change(case, what) for case, what in found if what]


def _what(before: Answer, after: Answer) -> str:
    return ", ".join(said for name, said in COMPARED.items() if getattr(before, name) != getattr(after, name))
