"""A writer as a process of its own, to be killed: publishes one document, and stops for good at a named step.

usage: publisher.py DATA_FOLDER DOCUMENT_ID [STEP [draft]], or DATA_FOLDER DRAFT STEP publish
"""

from __future__ import annotations

import os
import signal
import sys
import time
from pathlib import Path

from tests.vectorstore.samples import parsed_document
from vectorstore import shelf
from vectorstore.drafts import DraftOf
from vectorstore.editions import EditionStore
from vectorstore.questions import ItemQuestion


def main() -> None:
    """Publish; at STEP ("wait" = while holding the lock) kill this process as a power cut would."""
    root, document_id, *steps = sys.argv[1:]
    step, what = [*steps, "", ""][:2]
    store = EditionStore(Path(root))
    if step == "wait":
        with store.writing():
            print("holding", flush=True)  # noqa: T201
            time.sleep(60)
    places = {"write_durably": shelf, "sync": shelf, "_drop_others": EditionStore}
    if step in places:
        setattr(places[step], step, lambda *_: os.kill(os.getpid(), signal.SIGKILL))
    if what == "publish":
        store.make_current(document_id)

    def progress(reached: str, _: float) -> None:
        if reached == step:
            os.kill(os.getpid(), signal.SIGKILL)

    draft = DraftOf(store.current_name()) if what == "draft" else None
    questions = [ItemQuestion(document_id, "1.1", f"Wer fährt {document_id}?")]
    store.publish([parsed_document(document_id)], progress=progress, questions=questions, draft=draft)


if __name__ == "__main__":
    main()
