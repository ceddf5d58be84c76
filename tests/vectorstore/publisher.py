"""A writer as a process of its own, to be killed: publishes one document, and stops for good at a named step.

usage: publisher.py DATA_FOLDER DOCUMENT_ID [STEP]
"""

from __future__ import annotations

import os
import signal
import sys
import time
from pathlib import Path

from tests.vectorstore.samples import parsed_document
from vectorstore import editions, shelf
from vectorstore.editions import EditionStore
from vectorstore.questions import ItemQuestion


def main() -> None:
    """Publish; at STEP ("wait" = while holding the lock) kill this process as a power cut would."""
    root, document_id, *steps = sys.argv[1:]
    step = steps[0] if steps else ""
    store = EditionStore(Path(root))
    if step == "wait":
        with store.writing():
            print("holding", flush=True)  # noqa: T201
            time.sleep(60)
    for module, name in ((shelf, "write_durably"), (editions, "sync_tree")):
        if step == name:
            setattr(module, name, lambda *_: os.kill(os.getpid(), signal.SIGKILL))

    def progress(reached: str, _: float) -> None:
        if reached == step:
            os.kill(os.getpid(), signal.SIGKILL)

    questions = [ItemQuestion(document_id, "1.1", f"Wer fährt {document_id}?")]
    store.publish([parsed_document(document_id)], progress=progress, questions=questions)


if __name__ == "__main__":
    main()
