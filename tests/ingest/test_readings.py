"""Small papers of one difficulty each, kept as data with what is read of them."""

from __future__ import annotations

import tomllib
from pathlib import Path
from typing import Any

import pytest

from tests.ingest.papers import PROSE, read_text
from vectorstore.records import DocumentKind, Item, ParsedDocument

CASES = tomllib.loads((Path(__file__).parent / "readings.toml").read_text(encoding="utf-8"))["case"]
COMPLETE = {True: "yes", False: "no", None: "unknown"}


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


def families(document: ParsedDocument, case: dict[str, Any]) -> list[list[Any]]:
    found = ([family.found, family.expected, COMPLETE[family.complete]] for family in document.document.families)
    return [["", count, -1 if expected is None else expected, complete] for count, expected, complete in found]


def _param(case: dict[str, Any]) -> Any:
    marks = [pytest.mark.xfail(strict=True, reason=case["xfail"])] if "xfail" in case else []
    return pytest.param(case, id=case["name"], marks=marks)


@pytest.mark.parametrize("case", [_param(case) for case in CASES])
def test_a_small_paper_is_read(case: dict[str, Any], tmp_path: Path) -> None:
    text = case["text"].strip("\n").replace("{P}", PROSE)
    parsed = read_text(tmp_path, text, DocumentKind(case.get("kind", "strategy")), case.get("file", "papier.txt"))
    items = [item for item in parsed.items if item.kind in case.get("of", [item.kind])]
    if "refs" in case:
        assert [item.ref for item in items] == case["refs"]
    if "keys" in case:
        assert [item.key for item in items] == case["keys"]
    if "titles" in case:
        assert [[item.ref, item.kind, item.title] for item in items if item.ref != "Titel"] == case["titles"]
    if "families" in case:
        assert families(parsed, case) == case["families"]
    if "complete" in case:
        own = [family for family in parsed.document.families if family.kind in ("measure", "project")]
        assert [COMPLETE[family.complete] for family in own] == case["complete"]
    by_ref = {item.ref: item for item in items}
    for ref, needed in case.get("items", {}).items():
        found = {name: told(by_ref[ref], name) for name in needed}
        assert found == {n: v.replace("{P}", PROSE) if isinstance(v, str) else v for n, v in needed.items()}
