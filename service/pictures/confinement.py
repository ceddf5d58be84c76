"""Confines the worker's own process, as far as the system can: memory, files, and its place behind the service."""

from __future__ import annotations

import os
from contextlib import suppress
from pathlib import Path

MEGABYTE = 1_048_576
NICENESS = 5  # a third of the processor where a question wants it too
_SIZE, _OOM_SCORE = Path("/proc/self/statm"), Path("/proc/self/oom_score_adj")


def confine(megabytes: int) -> None:
    """Allow this process `megabytes` more than it has now; no file, no core dump; the first to go where memory ends.

    The size of a process is known under Linux only; elsewhere its memory is not limited.
    """
    with suppress(OSError):
        _OOM_SCORE.write_text("1000")
    with suppress(OSError, AttributeError):
        os.nice(NICENESS)
    try:
        import resource
    except ImportError:  # not a Unix
        return
    limits = {resource.RLIMIT_CORE: 0, resource.RLIMIT_FSIZE: 0}
    size = address_space()
    if size is not None:
        limits[resource.RLIMIT_AS] = size + megabytes * MEGABYTE
    for kind, most in limits.items():
        hard = resource.getrlimit(kind)[1]
        allowed = most if hard == resource.RLIM_INFINITY else min(most, hard)
        resource.setrlimit(kind, (allowed, allowed))


def address_space() -> int | None:
    """Return the size of this process in bytes, all that it has mapped; None where the system does not tell."""
    try:
        return int(_SIZE.read_text().split()[0]) * os.sysconf("SC_PAGE_SIZE")
    except OSError:
        return None
