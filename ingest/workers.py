"""Reads files in limited processes, several at a time: one that takes too much or breaks down costs one file."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

from ingest.errors import Reason, Rejected
from ingest.limits import ReadingLimits
from ingest.register import RegisterEntry
from ingest.sources import Copy
from prompts import say
from vectorstore.processes import Channel, Finished, ProcessFailure, ProcessLimits, lacks_memory, prepare, run_all

PARSED, REJECTED = b"p", b"r"  # first byte of a result
LEAST_SHARE = 0.02  # of a file that is reported


@dataclass(frozen=True, slots=True)
class Task:
    """One file to read: what is registered of it, and its copy."""

    entry: RegisterEntry
    copy: Copy


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of a task after `seconds`: the parsed document as JSON (see `dump_parsed`), or why there is none."""

    task: Task
    result: bytes | Rejected
    seconds: float


def read_all(
    tasks: Sequence[Task],
    limits: ReadingLimits,
    jobs: int | None = None,
    tell: Callable[[Task, float], None] = lambda task, share: None,
) -> Iterator[Outcome]:
    """Read files, `jobs` at a time (as many as there are cores if None), and yield each as it is done.

    `tell` gets the share of a task that is done, 0..1. A process that is over a limit is killed.
    """
    prepare_readers()
    most = limits.seconds_for(limits.pages, limits.scans)
    bounds = ProcessLimits(limits.seconds, limits.memory_bytes, most, writes=True)
    orders = [(task, limits) for task in tasks]
    for done in run_all(read_task, orders, bounds, jobs, lambda order, share: tell(order[0], share)):
        yield Outcome(done.argument[0], _result_of(done), done.seconds)


def prepare_readers() -> None:
    """Have the reader imported ahead of the first file, while this process imports the rest."""
    prepare(["ingest.reading", "vectorstore.records"])


def read_task(order: tuple[Task, ReadingLimits], channel: Channel) -> bytes:
    """Read one file, in the process made for it; returns the document or why there is none."""
    from ingest.reading import read_source
    from vectorstore.records import dump_parsed

    task, limits = order
    reported = 0.0

    def report(share: float) -> None:
        nonlocal reported
        if share >= reported + LEAST_SHARE:
            reported = share
            channel.report(share)

    def ask_for_time(pages: int, scans: int) -> None:
        channel.ask_for(limits.seconds_for(pages, scans))

    try:
        return PARSED + dump_parsed(read_source(task.entry, task.copy.load(), report, limits, ask_for_time))
    except Rejected as rejection:
        if lacks_memory(rejection):
            raise MemoryError from rejection
        return REJECTED + json.dumps([rejection.code, rejection.reason]).encode()


def _result_of(done: Finished[tuple[Task, ReadingLimits]]) -> bytes | Rejected:
    result, limits = done.result, done.argument[1]
    if result is ProcessFailure.OUT_OF_TIME:
        return limits.out_of_time(done.allowed)
    if result is ProcessFailure.OUT_OF_MEMORY:
        return limits.out_of_memory()
    if isinstance(result, bytes) and result[:1] == PARSED:
        return result[1:]
    try:
        code, reason = json.loads(result[1:]) if isinstance(result, bytes) else ("", "")
        return Rejected(reason, Reason(code))
    except ValueError:
        return Rejected(say("reading.failed"), Reason.READER_FAILED)
