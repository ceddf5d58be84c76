"""What a run read beside what the edition before holds, for whoever shows it to people while the files are there."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path

from vectorstore.records import ParsedDocument


@dataclass(frozen=True, slots=True)
class ReadPaper:
    """One file that was read; `original` is a private copy of its original that is gone after the run."""

    parsed: ParsedDocument
    original: Path | None


@dataclass(frozen=True, slots=True)
class Review:
    """The papers of a run; `before` are the current edition's documents by id, `kept` the ids that are carried over."""

    papers: tuple[ReadPaper, ...]
    before: Mapping[str, ParsedDocument]
    kept: tuple[str, ...]
    edition: str | None


Reviewer = Callable[[Review], None]
