"""How far projects and measures have come: every count is its list, every fact is said, data carry
their licence.
"""

from __future__ import annotations

import html
import re
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from starlette.testclient import TestClient

from prompts import load_words
from service.web import PROGRESS_COLUMNS
from service.web.progress import is_old
from tests.replies import rows_of
from tests.service.county import document, parsed
from tests.service.fakes import client_for, client_over
from tests.service.test_changes import correct
from tests.service.two_editions import (
    PLAN,
    REPORT,
    first_report,
    leaflet,
    measure,
    plan,
    report,
    second_report,
)
from vectorstore import EditionStore
from vectorstore.records import DocumentKind, DocumentStatus, ParsedDocument, RefTitle

PROGRESS = "/api/v1/progress"
LICENSE = "https://www.govdata.de/dl-de/by-2-0"
WORDS = load_words("de/progress")
PAGES = ("/fortschritt", "/fortschritt/liste", "/fortschritt/daten", "/fortschritt/daten.jsonld", "/aenderungen",
         "/aenderungen.atom", PROGRESS, "/api/v1/progress/items", "/api/v1/editions/diff")  # fmt: skip


@pytest.fixture
def client(both_client: TestClient) -> TestClient:
    return both_client


def test_no_address_follows_the_host_of_a_request(store: EditionStore) -> None:
    client = client_for(store)
    for path in ("/aenderungen.atom", "/fortschritt/daten.jsonld"):
        response = client.get(path, headers={"Host": "boese.example"})
        assert response.status_code == 200 and "boese.example" not in response.text


def counted(client: TestClient, **query: str) -> list[dict[str, Any]]:
    """Return the numbers of all documents and of their fields of action."""
    items: list[dict[str, Any]] = client.get(PROGRESS, params=query).json()["items"]
    return [counts for document in items for counts in (document, *document["themes"])]


def test_each_number_is_the_total_of_its_list_and_of_the_lists_there_were(
    client: TestClient,
) -> None:
    check_lists(client)
    for status, number in counted(client, document=REPORT)[0]["counts"].items():
        query = {"document": REPORT, "kind": "measure", "status": status}
        assert client.get("/api/v1/items", params=query).json()["total"] == number


def check_lists(client: TestClient) -> list[int]:
    """Fail where a number is not the total of its list; return the totals."""
    every = counted(client)
    for counts in every:
        numbers = {**counts, **counts["counts"]}
        for name, address in counts["lists"].items():
            if numbers[name] is not None:
                assert client.get(address).json()["total"] == numbers[name], address
        assert sum(counts["counts"].values()) + counts["without_status"] == counts["total"]
    return [counts["total"] for counts in every]


def test_fields_of_action_that_are_called_alike_are_counted_as_they_are_listed(
    tmp_path: Path,
) -> None:
    themes = [RefTitle("2", "Wege"), RefTitle("", "Wege"), RefTitle("", "WEGE"), RefTitle("3", "Wege"), None,
              RefTitle("", "2"), RefTitle("Wege", "Brücken")]  # fmt: skip
    measures = [
        measure(f"M {n}", f"Vorhaben {n}", None, "so", theme) for n, theme in enumerate(themes)
    ]
    with client_over(tmp_path, [report(2026, measures)]) as client:
        assert check_lists(client) == [7, 2, 3, 1, 1]


def test_a_record_without_theme_and_goal_is_counted_under_its_chapter(tmp_path: Path) -> None:
    chapters = [("1 Mobilität",), ("1 Mobilität",), ("Maßnahmen", "2 Energie"), ()]
    measures = [
        measure(f"M {n}", f"Vorhaben {n}", None, "so", None, path=path)
        for n, path in enumerate(chapters)
    ]
    with client_over(tmp_path, [report(2026, measures)]) as client:
        assert check_lists(client) == [4, 2, 1, 1]


def test_the_facts_of_the_invented_report(client: TestClient) -> None:
    report, water, roads, none, plan_, _ = counted(client)
    assert report["counts"] == {"idea": 2, "planned": 1, "in_progress": 3, "implemented": 1}
    facts = ("without_status", "total", "unchanged_since_edition", "corrected")
    assert [[counts[fact] for fact in facts] for counts in (report, water, roads, none)] == [
        [1, 8, 2, 0], [0, 3, 1, 0], [1, 4, 1, 0], [0, 1, 0, 0],
    ]  # fmt: skip
    assert report["compared_with"]["title"] == "Bericht des Kreises Moorbach 2025"
    assert report["complete"] is False and "9" in report["notices"][0]["text"]
    assert (
        plan_["unchanged_since_edition"],
        plan_["older_than_months"],
        plan_["compared_with"],
    ) == (None, None, None)
    unchanged = client.get(report["lists"]["unchanged_since_edition"]).json()
    assert [item["key"] for item in unchanged["items"]] == ["M 3", "M 6"] and unchanged[
        "complete"
    ] is False


def test_documents_with_statuses_come_first_and_others_draw_no_empty_bars(tmp_path: Path) -> None:
    silent = "auen-plan"  # before the report in every other list
    head = document(silent, "Auenplan", DocumentKind.PLAN, DocumentStatus.ADOPTED)
    measures = [measure(f"A {n}", f"Aue {n}", None, "Nichts.") | {"family": None} for n in (1, 2)]
    with client_over(tmp_path, [parsed(head, measures), first_report()]) as client:
        items = client.get("/api/v1/items?kind=measure").json()["items"]
        assert items[0]["document_id"] == silent
        assert [item["id"] for item in client.get(PROGRESS).json()["items"]] == [REPORT, silent]
        page = client.get("/fortschritt").text
        of_silent = page.partition("Auenplan</a>")[2]
        assert page.count("<table") == 1 and "<table" not in of_silent
        assert f"{WORDS['without_any']} <a href" in of_silent
        assert f"document={silent}&amp;language=de" in of_silent


@pytest.mark.parametrize(
    ("as_of", "old"),
    [("2025-06-01", True), ("2025-06-02", False), ("2024-02-29", True), (None, None)],
)
def test_a_document_is_old_the_day_after_a_year(as_of: str | None, old: bool | None) -> None:
    document = replace(first_report().document, as_of=as_of and date.fromisoformat(as_of))
    assert is_old(document, date(2026, 6, 2)) is old


def test_old_and_corrected_records_are_counted_and_the_corrected_value_is(tmp_path: Path) -> None:
    old = replace(
        second_report(), document=replace(second_report().document, as_of=date(2020, 1, 1))
    )
    with client_over(tmp_path, [old]) as client:
        correct(client, "M 3", status="implemented")
        report, water = counted(client)[:2]
        assert (report["older_than_months"], report["corrected"], water["corrected"]) == (8, 1, 1)
        assert report["counts"]["implemented"] == 2
        listed = client.get(report["lists"]["corrected"]).json()["items"]
        assert [(item["key"], item["status"], item["corrected"][0]["read"]) for item in listed] == [
            ("M 3", "implemented", "idea")
        ]
        shown = client.get("/fortschritt/liste", params={"fact": "corrected"}).text
        assert WORDS["corrected_line"].partition("{")[0] in shown and WORDS["older"] in shown
        assert (
            check_lists(client)[0] == 8 and WORDS["older_note"] in client.get("/fortschritt").text
        )
        check_filled(client)


def test_a_document_that_follows_another_is_compared_with_it(tmp_path: Path) -> None:
    later = second_report()
    renamed = replace(later.document, id="moorbach-2026", replaces=REPORT)
    items = tuple(replace(item, document_id="moorbach-2026") for item in later.items)
    chunks = tuple(
        replace(chunk, id=f"x{chunk.id}", document_id="moorbach-2026") for chunk in later.chunks
    )
    documents = [first_report(), ParsedDocument(document=renamed, items=items, chunks=chunks)]
    with client_over(tmp_path, documents) as client:
        (document,) = client.get(PROGRESS).json()["items"]
        assert (document["id"], document["unchanged_since_edition"]) == ("moorbach-2026", 2)
        assert document["compared_with"]["id"] == REPORT
        assert client.get(PROGRESS, params={"document": REPORT}).json()["items"][0]["total"] == 8


@pytest.mark.parametrize("status", [DocumentStatus.DRAFT, DocumentStatus.PROPOSED])
def test_what_is_not_adopted_says_so_above_its_numbers(
    tmp_path: Path, status: DocumentStatus
) -> None:
    with client_over(tmp_path, [plan(status)]) as client:
        for language in ("de", "en"):
            words = load_words(f"{language}/progress")
            shown = client.get("/fortschritt", params={"language": language}).text
            assert words["undecided"] in shown and words[f"document_{status}"] in shown
        assert client.get(PROGRESS).json()["items"][0]["status"] == status


def test_a_field_of_action_by_number_or_title_and_an_unknown_one_names_the_known(
    client: TestClient,
) -> None:
    for theme in ("2", "Wege", "2 Wege"):
        (report, roads) = counted(client, theme=theme)
        assert report["total"] == roads["total"] == 4
    for query in (
        {"theme": "Luft"},
        {"document": "nirgends"},
        {"theme": "1", "document": "nirgends"},
    ):
        refused = client.get(PROGRESS, params=query)
        assert refused.status_code == 422 and ("Wege" in refused.text or REPORT in refused.text)
    assert counted(client, theme="none")[0]["total"] == 1


def test_csv_has_the_described_columns_the_licence_and_a_row_for_each_field_of_action(
    client: TestClient,
) -> None:
    response = client.get(PROGRESS, params={"format": "csv"})
    rows = rows_of(response)
    assert (
        list(rows[0]) == list(PROGRESS_COLUMNS)
        and response.headers["link"] == f'<{LICENSE}>; rel="license"'
    )
    assert [(row["theme_title"], row["total"], row["complete"]) for row in rows] == [
        ("Wasser & Auen", "3", "nein"), ("Wege", "4", "nein"), ("", "1", "nein"), ("Wasser & Auen", "1", "ja"),
    ]  # fmt: skip
    for path in (f"{PROGRESS}/items?format=csv", f"{PROGRESS}/items", "/api/v1/editions/diff"):
        assert client.get(path).headers["link"] == response.headers["link"]
    assert {row["license"] for row in rows} == {LICENSE} and rows[0][
        "unchanged_since_edition"
    ] == "1"
    assert all(client.get(row["list"]).json()["total"] == int(row["total"]) for row in rows)
    report = client.get(PROGRESS).json()
    assert report["license"] == {
        "id": "dl-by-de/2.0",
        "title": report["license"]["title"],
        "url": LICENSE,
    }
    for language in ("de", "en"):
        words = load_words(f"{language}/progress")
        described = html.unescape(
            client.get("/fortschritt/daten", params={"language": language}).text
        )
        assert all(
            f"<code>{name}</code>" in described and words[f"column_{name}"] in described
            for name in PROGRESS_COLUMNS
        )
        assert LICENSE in described


def test_the_data_set_is_described_for_portals(client: TestClient) -> None:
    response = client.get("/fortschritt/daten.jsonld")
    described = response.json()
    assert (
        response.headers["content-type"] == "application/ld+json"
        and described["@type"] == "dcat:Dataset"
    )
    for distribution in described["dcat:distribution"]:
        assert client.get(distribution["dcat:downloadURL"]["@id"]).status_code == 200
        assert distribution["dcterms:license"] == {
            "@id": "http://dcat-ap.de/def/licenses/dl-by-de/2.0"
        }


def test_where_the_county_does_not_want_it_nothing_of_it_is_there(
    both_editions: Path, client: TestClient
) -> None:
    assert {path: client.get(path).status_code for path in PAGES} == dict.fromkeys(PAGES, 200)
    assert 'href="/fortschritt"' in client.get("/").text
    with client_over(both_editions, progress=False) as closed:
        assert {path: closed.get(path).status_code for path in PAGES} == dict.fromkeys(PAGES, 404)
        for path in (
            "/",
            "/documents",
            f"/documents/{REPORT}",
            f"/documents/{REPORT}/M 1",
            f"/documents/{REPORT}/M 5",
        ):
            assert (
                "/fortschritt" not in closed.get(path).text
                and "/aenderungen" not in closed.get(path).text
            )
    assert WORDS["no_license"] in client_over(both_editions).get("/fortschritt").text


def check_filled(client: TestClient) -> None:
    """Fail where a page shows a place of its texts that should have been filled."""
    for path in (path for path in PAGES if not path.startswith("/api")):
        for language in ("de", "en"):
            text = client.get(path, params={"language": language}).text
            assert re.findall(r"\{[a-z]*\}", text) == [], path


def test_pages_have_no_places_left_to_fill(client: TestClient) -> None:
    check_filled(client)


@pytest.mark.parametrize("name", ["format", "path"])
def test_a_parameter_of_the_data_does_not_break_the_page(client: TestClient, name: str) -> None:
    for path in ("/fortschritt", "/fortschritt/liste", "/aenderungen"):
        response = client.get(path, params={name: "csv"})
        assert response.status_code == 200, path
    links = client.get("/fortschritt", params={name: "csv"}).text
    assert all(f"format={form}" in links for form in ("csv", "json"))


def test_what_did_not_change_is_not_sent_again(client: TestClient) -> None:
    for path in (path for path in PAGES if not path.startswith("/fortschritt/daten")):
        first = client.get(path)
        again = client.get(path, headers={"If-None-Match": first.headers["etag"]})
        assert (again.status_code, again.content) == (304, b"")
    assert "Accept-Language" in client.get(PROGRESS).headers["vary"]


def test_both_languages_say_the_same_things() -> None:
    english = load_words("en/progress")
    assert WORDS.keys() == english.keys()
    assert all(WORDS[key].count("{") == english[key].count("{") for key in WORDS)


def test_documents_without_projects_are_left_out(client: TestClient, tmp_path: Path) -> None:
    with client_over(tmp_path, [leaflet()]) as empty:
        assert empty.get(PROGRESS).json()["items"] == []
        assert WORDS["nothing"] in empty.get("/fortschritt").text
    assert {document["id"] for document in client.get(PROGRESS).json()["items"]} == {REPORT, PLAN}


def test_what_failed_by_its_text_is_a_list_of_its_own_and_no_status(tmp_path: Path) -> None:
    sentence = "Der Brunnen kann wegen des Bodens nicht realisiert werden."
    items = [
        replace(item, body=f"{item.body} {sentence}") if item.key == "M 3" else item
        for item in second_report().items
    ]
    report = replace(second_report(), items=tuple(items))
    with client_over(tmp_path, [report]) as client:
        counts = counted(client)[0]
        assert (counts["set_back"], counts["counts"]["idea"] >= 1) == (1, True)
        listed = client.get(counts["lists"]["set_back"]).json()["items"]
        assert [(item["key"], item["status"]) for item in listed] == [("M 3", "idea")]
        shown = client.get("/fortschritt/liste", params={"fact": "setback"}).text
        assert sentence in html.unescape(shown) and WORDS["setback_quote"] in shown
        assert WORDS["set_back_note"] in client.get("/fortschritt").text
        check_filled(client)
