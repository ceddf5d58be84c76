"""Sheets: the lines of each record of a family, from its head to the next one."""

from __future__ import annotations

from bisect import bisect_left
from collections import Counter, defaultdict
from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from itertools import chain, pairwise
from statistics import median_high
from typing import NamedTuple

from ingest.readers.claims import RecordKind
from ingest.readers.labels import Label
from ingest.readers.lexicon import normalize
from ingest.readers.lines import DocumentLines
from ingest.readers.named_tables import NamedTable
from ingest.readers.proposals import Proposal
from ingest.readers.record_heads import RecordHead, Title

_MAX_DISTANCE = 9  # most lines between number and title
_LAST = 3  # the last sheet of a family is at most so many times as long as the median one
_LEAST_LETTERS = 4  # of the first line of what was cut
_SWALLOWED = 3  # single labels that come again in a sheet that has swallowed another


class ChosenFamily(NamedTuple):
    """A family of records, the kind that staff chose, None for none, why it is one, the table whose
    rows they are by its heads, and the lines of titles that are something else (`TitleCheck`).
    """

    proposal: Proposal
    kind: RecordKind | None = None
    reason: str = ""
    table: NamedTable | None = None
    doubtful: frozenset[int] = frozenset()


@dataclass(frozen=True, slots=True)
class Sheet:
    """One sheet: its lines from index `start` up to but not including `end`, its head, its title,
    and its labels in order. `kind` is the kind that staff chose, None without a choice; a section
    if its title is something else. `reason` says why it is a record.
    """

    start: int
    end: int
    head: RecordHead
    title: Title
    labels: tuple[Label, ...] = ()
    kind: RecordKind | None = None
    reason: str = ""


def make_sheets(
    document: DocumentLines, labels: Sequence[Label], families: Sequence[ChosenFamily]
) -> list[Sheet]:
    """Return the sheets of all families, in the order of the text. Each ends where the next begins,
    of whatever family, and has the labels between. A sheet that has swallowed another one, whose
    head was not found, is cut before it.
    """
    sheets: list[Sheet] = []
    label_lines = set(chain.from_iterable(label.lines for label in labels if label.is_whole))
    for family in families:
        proposal = family.proposal
        for head, title in zip(proposal.heads, proposal.titles, strict=True):
            start = _start(document, head, label_lines)
            kind = "section" if head.line in family.doubtful else family.kind
            # the end is set when all sheets are known
            sheets.append(Sheet(start, start, head, title, kind=kind, reason=family.reason))
    sheets.sort(key=lambda sheet: sheet.start)
    lines = [label.line for label in labels]
    ended = []
    for sheet, end in zip(sheets, _ends(document, sheets), strict=True):
        own = labels[bisect_left(lines, sheet.start) : bisect_left(lines, end)]
        ended.append(replace(sheet, end=end, labels=tuple(own)))
    return _without_swallowed(ended)


def cut_sheet(sheet: Sheet, ends: Collection[int]) -> Sheet:
    """Return a sheet that ends before the first of these lines after its title, and has no labels
    behind. It stays as it is if none of the lines is in it.
    """
    last = max(sheet.title.lines[-1], sheet.start)
    end = min((line for line in ends if last < line < sheet.end), default=sheet.end)
    labels = tuple(label for label in sheet.labels if label.line < end)
    return replace(sheet, end=end, labels=labels)


def find_rests(document: DocumentLines, sheets: Sequence[Sheet]) -> list[int]:
    """Return the first line of each text that was cut from a sheet and now belongs to no sheet: it
    lies between the end of a sheet and the next one. Lines that are labels or have few letters are
    passed over, since the text should not begin with a mere label.
    """
    labels = chain.from_iterable(sheet.labels for sheet in sheets)
    keys = {label.key for label in labels}
    rests = []
    for sheet, later in pairwise(sheets):
        for index in range(sheet.end, later.start):
            text = normalize(document.text(index))
            if len(text) >= _LEAST_LETTERS and not any(text in key for key in keys):
                rests.append(index)
                break
    return rests


def _start(document: DocumentLines, head: RecordHead, label_lines: Collection[int]) -> int:
    """Return the first line of a sheet: that of its first label, number or title, or of the labels
    in the table row directly above ("Nr. | Titel").
    """
    start = _first_line(head)
    cell = document.lines[start].cell
    for index in range(start - 1, -1, -1):
        above = document.lines[index].cell
        if cell is None or above is None or above.table != cell.table:
            break
        if above.row < cell.row:
            if index not in label_lines:
                break
            start = index
    return start


def _first_line(head: RecordHead) -> int:
    """Return the line of the label with which the sheet begins, or the line of the number if it is
    a few lines above the title, else the first line of the title. A head without a
    number has the number line -1.
    """
    if head.first_label >= 0:
        return head.first_label
    number = head.number_line
    if 0 <= number < head.line <= number + _MAX_DISTANCE:
        return number
    return head.line


def _ends(document: DocumentLines, sheets: Sequence[Sheet]) -> list[int]:
    """Return the ends of sheets: each ends where the next begins. Behind the last one other text
    may follow, so it ends after three times the usual length at most (`_LAST`).
    """
    if not sheets:
        return []
    lengths = [later.start - sooner.start for sooner, later in pairwise(sheets)]
    usual = median_high(lengths or [len(document)])
    last = min(len(document), sheets[-1].start + _LAST * max(1, usual))
    return [*(sheet.start for sheet in sheets[1:]), last]


def _without_swallowed(sheets: Sequence[Sheet]) -> list[Sheet]:
    """Return the sheets. The label that is the first of most sheets may come twice in one. If other
    labels come twice there too, this sheet has swallowed another, whose head was not found. It is
    cut as many lines above the second print as are usual above the first.
    """
    distances: dict[str, list[int]] = defaultdict(list)  # from the beginnings of sheets
    for sheet in sheets:
        for label in sheet.labels[:1]:
            distances[label.key].append(label.line - sheet.start)
    first = max(distances, key=lambda key: len(distances[key]), default="")
    usual = median_high(distances[first] or [0])
    return [_cut_before_second(sheet, first, usual) for sheet in sheets]


def _cut_before_second(sheet: Sheet, first: str, distance: int) -> Sheet:
    """Return a sheet up to `distance` lines above the second label `first` (normalized), as it is
    if less than `_SWALLOWED` labels come twice.
    """
    lines = [label.line for label in sheet.labels if label.key == first]
    counts = Counter(label.key for label in sheet.labels)
    again = sum(count > 1 for count in counts.values())
    if len(lines) < 2 or again < _SWALLOWED:
        return sheet
    return cut_sheet(sheet, [max(sheet.title.lines[-1] + 1, lines[1] - distance)])
