"""The sample corpus read against the truth that its builder wrote down."""

from __future__ import annotations

import json
from collections import Counter
from pathlib import Path
from typing import Any

import pytest

import ingest.sample
from ingest.register import load_register
from tests.ingest.papers import read_document
from tests.sharing import once
from vectorstore.language import remove_spaces
from vectorstore.records import Item, ItemKind, ItemStatus, ParsedDocument

SAMPLE = Path(ingest.sample.__file__).parent
TRUTH = json.loads((SAMPLE / "truth.json").read_text(encoding="utf-8"))


@pytest.fixture(scope="module")
def parsed() -> dict[str, ParsedDocument]:
    entries = load_register(SAMPLE / "corpus.toml").entries
    return once("sample read", lambda: {entry.id: read_document(entry) for entry in entries})


@pytest.fixture(scope="module")
def report(parsed: dict[str, ParsedDocument]) -> ParsedDocument:
    return parsed[TRUTH["report"]["id"]]


def _by_ref(document: ParsedDocument) -> dict[str, Item]:
    items = (item for item in document.items if item.ref != "Archiv")
    return {item.ref: item for item in items if not item.is_continuation}


def told(item: Item, truth: dict[str, Any], *names: str) -> bool:
    """Tell whether an item has these values of the truth."""
    return [getattr(item, name) for name in names] == [truth[name] for name in names]


def test_report_counts(report: ParsedDocument) -> None:
    counts = TRUTH["report"]["counts"]
    kinds = Counter(
        item.kind.value for item in report.items if item.status is not ItemStatus.ARCHIVED
    )
    for kind in ("theme", "goal", "project"):
        assert kinds[kind] == counts[kind]
    statuses = Counter(item.status.value for item in report.items if item.status)
    assert statuses == Counter(counts["by_status"]) + Counter({"archived": counts["archived"]})
    assert len(report.document.pages) == TRUTH["report"]["pages"]


def test_report_themes_and_goals(report: ParsedDocument) -> None:
    items = _by_ref(report)
    for theme in TRUTH["report"]["themes"]:
        assert told(items[theme["ref"]], theme, "title", "page", "page_label")
    for goal in TRUTH["report"]["goals"]:
        item = items[goal["ref"]]
        assert item.kind is ItemKind.GOAL
        assert item.title == goal["sentence"] and told(item, goal, "page", "page_label")
        assert item.theme is not None and item.theme.ref == goal["theme"]


@pytest.mark.parametrize("truth", TRUTH["report"]["projects"], ids=lambda truth: truth["ref"])
def test_report_project(report: ParsedDocument, truth: dict[str, Any]) -> None:
    item = _by_ref(report)[truth["ref"]]
    assert item.kind is ItemKind.PROJECT and item.status is not None
    assert item.status.value == truth["status"]
    assert told(item, truth, "title", "all_municipalities", "page", "page_label")
    assert list(item.responsible) == truth["responsible"]
    assert remove_spaces(item.cooperation or "") == remove_spaces(truth["cooperation"])
    assert set(item.municipalities) == set(truth["municipalities"])
    assert item.theme is not None and item.theme.ref == truth["theme"]
    assert item.goal is not None and item.goal.ref == truth["goal"]
    assert remove_spaces(item.description or "") == remove_spaces("".join(truth["description"]))
    assert remove_spaces(item.state or "") == remove_spaces("".join(truth["state"]))


def test_report_table_rows_and_conflicts(report: ParsedDocument) -> None:
    items = _by_ref(report)
    for row in TRUTH["report"]["table_rows"]:
        item = items[row["project"]]
        assert remove_spaces(item.table_title or "") == remove_spaces(row["title"])
        conflicts = {conflict.field: conflict.table for conflict in item.conflicts}
        assert (conflicts.get("ref") or item.ref) == row["number"]
        if row["status"] != item.status:
            assert conflicts["status"] == row["status"]


def test_report_archive(report: ParsedDocument) -> None:
    rows = [item for item in report.items if item.ref == "Archiv"]
    assert [(i.theme.title if i.theme else None, i.title, i.former_ref) for i in rows] == [
        (row["theme"], row["project"], row["number"]) for row in TRUTH["report"]["archive"]
    ]
    assert [item.key for item in rows] == [f"Archiv~{n}" for n in range(1, len(rows) + 1)]


def test_goals(parsed: dict[str, ParsedDocument]) -> None:
    document = parsed[TRUTH["goals"]["id"]]
    items = _by_ref(document)
    kinds = Counter(item.kind.value for item in document.items)
    assert {kind: kinds[kind] for kind in TRUTH["goals"]["counts"]} == TRUTH["goals"]["counts"]
    for truth in TRUTH["goals"]["items"]:
        item = items[truth["ref"]]
        assert item.kind.value == truth["kind"] and told(item, truth, "title", "page")


@pytest.mark.parametrize("truth", TRUTH["texts"], ids=lambda truth: truth["id"])
def test_texts(parsed: dict[str, ParsedDocument], truth: dict[str, Any]) -> None:
    items = _by_ref(parsed[truth["id"]])
    assert any(item.kind.value == truth["kind"] for item in items.values())
    for expected in truth["items"]:
        if expected.get("empty") and expected["ref"] not in items:
            continue  # an entry without a body is none
        item = items[expected["ref"]]
        if "title" in expected:
            assert item.title == expected["title"]
        if "contains" in expected:
            assert remove_spaces(expected["contains"]) in remove_spaces(item.heading + item.body)
