"""The worker that draws: `python -m service.pictures.worker MEGABYTES`, a process that the service may kill any time.

It takes a job a line from its input and says on its output how far it has come. It ends with its input, in the middle
of a page too, for it must not outlive the service; and by itself when it has grown, for the next page needs its memory.
"""

from __future__ import annotations

import os
import sys
import threading
from pathlib import Path
from queue import SimpleQueue
from typing import BinaryIO

from service.pictures.confinement import MEGABYTE, address_space, confine
from service.pictures.jobs import MAX_LINE, NO_PICTURE, OPENED, PICTURE, SIZE_BYTES, TAKEN, TOO_MUCH, Job, NoPicture
from service.pictures.pages import page_picture, warm

MOST_PICTURES = 1000


def main(megabytes: int) -> None:
    """Draw until the input ends, or the process has become old or large."""
    output = _own_output()
    jobs: SimpleQueue[Job] = SimpleQueue()
    threading.Thread(target=_receive, args=(jobs,), daemon=True).start()
    warm()
    confine(megabytes)
    first = address_space() or 0
    for _ in range(MOST_PICTURES):
        _serve(jobs.get(), output)
        if (address_space() or 0) > first + megabytes * MEGABYTE // 4:
            break
    os._exit(0)


def _receive(jobs: SimpleQueue[Job]) -> None:
    """Take jobs while the main thread is in PDFium, which lets go of the interpreter; end with the input."""
    while line := sys.stdin.buffer.readline(MAX_LINE):
        jobs.put(Job.read(line))
    os._exit(0)


def _serve(job: Job, output: BinaryIO) -> None:
    def say(said: bytes) -> None:
        output.write(said)
        output.flush()

    say(TAKEN)
    try:
        png = page_picture(Path(job.path), job.number, job.width, job.quote, job.crop, opened=lambda: say(OPENED))
        say(PICTURE + len(png).to_bytes(SIZE_BYTES) + png)
    except NoPicture:
        say(NO_PICTURE)
    except MemoryError:
        say(TOO_MUCH)


def _own_output() -> BinaryIO:
    """Take the output for ourselves: whatever a library prints goes nowhere."""
    output = os.fdopen(os.dup(1), "wb")
    nowhere = os.open(os.devnull, os.O_WRONLY)
    for printed in (1, 2):
        os.dup2(nowhere, printed)
    return output


if __name__ == "__main__":
    main(int(sys.argv[1]))
