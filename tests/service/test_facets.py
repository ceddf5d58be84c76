"""GET /facets: every count is what the filtered list has, whatever else is filtered."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from starlette.testclient import TestClient

from service.web.facets import FACETS
from tests.ingest.cases import cases, values
from tests.service.county import motion, parsed
from tests.service.fakes import client_for
from vectorstore import EditionStore
from vectorstore.records import ItemKind, ParsedDocument

FACETS_PATH = "/api/v1/facets"
ITEMS = "/api/v1/items"


@pytest.fixture(scope="module")
def sample(sample_data: Path) -> TestClient:
    return client_for(EditionStore(sample_data))


def told(client: TestClient, **params: Any) -> Any:
    return client.get(FACETS_PATH, params=params).json()


def counts(client: TestClient, facet: str, **params: Any) -> dict[str, int]:
    return {text["value"]: text["count"] for text in told(client, **params)["facets"][facet]}


def test_all_values_in_their_order(client: TestClient, store: EditionStore) -> None:
    answer = told(client)
    assert answer["total"] == 9 and answer["corpus_edition"] == store.current_name()
    found = {
        name: [[hit["value"], hit["count"]] for hit in hits]
        for name, hits in answer["facets"].items()
    }
    assert found == values(__file__, "facets")


def test_a_filter_does_not_narrow_its_own_values(client: TestClient) -> None:
    assert counts(client, "status", status="idea") == counts(client, "status")
    assert counts(client, "kind", status="idea") == {"project": 2}
    assert counts(client, "municipality", status="idea", kind="project") == {"Auental": 1}
    assert told(client, status="idea")["total"] == 2
    assert counts(client, "status", municipality="Auental") == {"idea": 1, "in_progress": 1}


def test_a_theme_that_documents_number_differently_has_no_number(tmp_path: Path) -> None:
    def theme(document_id: str, ref: str, title: str) -> ParsedDocument:
        document = replace(motion().document, id=document_id)
        return parsed(document, [{"kind": ItemKind.THEME, "ref": ref, "title": title}])

    store = EditionStore(tmp_path)
    store.publish(
        [theme("a", "1", "Klima"), theme("b", "B.VII", "KLIMA"), theme("c", "3", "2030 und danach")]
    )
    found = told(client_for(store))["facets"]["theme"]
    assert [(hit["value"], hit["label"], hit["count"]) for hit in found] == [
        ("Klima", "Klima", 2), ("3", "3 2030 und danach", 1),
    ]  # fmt: skip


@cases("params")
def test_every_count_is_what_the_filtered_list_has(
    sample: TestClient, params: dict[str, str]
) -> None:
    answer = told(sample, **params)
    assert answer["total"] == sample.get(ITEMS, params=params).json()["total"]
    assert list(answer["facets"]) == [facet.name for facet in FACETS]
    for name, found in answer["facets"].items():
        for value in found:
            listed = sample.get(
                ITEMS, params={**params, name: value["value"], "page_size": 1}
            ).json()
            assert (name, value["value"], listed["total"]) == (name, value["value"], value["count"])


def test_white_space_at_its_edge_makes_no_filter_short_enough(client: TestClient) -> None:
    assert client.get(FACETS_PATH, params={"goal": "\r" + "0" * 500}).status_code == 422
    assert client.get(FACETS_PATH, params={"goal": " " * 600}).status_code == 200
