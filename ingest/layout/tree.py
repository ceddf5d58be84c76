"""Lines from a tree of HTML elements: a web page, rendered Markdown, or what a Word file prints.

Page furniture, hidden text and asides are known from the elements alone. The tree is traversed
without recursion. An element `tab` (Word) separates the cells of a line.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, replace
from itertools import chain, count

from lxml import etree

from ingest.errors import Reason, Rejected
from ingest.layout.characters import (
    is_bullet,
    join_spaced_letters,
    measure_bold,
    split_list_mark,
)
from ingest.layout.html_notes import NOTE_ROLES, anchors_of, find_notes, is_mark, link_of
from ingest.layout.html_regions import (
    BLOCKS,
    HEADINGS,
    NO_TEXT_TAGS,
    PageRegions,
    get_tag,
    is_aside,
)
from ingest.layout.lights import mark_cell
from ingest.layout.list_numbers import ListNumbers, parse_number
from ingest.layout.marked_up_tables import GridCell, number_cells
from ingest.layout.notes import place_notes
from ingest.layout.runs import RunRole, TextRun, raise_exponent
from ingest.limits import ReadingLimits
from ingest.stream import (
    PLACED_NOTE,
    Cell,
    Layout,
    Line,
    Style,
    clean_characters,
    count_letters,
    find_invisible,
)
from prompts import say

_BOLD_TAGS = {"b", "strong", "th", "dt", *HEADINGS}
_PREFORMATTED_TAGS = {"pre", "listing", "plaintext", "xmp"}  # line breaks are kept
_LIST_TAGS = {"ul", "ol", "menu", "dir"}
_MAX_DEPTH = 1_000  # of nested elements; lxml silently drops what is deeper than 2,048

_Pieces = list[tuple[str, bool]]  # pieces of a text, each with whether it is bold


def clean_text(text: str) -> str:
    """Return a text with clean characters and single blanks, in one line."""
    return " ".join(clean_characters(text).split())


def read_tree(
    root: etree._Element,
    limits: ReadingLimits,
    *,
    styled: bool,
    page: int = 0,
    table_numbers: Iterator[int] | None = None,
) -> Layout:
    """Return the layout of a tree as the page `page` (from 0), asides last. Its tables get the next
    of the `table_numbers`, which several pages of a file share; without these they are numbered
    from 0.

    On `styled` pages, which have backgrounds, white letters count as visible. Text of scripts, of
    style sheets and of the `title` counts neither as shown nor as hidden. Raises Rejected for
    tables beyond the limits and for elements that are nested too deeply.
    """
    regions = PageRegions(root, styled)
    reader = _TreeReader(regions, limits, page, table_numbers or count())
    reader.notes = find_notes(root)
    reader.read(root)
    shown, sinks = "".join(reader.shown), reader.sinks
    runs = (*reader.runs, *find_invisible(shown, page))
    lines, furniture = (*sinks[""], *sinks["aside"]), tuple(sinks["furniture"])
    return Layout(place_notes(lines), furniture, shown=count_letters(shown), runs=runs)


@dataclass(frozen=True, slots=True)
class _State:
    """The context of all text in an element: the list (`sink`) that its lines are added to, its
    role and style.
    """

    sink: list[Line] = field(compare=False)
    role: str = ""  # "furniture", "aside"
    bold: bool = False
    preformatted: bool = False
    level: int = 0
    struck: bool = field(default=False, compare=False)
    raised: bool = field(default=False, compare=False)
    note: str = field(default="", compare=False)


class _TreeReader:
    """Reads one tree into lines by a single traversal, with a stack of states, lists and tables."""

    def __init__(
        self,
        regions: PageRegions,
        limits: ReadingLimits,
        page: int,
        table_numbers: Iterator[int],
    ) -> None:
        self.sinks: dict[str, list[Line]] = {"": [], "aside": [], "furniture": []}
        self.shown: list[str] = []
        self.runs: list[TextRun] = []
        self._regions, self._limits, self._page = regions, limits, page
        self._table_numbers = table_numbers
        # if the main text is known, all text outside it is furniture
        role = "furniture" if regions.main else ""
        self._states = [_State(self.sinks[role], role)]
        self._lists: list[ListNumbers] = []
        # the tables around, each with its number and its rows so far, and the cells around; of both
        # the innermost is last
        self._tables: list[tuple[int, list[list[GridCell]]]] = []
        self._cells: list[GridCell] = []
        self._tab_cells: list[_Pieces] = [[]]  # of the current line, separated by tabs
        self._marks: set[str] = set()  # of notes
        self.notes: set[str] = set()  # the anchors of those that marks lead to
        self._note = ""  # the note that the current line begins, and the marks in it
        self._line_marks: list[str] = []
        self._list_mark: str | None = None  # of the next line: "" for a bullet, else a number
        # last line with tabs: its sink, length then, first cell
        self._last_row = self.sinks[""], -1, Cell(-1, 0, 0)

    def read(self, root: etree._Element) -> None:
        """Read the tree into `sinks`; characters that are not hidden go to `shown`.

        Hidden elements become runs, with all that is in them, and so do marks of notes. What is
        behind such an element (its tail) is text as usual. Comments are hidden too.
        """
        walker = etree.iterwalk(root, events=("start", "end", "comment", "pi"))
        # a hidden element, of which only the end is still to come
        skipped: etree._Element | None = None
        for event, element in walker:
            if event == "start" and self._regions.is_hidden(element):
                if get_tag(element) not in NO_TEXT_TAGS:
                    self._add_run("".join(element.itertext()), RunRole.HIDDEN)
                walker.skip_subtree()
                skipped = element
            elif event == "start" and self._add_mark(element):
                walker.skip_subtree()
                skipped = element
            elif event == "start":
                self._open_element(element, get_tag(element))
                self._add_text(element.text)
            else:
                if event != "end":
                    self._add_run(element.text, RunRole.HIDDEN)
                elif element is not skipped:
                    self._close_element(element, get_tag(element))
                self._add_text(element.tail)
        self._end_line()

    def _add_run(self, text: str | None, role: RunRole) -> None:
        """Add a text, if any, as a run."""
        if text and text.strip():
            self.runs.append(TextRun(text, role, self._page))

    def _add_mark(self, element: etree._Element) -> bool:
        """Return whether an element is the mark of a note, and add it to the runs if so.

        A mark in a line is stored with its anchor, if it is a link. A mark at the beginning of a
        line tells which note the line begins. If no link leads to this note, it is `PLACED_NOTE`,
        which stays in its place. In struck text there are no marks.
        """
        before = self._text_before()
        if self._states[-1].struck or not is_mark(element, get_tag(element), before, self._marks):
            return False
        mark = "".join(element.itertext()).strip()
        self._add_run(mark, RunRole.NOTE_MARK)
        anchor = link_of(element, get_tag(element))
        if not before.strip():
            self._note = self._find_note(element.iter()) or PLACED_NOTE
        elif anchor:
            self._line_marks.append(anchor)
        self._marks.add(mark)
        return True

    def _text_before(self) -> str:
        """Return the text of the current line so far, from its last tab on."""
        return "".join(piece for piece, _ in self._tab_cells[-1])

    def _find_note(self, elements: Iterable[etree._Element]) -> str:
        """Return the anchor of the note that begins at one of some elements; "" for none."""
        anchors = chain.from_iterable(map(anchors_of, elements))
        return next(filter(self.notes.__contains__, anchors), "")

    def _open_element(self, element: etree._Element, tag: str) -> None:
        """Push the state of an element, and begin what it begins: a list, list point, table, row,
        line or tab cell.

        A heading is one line, so breaks and tabs in it are blanks. A point of a list that is a note
        gets no list mark, as the note has its own. Raises Rejected for elements that are nested too
        deeply.
        """
        if len(self._states) > _MAX_DEPTH:
            raise Rejected(say("layout.too_deep"), Reason.TOO_DEEP)
        outer = self._states[-1]
        inner = self._make_state(element, tag, outer)
        self._end_line_at_border(tag, outer, inner, owner=outer)
        self._states.append(inner)
        if tag in _LIST_TAGS:
            self._lists.append(ListNumbers(element, tag))
        elif tag == "li" and not inner.note:
            self._list_mark = ""
            if self._lists:
                self._list_mark = self._lists[-1].next_mark(element)
        elif tag == "table":
            self._tables.append((next(self._table_numbers), []))
        elif tag == "tr" and self._tables:
            self._tables[-1][1].append([])
        elif tag == "br" and not inner.level:
            self._end_line()
        elif tag in ("br", "tab") and inner.level:
            self._tab_cells[-1].append((" ", True))  # a blank, bold as all of the heading
        elif tag == "tab":
            self._tab_cells.append([])

    def _close_element(self, element: etree._Element, tag: str) -> None:
        """Pop the state of an element. The lines of a complete table go to the sink that the table
        is in, which may be a cell of an outer table.
        """
        inner = self._states.pop()
        self._end_line_at_border(tag, inner, self._states[-1], owner=inner)
        if tag in _LIST_TAGS:
            self._lists.pop()
        elif tag == "li":
            self._list_mark = None
        elif tag in ("td", "th") and self._tables:
            mark_cell(self._cells.pop(), element, self._page)
        elif tag == "table":
            number, rows = self._tables.pop()
            inner.sink.extend(number_cells(number, rows, self._limits))

    def _make_state(self, element: etree._Element, tag: str, outer: _State) -> _State:
        """Return the state of an element from its tag, its role and the state of the outer element.

        The lines of a cell are collected in the cell first. A heading by its role without a level
        has level 2, as in browsers. Where the role changes, as in navigation within a cell, the
        lines go to the sink of the new role.
        """
        level = HEADINGS.get(tag, outer.level)
        if element.get("role") == "heading":
            depth = element.get("aria-level")
            level = int(depth) if depth in tuple("123456789") else 2
        role, sink = self._role_of(element, tag, outer), outer.sink
        if tag in ("td", "th") and self._tables:
            sink = self._add_cell(element)
        if role != outer.role:
            sink = self.sinks[role]
        return _State(
            sink,
            role,
            bold=outer.bold or tag in _BOLD_TAGS,
            preformatted=outer.preformatted or tag in _PREFORMATTED_TAGS,
            level=level,
            struck=outer.struck or self._regions.is_struck(element, tag),
            raised=outer.raised or tag == "sup",
            note=self._note_of(element, tag) or outer.note,
        )

    def _role_of(self, element: etree._Element, tag: str, outer: _State) -> str:
        """Return the role of an element's text: "furniture", "aside" or "" for body text. Furniture
        wins over asides. All in furniture is furniture, unless it is main text.
        """
        in_furniture = outer.role == "furniture" and not self._regions.is_main(element)
        if in_furniture or self._regions.is_furniture(element, tag):
            return "furniture"
        if outer.role == "aside" or is_aside(element):
            return "aside"
        return ""

    def _note_of(self, element: etree._Element, tag: str) -> str:
        """Return the anchor of the note that an element contains, "" if it contains none. A note
        without a link to it, known by its role alone, is `PLACED_NOTE`. An element within a line is
        a mere anchor before the text of its note, so the note is stored for the current line.
        """
        note = self._find_note([element])
        if note and tag not in BLOCKS:
            self._note = note
            return ""
        if not note and element.get("role") in NOTE_ROLES:
            return PLACED_NOTE
        return note

    def _add_cell(self, element: etree._Element) -> list[Line]:
        """Add a cell to the last row of the innermost table. Return the list to which its lines are
        added. A cell spans one column at least; a `rowspan` of 0 stands for all rows that follow.
        """
        across = parse_number(element.get("colspan"), 1)
        down = parse_number(element.get("rowspan"), 1)
        cell, rows = GridCell([], max(across, 1), max(down, 0)), self._tables[-1][1]
        if not rows:
            rows.append([])
        rows[-1].append(cell)
        self._cells.append(cell)
        return cell.lines

    def _add_text(self, text: str | None) -> None:
        """Add a text to the current line; text that is struck out goes to the runs instead. In
        preformatted text each line break ends the line; elsewhere it is a blank.
        """
        state = self._states[-1]
        if state.struck:
            self._add_run(text, RunRole.STRUCK)
        if not text or state.struck:
            return
        if state.raised:
            text = raise_exponent(self._text_before(), text)
        self.shown.append(text)
        pieces = text.split("\n") if state.preformatted else [text]
        for number, piece in enumerate(pieces):
            if number:
                self._end_line()
            self._tab_cells[-1].append((piece, state.bold))

    def _end_line_at_border(self, tag: str, first: _State, second: _State, owner: _State) -> None:
        """End the owner's line where one state meets another: at a block, or if more than bold type
        changes. The owner is the state that the line belongs to: at the beginning of an element the
        outer one, at its end the inner one. States are compared without sink, note, and without
        what is struck out or raised.
        """
        if tag in BLOCKS or first != replace(second, bold=first.bold):
            self._end_line(owner)

    def _end_line(self, state: _State | None = None) -> None:
        """Add the current line, if it has text, to the sink of a state, with its list mark and
        marks of notes.

        A line with texts before and behind a tab is added as a row of a table, each text as a cell.
        But if its first part is a bullet ("•", not the letter "o"), this is the list mark of the
        line, and no cell.
        """
        parts = [pieces for pieces in self._tab_cells if _clean(pieces)]
        self._tab_cells = [[]]
        state = state or self._states[-1]
        note, self._note = state.note or self._note, ""
        marks, self._line_marks = tuple(self._line_marks), []
        has_bullet = False
        if len(parts) > 1:
            first = _clean(parts[0])
            has_bullet = is_bullet(first) and not first.isalnum()
        if has_bullet:
            del parts[0]
        lines = [self._make_line(pieces, state) for pieces in parts]
        lines = [replace(line, note=note) for line in lines if line.text]
        if not lines:
            return
        mark, self._list_mark = self._list_mark, None
        lines[0] = _with_mark(lines[0], mark, has_bullet=has_bullet, notes=marks)
        if len(lines) > 1:
            row = self._next_row(state.sink)
            lines = [
                replace(line, cell=row._replace(column=column)) for column, line in enumerate(lines)
            ]
            self._last_row = state.sink, len(state.sink) + len(lines), row
        state.sink.extend(lines)

    def _make_line(self, pieces: _Pieces, state: _State) -> Line:
        """Return a line of a text without its bullet. Except in headings, a leading dash counts as
        a bullet.
        """
        bullet, text = split_list_mark(_clean(pieces), dash_is_mark=state.level == 0)
        text = join_spaced_letters(text)
        bold, lead = measure_bold(text, pieces)
        return Line(text, self._page, Style(bold=bold, level=state.level), bullet=bullet, lead=lead)

    def _next_row(self, sink: list[Line]) -> Cell:
        """Return the first cell of a new table row. It continues the table of the previous line, if
        this was a row too; else it begins a table.
        """
        last_sink, length, row = self._last_row
        if last_sink is sink and length == len(sink):
            return row._replace(row=row.row + 1)
        return Cell(next(self._table_numbers), 0, 0)


def _clean(pieces: _Pieces) -> str:
    return clean_text("".join(piece for piece, _ in pieces))


def _with_mark(line: Line, mark: str | None, *, has_bullet: bool, notes: tuple[str, ...]) -> Line:
    """Return the first line of a list point with its mark, and with the marks of notes in it
    (`notes`).

    `mark` is the number of the list point ("3. "), "" for a bullet, and None outside lists and for
    later lines of a point. `has_bullet` is true if the line printed a bullet itself. A bold
    beginning (`lead`) grows by the number before it.
    """
    number = mark or ""
    lead = line.lead
    if lead:
        lead += len(number)
    bullet = line.bullet or has_bullet or mark == ""
    return replace(line, text=number + line.text, lead=lead, bullet=bullet, marks=notes)
