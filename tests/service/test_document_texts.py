"""The text and report of a document, every place in it right; originals that a browser could carry
out are inert.
"""

from __future__ import annotations

import io
from collections.abc import Iterator

import docx
import pytest
from starlette.testclient import TestClient

from ingest import IngestRequest, run_ingest
from tests.service.county import report
from tests.service.fakes import client_over
from vectorstore import EditionStore

TEXT = "/api/v1/documents/auenland-report/text"


def test_the_text_is_the_documents(client: TestClient, store: EditionStore) -> None:
    text = client.get(TEXT).json()
    assert text["text"] == report().document.text
    assert (text["id"], text["title"]) == (
        "auenland-report",
        "Nachhaltigkeitsbericht Kreis Auenland",
    )
    assert text["corpus_edition"] == store.current_name()
    assert text["pages"] == [
        {"start": 0, "number": 1, "label": "1"},
        {"start": 300, "number": 2, "label": "2"},
    ]


def test_every_entry_of_the_outline_stands_where_it_says(client: TestClient) -> None:
    text = client.get(TEXT).json()
    assert [entry["key"] for entry in text["outline"]] == [item.key for item in report().items]
    for entry in text["outline"]:
        assert text["text"][entry["start"] :].startswith(f"{entry['ref']} {entry['title']}")
    levels = {entry["key"]: entry["level"] for entry in text["outline"]}
    assert (levels["2"], levels["2.1"], levels["2.1.2.3"]) == (1, 2, 3)
    project = next(entry for entry in text["outline"] if entry["key"] == "2.1.2.3")
    assert (project["kind"], project["status"], project["page"]) == ("project", "in_progress", 1)
    assert client.get(project["url"]).status_code == 200


def test_the_report_of_a_document(client: TestClient, store: EditionStore) -> None:
    text = client.get("/api/v1/documents/auenland-report/report").json()
    document = report().document
    assert text == {
        "id": "auenland-report", "title": document.title, "file": "report.pdf", "state": "indexed", "warnings": [],
        "pages": 2, "characters": len(document.text), "counts": {"theme": 1, "goal": 1, "project": 5, "archived": 1},
        "chunks": 8, "conflicts": 1, "cached": None, "seconds": None, "sha256": document.digest,
        "original_url": None, "pictures": False, "corpus_edition": store.current_name(),
    }  # fmt: skip
    motion = client.get("/api/v1/documents/auenland-antrag/report").json()
    assert (motion["state"], motion["warnings"], motion["pages"]) == (
        "indexed_with_warnings", ["Das Datum fehlt."], None,
    )  # fmt: skip
    assert client.get("/api/v1/documents/nix/report").status_code == 404


SECRET = "ZWEIUNDVIERZIG"
WEB_PAGE = f"""<!DOCTYPE html><html lang="de"><head><title>Klimaplan</title><script>alert("{SECRET}")</script></head>
<body onload="alert('{SECRET}')"><nav><a href="/">Startseite</a></nav><main><h1>Klimaplan des Kreises Quonau</h1>
<p>Der Kreis Quonau plant mehr Radwege und weniger Lärm in allen Gemeinden.</p>
<h2>1 Radverkehr</h2><p>Der Kreis baut bis 2030 ein Netz von Radwegen aus.</p>
<p hidden>Versteckt: {SECRET}</p><img src=x onerror="alert('{SECRET}')"></main>
<template><script>alert("{SECRET}")</script></template></body></html>"""


def word_file() -> bytes:
    document = docx.Document()
    document.add_heading("Leitbild des Kreises Quonau", 1)
    document.add_paragraph("Der Kreis Quonau will bis 2040 ohne Kohle und Öl auskommen.")
    document.add_paragraph().add_run(f"Versteckt: {SECRET}").font.hidden = True
    buffer = io.BytesIO()
    document.save(buffer)
    return buffer.getvalue()


@pytest.fixture(scope="module")
def inert(tmp_path_factory: pytest.TempPathFactory) -> Iterator[TestClient]:
    folder, data = tmp_path_factory.mktemp("papiere"), tmp_path_factory.mktemp("data")
    (folder / "klimaplan.html").write_text(WEB_PAGE, encoding="utf-8")
    (folder / "leitbild.docx").write_bytes(word_file())
    report = run_ingest(IngestRequest(paths=(folder,)), EditionStore(data))
    assert not report.rejected and len(report.files) == 2
    with client_over(data) as inert:
        yield inert


@pytest.mark.parametrize(
    ("name", "begin", "kind", "file"),
    [
        ("klimaplan", WEB_PAGE.encode(), "text/plain; charset=utf-8", "klimaplan.html.txt"),
        ("leitbild", b"PK", "wordprocessingml.document", "leitbild.docx"),
    ],
)
def test_they_are_saved_as_files_and_nothing_of_them_may_run(
    inert: TestClient, name: str, begin: bytes, kind: str, file: str
) -> None:
    address = f"/api/v1/documents/{name}/original"
    assert inert.get(address).content.startswith(begin)
    for headers in ({}, {"Range": "bytes=0-9"}):
        response = inert.get(address, headers=headers)
        assert response.headers["content-type"].endswith(kind)
        assert response.headers["content-disposition"] == f'attachment; filename="{file}"'
        policies = response.headers.get_list("content-security-policy")
        assert policies == ["sandbox; default-src 'none'; frame-ancestors 'self'"]
        assert response.headers["x-content-type-options"] == "nosniff"


@pytest.mark.parametrize("name", ["klimaplan", "leitbild"])
def test_scripts_and_hidden_parts_reach_no_page(inert: TestClient, name: str) -> None:
    outline = inert.get(f"/api/v1/documents/{name}/text").json()
    pages = [f"/documents/{name}", *(entry["url"] for entry in outline["outline"])]
    assert len(pages) > 1
    data = (f"documents/{name}/text", f"documents/{name}/report", f"items?document={name}")
    for path in (*pages, *(f"/api/v1/{address}" for address in data)):
        response = inert.get(path)
        assert response.status_code == 200, path
        assert SECRET not in response.text and "Startseite</a></nav><main>" not in response.text
