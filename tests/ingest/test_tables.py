"""Tables: header rows, meanings of columns, rows over page ends, broken rows, groups; and what is
laid out text.
"""

from __future__ import annotations

from collections.abc import Sequence

import pytest

from ingest.rendering import make_vocabulary
from ingest.stream import Line
from ingest.table_grid import Cells, Table
from ingest.tables import find_tables
from tests.ingest.cases import cases
from tests.ingest.pages import table

HEAD = ("Nr.", "Maßnahme", "Zuständig", "Zeitraum")
ROWS = [
    (f"M {n}", f"Radweg im Ort {name}", f"Amt 6{n}", f"ab 203{n}")
    for n, name in enumerate("ABCDEF", 1)
]


def found(lines: Sequence[Line]) -> tuple[Table, ...]:
    return find_tables(lines, make_vocabulary(lines))


def printed(item: Table, lines: Sequence[Line]) -> list[tuple[str, ...]]:
    """Return the rows below the header as the texts of their cells."""
    cells = Cells(lines, make_vocabulary(lines))
    return [tuple(cells.text(cell) for cell in row.cells) for row in item.rows]


def roles(item: Table) -> list[str | None]:
    return [column.role for column in item.columns]


def test_a_header_row_says_what_the_columns_mean() -> None:
    lines = table(HEAD, *ROWS)
    (item,) = found(lines)
    assert [column.header for column in item.columns] == list(HEAD)
    assert roles(item) == ["ref", "title", "responsible", "period"]
    assert (len(item.header), printed(item, lines)) == (1, ROWS)
    assert (item.column_of("title"), item.column_of("cost")) == (1, None)


def test_a_header_of_two_rows_is_joined() -> None:
    lines = table(("Nr.", "Maßnahme", "Zuständig", "Zeitraum"), ("", "", "Amt", "Beginn"), *ROWS)
    (item,) = found(lines)
    assert [column.header for column in item.columns] == [
        "Nr.",
        "Maßnahme",
        "Zuständig Amt",
        "Zeitraum Beginn",
    ]
    assert len(item.rows) == 6


@cases("heads")
def test_a_head_over_several_columns_is_the_head_of_none(heads: list[tuple[str, ...]]) -> None:
    rows = [(f"K {n}", f"Brücke im Ort {'ABC'[n]}", "50", "400", "150") for n in range(3)]
    lines = table(*heads, *rows)
    (item,) = found(lines)
    assert [column.header for column in item.columns] == ["Nr.", "Maßnahme", "", "", ""]
    assert roles(item) == ["ref", "title", None, None, None]
    assert printed(item, lines) == rows


def test_parts_of_a_head_that_are_known_are_heads_of_their_own() -> None:
    heads = [("Nr.", "Maßnahme", "Zuständig", ""), ("", "", "federführend", "beteiligt")]
    (item,) = found(table(*heads, *ROWS))
    assert roles(item)[:3] == ["ref", "title", "responsible"] and len(item.rows) == 6


def test_a_bold_first_row_is_a_header_whatever_it_says() -> None:
    head = ("Kürzel", "So heißt es", "Da geschieht es")
    rows = [(f"{n}", f"Weg {name}{name}{name}", f"Ort {name}") for n, name in enumerate("ABCD", 1)]
    (item,) = found(table(head, *rows, bold=1))
    assert [column.header for column in item.columns] == list(head) and roles(item)[:2] == [
        "ref",
        "title",
    ]


def test_a_table_goes_on_over_a_page_end_with_its_header_repeated() -> None:
    lines = [*table(HEAD, *ROWS[:3]), *table(HEAD, *ROWS[3:], page=1, number=1, first_row=10)]
    (item,) = found(lines)
    assert (len(item.header), printed(item, lines)) == (2, ROWS)


def test_a_table_with_another_header_is_another() -> None:
    other = ("Nr.", "Indikator", "Status", "Kosten")
    assert (
        len(found([*table(HEAD, *ROWS), *table(other, *ROWS, page=1, number=1, first_row=10)])) == 2
    )
    assert (
        len(found([*table(HEAD, *ROWS), *table(HEAD, *ROWS, page=4, number=1, first_row=10)])) == 2
    )


def test_a_row_broken_over_a_page_end_is_one() -> None:
    remaining = [("", "und über den Bach", "", ""), *ROWS[3:]]
    lines = [*table(HEAD, *ROWS[:3]), *table(*remaining, page=1, number=1, first_row=10)]
    (item,) = found(lines)
    joined = ("M 3", "Radweg im Ort C und über den Bach", "Amt 63", "ab 2033")
    assert len(item.rows) == 6 and printed(item, lines)[2] == joined


def test_a_table_without_header_that_counts_on_is_the_same_table() -> None:
    lines = [*table(HEAD, *ROWS[:1]), *table(*ROWS[1:], page=1, number=1, first_row=10)]
    (only,) = found(lines)
    assert printed(only, lines) == ROWS


def test_rows_with_one_cell_name_groups() -> None:
    lines = table(HEAD, ("Verkehr", "", "", ""), *ROWS[:3], ("Energie", "", "", ""), *ROWS[3:])
    (item,) = found(lines)
    assert dict(item.groups) == {0: "Verkehr", 4: "Energie"}


def test_a_table_that_numbers_its_rows_needs_no_header() -> None:
    lines = table(*ROWS)
    (item,) = found(lines)
    assert item.header == () and roles(item)[:2] == ["ref", "title"]


LABELS = ("Ziel", "Inhalt", "Zuständig", "Kosten", "Laufzeit")
SHEET = [(f"{label}:", "Ein langer Satz, der erzählt, was der Kreis tut. " * 3) for label in LABELS]
LONG = [
    (name, f"{name}: " + "Der Kreis baut Wege für alle. " * 25, "Noch mehr davon. " * 40)
    for name in "ABCD"
]


@pytest.mark.parametrize("rows", [SHEET, LONG, [("Zuständig", "Amt 61")], [("a", "b", "c")]])
def test_laid_out_text_is_no_table(rows: list[tuple[str, ...]]) -> None:
    assert found(table(*rows)) == ()
