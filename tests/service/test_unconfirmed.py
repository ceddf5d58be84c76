"""What nobody has confirmed of a document is marked wherever it is shown; what nothing says is told as not known."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator
from pathlib import Path

import pytest
from openpyxl import load_workbook
from starlette.testclient import TestClient

from tests.service.county import report
from tests.service.fakes import client_over
from tests.service.partly_read import GUESSED, guessed
from vectorstore.editions import EditionStore

ID = "auenland-hochwasser"


@pytest.fixture(scope="module")
def root(tmp_path_factory: pytest.TempPathFactory) -> Path:
    root = tmp_path_factory.mktemp("guessed")
    EditionStore(root).publish([report(), guessed()])
    return root


@pytest.fixture(scope="module")
def client(root: Path) -> Iterator[TestClient]:
    with client_over(root, rate_per_minute=0, staff_access="public") as client:
        yield client


def _asked(client: TestClient, question: str) -> dict[str, object]:
    answer: dict[str, object] = client.post("/api/v1/chat", json={"question": question}).json()
    return answer


def test_documents_say_what_is_unconfirmed_and_what_is_not_known(client: TestClient) -> None:
    documents = {one["id"]: one for one in client.get("/api/v1/documents").json()["items"]}
    one = documents[ID]
    assert one["unconfirmed"] == ["title", "publisher", "status", "as_of"]
    assert (one["kind"], one["status"], one["as_of"]) == ("concept", None, "2025-05-04")
    assert documents["auenland-report"]["unconfirmed"] == []
    text = client.get("/api/v1/documents?format=csv").text.removeprefix("\ufeff")
    row = next(row for row in csv.DictReader(text.splitlines(), delimiter=";") if row["id"] == ID)
    assert (row["status"], row["unconfirmed"]) == ("", "title | publisher | status | as_of")


LINE = (
    "Titel unbestätigt · Kreis Auenland (unbestätigt) · Konzept · Verbindlichkeit nicht bekannt · "
    "Stand 04.05.2025 (unbestätigt)"
)


@pytest.mark.parametrize("path", ["/documents", f"/documents/{ID}", "/"])
def test_pages_mark_it(client: TestClient, path: str) -> None:
    assert LINE in client.get(path).text


def test_citations_carry_it(client: TestClient) -> None:
    answer = _asked(client, "Was ist mit dem Deichbau an der Aue?")
    (first, *_) = answer["citations"]  # type: ignore[misc]
    assert first["document_id"] == ID and first["document_status"] is None
    assert first["unconfirmed"] == ["title", "publisher", "status", "as_of"]
    page = client.get("/ask", params={"q": "Was ist mit dem Deichbau an der Aue?"}).text
    assert "Verbindlichkeit nicht bekannt · Stand 04.05.2025 (unbestätigt)" in page


def test_answers_about_the_document_claim_nothing(client: TestClient) -> None:
    for question, said in (
        (f"Von wann ist das {GUESSED}?", "04.05.2025"),
        (f"Von wem stammt das {GUESSED}?", "herausgegeben von Kreis Auenland – unbestätigt"),
    ):
        answer = _asked(client, question)
        assert answer["status"] == "answered" and said in str(answer["answer"])
        assert "veröffentlicht" not in str(answer["answer"])
    answer = _asked(client, f"Ist das {GUESSED} schon beschlossen?")
    assert answer["status"] == "not_in_documents" and GUESSED in str(answer["answer"])


def test_lists_of_documents_leave_the_status_empty(client: TestClient) -> None:
    answer = _asked(client, "Welche Dokumente sind vom Kreis Auenland?")
    rows = {row["document_id"]: row["status"] for row in answer["data"]["rows"]}  # type: ignore[index]
    assert rows == {"auenland-report": "published", ID: None}
    assert "unbestätigt" in str(answer["answer"])


def test_staff_pages_and_files_mark_it(client: TestClient) -> None:
    for path in (f"/staff/items/{ID}/H-1", "/staff/topics?q=Deichbau", "/staff/catalogue?document=" + ID):
        assert "Verbindlichkeit nicht bekannt" in client.get(path).text or "catalogue" in path, path
    book = load_workbook(io.BytesIO(client.get(f"/staff/catalogue.xlsx?document={ID}").content))
    row = next(book["Einträge"].iter_rows(min_row=2, values_only=True))
    assert row[:2] == (f"{GUESSED} (unbestätigt)", "Verbindlichkeit nicht bekannt")
