"""GET /search over a real edition: what fits best, of which papers and kinds."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from starlette.testclient import TestClient

from tests.service.fakes import client_over

REPORT = "lauterfeld-nachhaltigkeitsbericht-2026"


@pytest.fixture(scope="module")
def client(sample_data: Path) -> Iterator[TestClient]:
    with client_over(sample_data, rate_per_minute=0) as made:
        yield made


def search(client: TestClient, q: str, **more: Any) -> Any:
    return client.get("/api/v1/search", params={"q": q, **more})


def test_the_best_entry_comes_first_with_score_and_passage(client: TestClient) -> None:
    items = search(client, "Nachtbus").json()["items"]
    assert items[0]["ref"] == "5.1.1.1"
    assert [one["score"] for one in items] == sorted((one["score"] for one in items), reverse=True)
    assert "Nachtlinien" in items[0]["passage"]
    assert len(items) <= 10


@pytest.mark.parametrize("kinds", [["goal"], ["goal", "theme"]])
def test_only_entries_of_the_kinds_asked_for(client: TestClient, kinds: list[str]) -> None:
    items = search(client, "Radverkehr", kind=kinds, limit=5).json()["items"]
    assert items and {one["kind"] for one in items} <= set(kinds)


def test_only_entries_of_the_documents_asked_for(client: TestClient) -> None:
    items = search(client, "Radverkehr", document=REPORT, limit=3).json()["items"]
    assert {one["document_id"] for one in items} == {REPORT}
    assert len(items) == 3


@pytest.mark.parametrize("text", ["Überblick", "Lauterfeld", "Bus"])
def test_a_general_word_or_a_place_alone_finds_something(client: TestClient, text: str) -> None:
    assert search(client, text).status_code == 200


def test_an_unknown_document_is_an_error_that_names_the_known_ones(client: TestClient) -> None:
    response = search(client, "Rad", document="gibt-es-nicht")
    assert response.status_code == 422
    assert REPORT in response.json()["errors"][0]["message"]
