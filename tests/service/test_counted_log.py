"""Counting log lines: the first at once, the others together, none lost while the loop runs."""

from __future__ import annotations

import asyncio
import logging

import pytest

from service.counted_log import CountedLog

log = logging.getLogger("strategielotse.test")


def test_many_become_few_lines_with_their_number(caplog: pytest.LogCaptureFixture) -> None:
    counted = CountedLog(log, "Geschehen: %d", seconds=0.1)

    async def happen(times: int) -> None:
        for _ in range(times):
            counted.note()
        await asyncio.sleep(1.0)

    with caplog.at_level(logging.WARNING):
        asyncio.run(happen(500))
        asyncio.run(happen(1))  # a new loop, as after a restart within a test
    assert [record.getMessage() for record in caplog.records] == ["Geschehen: 1", "Geschehen: 499", "Geschehen: 1"]
