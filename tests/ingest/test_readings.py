"""Small papers of one difficulty each, kept as data with what is read of them."""

from __future__ import annotations

from typing import Any

import pytest

from tests.ingest.cases import documents
from tests.ingest.papers import PROSE, read_text, records, said
from vectorstore.records import DocumentKind, Item, ParsedDocument

COMPLETE = {True: "yes", False: "no", None: "unknown"}
PAPER = {"name", "file", "kind", "text", "said", "of", "defect"}
READING = {"refs", "keys", "titles", "families", "complete", "items"}


def told(item: Item, name: str) -> Any:
    """Return what is read of an item, as the data writes it."""
    match name:
        case "theme":
            return item.theme and item.theme.title
        case "conflicts":
            return [[conflict.field, conflict.text, conflict.table] for conflict in item.conflicts]
        case "sources":
            return [[value.source for value in conflict.values] for conflict in item.conflicts]
    value = getattr(item, name)
    return list(value) if isinstance(value, tuple) else value or ""


def families(document: ParsedDocument) -> list[list[Any]]:
    found = (
        [family.found, family.expected, COMPLETE[family.complete]]
        for family in document.document.families
    )
    return [
        ["", count, -1 if expected is None else expected, complete]
        for count, expected, complete in found
    ]


def read_case(case: dict[str, Any], text: str, file: str) -> ParsedDocument:
    """Read a paper; what it is not sure of is asked, and answered with the examples that are
    `said`.
    """
    kind = DocumentKind(case.get("kind", "strategy"))
    parsed = read_text(text, kind, case.get("file", file))
    if "said" not in case:
        return parsed
    assert not [item for item in parsed.items if item.kind == "measure"]
    return read_text(text, kind, case.get("file", file), said(*case["said"]))


@pytest.mark.parametrize("case", documents("readings.toml"))
def test_a_small_paper_is_read(case: dict[str, Any]) -> None:
    assert case.keys() & READING and case.keys() <= PAPER | READING, "a part that nobody asks"
    text = case["text"].strip("\n").replace("{P}", PROSE)
    parsed = read_case(case, text, "papier.txt")
    items = [item for item in parsed.items if item.kind in case.get("of", [item.kind])]
    if "refs" in case:
        assert [item.ref for item in items] == case["refs"]
    if "keys" in case:
        assert [item.key for item in items] == case["keys"]
    if "titles" in case:
        assert [[item.ref, item.kind, item.title] for item in items if item.ref != "Titel"] == case[
            "titles"
        ]
    if "families" in case:
        assert families(parsed) == case["families"]
    if "complete" in case:
        own = [
            family for family in parsed.document.families if family.kind in ("measure", "project")
        ]
        assert [COMPLETE[family.complete] for family in own] == case["complete"]
    by_ref = {item.ref: item for item in items if not item.is_continuation}
    for ref, needed in case.get("items", {}).items():
        found = {name: told(by_ref[ref], name) for name in needed}
        assert found == {
            n: v.replace("{P}", PROSE) if isinstance(v, str) else v for n, v in needed.items()
        }


# Four sheets, set in one way

FOUR = (
    {
        "title": "Jobticket für alle",
        "unit": "Amt für Mobilität",
        "period": "2026 bis 2028",
        "state": "umgesetzt",
    },
    {
        "title": "Radwege im Norden",
        "unit": "Tiefbauamt",
        "period": "ab 2027",
        "state": "noch nicht begonnen",
    },
    {
        "title": "Dächer mit Solarstrom",
        "unit": "Amt für Gebäude",
        "period": "bis Ende 2030",
        "state": "in Umsetzung",
    },
    {
        "title": "Mehrweg auf Festen",
        "unit": "Ordnungsamt",
        "period": "dauerhaft",
        "state": "in Planung",
    },
)
WORDS = ("Vorne", "Danach", "Später", "Endlich")


def filled(text: str, n: int = 0) -> str:
    for name, value in {**FOUR[n], "n": str(n + 1), "word": WORDS[n], "P": PROSE}.items():
        text = text.replace(f"{{{name}}}", value)
    return text


def expected_records(case: dict[str, Any]) -> list[list[Any]]:
    if "records" in case:
        return [
            [filled(record) if isinstance(record, str) else record for record in row]
            for row in case["records"]
        ]
    return [
        [filled(case["ref"], n), sheet["title"], [sheet["unit"]], sheet["period"]]
        for n, sheet in enumerate(FOUR)
    ]


@pytest.mark.parametrize("case", documents("documents.toml"))
def test_four_sheets_are_read(case: dict[str, Any]) -> None:
    sheets = "".join(filled(case["sheet"], n) for n in range(4))
    text = filled(case["before"]) + sheets + filled(case.get("after", ""))
    parsed = read_case(case, text, "plan.txt")
    shows = case.get("shows", ["ref", "title", "responsible", "period"])
    assert [[told(item, name) for name in shows] for item in records(parsed)] == expected_records(
        case
    )
    assert parsed.document.coverage is not None and parsed.document.coverage.lost == 0
