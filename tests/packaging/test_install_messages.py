"""What `.ci/install` says where it cannot do its work, and `make run` before: one sentence each, and
nothing a traceback would say.
"""

from __future__ import annotations

import shutil
import socket
import subprocess
import sys
from pathlib import Path

import pytest

from tests.processes import environment

BASE_PYTHON = Path(sys.base_prefix) / "bin/python3"


def install(checkout: Path, **env: str) -> subprocess.CompletedProcess[str]:
    """Run the script as `make run` calls it."""
    return subprocess.run(
        [checkout / ".ci/install"],
        env=environment(PYTHON=str(BASE_PYTHON)) | env,
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        timeout=600,
    )


def only_line(result: subprocess.CompletedProcess[str]) -> str:
    """Return the one line that a failed run says on stderr."""
    assert result.returncode != 0
    (line,) = result.stderr.splitlines()
    return line


@pytest.fixture
def bare(checkout: Path, tmp_path: Path) -> Path:
    """Return a checkout that has the script and what it installs, but no environment."""
    for name in (".ci/install", ".ci/python", "requirements.txt", "pyproject.toml"):
        (tmp_path / name).parent.mkdir(exist_ok=True)
        shutil.copy2(checkout / name, tmp_path / name)
    return tmp_path


@pytest.mark.parametrize(
    ("python", "found"),
    [(str(BASE_PYTHON), "gefunden wurde 3.9.18."), ("not-there", "gefunden wurde keines.")],
)
def test_no_python_that_is_new_enough(bare: Path, python: str, found: str) -> None:
    (bare / "sitecustomize.py").write_text(
        "import sys\nsys.version_info = (3, 9, 18, 'final', 0)\n"
    )
    line = only_line(install(bare, PYTHONPATH=str(bare), PYTHON=python))
    assert line == f"Strategielotse braucht Python 3.11 oder neuer, {found}"
    assert not (bare / ".venv").exists()


@pytest.mark.long
def test_missing_venv_module(bare: Path) -> None:
    (bare / "ensurepip.py").write_text("raise ModuleNotFoundError('ensurepip')\n")
    line = only_line(install(bare, PYTHONPATH=str(bare)))
    assert "fehlt das Modul venv" in line
    assert "apt-get install python3-venv" in line
    assert not (bare / ".venv").exists()


@pytest.mark.long
def test_folder_that_cannot_be_created(bare: Path) -> None:
    (bare / ".venv").write_text("a file stands where the environment belongs")
    assert "lässt sich nicht anlegen" in only_line(install(bare))


@pytest.mark.long
def test_no_network_at_the_first_start(bare: Path) -> None:
    closed = "http://127.0.0.1:9/simple"
    unreachable = {"PIP_INDEX_URL": closed, "PIP_CONFIG_FILE": "/dev/null", "PIP_NO_CACHE_DIR": "1"}
    overridden = dict.fromkeys(
        ("PIP_EXTRA_INDEX_URL", "PIP_FIND_LINKS", "HTTPS_PROXY", "HTTP_PROXY"), ""
    )
    line = only_line(install(bare, **unreachable, **overridden))
    assert line.startswith("Kein Netz:")
    assert not list((bare / ".venv").glob("installed-*"))


@pytest.mark.parametrize("by_option", [True, False])
@pytest.mark.parametrize("taken", [True, False])
def test_a_taken_port_is_told_before_anything_is_installed(
    bare: Path, checkout: Path, taken: bool, by_option: bool
) -> None:
    for name in ("Makefile", ".ci/port"):
        shutil.copy2(checkout / name, bare / name)
    (bare / ".ci/install").write_text("#!/bin/sh\necho begins\nexit 7\n")
    with socket.create_server(("127.0.0.1", 0)) as listener:
        port = str(listener.getsockname()[1])
        if not taken:
            listener.close()
        arguments = ["make", "run", *([f"ARGS=--demo --port={port}"] if by_option else [])]
        settings = {} if by_option else {"STRATEGIELOTSE_PORT": port}
        result = subprocess.run(
            arguments,
            cwd=bare,
            env=environment(PYTHON=str(BASE_PYTHON), **settings),
            capture_output=True,
            text=True,
            timeout=60,
        )
    assert result.returncode != 0
    assert result.stdout == ("" if taken else "begins\n")
    assert (f"Der Port {port} ist schon belegt" in result.stderr) is taken
