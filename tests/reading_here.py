"""Documents that staff upload, read in a thread of this process: a process of its own imports the
whole service again, three seconds for each draft.

The readers of files stay processes with limits, forked from one server that is kept.
"""

from __future__ import annotations

import os
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from multiprocessing import get_context
from multiprocessing.connection import Connection
from types import SimpleNamespace
from typing import Any
from unittest.mock import patch

from vectorstore import processes

# all that reads or draws, whoever starts the server: each reader imports what it lacks, for half a second
READERS = ("ingest.examples", "service.web.pictures.page_renderer", "vectorstore.records.documents")
_prepare = processes.prepare


class ReadingThread(threading.Thread):
    """What the service uses of a trusted process; it cannot be killed, so who ends it waits."""

    pid, exitcode = None, 0

    def __init__(self, target: Callable[..., None], args: tuple[Any, ...], daemon: bool) -> None:
        assert target is processes._work and not daemon
        super().__init__(daemon=True)
        connection, self.function, self.argument, _ = args
        self.connection = Connection(os.dup(connection.fileno()), readable=False)

    def run(self) -> None:
        with self.connection:
            result = self.function(self.argument, processes.Channel(self.connection))
            self.connection.send_bytes(processes.RESULT + result)

    def terminate(self) -> None:
        """A thread ends by itself."""

    kill = close = terminate


@contextmanager
def read_here() -> Iterator[None]:
    """Read in threads, and keep the server of the readers, until the block ends."""
    context = SimpleNamespace(Pipe=get_context("spawn").Pipe, Process=ReadingThread)
    with (
        patch.object(processes, "_trusted_context", context),
        patch.object(processes, "stop", lambda: None),
        patch.object(processes, "prepare", lambda modules=(): _prepare(READERS)),
    ):
        yield


@contextmanager
def read_in_processes() -> Iterator[None]:
    """Read as the service does, in a process for each draft, until the block ends."""
    with patch.object(processes, "_trusted_context", get_context("spawn")):
        yield
