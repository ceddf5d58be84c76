"""The daily job that deletes kept questions after their days, and the wordings of decisions that are of no more use."""

from __future__ import annotations

import asyncio
import logging

from anyio import to_thread
from sqlalchemy.exc import SQLAlchemyError

from service.learning.decisions import Decisions
from service.learning.store import KeptQuestions

DAY_SECONDS = 86_400.0
log = logging.getLogger("strategielotse")


def sweep(kept: KeptQuestions, decisions: Decisions, days: int) -> int:
    """Delete what was kept for `days` days; returns the number of rows. Raises SQLAlchemyError."""
    return kept.delete_before(days) + decisions.forget_wordings(days)


async def sweeping(kept: KeptQuestions, decisions: Decisions, days: int, pause: float = DAY_SECONDS) -> None:
    """Sweep now, and again after every `pause` seconds, until cancelled; a failure is logged and tried again."""
    while True:
        try:
            gone = await to_thread.run_sync(sweep, kept, decisions, days)
            if gone:
                log.info("Aufbewahrte Fragen nach %d Tagen gelöscht: %d", days, gone)
        except SQLAlchemyError as error:
            log.warning("Aufbewahrte Fragen nicht gelöscht: %s", type(error).__name__)
        await asyncio.sleep(pause)
