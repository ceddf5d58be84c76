"""Sheets: what a recurring set of labels describes, opened by a number in sequence or by the head before the labels."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise
from statistics import median

from ingest.readers.lexicon import is_value
from ingest.readers.numbers import Printed
from ingest.readers.simple.headings import is_caption
from ingest.readers.simple.kinds import kind_of_code
from ingest.readers.simple.labels import Label
from ingest.readers.simple.lines import DocumentLines
from ingest.readers.simple.series import Member, Series
from vectorstore.records import ItemKind

_OWNED = 0.5  # share of the members of a series that have labels, from which it numbers sheets
_LAST = 3  # times the usual length of a sheet, which the last one of a series has at most
_REPEATED = 1.6  # prints of one label below a member, at most
_LEAST_CODED, _SET_OFF = 3, 0.8  # members, and share set off, of coded headings with text below
_NO_RECORDS = {"co", "abb", "abbildung", "tab", "tabelle", "bild", "din", "iso", "en", "kapitel", "anlage", "anhang"}
_RECORDS = (ItemKind.MEASURE, ItemKind.PROJECT)
_OPENS = 0.5  # share of the prints of a label that open sheets
_HEAD_LINES = 6  # lines before the first label that may be its head


@dataclass(frozen=True, slots=True)
class Sheet:
    """One sheet: its first and last line, its number where it has one, and its labels in order."""

    start: int
    end: int  # the line behind its last one
    labels: tuple[Label, ...]
    member: Member | None = None
    series: Series | None = None
    confidence: float = 1.0  # from 0 to 1


def find_sheets(document: DocumentLines, labels: Sequence[Label], series: Sequence[Series]) -> list[Sheet]:
    """Return the sheets of a document in order."""
    chosen = _sheet_series(labels, series)
    coded = [_without_numbers(own, chosen) for own in series if own not in chosen]
    coded = [own for own in coded if _is_coded(document, own)]
    chosen += [own for own in coded if not any(_begins(own, other) for other in (*chosen, *coded))]
    numbered = _numbered(document, labels, chosen)
    return sorted([*numbered, *_unnumbered(document, labels, numbered)], key=lambda sheet: sheet.start)


def _sheet_series(labels: Sequence[Label], series: Sequence[Series]) -> list[Series]:
    """Return the series whose members have the labels below them, each label once; first those with most labels."""
    chosen: list[Series] = []
    remaining = list(labels)
    series = [own for own in series if not _NO_RECORDS & {_bare(member.number) for member in own.members}]
    while remaining:
        further = [own for run in series if (own := _without_numbers(run, chosen)).members]
        owned = _owned(remaining, further)
        fitting = [own for own in further if own in owned and _fits(own, owned[own])]
        if not fitting:
            break
        best = max(fitting, key=lambda own: sum(counts.total() for counts in owned[own].values()))
        chosen.append(best)
        spans = _extents(best)
        remaining = [label for label in remaining if not any(start <= label.line < end for start, end in spans)]
    return chosen


def _owned(labels: Sequence[Label], series: Sequence[Series]) -> dict[Series, dict[int, Counter[str]]]:
    """Return the labels that are below the members of each series, by the member's line, counted by key."""
    heads = sorted((member.line, place) for place, own in enumerate(series) for member in own.members)
    lines = [line for line, _ in heads]
    owned: dict[Series, dict[int, Counter[str]]] = defaultdict(lambda: defaultdict(Counter))
    for label in labels:
        owner = bisect_right(lines, label.line) - 1
        if owner >= 0:
            line, place = heads[owner]
            owned[series[place]][line][label.key] += 1
    return owned


def _fits(series: Series, owned: Mapping[int, Counter[str]]) -> bool:
    """True if most members of a series have labels, and each label about once."""
    several = [counts for counts in owned.values() if len(counts) > 1] or list(owned.values())
    repeats = median(counts.total() / len(counts) for counts in several)
    return len(owned) >= max(2, _OWNED * len(series.members)) and repeats <= _REPEATED


def _extents(series: Series) -> list[tuple[int, int]]:
    """Return from where to where the members of a series reach; the last one as far as others do."""
    places = [member.line for member in series.members]
    spans = list(pairwise(places))
    usual = sorted(end - start for start, end in spans)
    return [*spans, (places[-1], places[-1] + _LAST * (usual[len(usual) // 2] if usual else 1))]


def _is_coded(document: DocumentLines, series: Series) -> bool:
    """True for a series with letters or a word for records, whose members are set off and have text below them.

    Headings by the file's own word need no more than a sentence.
    """
    numbers = [member.number for member in series.members]
    named = sum(kind_of_code(number.word, number.code) in _RECORDS for number in numbers)
    if len(numbers) < _LEAST_CODED or named < len(numbers) or _NO_RECORDS & {_bare(number) for number in numbers}:
        return False
    places = [member.line for member in series.members]
    set_off = sum(document.is_set_off(place) or document.lines[place].lead > 0 for place in places)
    bodies = sorted(
        sum(len(line.text) for line in document.lines[place + 1 : following])
        for place, following in pairwise([*places, len(document)])
    )
    return set_off >= _SET_OFF * len(places) and bodies[len(bodies) // 4] > 0


def _without_numbers(series: Series, chosen: Sequence[Series]) -> Series:
    """Return a series without the numbers that head sheets of others: they are references to these."""
    taken = {(member.number.code, member.counts) for own in chosen for member in own.members}
    return replace(series, members=tuple(m for m in series.members if (m.number.code, m.counts) not in taken))


def _begins(series: Series, other: Series) -> bool:
    """True if the numbers of a series begin those of another: A1 and A1.1."""
    deeper = {(member.number.code, member.number.parts[:-1]) for member in other.members}
    own = [(member.number.code, member.number.parts) for member in series.members]
    return sum(number in deeper for number in own) >= _OWNED * len(own)


def _bare(number: Printed) -> str:
    return (number.word or number.code).strip(" .-").lower()


def _numbered(document: DocumentLines, labels: Sequence[Label], series: Sequence[Series]) -> list[Sheet]:
    heads = sorted(((member, own) for own in series for member in own.members), key=lambda head: head[0].line)
    lines = [label.line for label in labels]
    sheets = []
    for place, (member, own) in enumerate(heads):
        end = heads[place + 1][0].line if place + 1 < len(heads) else len(document)
        inside = labels[bisect_left(lines, member.line) : bisect_left(lines, end)]
        sheets.append(Sheet(member.line, end, tuple(inside), member, own))
    return sheets


def _unnumbered(document: DocumentLines, labels: Sequence[Label], numbered: Sequence[Sheet]) -> list[Sheet]:
    """Return the sheets that begin with a head without a number in sequence, before the numbered ones.

    A label opens sheets where most of the heads before it are set off and no text is printed before it twice.
    """
    first = numbered[0].start if numbered else len(document)
    free = [label for label in labels if label.line < first]
    taken = {place for label in labels for place in label.lines}
    heads: dict[int, int] = {}  # place of the opening label → first line of the head
    for place, label in enumerate(free):
        before = free[place - 1].lines[-1] if place else -1
        head = _head_before(document, label.line, before, taken)
        if head is not None or label.meaning == "title":
            heads[place] = label.line if head is None else head
    prints = Counter(document.text(head) for head in heads.values())
    heads = {place: head for place, head in heads.items() if head in taken or prints[document.text(head)] == 1}
    set_off = {place: head for place, head in heads.items() if document.is_set_off(head)}
    heads = set_off if len(set_off) > 1 else heads  # where heads are set off what is not is none
    openers, every = Counter(free[place].key for place in heads), Counter(label.key for label in free)
    retained = [place for place in sorted(heads) if openers[free[place].key] >= max(2, _OPENS * every[free[place].key])]
    sheets = []
    for number, place in enumerate(retained):
        following = retained[number + 1] if number + 1 < len(retained) else None
        end = heads[following] if following is not None else first
        sheets.append(Sheet(heads[place], end, tuple(free[place:following])))
    return sheets


def _head_before(document: DocumentLines, line: int, before: int, taken: set[int]) -> int | None:
    """Return the first line of the head directly before a label, None without one."""
    head = None
    for place in range(line - 1, max(before, line - 1 - _HEAD_LINES, -1), -1):
        text = document.text(place)
        if place in taken or not document.is_head_like(place) or is_caption(text) or is_value(text, ("period", "cost")):
            break
        head = place
        if document.opens(place):
            break
    return head
