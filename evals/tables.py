"""Tables of figures in Markdown files."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from pathlib import Path

from prompts import say
from service.terminal import CommandError


def insert_table(text: str, table: str, section: str) -> str:
    """Return a Markdown text in which the table replaces what is between the marks of the section.

    The marks are "<!-- SECTION -->" and "<!-- /SECTION -->", and stay. Raises CommandError unless
    the text has each once, in this order.
    """
    start, end = f"<!-- {section} -->", f"<!-- /{section} -->"
    if text.count(start) != 1 or text.count(end) != 1 or text.index(start) > text.index(end):
        raise CommandError(say("evaluation.marks_missing", start=start, end=end))
    head, tail = text.split(start)
    return f"{head}{start}\n\n{table}\n\n{end}{tail.split(end)[1]}"


def require_marks(file: Path, section: str) -> None:
    """Raise CommandError if a file lacks the marks of a section."""
    insert_table(file.read_text(encoding="utf-8"), "", section)


def write_table(file: Path, table: str, section: str) -> None:
    """Write a table between the marks of a section in a file; raises CommandError."""
    text = insert_table(file.read_text(encoding="utf-8"), table, section)
    file.write_text(text, encoding="utf-8")


def markdown_table(head: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    """Return a Markdown table; all columns but the first are aligned to the right."""
    rule = ["---"] + ["---:"] * (len(head) - 1)
    return "\n".join(map(_table_line, [head, rule, *rows]))


def _table_line(cells: Sequence[str]) -> str:
    texts = [cell.replace("|", "/") for cell in cells]
    return f"| {' | '.join(texts)} |"
