"""The log of openings: how often papers that are held back were measured, when, at which state, with which totals."""

from __future__ import annotations

import subprocess
from collections.abc import Mapping
from datetime import UTC, datetime
from pathlib import Path

from evals.reading.figures import ReadingFigures

_TOLD = ("right", "false", "responsible", "counts", "body", "lost")


def place() -> Path:
    """Return where openings are noted unless somebody says otherwise: in docs/ where there is one, else here."""
    folder = Path("docs")
    return (folder if folder.is_dir() else Path()) / "reading-held.log"


def note(path: Path, groups: Mapping[str, ReadingFigures]) -> None:
    """Append a line for each group, with date, commit and totals."""
    when, commit = f"{datetime.now(UTC):%Y-%m-%d %H:%M}", _commit()
    with path.open("a", encoding="utf-8") as file:
        for group, figures in groups.items():
            told = ", ".join(f"{name} {figures[name]}" for name in _TOLD)
            file.write(f"{when} {commit} {group}: {told}\n")


def _commit() -> str:
    """Return the commit that is measured, with a mark where files were changed since; "-" outside a repository."""
    command = ["git", "describe", "--always", "--dirty", "--abbrev=9", "--exclude=*"]
    try:
        return subprocess.run(command, capture_output=True, text=True, check=True).stdout.strip()
    except (OSError, subprocess.CalledProcessError):
        return "-"
