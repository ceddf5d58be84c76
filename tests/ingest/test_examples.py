"""A trial of examples reads a file once: a second click needs only what was read."""

from __future__ import annotations

import os
from pathlib import Path

from ingest import ReadingLimits, TrialRequest, run_trial

PLAN = "\n\n".join(f"M {n} Weg nach {place}" for n, place in enumerate(("Au", "Ried", "Moor"), 1))


def titles(path: Path, line: int) -> list[str]:
    trial = run_trial(TrialRequest(path, 1, line=line), ReadingLimits())
    return [record.title for record in trial.records] if trial is not None else []


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
    path = tmp_path / "wege.pdf"
    assert titles(path, 0) == []
    path.write_bytes(b"%PDF-1.4 kaputt")
    assert run_trial(TrialRequest(path, 1), ReadingLimits()) is None
