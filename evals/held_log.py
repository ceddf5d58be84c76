"""The log of openings of held cases and documents, which are only measured."""

from __future__ import annotations

import subprocess
from collections.abc import Mapping
from datetime import UTC, datetime
from pathlib import Path


def append_to_log(log_name: str, totals: Mapping[str, str]) -> None:
    """Append a line for each group or file to a log, with date, commit and totals. So it is known
    how often held cases were looked at.

    The log is in `docs/`; if there is no such folder, in the current folder.
    """
    folder = Path("docs")
    if not folder.is_dir():
        folder = Path()
    time, commit = f"{datetime.now(UTC):%Y-%m-%d %H:%M}", _commit()
    with (folder / log_name).open("a", encoding="utf-8") as file:
        file.writelines(f"{time} {commit} {group}: {line}\n" for group, line in totals.items())


def _commit() -> str:
    """Return the hash of the current commit, with "-dirty" if tracked files differ from it.

    Returns "-" outside of a repository or without git.
    """
    command = ["git", "describe", "--always", "--dirty", "--abbrev=9", "--exclude=*"]
    try:
        return subprocess.run(command, capture_output=True, text=True, check=True).stdout.strip()
    except (OSError, subprocess.CalledProcessError):
        return "-"
