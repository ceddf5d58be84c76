"""Lines from plain text files: pages by form feeds or marks, wrapped paragraphs, tables set with blanks."""

from __future__ import annotations

import re
import statistics
from bisect import bisect_right
from collections import Counter, defaultdict
from collections.abc import Sequence
from itertools import pairwise

from ingest.errors import Reason, Rejected
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
_LEAST_LETTERS = 20  # of a file that counts as having text
_RULE = re.compile(r"^[\s|:=_*-]+$")
_ENDED = re.compile(r"[.:!?…][\]'\"“”»)]*$")
_LEADS = re.compile(r"^\s*+\d{1,3}+\s*+(?:\s?[.·_…]){4,}+\s*+")  # of a line of contents from its end: page, dots
_LEADS_LONGEST = 400  # characters of one
_DIGITS = re.compile(r"\d+")
_LONGEST_MARK = 40  # characters of a mark
_LEAST_MARKS = 3  # marks that make a numbering of pages
_PAGE_MARK = re.compile(r"\b(?:seite|page|s\.)\s*\W*0|^[^\w\s]+\s*0.*[^\w\s]+$", re.I)  # its word, or a frame of signs
_SEGMENT = re.compile(r"\S+(?: \S+)*")
_LEAST_COLUMNS = 3  # columns of a table
_NEAR = 1  # characters by which a cell may begin beside its column


def read_text(data: bytes) -> RawDocument:
    """Read a text file's bytes; form feeds are pages. Raises Rejected without text."""
    printed = decoded(data)
    content = clean_characters(printed)
    if sum(map(str.isalpha, content)) < _LEAST_LETTERS:
        raise Rejected(say("reading.no_text"), Reason.NO_TEXT)
    pages = pages_of(content)
    count = len(pages) if len(pages) > 1 else 0
    raw = RawDocument([], page_count=count, labels=[""] * count)
    raw.hidden.update({n: unseen for n, page in enumerate(printed.split("\f")) if (unseen := count_invisible(page))})
    raw.shown.update(letters(content))
    layout = _Layout(content)
    for number, page in enumerate(pages):
        raw.lines.extend(layout.lines(page.split("\n"), number))
    return raw


def decoded(data: bytes) -> str:
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


def pages_of(content: str) -> list[str]:
    """Split a text at form feeds, or at the lines that mark its pages: behind them, or before where they lead."""
    if "\f" in content:
        return content.split("\f")
    lines = content.split("\n")
    marks = _page_marks(lines)
    if not marks:
        return [content]
    leads = not any(line.strip() for line in lines[: marks[0]])
    starts = marks[1:] if leads else [mark + 1 for mark in marks]
    starts = [start for start in starts if any(line.strip() for line in lines[start:])]
    return ["\n".join(lines[start:end]) for start, end in pairwise([0, *starts, len(lines)])]


def _page_marks(lines: list[str]) -> list[int]:
    """Return the numbers of the lines that mark pages, none where no line of one shape counts them.

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
    """Whether a text breaks its lines within paragraphs: sentences go on in lower case behind line ends."""
    lines = [line.strip() for line in _filled(content)]
    width = statistics.median([len(line) for line in lines if "\t" not in line] or [0])
    runs = sum(below[0].islower() and not _ENDED.search(above) for above, below in pairwise(lines))
    return _width(lines) <= _WRAP_LIMIT and width > 30 and runs > _RUN_ON * len(lines)


def _filled(content: str) -> list[str]:
    return [line for line in content.replace("\f", "\n").split("\n") if line.strip()]


def _width(lines: Sequence[str]) -> int:
    """Return the length that nearly all lines keep."""
    lengths = sorted(len(line.strip()) for line in lines if "\t" not in line)
    return lengths[int(0.95 * (len(lengths) - 1))] if lengths else 0


class _Layout:
    """How a text file sets lines: wrapped or one line a paragraph, single or double spaced."""

    def __init__(self, content: str) -> None:
        filled = _filled(content)
        self._width = _width(filled)
        self._wrapped = is_wrapped(content)
        self._listed = {_bare(line[:lead]) for line in filled if (lead := _leads(line)) is not None}
        pairs = [bool(below.strip()) for above, below in pairwise(content.split("\n")) if above.strip()]
        double = self._wrapped and sum(pairs) < 0.2 * len(pairs)
        self._blank_lines = 1 if double else 0

    def lines(self, printed: list[str], page: int) -> list[Line]:
        """Return the lines of one page, each with `opens` where a paragraph begins."""
        result: list[Line] = []
        blanks, previous, skipped = 99, "", 0
        rows = table_rows(printed)
        for place, line in enumerate(printed):
            if place < skipped:
                continue
            if not line.strip():
                blanks += 1
            elif place in rows:
                skipped, cells = rows[place]
                result.append(Line("\t".join(filter(None, cells)), page, cells=cells))
                blanks, previous = 99, ""
            else:
                result.extend(_line(line, page, blanks > self._blank_lines or self._breaks(previous, line)))
                blanks, previous = 0, line
        return result

    def _breaks(self, previous: str, line: str) -> bool:
        """Whether the previous line ended early: the next word would still have fitted."""
        if not self._wrapped or self._is_own(previous) or self._is_own(line):
            return True
        left = self._width - len(previous.strip()) - 1 - len(line.split()[0])
        if _ENDED.search(previous.strip()) or leading_number(line.strip()):
            return left >= 4
        return left >= 12 and not line.strip()[0].islower()

    def _is_own(self, line: str) -> bool:
        """Whether a line is a paragraph however long it is: one of the contents, what they list, a label."""
        return is_section_label(line) or _bare(line) in self._listed or _leads(line) is not None


def _leads(line: str) -> int | None:
    """Return where the dots begin that lead to the page of a line of contents, None for every other line."""
    led = _LEADS.match(line[::-1]) if len(line) < _LEADS_LONGEST else None
    return len(line) - led.end() if led is not None else None


def _bare(line: str) -> str:
    return " ".join(line.split()).casefold()


def _line(printed: str, page: int, opens: bool) -> list[Line]:
    """Return a printed line: a row of a table by its bars or tabs, or text, parted where bold headings were fused."""
    if printed.count("|") >= 2 and printed.strip().startswith("|"):
        barred = tuple(cell.strip() for cell in printed.strip().strip("|").split("|"))
        return [] if _RULE.match(printed) else [Line("\t".join(barred), page, cells=barred)]
    if ("\t" in printed and not printed.startswith(("\t", " "))) or printed.startswith("\t\t"):
        cells = tuple(cell.strip() for cell in printed.split("\t"))
        return [Line("\t".join(cells).strip(), page, cells=cells)]
    lines: list[Line] = []
    for pieces in _pieces(printed.strip()):
        bullet, text = split_bullet("".join(piece for piece, _ in pieces))
        if text:
            line = Line(letter_spaced(text), page, opens=opens or bool(lines), bullet=bullet)
            line.bold = all(bold for piece, bold in pieces if any(map(str.isalnum, piece)))
            line.lead = 0 if line.bold else bold_lead(pieces)
            lines.append(line)
    return lines


def _pieces(text: str) -> list[list[tuple[str, bool]]]:
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


# Tables set with blanks


def table_rows(lines: Sequence[str]) -> dict[int, tuple[int, tuple[str, ...]]]:
    """Return by the number of its first line each row: the number behind its last line, and its cells.

    Rows are lines between empty ones. Columns are the places where parts of lines begin again and again behind two
    blanks or more; a table has three of them at least, and two rows with a part in three of them.
    """
    rows: dict[int, tuple[int, tuple[str, ...]]] = {}
    for region in _regions(lines):
        columns = _columns([lines[place] for group in region for place in group])
        made = [(group, _cells([lines[place] for place in group], columns)) for group in region]
        if len(columns) >= _LEAST_COLUMNS and sum(sum(map(bool, cells)) >= _LEAST_COLUMNS for _, cells in made) >= 2:
            rows.update({group[0]: (group[-1] + 1, cells) for group, cells in made})
    return rows


def _segments(line: str) -> list[tuple[int, str]]:
    return [(match.start(), match[0]) for match in _SEGMENT.finditer(line)] if "\t" not in line else []


def _regions(lines: Sequence[str]) -> list[list[list[int]]]:
    """Return runs of groups (lines without an empty one between) that share most places where their parts begin."""
    groups: list[list[int]] = [[]]
    for place, line in enumerate(lines):
        if line.strip():
            groups[-1].append(place)
        elif groups[-1]:
            groups.append([])
    regions: list[list[list[int]]] = []
    known: Counter[int] = Counter()
    for group in groups:
        parts = [_segments(lines[place]) for place in group]
        if not any(len(segments) > 1 for segments in parts):
            continue
        starts = Counter(start for segments in parts for start, _ in segments)
        shared = sum(any(known[start + d] for d in (-_NEAR, 0, _NEAR)) for start in starts)
        if regions and shared >= max(2, 0.5 * len(starts)):
            regions[-1].append(group)
            known += starts
        else:
            regions.append([group])
            known = starts
    return regions


def _columns(lines: Sequence[str]) -> list[int]:
    """Return where columns begin: at places where at least a tenth of the lines with parts begin one."""
    starts = Counter(start for line in lines for start, _ in _segments(line))
    found: list[int] = []
    for start in sorted(starts):
        if starts[start] >= max(2, 0.1 * len(lines)) and not (found and start - found[-1] <= _NEAR + 1):
            found.append(start)
    return found


def _cells(lines: Sequence[str], columns: Sequence[int]) -> tuple[str, ...]:
    cells = [""] * max(len(columns), 1)
    for line in lines:
        least = 0
        for start, text in _segments(line):
            column = max(bisect_right(columns, start + _NEAR) - 1, least)
            broken = cells[column].endswith("-") and not cells[column].endswith(" -") and text[:1].islower()
            cells[column] = cells[column][:-1] + text if broken else f"{cells[column]} {text}".strip()
            least = min(column + 1, len(cells) - 1)
    return tuple(cells)
