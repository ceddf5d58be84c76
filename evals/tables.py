"""Tables of figures in Markdown files."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from prompts import say


class MarksMissing(ValueError):
    """A file lacks the marks for the table; the message is one German sentence."""


def insert_table(text: str, table: str, section: str) -> str:
    """Return a Markdown text with the table between "<!-- SECTION -->" and "<!-- /SECTION -->";
    raises MarksMissing.
    """
    start, end = f"<!-- {section} -->", f"<!-- /{section} -->"
    if text.count(start) != 1 or text.count(end) != 1 or text.index(start) > text.index(end):
        raise MarksMissing(say("evaluation.marks_missing", start=start, end=end))
    head, tail = text.split(start)
    return f"{head}{start}\n\n{table}\n\n{end}{tail.split(end)[1]}"


def markdown_table(head: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    """Return a Markdown table; all columns but the first are aligned to the right."""
    lines = [head, ["---", *("---:" for _ in head[1:])], *rows]
    return "\n".join(
        f"| {' | '.join(cell.replace('|', '/') for cell in cells)} |" for cells in lines
    )
