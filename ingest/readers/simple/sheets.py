"""Find sheets: the lines from one head to the next, with recurring labels; a head is a number of a
series or a text.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise
from statistics import median, median_high

from ingest.readers.lexicon import is_value
from ingest.readers.numbers import PrintedNumber
from ingest.readers.simple.headings import is_caption
from ingest.readers.simple.kinds import kind_of_code
from ingest.readers.simple.labels import Label
from ingest.readers.simple.lines import DocumentLines
from ingest.readers.simple.series import Member, Series
from vectorstore.records import ItemKind

# share of the members of a series that have labels below them, from which it numbers sheets
_OWNED = 0.5
_LAST = 3  # the last sheet of a series is at most so many times as long as the median one
_REPEATED = 1.6  # most prints of each label below the median member
_LEAST_CODED, _SET_OFF = (
    3,
    0.8,
)  # members of a series without labels, and share of them that is set off
# Words and letters before numbers of other things than records: "CO 2", "Abb. 3", "DIN 18040".
_NO_RECORDS = {
    "co",
    "abb",
    "abbildung",
    "tab",
    "tabelle",
    "bild",
    "din",
    "iso",
    "en",
    "kapitel",
    "anlage",
    "anhang",
}
_RECORDS = (ItemKind.MEASURE, ItemKind.PROJECT)
_OPENS = (
    0.5  # share of the prints of a label that have a head before them, from which it opens sheets
)
_HEAD_LINES = 6  # most lines of a head before the first label


@dataclass(frozen=True, slots=True)
class Sheet:
    """One sheet: its lines from index `start` up to but not including `end`, its number if any, its
    labels in order.
    """

    start: int
    end: int
    labels: tuple[Label, ...]
    member: Member | None = None
    series: Series | None = None
    confidence: float = 1.0  # from 0 to 1


def find_sheets(
    document: DocumentLines, labels: Sequence[Label], series: Sequence[Series]
) -> list[Sheet]:
    """Return the sheets of a document in order: those of labelled series, of coded series, and
    without a number.
    """
    chosen = _labelled_series(labels, series)
    remaining = [_without_numbers(other, chosen) for other in series if other not in chosen]
    coded = [other for other in remaining if _is_coded(document, other)]
    chosen += [
        outer for outer in coded if not any(_is_prefix(outer, inner) for inner in (*chosen, *coded))
    ]
    numbered = _numbered_sheets(document, labels, chosen)
    return sorted(
        [*numbered, *_unnumbered_sheets(document, labels, numbered)], key=lambda sheet: sheet.start
    )


def _labelled_series(labels: Sequence[Label], all_series: Sequence[Series]) -> list[Series]:
    """Return the series with labels below their members; the one with most is chosen first and
    takes its labels.
    """
    chosen: list[Series] = []
    remaining = list(labels)
    possible = [
        run
        for run in all_series
        if not _NO_RECORDS & {_label_word(member.number) for member in run.members}
    ]
    while remaining:
        reduced = [_without_numbers(series, chosen) for series in possible]
        further = [series for series in reduced if series.members]
        labels_below = _count_labels(remaining, further)
        fitting = [
            series
            for series in further
            if series in labels_below and _fits(series, _count_labels(remaining, [series])[series])
        ]
        if not fitting:
            break
        best = max(
            fitting,
            key=lambda series: sum(counts.total() for counts in labels_below[series].values()),
        )
        chosen.append(best)
        spans = _extents(best)
        remaining = [
            label
            for label in remaining
            if not any(start <= label.line < end for start, end in spans)
        ]
    return chosen


def _count_labels(
    labels: Sequence[Label], all_series: Sequence[Series]
) -> dict[Series, dict[int, Counter[str]]]:
    """Return by series and line of a member how often each label key is printed between it and the
    next member.
    """
    series_by_line = {member.line: series for series in all_series for member in series.members}
    lines = sorted(series_by_line)
    labels_below: dict[Series, dict[int, Counter[str]]] = defaultdict(lambda: defaultdict(Counter))
    for label in labels:
        index = bisect_right(lines, label.line) - 1
        if index >= 0:
            line = lines[index]
            labels_below[series_by_line[line]][line][label.key] += 1
    return labels_below


def _fits(series: Series, labels_below: Mapping[int, Counter[str]]) -> bool:
    """True if most members of a series have labels, and each label about once: a chapter that holds
    the labels of many sheets is none itself.
    """
    if len(labels_below) < max(2, _OWNED * len(series.members)):
        return False
    all_counts = list(labels_below.values())
    several = [counts for counts in all_counts if len(counts) > 1] or all_counts
    repeats = median(counts.total() / len(counts) for counts in several)
    all_labels = sum(counts.total() for counts in several)
    distinct = sum(len(counts) for counts in several)
    return max(repeats, all_labels / distinct) <= _REPEATED


def _extents(series: Series) -> list[tuple[int, int]]:
    """Return the first line and the end of each member's sheet; the last one ends at _LAST times
    the median length.
    """
    starts = [member.line for member in series.members]
    spans = list(pairwise(starts))
    length = median_high(end - start for start, end in spans) if spans else 1
    return [*spans, (starts[-1], starts[-1] + _LAST * length)]


def _is_coded(document: DocumentLines, series: Series) -> bool:
    """True for a series without labels whose numbers have letters or a word for records, are set
    off and head text.
    """
    numbers = [member.number for member in series.members]
    are_records = all(kind_of_code(number.word, number.code) in _RECORDS for number in numbers)
    if (
        len(numbers) < _LEAST_CODED
        or not are_records
        or _NO_RECORDS & {_label_word(number) for number in numbers}
    ):
        return False
    starts = [member.line for member in series.members]
    set_off = sum(document.is_set_off(start) or document.lines[start].lead > 0 for start in starts)
    without_text = sum(end == start + 1 for start, end in pairwise([*starts, len(document)]))
    return set_off >= _SET_OFF * len(starts) and without_text <= len(starts) // 4


def _without_numbers(series: Series, chosen: Sequence[Series]) -> Series:
    """Return a series without the numbers of the chosen series, to whose sheets they refer."""
    taken = {(member.number.code, member.counts) for other in chosen for member in other.members}
    return replace(
        series, members=tuple(m for m in series.members if (m.number.code, m.counts) not in taken)
    )


def _is_prefix(outer: Series, inner: Series) -> bool:
    """True if most numbers of a series have numbers of another below them: A1 and A1.1."""
    parents = {(member.number.code, member.number.parts[:-1]) for member in inner.members}
    numbers = [(member.number.code, member.number.parts) for member in outer.members]
    return sum(number in parents for number in numbers) >= _OWNED * len(numbers)


def _label_word(number: PrintedNumber) -> str:
    return (number.word or number.code).strip(" .-").lower()


def _numbered_sheets(
    document: DocumentLines, labels: Sequence[Label], all_series: Sequence[Series]
) -> list[Sheet]:
    """Return a sheet for each member of the series, in order; each ends where the next one
    begins.
    """
    heads = [(member, series) for series in all_series for member in series.members]
    heads.sort(key=lambda head: head[0].line)
    ends = [*(member.line for member, _ in heads[1:]), len(document)]
    lines = [label.line for label in labels]
    sheets = []
    for (member, series), end in zip(heads, ends, strict=False):
        inside = labels[bisect_left(lines, member.line) : bisect_left(lines, end)]
        sheets.append(Sheet(member.line, end, tuple(inside), member, series))
    return sheets


def _unnumbered_sheets(
    document: DocumentLines, labels: Sequence[Label], numbered: Sequence[Sheet]
) -> list[Sheet]:
    """Return the sheets before the numbered ones, each from the head before an opening label to the
    next head.

    A label opens sheets if at least two and half of its prints have a head: a text printed as a
    head once, set off if others are; a label for titles may be its own.
    """
    end_of_last = numbered[0].start if numbered else len(document)
    free = [label for label in labels if label.line < end_of_last]
    label_lines = {line for label in labels for line in label.lines}
    heads: dict[int, int] = {}  # index of a label in `free` → first line of the head before it
    for index, label in enumerate(free):
        before = free[index - 1].lines[-1] if index else -1
        head = _head_before(document, label.line, before, label_lines)
        if head is not None or label.meaning == "title":
            heads[index] = label.line if head is None else head
    prints = Counter(document.text(head) for head in heads.values())
    heads = {
        index: head
        for index, head in heads.items()
        if head in label_lines or prints[document.text(head)] == 1
    }
    set_off = {index: head for index, head in heads.items() if document.is_set_off(head)}
    heads = (
        set_off if len(set_off) > 1 else heads
    )  # if some heads are set off, plain lines are none
    with_head, all_prints = (
        Counter(free[index].key for index in heads),
        Counter(label.key for label in free),
    )
    opening = {key for key, count in with_head.items() if count >= max(2, _OPENS * all_prints[key])}
    openers = [index for index in sorted(heads) if free[index].key in opening]
    sheets = []
    for index, following in zip(openers, [*openers[1:], None], strict=False):
        end = heads[following] if following is not None else end_of_last
        sheets.append(Sheet(heads[index], end, tuple(free[index:following])))
    return sheets


def _head_before(
    document: DocumentLines, line: int, before: int, label_lines: set[int]
) -> int | None:
    """Return the first line of the head directly above line `line` and below line `before`, None
    without one.
    """
    head = None
    for index in range(line - 1, max(before, line - 1 - _HEAD_LINES, -1), -1):
        text = document.text(index)
        is_other = is_caption(text) or is_value(text, ("period", "cost"))
        if index in label_lines or is_other or not document.is_head_like(index):
            break
        head = index
        if document.begins_paragraph(index):
            break
    return head
