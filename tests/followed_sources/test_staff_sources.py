"""From "Neu von der Quelle" to a published document with its provenance: pages, and a clerk's way in
a browser.
"""

from __future__ import annotations

import csv
import io
import json
import re
from pathlib import Path
from typing import Any

import docx
import pytest
from starlette.testclient import TestClient

from service import Role, Settings
from service.app.application import create_app
from service.cli.ingestion.uploads import UploadReader
from tests.browsing import check_shown, click, served_here, staff_page, troubles
from tests.followed_sources.drafting import council_of, followed, settings_of
from tests.processes import until
from tests.service.county import report
from tests.service.test_cli_editions import TITLES
from tests.staff.conftest import HERE, LOOPBACK
from tests.staff.reading import Page
from tests.staff.signing_in import signed_in
from tests.staff.test_uploads import said
from vectorstore import EditionStore

SOURCES = "/staff/uploads/sources"
LINE = "Quelle: Kreistagsinformationssystem, Vorlage 279/2022, abgerufen am "


def client_of(settings: Settings, role: Role = Role.PUBLISHER) -> TestClient:
    app = create_app(settings, reader=UploadReader(settings))
    headers = {"origin": HERE}
    client = TestClient(app, base_url=HERE, client=(LOOPBACK, 1), headers=headers)
    return signed_in(client, role)


def test_the_source_of_a_document_is_public_in_page_csv_and_description(tmp_path: Path) -> None:
    with followed(tmp_path) as it:
        it.publish()
    with client_of(it.settings) as client:
        text = said(client, "/documents/279-2022-radwege-1")
        assert LINE in text and "Lizenz: dl-de/by-2-0" in text
        (document,) = client.get("/api/v1/documents").json()["items"]
        assert document["provenance"]["oparl_id"] == "http://ratsinfo.example/oparl/file/279"
        table = client.get("/api/v1/documents?format=csv").text.removeprefix("\ufeff")
        (row,) = csv.DictReader(io.StringIO(table), delimiter=";")
        assert row["source"] == "Kreistagsinformationssystem"
        assert (row["source_reference"], row["source_licence"]) == ("279/2022", "dl-de/by-2-0")
        assert re.fullmatch(r"\d{4}-\d\d-\d\d", row["source_fetched"])
        (source,) = json.loads(client.get("/fortschritt/daten.jsonld").text)["dcterms:source"]
        assert source["@id"] == "http://ratsinfo.example/files/279.pdf"
        assert source["dcterms:identifier"] == "279/2022"
        assert source["dcterms:rights"] == "dl-de/by-2-0"


def test_the_draft_says_that_no_licence_is_stated(tmp_path: Path) -> None:
    council = council_of(tmp_path, 1)
    council.body["license"] = ""
    with followed(tmp_path, council=council) as it, client_of(it.settings) as client:
        draft = it.store.drafts()[0]
        text = said(client, f"/staff/uploads/drafts/{draft}")
        assert LINE in text and "Eine Lizenz nennt die Quelle nicht." in text
        text = said(client, SOURCES)
        assert "Neu von der Quelle: 1" in text and "Eine Lizenz nennt die Quelle nicht." in text


def measures(folder: Path, unit: int) -> bytes:
    """Return a Word file of five measures; `unit` is responsible for the first."""
    document = docx.Document()
    document.add_heading("Klimaplan", 1)
    for number, title in enumerate(TITLES[:5], 1):
        document.add_heading(f"M {number} {title}", 2)
        document.add_paragraph(f"Verantwortlich: Amt {unit if number == 1 else 70 + number}")
        document.add_paragraph(f"Beschreibung: Der Kreis will {title}.")
    document.save(str(folder / "plan.docx"))
    return (folder / "plan.docx").read_bytes()


def test_a_changed_file_shows_its_records_with_both_texts(tmp_path: Path) -> None:
    council = council_of(tmp_path, 1)
    council.papers[279]["mainFile"]["accessUrl"] = "http://ratsinfo.example/files/279.docx"
    council.replace(279, measures(tmp_path, 66))
    with followed(tmp_path, council=council) as it:
        it.publish()
        council.replace(279, measures(tmp_path, 65))
        it.fetch()
    with client_of(it.settings) as client:
        assert "Unterschiede durchsehen" in said(client, SOURCES)
        draft = it.store.drafts()[0]
        text = said(client, f"/staff/uploads/drafts/{draft}?document=279-2022-radwege-1")
        assert "„Amt 66“, jetzt „Amt 65“" in text


def test_what_is_ignored_is_gone_for_good_with_its_draft(tmp_path: Path) -> None:
    with followed(tmp_path) as it:
        with client_of(it.settings) as client:
            (name,) = re.findall(rf"{SOURCES}/(\w+)/ignore", client.get(SOURCES).text)
            page = Page(client.post(f"{SOURCES}/{name}/ignore").text)
            assert "Neu von der Quelle: 0" in page.text
            assert client.post(f"{SOURCES}/{name}/read").status_code == 404
        assert it.store.drafts() == []
        assert it.fetch().new == []


def test_gone_files_are_told_with_their_day(tmp_path: Path) -> None:
    with followed(tmp_path) as it:
        it.publish()
        it.council.delete(279)
        it.fetch()
    with client_of(it.settings) as client:
        text = said(client, SOURCES)
        assert "Neu von der Quelle: 0" in text
        assert re.search(r"Radwege 1: seit \d\d\.\d\d\.\d{4} nicht mehr dort", text)


def test_the_page_is_for_editors_and_where_sources_are_followed(tmp_path: Path) -> None:
    settings = settings_of(tmp_path)
    with client_of(settings, Role.READER) as client:
        assert client.get(SOURCES).status_code == 403
    with client_of(settings) as client:
        assert "Nichts wartet" in said(client, SOURCES)
        assert "Neu von der Quelle: 0" in said(client, "/staff/uploads")
        (settings.data_dir / "sources.toml").unlink()
        assert client.get(SOURCES).status_code == 404
        assert "Neu von der Quelle" not in said(client, "/staff/uploads")


@pytest.mark.browser
def test_a_clerk_goes_from_three_new_to_published_documents(browser: Any, tmp_path: Path) -> None:
    EditionStore(settings_of(tmp_path).data_dir).publish([report()])
    with followed(tmp_path, 3) as it:
        pass
    with served_here(it.settings.data_dir) as served, staff_page(browser, served) as page:
        page.goto("/staff/uploads")
        click(page, "link", "Neu von der Quelle: 3")
        for look in ("light", "narrow"):
            assert troubles(page, look, {"sources": SOURCES}) == []
        click(page, "button", "Zum Veröffentlichen: Radwege 1")
        assert LINE in page.inner_text("main")
        check_shown(page, "light")
        click(page, "button", "Veröffentlichen", exact=True)
        page.get_by_text("Veröffentlicht. Antworten stützen sich ab jetzt").wait_for()
        click(page, "link", "Neu von der Quelle: 2")
        click(page, "button", "Zum Veröffentlichen: Radwege 2")  # is read anew
        page.get_by_role("button", name="Veröffentlichen", exact=True).click(timeout=120_000)
        page.get_by_text("Veröffentlicht. Antworten stützen sich ab jetzt").wait_for()
        page.goto(SOURCES)
        click(page, "button", "Für immer übergehen: Radwege 3")
        page.get_by_text("Nichts wartet auf eine Entscheidung.").wait_for()
        until(lambda: "280-2022" in page.request.get("/api/v1/documents").text())
        page.goto("/documents/279-2022-radwege-1")
        assert LINE in page.inner_text("main")
        published = sorted(it.store.document_ids())
        assert published == ["279-2022-radwege-1", "280-2022-radwege-2", "auenland-report"]
