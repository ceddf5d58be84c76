"""The stream of lines into which every file format is converted: text, page, style, box, and table
cell.
"""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import NamedTuple, TypeVar

from ingest.layout.runs import RunRole, TextRun, count_by_page

Thing = TypeVar("Thing")
_LIGATURES = {
    0xFB00: "ff",
    0xFB01: "fi",
    0xFB02: "fl",
    0xFB03: "ffi",
    0xFB04: "ffl",
    0xFB05: "st",
    0xFB06: "st",
    0x00A0: " ",
    0x202F: " ",
    0x2009: " ",
    0x00AD: None,
    **dict.fromkeys(range(0xFE00, 0xFE10)),
}
# Characters without width or shape: zero-width, direction marks, fillers, tags and variation
# selectors. They make words unsearchable, change the reading order, or carry a text that no reader
# sees.
_INVISIBLE = re.compile(
    "[\u034f\u061c\u115f\u1160\u180e\u200b-\u200f\u202a-\u202e\u2060-\u206f\u3164\ufeff\uffa0"
    "\U000e0000-\U000e007f\U000e0100-\U000e01ef]"
)


class Box(NamedTuple):
    """A rectangle in points, from the top left corner of the page as displayed."""

    left: float
    top: float
    right: float
    bottom: float


_SAME_SIZE = 0.6  # points by which sizes of one style differ: they are read in half points
NO_BOX = Box(0.0, 0.0, 0.0, 0.0)


@dataclass(frozen=True, slots=True)
class Style:
    """The style of text: size in points (0 if unknown), bold, colour 0xRRGGBB, heading level.

    `level` is the heading level that the file itself gives, from 1; 0 for text that it does not
    mark as a heading.
    """

    size: float = 0.0
    bold: bool = False
    colour: int = 0
    level: int = 0

    def is_like(self, other: Style) -> bool:
        """True if two styles have the same weight and level, and sizes hardly differ."""
        is_same_size = abs(self.size - other.size) <= _SAME_SIZE
        return is_same_size and self.bold == other.bold and self.level == other.level

    def is_heavier(self, body: Style) -> bool:
        """True if this style is larger or bolder than the body text, or that of a marked
        heading.
        """
        return self.level > 0 or self.size > body.size + 0.4 or (self.bold and not body.bold)


PLAIN = Style()


class Cell(NamedTuple):
    """The table cell of a line: numbers of table and row in the document, column from 0 in its
    row.
    """

    table: int
    row: int
    column: int


PLACED_NOTE = "*"  # the mark of a note that stands in its place


@dataclass(frozen=True, slots=True)
class Line:
    """One printed line, or one line of a table cell, in reading order.

    `page` counts from 0. `box` is `NO_BOX` where the format has no positions. `cell` is None
    outside tables; all lines of a cell have the same one. `opens` is true if the line begins a
    paragraph. `lead` is the number of bold characters at the beginning of a line that is not bold
    otherwise (0 if all or none are bold). `bullet` is true if a list mark, which is not part of
    `text`, precedes the line. `region` is the number, unique in the document, of the part of the
    page (box, column) that the line is in. `marks` are the marks of notes in the line, `note` is
    the mark of the note that it is text of, `PLACED_NOTE` where it is in its place already; such
    text is no part of the fields and headings around it, and no mark is part of `text`. `apart`
    is true in text files if it begins a page or a blank line is above it.
    """

    text: str
    page: int = 0
    style: Style = PLAIN
    box: Box = NO_BOX
    cell: Cell | None = None
    region: int = -1
    opens: bool = True
    bullet: bool = False
    lead: int = 0
    marks: tuple[str, ...] = ()
    note: str = ""
    apart: bool = False


@dataclass(frozen=True, slots=True)
class Layout:
    """The lines of one file, before their structure is analysed.

    `lines` are in reading order without page furniture, `furniture` are the headers and footers
    that were dropped. `page_count` is 0 where the source has no pages; `labels` are printed page
    numbers; `bookmarks` are (level from 1, title, page from 0). `shown` counts each letter and
    digit of lines and furniture, to detect losses. `runs` are the struck, hidden and note mark
    runs, which are in no line, and the form values, which are. `recognised` are pages with the
    file's own text recognition (OCR), `scans` the rows recognised here from the picture of a page
    (see `records.Scan`), `unchecked` pages that could not be checked for hidden text. `metadata` is
    what the file says of itself beside its text ("title", "source_url" ...).
    """

    lines: tuple[Line, ...]
    furniture: tuple[Line, ...] = ()
    page_count: int = 0
    labels: tuple[str, ...] = ()
    warnings: tuple[str, ...] = ()
    bookmarks: tuple[tuple[int, str, int], ...] = ()
    shown: Mapping[str, int] = field(default_factory=dict)
    runs: tuple[TextRun, ...] = ()
    recognised: tuple[int, ...] = ()
    unchecked: tuple[int, ...] = ()
    scans: Mapping[int, str] = field(default_factory=dict)
    metadata: Mapping[str, str] = field(default_factory=dict)

    @property
    def hidden(self) -> Mapping[int, int]:
        """The number of hidden characters of each page that has some."""
        return count_by_page(self.runs, RunRole.HIDDEN)


def body_style(lines: Iterable[Line]) -> Style:
    """Return the size and weight of most characters, without colour and level."""
    counts: Counter[tuple[float, bool]] = Counter()
    for line in lines:
        counts[line.style.size, line.style.bold] += len(line.text)
    size, bold = max(counts, key=counts.__getitem__, default=(0.0, False))
    return Style(size, bold)


def clean_characters(text: str) -> str:
    """Return the text in NFC, without ligatures, soft hyphens, special spaces and invisible
    characters.
    """
    return unicodedata.normalize("NFC", _INVISIBLE.sub("", text).translate(_LIGATURES))


def find_invisible(text: str, page: int = 0) -> Iterator[TextRun]:
    """Yield a hidden run of the characters that have neither width nor shape, but for (harmless)
    soft hyphens.
    """
    invisible = "".join(_INVISIBLE.findall(text))
    if invisible:
        yield TextRun(invisible, RunRole.HIDDEN, page)


def count_letters(text: str) -> Counter[str]:
    """Return the count of each letter and digit of a text: the characters that no rendering may
    lose.
    """
    return Counter(filter(str.isalnum, clean_characters(text)))


def split_where(
    items: Iterable[Thing], begins: Callable[[list[Thing], Thing], bool]
) -> list[list[Thing]]:
    """Return items in groups, in order.

    `begins` gets the group so far and the next item; if it returns true, the item begins a new
    group.
    """
    groups: list[list[Thing]] = []
    for item in items:
        if groups and not begins(groups[-1], item):
            groups[-1].append(item)
        else:
            groups.append([item])
    return groups
