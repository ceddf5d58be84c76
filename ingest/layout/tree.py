"""Lines from a tree of HTML elements: a web page, rendered Markdown, or what a Word file prints.

What is furniture, hidden or beside the text is known from the elements themselves, nothing is inferred. The tree is
walked without recursion. An element `tab` (Word) parts the cells of a line.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace

from lxml import etree

from ingest.layout.frame import BLOCKS, CODE, HEADINGS, Frame, is_aside, tag_of
from ingest.layout.grids import GridCell, table_lines
from ingest.layout.lines import Line, bold_lead, clean_characters, split_bullet, squash
from ingest.limits import ReadingLimits

_BOLD = {"b", "strong", "th", "dt", *HEADINGS}
_KEPT = {"pre", "listing", "plaintext", "xmp"}  # where line breaks are kept
_LISTS = {"ul", "ol", "menu", "dir"}
_FORMS = {"a": "lowerLetter", "A": "upperLetter", "i": "lowerRoman", "I": "upperRoman"}
_PLAIN_LIST = re.compile(r"list-style(?:-type)?\s*:\s*(?:none|disc)", re.IGNORECASE)
_TAB = "\x1f"
_ROMAN = (
    (1000, "m"), (900, "cm"), (500, "d"), (400, "cd"), (100, "c"), (90, "xc"), (50, "l"), (40, "xl"), (10, "x"),
    (9, "ix"), (5, "v"), (4, "iv"), (1, "i"),
)  # fmt: skip
_MOST = 4_999  # above, Roman numbers and letters are printed as digits


def plain_text(text: str) -> str:
    """Return clean text in one line."""
    return " ".join(clean_characters(text).split())


def ordinal(number: int, form: str) -> str:
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


def tree_lines(root: etree._Element, styled: bool, limits: ReadingLimits) -> tuple[list[Line], str, int]:
    """Return the lines of a tree, all text that it shows, and how many characters are hidden.

    `styled` pages have style sheets, so that white letters may stand on colour. Programs and style sheets are neither
    shown nor hidden. Raises Rejected for tables beyond the limits.
    """
    walk = _Walk(Frame(root, styled), limits)
    walk.through(root)
    return walk.lines, "".join(walk.shown), walk.hidden


@dataclass(frozen=True, slots=True)
class _State:
    """What holds for all text within an element."""

    noise: bool = False
    aside: bool = False
    bold: bool = False
    kept: bool = False
    level: int = 0


@dataclass(slots=True)
class _List:
    """A list whose points are being read; `form` is that of its numbers, "" for marks."""

    form: str = ""
    number: int = 0
    step: int = 1

    def mark(self, point: etree._Element) -> str:
        """Return what is printed before a point: its number, "" for a bullet."""
        if not self.form:
            return ""
        self.number = _number(point.get("value"), self.number) + self.step
        return f"{ordinal(self.number - self.step, self.form)}. "


class _Walk:
    """One way through a tree; `shown` gathers all text that is seen, whatever lines are made of it."""

    def __init__(self, frame: Frame, limits: ReadingLimits) -> None:
        self.lines: list[Line] = []
        self.shown: list[str] = []
        self.hidden = 0
        self._frame, self._limits = frame, limits
        self._states = [_State(noise=bool(frame.main))]
        self._sinks = [self.lines]
        self._lists: list[_List] = []
        self._tables: list[list[list[GridCell]]] = []
        self._parts: list[tuple[str, bool]] = []
        self._mark: str | None = None  # "" for a bullet, else the number before the next line

    def through(self, root: etree._Element) -> None:
        """Read the whole tree."""
        walker = etree.iterwalk(root, events=("start", "end", "comment", "pi"))
        skipped: etree._Element | None = None
        for event, element in walker:
            if event == "start" and self._frame.unseen(element):
                self.hidden += 0 if tag_of(element) in CODE else sum(len(squash(t)) for t in element.itertext())
                walker.skip_subtree()
                skipped = element
            elif event == "start":
                self._start(element, tag_of(element))
                self._add(element.text)
            else:
                if event != "end":
                    self.hidden += len(squash(element.text or ""))
                elif element is not skipped:
                    self._end(tag_of(element))
                self._add(element.tail)
        self._flush()

    def _start(self, element: etree._Element, tag: str) -> None:
        around = self._states[-1]
        inside = self._state(element, tag, around)
        self._flush_between(tag, around, inside)
        self._states.append(inside)
        if tag in _LISTS:
            self._lists.append(_list(element, tag))
        elif tag == "li":
            self._mark = self._lists[-1].mark(element) if self._lists else ""
        elif tag == "table":
            self._tables.append([])
            self._sinks.append([])
        elif tag == "tr" and self._tables:
            self._tables[-1].append([])
        elif tag in ("td", "th") and self._tables:
            self._cell(element)
        elif tag == "br" and not inside.level:
            self._flush()
        elif tag in ("br", "tab"):
            self._parts.append((" " if inside.level else _TAB, True))

    def _end(self, tag: str) -> None:
        inside = self._states.pop()
        self._flush_between(tag, inside, self._states[-1], inside)
        if tag in _LISTS:
            self._lists.pop()
        elif tag == "li":
            self._mark = None
        elif tag in ("td", "th") and self._tables:
            self._sinks.pop()
        elif tag == "table":
            beside = self._sinks.pop()
            self._sinks[-1].extend([*beside, *table_lines(self._tables.pop(), self._limits)])

    def _state(self, element: etree._Element, tag: str, around: _State) -> _State:
        level = HEADINGS.get(tag, around.level)
        if element.get("role") == "heading":
            level = int(depth) if (depth := element.get("aria-level", "2")) in tuple("123456789") else 2
        noise = (around.noise and not self._frame.is_main(element)) or self._frame.is_frame(element, tag)
        return _State(
            noise=noise,
            aside=not noise and (around.aside or is_aside(element)),
            bold=around.bold or tag in _BOLD,
            kept=around.kept or tag in _KEPT,
            level=level,
        )

    def _cell(self, element: etree._Element) -> None:
        cell = GridCell([], max(_number(element.get("colspan"), 1), 1), max(_number(element.get("rowspan"), 1), 0))
        if not self._tables[-1]:
            self._tables[-1].append([])
        self._tables[-1][-1].append(cell)
        self._sinks.append(cell.lines)

    def _add(self, text: str | None) -> None:
        if not text:
            return
        self.shown.append(text)
        state = self._states[-1]
        for number, piece in enumerate(text.split("\n") if state.kept else [text]):
            if number:
                self._flush()
            self._parts.append((piece, state.bold))

    def _flush_between(self, tag: str, one: _State, other: _State, of: _State | None = None) -> None:
        """End the line where an element begins or ends that is a block, or sets more than bold type."""
        if tag in BLOCKS or one != replace(other, bold=one.bold):
            self._flush(of)

    def _flush(self, state: _State | None = None) -> None:
        """End the line, if there is one, in the state of its element."""
        parts, self._parts = self._parts, []
        pieces = "".join(text for text, _ in parts).split(_TAB)
        bullet, text = split_bullet("\t".join(filter(None, map(plain_text, pieces))))
        if not text:
            return
        state, mark = state or self._states[-1], self._mark
        self._mark = None
        line = Line(f"{mark or ''}{text}", bullet=bullet or mark == "", level=state.level)
        line.cells = tuple(line.text.split("\t")) if "\t" in text else None
        line.bold = all(bold for text, bold in parts if any(map(str.isalnum, text)))
        line.lead = bold_lead(parts)
        line.noise, line.aside = state.noise, state.aside
        self._sinks[-1].append(line)


def _list(element: etree._Element, tag: str) -> _List:
    if tag != "ol" or _PLAIN_LIST.search(element.get("style", "")):
        return _List()
    form = _FORMS.get(element.get("type", ""), "decimal")
    if element.get("reversed") is None:
        return _List(form, _number(element.get("start"), 1))
    return _List(form, _number(element.get("start"), sum(1 for _ in element.iterchildren("li"))), -1)


def _number(said: str | None, otherwise: int) -> int:
    digits = (said or "").strip()
    return int(digits) if re.fullmatch(r"-?\d{1,6}", digits) else otherwise
