"""Tables of contents: lines with dot leaders or rising page numbers, and the titles that they
list.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import NamedTuple

from ingest.readers.numbers import parse_number
from ingest.stream import NO_BOX, Line, split_where

_HEADING = re.compile(  # "Inhalt", "1. Inhaltsverzeichnis"
    r"^(?:\d+\.?\s)?(?:Inhalt|Inhaltsverzeichnis|Inhaltsübersicht|Gliederung|Verzeichnis)\b.{0,20}$",
    re.I,
)
# entries: "Title ..... 12", and "Title   12", which counts only in a table of contents that has
# begun
_LEADERS = re.compile(
    r"^(?P<title>.*?\S)\s*+(?:(?:[.·_]\s?){4,}+|…{2,}+)\s*+(?P<page>\d{1,3})?\s*$"
)
_SPACED = re.compile(r"^(?P<title>.{2,150}?[^\d\s.,])[\s\t]+(?P<page>\d{1,3})$")
# of the font size, by which the bottoms of two texts of one row may differ
_BASELINE_TOLERANCE = 0.3
_MIN_ENTRIES = 3  # of a table of contents
_MAX_GAP = 2  # lines between two entries: the first halves of entries over two lines
_MAX_ENTRY_LENGTH = 200  # characters


class Contents(NamedTuple):
    """All tables of contents of a document: the indexes of their lines, and the titles that they
    list, without numbers.
    """

    lines: frozenset[int]
    titles: tuple[str, ...]


def find_tables_of_contents(lines: Sequence[Line]) -> Contents:
    """Return the tables of contents of a document.

    A table of contents has at least three entries, and its page numbers never decrease. A heading
    such as "Inhalt" above it belongs to it. A title and its page number may be two lines at one
    height, which are read as one row.
    """
    rows = split_where(
        range(len(lines)), lambda row, index: not _in_one_row(lines[row[-1]], lines[index])
    )
    contents_lines: set[int] = set()
    titles: list[str] = []
    row_index = 0
    while row_index < len(rows):
        has_heading = _HEADING.match(_row_text(rows[row_index], lines)) is not None
        first_row = row_index + has_heading  # below the heading, if there is one
        run = _read_run(rows, first_row, lines, has_heading=has_heading)
        if len(run) < _MIN_ENTRIES:
            row_index += 1
            continue
        last_row = run[-1][0]
        for row in rows[row_index : last_row + 1]:
            contents_lines.update(row)
        titles += _titles_of(rows, run, lines)
        row_index = last_row + 1
    return Contents(frozenset(contents_lines), tuple(titles))


def listed_title(line: str) -> str | None:
    """Return the title in a line of a table of contents with dots and a page number ("Ziele .....
    7"), None for other lines.
    """
    match = _LEADERS.match(line[:_MAX_ENTRY_LENGTH])
    if match is None or not match["page"] or len(line) > _MAX_ENTRY_LENGTH:
        return None
    return match["title"]


def read_entries(text: str) -> Iterator[tuple[str, str]]:
    """Yield number and title of the numbered entries in the text of a table of contents.

    A line without a page number is the first half of an entry, if the next line has no number of
    its own.
    """
    first_half = ""
    for line in text.splitlines():
        match = _LEADERS.match(line) or _SPACED.match(line)
        if match is None:
            first_half = line
            continue
        title = match["title"]
        number = parse_number(title) or parse_number(f"{first_half} {title}")
        first_half = ""
        if number and number.text_after:
            yield number.ref, number.text_after.rstrip(" .·_…")


def _in_one_row(previous: Line, line: Line) -> bool:
    """True if two lines are in one row of a table, or at one height beside each other."""
    if line.cell is not None and previous.cell is not None:
        return line.cell[:2] == previous.cell[:2]  # table and row
    if line.box == NO_BOX or line.page != previous.page:
        return False
    distance = abs(line.box.bottom - previous.box.bottom)
    is_beside = line.box.left >= previous.box.right
    return is_beside and distance <= _BASELINE_TOLERANCE * line.style.size


def _row_text(row: Sequence[int], lines: Sequence[Line]) -> str:
    return " ".join(lines[index].text for index in row)


def _read_run(
    rows: Sequence[Sequence[int]], start: int, lines: Sequence[Line], *, has_heading: bool
) -> list[tuple[int, str]]:
    """Return the entries of a table of contents, from row `start` on, as (row index, title).

    Between two entries up to two rows (`_MAX_GAP`) may be no entries. An entry whose page is before
    the page of the entry above it counts as no entry. A long row ends the table. Without a heading
    above (`has_heading`), the row `start` must be an entry with dot leaders.
    """
    run: list[tuple[int, str]] = []
    last_page = misses = 0
    for row_index in range(start, len(rows)):
        text = _row_text(rows[row_index], lines)
        is_long = len(text) > _MAX_ENTRY_LENGTH
        match = _LEADERS.match(text)
        if match is None and (has_heading or run):
            match = _SPACED.match(text)
        page = None
        if match and match["page"]:
            page = int(match["page"])
        goes_back = page is not None and page < last_page
        if match is None or is_long or goes_back:
            misses += 1
            if (not run and not has_heading) or misses > _MAX_GAP or is_long:
                break
            continue
        misses, last_page = 0, page or last_page
        run.append((row_index, match["title"].strip()))
    return run


def _titles_of(
    rows: Sequence[Sequence[int]], run: Sequence[tuple[int, str]], lines: Sequence[Line]
) -> Iterator[str]:
    """Yield the titles of a run of entries without their numbers; a title over two rows is
    joined.
    """
    previous_row = None
    for row_index, title in run:
        if previous_row is not None and row_index - previous_row == 2 and not parse_number(title):
            # the first half of an entry over two lines
            title = f"{_row_text(rows[row_index - 1], lines)} {title}"
        previous_row = row_index
        title = title.rstrip(" .·_…")
        number = parse_number(title)
        if number and number.text_after:
            yield number.text_after
        else:
            yield title
