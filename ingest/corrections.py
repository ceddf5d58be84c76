"""What a run tells of corrections: how many are carried out, which no longer fit, which rows say nothing usable."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from vectorstore.amending.form import Outcome, State


@dataclass(frozen=True, slots=True)
class CorrectionReport:
    """`applied` are carried out, `needless` are said by the papers themselves by now.

    `lost` are sentences about those that no longer fit, `rejected` about rows that cannot be read.
    """

    applied: int = 0
    needless: int = 0
    lost: tuple[str, ...] = ()
    rejected: tuple[str, ...] = ()


def amended_report(outcomes: Sequence[Outcome], rejected: Iterable[str]) -> CorrectionReport:
    """Return what became of the corrections of a data folder."""
    return CorrectionReport(
        sum(one.state is State.APPLIED for one in outcomes),
        sum(one.state is State.NEEDLESS for one in outcomes),
        tuple(str(one) for one in outcomes if not one.applies),
        tuple(rejected),
    )
