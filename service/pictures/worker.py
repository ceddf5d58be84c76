"""The process that draws one picture: `python -m service.pictures.worker SECONDS MEGABYTES`, the job on its input.

It writes the PNG and ends with 0, or says by its exit code why there is none. It ends with its input too, in the middle
of a page: it must not outlive the service.
"""

from __future__ import annotations

import json
import os
import sys
import threading
from contextlib import suppress
from pathlib import Path

from service.pictures.drawing import page_picture
from service.pictures.jobs import DRAWN, NO_PICTURE, TOO_MUCH, NoPicture

MEGABYTE = 1_048_576
NICENESS = 5  # a third of the processor where a question wants it too


def main(seconds: int, megabytes: int) -> int:
    """Draw; return the exit code."""
    output = os.fdopen(os.dup(1), "wb")
    nowhere = os.open(os.devnull, os.O_WRONLY)
    os.dup2(nowhere, 1)  # whatever a library prints goes nowhere
    job = json.loads(sys.stdin.buffer.readline())
    threading.Thread(target=_end_with_input, daemon=True).start()
    _confine(seconds, megabytes)
    try:
        png = page_picture(Path(job["path"]), job["number"], job["width"], job["quote"], job["crop"])
    except NoPicture:
        return NO_PICTURE
    except MemoryError:
        return TOO_MUCH
    output.write(png)
    output.flush()
    return DRAWN


def _end_with_input() -> None:
    """Wait while the main thread is in PDFium, which lets go of the interpreter."""
    sys.stdin.buffer.read()
    os._exit(1)


def _confine(seconds: int, megabytes: int) -> None:
    """Allow this process so much time at work and `megabytes` more than it has now (known under Linux only); no file,
    no core dump; the first to go where the machine's memory ends."""
    with suppress(OSError):
        Path("/proc/self/oom_score_adj").write_text("1000")
    with suppress(OSError, AttributeError):
        os.nice(NICENESS)
    try:
        import resource
    except ImportError:  # not a Unix
        return
    limits = {resource.RLIMIT_CORE: 0, resource.RLIMIT_FSIZE: 0, resource.RLIMIT_CPU: seconds}
    with suppress(OSError):
        size = int(Path("/proc/self/statm").read_text().split()[0]) * os.sysconf("SC_PAGE_SIZE")
        limits[resource.RLIMIT_AS] = size + megabytes * MEGABYTE
    for kind, most in limits.items():
        hard = resource.getrlimit(kind)[1]
        last = most + (kind == resource.RLIMIT_CPU)  # the signal at the soft limit tells that it was time
        last = last if hard == resource.RLIM_INFINITY else min(last, hard)
        resource.setrlimit(kind, (min(most, last), last))


if __name__ == "__main__":
    os._exit(main(int(sys.argv[1]), int(sys.argv[2])))
