"""Staff see which papers were read in part: in the list of documents, on a document's page, in catalogue and files."""

from __future__ import annotations

import io
from collections.abc import Iterator

import pytest
from openpyxl import load_workbook
from starlette.testclient import TestClient

from service.app import create_app
from service.composition import make_holder
from service.settings import Settings
from tests.service.county import report
from tests.service.partly_read import SHORT, UNKNOWN, climate, cycling
from tests.staff.conftest import HERE, LOOPBACK
from tests.staff.county import report_of
from tests.staff.signing_in import signed_in
from vectorstore.editions import EditionStore


@pytest.fixture(scope="module")
def partly(tmp_path_factory: pytest.TempPathFactory) -> Iterator[TestClient]:
    store = EditionStore(tmp_path_factory.mktemp("partly"))
    documents = [report(), climate(), cycling()]
    store.publish(documents, report=report_of(*documents))
    settings = Settings(data_dir=store.root, rate_per_minute=0)
    with TestClient(create_app(settings, make_holder(settings)), base_url=HERE, client=(LOOPBACK, 1)) as client:
        yield signed_in(client)


def test_the_list_of_documents_says_how_sure_its_numbers_are(partly: TestClient) -> None:
    page = partly.get("/staff/documents").text
    assert "mindestens 5 von 7 Maßnahmen" in page
    assert "Maßnahmen (Anzahl unsicher)" in page
    assert "5 Projekte" in page


def test_a_document_tells_its_families_with_what_it_says_itself(partly: TestClient) -> None:
    page = partly.get("/staff/documents/auenland-klima").text
    assert SHORT in page
    assert "M 1</th>" in page
    assert "Verzeichnis der Maßnahmen: 7 Einträge, Seite 3" in page
    assert "30 Zeichen" in page
    assert "steht in keiner Textstelle" in page
    assert UNKNOWN in partly.get("/staff/documents/auenland-rad").text
    assert "Vollständigkeit" not in partly.get("/staff/documents/auenland-report").text


@pytest.mark.parametrize(
    ("query", "headline"),
    [
        ("", "Einträge (Anzahl unsicher)"),
        ("?document=auenland-klima", "mindestens 5 Einträge"),
        ("?document=auenland-klima&kind=section", "1 Eintrag"),
        ("?kind=project", "5 Einträge"),
    ],
)
def test_the_catalogue_counts_no_surer_than_its_families(partly: TestClient, query: str, headline: str) -> None:
    page = partly.get(f"/staff/catalogue{query}").text
    assert f'<h2 id="anzahl">{headline}</h2>' in page


def test_the_workbook_says_so(partly: TestClient) -> None:
    content = partly.get("/staff/catalogue.xlsx?document=auenland-klima").content
    notes = {row[0].value: row[1].value for row in load_workbook(io.BytesIO(content))["Über diese Liste"]}
    assert notes["Einträge"] == "mindestens 5"
    assert notes["Unvollständig"] == SHORT
