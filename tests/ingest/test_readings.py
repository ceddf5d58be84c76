"""Small papers of one difficulty each, kept as data with what is read of them."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from ingest import missed_headings, missed_rows
from tests.ingest.cases import documents, values
from tests.ingest.papers import PROSE, is_whole, read_text, records, said
from vectorstore.records import DocumentKind, Item, ParsedDocument

COMPLETE = {True: "yes", False: "no", None: "unknown"}
PAPER = {"name", "file", "kind", "text", "said", "sure", "of", "defect"}
READING = {"refs", "keys", "titles", "items"}


def told(item: Item, name: str) -> Any:
    """Return what is read of an item, as the data writes it."""
    match name:
        case "theme":
            return item.theme and item.theme.title
        case "conflicts":
            return [[conflict.field, conflict.text, conflict.table] for conflict in item.conflicts]
        case "labels":
            return [field.label for field in item.fields]
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


# What is read of a whole paper, as the data writes it
OF_PAPER: dict[str, Callable[[ParsedDocument], list[Any]]] = {
    "families": families,
    "complete": lambda parsed: [
        COMPLETE[family.complete]
        for family in parsed.document.families
        if family.kind in ("measure", "project")
    ],
    "reasons": lambda parsed: [family.reason for family in parsed.document.families],
    "asked": lambda parsed: [
        [family.count, family.records[0].title, family.reason]
        for family in parsed.document.proposed
    ],
    "sections": lambda parsed: [
        item.title for item in parsed.items if item.kind == "section" and item.ref != "Titel"
    ],
    "missed_rows": lambda parsed: [place.text for place in missed_rows(parsed)],
    "missed_headings": lambda parsed: [place.text for place in missed_headings(parsed)],
}


def check_paper(case: dict[str, Any], parsed: ParsedDocument) -> None:
    for name in case.keys() & OF_PAPER:
        assert OF_PAPER[name](parsed) == case[name], name


def read_case(case: dict[str, Any], text: str, file: str) -> ParsedDocument:
    """Read a paper; what it is not sure of (or `sure`) is answered with the examples that are
    `said`.
    """
    kind = DocumentKind(case.get("kind", "strategy"))
    parsed = read_text(text, kind, case.get("file", file))
    if "said" not in case:
        return parsed
    assert "sure" in case or not [item for item in parsed.items if item.kind == "measure"]
    return read_text(text, kind, case.get("file", file), said(*case["said"]))


@pytest.mark.parametrize("case", documents("readings.toml"))
def test_a_small_paper_is_read(case: dict[str, Any]) -> None:
    reading = READING | OF_PAPER.keys()
    assert case.keys() & reading and case.keys() <= PAPER | reading, "a part that nobody asks"
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
    check_paper(case, parsed)
    by_ref = {item.ref: item for item in items if not item.is_continuation}
    for ref, needed in case.get("items", {}).items():
        found = {name: told(by_ref[ref], name) for name in needed}
        assert found == {
            n: v.replace("{P}", PROSE) if isinstance(v, str) else v for n, v in needed.items()
        }


# Four sheets, set in one way

FOUR = values(__file__, "four")
WORDS = ("Vorne", "Danach", "Später", "Endlich")


def filled(text: str, n: int = 0) -> str:
    for name, value in {**FOUR[n], "n": str(n + 1), "word": WORDS[n], "P": PROSE}.items():
        text = text.replace(f"{{{name}}}", value)
    return text


def filled_in(value: Any, n: int = 0) -> Any:
    if isinstance(value, list):
        return [filled_in(item, n) for item in value]
    return filled(value, n) if isinstance(value, str) else value


def expected_records(case: dict[str, Any]) -> Any:
    if "record" in case:
        return [filled_in(case["record"], n) for n in range(4)]
    if "records" in case:
        return filled_in(case["records"])
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
    assert is_whole(parsed.document)
    check_paper(case, parsed)
