"""A table in a Markdown file: what stands between two marks is made anew, the rest stays."""

from __future__ import annotations

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
    head, rest = text.split(start)
    return f"{head}{start}\n\n{table}\n\n{end}{rest.split(end)[1]}"
