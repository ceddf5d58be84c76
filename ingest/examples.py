"""A trial: what else in a document looks like the records that a person points at. Nothing is
stored.

Reading a long file takes minutes on a busy machine, so the work goes on in the background, and who
asks again gets how far it is.
"""

from __future__ import annotations

import pickle
import threading
from collections.abc import Callable, Hashable, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any, NamedTuple

from pydantic import TypeAdapter

from ingest.document_parser import parse_layout, read_layout
from ingest.errors import Reason, Rejected
from ingest.keys import number_of
from ingest.layout.pdf import page_size
from ingest.limits import ReadingLimits
from ingest.previous_edition import attach_previous, entry_of
from ingest.readers.looks import Look, RecordExample
from ingest.readers.rule_reader import make_family_reader
from ingest.register import RegisterEntry
from ingest.sources import load_source
from ingest.stream import Box
from prompts import say
from vectorstore import Channel, LimitedProcess, ProcessFailure, ProcessLimits, Texts
from vectorstore.records import Document, Item, ItemKind, ProposedRecord

_WAIT_SECONDS = 6.0  # that somebody waits before being told how far it is
_MOST_STORED = 6  # layouts and trials that stay in memory, of one or two megabytes each
_MOST_AT_ONCE = 3  # processes that read or try
_LONGEST_TITLE = 80  # characters of a title in a change


class Trial(NamedTuple):
    """The outcome of a trial: the `lines` of a page, name and page of the examples so far, and all
    records that look like these examples.

    A line is its number, from 0, in the document, its text and its box, `NO_BOX` without a place.

    `pages` is the number of pages of the document. `size` is the size of the page in points, None
    if the file is no PDF. `refused` says why the examples are not followed, "" if they are;
    `change` how an answer changes the list of records, "" without one.
    """

    pages: int
    lines: tuple[tuple[int, str, Box], ...]
    examples: tuple[tuple[str, int | None], ...]
    records: tuple[ProposedRecord, ...]
    size: tuple[float, float] | None
    refused: str
    change: str


class TrialRequest(NamedTuple):
    """A request to try examples on the file at `path`.

    `page` (from 1) is the page whose lines are shown. `examples` are the examples so far, `line` is
    the index of a line that becomes a further example (None: no line). `entries` are those by which
    the file is read before and after an answer, none without an answer.
    """

    path: Path
    page: int
    examples: tuple[RecordExample, ...] = ()
    line: int | None = None
    entries: tuple[RegisterEntry, ...] = ()


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


def entries_around(
    texts: Texts, document: Document, path: Path, look: Look
) -> tuple[RegisterEntry, ...]:
    """Return the entries by which a document is read before and after a look is stored; raises
    ValueError if it cannot be stored.
    """
    (entry,) = attach_previous([entry_of(document, path)], texts, ())
    return entry, replace(entry, choices=entry.choices.with_look(look))


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


def try_examples(order: tuple[TrialRequest, bytes, ReadingLimits], channel: Channel) -> bytes:
    """Return the outcome of a trial (`Trial`) as JSON, b"" if the file cannot be read.

    It runs in its own process. `order` has the request, the pickled layout of the file, and the
    limits of reading.
    """
    request, layout, limits = order
    try:
        source = load_source(request.path, limits.file_bytes)
        size = page_size(source.content, request.page) if source.suffix == ".pdf" else None
        loaded = pickle.loads(layout)
        channel.ask_for(limits.seconds_for(loaded.page_count))
        states = [parse_layout(entry, source, loaded, limits).items for entry in request.entries]
    except Rejected:
        return b""
    reader = make_family_reader(loaded)
    lines = reader.document.lines
    shown = [
        (index, line.text, line.box)
        for index, line in enumerate(lines)
        if line.page + 1 == request.page and line.text.strip()
    ]
    pointed_at = list(request.examples)
    if request.line is not None and request.line < len(lines):
        pointed_at.append(reader.example_at(request.line))
    # whoever points at a record twice has one example
    examples = list({example.name: example for example in pointed_at}.values())
    return _TRIAL.dump_json(
        Trial(
            loaded.page_count or 1,
            tuple(shown),
            tuple((example.name, example.page) for example in examples),
            reader.find_like(examples),
            size,
            reader.refuse(examples),
            describe_change(*states) if states else "",
        )
    )


def describe_change(before: Sequence[Item], after: Sequence[Item]) -> str:
    """Return in words how the records of a document change: their number and, of those that come
    and of those that go, the number with the first and the last name.
    """
    old, new = _names(before), _names(after)
    added = _count([name for name in new if name not in old])
    removed = _count([name for name in old if name not in new])
    return say("reading.change", before=len(old), after=len(new), added=added, removed=removed)


def _names(items: Sequence[Item]) -> list[str]:
    """Return number, title and kind of the records among items: "M 7 Radwege (Maßnahme)"."""
    names = []
    for item in items:
        if item.kind is not ItemKind.SECTION:
            title, kind = item.title[:_LONGEST_TITLE], say(f"labels.kind_{item.kind}")
            names.append(f"{number_of(item)} {title} ({kind})".strip())
    return names


def _count(names: Sequence[str]) -> str:
    """Return in words how many names there are, with the first and the last."""
    if not names:
        return "0"
    return say("reading.from_to", count=len(names), first=names[0], last=names[-1])
