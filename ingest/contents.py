"""Tables of contents: lines with leaders or rising page numbers, and the titles that they list."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from ingest.readers.numbers import printed_number
from ingest.stream import NO_BOX, Line

_HEAD = re.compile(
    r"^(?:\d+\.?\s)?(?:Inhalt|Inhaltsverzeichnis|Inhaltsübersicht|Gliederung|Verzeichnis)\b.{0,20}$", re.I
)
_LEADERS = re.compile(r"^(?P<title>.*?\S)\s*+(?:(?:[.·_]\s?){4,}+|…{2,}+)\s*+(?P<page>\d{1,3})?\s*$")
_SPACED = re.compile(r"^(?P<title>.{2,150}?[^\d\s.,])[\s\t]+(?P<page>\d{1,3})$")
_ONE_HEIGHT = 0.3  # of the size: how far the feet of texts beside each other differ
_LEAST = 3  # entries in a row
_BETWEEN = 2  # lines between two entries that are their first halves
_LONGEST = 200  # characters of an entry


@dataclass(frozen=True, slots=True)
class ContentsEntry:
    """An entry of a table of contents: number and title as printed, printed page."""

    ref: str
    title: str
    page: int | None


@dataclass(frozen=True, slots=True)
class Contents:
    """The lines of all tables of contents, and their entries."""

    lines: frozenset[int]
    entries: tuple[ContentsEntry, ...]


def find_contents(lines: Sequence[Line]) -> Contents:
    """Return the tables of contents of a document: runs of entries whose page numbers do not fall."""
    rows = _visual_rows(lines)
    results: set[int] = set()
    entries: list[ContentsEntry] = []
    place = 0
    while place < len(rows):
        headed = _HEAD.match(_text(rows[place], lines)) is not None
        run = _run(rows, place + headed, lines, headed)
        if len(run) < _LEAST:
            place += 1
            continue
        last = run[-1][0]
        for row in rows[place : last + 1]:
            results.update(row)
        entries += _entries(rows, run, lines)
        place = last + 1
    return Contents(frozenset(results), tuple(entries))


def read_entries(text: str) -> Iterator[tuple[str, str]]:
    """Yield number and title of the entries of rendered contents; one of two lines has its page on the second."""
    before = ""
    for line in text.splitlines():
        match = _LEADERS.match(line) or _SPACED.match(line)
        whole = f"{before} {match['title'] if match else line}".strip()
        before = "" if match else line
        if match and (number := printed_number(whole)) and number.rest:
            yield number.ref, number.rest.rstrip(" .·_…")


def _visual_rows(lines: Sequence[Line]) -> list[list[int]]:
    """Return lines, those of one row of a table or at one height together."""
    rows: list[list[int]] = []
    for place, line in enumerate(lines):
        before = lines[rows[-1][-1]] if rows else None
        same = before is not None and _in_one_row(before, line)
        if same:
            rows[-1].append(place)
        else:
            rows.append([place])
    return rows


def _in_one_row(before: Line, line: Line) -> bool:
    """True if two lines are in one row of a table, or at one height beside each other."""
    if line.cell is not None and before.cell is not None:
        return line.cell[:2] == before.cell[:2]
    beside = line.box != NO_BOX and line.page == before.page and line.box.left >= before.box.right
    return beside and abs(line.box.bottom - before.box.bottom) <= _ONE_HEIGHT * line.style.size


def _text(row: Sequence[int], lines: Sequence[Line]) -> str:
    return " ".join(lines[place].text for place in row)


def _run(
    rows: Sequence[Sequence[int]], start: int, lines: Sequence[Line], headed: bool
) -> list[tuple[int, str, int | None]]:
    """Return the entries (row, title, page) from a row on, up to where a page number falls or entries end."""
    run: list[tuple[int, str, int | None]] = []
    highest = misses = 0
    for place in range(start, len(rows)):
        text = _text(rows[place], lines)
        match = _LEADERS.match(text) or (_SPACED.match(text) if headed or run else None)
        page = int(match["page"]) if match and match["page"] else None
        if match is None or len(text) > _LONGEST or (page is not None and page < highest):
            misses += 1
            if (not run and not headed) or misses > _BETWEEN or len(text) > _LONGEST:
                break
            continue
        misses, highest = 0, page or highest
        run.append((place, match["title"].strip(), page))
    return run


def _entries(
    rows: Sequence[Sequence[int]], run: Sequence[tuple[int, str, int | None]], lines: Sequence[Line]
) -> list[ContentsEntry]:
    made = []
    before = None
    for place, title, page in run:
        if before is not None and place - before == 2 and not printed_number(title):
            title = f"{_text(rows[place - 1], lines)} {title}"  # the first half of an entry over two lines
        before = place
        title = title.rstrip(" .·_…")
        number = printed_number(title)
        made.append(
            ContentsEntry(number.ref, number.rest, page) if number and number.rest else ContentsEntry("", title, page)
        )
    return made
