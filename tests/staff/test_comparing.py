"""Documents side by side: the records of the topic's page, their wording, and who is silent."""

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
SILENT = "dazu nichts gefunden"


def shown(client: TestClient, **query: Any) -> str:
    response = client.get("/staff/comparison", params=query)
    assert response.status_code == 200
    return Page(response.text).text


def rows(client: TestClient, **query: Any) -> list[dict[str, str]]:
    text = client.get("/staff/comparison.csv", params=query).content.decode("utf-8-sig")
    return list(csv.DictReader(io.StringIO(text), delimiter=";"))


def test_each_document_says_what_it_says_verbatim_or_is_named_as_silent(sample: TestClient) -> None:
    page = shown(sample, **CHOSEN)
    assert "2 von 3 sagen etwas zu „Radverkehr“" in page
    assert page.count(SILENT) == 1 and "Dazu nichts gefunden:" in page
    covering = sample.get("/api/v1/lookup", params={"q": "Radverkehr"}).json()["items"]
    listed = rows(sample, **CHOSEN)
    addresses = {tuple(row["Adresse"].rsplit("/", 2)[1:]) for row in listed if row["Adresse"]}
    assert addresses and addresses <= {(one["document_id"], one["key"]) for one in covering}
    assert [row["Titel"] for row in listed if not row["Adresse"]] == [SILENT]
    for row in (one for one in listed if one["Adresse"]):
        item = sample.get("/api/v1/items/{}/{}".format(*row["Adresse"].rsplit("/", 2)[1:])).json()
        said = "".join(row["Wortlaut"].lstrip("'").split())
        texts = [item["title"], *(one["text"] for one in item["passages"])]
        assert any(said in "".join(text.split()) for text in texts), row["Wortlaut"]


def test_without_a_choice_all_that_are_in_force_stand_there(sample: TestClient) -> None:
    documents = sample.get("/api/v1/documents").json()["total"]
    assert f"von {documents} sagen etwas zu „Radverkehr“" in shown(sample, **TOPIC)
    assert "0 von" in shown(sample, topic="Quantencomputer")
    assert all(row["Titel"] == SILENT for row in rows(sample, topic="Quantencomputer"))


def test_papers_that_are_gone_are_told_and_nothing_else_is_compared(sample: TestClient) -> None:
    page = shown(sample, **TOPIC, document=["weg", REPORT])
    assert "1 gewähltes Dokument steht nicht mehr in dieser Ausgabe." in page and "1 von 1 sagen etwas" in page
    gone = shown(sample, **TOPIC, document=["weg"])
    assert "Damit ist nichts zu vergleichen." in gone and "sagen etwas" not in gone
    assert rows(sample, **TOPIC, document=["weg"]) == []


def test_a_publisher_stands_for_its_documents(client: TestClient) -> None:
    documents = client.get("/api/v1/documents").json()["items"]
    (first, *_) = {one["publisher"] for one in documents}
    own = {one["title"] for one in documents if one["publisher"] == first}
    assert {row["Dokument"].lstrip("'") for row in rows(client, topic="Radschnellweg", publisher=first)} == own
    assert len(documents) > len(own)


def test_files_hold_the_same_and_name_the_silent(sample: TestClient) -> None:
    made = opened_word(io.BytesIO(sample.get("/staff/comparison.docx", params=CHOSEN).content))
    cells = [[cell.text for cell in row.cells] for row in made.tables[0].rows]
    listed = rows(sample, **CHOSEN)
    assert cells[0] == ["Eintrag", "Titel", "Status", "Zuständig", "Fundstelle"] and len(cells) == len(listed)
    assert any("\n„" in cell[1] for cell in cells), "the wording stands below the title"
    assert any(one.text.startswith("Dazu nichts gefunden in „") for one in made.paragraphs)
    book = load_workbook(io.BytesIO(sample.get("/staff/comparison.xlsx", params=CHOSEN).content))
    assert [row[5].value for row in book["Einträge"].iter_rows(min_row=2)] == [row["Titel"] for row in listed]


@pytest.mark.parametrize("query", [{"topic": "x" * 501}, {"document": ["x" * 301]}])
def test_the_comparison_asks_before_it_answers_and_refuses_in_words(sample: TestClient, query: dict[str, Any]) -> None:
    assert 'id="ergebnis"' not in sample.get("/staff/comparison").text
    assert sample.get("/staff/comparison.docx").status_code == 422
    response = sample.get("/staff/comparison", params={**TOPIC, **query}, headers={"Accept": "text/html"})
    assert response.status_code == 422 and "<dt>" in response.text
