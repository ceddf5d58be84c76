"""What is left in files that people keep: tables in Markdown, and the log of openings of what is held back."""

from __future__ import annotations

import subprocess
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import NamedTuple

from prompts import say


class Marks(NamedTuple):
    """The lines before and behind a table."""

    start: str
    end: str


class MarksMissing(ValueError):
    """A file has no place for the table; the message is one sentence for people."""


def with_table(text: str, table: str, marks: Marks) -> str:
    """A Markdown text with the table between its marks, what stood there gone; raises MarksMissing."""
    start, end = marks
    if text.count(start) != 1 or text.count(end) != 1 or text.index(start) > text.index(end):
        raise MarksMissing(say("evaluation.marks_missing", start=start, end=end))
    head, remaining = text.split(start)
    return f"{head}{start}\n\n{table}\n\n{end}{remaining.split(end)[1]}"


def table_row(cells: Sequence[str]) -> str:
    """A row of a Markdown table."""
    return f"| {' | '.join(cell.replace('|', '/') for cell in cells)} |"


def note(name: str, totals: Mapping[str, str]) -> None:
    """Append a line for each group or file, with date, commit and its totals, to a log in docs/ or else here."""
    folder = Path("docs")
    when, commit = f"{datetime.now(UTC):%Y-%m-%d %H:%M}", _commit()
    with ((folder if folder.is_dir() else Path()) / name).open("a", encoding="utf-8") as file:
        file.writelines(f"{when} {commit} {group}: {line}\n" for group, line in totals.items())


def _commit() -> str:
    """Return the commit that is measured, with a mark where files were changed since; "-" outside a repository."""
    command = ["git", "describe", "--always", "--dirty", "--abbrev=9", "--exclude=*"]
    try:
        return subprocess.run(command, capture_output=True, text=True, check=True).stdout.strip()
    except (OSError, subprocess.CalledProcessError):
        return "-"
