"""Lines from a tree of HTML elements: a web page, rendered Markdown, or what a Word file prints.

Page furniture, hidden text and asides are known from the elements themselves, nothing is inferred. The tree is walked
without recursion. An element `tab` (Word) separates the cells of a line.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field, replace
from itertools import count

from lxml import etree

from ingest.errors import Reason, Rejected
from ingest.layout.characters import is_bullet, measure_bold_lead, split_bullet, split_dash
from ingest.layout.frame import BLOCKS, CODE, HEADINGS, Frame, get_tag, is_aside
from ingest.layout.grids import GridCell, place_cells
from ingest.limits import ReadingLimits
from ingest.stream import Cell, Layout, Line, Style, clean_characters, count_invisible, count_letters, squash
from prompts import say

_BOLD = {"b", "strong", "th", "dt", *HEADINGS}
_PREFORMATTED = {"pre", "listing", "plaintext", "xmp"}  # line breaks are kept
_LISTS = {"ul", "ol", "menu", "dir"}
_FORMS = {"a": "lowerLetter", "A": "upperLetter", "i": "lowerRoman", "I": "upperRoman"}
_PLAIN_LIST = re.compile(r"list-style(?:-type)?\s*:\s*(?:none|disc)", re.IGNORECASE)
_ROMAN = (
    (1000, "m"), (900, "cm"), (500, "d"), (400, "cd"), (100, "c"), (90, "xc"), (50, "l"), (40, "xl"), (10, "x"),
    (9, "ix"), (5, "v"), (4, "iv"), (1, "i"),
)  # fmt: skip
_DEEPEST = 1_000  # elements within elements; the library drops what is deeper than 2,048 without a word
_MOST = 4_999  # above, Roman numbers and letters are printed as digits

_Pieces = list[tuple[str, bool]]  # of text, each with whether it is bold


def clean_text(text: str) -> str:
    """Return clean text in one line."""
    return " ".join(clean_characters(text).split())


def format_ordinal(number: int, form: str) -> str:
    """Return a number in a form of Office Open XML (`decimal`, `upperRoman`, ...); digits for an unknown one."""
    if form in ("lowerLetter", "upperLetter") and 0 < number <= _MOST:
        times, place = divmod(number - 1, 26)
        text = chr(ord("a") + place) * (times + 1)
    elif form in ("lowerRoman", "upperRoman") and 0 < number <= _MOST:
        text = ""
        for value, letter in _ROMAN:
            text += letter * (number // value)
            number %= value
    else:
        return {"none": "", "decimalZero": f"{number:02}", "ordinal": f"{number}."}.get(form, str(number))
    return text.upper() if form.startswith("upper") else text


def read_tree(root: etree._Element, styled: bool, limits: ReadingLimits, page: int = 0, tables: int = 0) -> Layout:
    """Return what a tree prints on a page, asides last; its tables are numbered from `tables` on.

    `styled` pages have style sheets, so that white letters may be on colour. Programs and style sheets are neither
    shown nor hidden. Raises Rejected for tables beyond the limits and for trees too deep.
    """
    reader = _TreeReader(Frame(root, styled), limits, page, tables)
    reader.read(root)
    shown, sinks = "".join(reader.shown), reader.sinks
    hidden = reader.hidden + count_invisible(shown)
    return Layout(
        (*sinks[""], *sinks["aside"]),
        tuple(sinks["furniture"]),
        shown=count_letters(shown),
        hidden={page: hidden} if hidden else {},
    )


@dataclass(frozen=True, slots=True)
class _State:
    """What is true of all text within an element: the list that its lines go to, and how it is set."""

    sink: list[Line] = field(compare=False)
    role: str = ""  # "furniture", "aside"
    bold: bool = False
    preformatted: bool = False
    level: int = 0


class _List:
    """A list whose points are being read; `form` is that of its numbers, "" for bullets."""

    def __init__(self, element: etree._Element, tag: str) -> None:
        is_plain = tag != "ol" or _PLAIN_LIST.search(element.get("style", "")) is not None
        self._form = "" if is_plain else _FORMS.get(element.get("type", ""), "decimal")
        self._step = 1 if element.get("reversed") is None else -1
        first = 1 if self._step == 1 else sum(1 for _ in element.iterchildren("li"))
        self._number = _parse_number(element.get("start"), first)

    def next_mark(self, point: etree._Element) -> str:
        """Return what is printed before a point: its number, "" for a bullet."""
        number = _parse_number(point.get("value"), self._number)
        self._number = number + self._step
        return f"{format_ordinal(number, self._form)}. " if self._form else ""


class _TreeReader:
    """One way through a tree."""

    def __init__(self, frame: Frame, limits: ReadingLimits, page: int, tables: int) -> None:
        self.sinks: dict[str, list[Line]] = {"": [], "aside": [], "furniture": []}
        self.shown: list[str] = []
        self.hidden = 0
        self._frame, self._limits, self._page, self._numbers = frame, limits, page, count(tables)
        role = "furniture" if frame.main else ""
        self._states = [_State(self.sinks[role], role)]
        self._lists: list[_List] = []
        self._tables: list[tuple[int, list[list[GridCell]]]] = []
        self._cells: list[_Pieces] = [[]]  # of the line that is read, parted by tabs
        self._mark: str | None = None  # "" for a bullet, else the number before the next line
        self._row = (self.sinks[""], -1, Cell(-1, 0, 0))  # the last line with tabs: its list, the length then, a cell

    def read(self, root: etree._Element) -> None:
        """Read the whole tree."""
        walker = etree.iterwalk(root, events=("start", "end", "comment", "pi"))
        skipped: etree._Element | None = None
        for event, element in walker:
            if event == "start" and self._frame.is_hidden(element):
                texts = () if get_tag(element) in CODE else element.itertext()
                self.hidden += sum(len(squash(text)) for text in texts)
                walker.skip_subtree()
                skipped = element
            elif event == "start":
                self._start(element, get_tag(element))
                self._add(element.text)
            else:
                if event != "end":
                    self.hidden += len(squash(element.text or ""))
                elif element is not skipped:
                    self._end(get_tag(element))
                self._add(element.tail)
        self._flush()

    def _start(self, element: etree._Element, tag: str) -> None:
        if len(self._states) > _DEEPEST:
            raise Rejected(say("layout.too_deep"), Reason.TOO_DEEP)
        around = self._states[-1]
        inside = self._make_state(element, tag, around)
        self._flush_between(tag, around, inside, around)
        self._states.append(inside)
        if tag in _LISTS:
            self._lists.append(_List(element, tag))
        elif tag == "li":
            self._mark = self._lists[-1].next_mark(element) if self._lists else ""
        elif tag == "table":
            self._tables.append((next(self._numbers), []))
        elif tag == "tr" and self._tables:
            self._tables[-1][1].append([])
        elif tag == "br" and not inside.level:
            self._flush()
        elif tag in ("br", "tab") and inside.level:
            self._cells[-1].append((" ", True))
        elif tag == "tab":
            self._cells.append([])

    def _end(self, tag: str) -> None:
        inside = self._states.pop()
        self._flush_between(tag, inside, self._states[-1], inside)
        if tag in _LISTS:
            self._lists.pop()
        elif tag == "li":
            self._mark = None
        elif tag == "table":
            inside.sink.extend(place_cells(*self._tables.pop(), self._limits))

    def _make_state(self, element: etree._Element, tag: str, around: _State) -> _State:
        level = HEADINGS.get(tag, around.level)
        if element.get("role") == "heading":
            level = int(depth) if (depth := element.get("aria-level", "2")) in tuple("123456789") else 2
        within = around.role == "furniture" and not self._frame.is_main(element)
        if within or self._frame.is_furniture(element, tag):
            role = "furniture"
        else:
            role = "aside" if around.role == "aside" or is_aside(element) else ""
        sink = self._add_cell(element) if tag in ("td", "th") and self._tables else around.sink
        if role != around.role:
            sink = self.sinks[role]
        preformatted = around.preformatted or tag in _PREFORMATTED
        return _State(sink, role, around.bold or tag in _BOLD, preformatted, level)

    def _add_cell(self, element: etree._Element) -> list[Line]:
        across, down = (_parse_number(element.get(name), 1) for name in ("colspan", "rowspan"))
        cell, rows = GridCell([], max(across, 1), max(down, 0)), self._tables[-1][1]
        if not rows:
            rows.append([])
        rows[-1].append(cell)
        return cell.lines

    def _add(self, text: str | None) -> None:
        if not text:
            return
        self.shown.append(text)
        state = self._states[-1]
        for number, piece in enumerate(text.split("\n") if state.preformatted else [text]):
            if number:
                self._flush()
            self._cells[-1].append((piece, state.bold))

    def _flush_between(self, tag: str, first: _State, second: _State, owner: _State) -> None:
        """End the owner's line where an element begins or ends that is a block, or sets more than bold type."""
        if tag in BLOCKS or first != replace(second, bold=first.bold):
            self._flush(owner)

    def _flush(self, state: _State | None = None) -> None:
        """End the line, if there is one, in the state of its element; a line with tabs is a row of a table."""
        cells, self._cells = self._cells, [[]]
        state = state or self._states[-1]
        filled = [(text, pieces) for pieces in cells if (text := clean_text("".join(piece for piece, _ in pieces)))]
        pointed = len(filled) > 1 and is_bullet(filled[0][0]) and not filled[0][0].isalnum()
        lines = [self._make_line(text, pieces, state) for text, pieces in filled[pointed:]]
        lines = [line for line in lines if line.text]
        if not lines:
            return
        mark, self._mark = self._mark, None
        text, lead = f"{mark or ''}{lines[0].text}", lines[0].lead and lines[0].lead + len(mark or "")
        lines[0] = replace(lines[0], text=text, lead=lead, bullet=lines[0].bullet or pointed or mark == "")
        if len(lines) > 1:
            row = self._next_row(state.sink)
            lines = [replace(line, cell=row._replace(column=column)) for column, line in enumerate(lines)]
            self._row = state.sink, len(state.sink) + len(lines), row
        state.sink.extend(lines)

    def _make_line(self, text: str, pieces: _Pieces, state: _State) -> Line:
        bullet, text = split_bullet(text)
        if not state.level and (remaining := split_dash(text)):
            bullet, text = True, remaining
        bold = {bold for piece, bold in pieces if any(map(str.isalnum, piece))} == {True}
        lead = 0 if bold else measure_bold_lead(text, pieces)
        return Line(text, self._page, Style(bold=bold, level=state.level), bullet=bullet, lead=lead)

    def _next_row(self, sink: list[Line]) -> Cell:
        """Return the first cell of a row: of the table above where the line before is a row of it."""
        last, length, row = self._row
        if last is sink and length == len(sink):
            return row._replace(row=row.row + 1)
        return Cell(next(self._numbers), 0, 0)


def _parse_number(text: str | None, default: int) -> int:
    digits = (text or "").strip()
    return int(digits) if re.fullmatch(r"-?\d{1,6}", digits) else default
