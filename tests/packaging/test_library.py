"""The programs of docs/library.md run as they stand there."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

import pytest

from tests.processes import REPOSITORY

PROGRAMS = re.findall(
    r"```python\n(.*?)```", (REPOSITORY / "docs" / "library.md").read_text(encoding="utf-8"), re.S
)
REPORT = """# Bericht Radverkehr

## 1.1 Radweg am Kanal

Der Radweg am Kanal ist bis 2027 geplant.

## 1.2 Abstellanlage am Bahnhof

Die Abstellanlage am Bahnhof hat 120 Plätze.
"""


@pytest.mark.parametrize(
    ("program", "printed"),
    list(zip(PROGRAMS, ["Radweg am Kanal", "ist bis 2027 geplant"], strict=True)),
)
def test_a_program_runs(program: str, printed: str, tmp_path: Path) -> None:
    (tmp_path / "bericht.md").write_text(REPORT, encoding="utf-8")
    result = subprocess.run(
        [sys.executable, "-c", program],
        cwd=tmp_path,
        env={"PYTHONPATH": str(REPOSITORY), "PYTHONIOENCODING": "utf-8"},
        capture_output=True,
        text=True,
        timeout=120,
    )
    assert result.returncode == 0, result.stderr
    assert printed in result.stdout
