"""Find series: numbers of one form at the beginning of lines that count on through a document."""

from __future__ import annotations

from bisect import bisect_left
from collections import Counter, defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from math import inf

from ingest.readers.lexicon import RECORD_FIELDS, field_of_label
from ingest.readers.numbers import PrintedNumber, ref_parts
from ingest.readers.simple.lines import DocumentLines

_LEAST = 2  # members of a series
_CHAINS = 4  # most series of one form: parts of a document may each count from 1
# Lines below a number in which labels count, the weight of each label there, and the most that
# count.
_REACH, _LABELLED, _MOST_LABELS = 60, 0.7, 4
_LOOK_WEIGHT = 1.5  # weight of a line with the look of most members
_GAP, _CODED_GAP = (
    3,
    25,
)  # numbers that may be missing between two members, without and with letters
_MOST = 1_500  # lines of one form that are searched
_SKIP_COST, _MOST_SKIPPED = (
    0.02,
    5,
)  # cost of each line that a chain skips, and most such lines that count
_WINDOW = 60  # lines back in which the previous member of a chain is searched


@dataclass(frozen=True, slots=True)
class Member:
    """A number of a series and the index of the line that it begins."""

    line: int
    number: PrintedNumber

    @property
    def counts(self) -> tuple[int, ...]:
        """The parts of the number as integers, by which it is in sequence."""
        return self.number.parts or ref_parts(self.number.ref)


@dataclass(frozen=True, slots=True)
class Series:
    """Numbers of one form (see `PrintedNumber.form`) in sequence, in the order of the text."""

    form: tuple[object, ...]
    members: tuple[Member, ...]


def find_series(document: DocumentLines, labels: Sequence[int]) -> list[Series]:
    """Return the series of a document; `labels` are the lines of labels, in order."""
    groups: dict[tuple[object, ...], list[Member]] = defaultdict(list)
    for index in range(len(document)):
        number = document.number(index) if index not in document.excluded else None
        if number is not None and _may_number(document, index, number):
            groups[number.form].append(Member(index, number))
    return [
        series
        for form, members in groups.items()
        for series in _series(document, form, members[:_MOST], labels)
    ]


def _may_number(document: DocumentLines, index: int, number: PrintedNumber) -> bool:
    """True for a number that begins a paragraph, except a bare "7 von 52" and a value
    ("Verantwortlich: Amt 66").

    In text without styles, where paragraphs may be lost, a number with letters or a word may begin
    any line.
    """
    if (number.total and not number.word) or field_of_label(number.word) in RECORD_FIELDS:
        return False
    is_named = bool(number.code or number.word) and not number.text_after[:1].islower()
    return document.begins_paragraph(index) or (is_named and not document.styled)


def _series(
    document: DocumentLines, form: tuple[object, ...], members: list[Member], labels: Sequence[int]
) -> Iterator[Series]:
    """Yield the series among numbers of one form: each time the chain of greatest weight (look,
    labels) in the rest.
    """
    ends = [*(member.line for member in members[1:]), len(document)]
    weights: dict[int, float] = {}
    for member, end in zip(members, ends, strict=True):
        line = member.line
        label_count = bisect_left(labels, min(end, line + _REACH)) - bisect_left(labels, line)
        look_weight = 0.3 + 0.7 * document.begins_paragraph(line) + document.is_set_off(line)
        weights[line] = look_weight + _LABELLED * min(label_count, _MOST_LABELS)
    for _ in range(_CHAINS):
        looks = Counter(
            document.look(member.line) for member in best_chain(members, weights, _step)
        )
        usual_look = looks.most_common(1)[0][0] if looks else None
        with_look = {
            m.line: weights[m.line] + _LOOK_WEIGHT * (document.look(m.line) == usual_look)
            for m in members
        }
        chain = _deduplicate(best_chain(members, with_look, _step), with_look)
        if len(chain) < _LEAST:
            return
        yield Series(form, tuple(chain))
        lines_of_chain = {member.line for member in chain}
        members = [member for member in members if member.line not in lines_of_chain]


def _deduplicate(chain: Sequence[Member], weights: Mapping[int, float]) -> list[Member]:
    """Return members with distinct numbers, of equal ones that of greatest weight: the others are
    references to it.
    """
    best: dict[tuple[object, ...], Member] = {}
    for member in chain:
        name = member.number.code, member.counts
        if name not in best or weights[member.line] > weights[best[name].line]:
            best[name] = member
    return sorted(best.values(), key=lambda member: member.line)


def best_chain(
    members: Sequence[Member],
    weights: Mapping[int, float] | Sequence[float],
    step: Callable[[Member, Member], float],
    begins: Callable[[Member], bool] = lambda member: True,
    skip_cost: float = _SKIP_COST,
) -> list[Member]:
    """Return the chain of members, each following the one before, with the greatest sum of weights
    and steps.

    `weights` are by line. `step` scores how well one member follows another, 0 for not at all; a
    chain begins where `begins` is true. Found by dynamic programming over the best chain that ends
    at each member.
    """
    scores: list[float] = []  # of the best chain that ends at each member, -inf where there is none
    previous: list[int] = []  # index of the member before in that chain, -1 at its beginning
    for index, member in enumerate(members):
        score, source = (0.0 if begins(member) else -inf), -1
        for earlier in range(max(0, index - _WINDOW), index):
            fit = step(members[earlier], member)
            fit -= skip_cost * min(index - earlier - 1, _MOST_SKIPPED) if fit > 0 else 0
            if fit > 0 and scores[earlier] + fit > score:
                score, source = scores[earlier] + fit, earlier
        scores.append(score + weights[member.line])
        previous.append(source)
    chain: list[Member] = []
    index = max(range(len(scores)), key=scores.__getitem__, default=-1)
    if index >= 0 and scores[index] == -inf:
        return []
    while index >= 0:
        chain.append(members[index])
        index = previous[index]
    return chain[::-1]


def _step(before: Member, member: Member) -> float:
    """Return how well a member follows another: 1 for the next, less with other letters or over a
    gap, else 0.
    """
    first, second = before.counts, member.counts
    is_next = follows(first, second)
    if (
        before.number.code != member.number.code
    ):  # counting goes on or starts anew: "B 3" or "B 1" after "A 2"
        restarts = second[-1:] in ((1,), (0,)) and all(part == 1 for part in second[1:])
        return 0.9 if restarts or is_next else 0.0
    if is_next:
        return 1.0
    if len(first) == len(second) and first < second:
        same_parent = first[:-1] == second[:-1]
        distance = second[-1] - first[-1] if same_parent else max(1, second[-1])
        return (
            0.5 / distance if distance <= (_CODED_GAP if member.number.code else _GAP) + 1 else 0.0
        )
    return 0.0


def follows(first: Sequence[int], second: Sequence[int]) -> bool:
    """True if the second number is the next: one part is greater by 1, and those after it restart
    at 1 or 0.
    """
    if len(first) != len(second):
        return False
    for index, (part, next_part) in enumerate(zip(first, second, strict=True)):
        if part != next_part:
            return next_part == part + 1 and all(later <= 1 for later in second[index + 1 :])
    return False
