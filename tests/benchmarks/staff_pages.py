"""How long staff pages take over a register's documents: `python -m tests.benchmarks.staff_pages REGISTER`.

Prints the median of some rounds in milliseconds, its ratio to `/healthz` in the same run, and the size of each page.
"""

from __future__ import annotations

import statistics
import sys
import tempfile
import time
from pathlib import Path

from rich.console import Console
from rich.table import Table
from starlette.testclient import TestClient

from ingest.job import IngestRequest, run_ingest
from service.app import create_app
from service.composition import make_holder
from service.settings import Settings
from tests.staff.signing_in import signed_in
from vectorstore.editions import EditionStore

ROUNDS = 15
PATHS = (
    "/staff",
    "/staff/topics?q=Klimaschutz",
    "/staff/topics?q=Quantencomputer",
    "/staff/catalogue",
    "/staff/catalogue?status=idea&q=rad",
    "/staff/catalogue.csv",
    "/staff/catalogue.xlsx",
    "/staff/documents",
    "/staff/open-data",
    "/staff/open-data/catalog.jsonld",
)


def milliseconds(client: TestClient, path: str) -> tuple[float, int]:
    """The median time of a page and its size in bytes; raises AssertionError where it is no page."""
    times = []
    for _ in range(ROUNDS):
        began = time.perf_counter()
        response = client.get(path)
        times.append(1000 * (time.perf_counter() - began))
        assert response.status_code == 200, (path, response.status_code)
    return statistics.median(times), len(response.content)


def main(register: Path) -> None:
    """Ingest the register into a folder of its own and time every page."""
    with tempfile.TemporaryDirectory() as folder:
        store = EditionStore(Path(folder))
        run_ingest(IngestRequest(manifest=register), store)
        settings = Settings(data_dir=Path(folder), rate_per_minute=0)
        holder = make_holder(settings)
        app = create_app(settings, holder)
        with TestClient(app, base_url="http://127.0.0.1", client=("127.0.0.1", 1)) as client:
            signed_in(client)
            holder.refresh()
            with holder.lease() as served:
                documents = [f"/staff/documents/{one}" for one in served.edition.catalogue.documents]
            bare, _ = milliseconds(client, "/healthz")
            shown = Table("page", "ms", "times /healthz", "kB")
            for path in (*PATHS, *documents):
                taken, size = milliseconds(client, path)
                shown.add_row(path, f"{taken:.1f}", f"{taken / bare:.1f}", f"{size / 1000:.0f}")
            Console(width=110).print(shown)


if __name__ == "__main__":
    main(Path(sys.argv[1]))
