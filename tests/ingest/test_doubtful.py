"""Texts that cannot be what their column or label means: the field is empty, and that is told."""

from __future__ import annotations

import pytest

from ingest.values.statements import is_plausible
from tests.ingest.cases import cases, values
from tests.ingest.formats import FORMATS, paper
from tests.ingest.papers import PROSE, read_bytes, records

HEAD = ("Nr.", "Maßnahme", "Zuständig", "Zeitraum", "Priorität")
ROWS = values(__file__, "rows")


@pytest.mark.parametrize("name", FORMATS)
def test_shifted_columns_leave_fields_empty(name: str) -> None:
    parsed = read_bytes(paper(name, "# Plan", PROSE, (HEAD, *ROWS)), name)
    found = [(item.responsible, item.period, item.priority) for item in records(parsed)]
    assert found == [
        (("Bauamt",), "2026 bis 2028", "hoch"),
        ((), None, None),
        (("Amt 66 (seit 2020)",), "kurzfristig", "A"),
    ]
    (warning,) = parsed.document.warnings
    assert all(f"{label} (1)" in warning for label in ("Zuständig", "Zeitraum", "Priorität"))
    shifted = {field.label: field.field for field in records(parsed)[1].fields}
    assert shifted == {"Zuständig": None, "Zeitraum": None, "Priorität": None}


@cases("meaning", "text", "plausible")
def test_what_can_be_a_value_of_a_field(meaning: str, text: str, plausible: bool) -> None:
    assert is_plausible(meaning or None, text) is plausible
