"""`make run` as a newcomer calls it: the first start, the second start, and what can stand in its
way.
"""

from __future__ import annotations

import os
import re
import shutil
import socket
import subprocess
import sys
from pathlib import Path

import pytest

from tests.packaging.conftest import copy_checkout
from tests.processes import environment, served

pytestmark = pytest.mark.long


@pytest.fixture(scope="module")
def clone(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a checkout whose .venv `make run` has prepared; a log beside it tells what was
    said.
    """
    folder = copy_checkout(tmp_path_factory.mktemp("clone") / "strategielotse")
    start(folder, patience=900.0)
    return folder


def variables(clone: Path) -> dict[str, str]:
    """Return the environment of someone whose data folder is new, and whose Python has nothing of
    ours.
    """
    base = Path(sys.base_prefix) / "bin"
    path = os.pathsep.join([str(base), os.environ["PATH"]])
    return environment(clone.parent / "data", PATH=path, PYTHON="python3")


def start(clone: Path, patience: float) -> None:
    """Run `make run` until it can answer."""
    log = clone.parent / "make-run.log"
    with served(
        ["make", "run"], env=variables(clone), log=log, cwd=clone, path="/readyz", patience=patience
    ) as server:
        assert "<form" in server.get("/")


def test_first_start_shows_its_progress(clone: Path) -> None:
    statement = (clone.parent / "make-run.log").read_text()
    assert "wird eingerichtet" in statement
    assert re.search(r"^Pakete: \d+$", statement, re.M)
    assert len(statement.splitlines()) < 30


def test_second_start_makes_nothing_anew(clone: Path) -> None:
    shutil.copy(clone.parent / "make-run.log", clone.parent / "first-start.log")
    kept = made(clone.parent / "data")
    start(clone, patience=60.0)
    assert "wird eingerichtet" not in (clone.parent / "make-run.log").read_text()
    assert made(clone.parent / "data") == kept


def made(data: Path) -> dict[str, int]:
    """Return when each file of the editions was written, in nanoseconds; a database may be opened
    anew.
    """
    files = (data / "editions").rglob("*")
    return {
        str(file): file.stat().st_mtime_ns
        for file in files
        if file.is_file() and "sqlite3" not in file.name
    }


def refusal(clone: Path, **settings: str) -> str:
    """Run `make run` where it must fail; return the one sentence of ours among make's own lines."""
    result = subprocess.run(
        ["make", "run"],
        cwd=clone,
        env=variables(clone) | settings,
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        timeout=60,
    )
    assert result.returncode != 0
    assert "Traceback" not in result.stdout + result.stderr
    (sentence,) = [
        line for line in result.stderr.splitlines() if line.strip() and not line.startswith("make")
    ]
    return sentence


def test_taken_port(clone: Path) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = str(taken.getsockname()[1])
        assert port in refusal(clone, STRATEGIELOTSE_PORT=port)


def test_read_only_data_folder(clone: Path, tmp_path: Path) -> None:
    folder = Path("/sys/strategielotse") if os.geteuid() == 0 else tmp_path / "locked"
    if os.geteuid() != 0:
        folder.mkdir(mode=0o500)
    assert str(folder) in refusal(clone, STRATEGIELOTSE_DATA_DIR=str(folder))
