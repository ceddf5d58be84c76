"""A trial: what else in a document looks like the records that a person points at. Nothing is
stored.
"""

from __future__ import annotations

import pickle
from collections.abc import Sequence
from functools import lru_cache
from pathlib import Path
from typing import NamedTuple

from pydantic import TypeAdapter

from ingest.document_parser import read_layout
from ingest.errors import Reason, Rejected
from ingest.layout.pdf import page_size
from ingest.limits import ReadingLimits
from ingest.readers.looks import RecordExample
from ingest.readers.rule_reader import make_family_reader
from ingest.sources import load_source
from ingest.stream import Box
from prompts import say
from vectorstore import Channel, LimitedProcess, ProcessLimits
from vectorstore.records import ProposedRecord

_SECONDS = 25.0  # of a trial, which somebody waits for
_MOST_STORED = 2  # layouts that stay in memory, of one or two megabytes each


class TrialLine(NamedTuple):
    """A line of a page by its number, from 0, in the document; `box` is `NO_BOX` where it has no
    place.
    """

    number: int
    text: str
    box: Box


class Trial(NamedTuple):
    """The outcome of a trial: the `lines` of a page, the examples so far, and all records that look
    like these examples.

    `pages` is the number of pages of the document. `size` is the size of the page in points, None
    if the file is no PDF. `refused` says why the examples are not followed, "" if they are.
    """

    pages: int
    lines: tuple[TrialLine, ...]
    examples: tuple[RecordExample, ...]
    records: tuple[ProposedRecord, ...]
    size: tuple[float, float] | None
    refused: str


class TrialRequest(NamedTuple):
    """A request to try examples on the file at `path`.

    `page` (from 1) is the page whose lines are shown. `examples` are the examples so far, `line` is
    the index of a line that becomes a further example (None: no line).
    """

    path: Path
    page: int
    examples: tuple[RecordExample, ...] = ()
    line: int | None = None


_TRIAL = TypeAdapter(Trial)


def run_trial(request: TrialRequest, limits: ReadingLimits) -> Trial | None:
    """Try examples on a file; None if reading or trying fails or takes too long.

    The file is read in one process with limits, and the examples are tried in another one. The
    layouts of the last `_MOST_STORED` files stay in memory, so that a further trial only reads a
    file again that has changed.
    """
    bounds = ProcessLimits(_SECONDS, limits.memory_bytes, writes=True)
    try:
        state = request.path.stat()
        layout = _stored_layout(request.path, (state.st_size, state.st_mtime_ns), limits)
    except (OSError, Rejected):
        return None
    result = LimitedProcess(try_examples, (request, layout, limits), bounds).result()
    if isinstance(result, bytes) and result:
        return _TRIAL.validate_json(result)
    return None


@lru_cache(maxsize=_MOST_STORED)
def _stored_layout(path: Path, _state: tuple[int, int], limits: ReadingLimits) -> bytes:
    """Return the layout of a file, pickled; raises Rejected.

    It is read in a process of its own, and must be unpickled only in such a process too: the file
    may be hostile. `_state` is the size and time of the file, so that a changed file is read anew.
    """
    bounds = ProcessLimits(_SECONDS, limits.memory_bytes, writes=True)
    result = LimitedProcess(read_for_trials, (path, limits), bounds).result()
    if not isinstance(result, bytes) or not result:
        raise Rejected(say("reading.failed"), Reason.READER_FAILED)
    return result


def read_for_trials(order: tuple[Path, ReadingLimits], _channel: Channel) -> bytes:
    """Return the layout of a file, pickled, b"" if it cannot be read.

    It runs in its own process. `order` has the path of the file and the limits of reading.
    """
    path, limits = order
    try:
        return pickle.dumps(read_layout(load_source(path, limits.file_bytes), None, limits))
    except Rejected:
        return b""


def try_examples(order: tuple[TrialRequest, bytes, ReadingLimits], _channel: Channel) -> bytes:
    """Return the outcome of a trial (`Trial`) as JSON, b"" if the file cannot be read.

    It runs in its own process. `order` has the request, the pickled layout of the file, and the
    limits of reading.
    """
    request, layout, limits = order
    try:
        size = _page_size(request, limits)
    except Rejected:
        return b""
    reader = make_family_reader(pickle.loads(layout), "")
    lines = reader.document.lines
    examples = list(request.examples)
    if request.line is not None and request.line < len(lines):
        examples.append(reader.example_at(request.line))
    shown = [
        TrialLine(index, line.text, line.box)
        for index, line in enumerate(lines)
        if line.page + 1 == request.page and line.text.strip()
    ]
    pages = max((line.page for line in lines), default=0) + 1
    examples = _distinct(examples)
    return _TRIAL.dump_json(
        Trial(
            pages,
            tuple(shown),
            tuple(examples),
            reader.find_like(examples),
            size,
            reader.refuse(examples),
        )
    )


def _page_size(request: TrialRequest, limits: ReadingLimits) -> tuple[float, float] | None:
    if request.path.suffix.lower() != ".pdf":
        return None
    return page_size(load_source(request.path, limits.file_bytes).content, request.page)


def _distinct(examples: Sequence[RecordExample]) -> list[RecordExample]:
    by_name = {example.name: example for example in reversed(examples)}
    return list(reversed(by_name.values()))
