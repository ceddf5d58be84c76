"""Series: numbers of one shape at the beginning of lines that are in sequence over a document."""

from __future__ import annotations

from bisect import bisect_left
from collections import Counter, defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from ingest.readers.lexicon import TELLING, meaning
from ingest.readers.numbers import Printed, ref_parts
from ingest.readers.simple.lines import DocumentLines

_LEAST = 2  # members
_CHAINS = 4  # series of one shape, as where parts of a document count anew
_REACH, _LABELLED, _MOST_LABELS = 60, 0.7, 4  # lines below a number, what each label there adds, and how many do
_LOOK_WEIGHT = 1.5  # what the look of most members adds to the weight of a line
_GAP, _CODED_GAP = 3, 25  # numbers that may be missing between two members, without and with letters
_MOST = 1_500  # lines of one shape that are looked through
_LEFT_OUT, _MOST_LEFT_OUT = 0.02, 5  # what each number that is passed over costs, and how many count
_WINDOW = 60  # members back that a member may follow


@dataclass(frozen=True, slots=True)
class Member:
    """A number of a series where it is printed."""

    line: int
    number: Printed

    @property
    def counts(self) -> tuple[int, ...]:
        """The integers by which it is in sequence."""
        return self.number.parts or ref_parts(self.number.ref)


@dataclass(frozen=True, slots=True)
class Series:
    """Numbers of one shape, in the order of the text."""

    form: tuple[object, ...]
    members: tuple[Member, ...]


def find_series(document: DocumentLines, labels: Sequence[int]) -> list[Series]:
    """Return the series of a document; `labels` are the lines of labels, in order."""
    groups: dict[tuple[object, ...], list[Member]] = defaultdict(list)
    for place in range(len(document)):
        number = document.number(place) if place not in document.apart else None
        if number is not None and _may_number(document, place, number):
            groups[number.form].append(Member(place, number))
    return [series for form, members in groups.items() for series in _series(document, form, members[:_MOST], labels)]


def _may_number(document: DocumentLines, place: int, number: Printed) -> bool:
    """True for a number that begins a paragraph, no "7 von 52" alone, and no value ("Verantwortlich: Amt 66").

    In text without styles, where paragraphs may be lost, one with letters or a word may begin any line.
    """
    if (number.total and not number.word) or meaning(number.word) in TELLING:
        return False
    is_named = bool(number.code or number.word) and not number.rest[:1].islower()
    return document.opens(place) or (is_named and not document.styled)


def _series(
    document: DocumentLines, form: tuple[object, ...], members: list[Member], labels: Sequence[int]
) -> Iterator[Series]:
    """Yield the series of one shape, the heaviest first."""
    ends = [*(member.line for member in members[1:]), len(document)]
    weights: dict[int, float] = {}
    for member, end in zip(members, ends, strict=True):
        owned = bisect_left(labels, min(end, member.line + _REACH)) - bisect_left(labels, member.line)
        weights[member.line] = (
            0.3
            + 0.7 * document.opens(member.line)
            + document.is_set_off(member.line)
            + _LABELLED * min(owned, _MOST_LABELS)
        )
    for _ in range(_CHAINS):
        usual = Counter(document.look(member.line) for member in best_chain(members, weights, _step)).most_common(1)
        similar = {m.line: weights[m.line] + _LOOK_WEIGHT * (document.look(m.line) == usual[0][0]) for m in members}
        chain = _number_once(best_chain(members, similar, _step), similar)
        if len(chain) < _LEAST:
            return
        yield Series(form, tuple(chain))
        taken = {member.line for member in chain}
        members = [member for member in members if member.line not in taken]


def _number_once(chain: Sequence[Member], weights: Mapping[int, float]) -> list[Member]:
    """Return members, of several prints of a number the one that looks most like a head: others are references."""
    best: dict[tuple[object, ...], Member] = {}
    for member in chain:
        name = member.number.code, member.counts
        if name not in best or weights[member.line] > weights[best[name].line]:
            best[name] = member
    return sorted(best.values(), key=lambda member: member.line)


def best_chain(
    members: Sequence[Member], weights: Mapping[int, float] | Sequence[float],
    step: Callable[[Member, Member], float], begins: Callable[[Member], bool] = lambda member: True,
    left_out: float = _LEFT_OUT,
) -> list[Member]:  # fmt: skip
    """Return the members that weigh most together on a way on which each follows the one before.

    `step` says how well one member follows another, 0 where it does not; a way begins where `begins` is true.
    """
    best: list[float] = []
    back: list[int] = []
    for place, member in enumerate(members):
        score, source = (0.0, -1) if begins(member) else (float("-inf"), -1)
        for other in range(max(0, place - _WINDOW), place):
            fit = step(members[other], member)
            fit -= left_out * min(place - other - 1, _MOST_LEFT_OUT) * (fit > 0)
            if fit > 0 and best[other] + fit > score:
                score, source = best[other] + fit, other
        best.append(score + weights[member.line])
        back.append(source)
    chain: list[Member] = []
    place = max(range(len(best)), key=best.__getitem__, default=-1)
    if place >= 0 and best[place] == float("-inf"):
        return []
    while place >= 0:
        chain.append(members[place])
        place = back[place]
    return chain[::-1]


def _step(before: Member, member: Member) -> float:
    """Return how well a member follows another: 1 as the next, less over a gap, 0 not at all."""
    first, second, second_number = before.counts, member.counts, member.number
    if before.number.code != member.number.code:
        restarts = second[-1:] in ((1,), (0,)) and all(part == 1 for part in second[1:])
        return 0.9 if restarts or follows(first, second) else 0.0
    if follows(first, second):
        return 1.0
    if len(first) == len(second) and first < second:
        same = first[:-1] == second[:-1]
        distinct = second[-1] - first[-1] if same else max(1, second[-1])
        return 0.5 / distinct if distinct <= (_CODED_GAP if second_number.code else _GAP) + 1 else 0.0
    return 0.0


def follows(first: Sequence[int], second: Sequence[int]) -> bool:
    """True if a number comes next: the last part counts on, or an earlier one does and the others begin anew."""
    if len(first) != len(second) or not first:
        return False
    place = next((n for n, (a, b) in enumerate(zip(first, second, strict=True)) if a != b), None)
    return place is not None and second[place] == first[place] + 1 and all(n <= 1 for n in second[place + 1 :])
