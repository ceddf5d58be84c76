"""Impolite clients by the thousand against a server that may open 1,024 files: others are answered all the while."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.endurance.conftest import SAMPLE
from tests.impolite import BEGUN_BODY, BEGUN_HEAD, GET, crowd, flooding, others, trickling
from tests.processes import COMMAND, Server, environment, run, served

pytestmark = pytest.mark.long
FILES = 1024
CROWD = 1100
SECONDS = 12.0
QUESTION = "Welche Projekte sind noch Ideen?"
ENDLESS = b"x" * 65536
BEGUN_CHUNKS = b"POST /api/v1/chat HTTP/1.1\r\nHost: lotse\r\nTransfer-Encoding: chunked\r\n\r\n"
DOWNLOADS = b"GET /widget.js HTTP/1.1\r\nHost: lotse\r\n\r\n" * 12  # 1.2 MB, more than the system keeps


@pytest.fixture(scope="module")
def log(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("impolite") / "log"


@pytest.fixture(scope="module")
def server(log: Path) -> Iterator[Server]:
    data = log.parent / "data"
    assert run("ingest", "--manifest", SAMPLE / "corpus.toml", data=data).returncode == 0
    limited = ["sh", "-c", f'ulimit -n {FILES} && exec "$@"', "sh", *COMMAND, "serve"]
    with served(limited, env=environment(data), log=log, path="/readyz") as running:
        others(running.url, 1.0, QUESTION)
        yield running


def told(what: str, server: Server, log: Path) -> None:
    """Ask as others do, say how long they waited, and check that nothing was written about every single client."""
    lines = len(log.read_text().splitlines())
    times = sorted(others(server.url, SECONDS, QUESTION))
    written = log.read_text().splitlines()[lines:]
    noise = [line for line in written if "strategielotse.access" not in line]
    files = len(list(Path(f"/proc/{server.process.pid}/fd").iterdir()))
    print(
        f"\n{what}: {len(times)} others, median {1000 * times[len(times) // 2]:.0f} ms, "
        f"slowest {1000 * times[-1]:.0f} ms; {files} files open, {len(noise)} lines logged"
    )
    assert files < FILES
    assert len(noise) < 5, "\n".join(noise[:40])


@pytest.mark.parametrize(
    ("what", "begun"),
    [
        ("4 endless headers", BEGUN_HEAD),
        ("4 endless addresses", b"GET /"),
        ("4 endless extensions of a chunk", BEGUN_CHUNKS + b"1;"),
        ("4 endless bodies that nobody reads", BEGUN_BODY.replace(b"5000", b"5000000000").replace(b"POST", b"GET")),
    ],
)
def test_endless_requests(server: Server, log: Path, what: str, begun: bytes) -> None:
    with flooding(server.url, 4, begun, ENDLESS):
        told(what, server, log)


def test_endless_crumbs(server: Server, log: Path) -> None:
    with flooding(server.url, 4, BEGUN_CHUNKS, b"1\r\nx\r\n" * 10_000):
        told("4 endless bodies in chunks of one byte", server, log)


@pytest.mark.parametrize(
    ("what", "begun"),
    [("1,100 half-open", b""), ("1,100 slow heads", BEGUN_HEAD), ("1,100 slow bodies", BEGUN_BODY)],
)
def test_crowds_that_never_finish_asking(server: Server, log: Path, what: str, begun: bytes) -> None:
    with crowd(server.url, CROWD, begun) as connections, trickling(connections if begun else ()):
        told(what, server, log)


@pytest.mark.parametrize(
    ("what", "count", "asked", "room"),
    [("1,100 idle after an answer", CROWD, GET, 0), ("100 that read none of 1,200 answers", 100, DOWNLOADS, 4096)],
)
def test_crowds_that_stay_after_an_answer(
    server: Server, log: Path, what: str, count: int, asked: bytes, room: int
) -> None:
    """A thousand whole requests are load, not impoliteness: the clock runs when all have an answer or are ended."""
    with crowd(server.url, count, asked, answered=True, room=room):
        told(what, server, log)
