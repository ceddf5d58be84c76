"""What became of every file: one state each, as JSON and as a short table."""

from __future__ import annotations

from collections import Counter
from dataclasses import asdict, dataclass, field
from enum import StrEnum
from typing import Any

from rich.table import Table

from vectorstore.records import ParsedDocument


class FileState(StrEnum):
    """The one state that a file ends in."""

    INDEXED = "indexed"
    INDEXED_WITH_WARNINGS = "indexed_with_warnings"
    REJECTED = "rejected"


_WORDS = {
    FileState.INDEXED: "eingelesen",
    FileState.INDEXED_WITH_WARNINGS: "eingelesen, mit Hinweisen",
    FileState.REJECTED: "abgelehnt",
}


@dataclass(frozen=True, slots=True)
class FileReport:
    """One file: its state, the reason of a rejection, what was found in it, and the time taken in seconds."""

    file: str
    id: str
    state: FileState
    reason: str | None = None
    warnings: tuple[str, ...] = ()
    pages: int = 0
    counts: dict[str, int] = field(default_factory=dict)
    chunks: int = 0
    cached: bool = False
    seconds: float = 0.0

    @classmethod
    def of(cls, file: str, parsed: ParsedDocument, *, cached: bool, seconds: float) -> FileReport:
        """Report a document that was read."""
        warnings = parsed.document.warnings
        return cls(
            file=file,
            id=parsed.document.id,
            state=FileState.INDEXED_WITH_WARNINGS if warnings else FileState.INDEXED,
            warnings=warnings,
            pages=len(parsed.document.pages),
            counts=dict(Counter(item.kind.value for item in parsed.items)),
            chunks=len(parsed.chunks),
            cached=cached,
            seconds=round(seconds, 3),
        )


@dataclass(frozen=True, slots=True)
class IngestReport:
    """One run: its files, files beside the register that were left, and the edition that is current afterwards."""

    files: tuple[FileReport, ...]
    left: tuple[str, ...] = ()
    edition: str | None = None
    changed: bool = False
    seconds: float = 0.0

    @property
    def rejected(self) -> tuple[FileReport, ...]:
        """The files that could not be documents."""
        return tuple(file for file in self.files if file.state is FileState.REJECTED)

    @property
    def exit_code(self) -> int:
        """0 where every file was taken, 1 where one was rejected."""
        return 1 if self.rejected else 0

    def as_dict(self) -> dict[str, Any]:
        """Return the report as JSON knows it."""
        return asdict(self) | {"exit_code": self.exit_code}

    def table(self) -> Table:
        """Return a short table for the terminal."""
        table = Table(title=None)
        for heading in ("Dokument", "Zustand", "Inhalt", "Hinweise"):
            table.add_column(heading, overflow="fold")
        for file in self.files:
            contents = ", ".join(f"{count} {kind}" for kind, count in sorted(file.counts.items()))
            notes = file.reason or "; ".join(file.warnings[:3])
            table.add_row(file.id, _WORDS[file.state], contents, notes)
        for name in self.left:
            table.add_row(name, "nicht registriert", "", "bleibt unbeachtet")
        return table
