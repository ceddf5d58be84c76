"""Lists of records: every filter, pages, CSV, single records, documents; when a record begins and
ends.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import pytest
from starlette.testclient import TestClient

from service.records import can_lie_within, citation_of, is_moment, period_of
from service.records.csv_export import BOM, cell
from service.records.filters import RecordPeriod
from tests.ingest.cases import cases, values
from tests.replies import rows_of
from tests.service.county import report
from vectorstore.records import Item, ItemKind, Page, Value, ValueKind

RECORD_FIELDS = set(values(__file__, "record_fields"))


def refs(client: TestClient, path: str, **query: Any) -> list[str]:
    response = client.get(f"/api/v1/{path}", params=query)
    assert response.status_code == 200, response.text
    body = response.json()
    assert body["total"] == len(body["items"])
    return [item["ref"] for item in body["items"]]


@cases("query", "expected")
def test_filters(client: TestClient, query: dict[str, str], expected: tuple[str, ...]) -> None:
    assert refs(client, "projects", **query) == list(expected)


@cases("query", "known")
@pytest.mark.parametrize("path", ["projects", "goals", "items", "facets"])
def test_an_unknown_value_is_an_error_that_names_the_known_ones(
    client: TestClient, path: str, query: dict[str, str], known: str
) -> None:
    response = client.get(f"/api/v1/{path}", params=query)
    assert response.status_code == 422
    (error,) = response.json()["errors"]
    assert error["field"] == next(iter(query)) and known in error["message"]


def test_a_record_has_exactly_the_fields_of_the_contract(client: TestClient) -> None:
    record = client.get("/api/v1/projects").json()["items"][0]
    assert set(record) == RECORD_FIELDS
    assert record["theme"] == {"ref": "2", "title": "Mobilität"}
    assert record["conflicts"] == [{"field": "status", "text": "in_progress", "table": "planned"}]


def test_filters_say_what_they_took_along_or_left_out(client: TestClient) -> None:
    def notices(**query: str) -> list[dict[str, str]]:
        found: list[dict[str, str]] = client.get("/api/v1/projects", params=query).json()["notices"]
        return found

    (notice,) = notices(unit="66")
    assert notice["code"] == "unit_includes" and "66.01" in notice["text"]
    assert notices(unit="66.01") == []
    (notice,) = notices(municipality="Auental")
    assert notice["text"].startswith("Nicht mitgezählt: 1 ")


def test_pages(client: TestClient) -> None:
    second = client.get("/api/v1/projects", params={"page": 2, "page_size": 2}).json()
    assert [item["ref"] for item in second["items"]] == ["2.1.4.1", "2.1.4.2"]
    assert (second["total"], second["page"], second["page_size"]) == (5, 2, 2)
    assert client.get("/api/v1/projects", params={"page": 99}).json()["items"] == []
    blank = client.get("/api/v1/projects?page=&page_size=&format=").json()
    assert (blank["page"], blank["page_size"], blank["total"]) == (1, 50, 5)


@cases("headers", "query")
def test_csv(client: TestClient, headers: dict[str, str], query: dict[str, str]) -> None:
    response = client.get("/api/v1/projects", params=query, headers=headers)
    assert response.headers["content-type"].startswith("text/csv")
    assert response.content.startswith(BOM.encode())
    listed = client.get("/api/v1/projects", params={**query, "format": "json"}).json()
    assert [row["ref"] for row in rows_of(response)] == [item["ref"] for item in listed["items"]]


@cases("value", "expected")
def test_cells(value: object, expected: str) -> None:
    assert cell(value) == expected


def test_a_list_is_one_cell_and_nothing_an_empty_one() -> None:
    assert [cell(["a", "b"]), cell(["=a"]), cell(None)] == ["a | b", "'=a", ""]


def test_one_record_with_passages_and_neighbours(client: TestClient) -> None:
    record = client.get("/api/v1/items/auenland-report/2.1").json()
    assert set(record) == RECORD_FIELDS | {"values", "passages", "neighbours", "corpus_edition"}
    assert record["neighbours"]["parent"]["ref"] == "2"
    assert record["neighbours"]["next"]["ref"] == "2.1.2.3"
    assert len(record["neighbours"]["children"]) == 5
    assert record["passages"][0]["text"].startswith("2.1 Mehr Wege")


def test_every_record_is_found_by_its_url(client: TestClient) -> None:
    for item in client.get("/api/v1/items", params={"page_size": 500}).json()["items"]:
        assert client.get(item["url"]).status_code == 200
        assert (
            client.get(f"/api/v1/items/{item['document_id']}/{item['key']}").json()["ref"]
            == item["ref"]
        )
    assert client.get("/api/v1/items/auenland-report/Archiv~1").json()["former_ref"] == "2.1.1.1"
    for path in ("auenland-report/9.9", "gibt-es-nicht/2.1", "auenland-report/%00"):
        assert client.get(f"/api/v1/items/{path}").status_code == 404


def test_documents(client: TestClient) -> None:
    body = client.get("/api/v1/documents").json()
    assert set(body) == {"items", "total", "page", "page_size", "corpus_edition"}
    antrag, report = body["items"]
    assert set(report) == {
        "id", "title", "publisher", "kind", "status", "as_of", "language", "pages", "counts", "families", "coverage",
        "state", "warnings", "source_url", "provenance",
        "unconfirmed", "series", "replaces", "valid_until", "superseded", "replaced_by", "same_as", "repealed_by",
            "followed_by",
    }  # fmt: skip
    assert report["counts"] == {"theme": 1, "goal": 1, "project": 5}
    assert (report["pages"], antrag["pages"]) == (2, None)
    assert (antrag["state"], antrag["warnings"]) == ("indexed_with_warnings", ["Das Datum fehlt."])


@cases("accept", "kind")
def test_the_better_accepted_format_is_given(client: TestClient, accept: str, kind: str) -> None:
    response = client.get("/api/v1/projects", headers={"Accept": accept})
    assert response.headers["content-type"].split(";")[0] == kind


def item(title: str, values: Sequence[tuple[str, str, str]], period: str | None) -> Item:
    """A record with a period as printed, and values as they stand in its text."""
    found = tuple(
        Value(ValueKind(kind), statement, value, 0, len(statement))
        for statement, value, kind in values
    )
    return Item(
        document_id="d", key="1", ref="1", kind=ItemKind.MEASURE, title=title, order=0, heading=title, body="",
        start=0, end=100, period=period, values=found,
    )  # fmt: skip


@cases("title", "period", "values", "begin", "end")
def test_the_period_says_it_else_the_title_with_ab_or_bis(
    title: str, period: str, values: Sequence[tuple[str, str, str]], begin: str, end: str
) -> None:
    found = period_of(item(title, values, period or None))
    assert found == RecordPeriod(begin or None, end or None)


def test_both_ends_are_included_and_a_month_or_year_counts_where_any_day_of_it_can() -> None:
    assert can_lie_within("2027-06-30", "2027", "2027-06") and not can_lie_within(
        "2027-07-01", "", "2027-06"
    )
    assert can_lie_within("2027", "2027-07", "") and not can_lie_within("2027", "2028", "")
    assert can_lie_within("2027-06", "2027-06-30", "2027-06-30") and can_lie_within("2027", "", "")


@cases("text")
def test_what_the_calendar_does_not_have_is_no_moment(text: str) -> None:
    assert not is_moment(text)


def test_a_page_without_a_printed_number_is_cited_by_its_place_in_the_file() -> None:
    paper = report()
    cited = citation_of(paper.items[0], paper.document, Page(0, 3, ""), marker=1, quote="x")
    assert (cited.page, cited.page_label) == (3, None)
