"""Which editions are drafts: complete like any other, and not yet published; a small note beside the editions each.

The file `current` alone decides what is published: a note of the current edition, or of one that is gone, says nothing
and is swept away by the next writer.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import UTC, date, datetime
from enum import StrEnum
from pathlib import Path

from vectorstore.edition_files import write_durably
from vectorstore.private_modes import private_folder

FOLDER = "drafts"
MOST_DRAFTS = 5
_SUFFIX = ".json"


class EditionState(StrEnum):
    """What an edition is at the moment; `LEFT` is one that was rolled back from."""

    CURRENT = "current"
    BEFORE = "before"
    DRAFT = "draft"
    LEFT = "left"


@dataclass(frozen=True, slots=True)
class DraftOf:
    """A draft to be made: the edition that it started from, and the draft that it takes the place of, if any."""

    based_on: str | None
    instead_of: str | None = None


@dataclass(frozen=True, slots=True)
class DraftNote:
    """What is known of a draft: the edition that was current when it was begun, and when (UTC) it was made."""

    based_on: str | None
    made: datetime


@dataclass(frozen=True, slots=True)
class EditionInfo:
    """One edition of a data folder; numbers and day are None where it is damaged, the rest is of drafts alone."""

    name: str
    state: EditionState
    created: date | None = None
    documents: int | None = None
    items: int | None = None
    based_on: str | None = None
    made: datetime | None = None
    outdated: bool = False


class DraftNotes:
    """The notes of one data folder. Methods raise OSError."""

    def __init__(self, root: Path) -> None:
        self._folder = root / FOLDER

    def all(self) -> dict[str, DraftNote]:
        """The notes by the names of their editions. One that cannot be read knows neither base nor time."""
        return {path.name.removesuffix(_SUFFIX): _read(path) for path in self._folder.glob(f"*{_SUFFIX}")}

    def keep(self, name: str, note: DraftNote) -> None:
        """Note that an edition is a draft, for good."""
        private_folder(self._folder)
        said = {"based_on": note.based_on, "made": note.made.isoformat()}
        write_durably(self._path(name), json.dumps(said) + "\n")

    def forget(self, name: str) -> None:
        """Note that an edition is none."""
        self._path(name).unlink(missing_ok=True)

    def _path(self, name: str) -> Path:
        return self._folder / f"{name}{_SUFFIX}"


def _read(path: Path) -> DraftNote:
    try:
        said = json.loads(path.read_text(encoding="utf-8"))
        return DraftNote(said["based_on"], datetime.fromisoformat(said["made"]))
    except (ValueError, KeyError, TypeError):
        return DraftNote(None, datetime.fromtimestamp(path.stat().st_mtime, UTC))
