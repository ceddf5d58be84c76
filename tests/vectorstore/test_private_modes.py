"""Who may read a data folder: its owner, and nobody else, whatever the umask was and whoever made it."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.vectorstore.samples import parsed_document
from vectorstore.disk import close_data_folder, close_to_others, private_folder
from vectorstore.editions import EditionStore
from vectorstore.vocabulary import Vocabulary

SOURCE = """
[[concept]]
id = "bees"
label = "Bienen"
administrative = ["Artenschutz"]
everyday = ["Bienen"]
english = ["bees"]
"""


@pytest.fixture(params=[0o000, 0o022, 0o077], ids=oct)
def umask(request: pytest.FixtureRequest) -> Iterator[int]:
    before = os.umask(request.param)
    yield request.param
    os.umask(before)


def open_to_others(folder: Path) -> dict[str, str]:
    """Return what anybody but the owner may do anything with, and what the owner may not use as usual."""
    return {
        str(path.relative_to(folder.parent)): oct(path.stat().st_mode & 0o7777)
        for path in (folder, *folder.rglob("*"))
        if path.stat().st_mode & 0o7777 != (0o700 if path.is_dir() else 0o600)
    }


def publish(root: Path, paper: Path, document_id: str) -> EditionStore:
    store = EditionStore(root)
    store.publish([parsed_document(document_id)], originals={document_id: paper})
    return store


@pytest.fixture
def paper(tmp_path: Path) -> Path:
    path = tmp_path / "paper.pdf"
    path.write_bytes(b"%PDF-1.7")
    path.chmod(0o644)
    return path


def test_what_is_published_is_closed(tmp_path: Path, paper: Path, umask: int) -> None:
    store = publish(tmp_path / "data", paper, "a")
    store.open().close()
    assert open_to_others(store.root) == {}
    assert paper.stat().st_mode & 0o777 == 0o644


def test_while_it_is_built_nobody_else_gets_in(tmp_path: Path, paper: Path, umask: int) -> None:
    seen: list[int] = []
    root = tmp_path / "data"
    EditionStore(root).publish([parsed_document()], progress=lambda *_: seen.append(root.stat().st_mode & 0o777))
    assert set(seen) == {0o700}


def test_what_an_earlier_version_left_open_is_closed_by_the_next_writer(tmp_path: Path, paper: Path) -> None:
    store = publish(tmp_path / "data", paper, "a")
    (store.root / "cache" / "parsed").mkdir(parents=True)
    (store.root / "cache" / "parsed" / "a@1.json").write_text("{}")
    (store.root / "feedback.sqlite").write_text("")
    for path in (store.root, *store.root.rglob("*")):
        path.chmod(0o755 if path.is_dir() else 0o644)
    with store.writing():
        assert open_to_others(store.root) == {}


def test_an_index_that_reading_keeps_is_closed(tmp_path: Path, umask: int) -> None:
    private_folder(tmp_path / "data")
    Vocabulary.of([SOURCE], tmp_path / "data" / "cache").activate("Bus")
    assert list((tmp_path / "data" / "cache").iterdir())
    assert open_to_others(tmp_path / "data") == {}


def test_a_folder_with_other_peoples_things_is_not_closed_to_them(tmp_path: Path) -> None:
    shared = tmp_path / "shared"
    (shared / "photos").mkdir(parents=True)
    (shared / "photos" / "cat.jpg").write_text("x")
    (shared / "editions").mkdir()
    for path in (shared, *shared.rglob("*")):
        path.chmod(0o755 if path.is_dir() else 0o644)
    close_data_folder(shared)
    modes = {path.name: path.stat().st_mode & 0o777 for path in (shared, *shared.rglob("*"))}
    assert modes == {"shared": 0o755, "photos": 0o755, "cat.jpg": 0o644, "editions": 0o700}


def test_a_folder_that_everybody_may_write_to_stays_so(tmp_path: Path) -> None:
    (tmp_path / "tmp").mkdir()
    (tmp_path / "tmp").chmod(0o1777)
    close_data_folder(tmp_path / "tmp")
    assert (tmp_path / "tmp").stat().st_mode & 0o7777 == 0o1777


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
