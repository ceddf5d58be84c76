"""GET /documents/{id}/text: the whole text, and every place in it is right."""

from __future__ import annotations

from pathlib import Path

from starlette.testclient import TestClient

from tests.service.county import report
from tests.service.fakes import client_over
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


def test_the_report_of_a_document(client: TestClient, store: EditionStore) -> None:
    told = client.get("/api/v1/documents/auenland-report/report").json()
    assert told == {
        "id": "auenland-report",
        "title": "Nachhaltigkeitsbericht Kreis Auenland",
        "file": "report.pdf",
        "state": "indexed",
        "warnings": [],
        "pages": 2,
        "characters": len(report().document.text),
        "counts": {"theme": 1, "goal": 1, "project": 5, "archived": 1},
        "chunks": 8,
        "conflicts": 1,
        "cached": None,
        "seconds": None,
        "sha256": report().document.digest,
        "original_url": None,
        "pictures": False,
        "corpus_edition": store.current_name(),
    }
    motion = client.get("/api/v1/documents/auenland-antrag/report").json()
    assert (motion["state"], motion["warnings"], motion["pages"]) == (
        "indexed_with_warnings", ["Das Datum fehlt."], None,
    )  # fmt: skip
    assert client.get("/api/v1/documents/nix/report").status_code == 404


def test_the_report_tells_what_ingestion_noted(tmp_path: Path) -> None:
    store = EditionStore(tmp_path)
    files = [
        {"id": "auenland-report", "file": "neu.pdf", "state": "rejected", "seconds": 9.0},
        {"id": "auenland-report", "file": "bericht.pdf", "state": "indexed", "seconds": 1.5, "cached": False},
    ]
    store.publish([report()], report={"files": files})
    with client_over(tmp_path) as client:
        told = client.get("/api/v1/documents/auenland-report/report").json()
    assert (told["file"], told["seconds"], told["cached"]) == ("bericht.pdf", 1.5, False)
