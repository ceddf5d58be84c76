"""Reads files by the workers of ingestion, without making an edition."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path
from tempfile import TemporaryDirectory

from ingest import (
    ReadingLimits,
    ReadingTask,
    Rejected,
    entries_for_files,
    load_source,
    read_all,
    store_copy,
)
from vectorstore.records import ParsedDocument, load_parsed


def read_files(paths: Sequence[Path]) -> Iterator[tuple[Path, ParsedDocument | str]]:
    """Read files within the usual limits, without making an edition.

    Yields each file with its document, or with the reason why it was rejected. Files that cannot be
    copied come first; the order of the others is that in which the workers finish.
    """
    limits, tasks = ReadingLimits(), dict[ReadingTask, Path]()
    with TemporaryDirectory() as folder:
        for number, (path, entry) in enumerate(zip(paths, entries_for_files(paths), strict=True)):
            try:
                copy = store_copy(load_source(path, limits.file_bytes), Path(folder), f"{number}")
            except Rejected as rejection:
                yield path, rejection.reason
            else:
                tasks[ReadingTask(entry, copy)] = path
        for done in read_all(list(tasks), limits):
            path, result = tasks[done.task], done.result
            if isinstance(result, Rejected):
                yield path, result.reason
            else:
                yield path, load_parsed(result)
