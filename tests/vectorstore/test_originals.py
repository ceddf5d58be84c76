"""Original files in editions: kept, linked from edition to edition, noticed when they change, and
gone when removed.
"""

from __future__ import annotations

from contextlib import closing
from pathlib import Path

import pytest

from tests.vectorstore.samples import parsed_document
from tests.wording import worded
from vectorstore import ORIGINALS_FOLDER, EditionStore
from vectorstore.records import ItemStatus
from vectorstore.storage import EditionDamaged

CONTENT = b"%PDF-1.7 the printed report"


@pytest.fixture
def paper(tmp_path: Path) -> Path:
    path = tmp_path / "Bericht 2026.PDF"
    path.write_bytes(CONTENT)
    return path


def originals(store: EditionStore) -> dict[str, Path]:
    with closing(store.open()) as edition:
        return edition.originals


def test_an_original_is_kept_in_the_edition(store: EditionStore, paper: Path) -> None:
    name = store.publish(
        [parsed_document("a"), parsed_document("b")], originals={"a": paper, "nix": paper}
    ).name
    assert originals(store) == {"a": store.editions / name / ORIGINALS_FOLDER / "a.pdf"}
    assert originals(store)["a"].read_bytes() == CONTENT
    paper.write_bytes(b"another")
    assert originals(store)["a"].read_bytes() == CONTENT


def test_the_same_originals_change_nothing_and_others_do(store: EditionStore, paper: Path) -> None:
    first = store.publish([parsed_document("a")], originals={"a": paper})
    assert not store.publish([parsed_document("a")], originals={"a": paper}).changed
    paper.write_bytes(b"%PDF-1.7 another print")
    second = store.publish([parsed_document("a")], originals={"a": paper})
    assert second.changed and originals(store)["a"].read_bytes() == b"%PDF-1.7 another print"
    assert (store.editions / first.name / ORIGINALS_FOLDER / "a.pdf").read_bytes() == CONTENT
    assert store.publish([parsed_document("a")]).changed
    assert originals(store) == {}


@pytest.mark.parametrize("links", [True, False])
def test_editions_share_what_did_not_change_where_there_are_links(
    store: EditionStore, paper: Path, monkeypatch: pytest.MonkeyPatch, links: bool
) -> None:
    def no_links(*_: object) -> None:
        raise OSError("no links here")

    if not links:
        monkeypatch.setattr("os.link", no_links)
    store.publish([parsed_document("a", status=ItemStatus.IDEA)], originals={"a": paper})
    before = originals(store)["a"]
    store.publish([parsed_document("a", status=ItemStatus.PLANNED)], originals={"a": before})
    after = originals(store)["a"]
    assert after != before and after.samefile(before) is links
    paper.unlink()
    store.forget(["a"])
    assert not before.exists() and after.read_bytes() == CONTENT


@pytest.mark.parametrize("damage", [b"x", None])
def test_a_lost_original_is_mended_by_publishing_again(
    store: EditionStore, paper: Path, damage: bytes | None
) -> None:
    store.publish([parsed_document("a")], originals={"a": paper})
    stored = originals(store)["a"]
    stored.write_bytes(damage) if damage else stored.unlink()
    with pytest.raises(EditionDamaged, match=worded("store.files_lost", damaged="originals/a.pdf")):
        store.open()
    assert store.publish([parsed_document("a")], originals={"a": paper}).changed
    assert originals(store)["a"].read_bytes() == CONTENT


def test_a_half_copied_original_is_never_published(
    store: EditionStore, paper: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def half(source: Path, target: Path) -> None:
        target.write_bytes(source.read_bytes()[:5])

    monkeypatch.setattr("shutil.copyfile", half)
    with pytest.raises(EditionDamaged, match="originals"):
        store.publish([parsed_document("a")], originals={"a": paper})
    assert store.current_name() is None


def test_no_name_leads_out_of_the_folder(store: EditionStore, paper: Path) -> None:
    for name in ("../../x", "CON", "ä/b", "a" * 300, ".."):
        store.publish([parsed_document(name)], originals={name: paper})
        (stored,) = originals(store).values()
        assert stored.parent == store.editions / (store.current_name() or "") / ORIGINALS_FOLDER
        assert stored.read_bytes() == CONTENT and len(stored.name) <= 184
