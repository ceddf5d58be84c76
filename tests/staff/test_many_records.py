"""5,000 records: what lists them all is streamed, paged or refused with a sentence, within seconds
and memory.
"""

from __future__ import annotations

import io
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor

import httpx2 as httpx
import pytest
from openpyxl import load_workbook

from lab.benchmarks.grown import Base, grown
from service.answering import LISTED_KINDS
from tests.processes import megabytes_of, serving
from vectorstore import EditionStore

MOST_SECONDS, MOST_MEGABYTES = 25.0, 700.0
HEAVY = {
    "/staff/catalogue.xlsx": 200,
    "/staff/catalogue.csv": 200,
    "/staff/catalogue/print": 200,
    "/staff/catalogue?topic=Projekt": 200,
    "/api/v1/lookup?q=Projekt": 200,
}


@pytest.fixture(scope="module")
def many(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[str, int]]:
    """The address of a service over 5,000 records, and its process."""
    data, documents, records = tmp_path_factory.mktemp("many"), [], 0
    for document in grown(Base(), 100_000):
        documents.append(document)
        if (
            records := records + sum(item.kind in LISTED_KINDS for item in document.items)
        ) >= 5_000:
            break
    EditionStore(data).publish(documents)
    with serving(
        data, STRATEGIELOTSE_RATE_PER_MINUTE="0", STRATEGIELOTSE_STAFF_ACCESS="public"
    ) as server:
        yield server.url, server.process.pid


@pytest.mark.long
def test_twelve_that_ask_for_everything_at_once_are_answered(many: tuple[str, int]) -> None:
    address, process = many

    def ask(path: str) -> tuple[str, int, float]:
        response = httpx.get(address + path, timeout=60)
        return path, response.status_code, response.elapsed.total_seconds()

    for path in HEAVY:
        assert ask(path)[2] < MOST_SECONDS
    with ThreadPoolExecutor(12) as people:
        outcomes = list(people.map(ask, [*HEAVY] * 2))
    assert [(path, status) for path, status, _ in outcomes if status != HEAVY[path]] == []
    assert megabytes_of(process) < MOST_MEGABYTES


@pytest.mark.long
def test_a_workbook_has_all_of_them_and_a_look_up_a_page(many: tuple[str, int]) -> None:
    address, _ = many
    book = load_workbook(
        io.BytesIO(httpx.get(f"{address}/staff/catalogue.xlsx", timeout=60).content), read_only=True
    )
    assert sum(1 for _ in book.worksheets[0].iter_rows()) > 4_000  # those of archives are left out
    first, last = (
        httpx.get(f"{address}/api/v1/lookup?q=Projekt&page={page}", timeout=60).json()
        for page in (1, 9)
    )
    assert len(first["items"]) == 500 < first["total"] and not last["items"][500:]
    assert first["items"][0] not in last["items"] and first["page_size"] == 500
