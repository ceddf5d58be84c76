"""What a model wrote, kept as it comes: a run that ends goes on where it stopped, and nothing is asked twice."""

from __future__ import annotations

import json
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from filelock import FileLock, Timeout

from prompts import say
from vectorstore.disk import FILE_MODE, private_file
from vectorstore.errors import WriterBusy

FILE = "questions.jsonl"
REPLIES = "replies.jsonl"


class WrittenCache:
    """Texts by their origin, a line each in a file that only grows; a line that was cut off counts for nothing.

    What the file is called its texts are called in it: questions, replies.
    """

    def __init__(self, path: Path) -> None:
        self._path = path
        self._known = dict(_read(path))

    def get(self, origin: str) -> tuple[str, ...]:
        """What was written with this origin, () for nothing."""
        return self._known.get(origin, ())

    def add(self, origin: str, texts: tuple[str, ...]) -> None:
        """Keep texts for good; raises OSError."""
        private_file(self._path)
        with self._path.open("a", encoding="utf-8") as file:
            # the line break comes first: it ends a line that a killed process has left
            file.write("\n" + json.dumps({"origin": origin, self._path.stem: texts}, ensure_ascii=False))
            file.flush()
            os.fsync(file.fileno())
        self._known[origin] = texts


@contextmanager
def written_cache(folder: Path, file: str = FILE) -> Iterator[WrittenCache]:
    """A cache of a data folder, for one process at a time; raises WriterBusy."""
    lock = FileLock((folder / file).with_suffix(".lock"), timeout=0, mode=FILE_MODE)
    try:
        lock.acquire()
    except Timeout as error:
        raise WriterBusy(say("question_writing.other_process", folder=folder)) from error
    try:
        yield WrittenCache(folder / file)
    finally:
        lock.release()


def _read(path: Path) -> Iterator[tuple[str, tuple[str, ...]]]:
    lines = path.read_text(encoding="utf-8", errors="replace").splitlines() if path.exists() else []
    for line in lines:
        try:
            said = json.loads(line)
            yield str(said["origin"]), tuple(map(str, said[path.stem]))
        except (ValueError, KeyError, TypeError):
            continue
