"""Decisions that were made on questions of the same meaning: offered first for those that ask it in other words."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from service.learning.decisions import Decision
from service.learning.grouping import ENOUGH, Alike

MOST = 3


@dataclass(frozen=True, slots=True)
class Similar:
    """A standing decision, and which of its wordings is the likest."""

    decision: Decision
    wording: str


def similar_to(wordings: Sequence[str], decisions: Sequence[Decision], alike: Alike) -> list[tuple[Similar, ...]]:
    """For each wording the standing decisions on questions that mean the same, the likest first."""
    told = [(one, saying.question) for one in decisions for saying in one.sayings if saying.stands]
    if not told or not wordings:
        return [() for _ in wordings]
    likeness = alike([*wordings, *(question for _, question in told)])[: len(wordings), len(wordings) :]
    return [_likest(told, row.tolist()) for row in likeness]


def _likest(told: Sequence[tuple[Decision, str]], shares: Sequence[float]) -> tuple[Similar, ...]:
    near = sorted(
        (pair for pair in zip(shares, told, strict=True) if pair[0] >= ENOUGH),
        key=lambda pair: (-pair[0], pair[1][0].id),
    )
    found: dict[int, Similar] = {}
    for _, (decision, wording) in near:
        found.setdefault(decision.id, Similar(decision, wording))
    return tuple(found.values())[:MOST]
