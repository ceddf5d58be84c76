"""Sheets: a set of labels that recurs opens a record each time; its number and title are the head at its first labels.

Which of the labels opens a sheet, and which of the lines around it is the title, is put to a vote over all sheets: by
place, look, distinctness, and agreement with the contents and overviews of the document.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise

from ingest.readers.lexicon import meaning
from ingest.readers.numbers import Printed
from ingest.readers.simple.cards import Card
from ingest.readers.simple.drafts import Draft, DraftFinder, has_head
from ingest.readers.simple.fields import FieldFinder, SheetField
from ingest.readers.simple.labels import Label
from ingest.readers.simple.series import Series
from ingest.readers.simple.sheet_titles import TitleVote
from ingest.stream import Line, body_style

_LEAST = 3  # sheets of one kind
_ZONE = 14  # lines before its first label within which the head of a sheet is
_BEHIND = 3  # labels behind which the head may still follow
_EXPLAINED = 0.6  # share of the sheets that a series numbers, from which it is theirs
_MANY = 10  # numbered sheets of a document beside which others without numbers are none
_RISING = 0.7  # share of the numbers of sheets that rise
_NEARLY_ALL = 0.9  # share of the sheets that have a number, from which one without is no sheet


@dataclass(frozen=True, slots=True)
class Sheet:
    """A record with labelled fields: lines of number and title, from its first line up to the next sheet's.

    `number_line` is None where nothing numbers it, `title_start` the place in the first title line at which the title
    begins. `share` is the share of the core labels that it has.
    """

    number: Printed | None
    number_line: int | None
    title_lines: tuple[int, ...]
    title_start: int
    first: int
    end: int
    fields: tuple[SheetField, ...]
    share: float


class SheetFinder:
    """Finds the sheets of one document; `known` are titles that its contents and overviews list, normalized."""

    def __init__(
        self, lines: Sequence[Line], labels: Sequence[Label], series: Sequence[Series], apart: Collection[int],
        known: Collection[str],
    ) -> None:  # fmt: skip
        self._lines, self._apart, self._labels, self._series = lines, apart, labels, series
        self._body = body_style(line for place, line in enumerate(lines) if place not in apart)
        self._drafts = DraftFinder(lines, labels, series, self._body)
        self._titles = TitleVote(lines, labels, known, self._body)
        self._fields = FieldFinder(lines, labels, apart, self._body)

    def find(self, cards: Sequence[Card] = ()) -> list[Sheet]:
        """Return all sheets in order; a document may have several kinds of them. `cards` are sheets already."""
        found = [self._card_sheet(card) for card in cards]
        inside = {place for card in cards for place in range(card.number_line, card.end)}
        free = [label for label in self._labels if label.line not in inside]
        for _ in range(4):
            drafts = self._drafts.find(free) or self._drafts.find(
                [label for label in free if meaning(label.key, weak=True)]
            )
            sheets = self._sheets(drafts) if len(drafts) >= _LEAST else []
            if not drafts:
                break
            used = {id(label) for draft in drafts for label in draft.labels}
            numbered = sum(sheet.number is not None for sheet in found)
            if numbered < _MANY or sum(sheet.number is not None for sheet in sheets) >= _EXPLAINED * len(sheets):
                found += sheets
            keys = {label.key for draft in drafts for label in draft.labels}
            covered = [(sheet.first, sheet.end) for sheet in sheets]
            free = [
                label for label in free
                if id(label) not in used and label.key not in keys
                and not any(first <= label.line < end for first, end in covered)
            ]  # fmt: skip
        return sorted(found, key=lambda sheet: sheet.first)

    def _card_sheet(self, card: Card) -> Sheet:
        taken = {card.number_line, *card.title_lines}
        fields = tuple(self._fields.find(card.number_line, card.end, taken))
        return Sheet(
            card.number, card.number_line, card.title_lines, card.title_start, card.number_line, card.end, fields, 1.0
        )

    def _sheets(self, drafts: list[Draft]) -> list[Sheet]:
        self._set_zones(drafts)
        self._set_numbers(drafts)
        drafts = self._with_missing(_join_parts(drafts))
        for draft in drafts:
            draft.titles = dict(self._titles.candidates(draft))
        chosen = self._titles.vote(drafts)
        if sum(draft.number is not None for draft in drafts) < _EXPLAINED * len(drafts):
            chosen = [sign for sign in chosen if self._titles.names_records(sign, drafts)]
        firsts = []
        heads: list[tuple[tuple[int, ...], int, str] | None] = []
        for draft in drafts:
            head = next((draft.titles[sign] for sign in chosen if sign in draft.titles), None)
            heads.append(head)
            marks = [*(head[0][:1] if head else ()), *((draft.number_line,) if draft.number_line is not None else ())]
            labels = [label.line for label in draft.labels[:1]]
            numbered = draft.number_line is not None and draft.number_line < min(labels, default=len(self._lines))
            firsts.append(min(marks) if marks and (numbered or not labels) else min([*marks, *labels]))
        core = {label.key for draft in drafts for label in draft.labels}
        sheets = []
        for place, (draft, head) in enumerate(zip(drafts, heads, strict=True)):
            end = firsts[place + 1] if place + 1 < len(drafts) else len(self._lines)
            if head is None:
                continue
            taken = {*head[0], *((draft.number_line,) if draft.number_line is not None else ())}
            fields = tuple(self._fields.find(firsts[place], end, taken))
            share = len({label.key for label in draft.labels}) / max(len(core), 1)
            sheets.append(
                Sheet(draft.number, draft.number_line, head[0], head[1], firsts[place], end, fields, min(1.0, share))
            )
        return sheets

    def _set_zones(self, drafts: Sequence[Draft]) -> None:
        """Note the lines at which each head may be: before the first label, and between the first labels."""
        for place, draft in enumerate(drafts):
            first = draft.labels[0]
            before = drafts[place - 1].labels[-1].lines[-1] + 1 if place else 0
            zone = [
                line for line in range(max(before, first.line - _ZONE), first.line)
                if self._lines[first.line].page - self._lines[line].page <= 1
            ]  # fmt: skip
            later = draft.labels[: _BEHIND + 1]
            last = later[-1].line if len(later) > _BEHIND else min(first.lines[-1] + _ZONE, len(self._lines))
            zone += [line for line in range(first.lines[-1] + 1, last)]
            zone += [label.lines[-1] for label in later if has_head(label)]
            draft.zone = sorted({line for line in zone if line not in self._apart})

    def _set_numbers(self, drafts: Sequence[Draft]) -> None:
        """Give each sheet the number of the series that numbers most of them, by the member nearest to its labels."""
        best: tuple[float, dict[int, tuple[Printed, int]]] = (0.0, {})
        for series in self._series:
            if series.counts_pages:
                continue
            by_line = {member.line: member.number for member in series.members}
            picks = [self._pick_numbers(drafts, by_line, side, last) for side in (-1, 1) for last in (True, False)]
            own = max(picks, key=lambda pick: len({(number.word, number.ref) for number, _ in pick.values()}))
            distinct = len({(number.word, number.ref) for number, _ in own.values()})
            again = _repeated(own)  # the head of a sheet is printed anew on each of its pages
            share = distinct / (len(drafts) - len(again))
            look = sum(self._lines[line].style.is_heavier(self._body) for _, line in own.values())
            score = share + 0.2 * look / max(len(own), 1) + 0.05 * bool(series.form[1])
            if share >= _EXPLAINED and distinct >= 0.8 * (len(own) - len(again)) and _rises(own) and score > best[0]:
                best = (score, own)
        for place, (number, line) in best[1].items():
            drafts[place].number, drafts[place].number_line = number, line

    def _pick_numbers(
        self, drafts: Sequence[Draft], numbers: Mapping[int, Printed], side: int, last: bool
    ) -> dict[int, tuple[Printed, int]]:
        """Return the number of each sheet: the last or first one before (`side` -1) or behind its first label."""
        picked: dict[int, tuple[Printed, int]] = {}
        for place, draft in enumerate(drafts):
            first = draft.labels[0].line
            hits = [line for line in draft.zone if line in numbers and (line < first) == (side < 0)]
            if hits:
                line = hits[-1] if last and side < 0 else hits[0]
                picked[place] = (numbers[line], line)
        return picked

    def _with_missing(self, drafts: list[Draft]) -> list[Draft]:
        """Return drafts with one for each number that is missing between two, where a line of their look has it."""
        known = [(draft, draft.number, draft.number_line) for draft in drafts if draft.number and draft.number_line]
        if len(known) < _EXPLAINED * len(drafts):
            return drafts
        form = Counter(number.form for _, number, _ in known).most_common(1)[0][0]
        look = Counter(self._lines[line].style for _, _, line in known).most_common(1)[0][0]
        series = next((series for series in self._series if series.form == form), None)
        taken = {(number.code, number.parts) for _, number, _ in known}
        made: list[Draft] = []
        for (_, first, start), (_, second, end) in pairwise(known):
            place = start
            for member in series.members if series else ():
                number = member.number
                between = first.parts < number.parts < second.parts or (
                    first.code != second.code and number.code in (first.code, second.code)
                )
                fits = place < member.line < end and (number.code, number.parts) not in taken and between
                if fits and self._lines[member.line].style == look and member.line not in self._apart:
                    place = member.line
                    taken.add((number.code, number.parts))
                    zone = list(range(member.line, min(member.line + _ZONE, end)))
                    made.append(Draft([], zone, number, member.line))
        if made:
            drafts = sorted([*drafts, *made], key=lambda draft: draft.number_line or draft.labels[0].line)
            for draft in made:
                before = drafts[drafts.index(draft) - 1]
                draft.labels = [label for label in before.labels if label.line > (draft.number_line or 0)]
                before.labels = [label for label in before.labels if label not in draft.labels]
        return drafts


def _repeated(numbers: Mapping[int, tuple[Printed, int]]) -> list[int]:
    """Return the places whose number is that of the place before."""
    return [after for before, after in pairwise(sorted(numbers)) if numbers[before][0].ref == numbers[after][0].ref]


def _rises(numbers: Mapping[int, tuple[Printed, int]]) -> bool:
    """True if most numbers are higher than the one before, or of another code."""
    ordered = [numbers[place][0] for place in sorted(numbers)]
    rising = sum(first.code != second.code or first.parts <= second.parts for first, second in pairwise(ordered))
    return rising >= _RISING * (len(ordered) - 1)


def _join_parts(drafts: list[Draft]) -> list[Draft]:
    """Return drafts; one with the number of the one before, or without where nearly all have one, is part of that."""
    numbered = sum(draft.number is not None for draft in drafts)
    parted = _NEARLY_ALL * len(drafts) <= numbered < len(drafts)
    joined: list[Draft] = []
    for draft in drafts:
        before = joined[-1].number if joined else None
        again = draft.number is not None and before is not None and draft.number.ref == before.ref
        if joined and (again or (parted and draft.number is None)):
            joined[-1].labels += draft.labels
        elif draft.number is not None or not parted:
            joined.append(draft)
    return joined
