"""What is deleted daily: kept questions after their days, and the wordings of decisions that are of no more use."""

from __future__ import annotations

from service.learning.decisions import Decisions
from service.learning.store import KeptQuestions


def sweep(kept: KeptQuestions, decisions: Decisions, days: int) -> int:
    """Delete what was kept for `days` days; returns the number of rows. Raises SQLAlchemyError."""
    return kept.delete_before(days) + decisions.forget_wordings(days)
