"""Documents and publishers side by side: the records of the topic's page, their wording, and who is silent."""

from __future__ import annotations

import csv
import io
from typing import Any

import pytest
from docx import Document as opened_word
from openpyxl import load_workbook
from starlette.testclient import TestClient

from tests.staff.reading import Page

REPORT = "lauterfeld-nachhaltigkeitsbericht-2026"
GOALS = "lauterfeld-strategische-ziele-2025"
MOTION = "lauterfeld-antrag-laermschutz-2026"
TOPIC = {"topic": "Radverkehr"}
CHOSEN = {**TOPIC, "document": [REPORT, GOALS, MOTION]}
SILENT = "sagt dazu nichts"


def rows(client: TestClient, **query: Any) -> list[dict[str, str]]:
    text = client.get("/staff/comparison.csv", params=query).content.decode("utf-8-sig")
    return list(csv.DictReader(io.StringIO(text), delimiter=";"))


def test_each_document_says_what_it_says_or_is_named_as_silent(sample: TestClient) -> None:
    page = Page(sample.get("/staff/comparison", params=CHOSEN).text).text
    assert "2 von 3 sagen etwas zu „Radverkehr“" in page
    assert page.count(SILENT) == 1 and "Nichts dazu:" in page
    by_key = {
        (one["document_id"], one["key"])
        for one in sample.get("/api/v1/lookup", params={"q": "Radverkehr"}).json()["items"]
    }
    shown = rows(sample, **CHOSEN)
    addresses = {tuple(row["Adresse"].rsplit("/", 2)[1:]) for row in shown if row["Adresse"]}
    assert addresses and addresses <= by_key
    assert [row["Titel"] for row in shown if not row["Adresse"]] == [SILENT]


def test_the_wording_is_verbatim(sample: TestClient) -> None:
    for row in rows(sample, **CHOSEN):
        if row["Adresse"]:
            document_id, key = row["Adresse"].rsplit("/", 2)[1:]
            item = sample.get(f"/api/v1/items/{document_id}/{key}").json()
            said = "".join(row["Wortlaut"].lstrip("'").split())
            texts = [item["title"], *(one["text"] for one in item["passages"])]
            assert any(said in "".join(text.split()) for text in texts), row["Wortlaut"]


def test_without_a_choice_all_that_are_in_force_stand_there(sample: TestClient) -> None:
    documents = sample.get("/api/v1/documents").json()["total"]
    page = Page(sample.get("/staff/comparison", params=TOPIC).text).text
    assert f"von {documents} sagen etwas zu „Radverkehr“" in page


def test_publishers_stand_side_by_side(client: TestClient) -> None:
    query = {"topic": "Radschnellweg", "by": "publisher"}
    page = client.get("/staff/comparison", params=query)
    assert page.status_code == 200
    publishers = {one["publisher"] for one in client.get("/api/v1/documents").json()["items"]}
    assert f"von {len(publishers)} sagen etwas zu „Radschnellweg“" in Page(page.text).text
    assert {row["Herausgeber"] for row in rows(client, **query)} == publishers


def test_files_hold_the_same_and_name_the_silent(sample: TestClient) -> None:
    made = opened_word(io.BytesIO(sample.get("/staff/comparison.docx", params=CHOSEN).content))
    cells = [[cell.text for cell in row.cells] for row in made.tables[0].rows]
    assert cells[0] == ["Dokument", "Eintrag", "Wortlaut", "Fundstelle"]
    shown = rows(sample, **CHOSEN)
    assert len(cells) - 1 == len(shown) and [row[1] for row in cells].count(SILENT) == 1
    assert any(one.text.startswith("Nichts dazu sagt „") for one in made.paragraphs)
    book = load_workbook(io.BytesIO(sample.get("/staff/comparison.xlsx", params=CHOSEN).content))
    assert [row[5].value for row in book["Vergleich"].iter_rows(min_row=2)] == [row["Titel"] for row in shown]


def test_the_comparison_asks_before_it_answers(sample: TestClient) -> None:
    page = sample.get("/staff/comparison")
    assert page.status_code == 200 and 'id="ergebnis"' not in page.text
    assert sample.get("/staff/comparison.docx").status_code == 422


@pytest.mark.parametrize("query", [{"by": "x"}, {"topic": "x" * 501}, {"document": ["x" * 301]}])
def test_a_wrong_address_is_refused_in_words(sample: TestClient, query: dict[str, Any]) -> None:
    response = sample.get("/staff/comparison", params={**TOPIC, **query}, headers={"Accept": "text/html"})
    assert response.status_code == 422 and "<dt>" in response.text


def test_a_topic_that_all_are_silent_on(sample: TestClient) -> None:
    page = Page(sample.get("/staff/comparison", params={"topic": "Quantencomputer"}).text).text
    assert "0 von" in page
    assert all(row["Titel"] == SILENT for row in rows(sample, topic="Quantencomputer"))
