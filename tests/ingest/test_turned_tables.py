"""Tables with a column for each thing and a row for each field are turned; other tables are not."""

from __future__ import annotations

import pytest

from ingest.stream import Layout
from ingest.turned_tables import turn_tables
from tests.ingest.pages import table
from tests.ingest.papers import PROSE, read_bytes, records

FIELDS = (("Kosten", "300 Euro", "700 Euro"), ("Zuständig", "Hafenamt", "Forstamt"))
NUMBERED = (("Merkmal", "B 1 Fähre", "B 2 Steg"), *FIELDS)


def test_rows_and_columns_are_changed_for_each_other() -> None:
    expected = [tuple(texts) for texts in zip(*NUMBERED, strict=True)]
    turned = turn_tables(Layout(tuple(table(*NUMBERED))))
    assert [(line.text, line.cell) for line in turned.lines] == [
        (line.text, line.cell) for line in table(*expected)
    ]


@pytest.mark.parametrize(
    "rows",
    [
        tuple(zip(*NUMBERED, strict=True)),
        (("", "2026", "2027"), ("Kosten", "3", "7"), ("Zuständig", "Rat", "Rat")),
        (("Nr.", "Maßnahme", "Kosten"), ("1", "Fähre", "3"), ("2", "Steg", "7")),
        (("Angabe", "Fähre", "Steg"), ("Kosten", "3", "7"), ("Farbe", "rot", "grün")),
        (("Kosten", "300 Euro"), ("Zuständig", "Hafenamt"), ("Beginn", "2027")),
    ],
)
def test_other_tables_stay(rows: tuple[tuple[str, ...], ...]) -> None:
    layout = Layout(tuple(table(*rows)))
    assert turn_tables(layout) == layout


def test_a_table_over_two_pages_stays() -> None:
    lines = [*table(*NUMBERED[:2]), *table(NUMBERED[2], page=1, first_row=2)]
    assert turn_tables(Layout(tuple(lines))) == Layout(tuple(lines))


def test_things_of_columns_are_records() -> None:
    rows = (("Merkmal", "B 1 Fähre", "B 2 Steg", "B 3 Damm"), ("Kosten", "300 Euro", "700 Euro", "9 Euro"),
            ("Zuständig", "Hafenamt", "Forstamt", "Bauhof"), ("Baubeginn", "2027", "2029", "2031"))  # fmt: skip
    cells = "".join(f"<tr><td>{'<td>'.join(row)}</tr>" for row in rows)
    page = f"<meta charset=utf-8><h1>Uferplan</h1><p>{PROSE}</p><table>{cells}</table>"
    found = {item.ref: item for item in records(read_bytes(page.encode(), "a.html"))}
    assert [(item.title, item.cost) for item in found.values()] == [
        ("Fähre", "300 Euro"),
        ("Steg", "700 Euro"),
        ("Damm", "9 Euro"),
    ]
    assert (found["B 2"].responsible, found["B 2"].period) == (("Forstamt",), "2029")
