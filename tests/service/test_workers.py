"""Several processes at one port: each has its part of the limits, one that ends is replaced, all end together."""

from __future__ import annotations

import os
import signal
from pathlib import Path

import pytest

from service.http.server import share_of
from service.settings import Settings
from tests.processes import is_alive, serving, until, workers_of
from tests.service.county import report
from vectorstore.editions import EditionStore


def test_each_process_has_its_part_of_every_limit() -> None:
    part = share_of(Settings(workers=4, rate_per_minute=50, model_cost_per_day=3.0))
    assert (part.rate_per_minute, part.model_cost_per_day) == (13, 0.75)
    assert share_of(Settings(workers=4, rate_per_minute=0)).rate_per_minute == 0


@pytest.mark.long
def test_one_that_is_killed_is_replaced_and_all_end_together(tmp_path: Path) -> None:
    EditionStore(tmp_path / "data").publish([report()])
    with serving(tmp_path, "--workers", "2", patience=240) as server:
        first = server.process.pid
        until(lambda: len(workers_of(first)) == 2)
        before = workers_of(first)
        os.kill(before[0], signal.SIGKILL)
        until(lambda: len(set(workers_of(first)) - set(before)) == 1)
        for _ in range(5):
            assert server.get("/healthz")
        processes = workers_of(first)
        server.process.terminate()
        assert server.process.wait(timeout=30) == 0
    assert [one for one in processes if is_alive(one)] == []
    log = server.log.read_text()
    assert "Traceback" not in log and "There appear to be 2" not in log, "only the one that was killed leaves something"
