"""What each piece of text in a file is: body text, struck out, the mark of a note, and others."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from enum import StrEnum
from typing import NamedTuple


class RunRole(StrEnum):
    """The role of a run.

    Body text and form values are in the lines of a layout. Struck text can be looked at, and is
    never searched, quoted or counted; neither are marks of notes, hidden text and page furniture.
    """

    BODY = "body"
    STRUCK = "struck"
    NOTE_MARK = "note_mark"
    FORM_VALUE = "form_value"
    HIDDEN = "hidden"
    FURNITURE = "furniture"


class TextRun(NamedTuple):
    """A piece of text with one role, on a page from 0."""

    text: str
    role: RunRole
    page: int = 0

    @property
    def length(self) -> int:
        """The number of its characters without white space."""
        return len("".join(self.text.split()))


def count_by_page(runs: Iterable[TextRun], role: RunRole) -> dict[int, int]:
    """Return the number of characters of one role on each page that has some."""
    counts: Counter[int] = Counter()
    for run in runs:
        if run.role is role:
            counts[run.page] += run.length
    return dict(+counts)


def count_by_role(runs: Iterable[TextRun]) -> Counter[RunRole]:
    """Return the number of characters of each role."""
    counts: Counter[RunRole] = Counter()
    for run in runs:
        counts[run.role] += run.length
    return counts
