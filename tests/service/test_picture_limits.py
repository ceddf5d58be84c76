"""Hostile pages on the running service: bounded in time and memory, remembered, and nothing is left
running after.
"""

from __future__ import annotations

import signal
import socket
import sys
import threading
import time
from collections.abc import Callable, Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field, replace
from pathlib import Path

import httpx2 as httpx
import pytest

from service.web.pictures.page_renderer import LIMITS
from tests.processes import Server, children_of, is_alive, megabytes_of, serving, until
from tests.service.county import report
from tests.service.printed_papers import HOSTILE, deep_patterns, printed, slow_shading
from vectorstore import EditionStore
from vectorstore.records import ParsedDocument

pytestmark = pytest.mark.long  # real servers
MEGABYTES = LIMITS.memory_bytes // 1_000_000
SECRET = "ein-langes-geheimnis"
PATIENCE = 60.0  # seconds that a busy machine may need for what takes one
QUESTION = {"question": "Was ist der Radschnellweg Nord?"}


def publish(root: Path, papers: Mapping[str, bytes]) -> Path:
    """Publish an edition with these PDFs by their documents' ids, and an ordinary one; return its
    data folder.
    """
    originals = {"ordinary": printed(root / "ordinary.pdf")}
    for name, content in papers.items():
        originals[name] = root / f"{name}.pdf"
        originals[name].write_bytes(content)
    EditionStore(root / "data").publish(
        [copy_of(report(), name) for name in originals], originals=originals
    )
    return root / "data"


def copy_of(document: ParsedDocument, name: str) -> ParsedDocument:
    """Return the same document under another id."""
    return ParsedDocument(
        document=replace(document.document, id=name),
        items=tuple(replace(item, document_id=name) for item in document.items),
        chunks=tuple(
            replace(chunk, id=f"{name}/{chunk.key}", document_id=name) for chunk in document.chunks
        ),
    )


def picture_of(name: str, width: int = 900) -> str:
    """Return the address of a document's first page."""
    return f"/api/v1/documents/{name}/pages/1.png?width={width}"


@contextmanager
def running(data: Path) -> Iterator[Server]:
    settings = {
        "STRATEGIELOTSE_REQUEST_SECONDS": "300",
        "STRATEGIELOTSE_RATE_PER_MINUTE": "0",
        "STRATEGIELOTSE_METRICS_TOKEN": SECRET,
    }
    with serving(data, **settings) as server:
        yield server


@pytest.fixture(scope="module")
def data(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return publish(
        tmp_path_factory.mktemp("hostile"), {name: make() for name, make in HOSTILE.items()}
    )


@pytest.fixture(scope="module")
def server(data: Path) -> Iterator[Server]:
    with running(data) as server:
        yield server


def limited_processes_of(process_id: int) -> list[int]:
    """Return the limited processes of a service: it has a server of processes that starts them
    (Linux).
    """
    return [worker for child in children_of(process_id) for worker in children_of(child)]


def test_what_draws_is_there_for_one_picture_and_knows_no_password(server: Server) -> None:
    with (
        httpx.Client(base_url=server.url, timeout=PATIENCE) as client,
        ThreadPoolExecutor(1) as drawing,
    ):
        drawn = drawing.submit(client.get, picture_of("slow-shading"))
        until(lambda: bool(limited_processes_of(server.process.pid)))
        (worker,) = limited_processes_of(server.process.pid)
        known = Path(f"/proc/{worker}/environ").read_bytes()
        assert b"STRATEGIELOTSE" not in known and SECRET.encode() not in known
        files = set()
        for link in Path(f"/proc/{worker}/fd").iterdir():
            with suppress(FileNotFoundError):  # closed meanwhile
                files.add(link.readlink().name)
        assert not any(name.endswith(".sqlite3") for name in files)
        assert drawn.result().status_code == 404
        assert client.get(picture_of("ordinary")).status_code == 200
        assert limited_processes_of(server.process.pid) == []


@dataclass
class Watched:
    """The most memory that the service and the workers of it had, and how long the slowest answer
    took meanwhile.
    """

    service: float = 0.0
    worker: float = 0.0
    slowest: float = 0.0
    failed: list[int] = field(default_factory=list)


@contextmanager
def watching(server: Server) -> Iterator[Watched]:
    """Ask for health and an answer again and again, and measure memory, until the block ends."""
    seen, over = Watched(), threading.Event()

    def measure() -> None:
        while not over.wait(0.02):
            seen.service = max(seen.service, megabytes_of(server.process.pid))
            seen.worker = max(
                seen.worker, *map(megabytes_of, limited_processes_of(server.process.pid)), 0.0
            )

    def ask() -> None:
        with httpx.Client(base_url=server.url, timeout=PATIENCE) as client:
            while not over.wait(0.05):
                began = time.monotonic()
                responses = [client.get("/healthz"), client.post("/api/v1/chat", json=QUESTION)]
                seen.slowest = max(seen.slowest, time.monotonic() - began)
                seen.failed += [
                    response.status_code for response in responses if response.status_code != 200
                ]

    threads = [threading.Thread(target=measure), threading.Thread(target=ask)]
    for thread in threads:
        thread.start()
    try:
        yield seen
    finally:
        over.set()
        for thread in threads:
            thread.join()


@pytest.mark.skipif(sys.platform != "linux", reason="memory is limited and measured under Linux")
def test_hostile_pages_are_bounded_and_disturb_nobody(data: Path) -> None:
    patience = len(HOSTILE) * PATIENCE  # they are drawn one after another for one client
    with running(data) as server, httpx.Client(base_url=server.url, timeout=patience) as client:
        for _ in range(3):
            assert client.post("/api/v1/chat", json=QUESTION).status_code == 200
        assert client.get(picture_of("ordinary")).status_code == 200
        before = megabytes_of(server.process.pid)
        with watching(server) as seen, ThreadPoolExecutor(len(HOSTILE)) as clients:
            results = dict(
                zip(
                    HOSTILE,
                    clients.map(lambda name: client.get(picture_of(name)), HOSTILE),
                    strict=True,
                )
            )
        statuses = {name: response.status_code for name, response in results.items()}
        for name in ("nested-forms", "slow-shading", "swollen-contents", "deep-patterns"):
            assert statuses[name] == 404, name
            assert results[name].json()["type"].endswith(":picture-failed")
        assert set(statuses.values()) <= {200, 404}
        assert statuses["huge-page"] == 200
        assert seen.failed == []
        assert seen.worker < MEGABYTES + 60, "a worker has 27 MB when it starts"
        assert seen.service < before + 60, "pictures pass through the service, nothing else"
        assert limited_processes_of(server.process.pid) == []
        assert client.get(picture_of("ordinary", 901)).status_code == 200
    assert not is_alive(server.process.pid)


def raw_request(server: Server, path: str, source: str = "127.0.0.1") -> socket.socket:
    host, port = server.url.removeprefix("http://").split(":")
    connection = socket.create_connection(
        (host, int(port)), timeout=PATIENCE, source_address=(source, 0)
    )
    connection.sendall(f"GET {path} HTTP/1.1\r\nHost: {host}\r\n\r\n".encode())
    return connection


@pytest.mark.parametrize(
    ("how", "make"), [(signal.SIGKILL, deep_patterns), (signal.SIGTERM, slow_shading)]
)
def test_workers_end_with_the_service(
    tmp_path: Path, how: signal.Signals, make: Callable[[], bytes]
) -> None:
    with running(publish(tmp_path, {"heavy": make()})) as server:
        connection = raw_request(server, picture_of("heavy"))
        until(lambda: bool(limited_processes_of(server.process.pid)))
        time.sleep(0.5)
        workers = limited_processes_of(server.process.pid)
        connection.close()
        server.process.send_signal(how)
        until(lambda: not any(map(is_alive, workers)))
        server.process.wait(timeout=PATIENCE)
