"""Lines from plain text files."""

from __future__ import annotations

import re
import statistics
from collections import defaultdict
from itertools import pairwise

from ingest.errors import Reason, Rejected
from ingest.layout.grids import table_rows
from ingest.layout.lines import (
    Line,
    RawDocument,
    bold_lead,
    clean_characters,
    count_invisible,
    letter_spaced,
    letters,
    split_bullet,
)
from ingest.plan.numbers import leading_number
from ingest.plan.words import is_section_label
from prompts import say

_RUN_ON = 0.12  # share of lines in the middle of a sentence that shows a wrapped text
_WRAP_LIMIT = 140  # longer lines are paragraphs, not wrapped lines
_RULE = re.compile(r"^[\s|:=_*-]+$")
_ENDED = re.compile(r"[.:!?…][\]'\"“”»)]*$")
_ITALICS = re.compile(r"(?<![*\w])\*(?![\s*])([^*\n]+?)(?<!\s)\*(?![*\w])")
_LEADS = re.compile(r"^\s*+\d{1,3}+\s*+(?:\s?[.·_…]){4,}+\s*+")  # of a line of contents from its end: page, dots
_LEADS_LONGEST = 400  # characters of one
_DIGITS = re.compile(r"\d+")
_LONGEST_MARK = 40  # characters of a mark
_LEAST_MARKS = 3  # marks that make a numbering of pages
_PAGE_WORD = re.compile(r"\b(?:seite|page|s\.)\s*\W*0", re.I)
_FRAMED = re.compile(r"^[^\w\s]+\s*0.*[^\w\s]+$")


def read_text(data: bytes) -> RawDocument:
    """Read a text file's bytes; form feeds are pages. Raises Rejected without text."""
    printed = decoded(data)
    content = clean_characters(printed)
    if sum(map(str.isalpha, content)) < 20:
        raise Rejected(say("reading.no_text"), Reason.NO_TEXT)
    pages = pages_of(content)
    count = len(pages) if len(pages) > 1 else 0
    raw = RawDocument([], page_count=count, labels=[""] * count)
    raw.hidden.update({n: unseen for n, page in enumerate(printed.split("\f")) if (unseen := count_invisible(page))})
    raw.shown.update(letters(content))
    layout = _Layout("\f".join(pages))
    for number, page in enumerate(pages):
        raw.lines.extend(layout.lines(page, number))
    return raw


def pages_of(content: str) -> list[str]:
    """Split a text at form feeds, or behind the lines that mark its pages."""
    if "\f" in content:
        return content.split("\f")
    lines = content.split("\n")
    breaks = _page_breaks(lines)
    return ["\n".join(lines[start:end]) for start, end in pairwise([0, *breaks, len(lines)])]


def _page_breaks(lines: list[str]) -> list[int]:
    """Return the numbers of the lines that begin a new page, none where no line of one shape counts the pages.

    A mark has a running number from 1 (or 2) to the last, the same signs around it every time, and either the word
    for a page or a frame of signs. Where two kinds of marks follow each other the later one counts.
    """
    shapes: dict[str, list[tuple[int, int]]] = defaultdict(list)
    for place, line in enumerate(lines):
        text = " ".join(line.split())
        if not 0 < len(text) <= _LONGEST_MARK or not any(map(str.isdigit, text)):
            continue
        numbers = [int(number) for number in _DIGITS.findall(text)[:2] if len(number) < 5]
        total = f"/{numbers[1]}" if len(numbers) > 1 else ""
        if numbers:
            shapes[_DIGITS.sub("0", text) + total].append((place, numbers[0]))
    kinds = [marks for shape, marks in shapes.items() if _is_numbering(shape, marks)]
    if not kinds:
        return []
    best = max(kinds, key=lambda marks: (len(marks), marks[0][0]))
    first = best[0][0]
    leads = not any(line.strip() for line in lines[:first])
    starts = [place if leads else place + 1 for place, _ in best]
    begun = starts[1:] if leads else starts
    return [start for start in begun if any(line.strip() for line in lines[start:])]


def _is_numbering(shape: str, marks: list[tuple[int, int]]) -> bool:
    if len(marks) < _LEAST_MARKS or not (_PAGE_WORD.search(shape) or _FRAMED.match(shape.split("/")[0])):
        return False
    numbers = [number for _, number in marks]
    rising = sum(after == before + 1 for before, after in pairwise(numbers))
    return numbers[0] <= 2 and rising == len(numbers) - 1


def decoded(data: bytes) -> str:
    """Return a file's text with plain line ends; raises Rejected where it is none."""
    if b"\x00" in data[:4096] and not data.startswith((b"\xff\xfe", b"\xfe\xff")):
        raise Rejected(say("layout.is_no_text"), Reason.DAMAGED)
    for encoding in ("utf-16",) if data[:2] in (b"\xff\xfe", b"\xfe\xff") else ("utf-8-sig", "cp1252"):
        try:
            return data.decode(encoding).removeprefix("\ufeff").replace("\r\n", "\n").replace("\r", "\n")
        except UnicodeDecodeError:
            continue
    raise Rejected(say("layout.encoding"))


class _Layout:
    """How a text file sets lines: wrapped or one line a paragraph, single or double spaced."""

    def __init__(self, content: str) -> None:
        lines = content.replace("\f", "\n").split("\n")
        self.width = _width(lines)
        self.wrapped = is_wrapped(content)
        self.listed = {_bare(line[:lead]) for line in lines if (lead := _leads(line)) is not None}
        self.blank_lines = 1 if self.wrapped and _double_spaced(lines) else 0

    def lines(self, page: str, number: int) -> list[Line]:
        """Return the lines of one page, each with `opens` where a paragraph begins."""
        result: list[Line] = []
        blanks, previous, skipped = 99, "", 0
        lines = page.split("\n")
        rows = table_rows(lines)
        for place, printed in enumerate(lines):
            if place < skipped:
                continue
            if not printed.strip():
                blanks += 1
                continue
            if place in rows:
                skipped, cells = rows[place]
                result.append(Line("\t".join(filter(None, cells)), number, cells=cells))
                blanks, previous = 99, ""
                continue
            opens = blanks > self.blank_lines or self._breaks(previous, printed)
            result.extend(_split_marks(printed, number, opens))
            blanks, previous = 0, printed
        return result

    def _breaks(self, previous: str, line: str) -> bool:
        """Whether the previous line ended early: the next word would still have fitted."""
        if not self.wrapped or self._is_own(previous) or self._is_own(line):
            return True
        needed = len(previous.strip()) + 1 + len(line.split()[0])
        if _ENDED.search(previous.strip()) or leading_number(line.strip()):
            return needed <= self.width - 4
        return not line.strip()[0].islower() and needed <= self.width - 12

    def _is_own(self, line: str) -> bool:
        """Whether a line is a paragraph however long it is: one of the contents, what they list, a label."""
        return is_section_label(line) or _bare(line) in self.listed or _leads(line) is not None


def is_wrapped(content: str) -> bool:
    """Whether a text breaks its lines within paragraphs."""
    lines = content.replace("\f", "\n").split("\n")
    lengths = [len(line.strip()) for line in lines if line.strip() and "\t" not in line]
    return _width(lines) <= _WRAP_LIMIT and statistics.median(lengths or [0]) > 30 and _runs_on(lines)


def _width(lines: list[str]) -> int:
    """Return the length that nearly all lines keep."""
    filled = sorted(len(line.strip()) for line in lines if line.strip() and "\t" not in line)
    return filled[int(0.95 * (len(filled) - 1))] if filled else 0


def _leads(line: str) -> int | None:
    """Return where the dots begin that lead to the page of a line of contents, None for every other line."""
    led = _LEADS.match(line[::-1]) if len(line) < _LEADS_LONGEST else None
    return len(line) - led.end() if led is not None else None


def _bare(line: str) -> str:
    return " ".join(line.split()).casefold()


def _runs_on(lines: list[str]) -> bool:
    """Whether sentences run over line ends: lines go on in lower case where the line above has not ended."""
    filled = [line.strip() for line in lines if line.strip()]
    runs = sum(below[0].islower() and not _ENDED.search(above) for above, below in pairwise(filled))
    return runs > _RUN_ON * len(filled)


def _double_spaced(lines: list[str]) -> bool:
    filled = [bool(line.strip()) for line in lines]
    pairs = [(a, b) for a, b in pairwise(filled) if a]
    return bool(pairs) and sum(not b for _, b in pairs) > 0.8 * len(pairs)


def _split_marks(printed: str, page: int, opens: bool) -> list[Line]:
    """Split one line where marks of bold type part headings that were fused; a table row keeps its cells."""
    if printed.count("|") >= 2 and printed.strip().startswith("|"):
        barred = tuple(cell.strip() for cell in printed.strip().strip("|").split("|"))
        return [] if _RULE.match(printed) else [Line("\t".join(barred), page, cells=barred)]
    if (printed.count("\t") >= 1 and not printed.startswith(("\t", " "))) or printed.startswith("\t\t"):
        cells = tuple(cell.strip() for cell in printed.split("\t"))
        return [Line("\t".join(cells).strip(), page, cells=cells)]
    lines = []
    for index, pieces in enumerate(_pieces(printed.strip())):
        bullet, text = split_bullet("".join(piece for piece, _ in pieces))
        if text:
            line = Line(letter_spaced(text), page, opens=opens or index > 0, bullet=bullet)
            line.bold = all(bold for piece, bold in pieces if any(map(str.isalnum, piece)))
            line.lead = 0 if line.bold else bold_lead(pieces)
            lines.append(line)
    return lines


def _pieces(text: str) -> list[list[tuple[str, bool]]]:
    """Return the lines of a text with what of them is bold; marks between two words part headings that were fused."""
    parts = _ITALICS.sub(r"\1", text.replace("`", "").replace("__", "**")).split("**")
    lines, above = [[(parts[0], False)]], parts[0][-1:]
    for index, part in enumerate(parts[1:], start=1):
        opening = index % 2 == 1
        closed = len(parts) > index + 1
        if opening and above not in ("", " ", "(", "„") and closed:
            lines.append([])
            above = ""
        lines[-1].append((part, opening and closed))
        above = part[-1:] or above
    return [pieces for pieces in lines if "".join(piece for piece, _ in pieces).strip()]
