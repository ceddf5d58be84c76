"""GET /documents/{id}/text: the whole text, and every place in it is right."""

from __future__ import annotations

from starlette.testclient import TestClient

from tests.service.county import report
from vectorstore.editions import EditionStore

TEXT = "/api/v1/documents/auenland-report/text"


def test_the_text_is_the_documents(client: TestClient, store: EditionStore) -> None:
    told = client.get(TEXT).json()
    assert told["text"] == report().document.text
    assert (told["id"], told["title"]) == ("auenland-report", "Nachhaltigkeitsbericht Kreis Auenland")
    assert told["corpus_edition"] == store.current_name()
    assert told["pages"] == [{"start": 0, "number": 1, "label": "1"}, {"start": 300, "number": 2, "label": "2"}]


def test_every_entry_of_the_outline_stands_where_it_says(client: TestClient) -> None:
    told = client.get(TEXT).json()
    assert [entry["key"] for entry in told["outline"]] == [item.key for item in report().items]
    for entry in told["outline"]:
        assert told["text"][entry["start"] :].startswith(f"{entry['ref']} {entry['title']}")
    levels = {entry["key"]: entry["level"] for entry in told["outline"]}
    assert (levels["2"], levels["2.1"], levels["2.1.2.3"]) == (1, 2, 3)
    project = next(entry for entry in told["outline"] if entry["key"] == "2.1.2.3")
    assert (project["kind"], project["status"], project["page"]) == ("project", "in_progress", 1)
    assert client.get(project["url"]).status_code == 200


def test_a_document_without_pages(client: TestClient) -> None:
    told = client.get("/api/v1/documents/auenland-antrag/text").json()
    assert told["pages"] == []


def test_an_unknown_document(client: TestClient) -> None:
    response = client.get("/api/v1/documents/nix/text", headers={"Accept-Language": "en"})
    assert (response.status_code, response.json()["title"]) == (404, "Not found")
