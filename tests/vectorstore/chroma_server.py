"""A real Chroma server on a free port, for the tests of the seam to it."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from tests.processes import environment, served


@contextmanager
def chroma_server(folder: Path) -> Iterator[str]:
    """Run Chroma over a folder until the block is left; yields its address."""
    run = 'exec "$0" run --path "$1" --port "$STRATEGIELOTSE_PORT"'
    command = ["sh", "-c", run, Path(sys.executable).with_name("chroma"), folder]
    log = folder / "server.log"
    with served(
        command, env=environment(), log=log, cwd=folder, path="/api/v2/heartbeat", patience=30.0
    ) as server:
        yield server.url
