"""What the next edition takes over from the current one: records, originals, and what was reported of their files."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from ingest.report.report import FileState
from vectorstore.edition import Edition
from vectorstore.records import ParsedDocument


@dataclass(frozen=True, slots=True)
class KeptDocuments:
    """Documents that are neither read again nor removed; `originals` maps their ids to files of their edition."""

    parsed: list[ParsedDocument] = field(default_factory=list)
    originals: dict[str, Path] = field(default_factory=dict)
    files: list[dict[str, Any]] = field(default_factory=list)

    @property
    def ids(self) -> set[str]:
        """The ids of the documents."""
        return {one.document.id for one in self.parsed}

    @classmethod
    def of(cls, edition: Edition, without: Collection[str]) -> KeptDocuments:
        """Return the documents of an edition but those with the ids `without`."""
        parsed = [one for one in edition.catalogue.parsed() if one.document.id not in without]
        ids = {one.document.id for one in parsed}
        reported = edition.report.get("files", [])
        return cls(
            parsed,
            {name: path for name, path in edition.originals.items() if name in ids},
            [one for one in reported if one["id"] in ids and one["state"] != FileState.REJECTED],
        )
