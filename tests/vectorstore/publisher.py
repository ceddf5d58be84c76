"""A writer as a process of its own, to be killed: publishes one document, and stops for good at a
named step.

usage: publisher.py DATA_FOLDER DOCUMENT_ID [STEP [draft]], or DATA_FOLDER DRAFT STEP publish
"""

from __future__ import annotations

import os
import signal
import sys
import time
from pathlib import Path

from prompts import load_words, say
from tests.vectorstore.samples import LetterEmbedding, parsed_document
from vectorstore import EditionStore, ItemQuestion, edition_folder
from vectorstore.storage import set_wording

STEPS = load_words("de/store")


def main() -> None:
    """Publish; at STEP ("wait" = while holding the lock) kill this process as a power cut would."""
    set_wording(say)
    root, document_id, *steps = sys.argv[1:]
    step, what = [*steps, "", ""][:2]
    store = EditionStore(Path(root), LetterEmbedding())
    if step == "wait":
        with store.writing():
            print("holding", flush=True)  # noqa: T201
            time.sleep(60)
    places = {
        "write_durably": edition_folder,
        "sync_path": edition_folder,
        "_drop_old": EditionStore,
    }
    if step in places:
        setattr(places[step], step, lambda *_: os.kill(os.getpid(), signal.SIGKILL))
    if what == "publish":
        store.make_current(document_id)

    def progress(reached: str, _: float) -> None:
        if f"step_{step}" in STEPS and reached == say(f"store.step_{step}"):
            os.kill(os.getpid(), signal.SIGKILL)

    questions = [ItemQuestion(document_id, "1.1", f"Wer fährt {document_id}?")]
    store.publish(
        [parsed_document(document_id)],
        progress=progress,
        questions=questions,
        draft=what == "draft",
    )


if __name__ == "__main__":
    main()
