"""An overview as pages show it: groups of rows side by side, by status, theme and document, or by county."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from service.answer_data import AnswerData, OverviewGroup
from service.models import Answer
from service.pages.labels import GROUPS, shown

Row = dict[str, Any]
ALL_ROWS = "alle"
FIELDS = {"status": "status", "theme": "theme", "document": "document_id"}


@dataclass(frozen=True, slots=True)
class Column:
    """Groups of rows {title: rows} under a title; `about` says more of it."""

    title: str
    about: str
    groups: dict[str, list[Row]]


def columns(answer: Answer) -> list[Column]:
    """Return the columns of an overview: a document each where several counties are told of, else what is grouped by.

    What has one group alone is left out.
    """
    data = answer.data
    if data is None or data.groups is None:
        return []
    publishers = {one.document_id: one.publisher for one in answer.citations if one.publisher}
    if len(set(publishers.values())) > 1:
        return [_of_document(data, one, publishers.get(one.id, "")) for one in data.groups.document]
    made = {by: _split(data.rows, FIELDS[by], getattr(data.groups, by)) for by in GROUPS}
    return [Column(GROUPS[by], "", groups) for by, groups in made.items() if len(groups) > 1]


def _of_document(data: AnswerData, document: OverviewGroup, publisher: str) -> Column:
    assert data.groups is not None
    rows = [row for row in data.rows if row["document_id"] == document.id]
    return Column(document.title, publisher, {ALL_ROWS: rows} | _split(rows, "status", data.groups.status))


def _split(rows: list[Row], field: str, groups: Iterable[OverviewGroup]) -> dict[str, list[Row]]:
    split = {shown(group.title): [row for row in rows if row.get(field) == group.id] for group in groups}
    return {title: some for title, some in split.items() if some}
