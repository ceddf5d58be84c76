"""Lists as CSV and XLSX: complete, the same records, and no cell that a spreadsheet would run."""

from __future__ import annotations

import csv
import io
from typing import Any

from openpyxl import load_workbook
from starlette.testclient import TestClient

from tests.service.county import FORMULA_TITLE
from tests.staff.conftest import ClientFor
from tests.staff.county import SHEET


def book(client: TestClient, **query: Any) -> Any:
    response = client.get("/staff/catalogue.xlsx", params=query)
    assert response.status_code == 200
    assert response.headers["content-disposition"] == 'attachment; filename="eintraege.xlsx"'
    return load_workbook(io.BytesIO(response.content))


def test_both_files_hold_the_same_records(sample: TestClient) -> None:
    for query in ({}, {"status": "idea"}, {"theme": "Mobilität", "sort": "title"}):
        text = sample.get("/staff/catalogue.csv", params=query).content.decode("utf-8-sig")
        titles = [row["Titel"] for row in csv.DictReader(io.StringIO(text), delimiter=";")]
        sheet = book(sample, **query)["Einträge"]
        assert [row[5].value for row in sheet.iter_rows(min_row=2)] == titles and titles


def test_no_cell_is_a_formula(client: TestClient) -> None:
    sheet = book(client)["Einträge"]
    cells = [cell for row in sheet.iter_rows() for cell in row]
    assert {cell.data_type for cell in cells} <= {"s", "n", "d"}
    values = {cell.value: cell for cell in cells}
    for text in (FORMULA_TITLE, SHEET, "+49 Telefon", "@alle"):
        assert values[text].quotePrefix, text
    assert not values["Radschnellweg Nord"].quotePrefix


def test_characters_that_the_format_forbids_are_left_out(client: TestClient) -> None:
    texts = [str(cell.value) for row in book(client, kind="project")["Einträge"].iter_rows() for cell in row]
    assert not any("\x0b" in text for text in texts)


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


def test_an_empty_list_is_a_workbook_too(sample: TestClient) -> None:
    assert book(sample, q="Quantencomputer")["Einträge"].max_row == 1


def address(client: TestClient, **headers: str) -> str:
    content = client.get("/staff/catalogue.xlsx", headers=headers).content
    about = {row[0].value: row[1].value for row in load_workbook(io.BytesIO(content))["Über diese Liste"].iter_rows()}
    return str(about["Adresse"])


def test_addresses_follow_the_proxy_that_is_trusted(client_for: ClientFor) -> None:
    headers = {"Host": "lotse.example", "X-Forwarded-Proto": "https"}
    assert address(client_for(staff_access="public"), **headers) == "https://lotse.example/staff/catalogue"
    stranger = client_for("203.0.113.9", staff_access="public")
    assert address(stranger, **headers) == "http://lotse.example/staff/catalogue"


def test_a_host_that_is_none_is_not_repeated(client_for: ClientFor) -> None:
    wrong = {"Host": 'x"><script>alert(1)</script>'}
    assert address(client_for(staff_access="public"), **wrong) == "http://localhost/staff/catalogue"
