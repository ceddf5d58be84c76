"""The table of contacts: what is taken, and every problem with its line and column."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

import pytest

from service.records import (
    CONTACT_COLUMNS,
    Contact,
    ContactDirectory,
    InvalidContacts,
    contacts_csv,
    parse_contacts,
    template_csv,
)
from service.records.contacts.hours import describe_today, parse_hours
from tests.ingest.cases import cases
from tests.service.county import report
from vectorstore import TableError

HEAD = ";".join(CONTACT_COLUMNS)
ROAD = Contact(
    code="66.01",
    name="Straßenbau",
    telephone="+49 2921 30-1234",
    mail="bau@kreis.example",
    url="https://kreis.example/bau",
    hours="Mo-Do 8-16, Fr 8-12",
)


def parse(*rows: str, head: str = HEAD) -> list[Contact]:
    return parse_contacts("\n".join((head, *rows)).encode(), "stellen.csv")


def test_what_is_written_is_read_again() -> None:
    hotline = Contact(name="Bürgertelefon", telephone="115", hours="rund um die Uhr")
    contacts = [hotline, ROAD]
    assert parse_contacts(contacts_csv(contacts).encode(), "x") == contacts
    assert parse("70; Umwelt ", head="Code;NAME") == [Contact(code="70", name="Umwelt")]


@cases("row", "column")
def test_a_problem_names_line_and_column(row: str, column: str) -> None:
    with pytest.raises(InvalidContacts) as refused:
        parse("70;Umwelt", row.replace("LONG", "B" * 301))
    assert str(refused.value).startswith(f"Zeile 3: Spalte {column}: ")
    assert "Zeile 2" in str(refused.value) or column != "code"


def test_all_problems_are_told_at_once() -> None:
    with pytest.raises(InvalidContacts) as refused:
        parse("66;;anrufen;falsch", "70;Umwelt", ";Eins", ";Zwei", "1;2;3;4;5;6;7")
    lines = str(refused.value).splitlines()
    assert [line.split(":")[0] for line in lines] == ["Zeile 2", "Zeile 5", "Zeile 6"]
    assert all(f"Spalte {name}:" in lines[0] for name in ("name", "telephone", "mail"))


def test_another_file_is_no_table() -> None:
    with pytest.raises(TableError, match=r"stellen\.csv.*code;name"):
        parse("66;Bau", head="Amt;Name")
    with pytest.raises(TableError, match="CSV UTF-8"):
        parse_contacts(f"{HEAD}\n66;Straßenbau".encode() + b"\xe4", "x")
    with pytest.raises(TableError, match="CSV UTF-8"):
        parse_contacts(f"{HEAD}\n66;Straßenbau\x81".encode("latin-1"), "x")


def test_a_table_is_read_as_excel_writes_it() -> None:
    table = f"{HEAD}\r\n66;Straßenbau – Süd;;;;nach Vereinbarung\r\n".encode("cp1252")
    (contact,) = parse_contacts(table, "x")
    assert contact.name == "Straßenbau – Süd"


def test_the_template_has_the_units_of_the_documents() -> None:
    units = ("66.01 Straßenbau", "Tiefbauamt", "80.02", "Dez. 06", "66.01 Bau")
    contacts = parse_contacts(
        template_csv([replace(item, responsible=units) for item in report().items[:1]]).encode(),
        "x",
    )
    assert [(contact.code, contact.name) for contact in contacts[1:]] == [
        ("66.01", "Bau"),
        ("80.02", "80.02"),
        ("Dez. 06", "Dez. 06"),
        ("Tiefbauamt", "Tiefbauamt"),
    ]
    assert contacts[0].code == ""


@cases("hours", "moment", "expected")
def test_hours_of_this_day(hours: str, moment: str, expected: str) -> None:
    assert describe_today(hours, datetime.fromisoformat(moment), "de") == expected


def test_impossible_hours_are_refused() -> None:
    with pytest.raises(ValueError, match="Mo 8-8"):
        parse_hours("Mo 8-8")


def test_a_unit_is_found_by_its_code_then_by_the_wider_one() -> None:
    wide, harbour = Contact(code="66", name="Tiefbau"), Contact(code="Hafenamt", name="Hafen")
    directory = ContactDirectory([wide, ROAD, harbour])
    found = {
        unit: directory.find(unit)
        for unit in ("66.01", "66.01 Bau", "66.02 Radwege", "660", "Hafenamt", "Hafen", "Bau")
    }
    assert found == {
        "66.01": ROAD,
        "66.01 Bau": ROAD,
        "66.02 Radwege": wide,
        "660": None,
        "Hafenamt": harbour,
        "Hafen": None,
        "Bau": None,
    }
    assert directory.find_code("Was bedeutet 66.01?") == ROAD
    assert directory.find_code("Was kostet 166.01 oder 66.015?") is None
    assert directory.find_named(["für", "Straßenbau"]) == ROAD
    assert directory.find_named(["Tiefbau", "Straßenbau"]) is None
