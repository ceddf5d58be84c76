"""Drafts: complete editions that are not published, until somebody says so; a kill leaves
either.
"""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from tests.vectorstore.samples import LetterEmbedding, parsed_document
from tests.wording import worded
from vectorstore import EditionStore, ItemQuestion
from vectorstore.pointer import MOST_DRAFTS, EditionState
from vectorstore.storage import (
    EditionDamaged,
    NothingIngested,
    NotPublishable,
    TooManyDrafts,
    WriterBusy,
)

REPOSITORY = Path(__file__).resolve().parents[2]
OTHERS = ("catalogue", "vectors", "read_back", "sync_path", "done")
STEPS = ["write_durably", *(pytest.param(item, marks=pytest.mark.long) for item in OTHERS)]


def writer(root: Path, document_id: str, *step: str) -> subprocess.Popen[str]:
    command = [sys.executable, "-m", "tests.vectorstore.publisher", str(root), document_id, *step]
    return subprocess.Popen(command, cwd=REPOSITORY, stdout=subprocess.PIPE, text=True)


@pytest.mark.parametrize("step", STEPS)
def test_a_kill_leaves_a_whole_edition(tmp_path: Path, step: str) -> None:
    store = EditionStore(tmp_path, LetterEmbedding())
    asked = {name: ItemQuestion(name, "1.1", f"Wer fährt {name}?") for name in ("old", "new")}
    old = store.publish([parsed_document("old")], questions=[asked["old"]]).name
    with writer(tmp_path, "new", step) as process:
        assert process.wait(60) == -signal.SIGKILL
    edition = store.open()
    assert list(edition.catalogue.documents) == (["new"] if step == "done" else ["old"])
    assert (edition.name == old) == (step != "done")
    assert (
        edition.questions.all == (asked["new" if step == "done" else "old"],) == store.questions()
    )
    edition.close()
    assert store.publish([parsed_document("new")], questions=[asked["new"]]).changed == (
        step != "done"
    )
    assert not list(tmp_path.rglob("*.tmp"))
    after = store.open()
    assert list(after.catalogue.documents) == ["new"]
    assert after.questions.all == (asked["new"],)
    after.close()


def test_another_process_is_refused_while_one_writes_and_not_after_its_death(
    tmp_path: Path,
) -> None:
    store = EditionStore(tmp_path, LetterEmbedding())
    with writer(tmp_path, "new", "wait") as process:
        assert process.stdout is not None and process.stdout.readline() == "holding\n"
        with pytest.raises(WriterBusy):
            store.publish([parsed_document()])
        os.kill(process.pid, signal.SIGKILL)
        process.wait(60)
    assert store.publish([parsed_document()]).changed


def draft(store: EditionStore, *ids: str, instead_of: str | None = None) -> str:
    """Make a draft of invented documents, by default from what is published now."""
    papers = [parsed_document(item) for item in ids]
    return store.publish(papers, draft=True, base=instead_of).name


def states(store: EditionStore) -> dict[str, EditionState]:
    return {edition.name: edition.state for edition in store.list_editions()}


def test_a_draft_is_whole_and_not_published(store: EditionStore) -> None:
    first = store.publish([parsed_document("eins")]).name
    name = draft(store, "eins", "zwei")
    assert (store.current_name(), store.drafts()) == (first, [name])
    opened = store.open(name)
    assert list(opened.catalogue.documents) == ["eins", "zwei"]
    opened.close()
    assert list(store.check().values()) == [[], []]
    with pytest.raises(NothingIngested):  # a draft is nothing to go back to
        store.roll_back()
    info = store.list_editions()[0]
    assert (info.state, info.documents, info.based_on, info.outdated) == (
        EditionState.DRAFT,
        2,
        first,
        False,
    )
    assert info.made is not None and info.made.tzinfo is not None


def test_it_survives_others_and_is_then_refused_unless_it_is_wanted_anyway(
    store: EditionStore,
) -> None:
    first = store.publish([parsed_document("eins")]).name
    name = draft(store, "eins", "zwei")
    second = store.publish([parsed_document("drei")]).name
    third = store.publish([parsed_document("vier")]).name
    assert states(store) == {
        name: EditionState.DRAFT,
        second: EditionState.BEFORE,
        third: EditionState.CURRENT,
    }
    assert store.pointer().is_outdated(name)
    with pytest.raises(
        NotPublishable, match=worded("store.draft_overtaken", name=name, base=first, current=third)
    ):
        store.make_current(name)
    assert (store.current_name(), store.drafts()) == (third, [name])
    store.make_current(name, anyway=True)
    assert states(store) == {name: EditionState.CURRENT, third: EditionState.BEFORE}
    assert store.roll_back() == third  # by what was published before, not by the older name


def test_a_damaged_draft_is_refused_and_stays(store: EditionStore) -> None:
    first = store.publish([parsed_document("eins")]).name
    name = draft(store, "zwei")
    with (store.editions / name / "documents.jsonl").open("ab") as file:
        file.write(b"x")
    with pytest.raises(EditionDamaged, match=worded("store.file_resized", name="documents.jsonl")):
        store.make_current(name)
    assert (store.current_name(), store.drafts()) == (first, [name])


def test_what_is_there_already_becomes_no_draft(store: EditionStore) -> None:
    first = store.publish([parsed_document("eins")]).name
    assert draft(store, "eins") == first
    name = draft(store, "zwei")
    assert draft(store, "zwei") == name
    assert store.drafts() == [name]


def test_so_many_and_no_more_until_one_goes(store: EditionStore) -> None:
    made = [draft(store, f"papier-{number}") for number in range(MOST_DRAFTS)]
    with pytest.raises(
        TooManyDrafts, match=worded("store.too_many_drafts", most_drafts=MOST_DRAFTS)
    ):
        draft(store, "zu-viel")
    assert store.names() == made
    replaced = draft(store, "anders", instead_of=made[0])
    store.drop(made[1])
    assert set(store.drafts()) == {*made[2:], replaced}
    with pytest.raises(NotPublishable):
        store.drop(made[1])


def test_only_drafts_are_dropped_and_only_what_is_there_is_published(store: EditionStore) -> None:
    first = store.publish([parsed_document("eins")]).name
    for refused in (first, "2020-01-01-1", "../current"):
        with pytest.raises(NotPublishable):
            store.drop(refused)
        with pytest.raises(NotPublishable):
            store.make_current(refused)
    assert store.current_name() == first


def test_a_document_that_is_removed_goes_from_drafts_too(store: EditionStore) -> None:
    store.publish([parsed_document("eins")])
    draft(store, "eins", "geheim")
    kept = draft(store, "eins", "offen")
    store.forget(["geheim"])
    assert store.drafts() == [kept]
    assert "geheim" not in (store.root / "current").read_text()


@pytest.mark.parametrize("step", ["catalogue", "sync_path", "write_durably"])
def test_a_kill_while_a_draft_is_built_leaves_none(tmp_path: Path, step: str) -> None:
    store = EditionStore(tmp_path, LetterEmbedding())
    first = store.publish([parsed_document("old")]).name
    with writer(tmp_path, "new", step, "draft") as process:
        assert process.wait(60) == -signal.SIGKILL
    assert (store.current_name(), store.drafts()) == (first, [])
    made = draft(store, "new")
    assert store.drafts() == [made]
    assert not list(tmp_path.rglob("*.tmp"))


@pytest.mark.parametrize(("step", "published"), [("write_durably", False), ("_drop_old", True)])
def test_a_kill_while_a_draft_is_published_leaves_it_either(
    tmp_path: Path, step: str, published: bool
) -> None:
    """Before the pointer is replaced it is a draft still; afterwards it is current."""
    store = EditionStore(tmp_path, LetterEmbedding())
    first = store.publish([parsed_document("old")]).name
    name = draft(store, "new")
    with writer(tmp_path, name, step, "publish") as process:
        assert process.wait(60) == -signal.SIGKILL
    assert store.current_name() == (name if published else first)
    assert store.drafts() == ([] if published else [name])
    if not published:
        store.make_current(name)
    assert store.roll_back() == first
    store.make_current(name)
    assert states(store) == {name: EditionState.CURRENT, first: EditionState.BEFORE}
