"""A trial of examples reads a file once, in the background: a second click needs only what was
read.
"""

from __future__ import annotations

import multiprocessing
import os
import time
from pathlib import Path

import pytest

from ingest import ReadingLimits, Rejected, TrialRequest, run_trial
from ingest.examples import BackgroundStore, Trial, read_for_trials
from tests.ingest.test_limits import LINE, pdf

PLAN = "\n\n".join(f"M {n} Weg nach {place}" for n, place in enumerate(("Au", "Ried", "Moor"), 1))


def titles(path: Path, line: int) -> list[str]:
    return [record.title for record in finish(TrialRequest(path, 1, line=line)).records]


def finish(request: TrialRequest, seconds: float = 45.0) -> Trial:
    limits = ReadingLimits(seconds=seconds)
    trial = run_trial(request, limits)
    while isinstance(trial, float):
        trial = run_trial(request, limits)
    return trial


def test_a_file_is_read_again_only_when_it_has_changed(tmp_path: Path) -> None:
    path = tmp_path / "wege.txt"
    path.write_text(PLAN, encoding="utf-8")
    state = path.stat()
    assert titles(path, 0) == ["Weg nach Au"]
    path.write_text(PLAN.replace("Weg", "Bus"), encoding="utf-8")
    os.utime(path, ns=(state.st_atime_ns, state.st_mtime_ns))
    assert titles(path, 0) == ["Weg nach Au"]
    os.utime(path, ns=(state.st_atime_ns, state.st_mtime_ns + 1))
    assert titles(path, 0) == ["Bus nach Au"]


def test_what_cannot_be_read_is_not_kept(tmp_path: Path) -> None:
    damaged, path = tmp_path / "wege.pdf", tmp_path / "wege.txt"
    damaged.write_bytes(b"%PDF-1.4 kaputt")
    for unreadable in (damaged, path):
        with pytest.raises(Rejected):
            finish(TrialRequest(unreadable, 1))
    path.write_text(PLAN, encoding="utf-8")
    assert titles(path, 0) == ["Weg nach Au"]


def test_a_long_file_is_read_while_nobody_waits_and_says_how_far_it_is(tmp_path: Path) -> None:
    path, store = tmp_path / "wege.pdf", BackgroundStore(wait_seconds=0.0)
    path.write_bytes(pdf(300, LINE.encode()))
    order, shares = (path, ReadingLimits(), 0, 0), list[float]()
    layout: bytes | float = 0.0
    while isinstance(layout, float):
        layout = store.compute(read_for_trials, order, order[1])
        if isinstance(layout, float):
            shares.append(layout)
        time.sleep(0.02)
    assert shares[0] == 0.0 and shares == sorted(shares)
    assert any(0 < share < 1 for share in shares)


def test_no_more_files_are_read_at_once_than_there_is_room_for(tmp_path: Path) -> None:
    store = BackgroundStore(wait_seconds=0.0)
    paths = [tmp_path / f"{number}.pdf" for number in range(6)]
    for path in paths:
        path.write_bytes(pdf(60, LINE.encode()))
    read = set[Path]()
    most = 0
    while len(read) < len(paths):
        for path in paths:
            order = (path, ReadingLimits(), 0, 0)
            if isinstance(store.compute(read_for_trials, order, order[1]), bytes):
                read.add(path)
        most = max(most, len(multiprocessing.active_children()))
        time.sleep(0.02)
    assert most == 3


def test_who_meets_the_limit_of_time_is_told_it_in_plain_words(tmp_path: Path) -> None:
    path = tmp_path / "wege.txt"
    path.write_text(PLAN * 900, encoding="utf-8")  # reading it takes seconds
    with pytest.raises(Rejected, match=r"0\.01 Sekunden Rechenzeit") as raised:
        finish(TrialRequest(path, 1), 0.01)
    assert "STRATEGIELOTSE" not in raised.value.reason
