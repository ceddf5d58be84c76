"""Limits for reading one file (size, time, memory, pages); exceeding each rejects the file with its
own reason.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from ingest.errors import Reason, Rejected
from ingest.stream import Layout
from prompts import say
from vectorstore import ProcessFailure
from vectorstore.storage import NoMemory

if sys.platform.startswith("linux"):
    import resource

# pages within the base time; time added by each further page
_BASE_PAGES = 40
_SECONDS_PER_PAGE = 1.0
_SECONDS_PER_SCAN = 15.0  # time added by a page that is recognised from its picture (OCR)
_BYTES_PER_DOCUMENT = 16_000_000  # publishing a document of 150 chunks takes about 5 MB


@dataclass(frozen=True, slots=True)
class ReadingLimits:
    """The most that one file may take: size in bytes; memory in bytes beyond the idle reader's;
    processor time in seconds.

    `seconds` are for up to 40 pages; each further page adds one second, a page recognised from its
    picture fifteen. `scans` is how many pages are recognised from their picture; further ones stay
    without text. A report of 150 pages has 0.5 million characters in 10,000 rows, some hundred
    items, and takes 30 MB and 10 s. `run_bytes` is the memory of a whole run, with publishing,
    beyond what the process has at its beginning.
    """

    file_bytes: int = 200_000_000
    memory_bytes: int = 512_000_000
    seconds: float = 45.0
    pages: int = 2_000
    scans: int = 300
    characters: int = 3_000_000
    rows: int = 60_000
    cells: int = 200_000
    items: int = 5_000
    run_bytes: int = 512_000_000

    def check_layout(self, layout: Layout) -> None:
        """Raise Rejected for too many characters, lines or table cells; a table row counts as one
        line.
        """
        lines = (*layout.lines, *layout.furniture)
        self.check(Reason.TOO_MANY_CHARACTERS, sum(len(line.text) for line in lines))
        cells = [line.cell for line in lines if line.cell]  # (table, row, column)
        self.check(
            Reason.TOO_MANY_ROWS, len(lines) - len(cells) + len({cell[:2] for cell in cells})
        )
        self.check(Reason.TOO_MANY_CELLS, len(cells))

    def check(self, reason: Reason, number: int) -> None:
        """Raise Rejected if a number exceeds the limit that a reason such as `TOO_MANY_PAGES` is
        about.

        The name of the reason behind "too_many_" is that of the limit: `pages`.
        """
        most = getattr(self, reason.removeprefix("too_many_"))
        if number > most:
            counted, allowed = (f"{count:,}".replace(",", ".") for count in (number, most))
            raise Rejected(say(f"reading.{reason}", number=counted, most=allowed), reason)

    @contextmanager
    def limit_run(self, documents: int) -> Iterator[None]:
        """Limit the memory of a run, where the system can (Linux); raises NoMemory.

        `documents` is the number of documents that the run may publish, each of which takes memory
        too.
        """
        most = self.run_bytes + _BYTES_PER_DOCUMENT * documents
        try:
            with _limit_memory(most):
                yield
        except MemoryError as error:
            raise NoMemory(say("reading.no_memory", size=most // 1_000_000)) from error

    def seconds_for(self, pages: int, scans: int = 0) -> float:
        """Return the processor time in seconds that reading a file may take: more for each page
        beyond the first 40.

        `scans` of its pages are recognised from their picture, which takes much longer than
        reading.
        """
        return (
            self.seconds
            + max(0, pages - _BASE_PAGES) * _SECONDS_PER_PAGE
            + scans * _SECONDS_PER_SCAN
        )

    def reject(self, failure: ProcessFailure, allowed: float) -> Rejected:
        """Return the rejection of a file whose process failed; `allowed` is the processor time in
        seconds that it had.
        """
        if failure is ProcessFailure.OUT_OF_TIME:
            reason = say("reading.out_of_time", seconds=f"{allowed:g}")
            return Rejected(reason, Reason.OUT_OF_TIME)
        if failure is ProcessFailure.OUT_OF_MEMORY:
            reason = say("reading.out_of_memory", size=self.memory_bytes // 1_000_000)
            return Rejected(reason, Reason.OUT_OF_MEMORY)
        return Rejected(say("reading.failed"), Reason.READER_FAILED)


@contextmanager
def _limit_memory(more: int) -> Iterator[None]:
    """Limit the memory of this process, within the block, to `more` bytes beyond what it has now.

    Does nothing outside Linux.
    """
    if not sys.platform.startswith("linux"):
        yield
        return
    soft, hard = resource.getrlimit(resource.RLIMIT_DATA)
    # the size of data and stack, in pages
    used = int(Path("/proc/self/statm").read_text().split()[5]) * resource.getpagesize()
    limits = [limit for limit in (soft, hard) if limit != resource.RLIM_INFINITY]
    resource.setrlimit(resource.RLIMIT_DATA, (min([used + more, *limits]), hard))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_DATA, (soft, hard))
