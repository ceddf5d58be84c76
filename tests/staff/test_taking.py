"""What staff take away: the paragraph says what the records say, files open, are whole, and no cell is a formula."""

from __future__ import annotations

import csv
import io
import re
import zipfile
from html import unescape
from typing import Any

import pytest
from docx import Document as opened_word
from docx.oxml.ns import qn
from openpyxl import load_workbook
from starlette.testclient import TestClient

from service.completeness import Completeness
from service.record_models import Record
from service.records import records_of
from service.staff.taking.selection import Selection, plain, taken_of
from tests.service.county import FORMULA_TITLE
from tests.service.partly_read import climate, cycling
from tests.staff.conftest import ClientFor
from tests.staff.county import SCRIPT, SHEET
from vectorstore.catalogue import Catalogue
from vectorstore.records import ItemKind

TOPIC = {"q": "Radwege"}
REPORT = "lauterfeld-nachhaltigkeitsbericht-2026"
GOALS = "lauterfeld-strategische-ziele-2025"
FIRM = "\N{NO-BREAK SPACE}"
OUTSIDE = "https://lotse.example.org/rad"


def covering(client: TestClient) -> list[Record]:
    found = client.get("/api/v1/lookup", params=TOPIC).json()
    return [Record.model_validate(one) for one in found["items"]]


def said_at(client: TestClient, path: str, **query: str) -> str:
    """Return the paragraph of a page as bare text."""
    return said_on(client.get(f"/staff/{path}/text", params=query).text)


def said_on(page: str) -> str:
    (text,) = re.findall(r'<textarea id="text"[^>]*>(.*?)</textarea>', page, re.DOTALL)
    return unescape(str(text))


def word(client: TestClient, path: str = "topics", query: dict[str, Any] = TOPIC) -> Any:
    """Return a page's Word file."""
    response = client.get(f"/staff/{path}.docx", params=query)
    assert response.status_code == 200 and response.headers["content-disposition"].endswith('.docx"')
    return opened_word(io.BytesIO(response.content))


def texts(made: Any) -> list[str]:
    """The text of each paragraph, links included (python-docx reads them in `text`)."""
    return [one.text for one in made.paragraphs]


def links(made: Any) -> set[str]:
    return {one.target_ref for one in made.part.rels.values() if one.is_external}


def table_of(content: bytes) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(content.decode("utf-8-sig")), delimiter=";"))


def test_the_paragraph_names_every_record_with_its_citation(sample: TestClient) -> None:
    said, records = said_at(sample, "topics", **TOPIC), covering(sample)
    assert records
    for one in records:
        assert f"„{one.title}“" in said and f"{one.ref}, S.{FIRM}{one.page_label or one.page}" in said
    assert f"gibt es {len(records)}{FIRM}Einträge aus 2 Dokumenten" in said
    assert "„Nachhaltigkeitsbericht Kreis Lauterfeld“, Kreis Lauterfeld, veröffentlicht, Stand 01.03.2026" in said
    assert "Stand 15.11.2025" in said
    motion = said_at(sample, "topics", q="Schallschutzfenster")
    assert "Antrag, nicht beschlossen" in motion, "a motion is not sold as decided"


def test_the_paragraph_counts_by_status_and_cuts_nothing_in_silence(sample: TestClient) -> None:
    query = {"theme": "Mobilität", "kind": "project"}
    said = said_at(sample, "catalogue", **query)
    listed = sample.get("/api/v1/projects", params={"theme": "Mobilität", "page_size": 500}).json()["items"]
    for status, words in {"idea": "sind bisher Ideen", "in_progress": "sind in Bearbeitung"}.items():
        assert f"{sum(one['status'] == status for one in listed)}{FIRM}Projekte {words}" in said
    said = said_at(sample, "catalogue", kind="measure")
    assert f"58{FIRM}Maßnahmen sind genannt" in said and "; dazu 46 weitere." in said


@pytest.mark.parametrize(("paper", "sure"), [(climate(), False), (cycling(), None)], ids=["at least", "unsure"])
def test_what_nobody_may_count_has_no_number(paper: Any, sure: bool | None) -> None:
    catalogue = Catalogue.of([paper])
    known = Completeness.of(catalogue.documents.values(), ItemKind)
    assert known.complete is sure
    items = [one for one in catalogue.items if one.kind is known.gaps[0][1].kind]
    taken = taken_of(records_of(items, catalogue), catalogue)
    selection = Selection(heading="Liste", origin="Katalog", address="", taken=taken, edition="e", base="", known=known)
    said = plain(selection.paragraph())
    assert ("mindestens" in said) is (sure is False)
    assert ("lässt sich nicht sicher sagen" in said) is (sure is None)
    assert known.notices()[0].text in said


def test_the_word_file_can_be_read_by_all(sample: TestClient) -> None:
    """Headings, language, caption; and columns that hold their words in 9 points of a font as wide as Arial."""
    made = word(sample)
    styles = [one.style.name for one in made.paragraphs]
    assert styles[0] == "Heading 1" and styles.count("Heading 2") == 3
    assert made.core_properties.title == "Radwege: Ziele, Projekte und Maßnahmen"
    assert made.core_properties.language == "de-DE"
    assert {one.get(qn("w:val")) for one in made.styles.element.iter(qn("w:lang"))} == {"de-DE"}
    (table,) = made.tables
    assert [cell.text for cell in table.rows[0].cells] == ["Eintrag", "Titel", "Status", "Zuständig", "Fundstelle"]
    assert table.rows[0]._tr.trPr.find(qn("w:tblHeader")) is not None
    assert table._tbl.tblPr.find(qn("w:tblCaption")).get(qn("w:val")) == "Einträge"
    widths = {cell.text: cell.width.mm - 2.9 for cell in table.rows[0].cells}
    for column, longest in (("Eintrag", "Maßnahme"), ("Status", "Bearbeitung"), ("Fundstelle", "Fundstelle")):
        assert widths[column] > len(longest) * 9 * 0.3528 * 0.56, column
    assert sum(cell.width.mm for cell in table.rows[0].cells) <= 166.5
    sizes = {run.font.size.pt for row in table.rows for cell in row.cells for run in cell.paragraphs[0].runs}
    assert sizes == {9}


def test_the_word_file_holds_paragraph_table_and_sources(sample: TestClient) -> None:
    made, records = word(sample), covering(sample)
    said = said_at(sample, "topics", **TOPIC).split("\n\n")
    assert said == texts(made)[1 : 1 + len(said)]
    (table,) = made.tables
    assert sorted(row.cells[1].text for row in table.rows[1:]) == sorted(one.title for one in records)
    assert {f"http://127.0.0.1{one.url}" for one in records} < links(made)
    whole = "\n".join(texts(made))
    edition = sample.get("/api/v1/documents").json()["corpus_edition"]
    assert "[1] „Strategische Ziele des Kreises Lauterfeld“, Kreis Lauterfeld, beschlossen, Stand 15.11.2025" in whole
    assert re.search(rf"Erstellt am \d\d\.\d\d\.\d{{4}} mit dem Strategielotsen aus der Ausgabe {edition}", whole)
    whole = "\n".join(texts(word(sample, query={"q": "Schallschutzfenster"})))  # marks within a title are halved
    assert "„Antrag ‚Ruhe an der Straße – Lärmschutz für Anwohnerinnen und Anwohner‘“" in whole


def test_texts_of_documents_stay_text_and_titles_stay_whole(client: TestClient) -> None:
    query = {"document": "boeser-bericht"}
    titles = {one["title"] for one in client.get("/api/v1/items", params={**query, "kind": "project"}).json()["items"]}
    content = client.get("/staff/catalogue.docx", params=query).content
    table = opened_word(io.BytesIO(content)).tables[0]
    assert titles and titles <= {row.cells[1].text for row in table.rows}
    assert any(SCRIPT in one for one in titles)
    with zipfile.ZipFile(io.BytesIO(content)) as parts:
        assert b"<script" not in parts.read("word/document.xml")
    sheet = load_workbook(io.BytesIO(client.get("/staff/catalogue.xlsx", params=query).content))["Einträge"]
    assert titles <= {row[5].value for row in sheet.iter_rows()}
    rows = table_of(client.get("/staff/catalogue.csv", params=query).content)
    assert titles <= {row["Titel"].removeprefix("'") for row in rows}


def test_nothing_found_is_said_and_no_empty_table(sample: TestClient) -> None:
    query = {"q": "Quantencomputer"}
    assert "Zu „Quantencomputer“ gibt es keinen Eintrag." in sample.get("/staff/topics/text", params=query).text
    told = texts(word(sample, query=query))
    assert "Zum Thema „Quantencomputer“ gibt es in den eingelesenen Dokumenten keinen Eintrag." in told
    made = word(sample, "catalogue", query)
    assert made.tables == [] and "Quellen" not in texts(made)
    said = "In den eingelesenen Dokumenten gibt es dazu keinen Eintrag: Katalog, Volltext: Quantencomputer."
    assert said in texts(made)


def test_a_list_says_what_it_was_filtered_by(sample: TestClient) -> None:
    made = texts(word(sample, "catalogue", {"status": "idea", "from": "2026-01-31"}))
    assert made[0] == "Ziele, Projekte und Maßnahmen (Status: Idee; Termin ab: 31.01.2026)"
    assert made[1].startswith("Mit der Auswahl „Status: Idee; Termin ab: 31.01.2026“ gibt es ")
    topic = said_at(sample, "catalogue", topic="Radwege", status="idea")
    assert topic.startswith("Zum Thema „Radwege“ mit der Auswahl „Status: Idee“ gibt es")


def book(client: TestClient, **query: Any) -> Any:
    response = client.get("/staff/catalogue.xlsx", params=query)
    assert response.status_code == 200
    assert response.headers["content-disposition"] == 'attachment; filename="eintraege.xlsx"'
    return load_workbook(io.BytesIO(response.content))


def test_no_cell_is_a_formula(client: TestClient) -> None:
    sheet = book(client)["Einträge"]
    cells = [cell for row in sheet.iter_rows() for cell in row]
    assert {cell.data_type for cell in cells} <= {"s", "n", "d"}
    values = {cell.value: cell for cell in cells}
    for text in (FORMULA_TITLE, SHEET, "+49 Telefon", "@alle"):
        assert values[text].quotePrefix, text
    assert not values["Radschnellweg Nord"].quotePrefix
    assert not any("\x0b" in str(one) for one in values), "the format forbids it"


def test_the_workbook_reads_well(sample: TestClient) -> None:
    made = book(sample, status="idea")
    sheet = made["Einträge"]
    assert sheet.freeze_panes == "A2" and sheet.auto_filter.ref == sheet.dimensions
    assert [cell.value for cell in sheet[1]][:6] == ["Dokument", "Verbindlichkeit", "Stand", "Art", "Nr.", "Titel"]
    assert sheet["C2"].is_date and sheet["C2"].number_format == "DD.MM.YYYY" and sheet["G2"].value == "Idee"
    about = {row[0].value: row[1].value for row in made["Über diese Liste"].iter_rows()}
    assert about["Herkunft"] == "Katalog, Status: Idee" and about["Einträge"] == str(sheet.max_row - 1)
    assert sheet["T2"].hyperlink.target == sheet["T2"].value
    units = next(row for row in sheet.iter_rows(min_row=2) if "\n" in (row[9].value or ""))
    assert units[9].alignment.wrap_text and not units[12].alignment.wrap_text
    assert {sheet[f"O{row}"].value for row in range(2, sheet.max_row + 1)} >= {"30.09.2025", "06.2025"}
    assert sheet.print_title_rows == "$1:$1" and sheet.page_setup.orientation == "landscape"
    assert about["Adresse"] == "http://127.0.0.1/staff/catalogue?status=idea"


def test_addresses_follow_the_proxy_that_is_trusted_and_no_host_that_is_none(client_for: ClientFor) -> None:
    headers = {"Host": "lotse.example", "X-Forwarded-Proto": "https"}
    strange = {"Host": 'x"><script>alert(1)</script>'}
    for peer, sent, address in (
        ("127.0.0.1", headers, "https://lotse.example"),
        ("203.0.113.9", headers, "http://lotse.example"),
        ("127.0.0.1", strange, "http://localhost"),
    ):
        content = client_for(peer, staff_access="public").get("/staff/catalogue.xlsx", headers=sent).content
        about = {
            row[0].value: row[1].value for row in load_workbook(io.BytesIO(content))["Über diese Liste"].iter_rows()
        }
        assert about["Adresse"] == f"{address}/staff/catalogue"
