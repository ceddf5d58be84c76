"""Tables: header rows, meanings of columns, rows over page ends, broken rows, groups; and what is
laid out text.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Any

import pytest

from ingest.rendering import make_vocabulary
from ingest.stream import Line
from ingest.table_grid import Cells, Table
from ingest.tables import find_tables
from tests.ingest.cases import documents
from tests.ingest.pages import table

HEAD = "Nr.|Maßnahme|Zuständig|Zeitraum"
ROWS = [f"M {n}|Radweg im Ort {name}|Amt 6{n}|ab 203{n}" for n, name in enumerate("ABCDEF", 1)]


def filled(text: str) -> str:
    """Put rows into a text: all six, or those from one number to another."""
    text = text.replace("{ROWS}", "{1-6}")
    return re.sub(
        r"{(\d)-(\d)}", lambda part: "\n".join(ROWS[int(part[1]) - 1 : int(part[2])]), text
    )


def laid_out(*pages: str, gap: int = 0, bold: int = 0) -> list[Line]:
    """Return the lines of tables, one on each page, with pages between them as `gap` says."""
    lines = []
    for number, page in enumerate(pages):
        rows = [row.split("|") for row in filled(page).splitlines()]
        places = {"page": number * (1 + gap), "number": number, "first_row": 10 * number}
        lines += table(*rows, bold=bold, **places)
    return lines


def found(lines: Sequence[Line]) -> tuple[Table, ...]:
    return find_tables(lines, make_vocabulary(lines))


@pytest.mark.parametrize("case", documents("test_tables.toml"))
def test_a_table_has_its_columns_and_rows(case: dict[str, Any]) -> None:
    lines = laid_out(*case["pages"], bold=case.get("bold", 0))
    (item,) = found(lines)
    cells = Cells(lines, make_vocabulary(lines))
    rows = ["|".join(map(cells.text, row.cells)) for row in item.rows]
    assert rows == filled(case["rows"]).splitlines()
    if "heads" in case:
        assert [column.header for column in item.columns] == case["heads"]
    if "roles" in case:
        roles = [column.role or "" for column in item.columns]
        assert roles[: len(case["roles"])] == case["roles"]
    if "header" in case:
        assert len(item.header) == case["header"]
    assert sorted(item.groups.items()) == [tuple(group) for group in case.get("groups", ())]


def test_a_column_is_found_by_what_it_means() -> None:
    (item,) = found(laid_out(f"{HEAD}\n{{ROWS}}"))
    assert (item.column_of("title"), item.column_of("cost")) == (1, None)


@pytest.mark.parametrize(
    ("head", "gap"), [("Nr.|Indikator|Status|Kosten", 0), (HEAD, 3)], ids=["head", "far away"]
)
def test_a_table_with_another_header_or_on_a_later_page_is_another(head: str, gap: int) -> None:
    lines = laid_out(f"{HEAD}\n{{ROWS}}", f"{head}\n{{ROWS}}", gap=gap)
    assert len(found(lines)) == 2


LABELS = ("Ziel", "Inhalt", "Zuständig", "Kosten", "Laufzeit")
SHEET = [(f"{label}:", "Ein langer Satz, der erzählt, was der Kreis tut. " * 3) for label in LABELS]
LONG = [
    (name, f"{name}: " + "Der Kreis baut Wege für alle. " * 25, "Noch mehr davon. " * 40)
    for name in "ABCD"
]


@pytest.mark.parametrize("rows", [SHEET, LONG, [("Zuständig", "Amt 61")], [("a", "b", "c")]])
def test_laid_out_text_is_no_table(rows: list[tuple[str, ...]]) -> None:
    assert found(table(*rows)) == ()
