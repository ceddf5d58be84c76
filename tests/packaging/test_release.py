"""What makes a release and runs it: the workflows, the script of a release, the unit of systemd."""

from __future__ import annotations

import os
import re
import shutil
import signal
import subprocess
import tarfile
from configparser import ConfigParser
from pathlib import Path
from typing import Any

import pytest
import yaml

from service import SETTING_PREFIX, Settings
from tests.packaging.conftest import IMAGE_PREFIX
from tests.processes import COMMAND, REPOSITORY, environment, served

WORKFLOWS = sorted((REPOSITORY / ".github/workflows").glob("*.yml"))
UNIT = REPOSITORY / "docs/systemd/strategielotse.service"
CHANGES = "# Changelog\n\n## [Unreleased]\n\n- New.\n\n## [2.1.0] - 2026-01-02\n\n- Mended.\n\n## [2.0.0] - 2025-01-02\n\n- Old.\n"
MAKE = "mkdir -p dist/wheels; echo $1 >dist/sbom.cdx.json; echo $2 >dist/wheels/encoder.whl"


@pytest.fixture
def clone(tmp_path: Path) -> Path:
    """Return a repository at version 2.1.0 whose steps that load something are played."""
    clone, tools = tmp_path / "clone", tmp_path / "bin"
    (clone / ".ci").mkdir(parents=True)
    tools.mkdir()
    shutil.copy2(REPOSITORY / ".ci/release", clone / ".ci")
    (clone / "pyproject.toml").write_text('[project]\nversion = "2.1.0"\n')
    (clone / "CHANGELOG.md").write_text(CHANGES)
    for path, text in {
        clone / ".ci/digests": "echo services: >compose.digests.yaml",
        tools / "make": MAKE,
    }.items():
        path.write_text(f"#!/bin/sh\n{text}\n")
        path.chmod(0o755)
    author = ("-c", "user.name=T", "-c", "user.email=t@t.example")
    for words in (("init", "-q"), ("add", "-A"), (*author, "commit", "-q", "-m", "All")):
        subprocess.run(["git", *words], cwd=clone, check=True, timeout=60)
    return clone


def release(clone: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [clone / ".ci/release", *arguments],
        env={"PATH": f"{clone.parent / 'bin'}:{os.environ['PATH']}"},
        capture_output=True,
        text=True,
        timeout=60,
    )


def test_a_release_has_its_notes_and_files_with_their_digests(clone: Path) -> None:
    assert release(clone, "v2.1.0").returncode == 0
    assert (clone / "build/notes.md").read_text().strip() == "- Mended."
    listed = (clone / "dist/SHA256SUMS").read_text().splitlines()
    assert [line.split("  ./")[1] for line in listed] == [
        "compose.digests.yaml",
        "sbom.cdx.json",
        "strategielotse-2.1.0.tar.gz",
        "wheels/encoder.whl",
    ]
    check = ["sha256sum", "--check", "--quiet", "SHA256SUMS"]
    assert subprocess.run(check, cwd=clone / "dist", timeout=60).returncode == 0
    with tarfile.open(clone / "dist/strategielotse-2.1.0.tar.gz") as archive:
        assert "strategielotse-2.1.0/CHANGELOG.md" in archive.getnames()


@pytest.mark.parametrize("arguments", [(), ("v2.0.0",), ("2.1.0",)])
def test_a_tag_that_is_not_the_version_makes_nothing(
    clone: Path, arguments: tuple[str, ...]
) -> None:
    result = release(clone, *arguments)
    assert result.returncode == 1 and "2.1.0" in result.stderr
    assert not (clone / "dist").exists()


@pytest.mark.parametrize("path", WORKFLOWS, ids=lambda path: path.name)
def test_workflows_run_what_is_there_and_check_before_they_release(path: Path) -> None:
    (job,) = yaml.safe_load(path.read_text())["jobs"].values()
    commands = [step["run"] for step in job["steps"] if "run" in step]
    scripts = [word for words in map(str.split, commands) for word in words if word[:4] == ".ci/"]
    assert commands[0] == ".ci/run"
    assert all(os.access(REPOSITORY / script, os.X_OK) for script in scripts)


def unit() -> dict[str, Any]:
    parser = ConfigParser(interpolation=None)
    parser.optionxform = str  # type: ignore[assignment, method-assign]
    parser.read_string(UNIT.read_text())
    return dict(parser["Service"])


def test_the_unit_serves_its_data_folder_and_ends_in_time(tmp_path: Path) -> None:
    service = unit()
    program, *words = service["ExecStart"].split()
    name, _, folder = service["Environment"].partition("=")
    assert program == f"{IMAGE_PREFIX}/bin/strategielotse"
    assert folder == f"/var/lib/{service['StateDirectory']}"
    command, log = [*COMMAND, *words], tmp_path / "log"
    with served(command, env=environment(**{name: str(tmp_path / "data")}), log=log) as server:
        server.process.send_signal(signal.SIGTERM)
        ended = server.process.wait(timeout=float(service["TimeoutStopSec"]))
    assert ended in (0, -signal.SIGTERM), "what systemd takes for a clean end"
    assert (tmp_path / "data/operation.sqlite").is_file()


def test_the_unit_is_closed_and_takes_settings_from_a_file_that_may_be_missing() -> None:
    service = unit()
    assert service["EnvironmentFile"] == "-/etc/strategielotse.env"
    assert service["User"] not in ("root", "0")
    assert (service["ProtectSystem"], service["NoNewPrivileges"]) == ("strict", "yes")
    assert service["CapabilityBoundingSet"] == ""
    named = set(re.findall(rf"{SETTING_PREFIX}(\w+)", UNIT.read_text()))
    assert named <= {field.upper() for field in Settings.model_fields}
