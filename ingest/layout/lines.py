"""Lines of text as a file prints them, before anything is understood, and how they are set."""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from enum import Enum, auto

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
# Word processors print bullets from symbol fonts, which arrive as private-use or control characters.
_BULLET = re.compile(r"^\s*[\x00-\x08\x0e-\x1f\x7f-\x9f\ue000-\uf8ff•●▪■◦‣⁃∙·○➢➤✓]+\s*(?=\S)")
_LONE_BULLET = re.compile(r"^\s*(?:[\x00-\x08\x0e-\x1f\x7f-\x9f\ue000-\uf8ff•●▪■◦‣⁃∙·○➢➤✓–—-]|o)\s*$")
_DASH = re.compile(r"^\s*[-–—*]\s+(?=\S)")
_CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ue000-\uf8ff]")

_WORD_GAP = re.compile(r"\s{2,}")
_FOUR_APART = re.compile(r"(?:^|\s)[^\W\d_] [^\W\d_] [^\W\d_] [^\W\d_](?:\s|$)")
_SPACED = re.compile(r"^\S(?: \S)+$")
_SPACED_SHARE = 0.7  # of a line's characters in words of single letters, four letters or more
# Ticks of Wingdings, which arrive in the private use area; an empty box alone is as often a bullet.
_TICKS = {0xF0FE: "☑", 0xF0FD: "☒", 0xF078: "☒", 0xF0FC: "✔", 0xF0FB: "✘"}
_BOXES = {0xF06F: "☐", 0xF0A8: "☐", 0xF071: "☐", 0xF072: "☐"}
_WIDTHS = {
    **dict.fromkeys("iljI.,;:!|'’‘ ()[]", 0.28),
    **dict.fromkeys('ftr-/„“”"', 0.35),
    **dict.fromkeys("mwMW", 0.85),
}


class Role(Enum):
    """What a reading plan makes of a line."""

    RECORD = auto()
    TITLE = auto()
    LABEL = auto()
    HEADING = auto()
    ENTRY = auto()  # begins an entry of a list of names


@dataclass(slots=True)
class Line:
    """One printed line or table cell line.

    `page` counts from 0. `x`, `y` (points, y upwards), `size` (points) and `bold` are 0 and false where a text
    file has none. `opens` says that a paragraph begins here. `cells` holds a table row of a text file, tabs and
    empty cells kept. `noise` marks page furniture, `aside` what stands at a page's edge but repeats too rarely for
    that: a footnote, the page number of a short paper. `level` is that of a Markdown heading. `role` is what the
    reading plan makes of the line: it begins a record, goes on with its title, holds a label, or is a heading above
    records; `sheet` is the number of the record that it lies on, -1 for none. `right` is the right edge, 0 where it is
    not known; `doubled` marks the second print of letters that stand in another line. `listed` lines stand in a table
    that lists records, or are the head of one. `lead` counts the letters and digits that a line begins with in bold
    before it goes on otherwise, 0 where all or none of it is. `whole` rows are one row by the file's own word (HTML,
    DOCX) and go on in no other.
    """

    text: str
    page: int = 0
    x: float = 0.0
    y: float = 0.0
    size: float = 0.0
    bold: bool = False
    opens: bool = True
    bullet: bool = False
    cells: tuple[str, ...] | None = None
    noise: bool = False
    aside: bool = False
    level: int = 0
    whole: bool = False
    role: Role | None = None
    sheet: int = -1
    right: float = 0.0
    doubled: bool = False
    listed: bool = False
    lead: int = 0

    @property
    def lead_text(self) -> str:
        """What of the line is set in bold at its beginning, "" where all or none is."""
        return self.text[: lead_end(self.text, self.lead)] if self.lead else ""

    @property
    def tabled(self) -> bool:
        """Whether the line stands in a table, as far as that is known."""
        return bool(self.cells) or self.listed


@dataclass(slots=True)
class RawDocument:
    """All lines of one file in reading order; `page_count` is 0 where the source has no pages.

    `shown` counts the letters and digits that the file's library handed over, before lines were made of them.
    `hidden` counts per page (from 0) the characters, white space aside, that are not to be seen and therefore in no
    line. `recognised` are the pages whose lines are the text recognition of a picture, `unchecked` those of which it
    is not known whether something is hidden. `heights` are those of the pages as they are looked at, `height` is the
    largest. `bookmarks` are the file's own outline: level from 1, title, page from 0. `properties` is what the file
    says of itself: title, author, date (ISO, or as written), language, each where there is one. `framed` says that the
    file itself tells its furniture from its text, so that nothing needs to be inferred from repetition.
    """

    lines: list[Line]
    page_count: int = 0
    labels: list[str] = field(default_factory=list)
    height: float = 0.0
    warnings: list[str] = field(default_factory=list)
    shown: Counter[str] = field(default_factory=Counter)
    hidden: Counter[int] = field(default_factory=Counter)
    recognised: list[int] = field(default_factory=list)
    unchecked: list[int] = field(default_factory=list)
    heights: list[float] = field(default_factory=list)
    bookmarks: list[tuple[int, str, int]] = field(default_factory=list)
    properties: dict[str, str] = field(default_factory=dict)
    framed: bool = False

    @property
    def positioned(self) -> bool:
        """Whether lines know where on the page they stand."""
        return self.height > 0

    def height_of(self, page: int) -> float:
        """Return the height of a page (from 0) in points."""
        return self.heights[page] if page < len(self.heights) else self.height


def clean_characters(text: str) -> str:
    """Undo ligatures, soft hyphens and special spaces; drop invisible characters; compose accents."""
    return unicodedata.normalize("NFC", _INVISIBLE.sub("", text).translate(_LIGATURES))


def count_invisible(text: str) -> int:
    """Count the characters that have neither width nor shape; soft hyphens do no harm and are none."""
    return len(_INVISIBLE.findall(text))


def letters(text: str) -> Counter[str]:
    """Count the letters and digits of a text: what no rendering may lose, whatever it does to hyphens and bullets."""
    return Counter(char for char in clean_characters(text) if char.isalnum())


def bold_lead(pieces: Iterable[tuple[str, bool]]) -> int:
    """Count the letters and digits in bold before the first that are not; 0 where all or none are bold."""
    count = 0
    for text, bold in pieces:
        spoken = letters(text).total()
        if spoken and not bold:
            return count
        count += spoken
    return 0


def lead_end(text: str, count: int) -> int:
    """Return where in a text its first `count` letters and digits end, with the signs that stick to the last."""
    place = 0
    for place, char in enumerate(text):
        if count <= 0 and (char.isalnum() or char.isspace()):
            return place
        count -= char.isalnum()
    return len(text)


def split_bullet(text: str) -> tuple[bool, str]:
    """Return whether the line starts with a bullet, and its text without it and without control characters."""
    match = _BULLET.match(text)
    rest = text[match.end() :] if match else text
    return match is not None, _CONTROL.sub("", rest).strip()


def ticked(text: str) -> str:
    """Return a line whose ticks come from a symbol font with signs that can be read, empty boxes beside them too."""
    return text.translate({**_TICKS, **_BOXES}) if any(tick in text for tick in map(chr, _TICKS)) else text


def is_bullet(text: str) -> bool:
    """Whether a line holds nothing but a bullet."""
    return _LONE_BULLET.match(text) is not None


def split_dash(text: str) -> str | None:
    """Return the text behind a leading dash, which may be a bullet or part of a sentence; None without one."""
    match = _DASH.match(text)
    return text[match.end() :] if match else None


def letter_spaced(text: str) -> str:
    """Join the letters of words that are set with a blank between each ("M A S S N A H M E").

    Words are parted by two blanks and more; where the file has only one everywhere, they stay one word.
    """
    if not _FOUR_APART.search(text):
        return text
    words = _WORD_GAP.split(text)
    joined = [word.replace(" ", "") if _SPACED.match(word) else word for word in words]
    letters_apart = sum(len(word) for word, whole in zip(words, joined, strict=True) if word != whole)
    if joined == words or letters_apart < _SPACED_SHARE * len("".join(words)):
        return text
    return " ".join(joined)


def text_width(text: str, size: float) -> float:
    """Estimate the printed width in points; good to about a tenth for the usual fonts."""
    return size * sum(_WIDTHS.get(char, 0.68 if char.isupper() else 0.54) for char in text)


def spoken(raw: RawDocument) -> str:
    """Return all that a document says, furniture aside, as one line."""
    return " ".join(line.text for line in raw.lines if not line.noise)


def squash(text: str) -> str:
    """Return the text without any white space: the form in which quotations are compared."""
    return "".join(text.split())


_LARGER = 0.4  # points of size that make a difference


@dataclass(frozen=True, slots=True)
class Style:
    """How a line is set; all zero in plain text."""

    bold: bool
    size: float
    level: int

    @classmethod
    def of(cls, line: Line) -> Style:
        """The style of a line."""
        return cls(line.bold, round(line.size, 1), line.level)

    def is_larger_than(self, size: float) -> bool:
        """Tell whether letters are larger than a size, in points."""
        return self.size > size + _LARGER

    def is_set_off(self, body: Style) -> bool:
        """Tell whether a style differs from that of the text as headings do."""
        return self.level > 0 or self.is_larger_than(body.size) or (self.bold and not body.bold)


def body_style(lines: Iterable[Line]) -> Style:
    """Return the style of most letters, furniture aside."""
    letters: Counter[Style] = Counter()
    for line in lines:
        if not line.noise:
            letters[Style.of(line)] += len(line.text)
    return letters.most_common(1)[0][0] if letters else Style(False, 0.0, 0)
