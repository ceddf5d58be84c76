"""Backups that somebody made up, whole and sealed: nothing lands where a backup has nothing; what a kill left goes."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from ingest.sources import private_folder
from service.backup.archive import BackupError, writing
from service.backup.installation import KEY, put_back
from service.composition import make_store
from service.settings import Settings
from tests.service.county import report
from vectorstore.editions import EditionStore

NAME = "2026-11-22-1"
NOTE = {"based_on": None, "made": "2026-11-22T10:00:00+00:00"}


def silent(step: str, share: float) -> None:
    """Show no progress."""


@pytest.fixture(scope="module")
def edition(tmp_path_factory: pytest.TempPathFactory) -> Path:
    store = EditionStore(tmp_path_factory.mktemp("edition"))
    return store.folder(store.publish([report()]).name)


@pytest.fixture
def forged(edition: Path, tmp_path: Path) -> Callable[..., Path]:
    """Make a backup of one edition that says something else, or holds more."""

    def made(more: dict[str, bytes], **said: Any) -> Path:
        file = tmp_path / "forged.tar"
        file.unlink(missing_ok=True)
        with writing(file) as archive:
            for path in sorted(one for one in edition.rglob("*") if one.is_file()):
                archive.put(f"editions/{edition.name}/{path.relative_to(edition).as_posix()}", path)
            for name, content in more.items():
                archive.put(name, content)
            archive.put(KEY, b"k" * 32)
            about = {"editions": [edition.name], "current": edition.name, "before": None, "drafts": {}}
            archive.finish(about | {"made": datetime.now(UTC).isoformat(), "version": "1"} | said)
        return file

    return made


def test_files_that_a_backup_never_holds_are_left(forged: Callable[..., Path], tmp_path: Path, edition: Path) -> None:
    data = tmp_path / "data"
    odd = {f"files/{name}": b"odd" for name in ("current", "operation.sqlite", "writer.lock", "editions/x/current")}
    texts = {"texts/current": b"odd", "texts/learned": b"odd", "texts/drafts/x.json": b"odd"}
    kept = {"files/questions.jsonl": b"{}\n", "files/runs/one/report.json": b"{}", "texts/corrections.csv": b""}
    put_back(Settings(data_dir=data), forged(odd | texts | kept), silent, replace=False)
    assert make_store(Settings(data_dir=data)).current_name() == edition.name
    assert (data / "questions.jsonl").is_file() and (data / "runs/one/report.json").is_file()
    assert b"odd" not in {path.read_bytes() for path in data.rglob("*") if path.is_file()}


@pytest.mark.parametrize(
    "said",
    [
        {"drafts": [NAME]},
        {"drafts": {NAME: "2026"}},
        {"drafts": {NAME: {"based_on": None}}},
        {"drafts": {NAME: {"based_on": {"a": 1}, "made": NOTE["made"]}}},
        {"drafts": {NAME: {"based_on": "../../x", "made": NOTE["made"]}}},
        {"drafts": {NAME: NOTE}},
        {"current": ["x"]},
        {"before": "2026-11-22-9"},
        {"made": 7},
    ],
    ids=str,
)
def test_odd_notes_are_refused_before_anything_changes(
    forged: Callable[..., Path], tmp_path: Path, edition: Path, said: dict[str, Any]
) -> None:
    if "drafts" in said and isinstance(said["drafts"], dict):
        said = {"drafts": dict.fromkeys([edition.name], *said["drafts"].values())}
    data = tmp_path / "data"
    with pytest.raises(BackupError):
        put_back(Settings(data_dir=data), forged({}, **said), silent, replace=False)
    assert make_store(Settings(data_dir=data)).names() == []


def test_what_a_killed_restore_left_is_gone_with_the_next_writer(forged: Callable[..., Path], tmp_path: Path) -> None:
    data = tmp_path / "data"
    left = data / "incoming" / "restore-abc" / "service.key"
    for writer in (lambda: private_folder(data).__enter__(), lambda: restored(data, forged({}))):
        left.parent.mkdir(parents=True)
        left.write_bytes(b"k")
        writer()
        assert not left.parent.exists()


def restored(data: Path, file: Path) -> None:
    put_back(Settings(data_dir=data), file, silent, replace=True)
