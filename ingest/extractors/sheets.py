"""Sheets and numbered headings: finds the records of a plan among the lines, and the headings above them.

A record begins where a number of a family stands before its title, behind a label for titles, or, where a paper prints
no numbers, where a line set like the other titles stands before the first label of the next round of labels.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from itertools import pairwise

from ingest.extractors.numbered import Numbered
from ingest.extractors.paper import Paper, Sheet, SheetLayout
from ingest.extractors.record_titles import Titles
from ingest.extractors.unnumbered import Unnumbered, rounds
from ingest.layout.lines import Line, RawDocument, Role, Style, text_width
from ingest.plan.form import Place, PlanFamily, PlanLabel, ReadingPlan
from ingest.plan.labels import LabelHit
from ingest.plan.numbers import counted, matches, printed_number
from vectorstore.records import ItemKind

_DECIMAL = re.compile(r"\d+(?:\.\d+)+")
_ENDED = re.compile(r"[.!?;,:]$")
_LONGEST_HEADING = 160  # characters of a heading above records
_LONGEST_PLAIN = 120  # characters of a heading in plain text
_COLUMN = 40.0  # points between labels that stand in columns of their own
_ASIDE = 120.0  # points left of all labels where a column of text stands that none of them names
_LEADING = 1.6  # sizes between the lines of one heading
_LEFT = 15.0  # points that a text may begin left of its label
_ROOM = 1.0  # sizes that a line has room for behind the next word, where its end is one of a name
_ROOM_IN_TEXT = 8  # characters of it in plain text, which says less of how wide a line was set
_OPEN_END = re.compile(r"[-,/&]$|(?<!\w)(?:für|und|der|des|von|vom|im|am|z\.\s?B\.)$")
_OF_UNITS = ("responsible", "partners")
_NO_RECORDS = (ItemKind.THEME, ItemKind.SECTION)


def find_sheets(raw: RawDocument, plan: ReadingPlan) -> SheetLayout:
    """Return the records that a plan describes; none where it describes none on sheets or under headings."""
    return SheetSearch(raw, plan.labels).layout(plan.families)


class SheetSearch:
    """Looks for records among the lines of one document by its labels."""

    def __init__(self, raw: RawDocument, labels: Sequence[PlanLabel]) -> None:
        self._paper = Paper(raw, labels)
        self._titles = Titles(self._paper)

    @property
    def hits(self) -> Mapping[int, LabelHit]:
        """All labels by line."""
        return self._paper.hits

    def layout(self, families: Sequence[PlanFamily]) -> SheetLayout:
        """Return the records of the families in reading order, and the headings above them.

        Families without numbers are looked for only where no others are found.
        """
        records = [family for family in families if family.kind not in _NO_RECORDS]
        sheets = [sheet for family in records for sheet in self._labelled(family)]
        for family in records:
            if not sheets and not family.label:
                sheets = self._unlabelled(family)
        themes = [family for family in families if family.kind is ItemKind.THEME and family.label]
        return self._bounded(sheets, themes)

    def _labelled(self, family: PlanFamily) -> list[Sheet]:
        """Return the records that numbers or labels for titles tell."""
        numbered = Numbered(self._paper, self._titles, family)
        if family.place is Place.LABELS:
            return numbered.behind_labels()
        if not family.label:
            return []
        return numbered.behind_bullets() if family.place is Place.BULLETS else numbered.in_lines()

    def _unlabelled(self, family: PlanFamily) -> list[Sheet]:
        unnumbered = Unnumbered(self._paper, self._titles, family)
        if family.place is Place.SHEETS:
            return unnumbered.before_rounds()
        return unnumbered.headed() if family.place is Place.HEADINGS else []

    def _bounded(self, found: Iterable[Sheet], themes: Sequence[PlanFamily]) -> SheetLayout:
        """Return the layout: every sheet ends where the next one or a heading above it begins."""
        sheets: list[Sheet] = []
        for sheet in sorted(found, key=lambda one: one.start):
            if not (sheets and sheet.start in sheets[-1].heading):
                sheets.append(sheet)
        paper = self._paper
        if not sheets:
            return SheetLayout(listed=paper.listed, shapes=paper.shapes)
        headings = set(self._headings(sheets, themes))
        borders = sorted([*(sheet.start for sheet in sheets), *headings, len(paper.lines)])
        for sheet in sheets:
            sheet.end = borders[bisect_right(borders, max(sheet.heading))]
            sheet.set_off = paper.is_set_off(sheet.start) or self._opens_briefly(sheet.start)
            sheet.labels = {i: paper.hits[i] for i in range(sheet.start, sheet.end) if i in paper.hits}
        starts = [sheet.start for sheet in sheets]
        begun = Counter(bisect_right(starts, first) for _, first in rounds(paper))
        surplus = sum(count - 1 for place, count in begun.items() if place > 0 and count > 1)
        return SheetLayout(sheets, headings, paper.listed, paper.shapes, surplus)

    def _headings(self, sheets: Sequence[Sheet], themes: Sequence[PlanFamily]) -> Iterator[int]:
        """Yield the lines that stand above records: themes by their numbers, and what is set larger than titles."""
        title = Counter(self._paper.style(sheet.start) for sheet in sheets).most_common(1)[0][0]
        taken = {i for sheet in sheets for i in sheet.heading}
        numbers = [counted(sheet.ref) for sheet in sheets if _DECIMAL.fullmatch(sheet.ref)]
        above = {number[:depth] for number in numbers for depth in range(2, len(number))}
        for index, line in enumerate(self._paper.lines):
            if self._paper.is_out(index) or index in taken or line.bullet or line.aside:
                continue
            if self._is_theme(index, themes, above) or self._is_larger(index, title):
                yield index

    def _is_theme(self, index: int, themes: Sequence[PlanFamily], above: Collection[tuple[int, ...]]) -> bool:
        """Tell whether a line is a heading with the number of a theme, or with one that records' numbers begin with."""
        line = self._paper.lines[index]
        number = printed_number(line.text)
        if number is None or not number.rest:
            return False
        begun = number.parts in above and _DECIMAL.fullmatch(number.ref) and not number.word
        if not begun and not any(matches(family.label, number) for family in themes):
            return False
        set_off = line.level or line.bold or line.size > self._paper.body.size + 0.4
        return bool(set_off) or (self._opens_briefly(index) and not _ENDED.search(line.text))

    def _is_larger(self, index: int, title: Style) -> bool:
        free = index not in self._paper.hits and len(self._paper.lines[index].text) <= _LONGEST_HEADING
        return free and self._paper.is_larger(self._paper.style(index), title)

    def _opens_briefly(self, index: int) -> bool:
        """Tell whether a short line of plain text begins a paragraph."""
        line = self._paper.lines[index]
        return not self._paper.positioned and line.opens and len(line.text) < _LONGEST_PLAIN


def arrange(raw: RawDocument, layout: SheetLayout, plan: ReadingPlan) -> None:
    """Give the lines of a document their roles, and put those of each sheet into reading order."""
    for index in sorted(layout.headings):
        above = raw.lines[index - 1] if index - 1 in layout.headings else None
        goes_on = above is not None and _goes_on(above, raw.lines[index])
        raw.lines[index].role = Role.TITLE if goes_on else Role.HEADING
    labels = [(raw.lines[index], hit) for sheet in layout.sheets for index, hit in sheet.labels.items()]
    ordered: list[Line] = []
    place = 0
    for number, sheet in enumerate(layout.sheets):
        ordered.extend(raw.lines[place : sheet.start])
        ordered.extend(_sheet_lines(raw, sheet, number))
        place = sheet.end
    ordered.extend(raw.lines[place:])
    raw.lines[:] = ordered
    _mark_entries(ordered, {id(line): hit.label for line, hit in labels}, plan)


def _mark_entries(lines: Sequence[Line], labels: Mapping[int, str], plan: ReadingPlan) -> None:
    """Mark the lines with which a name begins in fields for units: the line above has room for its first word.

    How wide the lines of a field are is what they are on all sheets.
    """
    pairs: dict[str, list[tuple[Line, Line]]] = defaultdict(list)
    widths: dict[str, float] = defaultdict(float)
    label, bulleted = "", False
    for above, line in pairwise(line for line in lines if not line.noise):
        bulleted = (bulleted and id(above) not in labels) or line.bullet
        label = labels.get(id(above), label) if above.sheet == line.sheet else ""
        if above.sheet != line.sheet or line.role is not None or plan.field_of(label) not in _OF_UNITS:
            continue
        widths[label] = max(widths[label], _width(line))
        if above.role is None and not bulleted and (above.page, round(above.x / 3)) == (line.page, round(line.x / 3)):
            pairs[label].append((above, line))
    for name, many in pairs.items():
        for above, line in many:
            first = line.text.split()[0] if line.text.split() else ""
            room = widths[name] - _width(above) - (text_width(f" {first}", line.size) if line.size else len(first) + 1)
            if room > (_ROOM * line.size or _ROOM_IN_TEXT) and first[:1].isupper() and not _OPEN_END.search(above.text):
                line.role = Role.ENTRY


def _width(line: Line) -> float:
    """Return how wide a line is: in points, in characters in plain text."""
    return max(line.right - line.x, 0.0) if line.size else float(len(line.text))


def _goes_on(above: Line, line: Line) -> bool:
    """Tell whether a heading goes on from the line above it: set alike, just below it, without a number of its own."""
    alike = (above.page, above.size, above.bold) == (line.page, line.size, line.bold)
    return alike and 0 < above.y - line.y <= _LEADING * line.size and printed_number(line.text) is None


def _sheet_lines(raw: RawDocument, sheet: Sheet, number: int) -> list[Line]:
    """Return the lines of a sheet in order: heading, what stands before all labels, then label by label."""
    heading = [raw.lines[i] for i in sheet.heading]
    for place, line in enumerate(heading):
        line.role = Role.TITLE if place else Role.RECORD
    for index in sheet.labels:
        if index not in sheet.heading:
            raw.lines[index].role = Role.LABEL
    body = [raw.lines[i] for i in range(sheet.start, sheet.end) if i not in sheet.heading]
    for line in (*heading, *body):
        line.sheet = number
    return [*heading, *(_by_labels(body) if raw.positioned else body)]


def _by_labels(lines: Sequence[Line]) -> list[Line]:
    """Return lines in the order of the labels that they belong to; furniture and asides stay last."""
    labels = [line for line in lines if line.role is Role.LABEL]
    if not labels:
        return list(lines)
    order = {id(label): place for place, label in enumerate(labels)}
    columns = {page: _columns([one for one in labels if one.page == page]) for page in {one.page for one in labels}}
    owners: list[tuple[int, int]] = []
    carried = -1
    for place, line in enumerate(lines):
        if line.role is Role.LABEL:
            owner = order[id(line)]
        else:
            found = _owner(line, labels, columns.get(line.page, []))
            beside = bool(columns.get(line.page)) and line.x < min(columns[line.page]) - _ASIDE
            before = [] if beside else [order[id(one)] for one in labels if one.page < line.page]
            owner = order[id(found)] if found is not None else max(before, default=-1)
        carried = max(carried, owner)
        owners.append((owner, place))
    return [lines[place] for _, place in sorted(owners)]


def _columns(labels: Sequence[Line]) -> list[float]:
    """Return where columns of labels begin (points from the left)."""
    edges: list[float] = []
    for x in sorted(label.x for label in labels):
        if not edges or x - edges[-1] > _COLUMN:
            edges.append(x)
    return edges


def _owner(line: Line, labels: Sequence[Line], columns: Sequence[float]) -> Line | None:
    """Return the label that a line belongs to: the nearest one above in its column, else the nearest above at all."""
    above = [one for one in labels if one.page == line.page and one.y >= line.y - 0.4 * max(line.size, 1.0)]
    if not above:
        return None
    if columns and line.x < min(columns) - _ASIDE:
        return None
    edge = max((x for x in columns if x <= line.x + _LEFT), default=columns[0] if columns else 0.0)
    own = [one for one in above if edge - 1 <= one.x < edge + _COLUMN] if line.x < edge + _COLUMN else []
    left = [one for one in above if one.x <= line.x + _LEFT]
    return min(own or left or above, key=lambda one: (one.y - line.y, line.x - one.x))
