"""`.ci/needs` on machines that lack something: what is missing is said at once, or installed where
root may.
"""

from __future__ import annotations

import shutil
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

import pytest

from tests.machine import where
from tests.processes import REPOSITORY

BASE_PYTHON = Path(sys.base_prefix) / "bin/python3"
TOOLS = ("git", "make", "chromium", "nginx", "postgresql", "tesseract")
PACKAGES = {"tesseract": "tesseract-ocr tesseract-ocr-deu"}


@dataclass(frozen=True)
class Machine:
    """A search path of its own: what is not in `bin` is not on this machine."""

    bin: Path

    def has(self, name: str, says: str = "exit 0") -> None:
        """Install a script."""
        path = self.bin / name
        path.write_text(f"#!/bin/sh\n{says}\n")
        path.chmod(0o755)

    def calls(self) -> list[str]:
        """Return what was called of the scripts that keep a log."""
        log = self.bin / "log"
        return log.read_text().splitlines() if log.exists() else []

    def run(self, *command: str, **env: str) -> subprocess.CompletedProcess[str]:
        """Run `.ci/needs`, or another command, and wait until it ended."""
        return subprocess.run(
            list(command) or [str(REPOSITORY / ".ci/needs")],
            cwd=REPOSITORY,
            env={
                "PATH": str(self.bin),
                "SBIN": "",
                "POSTGRES": "",
                "PYTHON": str(BASE_PYTHON),
                "CI": "true",
            }
            | env,
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            timeout=60,
        )


@pytest.fixture
def machine(tmp_path: Path) -> Machine:
    """A Debian that has everything, and an ordinary user in front of it."""
    made = Machine(tmp_path)
    for name in ("sh", "dirname", "env"):
        (tmp_path / name).symlink_to(shutil.which(name) or "")
    for name in TOOLS:
        made.has(name, "echo deu")
    made.has("id", "echo 1000")
    made.has("apt-get", f'echo "apt-get $*" >>{tmp_path}/log')
    return made


def only_line(result: subprocess.CompletedProcess[str]) -> str:
    """Return the one line that a refusal says."""
    assert result.returncode == 1
    assert result.stdout == ""
    (line,) = result.stderr.splitlines()
    return line


def test_a_machine_that_has_everything_hears_nothing(machine: Machine) -> None:
    result = machine.run()
    assert (result.returncode, result.stdout, result.stderr) == (0, "", "")
    assert machine.calls() == []


@pytest.mark.parametrize("tool", TOOLS)
def test_who_is_not_root_is_told_the_command(machine: Machine, tool: str) -> None:
    (machine.bin / tool).unlink()
    line = only_line(machine.run())
    packages = PACKAGES.get(tool, tool)
    assert line == (
        f"Für die Prüfungen fehlt: {tool}. Als root richtet es ein: apt-get update && apt-get install --yes {packages}"
    )
    assert machine.calls() == []


def test_text_recognition_without_german_is_none(machine: Machine) -> None:
    machine.has("tesseract", "echo eng")
    assert PACKAGES["tesseract"] in only_line(machine.run())


@pytest.mark.parametrize("user", ["0", "1001"])
def test_root_has_it_installed_and_so_has_ci_by_sudo(machine: Machine, user: str) -> None:
    (machine.bin / "chromium").unlink()
    machine.has("id", f"echo {user}")
    if user != "0":
        machine.has("sudo", f'[ "$1" = -n ] || exit 1; shift; {machine.bin}/env "$@"')
        machine.has("true")
    brings = f"[ $1 = update ] || {{ echo '#!/bin/sh' >{machine.bin}/chromium; /bin/chmod +x {machine.bin}/chromium; }}"
    machine.has("apt-get", f'echo "apt-get $*" >>{machine.bin}/log; {brings}')
    result = machine.run()
    assert (result.returncode, result.stderr) == (0, "")
    assert "fehlt: chromium. Es wird eingerichtet." in result.stdout
    assert machine.calls() == [
        "apt-get update -q",
        "apt-get install -q --yes -o DPkg::Lock::Timeout=60 chromium",
    ]


@pytest.mark.parametrize(("ci", "sudo"), [("", "exit 0"), ("true", "exit 1")])
def test_nobody_is_asked_for_a_password_and_nothing_installed_unasked(
    machine: Machine, ci: str, sudo: str
) -> None:
    (machine.bin / "nginx").unlink()
    machine.has("sudo", sudo)
    assert "Als root richtet es ein: " in only_line(machine.run(CI=ci))
    assert machine.calls() == []


def test_a_tool_that_is_missing_is_an_error_and_not_a_skipped_test() -> None:
    with pytest.raises(FileNotFoundError, match="make needs"):
        where("tool-that-is-not-there")
