"""Plain text files as layouts: pages by form feeds or marks, wrapped paragraphs, tables set with blanks."""

from __future__ import annotations

import re
import statistics
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from itertools import pairwise, takewhile

from ingest.errors import Reason, Rejected
from ingest.layout.characters import join_spaced_letters, measure_bold_lead, split_bullet, split_dash
from ingest.stream import NO_BOX, Cell, Layout, Line, Style, clean_characters, count_invisible, count_letters
from prompts import say
from vectorstore.language import word_list

_RUN_ON = 0.12  # share of lines in the middle of a sentence that shows a wrapped text
_NARROW = 30  # characters of the longest line from which a block has a width of its own
_WRAP_LIMIT = 140  # longer lines are paragraphs, not wrapped lines
_LEAST_LETTERS = 20  # of a file that counts as having text
_RULE = re.compile(r"^[\s|:=_*-]+$")
_ENDED = re.compile(r"[.:!?…][\]'\"“”»)]*$")
_HASHES = re.compile(r"(#{1,6})[ \t]+(?=\S)")
_NO_DATE = r"\s+(?![A-Z][a-zä]+\s(?:19|20)\d\d)"
_NUMBER = re.compile(rf"(?:\d{{1,3}}(?:\.\d{{1,3}})*[.)]|\d{{1,3}}(?:\.\d{{1,2}})+|[IVXLC]{{1,6}}\.){_NO_DATE}\S")
_POINT = re.compile(rf"(?:\d{{1,2}}|[a-z])[.)]{_NO_DATE}[A-ZÄÖÜ„]")
_SHORT = 60  # characters of a line with a colon that introduces what follows
_LEADS = re.compile(r"^\s*+\d{1,3}+\s*+(?:\s?[.·_…]){4,}+\s*+")  # of a line of contents from its end: page, dots
_LEADS_LONGEST = 400  # characters of such a line
_DIGITS = re.compile(r"\d+")
_LONGEST_MARK = 40  # characters of a mark
_LEAST_MARKS = 3  # marks that make a numbering of pages
_PAGE_MARK = re.compile(r"\b(?:seite|page|s\.)\s*\W*0|^[^\w\s]+\s*0.*[^\w\s]+$", re.I)  # its word, or a frame of signs
_BARS = re.compile(r"^\||\|$")  # at the edges of a row
_MANY = 99  # empty lines at the beginning of a page


def read_text(data: bytes) -> Layout:
    """Read a text file's bytes; form feeds are pages. Raises Rejected without text."""
    printed = decode_text(data)
    content = clean_characters(printed)
    shown = count_letters(content)
    check_letters(shown)
    pages = split_pages(content)
    count = len(pages) if len(pages) > 1 else 0
    hidden = {number: unseen for number, page in enumerate(printed.split("\f")) if (unseen := count_invisible(page))}
    reader = _TextReader(content)
    for number, page in enumerate(pages):
        reader.read_page(page.split("\n"), number)
    return Layout(tuple(reader.lines), page_count=count, labels=("",) * count, shown=shown, hidden=hidden)


def check_letters(shown: Mapping[str, int]) -> None:
    """Raise Rejected for a file without text."""
    if sum(count for char, count in shown.items() if char.isalpha()) < _LEAST_LETTERS:
        raise Rejected(say("reading.no_text"), Reason.NO_TEXT)


def decode_text(data: bytes) -> str:
    """Return a file's text with plain line ends; raises Rejected where it is none."""
    wide = data.startswith((b"\xff\xfe", b"\xfe\xff"))
    if b"\x00" in data[:4096] and not wide:
        raise Rejected(say("layout.is_no_text"), Reason.DAMAGED)
    for encoding in ("utf-16",) if wide else ("utf-8-sig", "cp1252"):
        try:
            return data.decode(encoding).removeprefix("\ufeff").replace("\r\n", "\n").replace("\r", "\n")
        except UnicodeDecodeError:
            continue
    raise Rejected(say("layout.encoding"))


def split_pages(content: str) -> list[str]:
    """Split a text at form feeds, or at the lines that mark its pages: behind them, or before where they lead."""
    if "\f" in content:
        return content.split("\f")
    lines = content.split("\n")
    marks = _find_page_marks(lines)
    if not marks:
        return [content]
    leads = not any(line.strip() for line in lines[: marks[0]])
    starts = marks[1:] if leads else [mark + 1 for mark in marks]
    starts = [start for start in starts if any(line.strip() for line in lines[start:])]
    return ["\n".join(lines[start:end]) for start, end in pairwise([0, *starts, len(lines)])]


def _find_page_marks(lines: Sequence[str]) -> list[int]:
    """Return the numbers of the lines that mark pages, none where no lines of one shape count them.

    A mark has a running number from 1 (or 2) to the last, the same signs around it every time, and either the word
    for a page or a frame of signs. Where two kinds of marks follow each other the later one counts.
    """
    shapes: dict[tuple[str, int], list[tuple[int, int]]] = defaultdict(list)
    for place, line in enumerate(lines):
        text = " ".join(line.split())
        numbers = [int(number) for number in _DIGITS.findall(text)[:2] if len(number) < 5]
        if numbers and len(text) <= _LONGEST_MARK:
            shapes[_DIGITS.sub("0", text), sum(numbers[1:])].append((place, numbers[0]))
    kinds = [
        [place for place, _ in marks]
        for (shape, _), marks in shapes.items()
        if len(marks) >= _LEAST_MARKS
        and _PAGE_MARK.search(shape)
        and marks[0][1] <= 2
        and all(after == before + 1 for (_, before), (_, after) in pairwise(marks))
    ]
    return max(kinds, key=lambda places: (len(places), places[0]), default=[])


def is_wrapped(content: str) -> bool:
    """True if a text breaks its lines within paragraphs: sentences go on in lower case behind line ends."""
    lines = [line.strip() for line in _filled_lines(content)]
    runs = [len(above) for above, below in pairwise(lines) if below[0].islower() and not _ENDED.search(above)]
    width = statistics.median(runs or [0])
    return _wrap_width(lines) <= _WRAP_LIMIT and width > 30 and len(runs) > _RUN_ON * len(lines)


def _filled_lines(content: str) -> list[str]:
    return [line for line in content.replace("\f", "\n").split("\n") if line.strip()]


def _wrap_width(lines: Sequence[str]) -> int:
    """Return the length that nearly all lines keep."""
    lengths = sorted(len(line.strip()) for line in lines if "\t" not in line)
    return lengths[int(0.95 * (len(lengths) - 1))] if lengths else 0


class _TextReader:
    """Reads the pages of one text, wrapped or one line a paragraph, single or double spaced."""

    def __init__(self, content: str) -> None:
        self.lines: list[Line] = []
        filled = _filled_lines(content)
        self._width = _wrap_width(filled)
        self._wrapped = is_wrapped(content)
        self._contents = {_normalize(line[:lead]) for line in filled if (lead := _find_leads(line)) is not None}
        pairs = [bool(below.strip()) for above, below in pairwise(content.split("\n")) if above.strip()]
        self._spaced = self._wrapped and sum(pairs) < 0.2 * len(pairs)
        self._block = self._width
        self._listed = False  # the paragraph is a point of a list
        self._tables, self._row, self._shape = 0, 0, ("", 0)  # the shape: what separates the cells, how many they are

    def read_page(self, printed: Sequence[str], page: int) -> None:
        """Add the lines of a page, each with `opens` where a paragraph begins."""
        blanks, previous = _MANY, ""
        self._shape = ("", 0)
        for place, text in enumerate(printed):
            if not text.strip():
                blanks += 1
            elif split := _split_cells(text, self._is_barred(printed, place, blanks)):
                self._add_row(*split, page, blanks)
                blanks, previous = 0, text
            else:
                if blanks:
                    self._block = self._block_width(printed, place)
                opens = blanks > self._spaced or self._opens(previous, text)
                listed = self._listed or _ENDED.search(previous.strip()) is not None
                made = list(_make_lines(text, page, opens, opens or listed))
                self._listed = next((line.bullet for line in made[::-1] if line.opens), self._listed)
                self.lines += made
                self._shape = ("", 0)
                blanks, previous = 0, text

    def _is_barred(self, printed: Sequence[str], place: int, blanks: int) -> bool:
        """True if bars within a line are those of a table: a rule is below it, or the row above is one of theirs."""
        ruled = place + 1 < len(printed) and "|" in printed[place + 1] and _RULE.match(printed[place + 1]) is not None
        return ruled or (not blanks and self._shape == ("|", _BARS.sub("", printed[place].strip()).count("|") + 1))

    def _add_row(self, kind: str, cells: Sequence[str], page: int, blanks: int) -> None:
        """Add a row to the table above, if it has the same form, or to a new one; none for a rule."""
        if not cells:
            return
        if kind != self._shape[0] or (blanks and len(cells) != self._shape[1]):
            self._tables, self._row = self._tables + 1, -1
        self._row, self._shape = self._row + 1, (kind, len(cells))
        for column, text in enumerate(cells):
            self.lines += _make_lines(text, page, True, True, Cell(self._tables - 1, self._row, column))

    def _opens(self, previous: str, text: str) -> bool:
        """True if a paragraph begins: the line before ended early, so that the next word would still have fitted it."""
        above, below = previous.strip(), text.strip()
        if is_unfinished(above):
            return False
        if not self._wrapped or self._is_paragraph(above) or self._is_paragraph(below):
            return True
        left = self._block - len(above) - 1 - len(below.split()[0])
        if _ENDED.search(above):
            introduces = below.endswith(":") and len(below) <= _SHORT and not below[0].islower()
            return left >= 4 or introduces or _POINT.match(below) is not None
        return left >= (4 if _NUMBER.match(below) else 12) and not below[0].islower()

    def _block_width(self, printed: Sequence[str], place: int) -> int:
        """Return how wide the lines from a place to the next empty one are set: narrow where all are."""
        lengths = [len(line.strip()) for line in takewhile(str.strip, printed[place:])]
        return min(self._width, max(lengths)) if not self._spaced and max(lengths) >= _NARROW else self._width

    def _is_paragraph(self, text: str) -> bool:
        """True if a line is a paragraph by itself: a marked heading, a line of the contents, what they list."""
        return bool(_HASHES.match(text)) or _normalize(text) in self._contents or _find_leads(text) is not None


def _find_leads(line: str) -> int | None:
    """Return where the dots begin that lead to the page of a line of contents, None for every other line."""
    match = _LEADS.match(line[::-1]) if len(line) < _LEADS_LONGEST else None
    return len(line) - match.end() if match is not None else None


def is_unfinished(text: str) -> bool:
    """True if a text ends within a word or phrase: with a hyphen behind a letter, an article, a preposition, "und"."""
    last = text.rsplit(None, 1)[-1] if text else ""
    return (last.endswith("-") and last[-2:-1].isalpha()) or last in word_list("stopwords")


def _normalize(line: str) -> str:
    return " ".join(line.split()).casefold()


def _split_cells(text: str, barred: bool) -> tuple[str, list[str]] | None:
    """Return the cells of a row set with bars or tabs, and which of them; no cells for a rule, None for text.

    `barred` is true where bars separate cells though none begins the line.
    """
    if "|" in text and (barred or (text.count("|") >= 2 and text.strip().startswith("|"))):
        return "|", [] if _RULE.match(text) else [cell.strip() for cell in _BARS.sub("", text.strip()).split("|")]
    if ("\t" in text and not text.startswith(("\t", " "))) or text.startswith("\t\t"):
        return "\t", [cell.strip() for cell in text.split("\t")]
    return None


def _make_lines(printed: str, page: int, opens: bool, dashed: bool, cell: Cell | None = None) -> Iterator[Line]:
    """Yield a printed line without its marks, as several where bold headings were glued to text.

    `dashed` is true where a leading dash is a list mark and no part of a sentence.
    """
    printed = printed.strip()
    hashes = _HASHES.match(printed)
    level = len(hashes[1]) if hashes and opens else 0
    for number, pieces in enumerate(_split_bold(printed[hashes.end() :] if hashes and level else printed)):
        bullet, text = split_bullet("".join(piece for piece, _ in pieces))
        if dashed and not level and (remaining := split_dash(text)):
            bullet, text = True, remaining
        text = join_spaced_letters(text)
        bold = {bold for piece, bold in pieces if any(map(str.isalnum, piece))} == {True}
        lead = 0 if bold else measure_bold_lead(text, pieces)
        if text:
            begins = opens or bullet or number > 0
            yield Line(text, page, Style(bold=bold, level=level), NO_BOX, cell, -1, begins, bullet, lead)


def _split_bold(text: str) -> list[list[tuple[str, bool]]]:
    """Return the lines of a text with what of them is bold: "**" right behind a word begins a line of its own."""
    parts = text.replace("`", "").replace("__", "**").split("**")
    lines: list[list[tuple[str, bool]]] = [[(parts[0], False)]]
    above = parts[0][-1:]
    for index, part in enumerate(parts[1:], start=1):
        bold = index % 2 == 1 and index + 1 < len(parts)
        if bold and above not in ("", " ", "(", "„"):
            lines.append([])
            above = ""
        lines[-1].append((part, bold))
        above = part[-1:] or above
    return lines
