"""The catalogue, the lists and the command line by deadline, begin and date: the same records, and who says nothing."""

from __future__ import annotations

from typing import Any

from starlette.testclient import TestClient
from typer.testing import CliRunner

from service.cli.main import app
from service.record_terms import last_day, terms_of
from vectorstore.editions import EditionStore

GOALS = "lauterfeld-strategische-ziele-2025"


def listed(client: TestClient, **query: Any) -> dict[str, Any]:
    response = client.get("/api/v1/items", params={"page_size": 500, **query})
    assert response.status_code == 200
    found: dict[str, Any] = response.json()
    return found


def test_deadlines_are_those_of_the_records(sample: TestClient) -> None:
    with sample.app.state.holder.lease() as served:  # type: ignore[attr-defined]
        items = served.edition.catalogue.items_of(GOALS)
    due = {item.key for item in items if (when := terms_of(item).deadline) and last_day(when).year <= 2030}
    found = listed(sample, document=GOALS, deadline_before="2030")
    assert {one["key"] for one in found["items"]} == due and due
    silent = sum(terms_of(item).deadline is None for item in items)
    (said,) = [one["text"] for one in found["notices"] if one["code"] == "no_deadline"]
    assert said == f"Nicht mitgezählt: {silent} Einträge ohne Angabe einer Frist."
    number = listed(sample, deadline_before="2030", kind="measure")["total"]
    query = {"deadline_before": "2030", "kind": "measure"}
    assert f"{number} Maßnahmen" in sample.get("/staff/catalogue/text", params=query).text


def test_a_document_of_another_date_is_left_out(sample: TestClient) -> None:
    found = listed(sample, as_of_after="2026-03-01")["items"]
    assert found and {one["document_id"] for one in found}.isdisjoint({GOALS})
    before = listed(sample, as_of_before="2025-12")
    assert GOALS in {one["document_id"] for one in before["items"]}
    dates = {one["id"]: one["as_of"] for one in sample.get("/api/v1/documents").json()["items"]}
    assert all(dates[one["document_id"]] <= "2025-12-31" for one in before["items"])
    assert before["total"] + len(listed(sample, as_of_after="2026")["items"]) <= listed(sample)["total"]


def test_facets_and_the_catalogue_keep_the_filter(sample: TestClient) -> None:
    total = listed(sample, deadline_after="2027")["total"]
    counts = sample.get("/api/v1/facets", params={"deadline_after": "2027"}).json()
    assert counts["total"] == total > 0
    assert sum(one["count"] for one in counts["facets"]["document"]) == total
    page = sample.get("/staff/catalogue", params={"deadline_before": "2030", "document": GOALS}).text
    assert 'name="deadline_before" type="date" value="2030-12-31"' in page
    assert "Frist bis: <strong>2030</strong>" in page and "ohne Angabe einer Frist." in page
    blank = sample.get("/staff/catalogue", params={"deadline_before": "", "start_after": ""})
    assert blank.status_code == 200 and "Frist bis: <strong>" not in blank.text


def test_what_is_no_day_is_refused_in_words(sample: TestClient) -> None:
    for value in ("x", "2027-13", "2027-02-30", "27"):
        assert sample.get("/api/v1/projects", params={"deadline_before": value}).status_code == 422
        page = sample.get("/staff/catalogue", params={"deadline_before": value}, headers={"Accept": "text/html"})
        assert page.status_code == 422 and "<dt>Frist bis</dt>" in page.text


def test_the_command_line_has_the_same(sample_store: EditionStore) -> None:
    query = ["projects", "--format", "json", "--data-dir", str(sample_store.root)]
    told = CliRunner().invoke(app, [*query, "--start-after", "2020"])
    assert told.exit_code == 0 and '"no_start"' in told.stdout
    wrong = CliRunner().invoke(app, [*query, "--deadline-before", "Sommer"])
    assert wrong.exit_code != 0 and "Das ist kein Tag, Monat oder Jahr: Sommer." in wrong.output
