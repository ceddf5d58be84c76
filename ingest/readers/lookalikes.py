"""Find the heads of records that look like some examples.

A line is a member if its features are much more likely among the members than among all lines
(naive Bayes with a prior from all lines, estimated anew from what it found until nothing changes).
The number is the key: of all lines with one number the likeliest is its record.
"""

from __future__ import annotations

from bisect import bisect_left
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from functools import cache
from itertools import chain

import numpy as np
import numpy.typing as npt

from ingest.readers.line_features import LineFeatures
from ingest.readers.lines import DocumentLines
from ingest.readers.numbers import NumberFamily, PrintedNumber, parse_number
from ingest.readers.record_heads import IN_LINE, NumberPlace, RecordHead
from ingest.readers.sequences import follows
from ingest.readers.titles import WORD, normalize_title
from ingest.readers.words import WORDS

Scores = npt.NDArray[np.float64]
# Strength of the prior, in examples; and the most that one feature counts for and against a line.
_PRIOR = 1.5
_MOST_FOR = 4.0
_MOST_AGAINST = -1.5
_ROUNDS = 8
# Lines below a title in which its number may be; further ones are beside it on the page, within
# so many times its size.
_BELOW = 2
_BESIDE = 1.5
# Share of the score of the least likely example that a member needs, with and without a number.
_NUMBERED = 0.25
_UNNUMBERED = 0.5
# Share of it from which a head without a number looks surely like the examples. Of the pairs of
# set-off lines in a report of 99 records those that mix two sorts of lines find 3 to 16 times as
# many lines as are sure, those of one sort up to 2.
_SURE = 0.8
# Cells beside a title, and lines around it, in which its number is searched.
_ROW_STEPS = (-1, 1, -2, 2)
_LINE_STEPS = (-1, 1, -2, 2, -3, 3, -4, 4, -5, 5, -6, 6)
_SHARED = 3  # numbers from which a text at all of them is no title
_LONGEST_NUMBER = 25  # characters of a line or cell that is nothing but a number


class Lookalikes:
    """Finds lines that look alike in one document."""

    def __init__(self, document: DocumentLines, features: LineFeatures) -> None:
        """Count how frequent each value of each feature is among all lines (`_frequencies`: for
        each feature the shares, by code), and parse the number of each line.
        """
        self._document, self._features = document, features
        codes = features.codes
        self._frequencies = [
            np.bincount(column, minlength=column.max(initial=0) + 1) / max(1, len(codes))
            for column in codes.T
        ]
        self._numbers = [_number_of_record(line.text) for line in document.lines]

    def number_in(self, line: int) -> PrintedNumber | None:
        """Return the number that a line begins with, None without one."""
        return self._numbers[line]

    def head_in_line(self, line: int) -> RecordHead | None:
        """Return the head whose title begins in a line behind its number, None without one."""
        number = self._numbers[line]
        if number is not None and number.text_after:
            return RecordHead(line, number, IN_LINE, line)
        return None

    def continues(self, line: int) -> bool:
        """True if a line goes on with the text above it: no title begins there. Numbers and labels
        above are no text.
        """
        if self._document.begins_paragraph(line) or self._features.is_label(line - 1):
            return False
        number = self._numbers[line - 1]
        return number is None or bool(number.text_after)

    def heads_in_row(self, line: int) -> Iterator[RecordHead]:
        """Yield the heads whose title begins in a line and whose number is alone in a cell of the
        same row, up to two cells to the left or right, the nearest first. Nothing is yielded
        outside tables.
        """
        for step in _ROW_STEPS:
            head = self._head_beside(line, step)
            if head is not None:
                yield head

    def heads_around(self, line: int, steps: Iterable[int]) -> Iterator[RecordHead]:
        """Yield the heads whose title begins in a line and whose number stands alone in a line near
        it. `steps` are the lines below it to look in (negative: above), in this order.
        """
        for step in steps:
            number = self._lone_number(line + step, line)
            if number is not None:
                yield RecordHead(line, number, NumberPlace("near", step), line + step)

    def heads_at(self, line: int) -> Iterator[RecordHead]:
        """Yield all heads with a number whose title begins in a line, the nearest number first."""
        head = self.head_in_line(line)
        if head is not None:
            yield head
        yield from self.heads_in_row(line)
        yield from self.heads_around(line, _LINE_STEPS)

    def find(self, examples: Sequence[RecordHead], *, named: bool = False) -> list[RecordHead]:
        """Return the examples and all heads that look like them, in the order of the text. If staff
        `named` the examples, only what may be a title does: without them, what else stands at the
        numbers tells that they are none of records.

        Heads have numbers of the same family as the examples, near the same place, or none if no
        example has one. Members are the examples, and in each of up to `_ROUNDS` rounds what looks
        like the members of the round before.
        """
        families = {example.number.family for example in examples if example.number}
        places = dict.fromkeys(chain.from_iterable(map(self._places_of, examples)))
        fixed = {example.line for example in examples}
        pool = self._possible_heads(families, list(places), fixed)
        if families and named:
            pool = self._with_titles(pool)
        if not pool:
            return sorted(examples, key=lambda head: head.line)
        members = sorted(fixed)
        lines = np.array([head.line for head in pool])
        for _ in range(_ROUNDS):
            scores = self._scores(members, lines)
            chosen = self._choose(pool, scores, fixed, is_numbered=bool(families))
            found = sorted({pool[index].line for index in chosen} | fixed)
            if found == members:
                break
            members = found
        by_line = {head.line: head for head in pool} | {head.line: head for head in examples}
        found_heads = [by_line[line] for line in members]
        return self._with_neighbours(found_heads, pool, self._scores(members, lines))

    def count_sure(self, examples: Sequence[RecordHead]) -> int:
        """Return how many heads without numbers look surely like the examples alone, these
        included.
        """
        fixed = {example.line for example in examples}
        lines = np.array([head.line for head in self._possible_heads(set(), [], fixed)])
        scores = self._scores(sorted(fixed), lines)
        least = scores[np.isin(lines, list(fixed))].min()
        return int((scores >= _SURE * least).sum())

    def _places_of(self, example: RecordHead) -> Iterator[NumberPlace]:
        """Yield the place of the number of an example, and further places with the same number: the
        cell beside the title may be the line above it too, and other titles have only one of them.
        """
        if example.place is not None:
            yield example.place
            for head in self.heads_at(example.line):
                if head.place is not None and head.number_line == example.number_line:
                    yield head.place

    def _with_neighbours(
        self, members: list[RecordHead], pool: Sequence[RecordHead], scores: Scores
    ) -> list[RecordHead]:
        """Return the members of a family, and further heads that look a little different: each
        stands behind a member and before the next one, has the number that comes next, and looks
        more like members than like other lines. Before the first member it has the number that
        comes before: all but the first record may follow the same text. Of several with one number
        the likeliest is added.
        """
        refs = {head.ref for head in members}
        starts = [head.line for head in members]
        best: dict[str, tuple[float, RecordHead]] = {}
        for head, score in zip(pool, scores, strict=True):
            above = bisect_left(starts, head.line) - 1
            if score <= 0 or head.ref in refs:
                continue
            if above < 0:
                is_next = _comes_next(head, members[0])
            else:
                is_next = _comes_next(members[above], head)
            if is_next and (head.ref not in best or score > best[head.ref][0]):
                best[head.ref] = score, head
        added = [head for _, head in best.values()]
        return sorted([*members, *added], key=lambda head: head.line)

    def _possible_heads(
        self, families: set[NumberFamily], places: Sequence[NumberPlace], examples: set[int]
    ) -> list[RecordHead]:
        """Return the heads with a number of one of the `families` in one of the `places`, at most
        one for each line. Without families these are the lines without a number that may be titles,
        with a label below if all examples have one. `examples` are their lines. Excluded lines, as
        of tables, are passed over unless an example is in one.
        """
        document = self._document
        needs_label = all(self._features.label_below(line) for line in examples)
        pool = []
        for line in range(len(document)):
            if line in document.excluded and not examples & document.excluded:
                continue
            if not families:
                if line in examples or self._may_be_unnumbered(line, needs_label=needs_label):
                    pool.append(RecordHead(line))
                continue
            for place in places:
                head = self._head_at(line, place, families)
                if head is not None:
                    pool.append(head)
                    break
        return pool

    def _with_titles(self, pool: Sequence[RecordHead]) -> list[RecordHead]:
        """Return the heads with numbers whose text may be a title: it has a word, and does not
        stand at several numbers (`_SHARED`), as a field of action does.
        """
        names = [normalize_title(self._document.text(head.line)) for head in pool]
        refs: dict[str, set[str]] = defaultdict(set)
        for name, head in zip(names, pool, strict=True):
            refs[name].add(head.ref)
        return [
            head
            for name, head in zip(names, pool, strict=True)
            if WORD.search(name) and len(refs[name]) < _SHARED
        ]

    def _may_be_unnumbered(self, line: int, *, needs_label: bool) -> bool:
        """True if a line may be a title in a family without numbers: it has none before its text,
        does not continue the text above it and has, if `needs_label`, a label a few lines below.
        The first line is the document's title.
        """
        if line == 0:
            return False
        number = self._numbers[line]
        # a line that is nothing but a number may be a title, such as the year "2026"
        is_numbered = number is not None and bool(number.text_after)
        has_label = bool(self._features.label_below(line)) or not needs_label
        return has_label and not is_numbered and not self.continues(line)

    def _scores(self, members: Sequence[int], lines: npt.NDArray[np.int64]) -> Scores:
        """Return how much the features of each of `lines` look like those of the `members`.

        It is the sum over all features of log P(value | member) / P(value), above 0 if members have
        the values more often than other lines. As few members say little, the frequency among all
        lines counts as `_PRIOR` members. A feature counts `_MOST_FOR` at most, and a value that no
        member has `_MOST_AGAINST` at least.
        """
        codes = self._features.codes
        scores = np.zeros(len(lines))
        count = len(members)
        # what a value counts that no member has
        absent = max(_MOST_AGAINST, float(np.log(_PRIOR / (count + _PRIOR))))
        for column, usual in enumerate(self._frequencies):
            counted = np.bincount(codes[members, column], minlength=len(usual))
            expected = (counted + _PRIOR * usual) / (count + _PRIOR)
            with np.errstate(divide="ignore", invalid="ignore"):
                weights = np.log(expected / usual)
            weights = np.where(counted > 0, np.minimum(weights, _MOST_FOR), absent)
            scores += weights[codes[lines, column]]
        return scores

    def _choose(
        self, pool: Sequence[RecordHead], scores: Scores, fixed: set[int], *, is_numbered: bool
    ) -> list[int]:
        """Return the indices of the likely heads in the pool. Each has a share of the score of the
        least likely example (in the lines `fixed`), and none below 0. With numbers (`is_numbered`)
        a smaller share is enough, and of heads with one number the likeliest is returned.
        """
        least = min(
            (scores[index] for index, head in enumerate(pool) if head.line in fixed), default=0.0
        )
        threshold = max((_NUMBERED if is_numbered else _UNNUMBERED) * least, 0.0)
        if not is_numbered:
            return [index for index, score in enumerate(scores) if score >= threshold]
        best: dict[str, int] = {}
        for index, head in enumerate(pool):
            if scores[index] < threshold and head.line not in fixed:
                continue
            other = best.get(head.ref)
            if other is None or scores[index] > scores[other]:
                best[head.ref] = index
        return list(best.values())

    def _head_at(
        self, line: int, place: NumberPlace, families: set[NumberFamily]
    ) -> RecordHead | None:
        """Return the head whose title begins in a line, with its number in `place` or near it, None
        if no number of the `families` is there. As titles have different lengths, near is another
        cell of the row, or up to three lines further up or down.
        """
        heads: Iterable[RecordHead]
        if place == IN_LINE:
            heads = filter(None, [self.head_in_line(line)])
        elif self.continues(line):
            return None
        elif place.kind == "row":
            heads = self.heads_in_row(line)
        else:
            heads = self.heads_around(line, _neighbouring_steps(place.step))
        for head in heads:
            if head.number and head.number.family in families:
                return head
        return None

    def _head_beside(self, line: int, step: int) -> RecordHead | None:
        """Return the head whose title begins in a line and whose number stands alone, in a short
        line, `step` filled cells to the right (negative: left), None without one.
        """
        cell = self._document.lines[line].cell
        if cell is None:
            return None
        row = self._features.rows[cell[:2]]
        columns = sorted(row)
        index = columns.index(cell.column) + step
        if not 0 <= index < len(columns):
            return None
        first = row[columns[index]][0]
        number = self._numbers[first]
        if number is not None and len(self._document.text(first)) <= _LONGEST_NUMBER:
            return RecordHead(line, number, NumberPlace("row", step), first)
        return None

    def _lone_number(self, index: int, line: int) -> PrintedNumber | None:
        """Return the number at the beginning of the short line `index`, None without one, or if it
        is not near the title in line `line` on its page: above it, in one of the next two lines, or
        beside it on the page.
        """
        if not 0 <= index < len(self._document):
            return None
        number = self._numbers[index]
        if number is None:
            return None
        title, other = self._document.lines[line], self._document.lines[index]
        if other.page != title.page or len(other.text) > _LONGEST_NUMBER:
            return None
        distance = abs(other.box.top - title.box.top)
        is_beside = distance <= _BESIDE * max(title.style.size, other.style.size)
        if index - line <= _BELOW or is_beside:
            return number
        return None


@cache
def _neighbouring_steps(step: int) -> list[int]:
    """Return the steps that differ by three at most from a step, but not 0, the nearest first."""
    steps = [other for other in range(step - 3, step + 4) if other]
    return sorted(steps, key=lambda other: abs(other - step))


def _number_of_record(text: str) -> PrintedNumber | None:
    """Return the number that a text begins with, None if it has none. Return None as well if the
    word or code before it says that it numbers something else ("Abb. 3", "DIN 18040").
    """
    number = parse_number(text)
    if number is None:
        return None
    words = {part.strip(" .-").lower() for part in (number.word, number.code)}
    return number if words.isdisjoint(WORDS["no_records"]) else None


def _comes_next(head: RecordHead, other: RecordHead) -> bool:
    """True if the number of the second head comes next after that of the first, with the same
    letters before the digits.
    """
    if head.number is None or other.number is None or head.number.code != other.number.code:
        return False
    return follows(head.number.counts, other.number.counts)
