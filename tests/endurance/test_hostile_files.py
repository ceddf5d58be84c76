"""A folder of damaged and hostile files: one run, one state each, nothing over its limits, the good
ones indexed.
"""

from __future__ import annotations

from collections import Counter
from pathlib import Path

import pytest

from tests.endurance.conftest import SAMPLE
from tests.endurance.hostile import write_hostile_files
from tests.endurance.watched import Job, ingested
from tests.ingest.test_limits import HOSTILE

pytestmark = pytest.mark.long
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


def test_a_thousand_hostile_files_end_with_one_state_each(
    tmp_path: Path, tmp_path_factory: pytest.TempPathFactory
) -> None:
    folder, short = tmp_path / "papiere", tmp_path_factory.mktemp("t")
    folder.mkdir()
    written = write_hostile_files(folder, SEED, GENERATED)
    for name, (make, _) in HOSTILE.items():
        written.append(folder / name)
        written[-1].write_bytes(make())
    written.append(folder / "gut.md")
    written[-1].write_bytes(next(SAMPLE.glob("lauterfeld*.md")).read_bytes())
    seen = ingested(
        Job(str(folder), [str(tmp_path / "data")], LIMITS_OF_GENERATED), short / "t", timeout=1_500
    )
    files = seen.rounds[0].report["files"]
    states = Counter(file["reason_code"] or file["state"] for file in files)
    longest = max(file["seconds"] for file in files)
    print(
        f"\n{len(files)} files in {seen.rounds[0].seconds:.0f} s: {dict(states)}; longest {longest:.1f} s,"
        f" the largest worker {seen.worker:.0f} MB, the run itself {max(seen.rounds[0].memory):.0f} MB"
    )
    assert (
        len({file["path"] for file in files})
        == len(files)
        == len(written)
        == GENERATED + len(HOSTILE) + 1
    )
    assert states["indexed"] + states["indexed_with_warnings"] > GENERATED / 4
    assert not any(
        "Error" in (file["reason"] or "") or str(tmp_path) in (file["reason"] or "")
        for file in files
    )
    assert not seen.processes
    assert not seen.temporary
