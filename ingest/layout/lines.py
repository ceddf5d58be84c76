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
_SIGNS = r"\x00-\x08\x0e-\x1f\x7f-\x9f\ue000-\uf8ff•●▪■◦‣⁃∙·○➢➤✓"
_BULLET = re.compile(rf"^\s*(?![•●■○]\s?[•●■○])[{_SIGNS}]+\s*(?=\S)")  # "●●○" is a mark of three
_LONE_BULLET = re.compile(rf"^\s*(?:[{_SIGNS}–—-]|o)\s*$")
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
    """One printed line or table cell line; x, y, size and bold are 0 and false where a text file has none."""

    text: str
    page: int = 0  # from 0
    x: float = 0.0  # points
    y: float = 0.0  # points, upwards
    size: float = 0.0  # points
    bold: bool = False
    opens: bool = True  # a paragraph begins here
    bullet: bool = False
    cells: tuple[str, ...] | None = None  # of a row of a text file's table, tabs and empty cells kept
    noise: bool = False  # page furniture
    aside: bool = False  # at a page's edge, but too rare for furniture: a footnote, a short paper's page number
    level: int = 0  # of a heading by the file's own word
    whole: bool = False  # one row by the file's own word (HTML, DOCX), which goes on in no other
    role: Role | None = None  # what the reading plan makes of it
    sheet: int = -1  # the number of the record that it lies on
    right: float = 0.0  # the right edge, 0 where it is not known
    doubled: bool = False  # the second print of letters that stand in another line
    listed: bool = False  # in a table that lists records, or the head of one
    lead: int = 0  # letters and digits that it begins with in bold before it goes on otherwise

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
    """All lines of one file in reading order; pages count from 0."""

    lines: list[Line]
    page_count: int = 0  # 0 where the source has no pages
    labels: list[str] = field(default_factory=list)  # printed page numbers
    height: float = 0.0  # of the highest page as it is looked at
    warnings: list[str] = field(default_factory=list)
    shown: Counter[str] = field(default_factory=Counter)  # letters and digits before lines were made of them
    hidden: Counter[int] = field(default_factory=Counter)  # characters by page that are not to be seen, in no line
    recognised: list[int] = field(default_factory=list)  # pages whose lines are the text recognition of a picture
    unchecked: list[int] = field(default_factory=list)  # pages of which it is not known whether something is hidden
    heights: list[float] = field(default_factory=list)
    bookmarks: list[tuple[int, str, int]] = field(default_factory=list)  # level from 1, title, page
    properties: dict[str, str] = field(default_factory=dict)  # title, author, date, language by the file's own word
    framed: bool = False  # the file itself tells furniture from text: nothing is inferred from repetition

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
    return Counter(filter(str.isalnum, clean_characters(text)))


def bold_lead(pieces: Iterable[tuple[str, bool]]) -> int:
    """Count the letters and digits in bold before the first that are not; 0 where all or none are bold."""
    count = 0
    for text, bold in pieces:
        spoken = sum(map(str.isalnum, clean_characters(text)))
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
    return match is not None, _CONTROL.sub("", text[match.end() :] if match else text).strip()


def is_bullet(text: str) -> bool:
    """Whether a line holds nothing but a bullet."""
    return _LONE_BULLET.match(text) is not None


def split_dash(text: str) -> str | None:
    """Return the text behind a leading dash, which may be a bullet or part of a sentence; None without one."""
    match = _DASH.match(text)
    return text[match.end() :] if match else None


def ticked(text: str) -> str:
    """Return a line whose ticks come from a symbol font with signs that can be read, empty boxes beside them too."""
    return text.translate({**_TICKS, **_BOXES}) if any(tick in text for tick in map(chr, _TICKS)) else text


def letter_spaced(text: str) -> str:
    """Join the letters of words that are set with a blank between each ("M A S S N A H M E").

    Words are parted by two blanks and more; where the file has only one everywhere, they stay one word.
    """
    if not _FOUR_APART.search(text):
        return text
    words = _WORD_GAP.split(text)
    joined = [word.replace(" ", "") if _SPACED.match(word) else word for word in words]
    letters_apart = sum(len(word) for word, whole in zip(words, joined, strict=True) if word != whole)
    return " ".join(joined) if letters_apart >= _SPACED_SHARE * len("".join(words)) else text


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
