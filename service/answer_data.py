"""The rows of an answer, and how the rows of an overview are grouped."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from enum import StrEnum
from typing import Any

from pydantic import Field, ValidationInfo, field_validator

from service.record_models import COMPLETE, Shape
from vectorstore.records import ItemStatus

Row = Mapping[str, Any]
MOST_ROWS = 1_000


class DataKind(StrEnum):
    """What the rows of an answer are."""

    LIST = "list"
    COUNT = "count"
    COMPARISON = "comparison"
    FACTS = "facts"
    OVERVIEW = "overview"
    FOUND = "found"


class OverviewGroup(Shape):
    """Rows that have something in common; `title` names it, and the rows hold `id`."""

    id: str = Field(description="what the group's rows hold under `document_id`, `theme` or `status`")
    title: str
    count: int = Field(ge=1)


class OverviewGroups(Shape):
    """The rows of an overview by document, theme and status; a row without a theme or status is in no such group."""

    document: list[OverviewGroup] = Field(default_factory=list)
    theme: list[OverviewGroup] = Field(default_factory=list)
    status: list[OverviewGroup] = Field(default_factory=list)


def grouped(rows: Sequence[Row]) -> OverviewGroups:
    """Group rows {document_id, document, theme, status}: largest first, statuses from the idea to what is done."""
    titles = {row["document_id"]: row["document"] for row in rows}
    statuses = _counted(rows, "status")
    return OverviewGroups(
        document=[
            OverviewGroup(id=one, title=titles[one], count=n) for one, n in _counted(rows, "document_id").items()
        ],
        theme=[OverviewGroup(id=one, title=one, count=n) for one, n in _counted(rows, "theme").items()],
        status=[OverviewGroup(id=one, title=one, count=statuses[one]) for one in ItemStatus if one in statuses],
    )


def _counted(rows: Sequence[Row], name: str) -> dict[str, int]:
    """How often each value is there, most first, else in the order in which they come."""
    return dict(Counter(row[name] for row in rows if row.get(name)).most_common())


class AnswerData(Shape):
    """The answer as rows, `MOST_ROWS` at most; each row names its `citations` by marker.

    `complete` is False where there are more than were read; then `total` is a lower bound. It is None, and `total` too,
    where a structure was not understood, so that nobody may count.
    """

    kind: DataKind
    columns: list[str]
    rows: list[dict[str, Any]]
    total: int | None = None
    complete: bool | None = Field(default=True, description=COMPLETE)
    truncated: bool = Field(
        default=False, exclude_if=lambda cut: not cut, description="more rows than these; left out where there are none"
    )
    url: str | None = Field(
        default=None, exclude_if=lambda url: url is None, description="the whole list, where the rows are truncated"
    )
    groups: OverviewGroups | None = Field(
        default=None, validate_default=True, description="the rows of an overview, counted; null for other kinds"
    )

    @field_validator("groups")
    @classmethod
    def of_the_rows(cls, _: OverviewGroups | None, known: ValidationInfo) -> OverviewGroups | None:
        """Count the rows of an overview, whatever was given, so that groups and rows always agree."""
        overview = known.data.get("kind") is DataKind.OVERVIEW and "rows" in known.data
        return grouped(known.data["rows"]) if overview else None
