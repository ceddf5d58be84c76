"""Editions against their manifests, and the edition before made current again."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import closing
from itertools import chain
from pathlib import Path

import pytest

from prompts import say
from tests.disks import read_only
from tests.vectorstore.samples import LetterEmbedding, nearest, parsed_document
from tests.wording import worded
from vectorstore import (
    CHROMA_DATABASE,
    ORIGINALS_FOLDER,
    POINTER_FILE,
    EditionStore,
    Pointer,
    read_manifest,
)
from vectorstore.chroma import LEAST_INDEXED
from vectorstore.manifest import MANIFEST, VECTORS
from vectorstore.storage import EditionDamaged


@pytest.fixture
def store(tmp_path: Path) -> EditionStore:
    document = tmp_path / "Bericht.pdf"
    document.write_bytes(b"%PDF-1.7 the printed report")
    store = EditionStore(tmp_path / "data", LetterEmbedding())
    store.publish([parsed_document("a")], originals={"a": document})
    return store


def folder_of(store: EditionStore) -> Path:
    return store.editions / (store.current_name() or "")


def damages(store: EditionStore) -> list[str]:
    return list(chain.from_iterable(store.check().values()))


def files_of(folder: Path) -> list[Path]:
    return sorted(path for path in folder.rglob("*") if path.is_file())


def test_one_changed_byte_of_any_file_is_found(store: EditionStore) -> None:
    ways = {f"1.{item}": (f"Radweg {item}", "Asphalt.") for item in range(LEAST_INDEXED)}
    store.publish(
        [parsed_document("a", ways)], originals={"a": folder_of(store) / ORIGINALS_FOLDER / "a.pdf"}
    )
    folder = folder_of(store)
    listed = read_manifest(folder).files
    assert {*listed, MANIFEST} == {path.relative_to(folder).as_posix() for path in files_of(folder)}
    assert len(listed) >= 12
    for path in files_of(folder):
        if path == folder / CHROMA_DATABASE:  # Chroma's own, which changes when it is asked
            path.rename(path.with_suffix(".lost"))
            stray = say("store.stray", file=f"{VECTORS}/chroma.lost")
            assert store.check()[folder.name] == [f"{CHROMA_DATABASE} fehlt", stray]
            path.with_suffix(".lost").rename(path)
            continue
        content = path.read_bytes()
        for place in {0, len(content) // 2, len(content) - 1}:
            path.write_bytes(content[:place] + bytes([content[place] ^ 1]) + content[place + 1 :])
            (damage,) = store.check()[folder.name]
            assert damage.startswith(path.relative_to(folder).as_posix()), (path, place)
        path.write_bytes(content)
    assert damages(store) == []


def test_what_is_lost_cut_replaced_or_added_is_named(store: EditionStore, tmp_path: Path) -> None:
    folder = folder_of(store)
    (folder / "report.json").unlink()
    size = (folder / "analyzer.json").stat().st_size
    (folder / "analyzer.json").write_bytes(b"{}")
    (folder / "lexical" / "terms.json").rename(tmp_path / "terms.json")
    (folder / "lexical" / "terms.json").symlink_to(tmp_path / "terms.json")
    (folder / "notes.txt").write_text("x")
    assert set(damages(store)) == {
        "report.json fehlt",
        say("store.file_resized", name="analyzer.json", size=2, expected=size),
        "lexical/terms.json fehlt",
        say("store.stray", file="notes.txt"),
    }


def test_a_manifest_that_is_none(store: EditionStore) -> None:
    path = folder_of(store) / MANIFEST
    for content in (b"", b"{}", b"[]", b"\xff", None):
        path.write_bytes(content) if content is not None else path.unlink()
        assert damages(store) == [say("store.missing_or_changed", manifest=MANIFEST)], content


def test_the_manifest_of_another_edition_is_seen(store: EditionStore) -> None:
    first = folder_of(store)
    store.publish([parsed_document("b")])
    (folder_of(store) / MANIFEST).write_bytes((first / MANIFEST).read_bytes())
    assert say("store.of_another_edition", manifest=MANIFEST, name=first.name) in damages(store)


def test_a_published_edition_that_is_not_there_is_damage(store: EditionStore) -> None:
    (store.root / "current").write_bytes(Pointer("2026-01-01-7").dumped())
    assert store.check()["2026-01-01-7"] == [say("store.current_missing")]


@pytest.mark.parametrize(
    "harm", [Path.mkdir, lambda path: path.write_bytes(b"2026-01-01-7")], ids=["folder", "text"]
)
def test_a_pointer_that_is_none_is_told_and_nothing_lost(
    store: EditionStore, harm: Callable[[Path], object]
) -> None:
    name, path = store.current_name(), store.root / POINTER_FILE
    path.unlink()
    harm(path)
    reads = (
        store.current_name,
        store.local_current_name,
        store.open,
        store.check,
        store.list_editions,
    )
    for ask in (*reads, store.roll_back):
        with pytest.raises(EditionDamaged, match=worded("store.pointer_damaged", path=path)):
            ask()
    with pytest.raises(EditionDamaged):
        store.publish([parsed_document("b")])
    assert store.names() == [name]


def test_vectors_of_a_folder_that_can_only_be_read_are_read_and_checked(
    store: EditionStore,
) -> None:
    with (
        read_only(store.root),
        closing(EditionStore(store.root, LetterEmbedding()).open()) as edition,
    ):
        assert nearest(edition, "Bürgerbus Auental") == "a:1.2"
        assert damages(store) == []


def test_the_edition_before_becomes_current_again(store: EditionStore) -> None:
    first = store.current_name()
    second = store.publish([parsed_document("b")]).name
    assert store.roll_back() == first == store.current_name()
    assert store.names() == [first, second]
    with closing(store.open()) as edition:
        assert list(edition.catalogue.documents) == ["a"]
    third = store.publish([parsed_document("b")])
    assert (
        third.changed and third.name not in (first, second) and store.names() == [first, third.name]
    )
    (folder_of(store) / MANIFEST).unlink()
    with pytest.raises(EditionDamaged):
        store.open()
    assert store.roll_back() == first


def test_a_damaged_edition_is_not_rolled_back_to(store: EditionStore) -> None:
    first = folder_of(store)
    second = store.publish([parsed_document("b")]).name
    (first / "report.json").write_text("[]")
    with pytest.raises(EditionDamaged, match=worded("store.file_changed", name="report.json")):
        store.roll_back()
    assert store.current_name() == second


def test_forgetting_takes_an_edition_along_that_does_not_say_what_it_holds(
    store: EditionStore,
) -> None:
    first = folder_of(store)
    store.publish([parsed_document("b")])
    (first / MANIFEST).write_text("x")
    store.forget(["a"])
    assert store.names() == [store.current_name()]
