"""The service on disks as they are: full, read-only, or another user's; and who may read what it
writes.
"""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest
from starlette.testclient import TestClient

from prompts import say
from tests.disks import files_below, fill, read_only, small_disk
from tests.processes import COMMAND, REPOSITORY, run
from tests.replies import problem_of
from tests.service.county import publish_county, publish_report
from tests.service.fakes import client_over
from tests.wording import worded

MEGABYTE = 1_000_000
NOBODY = ("setpriv", "--reuid=65534", "--regid=65534", "--clear-groups")


@pytest.fixture
def data(tmp_path: Path) -> Path:
    return publish_county(tmp_path / "data")


@pytest.fixture
def paper(tmp_path: Path) -> Path:
    path = tmp_path / "klima.txt"
    path.write_text("Klimaziel\n\nDer Kreis wird bis 2040 klimaneutral.\n")
    return path


@pytest.fixture
def disk(tmp_path: Path) -> Iterator[Path]:
    with small_disk(tmp_path / "disk", 8 * MEGABYTE) as folder:
        yield folder


def rated(client: TestClient) -> tuple[int, str]:
    """Ask, and send a rating of the answer; return the status and the kind of problem."""
    name = client.post("/api/v1/chat", json={"question": "Was?"}).json()["answer_id"]
    return problem_of(client.post("/api/v1/feedback", json={"answer_id": name, "helpful": True}))


@pytest.mark.parametrize(
    "spare", [300_000, *(pytest.param(item, marks=pytest.mark.long) for item in (0, 2 * MEGABYTE))]
)
def test_ingesting_onto_a_full_disk(disk: Path, paper: Path, spare: int) -> None:
    data = publish_report(disk / "data")
    before = files_below(data / "editions")
    fill(disk, spare)
    result = run("ingest", paper, "--add", data=data)
    assert result.returncode == 5, result.stdout + result.stderr
    assert result.stdout == ""
    (line,) = result.stderr.splitlines()
    assert (
        re.match(f"{worded('store.disk_full')}|{worded('store.no_space')}", line)
        and str(disk) in line
    )
    assert files_below(data / "editions") == before and not list(disk.rglob("*.tmp"))
    assert run("ask", "Welche Projekte sind noch Ideen?", data=data).returncode == 0
    (disk / "filler").unlink()
    assert run("ingest", paper, "--add", data=data).returncode == 0


def test_removing_on_a_full_disk(disk: Path) -> None:
    data = publish_county(disk / "data")
    fill(disk)
    assert run("remove", "auenland-motion", data=data).returncode in (2, 5)
    assert run("verify", data=data).returncode == 0


def test_verifying_on_a_full_disk(tmp_path: Path, sample_data: Path) -> None:
    """Chroma writes even when reading, so vectors cannot be checked."""
    with small_disk(tmp_path / "disk", 60 * MEGABYTE) as disk:
        data = shutil.copytree(sample_data, disk / "data")
        fill(disk)
        assert run("verify", data=data).returncode == 5
        (disk / "filler").unlink()
        assert run("verify", data=data).returncode == 0


def test_a_rating_on_a_full_disk_is_told(disk: Path) -> None:
    publish_report(disk / "data")
    fill(disk)
    with client_over(disk / "data") as client:
        assert rated(client) == (503, "database-away")
        (disk / "filler").unlink()
        assert rated(client) == (204, "")


def test_a_read_only_data_folder_can_be_asked_and_served(data: Path) -> None:
    with read_only(data), client_over(data) as client:
        for arguments in (["ask", "Welche Projekte sind noch Ideen?"], ["documents"]):
            result = run(*arguments, data=data)
            assert (result.returncode, result.stderr) == (0, "")
        assert "Lastenradverleih" in client.get("/?frage=Welche+Projekte+sind+noch+Ideen%3F").text
        assert rated(client) == (503, "database-away")


@pytest.mark.parametrize("command", ["ingest", "rollback"])
def test_nothing_is_written_to_a_read_only_data_folder(
    data: Path, paper: Path, command: str
) -> None:
    with read_only(data):
        result = run(command, *([paper] if command == "ingest" else []), data=data)
    assert (result.returncode, result.stdout) == (2, "")
    assert re.match(worded("serving.unusable"), result.stderr) and str(data) in result.stderr


@pytest.mark.parametrize(
    "arguments",
    [
        ["ingest", "."],
        *(
            pytest.param(item, marks=pytest.mark.long)
            for item in (["ask", "Was?"], ["serve", "--port", "0"], ["verify"])
        ),
    ],
    ids=" ".join,
)
def test_another_users_data_folder(arguments: list[str]) -> None:
    if os.geteuid() != 0:
        pytest.skip("only root can become another user")
    check = subprocess.run(
        [*NOBODY, sys.executable, "-c", "import service"], cwd=REPOSITORY, capture_output=True
    )
    if check.returncode:
        pytest.skip("nobody may not run this Python")
    with tempfile.TemporaryDirectory() as name:
        Path(name).chmod(0o755)
        publish_report(Path(name) / "data")
        result = run(*arguments, data=Path(name) / "data", command=[*NOBODY, *COMMAND])
    assert (result.returncode, result.stdout) == (2, "")
    assert result.stderr == say("serving.foreign_data_dir", data_dir=Path(name) / "data") + "\n"


@pytest.mark.parametrize("umask", [0o000, pytest.param(0o022, marks=pytest.mark.long)])
def test_what_commands_and_server_write_is_closed_to_others(
    tmp_path: Path, paper: Path, umask: int
) -> None:
    data, before = tmp_path / "data", os.umask(umask)
    try:
        assert run("ingest", paper, data=data).returncode == 0
        with client_over(data) as client:
            assert rated(client) == (204, "")
            client.get("/?frage=Klima")
    finally:
        os.umask(before)
    assert (data / "operation.sqlite").exists()
    assert {
        str(path): oct(path.stat().st_mode & 0o7777)
        for path in (data, *data.rglob("*"))
        if path.stat().st_mode & 0o7777 != (0o700 if path.is_dir() else 0o600)
    } == {}
