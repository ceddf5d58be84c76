"""Small documents of one difficulty each, and the records that are read of them."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest

from tests.ingest.papers import PROSE, read_text, records
from vectorstore.records import Item

CASES = tomllib.loads((Path(__file__).parent / "documents.toml").read_text(encoding="utf-8"))["case"]
FOUR = (
    {"title": "Jobticket für alle", "unit": "Amt für Mobilität", "period": "2026 bis 2028", "state": "umgesetzt"},
    {"title": "Radwege im Norden", "unit": "Tiefbauamt", "period": "ab 2027", "state": "noch nicht begonnen"},
    {"title": "Dächer mit Solarstrom", "unit": "Amt für Gebäude", "period": "bis Ende 2030", "state": "in Umsetzung"},
    {"title": "Mehrweg auf Festen", "unit": "Ordnungsamt", "period": "dauerhaft", "state": "in Planung"},
)
WORDS = ("Vorne", "Danach", "Später", "Endlich")


def filled(text: str, n: int = 0) -> str:
    for name, value in {**FOUR[n], "n": str(n + 1), "word": WORDS[n], "P": PROSE}.items():
        text = text.replace(f"{{{name}}}", value)
    return text


def expected(case: Mapping[str, Any]) -> list[list[Any]]:
    if "records" in case:
        return [[filled(record) if isinstance(record, str) else record for record in row] for row in case["records"]]
    return [[filled(case["ref"], n), sheet["title"], [sheet["unit"]], sheet["period"]] for n, sheet in enumerate(FOUR)]


def told(item: Item, name: str) -> Any:
    value = getattr(item, name)
    return list(value) if isinstance(value, tuple) else value or ""


def marked(case: Mapping[str, Any]) -> Any:
    defect = [pytest.mark.xfail(strict=True, reason=case["defect"])] if "defect" in case else []
    return pytest.param(case, id=case["name"], marks=defect)


@pytest.mark.parametrize("case", [marked(case) for case in CASES])
def test_a_small_document_is_read(case: Mapping[str, Any], tmp_path: Path) -> None:
    sheets = "".join(filled(case["sheet"], n) for n in range(4))
    text = filled(case["before"]) + sheets + filled(case.get("after", ""))
    parsed = read_text(tmp_path, text, name=case.get("file", "plan.txt"))
    shows = case.get("shows", ["ref", "title", "responsible", "period"])
    assert [[told(item, name) for name in shows] for item in records(parsed)] == expected(case)
    assert parsed.document.coverage is not None and parsed.document.coverage.lost == 0
