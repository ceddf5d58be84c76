"""Private copies of Chroma's folder: gone when closed or forgotten, and after a kill by the next reader."""

from __future__ import annotations

import gc
import os
import signal
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from vectorstore.reading_copy import LOCK, PREFIX, ReadingCopy, remove_abandoned

REPOSITORY = Path(__file__).resolve().parents[2]


@pytest.fixture
def temporary(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    folder = tmp_path / "temporary"
    folder.mkdir()
    monkeypatch.setattr("tempfile.tempdir", str(folder))
    return folder


@pytest.fixture
def source(tmp_path: Path) -> Path:
    folder = tmp_path / "chroma"
    (folder / "segment").mkdir(parents=True)
    (folder / "chroma.sqlite3").write_bytes(b"database")
    (folder / "segment" / "data.bin").write_bytes(b"vectors")
    return folder


def test_a_copy_holds_the_same_and_may_be_written_to(temporary: Path, source: Path) -> None:
    for path in (source / "chroma.sqlite3", source / "segment"):
        path.chmod(0o555)
    copy = ReadingCopy(source)
    assert (copy.folder / "segment" / "data.bin").read_bytes() == b"vectors"
    assert {oct(path.stat().st_mode & 0o200) for path in copy.folder.rglob("*")} == {oct(0o200)}
    assert copy.folder.parent.stat().st_mode & 0o777 == 0o700
    copy.remove()
    copy.remove()
    assert list(temporary.iterdir()) == []
    assert (source / "chroma.sqlite3").read_bytes() == b"database"


def test_a_forgotten_copy_is_removed(temporary: Path, source: Path) -> None:
    copy = ReadingCopy(source)
    assert len(list(temporary.iterdir())) == 1
    del copy
    gc.collect()
    assert list(temporary.iterdir()) == []


def test_what_cannot_be_copied_leaves_nothing(temporary: Path, source: Path) -> None:
    (source / "gone").symlink_to(source / "nowhere")
    with pytest.raises(FileNotFoundError):
        ReadingCopy(source)
    assert list(temporary.iterdir()) == []


def test_what_a_killed_reader_left_is_removed_and_what_is_held_is_not(temporary: Path, source: Path) -> None:
    held = ReadingCopy(source)
    code = "import sys, time; from pathlib import Path; from vectorstore.reading_copy import ReadingCopy\n"
    code += "copy = ReadingCopy(Path(sys.argv[1])); print(copy.folder, flush=True); time.sleep(60)"
    environment = os.environ | {"TMPDIR": str(temporary)}
    command = [sys.executable, "-c", code, str(source)]
    with subprocess.Popen(command, cwd=REPOSITORY, env=environment, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        left = Path(process.stdout.readline().strip())
        remove_abandoned()
        assert left.is_dir()
        os.kill(process.pid, signal.SIGKILL)
        process.wait(60)
    assert left.is_dir()
    remove_abandoned()
    assert not left.parent.exists() and held.folder.is_dir()
    held.remove()


def test_what_is_not_ours_is_left(temporary: Path, tmp_path: Path) -> None:
    (tmp_path / "elsewhere").mkdir()
    (temporary / f"{PREFIX}link").symlink_to(tmp_path / "elsewhere")
    (temporary / f"{PREFIX}file").write_text("x")
    (temporary / "another").mkdir()
    remove_abandoned()
    assert len(list(temporary.iterdir())) == 3 and (tmp_path / "elsewhere").is_dir()


@pytest.mark.skipif(os.geteuid() != 0, reason="only root can make something another's")
def test_what_is_another_users_is_left(temporary: Path) -> None:
    (temporary / f"{PREFIX}theirs").mkdir()
    os.chown(temporary / f"{PREFIX}theirs", 65534, 65534)
    remove_abandoned()
    assert (temporary / f"{PREFIX}theirs").is_dir()


def test_many_readers_at_once_keep_their_copies(temporary: Path, source: Path) -> None:
    def read(_: int) -> bool:
        copy = ReadingCopy(source)
        whole = (copy.folder / "segment" / "data.bin").read_bytes() == b"vectors"
        held = (copy.folder.parent / LOCK).exists()
        copy.remove()
        return whole and held

    with ThreadPoolExecutor(8) as pool:
        assert all(pool.map(read, range(200)))
    assert list(temporary.iterdir()) == []
