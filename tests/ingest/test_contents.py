"""Tables of contents: their lines, and what they list."""

from __future__ import annotations

from typing import Any

import pytest

from ingest.stream import Cell, Line
from ingest.tables_of_contents import find_tables_of_contents
from tests.ingest.cases import documents

BODY = "Der Kreis baut Wege.\nEr baut sie für alle, die mit dem Rad fahren."


@pytest.mark.parametrize("case", documents("test_contents.toml"))
def test_contents_have_their_lines_and_titles(case: dict[str, Any]) -> None:
    text = case["text"].replace("{..}", f" {'.' * 40} ").replace("{BODY}", BODY)
    contents = find_tables_of_contents([Line(line) for line in text.splitlines()])
    assert sorted(contents.lines) == case.get("lines", [])
    assert list(contents.titles) == case.get("titles", [])


def test_contents_that_are_set_as_a_table_are_read_row_by_row() -> None:
    lines = [Line("Inhalt")]
    for n, row in enumerate((("1", "Lage", "3"), ("2", "Wege", "5"), ("3", "Ausblick", "9"))):
        lines += [Line(text, cell=Cell(0, n, column)) for column, text in enumerate(row)]
    contents = find_tables_of_contents([*lines, *map(Line, BODY.splitlines())])
    assert contents.lines == frozenset(range(10))
    assert list(contents.titles) == ["Lage", "Wege", "Ausblick"]
