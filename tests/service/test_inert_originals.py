"""Originals that a browser could carry out, web pages and Word files, are only saved; no page shows their scripts."""

from __future__ import annotations

import io
from collections.abc import Iterator

import docx
import pytest
from starlette.testclient import TestClient

from ingest.job import IngestRequest, run_ingest
from tests.service.fakes import client_over
from vectorstore.editions import EditionStore

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
def client(tmp_path_factory: pytest.TempPathFactory) -> Iterator[TestClient]:
    folder, data = tmp_path_factory.mktemp("papiere"), tmp_path_factory.mktemp("data")
    (folder / "klimaplan.html").write_text(WEB_PAGE, encoding="utf-8")
    (folder / "leitbild.docx").write_bytes(word_file())
    report = run_ingest(IngestRequest(paths=(folder,)), EditionStore(data))
    assert not report.rejected and len(report.files) == 2
    with client_over(data) as client:
        yield client


def test_a_web_page_is_saved_as_the_text_of_its_source(client: TestClient) -> None:
    response = client.get("/api/v1/documents/klimaplan/original")
    assert response.content == WEB_PAGE.encode()
    assert response.headers["content-type"] == "text/plain; charset=utf-8"
    assert response.headers["content-disposition"] == 'attachment; filename="klimaplan.html.txt"'


def test_a_word_file_is_saved(client: TestClient) -> None:
    response = client.get("/api/v1/documents/leitbild/original")
    assert response.content.startswith(b"PK")
    assert response.headers["content-type"].endswith("wordprocessingml.document")
    assert response.headers["content-disposition"] == 'attachment; filename="leitbild.docx"'


@pytest.mark.parametrize("name", ["klimaplan", "leitbild"])
def test_nothing_of_it_may_run(client: TestClient, name: str) -> None:
    for headers in ({}, {"Range": "bytes=0-9"}):
        response = client.get(f"/api/v1/documents/{name}/original", headers=headers)
        policies = response.headers.get_list("content-security-policy")
        assert policies == ["sandbox; default-src 'none'; frame-ancestors 'self'"]
        assert response.headers["x-content-type-options"] == "nosniff"


def test_other_pages_keep_their_policy(client: TestClient) -> None:
    policy = client.get("/documents/klimaplan").headers["content-security-policy"]
    assert "script-src 'self'" in policy and "sandbox" not in policy


@pytest.mark.parametrize("name", ["klimaplan", "leitbild"])
def test_scripts_and_hidden_parts_reach_no_page(client: TestClient, name: str) -> None:
    outline = client.get(f"/api/v1/documents/{name}/text").json()
    pages = [f"/documents/{name}", *(entry["url"] for entry in outline["outline"])]
    assert len(pages) > 1
    for path in (
        *pages,
        f"/api/v1/documents/{name}/text",
        f"/api/v1/documents/{name}/report",
        f"/api/v1/items?document={name}",
    ):
        response = client.get(path)
        assert response.status_code == 200, path
        assert SECRET not in response.text and "Startseite</a></nav><main>" not in response.text


@pytest.mark.parametrize("name", ["klimaplan", "leitbild"])
def test_there_are_no_pictures_of_it_and_that_is_said(client: TestClient, name: str) -> None:
    told = client.get(f"/api/v1/documents/{name}/text").json()
    assert (told["pictures"], told["pages"]) == (False, [])
    response = client.get(f"/api/v1/documents/{name}/pages/1.png")
    assert (response.status_code, response.json()["title"]) == (404, "Kein Bild")
    item = client.get(told["outline"][-1]["url"]).text
    assert "<figure" not in item and f'href="/api/v1/documents/{name}/original"' in item
