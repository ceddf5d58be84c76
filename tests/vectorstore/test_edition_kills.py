"""A writer killed at every step: the old edition stays current, and the next writer goes on."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from tests.vectorstore.samples import parsed_document
from vectorstore.editions import EditionStore
from vectorstore.errors import WriterBusy
from vectorstore.questions import ItemQuestion

REPOSITORY = Path(__file__).resolve().parents[2]
OTHERS = ("Katalog", "Vektorspeicher", "Gegenlesen", "sync_tree", "fertig")
STEPS = ["write_durably", *(pytest.param(one, marks=pytest.mark.long) for one in OTHERS)]


def writer(root: Path, document_id: str, *step: str) -> subprocess.Popen[str]:
    command = [sys.executable, "-m", "tests.vectorstore.publisher", str(root), document_id, *step]
    return subprocess.Popen(command, cwd=REPOSITORY, stdout=subprocess.PIPE, text=True)


@pytest.mark.parametrize("step", STEPS)
def test_a_kill_leaves_a_whole_edition(tmp_path: Path, step: str) -> None:
    store = EditionStore(tmp_path)
    asked = {name: ItemQuestion(name, "1.1", f"Wer fährt {name}?") for name in ("old", "new")}
    old = store.publish([parsed_document("old")], questions=[asked["old"]]).name
    with writer(tmp_path, "new", step) as process:
        assert process.wait(60) == -signal.SIGKILL
    edition = store.open()
    assert list(edition.catalogue.documents) == (["new"] if step == "fertig" else ["old"])
    assert (edition.name == old) == (step != "fertig")
    assert edition.questions.all == (asked["new" if step == "fertig" else "old"],) == store.questions()
    edition.close()
    assert store.publish([parsed_document("new")], questions=[asked["new"]]).changed == (step != "fertig")
    assert not list(tmp_path.rglob("*.tmp"))
    after = store.open()
    assert list(after.catalogue.documents) == ["new"]
    assert after.questions.all == (asked["new"],)
    after.close()


def test_another_process_is_refused_while_one_writes_and_not_after_its_death(tmp_path: Path) -> None:
    store = EditionStore(tmp_path)
    with writer(tmp_path, "new", "wait") as process:
        assert process.stdout is not None and process.stdout.readline() == "holding\n"
        with pytest.raises(WriterBusy):
            store.publish([parsed_document()])
        os.kill(process.pid, signal.SIGKILL)
        process.wait(60)
    assert store.publish([parsed_document()]).changed
