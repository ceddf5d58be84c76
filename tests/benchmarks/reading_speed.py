"""How long reading PDFs takes beside pypdf's bare extraction of their text: CPU time of one process, as a ratio.

usage: python -m tests.benchmarks.reading_speed PDF...   (the start of a worker process is not in it)
"""

from __future__ import annotations

import sys
import time
from collections.abc import Callable
from functools import partial
from pathlib import Path

from pypdf import PdfReader

from ingest.reading import read_document
from ingest.register import RegisterEntry

ROUNDS = 3  # the fastest counts: what else the machine does only adds


def seconds(work: Callable[[], object]) -> float:
    """Return the least CPU time of some rounds."""
    taken = []
    for _ in range(ROUNDS):
        before = time.process_time()
        work()
        taken.append(time.process_time() - before)
    return min(taken)


def bare(path: Path) -> int:
    """Extract the text of all pages, nothing more; returns how many there are."""
    pages = PdfReader(path).pages
    for page in pages:
        page.extract_text()
    return len(pages)


def main() -> None:
    """Measure each file and print."""
    for path in map(Path, sys.argv[1:]):
        pages = bare(path)
        extracted = seconds(partial(bare, path))
        read = seconds(partial(read_document, RegisterEntry("papier", path)))
        print(f"{path.name:<48}{pages:5} pages{extracted:8.2f} s{read:8.2f} s{read / extracted:7.2f} times")  # noqa: T201


if __name__ == "__main__":
    main()
