"""Log lines that count: what happens often is told at once, and then at most once a minute with its number."""

from __future__ import annotations

import asyncio
import logging

SECONDS = 60.0


class CountedLog:
    """Tells how often something happened; `message` holds one %d. Used within an event loop."""

    def __init__(self, log: logging.Logger, message: str, seconds: float = SECONDS) -> None:
        self._log = log
        self._message = message
        self._seconds = seconds
        self._number = 0
        self._loop: asyncio.AbstractEventLoop | None = None  # where a line is waiting to be told

    def note(self) -> None:
        """Count once more."""
        self._number += 1
        if self._loop is not asyncio.get_running_loop():
            self._loop = asyncio.get_running_loop()
            self._tell()

    def _tell(self) -> None:
        if self._number and self._loop:
            self._log.warning(self._message, self._number)
            self._loop.call_later(self._seconds, self._tell)
        else:
            self._loop = None
        self._number = 0
