"""Groups of an overview: they are those of its rows, in a fixed order, and only an overview has them."""

from __future__ import annotations

from typing import Any

import pytest

from service.models import AnswerData, DataKind, OverviewGroups

COLUMNS = ["ref", "title", "kind", "status", "theme", "document"]


def row(place: int, status: str | None, theme: str | None, document: str) -> dict[str, Any]:
    return {"document_id": document.lower(), "ref": str(place), "title": f"Vorhaben {place}", "kind": "project",
            "status": status, "theme": theme, "document": document, "citations": []}  # fmt: skip


ROWS = [
    row(1, "implemented", "Klima", "Bericht"),
    row(2, "idea", "Bus", "Strategie"),
    row(3, None, None, "Strategie"),
    row(4, "idea", "Klima", "Strategie"),
]


def counted(groups: list[Any]) -> list[tuple[str, str, int]]:
    return [(one.id, one.title, one.count) for one in groups]


def test_an_overview_counts_its_rows() -> None:
    groups = AnswerData(kind=DataKind.OVERVIEW, columns=COLUMNS, rows=ROWS, total=4).groups
    assert groups is not None
    assert counted(groups.document) == [("strategie", "Strategie", 3), ("bericht", "Bericht", 1)]
    assert counted(groups.theme) == [("Klima", "Klima", 2), ("Bus", "Bus", 1)]
    assert counted(groups.status) == [("idea", "idea", 2), ("implemented", "implemented", 1)]


def test_what_is_given_as_groups_cannot_contradict_the_rows() -> None:
    made = AnswerData(kind=DataKind.OVERVIEW, columns=COLUMNS, rows=ROWS, groups=OverviewGroups())
    assert made == AnswerData(kind=DataKind.OVERVIEW, columns=COLUMNS, rows=ROWS)
    assert AnswerData.model_validate_json(made.model_dump_json()) == made


@pytest.mark.parametrize("kind", [one for one in DataKind if one is not DataKind.OVERVIEW])
def test_other_kinds_have_no_groups(kind: DataKind) -> None:
    assert AnswerData(kind=kind, columns=COLUMNS, rows=ROWS, groups=OverviewGroups()).groups is None
