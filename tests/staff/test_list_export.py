"""What staff take away: files open, are whole, say where they come from, and no cell is a
formula.
"""

from __future__ import annotations

import io
from typing import Any

from openpyxl import load_workbook
from starlette.testclient import TestClient

from tests.replies import rows_of
from tests.service.county import FORMULA_TITLE
from tests.staff.conftest import ClientFor
from tests.staff.county import SCRIPT, SHEET
from tests.staff.reading import Page

PATH = "/staff/catalogue"


def book(client: TestClient, **query: Any) -> Any:
    response = client.get(f"{PATH}.xlsx", params=query)
    assert response.status_code == 200
    assert response.headers["content-disposition"] == 'attachment; filename="eintraege.xlsx"'
    return load_workbook(io.BytesIO(response.content))


def about(made: Any) -> dict[str, str]:
    return {row[0].value: row[1].value for row in made["Über diese Liste"].iter_rows()}


def test_no_cell_is_a_formula(client: TestClient) -> None:
    sheet = book(client)["Einträge"]
    cells = [cell for row in sheet.iter_rows() for cell in row]
    assert {cell.data_type for cell in cells} <= {"s", "n", "d"}
    values = {cell.value: cell for cell in cells}
    for text in (FORMULA_TITLE, SHEET, "+49 Telefon", "@alle"):
        assert values[text].quotePrefix, text
    assert not values["Radschnellweg Nord"].quotePrefix
    assert not any("\x0b" in str(value) for value in values), "the format forbids it"


def test_the_workbook_reads_well(sample: TestClient) -> None:
    made = book(sample, status="idea")
    sheet = made["Einträge"]
    assert sheet.freeze_panes == "A2" and sheet.auto_filter.ref == sheet.dimensions
    assert [cell.value for cell in sheet[1]][:6] == [
        "Dokument",
        "Verbindlichkeit",
        "Stand",
        "Art",
        "Nr.",
        "Titel",
    ]
    assert sheet["A1"].font.bold and not sheet["A2"].font.bold
    assert (
        sheet["C2"].is_date
        and sheet["C2"].number_format == "DD.MM.YYYY"
        and sheet["G2"].value == "Idee"
    )
    text = about(made)
    assert text["Liste"].endswith("(Status: Idee (Ideenspeicher))") and text["Einträge"] == str(
        sheet.max_row - 1
    )
    assert sheet["T2"].hyperlink.target == sheet["T2"].value
    units = next(row for row in sheet.iter_rows(min_row=2) if "\n" in (row[9].value or ""))
    assert units[9].alignment.wrap_text and not units[12].alignment.wrap_text
    assert {sheet[f"O{row}"].value for row in range(2, sheet.max_row + 1)} >= {
        "30.09.2025",
        "06.2025",
    }
    assert sheet.print_title_rows == "$1:$1" and sheet.page_setup.orientation == "landscape"
    assert text["Adresse"] == f"http://127.0.0.1{PATH}?status=idea"


def test_every_form_has_every_record_with_its_whole_title(client: TestClient) -> None:
    query = {"document": "boeser-bericht"}
    titles = {
        item["title"]
        for item in client.get("/api/v1/items", params={**query, "kind": "project"}).json()["items"]
    }
    assert any(SCRIPT in item for item in titles)
    assert titles <= {row[5].value for row in book(client, **query)["Einträge"].iter_rows()}
    rows = rows_of(client.get(f"{PATH}.csv", params=query))
    assert titles <= {row["Titel"].removeprefix("'") for row in rows}
    printed = client.get(f"{PATH}/print", params=query).text
    assert all(title in Page(printed).text for title in titles) and "<script>window" not in printed


def test_a_list_to_print_says_what_it_is_and_where_each_record_stands(sample: TestClient) -> None:
    query = {"topic": "Radwege", "status": "idea", "from": "2026-01-31"}
    page = Page(sample.get(f"{PATH}/print", params=query).text)
    assert (
        "Radwege: Ziele, Projekte und Maßnahmen (Status: Idee; Termin ab: 31.01.2026)" in page.text
    )
    page = Page(sample.get(f"{PATH}/print", params={"topic": "Radwege"}).text)
    records = sample.get("/api/v1/lookup", params={"q": "Radwege"}).json()["items"]
    assert {record["url"] for record in records if record["kind"] != "section"} == set(
        page.links("/documents/")
    )
    assert all(
        f"Seite {record['page_label'] or record['page']}" in page.text for record in records[:3]
    )
    edition = sample.get("/api/v1/documents").json()["corpus_edition"]
    assert edition in page.text and "beschlossen, Stand 15.11.2025" in page.text.replace(
        " · ", ", "
    )
    motion = Page(sample.get(f"{PATH}/print", params={"topic": "Schallschutzfenster"}).text).text
    assert "Antrag, nicht beschlossen" in motion, "a motion is not sold as decided"
    sections = {"document": "lauterfeld-smart-steckbrief", "kind": "section"}
    assert "ohne Datum" in sample.get(f"{PATH}/print", params=sections).text


def test_addresses_follow_the_proxy_that_is_trusted_and_no_host_that_is_none(
    client_for: ClientFor,
) -> None:
    headers = {"Host": "lotse.example", "X-Forwarded-Proto": "https"}
    strange = {"Host": 'x"><script>alert(1)</script>'}
    for peer, sent, address in (
        ("127.0.0.1", headers, "https://lotse.example"),
        ("203.0.113.9", headers, "http://lotse.example"),
        ("127.0.0.1", strange, "http://127.0.0.1"),
    ):
        content = client_for(peer, staff_access="public").get(f"{PATH}.xlsx", headers=sent).content
        assert about(load_workbook(io.BytesIO(content)))["Adresse"] == f"{address}{PATH}"
