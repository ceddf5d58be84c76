"""The log of openings: how often what is held back was measured, when, at which state, with which totals."""

from __future__ import annotations

import subprocess
from collections.abc import Mapping
from datetime import UTC, datetime
from pathlib import Path


def place(name: str) -> Path:
    """Return where openings are noted unless somebody says otherwise: in docs/ where there is one, else here."""
    folder = Path("docs")
    return (folder if folder.is_dir() else Path()) / name


def note(path: Path, totals: Mapping[str, str]) -> None:
    """Append a line for each group or file, with date, commit and its totals."""
    when, commit = f"{datetime.now(UTC):%Y-%m-%d %H:%M}", _commit()
    with path.open("a", encoding="utf-8") as file:
        file.writelines(f"{when} {commit} {name}: {one}\n" for name, one in totals.items())


def _commit() -> str:
    """Return the commit that is measured, with a mark where files were changed since; "-" outside a repository."""
    command = ["git", "describe", "--always", "--dirty", "--abbrev=9", "--exclude=*"]
    try:
        return subprocess.run(command, capture_output=True, text=True, check=True).stdout.strip()
    except (OSError, subprocess.CalledProcessError):
        return "-"
