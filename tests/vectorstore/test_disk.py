"""A disk without space, told before building or left as it was; and nobody but the owner may read a
data folder.
"""

from __future__ import annotations

import errno
import os
import sqlite3
from collections.abc import Iterator
from pathlib import Path

import pytest

from prompts import say
from tests.disks import files_below, fill, small_disk
from tests.vectorstore.samples import LetterEmbedding, parsed_document
from tests.wording import worded
from vectorstore import ORIGINALS_FOLDER, EditionStore
from vectorstore.storage import NoSpace, close_to_others
from vectorstore.storage.disk import FULL_BELOW, is_full

MEGABYTE = 1_000_000
STEPS = ["catalogue", "words", "embed", "vectors", "read_back"]


@pytest.fixture
def disk(tmp_path: Path) -> Iterator[Path]:
    with small_disk(tmp_path / "disk", 12 * MEGABYTE) as folder:
        yield folder


def test_what_will_not_fit_is_told_before_anything_is_written(disk: Path) -> None:
    store = EditionStore(disk / "data")
    name = store.publish([parsed_document("a")]).name
    before = files_below(disk)
    fill(disk, spare=MEGABYTE)
    with pytest.raises(NoSpace, match=worded("store.no_space", root=disk / "data")):
        store.publish([parsed_document("b")])
    assert files_below(disk) == before
    with store.writing():
        pass
    edition = store.open(name)
    assert list(edition.catalogue.documents) == ["a"]
    edition.close()


def test_new_originals_count_and_those_that_are_linked_do_not(disk: Path, tmp_path: Path) -> None:
    document = tmp_path / "paper.pdf"
    document.write_bytes(b"x" * 6 * MEGABYTE)
    store = EditionStore(disk / "data")
    store.publish([parsed_document("a")], originals={"a": document})
    kept = store.editions / (store.current_name() or "") / ORIGINALS_FOLDER / "a.pdf"
    assert store.publish(
        [parsed_document("a"), parsed_document("b")], originals={"a": kept}
    ).changed
    with pytest.raises(NoSpace):
        store.publish([parsed_document("c")], originals={"c": document})


@pytest.mark.parametrize("step", STEPS)
def test_a_disk_that_becomes_full_leaves_the_old_edition_and_nothing_else(
    disk: Path, step: str
) -> None:
    store = EditionStore(disk / "data", LetterEmbedding())
    name = store.publish([parsed_document("a")]).name
    before, other = (
        files_below(disk),
        parsed_document("b", {"1.1": ("Hallenbad", "Das Bad wird saniert.")}),
    )

    def another_fills_the_disk(reached: str, _: float) -> None:
        if reached == say(f"store.step_{step}"):
            fill(disk)

    with pytest.raises(NoSpace, match=worded("store.disk_full", folder=disk / "data")):
        store.publish([other], progress=another_fills_the_disk)
    assert files_below(disk) == before
    assert (store.current_name(), store.names()) == (name, [name])
    (disk / "filler").unlink()
    assert store.publish([other]).changed


def test_rolling_back_on_a_full_disk_changes_nothing(disk: Path) -> None:
    store = EditionStore(disk / "data")
    store.publish([parsed_document("a")])
    name = store.publish([parsed_document("b")]).name
    fill(disk)
    with pytest.raises(NoSpace):
        store.roll_back()
    assert store.current_name() == name and not (store.root / "current.tmp").exists()


def chained(inner: Exception) -> Exception:
    outer = RuntimeError("a library's own")
    outer.__cause__ = inner
    return outer


FULL = (
    OSError(errno.ENOSPC, "No space left on device"), chained(OSError(errno.EDQUOT, "x")),
    chained(sqlite3.OperationalError("database or disk is full")), RuntimeError("(code: 13) database or disk is full"),
)  # fmt: skip
OTHERS = (
    sqlite3.OperationalError("disk I/O error"),
    OSError(errno.EIO, "Input/output error"),
    ValueError("x"),
)


def test_what_a_full_disk_sounds_like(tmp_path: Path) -> None:
    assert all(is_full(item, tmp_path) for item in FULL) and not any(
        is_full(item, tmp_path) for item in OTHERS
    )


def test_a_disk_that_is_full_is_the_reason_of_what_does_not_say_so(disk: Path) -> None:
    error = sqlite3.OperationalError("disk I/O error")
    assert not is_full(error, disk)
    fill(disk, spare=FULL_BELOW // 2)
    assert is_full(error, disk)


@pytest.fixture(params=[0o000, 0o022, 0o077], ids=oct)
def umask(request: pytest.FixtureRequest) -> Iterator[int]:
    before = os.umask(request.param)
    yield request.param
    os.umask(before)


def open_to_others(folder: Path) -> dict[str, str]:
    """Return what anybody but the owner may do anything with, and what the owner may not use as
    usual.
    """
    return {
        str(path.relative_to(folder.parent)): oct(path.stat().st_mode & 0o7777)
        for path in (folder, *folder.rglob("*"))
        if path.stat().st_mode & 0o7777 != (0o700 if path.is_dir() else 0o600)
    }


def test_what_is_published_is_closed_and_so_it_is_while_it_is_built(
    tmp_path: Path, umask: int
) -> None:
    document, store, seen = tmp_path / "paper.pdf", EditionStore(tmp_path / "data"), list[int]()
    document.write_bytes(b"%PDF-1.7")
    document.chmod(0o644)

    def look(*_: object) -> None:
        seen.append(store.root.stat().st_mode & 0o777)

    store.publish([parsed_document("a")], originals={"a": document}, progress=look)
    store.open().close()
    assert open_to_others(store.root) == {} and set(seen) == {0o700}
    assert document.stat().st_mode & 0o777 == 0o644


def test_what_a_link_leads_to_is_left(tmp_path: Path) -> None:
    (tmp_path / "outside").mkdir(mode=0o755)
    (tmp_path / "outside" / "file").write_text("x")
    (tmp_path / "outside" / "file").chmod(0o644)
    (tmp_path / "inside").mkdir()
    (tmp_path / "inside" / "link").symlink_to(tmp_path / "outside")
    (tmp_path / "inside" / "file").symlink_to(tmp_path / "outside" / "file")
    close_to_others(tmp_path / "inside")
    assert (tmp_path / "outside").stat().st_mode & 0o777 == 0o755
    assert (tmp_path / "outside" / "file").stat().st_mode & 0o777 == 0o644
