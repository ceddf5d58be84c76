"""Plain text files as layouts: pages by form feeds or marks, wrapped paragraphs, tables set with
bars or tabs.
"""

from __future__ import annotations

import re
import statistics
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from itertools import pairwise

from ingest.errors import Reason, Rejected
from ingest.layout.characters import join_spaced_letters, measure_bold, split_list_mark
from ingest.layout.runs import TextRun
from ingest.layout.spaced_columns import split_columns
from ingest.limits import ReadingLimits
from ingest.stream import (
    Cell,
    Layout,
    Line,
    Style,
    clean_characters,
    count_letters,
    find_invisible,
)
from ingest.tables_of_contents import listed_title
from prompts import say
from vectorstore.language import collapse_spaces, fold, fold_case, word_list

_WRAPPED_SHARE = 0.12  # share of lines that end within a sentence, from which a text is wrapped
_MIN_WRAPPED = 30  # characters of the median line that ends within a sentence, in wrapped text
_WRAP_LIMIT = 140  # characters: longer lines are whole paragraphs
_LEAST_LETTERS = 20  # letters from which a file has text
_RULE = re.compile(r"^[\s|:=_*-]+$")  # "|---|---|", "====="
_SENTENCE_END = re.compile(r"[.:!?…][\]'\"“”»)]*$")
_HASHES = re.compile(r"(#{1,6})[ \t]+(?=\S)")  # "## " before a heading
# a number before a title, but not before a month and a year: "3. Mai 2025"
_NUMBER = re.compile(
    r"(?:\d{1,3}(?:\.\d{1,3})*[.)]|\d{1,3}(?:\.\d{1,2})+|[IVXLC]{1,6}\.)"
    r"\s+(?![A-Z][a-zä]+\s(?:19|20)\d\d)\S"
)
# characters left in the line above from which a paragraph ended there: behind a sentence or
# before a number; elsewhere
_SPACE = 4
_MUCH_SPACE = 12
_DIGITS = re.compile(r"\d+")
# characters of a page mark; page marks of a document
_MAX_MARK = 40
_MIN_MARKS = 3
_MIN_NAMED_MARKS = 2  # with the word for a page
# "Seite 0", "Seite 0 von 0"
_NAMED_MARK = re.compile(r"\W*(?:seite|page)\s*0(?:\s*(?:von|of|/)\s*0)?\W*", re.I)
# "Seite 0", "--- 0 ---"
_PAGE_MARK = re.compile(r"\b(?:seite|page|s\.)\s*\W*0|^[^\w\s]+\s*0.*[^\w\s]+$", re.I)
_BARS = re.compile(r"^\||\|$")  # at the edges of a row
_START_BLANKS = 99  # blank lines above a page, a table and a text
_NO_ROW = ("", 0)
_TAB_ROW = re.compile(r"\t\t|(?!•\t[^\t]*$)[^\t ][^\t]*\t")
_WIDE_GAP = re.compile(r" {4,}")  # parts cells
_BEFORE_WORD = " („‚»\"'[/–-"  # signs that may be directly before a word
_LEAD = re.compile(r"\S*\d\S*|\W")  # a number or list mark: a wide gap parts no cell from it


def read_text(data: bytes, _limits: ReadingLimits | None = None) -> Layout:
    """Return the layout of a plain text file. Form feeds separate its pages or, without form feeds,
    lines that mark pages. Characters that no reader sees become hidden text. Raises Rejected for a
    file that is binary or has no text.
    """
    decoded = decode_text(data)
    content = clean_characters(decoded)
    shown = count_letters(content)
    check_letters(shown)
    pages = split_pages(content)
    hidden = list[TextRun]()
    for number, page in enumerate(split_pages(decoded)):
        hidden += find_invisible(page, number)
    reader = _TextReader(content)
    for number, page in enumerate(pages):
        reader.read_page(page.split("\n"), number)
    layout = Layout(tuple(reader.lines), shown=shown, runs=tuple(hidden))
    return with_pages(layout, len(pages))


def with_pages(layout: Layout, count: int) -> Layout:
    """Return the layout of a text with its pages. A text of one page is not divided into pages, so
    its `page_count` stays 0.
    """
    if count < 2:
        return layout
    return replace(layout, page_count=count, labels=("",) * count)


def check_letters(shown: Mapping[str, int]) -> None:
    """Raise Rejected for a file without text; `shown` counts its characters."""
    if sum(count for char, count in shown.items() if char.isalpha()) < _LEAST_LETTERS:
        raise Rejected(say("reading.no_text"), Reason.NO_TEXT)


def decode_text(data: bytes) -> str:
    """Return the text of a file, with "\\n" at each line end. UTF-8 is tried before windows-1252,
    as other text hardly ever fits UTF-8. UTF-16 is read only with its mark at the beginning; zero
    bytes without this mark are binary data. Raises Rejected for binary data and for unknown
    encodings.
    """
    is_utf16 = data.startswith((b"\xff\xfe", b"\xfe\xff"))
    if b"\x00" in data[:4096] and not is_utf16:
        raise Rejected(say("layout.is_no_text"), Reason.DAMAGED)
    encodings = ("utf-16",) if is_utf16 else ("utf-8-sig", "cp1252")
    for encoding in encodings:
        try:
            text = data.decode(encoding).removeprefix("\ufeff")
        except UnicodeDecodeError:
            continue
        return text.replace("\r\n", "\n").replace("\r", "\n")
    raise Rejected(say("layout.encoding"))


def split_pages(content: str) -> list[str]:
    """Return the pages of a text. Form feeds separate them or, without form feeds, lines that mark
    pages ("Seite 2"). If the text begins with such a line, each of them begins a page; else it ends
    a page.
    """
    if "\f" in content:
        return content.split("\f")
    lines = content.split("\n")
    marks = _find_page_marks(lines)
    if not marks:
        return [content]
    nonblank = [index for index, line in enumerate(lines) if line.strip()]
    if nonblank[0] >= marks[0]:
        starts = marks[1:]
    else:  # behind the last mark no page begins unless there is text
        starts = [mark + 1 for mark in marks if mark < nonblank[-1]]
    return ["\n".join(lines[start:end]) for start, end in pairwise([0, *starts, len(lines)])]


def _find_page_marks(lines: Sequence[str]) -> list[int]:
    """Return the indices of the lines that mark pages: "Seite 1", "Seite 2", "Seite 3".

    Such lines differ only in one number, which begins with 2 or less and counts up by 1; a second
    number, the total ("Seite 1 von 9"), is the same in all. There are at least `_MIN_MARKS` of
    them, with the word for a page or a frame of signs ("--- 1 ---"); of lines that only name a page
    two are enough. Of several series the longest is taken, of equally long ones the later.
    """
    # (text with 0 for its numbers, total or 0) → (index, number)
    shapes: dict[tuple[str, int], list[tuple[int, int]]] = defaultdict(list)
    for index, line in enumerate(lines):
        text = collapse_spaces(line)
        numbers = [int(number) for number in _DIGITS.findall(text)[:2] if len(number) < 5]
        if numbers and len(text) <= _MAX_MARK:
            shapes[_DIGITS.sub("0", text), sum(numbers[1:])].append((index, numbers[0]))
    mark_series = []
    for (shape, _), marks in shapes.items():
        first = marks[0][1]
        counts_on = [number for _, number in marks] == list(range(first, first + len(marks)))
        least = _MIN_NAMED_MARKS if _NAMED_MARK.fullmatch(shape) else _MIN_MARKS
        if len(marks) >= least and _PAGE_MARK.search(shape) and first <= 2 and counts_on:
            mark_series.append([index for index, _ in marks])
    return max(mark_series, key=lambda indices: (len(indices), indices[0]), default=[])


def is_wrapped(content: str) -> bool:
    """True if a text breaks lines within paragraphs: many lines end within a sentence, these are
    long, and hardly any line is longer than `_WRAP_LIMIT`. A line ends within a sentence if it has
    no full stop or the like, and the next line begins in lower case.
    """
    lines = [line.strip() for line in _nonblank_lines(content)]
    lengths = []  # of the lines that end within a sentence
    for above, below in pairwise(lines):
        if below[0].islower() and not _SENTENCE_END.search(above):
            lengths.append(len(above))
    usual_length = statistics.median(lengths or [0])
    is_frequent = len(lengths) > _WRAPPED_SHARE * len(lines)
    return is_frequent and usual_length > _MIN_WRAPPED and _wrap_width(lines) <= _WRAP_LIMIT


def _nonblank_lines(content: str) -> list[str]:
    return [line for line in content.replace("\f", "\n").split("\n") if line.strip()]


def _wrap_width(lines: Sequence[str]) -> int:
    """Return the length that 95 % of the lines do not exceed, in characters. So a few longer lines,
    such as links, do not count. Lines with tabs are rows of tables, and are left aside.
    """
    lengths = sorted(len(line.strip()) for line in lines if "\t" not in line)
    if lengths:
        return lengths[int(0.95 * (len(lengths) - 1))]
    return 0


class _TextReader:
    """Reads the pages of one text, wrapped or one line a paragraph, single or double spaced."""

    def __init__(self, content: str) -> None:
        """Measure the text as a whole: its width, whether it is wrapped or double-spaced, and which
        titles its table of contents lists (what is before the dots).
        """
        self.lines: list[Line] = []
        nonblank = _nonblank_lines(content)
        self._width = _wrap_width(nonblank)
        self._is_wrapped = is_wrapped(content)
        titles = filter(None, map(listed_title, nonblank))
        self._contents = set(map(fold_case, titles))
        self._usual_blanks = int(self._is_wrapped and _is_double_spaced(content))
        self._in_list = False  # whether the current paragraph is a list point
        self._page, self._tables, self._row = 0, 0, 0
        self._shape = _NO_ROW  # separator and number of cells of the row above

    def read_page(self, printed: Sequence[str], page: int) -> None:
        """Add the lines of the texts and tables of a page."""
        self._page, self._shape = page, _NO_ROW
        for pieces in split_columns(printed):
            self._tables += pieces[0].place is not None
            for piece in pieces:
                cell = None
                if piece.place is not None:
                    cell = Cell(self._tables - 1, *piece.place)
                self._add_lines(piece.lines, cell)

    def _add_lines(self, printed: Sequence[str], cell: Cell | None) -> None:
        """Add the lines of a text or of a cell. The first line begins a paragraph, as if many blank
        lines were above it.
        """
        blanks = _START_BLANKS  # blank lines above
        previous = ""  # the last line that is none
        for text in printed:
            if not text.strip():
                blanks += 1
                continue
            row = _split_cells(text)
            if row and cell is None:
                self._add_row(*row, blanks)
            else:
                self._add_text(text, previous, blanks, cell)
            blanks, previous = 0, text

    def _add_text(self, text: str, previous: str, blanks: int, cell: Cell | None) -> None:
        """Add the lines of a printed line (`text`) that is no table row, with `opens` where a
        paragraph begins; `previous` is the printed line above, `blanks` the number of blank lines
        between them. In double-spaced text one blank line begins no paragraph.

        A leading dash is a list mark at the beginning of a paragraph, within a list and after a
        sentence; elsewhere it belongs to the sentence.
        """
        opens = blanks > self._usual_blanks or self._begins_paragraph(previous, text)
        ends_sentence = _SENTENCE_END.search(previous.strip()) is not None
        dash_is_mark = opens or self._in_list or ends_sentence
        for number, line in enumerate(_make_lines(text, opens=opens, dash_is_mark=dash_is_mark)):
            if line.opens:
                self._in_list = line.bullet
            apart = blanks > 0 and number == 0
            self.lines.append(replace(line, page=self._page, cell=cell, apart=apart))
        self._shape = _NO_ROW

    def _add_row(self, separator: str, cells: Sequence[str], blanks: int) -> None:
        """Add a row to the table above or to a new table. A new table begins where the separator
        changes and, after blank lines, where the number of cells changes. A rule (no `cells`) adds
        nothing.
        """
        if not cells:
            return
        if separator != self._shape[0] or (blanks and len(cells) != self._shape[1]):
            self._tables, self._row = self._tables + 1, -1
        self._row, self._shape = self._row + 1, (separator, len(cells))
        for column, text in enumerate(cells):
            cell = Cell(self._tables - 1, self._row, column)
            for line in _make_lines(text, opens=True, dash_is_mark=True):
                self.lines.append(replace(line, page=self._page, cell=cell))

    def _begins_paragraph(self, previous: str, text: str) -> bool:
        """True if a line (`text`) begins a paragraph; `previous` is the line above it. None begins
        behind an unfinished phrase; if the text is not wrapped, all other lines begin one.

        In wrapped text a numbered line behind a sentence begins one, and each line whose first word
        would have fitted into the line above: that line was ended early. If the line above does not
        end a sentence, more space must be left in it, except before a number, and a line in lower
        case begins none.
        """
        above, below = previous.strip(), text.strip()
        # no paragraph begins within a phrase ("für die")
        if is_unfinished(above):
            return False
        # headings ("#") and lines of the contents are always paragraphs of their own
        if not self._is_wrapped or self._is_paragraph(above) or self._is_paragraph(below):
            return True
        ends_sentence = _SENTENCE_END.search(above) is not None
        is_numbered = _NUMBER.match(below) is not None
        if ends_sentence and is_numbered:
            return True
        width_left = self._width - len(above) - 1 - len(below.split()[0])
        if ends_sentence or is_numbered:
            return width_left >= _SPACE
        return width_left >= _MUCH_SPACE and not below[0].islower()

    def _is_paragraph(self, text: str) -> bool:
        """True if a line is a paragraph by itself: a heading ("## Ziele"), a line of the table of
        contents, or a title that is listed there.
        """
        return (
            bool(_HASHES.match(text))
            or fold_case(text) in self._contents
            or listed_title(text) is not None
        )


def is_unfinished(text: str) -> bool:
    """True if a text ends within a word or phrase: with a hyphen ("Rad-") or a stopword ("die",
    "für", "und").
    """
    last = "".join(text.rsplit(None, 1)[-1:])
    if last.endswith("-"):
        return last[-2:-1].isalpha()
    return last.islower() and fold(last) in word_list("stopwords")


def _split_cells(text: str) -> tuple[str, list[str]] | None:
    """Return the separator ("|" or tab) and the cells of a table row, None for a line that is no
    row.

    A row begins with a bar; elsewhere a bar may be a sign in a sentence. A rule ("|---|---|") has
    no cells. A line that begins with a single tab is indented text; with two tabs its first cells
    are empty. A tab between a bullet and its text, as Word writes it, parts no cells.
    """
    if text.count("|") >= 2 and text.strip().startswith("|"):
        if _RULE.match(text):
            return "|", []
        cells = _BARS.sub("", text.strip()).split("|")
        return "|", list(map(str.strip, cells))
    if _TAB_ROW.match(text):
        return "\t", list(map(str.strip, text.split("\t")))
    cells = _WIDE_GAP.split(text.strip())
    if len(cells) > 2 or (len(cells) == 2 and not _LEAD.fullmatch(cells[0])):
        return " ", cells
    return None


def _is_double_spaced(content: str) -> bool:
    """True if nearly all lines of a text (more than 80 %) are followed by a blank one."""
    lines = content.split("\n")
    followed = [bool(below.strip()) for above, below in pairwise(lines) if above.strip()]
    return sum(followed) < 0.2 * len(followed)


def _make_lines(printed: str, *, opens: bool, dash_is_mark: bool) -> Iterator[Line]:
    """Yield the lines of a printed line, without list marks. There are several if bold text
    directly follows other text. A leading dash is a list mark if `dash_is_mark`, but not in
    headings. Hashes ("## ") mark a heading only where the line begins a paragraph (`opens`).
    """
    printed = printed.strip()
    hashes = _HASHES.match(printed)
    level, text_after = 0, printed
    if hashes and opens:
        level, text_after = len(hashes[1]), printed[hashes.end() :]
    for number, pieces in enumerate(_split_bold(text_after)):
        whole = "".join(piece for piece, _ in pieces)
        bullet, text = split_list_mark(whole, dash_is_mark=dash_is_mark and level == 0)
        text = join_spaced_letters(text)
        bold, lead = measure_bold(text, pieces)
        if text:
            style = Style(bold=bold, level=level)
            begins = opens or bullet or number > 0
            yield Line(text, style=style, opens=begins, bullet=bullet, lead=lead)


def _split_bold(text: str) -> list[list[tuple[str, bool]]]:
    """Return the lines of a text, each as pieces with whether they are bold ("**bold**" or
    "__bold__"); the marks are dropped, and so are backticks.

    Bold text that directly follows a word ("Text**Ziel**") begins a new line, as probably a line
    end was lost there. It does not after a blank, a quotation mark or the hyphen of a compound. A
    mark without a second one makes nothing bold.
    """
    # every second part is between two marks
    parts = text.replace("`", "").replace("__", "**").split("**")
    lines: list[list[tuple[str, bool]]] = [[(parts[0], False)]]
    last = parts[0][-1:]  # character before the part; "" at the beginning of a line
    for index, part in enumerate(parts[1:], start=1):
        is_closed = index + 1 < len(parts)
        bold = index % 2 == 1 and is_closed
        if bold and last and last not in _BEFORE_WORD:
            lines.append([])
            last = ""
        lines[-1].append((part, bold))
        last = part[-1:] or last
    return lines
