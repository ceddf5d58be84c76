"""What a running service deletes by itself, at its start and every day after: what is kept only for some days."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from anyio import to_thread
from sqlalchemy.exc import SQLAlchemyError

from prompts import say

DAY_SECONDS = 86_400.0
log = logging.getLogger("strategielotse")


@dataclass(frozen=True, slots=True)
class Sweep:
    """One thing that is deleted when its days are over: what it is called, and what deletes it and tells how many."""

    name: str
    run: Callable[[], int]


async def sweeping(sweeps: Sequence[Sweep], pause: float = DAY_SECONDS) -> None:
    """Sweep now, and again after every `pause` seconds, until cancelled; a failure is logged and stops no other."""
    while True:
        for one in sweeps:
            try:
                if gone := await to_thread.run_sync(one.run):
                    log.info(say("serving.deleted"), one.name, gone)
            except SQLAlchemyError as error:
                log.warning(say("serving.not_deleted"), one.name, type(error).__name__)
        await asyncio.sleep(pause)
