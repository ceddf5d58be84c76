"""A folder of damaged and hostile files: one run, one state each, nothing over its limits, the good ones indexed."""

from __future__ import annotations

import json
import resource
import subprocess
from collections import Counter
from pathlib import Path

import pytest

from tests.endurance.conftest import SAMPLE
from tests.endurance.hostile import write_hostile_files
from tests.endurance.watched import Job, ingested
from tests.ingest.test_limits import HOSTILE
from tests.processes import COMMAND, REPOSITORY, environment

pytestmark = pytest.mark.long
DAMAGED = 120
GENERATED = 1_000
SEED = 2026
LIMITS_OF_GENERATED = {
    "seconds": 5,
    "memory_bytes": 200_000_000,
    "pages": 50,
    "characters": 500_000,
    "rows": 8_000,
    "cells": 5_000,
}


def test_one_run_over_hostile_files_ends_with_one_state_each(tmp_path: Path) -> None:
    folder = tmp_path / "papiere"
    folder.mkdir()
    assert len(write_hostile_files(folder, SEED + 1, DAMAGED)) == DAMAGED
    for name, (make, _) in HOSTILE.items():
        (folder / name).write_bytes(make())
    (folder / "gut.md").write_bytes(next(SAMPLE.glob("lauterfeld*.md")).read_bytes())
    result = subprocess.run(
        [*COMMAND, "ingest", str(folder), "--json"],
        cwd=REPOSITORY,
        env=environment(tmp_path / "data", STRATEGIELOTSE_READ_SECONDS="10"),
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        timeout=600,
    )
    assert result.returncode == 1, result.stderr
    files = json.loads(result.stdout)["files"]
    states = Counter(file["reason_code"] or file["state"] for file in files)
    longest = max(file["seconds"] for file in files)
    memory = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss // 1024
    print(f"\n{len(files)} files: {dict(states)}; longest {longest:.1f} s, the largest process {memory} MB")
    assert len(files) == len({file["path"] for file in files}) == DAMAGED + len(HOSTILE) + 1
    assert states["indexed"] + states["indexed_with_warnings"] > 0
    assert not any("Error" in (file["reason"] or "") or str(tmp_path) in (file["reason"] or "") for file in files)


def test_a_thousand_generated_hostile_files_end_with_one_state_each(tmp_path: Path) -> None:
    folder = tmp_path / "papiere"
    folder.mkdir()
    written = write_hostile_files(folder, SEED, GENERATED)
    seen = ingested(
        Job(str(folder), [str(tmp_path / "data")], LIMITS_OF_GENERATED), tmp_path / "temporary", timeout=1_500
    )
    files = seen.rounds[0].report["files"]
    states = Counter(file["reason_code"] or file["state"] for file in files)
    longest = max(file["seconds"] for file in files)
    print(
        f"\n{len(files)} files in {seen.rounds[0].seconds:.0f} s: {dict(states)}; longest {longest:.1f} s,"
        f" the largest worker {seen.worker:.0f} MB, the run itself {max(seen.rounds[0].memory):.0f} MB"
    )
    assert len({file["path"] for file in files}) == len(files) == len(written) == GENERATED
    assert states["indexed"] + states["indexed_with_warnings"] > GENERATED / 4
    assert not any("Error" in (file["reason"] or "") or str(tmp_path) in (file["reason"] or "") for file in files)
    assert not seen.processes
    assert not seen.temporary
