"""The ingestion report as staff read it: what became of each file, and what was left."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import PurePath
from typing import Any

from service.staff.words import REPORT_STATES


@dataclass(frozen=True, slots=True)
class FileLine:
    """One file of the report; `seconds` of reading, `archived` counts rows of an archive."""

    id: str
    file: str
    state: str
    reason: str
    warnings: list[str]
    archived: int
    chunks: int
    seconds: float | None


@dataclass(frozen=True, slots=True)
class Reported:
    """The files that became documents by id, those that were rejected, and the names of those that were left."""

    files: dict[str, FileLine]
    rejected: list[FileLine]
    left: list[str]


def reported(report: Mapping[str, Any]) -> Reported:
    """Read an edition's report; one without files gives empty lists."""
    lines = [(file.get("state"), _line(file)) for file in report.get("files", [])]
    return Reported(
        files={line.id: line for state, line in lines if state != "rejected"},
        rejected=[line for state, line in lines if state == "rejected"],
        left=[PurePath(str(name)).name for name in report.get("left", [])],
    )


def _line(file: Mapping[str, Any]) -> FileLine:
    return FileLine(
        id=str(file.get("id", "")),
        file=PurePath(str(file.get("file", ""))).name,
        state=REPORT_STATES.get(str(file.get("state")), str(file.get("state"))),
        reason=str(file.get("reason") or ""),
        warnings=[str(one) for one in file.get("warnings", ())],
        archived=int(file.get("counts", {}).get("archived", 0)),
        chunks=int(file.get("chunks", 0)),
        seconds=file.get("seconds"),
    )
