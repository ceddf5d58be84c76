"""A trial: what else in a document looks like the records that a person points at. Nothing is
stored.

Reading a long file takes minutes on a busy machine, so the work goes on in the background, and who
asks again gets how far it is.
"""

from __future__ import annotations

import pickle
import threading
from collections.abc import Callable, Hashable, Sequence
from pathlib import Path
from typing import Any, NamedTuple

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
from vectorstore import Channel, LimitedProcess, ProcessFailure, ProcessLimits
from vectorstore.records import ProposedRecord

_WAIT_SECONDS = 6.0  # that somebody waits before being told how far it is
_MOST_STORED = 6  # layouts and trials that stay in memory, of one or two megabytes each
_MOST_AT_ONCE = 3  # processes that read or try


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
Function = Callable[[Any, Channel], bytes]


class BackgroundWork:
    """Work in a limited process that goes on while nobody waits."""

    def __init__(self, function: Function, argument: tuple[Any, ...], limits: ReadingLimits):
        self._limits = limits
        self._shares = [0.0]  # that the process has reported
        self._result: bytes | ProcessFailure = b""
        most = limits.seconds_for(limits.pages, limits.scans)
        bounds = ProcessLimits(limits.seconds, limits.memory_bytes, most, writes=True)
        self._process = LimitedProcess(function, argument, bounds)
        self.thread = threading.Thread(target=self._run, daemon=True)
        self.thread.start()

    def result(self, wait_seconds: float) -> bytes | float:
        """Return the result, or if it takes longer than `wait_seconds` the share that is done, 0 to
        1; raises Rejected.
        """
        self.thread.join(wait_seconds)
        if self.thread.is_alive():
            return self._shares[-1]
        result = self._result or ProcessFailure.BROKEN
        if isinstance(result, ProcessFailure):
            raise self._limits.reject(result, self._process.seconds)
        return result

    def _run(self) -> None:
        self._result = self._process.result(self._shares.append)


class BackgroundStore:
    """The latest works by what they compute; for threads, which wait up to `wait_seconds`."""

    def __init__(self, wait_seconds: float = _WAIT_SECONDS) -> None:
        self._wait_seconds = wait_seconds
        self._lock = threading.Lock()
        self._works: dict[Hashable, BackgroundWork] = {}

    def compute(
        self, function: Function, argument: tuple[Any, ...], limits: ReadingLimits
    ) -> bytes | float:
        """Return what a function gives for an argument, or the share of it that is done; raises
        Rejected.

        The work is begun once, and again if it failed. While `_MOST_AT_ONCE` others run, it is not
        begun.
        """
        key = (function, argument)
        with self._lock:
            work = self._works.pop(key, None)
            if work is None:
                ended = [name for name, other in self._works.items() if not other.thread.is_alive()]
                if len(self._works) - len(ended) >= _MOST_AT_ONCE:
                    return 0.0
                if len(self._works) >= _MOST_STORED:
                    del self._works[ended[0]]
                work = BackgroundWork(function, argument, limits)
            self._works[key] = work  # the last one is the latest
        try:
            return work.result(self._wait_seconds)
        except Rejected:
            self._works.pop(key, None)
            raise


_STORE = BackgroundStore()


def run_trial(request: TrialRequest, limits: ReadingLimits) -> Trial | float:
    """Try examples on a file: return the trial, or while that goes on the share of the file that is
    read, 0 to 1. Raises Rejected.

    The file is read in one process with limits, and the examples are tried in another one. Layouts
    stay in memory, so that a further trial only reads a file again that has changed. They must be
    unpickled in such a process only, since the file may be hostile.
    """
    try:
        file_state = request.path.stat()
    except OSError:
        raise Rejected(say("reading.failed"), Reason.MISSING) from None
    # the state of the file makes it another work if the file has changed
    reading = (request.path, limits, file_state.st_size, file_state.st_mtime_ns)
    layout = _STORE.compute(read_for_trials, reading, limits)
    if isinstance(layout, float):
        return layout
    trial = _STORE.compute(try_examples, (request, layout, limits), limits)
    if isinstance(trial, float):
        return 1.0
    return _TRIAL.validate_json(trial)


def read_for_trials(order: tuple[Path, ReadingLimits, int, int], channel: Channel) -> bytes:
    """Return the layout of a file, pickled, b"" if it cannot be read.

    It runs in its own process. `order` has the path of the file, the limits of reading, and the
    size and time of the file.
    """
    path, limits, *_ = order

    def ask_for_time(pages: int, scans: int) -> None:
        channel.ask_for(limits.seconds_for(pages, scans))

    try:
        source = load_source(path, limits.file_bytes)
        return pickle.dumps(read_layout(source, channel.report, limits, ask_for_time))
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
