"""Lines from web pages: their text without navigation, head and foot, and without what is not to be seen."""

from __future__ import annotations

import re
from dataclasses import dataclass, field, replace

from lxml import etree

from ingest.errors import Reason, Rejected
from ingest.layout.grids import GridCell, table_lines
from ingest.layout.lines import Line, RawDocument, bold_lead, count_invisible, letters, split_bullet, squash
from ingest.layout.ordinals import ordinal
from ingest.layout.web_frame import (
    BLOCKS,
    CODE,
    HEADINGS,
    Frame,
    decoded,
    is_aside,
    is_styled,
    parsed,
    plain_text,
    properties,
    tag_of,
)
from ingest.limits import ReadingLimits
from prompts import say

_BOLD = {"b", "strong", "th", "dt", *HEADINGS}
_KEPT = {"pre", "listing", "plaintext", "xmp"}  # where line breaks are kept
_LISTS = {"ul", "ol", "menu", "dir"}
_FORMATS = {"a": "lowerLetter", "A": "upperLetter", "i": "lowerRoman", "I": "upperRoman"}


def read_html(data: bytes, limits: ReadingLimits) -> RawDocument:
    """Read a web page's bytes; it has no pages.

    Text of elements that are hidden, of comments and of what only other browsers show is counted as hidden; programs
    and style sheets are no text. Nothing is fetched. Raises Rejected for a page without text or too deep.
    """
    source = decoded(data)
    root = parsed(source)
    page, shown = _read(root, is_styled(source), limits)
    if sum(map(str.isalpha, shown)) < 20:
        raise Rejected(say("reading.no_text"), Reason.NO_TEXT)
    raw = RawDocument(page.lines, properties=properties(root), framed=True)
    raw.shown.update(letters(shown))
    if hidden := page.hidden + count_invisible(shown):
        raw.hidden[0] = hidden
    return raw


def html_lines(source: str, limits: ReadingLimits) -> tuple[list[Line], str, int]:
    """Return the lines of HTML that is no page of its own, all that they show, and how many characters are hidden."""
    if not source.strip():
        return [], "", 0
    page, shown = _read(parsed(source), is_styled(source), limits)
    return page.lines, shown, page.hidden


def _read(root: etree._Element, styled: bool, limits: ReadingLimits) -> tuple[_Page, str]:
    frame = Frame(root, styled)
    page = _Page(frame, limits)
    page.walk(root)
    return page, _shown(root, frame)


def _shown(root: etree._Element, frame: Frame) -> str:
    """Return all text that is to be seen, whatever lines are made of it."""
    parts: list[str] = []
    walker = etree.iterwalk(root, events=("start", "end", "comment", "pi"))
    for event, element in walker:
        if event == "start" and frame.unseen(element):
            walker.skip_subtree()
        elif event == "start":
            parts.append(element.text or "")
        else:
            parts.append(element.tail or "")
    return "".join(parts)


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

    form: str
    number: int
    step: int = 1


@dataclass(slots=True)
class _Table:
    """A table that is being read."""

    rows: list[list[GridCell]] = field(default_factory=list)


class _Page:
    """Walks through a page and makes lines of it."""

    def __init__(self, frame: Frame, limits: ReadingLimits) -> None:
        self.lines: list[Line] = []
        self.hidden = 0
        self._frame = frame
        self._limits = limits
        self._states = [_State(noise=bool(frame.main))]
        self._sinks = [self.lines]
        self._lists: list[_List] = []
        self._tables: list[_Table] = []
        self._parts: list[tuple[str, bool]] = []
        self._mark: str | None = None  # "" for a bullet, else the number before the next line

    def walk(self, root: etree._Element) -> None:
        """Read the whole tree, without recursion."""
        walker = etree.iterwalk(root, events=("start", "end", "comment", "pi"))
        skipped: etree._Element | None = None
        for event, element in walker:
            if event == "start" and self._frame.unseen(element):
                self.hidden += 0 if tag_of(element) in CODE else sum(len(squash(t)) for t in element.itertext())
                walker.skip_subtree()
                skipped = element
                continue
            if event == "start":
                self._start(element, tag_of(element))
                self._add(element.text)
                continue
            if event == "end" and element is not skipped:
                self._end(tag_of(element))
            elif event != "end":
                self.hidden += len(squash(element.text or ""))
            self._add(element.tail)
        self._flush()

    def _start(self, element: etree._Element, tag: str) -> None:
        state = self._states[-1]
        inside = self._state(element, tag, state)
        if tag in BLOCKS or inside != replace(state, bold=inside.bold):
            self._flush()
        self._states.append(inside)
        if tag in _LISTS:
            self._lists.append(_list(element, tag))
        elif tag == "li":
            self._mark = self._point(element)
        elif tag == "table":
            self._tables.append(_Table())
            self._sinks.append([])
        elif tag == "tr" and self._tables:
            self._tables[-1].rows.append([])
        elif tag in ("td", "th") and self._tables:
            self._cell(element)
        elif tag == "br":
            self._break()

    def _end(self, tag: str) -> None:
        outside = self._states[-2]
        if tag in BLOCKS or outside != replace(self._states[-1], bold=outside.bold):
            self._flush()
        self._states.pop()
        if tag in _LISTS:
            self._lists.pop()
        elif tag == "li":
            self._mark = None
        elif tag in ("td", "th") and self._tables:
            self._sinks.pop()
        elif tag == "table":
            beside = self._sinks.pop()
            self._sinks[-1].extend([*beside, *table_lines(self._tables.pop().rows, self._limits)])

    def _state(self, element: etree._Element, tag: str, around: _State) -> _State:
        """Return what holds within an element."""
        level = HEADINGS.get(tag, around.level)
        if element.get("role") == "heading":
            level = int(depth) if (depth := element.get("aria-level", "2")) in "123456789" else 2
        noise = self._frame.is_frame(element) or (around.noise and not self._frame.is_main(element))
        return _State(
            noise=noise,
            aside=not noise and (around.aside or is_aside(element)),
            bold=around.bold or tag in _BOLD,
            kept=around.kept or tag in _KEPT,
            level=level,
        )

    def _point(self, element: etree._Element) -> str:
        """Return the number of a list's point, "" for a mark."""
        if not self._lists or not self._lists[-1].form:
            return ""
        numbers = self._lists[-1]
        numbers.number = _number(element.get("value"), numbers.number)
        printed = ordinal(numbers.number, numbers.form)
        numbers.number += numbers.step
        return f"{printed}. "

    def _cell(self, element: etree._Element) -> None:
        table = self._tables[-1]
        cell = GridCell([], max(_number(element.get("colspan"), 1), 1), max(_number(element.get("rowspan"), 1), 0))
        if not table.rows:
            table.rows.append([])
        table.rows[-1].append(cell)
        self._sinks.append(cell.lines)

    def _add(self, text: str | None) -> None:
        if not text:
            return
        state = self._states[-1]
        pieces = text.split("\n") if state.kept else [text]
        for number, piece in enumerate(pieces):
            if number:
                self._flush()
            self._parts.append((piece, state.bold))

    def _break(self) -> None:
        if self._states[-1].level:
            self._parts.append((" ", True))
        else:
            self._flush()

    def _flush(self) -> None:
        """End the line, if there is one."""
        parts, self._parts = self._parts, []
        bullet, text = split_bullet(plain_text("".join(text for text, _ in parts)))
        if not text:
            return
        state, mark = self._states[-1], self._mark
        self._mark = None
        line = Line(f"{mark or ''}{text}", bullet=bullet or mark == "", level=state.level)
        line.bold = all(bold for text, bold in parts if any(map(str.isalnum, text)))
        line.lead = bold_lead(parts)
        line.noise, line.aside = state.noise, state.aside
        self._sinks[-1].append(line)


def _list(element: etree._Element, tag: str) -> _List:
    plain = re.search(r"list-style(?:-type)?\s*:\s*(?:none|disc)", element.get("style", ""), re.IGNORECASE)
    if tag != "ol" or plain:
        return _List("", 0)
    form = _FORMATS.get(element.get("type", ""), "decimal")
    if element.get("reversed") is None:
        return _List(form, _number(element.get("start"), 1))
    return _List(form, _number(element.get("start"), sum(1 for _ in element.iterchildren("li"))), -1)


def _number(said: str | None, otherwise: int) -> int:
    digits = (said or "").strip()
    return int(digits) if re.fullmatch(r"-?\d{1,6}", digits) else otherwise
