"""The one stream of lines that every file format becomes: text, page, style, place, and the cell of a table."""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import NamedTuple

_LIGATURES = {
    0xFB00: "ff", 0xFB01: "fi", 0xFB02: "fl", 0xFB03: "ffi", 0xFB04: "ffl", 0xFB05: "st", 0xFB06: "st",
    0x00A0: " ", 0x202F: " ", 0x2009: " ", 0x00AD: None, **dict.fromkeys(range(0xFE00, 0xFE10)),
}  # fmt: skip
# Characters without width or shape: zero-width, marks of direction, fillers, tags and supplementary variants. They turn
# words into others for a search, change the order of what is read, or carry a text that nobody sees.
_INVISIBLE = re.compile(
    "[\u034f\u061c\u115f\u1160\u180e\u200b-\u200f\u202a-\u202e\u2060-\u206f\u3164\ufeff\uffa0"
    "\U000e0000-\U000e007f\U000e0100-\U000e01ef]"
)


class Box(NamedTuple):
    """A rectangle in points, from the top left corner of the page as it is looked at."""

    left: float
    top: float
    right: float
    bottom: float


NO_BOX = Box(0.0, 0.0, 0.0, 0.0)


@dataclass(frozen=True, slots=True)
class Style:
    """How text is set: size in points (0 where unknown), bold, colour 0xRRGGBB, heading level by the file's own word.

    `level` is 0 for what the file does not call a heading.
    """

    size: float = 0.0
    bold: bool = False
    colour: int = 0
    level: int = 0

    def is_heavier(self, body: Style) -> bool:
        """True if this style is set off from the body text as headings are."""
        return self.level > 0 or self.size > body.size + 0.4 or (self.bold and not body.bold)


PLAIN = Style()


class Cell(NamedTuple):
    """The place of a line in a table: numbers of table and row in the document, column from 0 in its row."""

    table: int
    row: int
    column: int


@dataclass(frozen=True, slots=True)
class Line:
    """One printed line, or one line of a table cell, in reading order.

    `page` counts from 0. `box` is `NO_BOX` where the format has no positions. `cell` is None outside tables; all lines
    of a cell have the same one. `opens` is true where a paragraph begins. `lead` is the number of characters at the
    beginning that are bold while the remaining ones are not (0 where all or none are). `bullet` is true where a list
    mark, which is not part of `text`, stood before the line. `region` numbers the part of the page (box, column) that
    the line is in, over the whole document.
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


@dataclass(frozen=True, slots=True)
class Layout:
    """What one file shows, before anything is understood.

    `lines` are in reading order without page furniture, `furniture` are the headers and footers that were dropped.
    `page_count` is 0 where the source has no pages; `labels` are printed page numbers; `bookmarks` are (level from 1,
    title, page from 0). `shown` counts all letters and digits of the file, so that a loss is noticed; `hidden` counts
    characters by page that are not visible and in no line. `recognised` are pages with the file's own recognition of
    their picture, `scans` the rows that were read here from the picture of a page (see `records.Scan`), `unchecked`
    pages on which hidden text could not be looked for.
    """

    lines: tuple[Line, ...]
    furniture: tuple[Line, ...] = ()
    page_count: int = 0
    labels: tuple[str, ...] = ()
    warnings: tuple[str, ...] = ()
    bookmarks: tuple[tuple[int, str, int], ...] = ()
    shown: Mapping[str, int] = field(default_factory=dict)
    hidden: Mapping[int, int] = field(default_factory=dict)
    recognised: tuple[int, ...] = ()
    unchecked: tuple[int, ...] = ()
    scans: Mapping[int, str] = field(default_factory=dict)


def body_style(lines: Iterable[Line]) -> Style:
    """Return the style of most letters, colour and level aside."""
    letters: Counter[tuple[float, bool]] = Counter()
    for line in lines:
        letters[line.style.size, line.style.bold] += len(line.text)
    (size, bold), _ = letters.most_common(1)[0] if letters else ((0.0, False), 0)
    return Style(size, bold)


def clean_characters(text: str) -> str:
    """Undo ligatures, soft hyphens and special spaces; drop invisible characters; compose accents."""
    return unicodedata.normalize("NFC", _INVISIBLE.sub("", text).translate(_LIGATURES))


def count_invisible(text: str) -> int:
    """Count the characters that have neither width nor shape; soft hyphens do no harm and are not counted."""
    return len(_INVISIBLE.findall(text))


def count_letters(text: str) -> Counter[str]:
    """Count the letters and digits of a text: what no rendering may lose, whatever it does to hyphens and bullets."""
    return Counter(filter(str.isalnum, clean_characters(text)))


def squash(text: str) -> str:
    """Return the text without any white space: the form in which quotations are compared."""
    return "".join(text.split())
