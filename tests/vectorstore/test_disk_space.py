"""A disk without space: told before building where it can be known, and left as it was where it shows at work."""

from __future__ import annotations

import errno
import sqlite3
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from tests.disks import fill, small_disk
from tests.vectorstore.samples import parsed_document
from vectorstore.disk import FULL_BELOW, in_words, is_full, require_space
from vectorstore.edition_files import ORIGINALS
from vectorstore.editions import EditionStore
from vectorstore.errors import NoSpace

MEGABYTE = 1_000_000
STEPS = ["Katalog", "Wortindex", "Einbettung", "Vektorspeicher", "Gegenlesen"]


@pytest.fixture
def disk(tmp_path: Path) -> Iterator[Path]:
    with small_disk(tmp_path / "disk", 12 * MEGABYTE) as folder:
        yield folder


def files_below(folder: Path) -> set[str]:
    return {str(path.relative_to(folder)) for path in folder.rglob("*") if path.name != "filler"}


def test_what_will_not_fit_is_told_before_anything_is_written(disk: Path) -> None:
    store = EditionStore(disk / "data")
    name = store.publish([parsed_document("a")]).name
    before = files_below(disk)
    fill(disk, spare=MEGABYTE)
    with pytest.raises(NoSpace, match=r"sind (1,0 MB|\d+,\d kB) frei, gebraucht werden etwa 3,\d MB"):
        store.publish([parsed_document("b")])
    assert files_below(disk) == before
    with store.writing():
        pass
    edition = store.open(name)
    assert list(edition.catalogue.documents) == ["a"]
    edition.close()


def test_new_originals_count_and_those_that_are_linked_do_not(disk: Path, tmp_path: Path) -> None:
    paper = tmp_path / "paper.pdf"
    paper.write_bytes(b"x" * 6 * MEGABYTE)
    store = EditionStore(disk / "data")
    store.publish([parsed_document("a")], originals={"a": paper})
    kept = store.editions / (store.current_name() or "") / ORIGINALS / "a.pdf"
    assert store.publish([parsed_document("a"), parsed_document("b")], originals={"a": kept}).changed
    with pytest.raises(NoSpace):
        store.publish([parsed_document("c")], originals={"c": paper})


@pytest.mark.parametrize("step", STEPS)
def test_a_disk_that_becomes_full_leaves_the_old_edition_and_nothing_else(disk: Path, step: str) -> None:
    store = EditionStore(disk / "data")
    name = store.publish([parsed_document("a")]).name
    before = files_below(disk)

    def another_fills_the_disk(reached: str, _: float) -> None:
        if reached == step:
            fill(disk)

    with pytest.raises(NoSpace, match="voll geworden"):
        store.publish([parsed_document("b")], progress=another_fills_the_disk)
    assert files_below(disk) == before
    assert (store.current_name(), store.names()) == (name, [name])
    (disk / "filler").unlink()
    assert store.publish([parsed_document("b")]).changed


def test_rolling_back_on_a_full_disk_changes_nothing(disk: Path) -> None:
    store = EditionStore(disk / "data")
    store.publish([parsed_document("a")])
    name = store.publish([parsed_document("b")]).name
    fill(disk)
    with pytest.raises(NoSpace):
        store.roll_back()
    assert store.current_name() == name and not (store.root / "current.tmp").exists()


def chained(inner: Exception) -> Exception:
    try:
        try:
            raise inner
        except Exception as error:
            raise RuntimeError("a library's own") from error
    except RuntimeError as outer:
        return outer


@pytest.mark.parametrize(
    ("error", "full"),
    [
        (OSError(errno.ENOSPC, "No space left on device"), True),
        (OSError(errno.EDQUOT, "Disk quota exceeded"), True),
        (chained(OSError(errno.EDQUOT, "x")), True),
        (chained(sqlite3.OperationalError("database or disk is full")), True),
        (RuntimeError("error returned from database: (code: 13) database or disk is full"), True),
        (sqlite3.OperationalError("disk I/O error"), False),
        (OSError(errno.EIO, "Input/output error"), False),
        (ValueError("x"), False),
    ],
)
def test_what_a_full_disk_sounds_like(tmp_path: Path, error: Exception, full: bool) -> None:
    assert is_full(error, tmp_path) is full


def test_a_disk_that_is_full_is_the_reason_of_what_does_not_say_so(disk: Path) -> None:
    error = sqlite3.OperationalError("disk I/O error")
    assert not is_full(error, disk)
    fill(disk, spare=FULL_BELOW // 2)
    assert is_full(error, disk)


@pytest.mark.parametrize(
    ("size", "words"), [(0, "0 Bytes"), (999, "999 Bytes"), (1500, "1,5 kB"), (12_340_000, "12,3 MB"), (2e9, "2,0 GB")]
)
def test_sizes_in_words(size: float, words: str) -> None:
    assert in_words(size) == words


def test_the_bound_is_above_what_an_edition_takes(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[int] = []
    measure: Callable[..., None] = require_space

    def kept(root: Path, records: int, vectors: int, originals: int) -> None:
        asked.append(round(3_500_000 + 3 * records + 2.5 * vectors))
        measure(root, records, vectors, originals)

    monkeypatch.setattr("vectorstore.editions.require_space", kept)
    projects = {f"{one}.{two}": (f"Vorhaben {one}-{two}", f"Der Kreis baut Weg {one} bis {two}. " * 12)
                for one in range(1, 10) for two in range(1, 60)}  # fmt: skip
    store = EditionStore(tmp_path)
    name = store.publish([parsed_document("a", projects)]).name
    taken = sum(path.stat().st_size for path in (store.editions / name).rglob("*") if path.is_file())
    assert asked[0] / 4 < taken < asked[0]
