"""Texts that cannot be what their column or label means: the field is empty, and that is told."""

from __future__ import annotations

import pytest

from ingest.values.statements import is_plausible
from tests.ingest.papers import PROSE, read_bytes, records

HEAD = ("Nr.", "Maßnahme", "Zuständig", "Zeitraum", "Priorität")
ROWS = (
    ("M 1", "Radweg", "Bauamt", "2026 bis 2028", "hoch"),
    (
        "M 2",
        "Brücke",
        "ab 2015",
        "externe Zusammen-",
        "Die Brücke wird mit dem Nachbarkreis gebaut",
    ),
    ("M 3", "Steg", "Amt 66 (seit 2020)", "kurzfristig", "A"),
)


def test_shifted_columns_leave_fields_empty() -> None:
    lines = "".join(f"<tr>{''.join(f'<td>{cell}' for cell in row)}" for row in (HEAD, *ROWS))
    page = f"<meta charset=utf-8><h1>Plan</h1><p>{PROSE}</p><table>{lines}</table>"
    parsed = read_bytes(page.encode(), "a.html")
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


@pytest.mark.parametrize(
    ("meaning", "text", "plausible"),
    [
        ("period", "III. Quartal", True), ("period", "ab Mai", True), ("period", "3 Jahre", True),
        ("period", "laufend", True), ("period", "Q1", True), ("period", "mittel- bis langfristig", True),
        ("period", "anderen Maßnahmen", False), ("period", "Mittel des Landes", False),
        ("priority", "sehr hoch", True), ("priority", "+++", True),
        ("priority", "Der Kreis setzt das bald um", False),
        ("responsible", "2026/2027", False), ("responsible", "Amt 66", True), ("cost", "ab 2015", True),
        (None, "ab 2015", True),
    ],
)  # fmt: skip
def test_what_can_be_a_value_of_a_field(meaning: str | None, text: str, plausible: bool) -> None:
    assert is_plausible(meaning, text) is plausible
