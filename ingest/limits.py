"""How much one file may take while it is read: limits around the reader, each with a reason of its own."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from ingest.errors import Reason, Rejected
from ingest.stream import Layout
from prompts import say
from vectorstore.errors import NoMemory

if sys.platform.startswith("linux"):
    import resource

_PAGES, _SECONDS_A_PAGE = 40, 1.0  # pages for which the usual time is enough, and what each further one adds
_SECONDS_A_SCAN = 15.0  # what a page adds that is read from its picture
_FOR_EACH = 16_000_000  # a document of 150 passages takes some 5 MB while it is published


@dataclass(frozen=True, slots=True)
class ReadingLimits:
    """At most this much of one file: size in bytes; memory in bytes beyond what the reader takes itself; wall time.

    `seconds` are for up to forty pages; each further page may take one more, one that is read from its picture fifteen.
    `scans` are the pages that are read from their picture; further ones stay without text.

    A report of 150 pages has 0.5 million characters in 10,000 rows, some hundred entries, and takes 30 MB and 10 s.
    `run_bytes` is what all of a run, publishing too, may take beyond what the process has at its beginning.
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
        """Raise Rejected for more characters, rows or table cells; a row of a table counts as one."""
        lines = (*layout.lines, *layout.furniture)
        self.check_characters(sum(len(line.text) for line in lines))
        cells = [line.cell for line in lines if line.cell]
        _check(len(lines) - len(cells) + len({cell[:2] for cell in cells}), self.rows, Reason.TOO_MANY_ROWS)
        self.check_cells(len(cells))

    def check_pages(self, number: int) -> None:
        """Raise Rejected for a document of more pages."""
        _check(number, self.pages, Reason.TOO_MANY_PAGES)

    def check_characters(self, number: int) -> None:
        """Raise Rejected for more characters."""
        _check(number, self.characters, Reason.TOO_MANY_CHARACTERS)

    def check_cells(self, number: int) -> None:
        """Raise Rejected for more table cells."""
        _check(number, self.cells, Reason.TOO_MANY_CELLS)

    def check_items(self, number: int) -> None:
        """Raise Rejected for more entries."""
        _check(number, self.items, Reason.TOO_MANY_ITEMS)

    @contextmanager
    def of_all(self, documents: int) -> Iterator[None]:
        """Have the system refuse a run with so many documents more memory, where it can; raises NoMemory."""
        most = self.run_bytes + _FOR_EACH * documents
        try:
            with _limit_data(most):
                yield
        except MemoryError as error:
            raise NoMemory(say("reading.no_memory", size=most // 1_000_000)) from error

    def seconds_for(self, pages: int, scans: int = 0) -> float:
        """How long a file of so many pages may be read, in seconds, so many of them from their picture."""
        return self.seconds + max(0, pages - _PAGES) * _SECONDS_A_PAGE + scans * _SECONDS_A_SCAN

    def out_of_time(self, allowed: float) -> Rejected:
        """The rejection of a file that took longer than it was allowed, in seconds."""
        return Rejected(say("reading.out_of_time", seconds=f"{allowed:g}"), Reason.OUT_OF_TIME)

    def out_of_memory(self) -> Rejected:
        """The rejection of a file that took too much memory."""
        return Rejected(say("reading.out_of_memory", size=self.memory_bytes // 1_000_000), Reason.OUT_OF_MEMORY)


@contextmanager
def _limit_data(more: int) -> Iterator[None]:
    """Let this process have so many bytes more than it has, under Linux."""
    if not sys.platform.startswith("linux"):
        yield
        return
    before = resource.getrlimit(resource.RLIMIT_DATA)
    taken = int(Path("/proc/self/statm").read_text().split()[5]) * resource.getpagesize()
    most = min([taken + more, *(limit for limit in before if limit != resource.RLIM_INFINITY)])
    resource.setrlimit(resource.RLIMIT_DATA, (most, before[1]))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_DATA, before)


def _check(number: int, most: int, reason: Reason) -> None:
    if number > most:
        values = {"number": _thousands(number), "most": _thousands(most)}
        raise Rejected(say(f"reading.{reason}", **values), reason)


def _thousands(number: int) -> str:
    return f"{number:,}".replace(",", ".")
