"""Reads files in processes with limits, several at a time; a crash or excess rejects only the file
concerned.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

from ingest.errors import Reason, Rejected
from ingest.limits import ReadingLimits
from ingest.register import RegisterEntry
from ingest.sources import Copy
from vectorstore import Channel, Finished, ProcessFailure, ProcessLimits, processes

# first byte of a result
PARSED = b"p"
REJECTED = b"r"
LEAST_SHARE = 0.02  # of a file, by which progress grows from one report to the next


@dataclass(frozen=True, slots=True)
class ReadingTask:
    """One file to read: its register entry and its copy."""

    entry: RegisterEntry
    copy: Copy


@dataclass(frozen=True, slots=True)
class Outcome:
    """The result of a task after `seconds`: the parsed document as JSON (see `dump_parsed`), or the
    rejection.
    """

    task: ReadingTask
    result: bytes | Rejected
    seconds: float


def read_all(
    tasks: Sequence[ReadingTask],
    limits: ReadingLimits,
    jobs: int | None = None,
    report_progress: Callable[[ReadingTask, float], None] = lambda *_: None,
) -> Iterator[Outcome]:
    """Read files, `jobs` at a time (one per core if None), and yield each outcome as soon as it is
    there.

    `report_progress` is called with the share of a task that is done, 0..1. A process that exceeds
    a limit is killed.
    """
    prepare_readers()
    max_seconds = limits.seconds_for(limits.pages, limits.scans)
    bounds = ProcessLimits(limits.seconds, limits.memory_bytes, max_seconds, writes=True)
    arguments = [(task, limits) for task in tasks]
    for finished in processes.run_all(
        read_task,
        arguments,
        bounds,
        jobs,
        lambda argument, share: report_progress(argument[0], share),
    ):
        yield Outcome(finished.argument[0], _result_of(finished), finished.seconds)


def prepare_readers() -> None:
    """Import the reader in the process server before the first file, while this process goes on."""
    processes.prepare(["ingest.document_parser", "vectorstore.records.documents"])


def read_task(order: tuple[ReadingTask, ReadingLimits], channel: Channel) -> bytes:
    """Read one file, in its own process, and return the result.

    The result is `PARSED` followed by the document as JSON, or `REJECTED` followed by code and
    reason as JSON. A library may report a file as damaged because memory ran out. Such a rejection
    raises MemoryError instead, so that the limit is named as the reason.
    """
    from ingest.document_parser import read_source
    from vectorstore.records import dump_parsed

    task, limits = order
    reported = 0.0

    def report(share: float) -> None:
        nonlocal reported
        if share >= reported + LEAST_SHARE:
            reported = share
            channel.report(share)

    def ask_for_time(pages: int, scans: int) -> None:  # the more of them, the longer it may take
        channel.ask_for(limits.seconds_for(pages, scans))

    try:
        return PARSED + dump_parsed(
            read_source(task.entry, task.copy.load(), report, limits, ask_for_time)
        )
    except Rejected as rejection:
        if processes.lacks_memory(rejection):
            raise MemoryError from rejection
        return REJECTED + json.dumps([rejection.code, rejection.reason]).encode()


def _result_of(finished: Finished[tuple[ReadingTask, ReadingLimits]]) -> bytes | Rejected:
    """Return the result of a finished process: the document as JSON, or the rejection.

    A process that ran out of time or memory, or sent nothing readable, gives a rejection too.
    """
    result, limits = finished.result, finished.argument[1]
    if isinstance(result, ProcessFailure):
        return limits.reject(result, finished.allowed)
    if result[:1] == PARSED:
        return result[1:]
    try:
        code, reason = json.loads(result[1:])
        return Rejected(reason, Reason(code))
    except ValueError:
        return limits.reject(ProcessFailure.BROKEN, finished.allowed)
