"""Drafts of sheets: which labels recur together, and which of them opens a sheet."""

from __future__ import annotations

import statistics
from collections import Counter, defaultdict
from collections.abc import Collection, Sequence
from dataclasses import dataclass, field
from itertools import pairwise

from ingest.readers.lexicon import TELLING, meaning
from ingest.readers.numbers import Printed
from ingest.readers.simple.labels import Label
from ingest.readers.simple.series import Series
from ingest.stream import Line, Style

_LEAST = 3  # sheets of one kind
_CORE = 0.45  # of the prints of the commonest labels, from which a label belongs to the set
_HEAD = 8  # lines of a head between its label and the first label of a value, at most
_ZONE = 14  # lines before its first label within which the head of a sheet is
_HEADS = ("title", "ref")  # what labels mean whose value is the head of a sheet


@dataclass(slots=True)
class Draft:
    """A sheet in the making: its labels, and the lines around the first of them that may be its head."""

    labels: list[Label]
    zone: list[int] = field(default_factory=list)
    number: Printed | None = None
    number_line: int | None = None
    titles: dict[object, tuple[tuple[int, ...], int, str]] = field(default_factory=dict)


class DraftFinder:
    """Finds the sets of labels that recur in one document; `body` is the style of its text."""

    def __init__(self, lines: Sequence[Line], labels: Sequence[Label], series: Sequence[Series], body: Style) -> None:
        self._lines, self._series, self._body = lines, series, body
        self._label_lines = {place for label in labels for place in label.lines}

    def find(self, labels: Sequence[Label]) -> list[Draft]:
        """Return a draft for each print of the labels that recur together, in order; none where none do."""
        counts = Counter(label.key for label in labels)
        if not counts or max(counts.values()) < _LEAST:
            return []
        usual = counts.most_common(2)[-1][1]
        core = {key for key, count in counts.items() if count >= max(_LEAST, _CORE * usual)}
        core = self._without_strays(core, labels)
        if len(core) < 2 and not any(meaning(key) for key in core):
            return []
        marks = [label for label in labels if label.key in core]
        opener = self._opener(marks, counts)
        order = self._order(marks, opener)
        drafts: list[Draft] = []
        seen: set[str] = set()
        for label in marks:
            wraps = label.key in seen and order[label.key] <= order[opener] + 1
            if not drafts or label.key == opener or wraps:
                drafts.append(Draft([]))
                seen = set()
            drafts[-1].labels.append(label)
            seen.add(label.key)
        numbered = {member.line for series in self._series if series.is_distinct for member in series.members}
        for draft, following in pairwise(drafts):
            while draft.labels and self._heads_next(draft.labels, following.labels[0], numbered):
                following.labels.insert(0, draft.labels.pop())
        drafts = [draft for draft in drafts if draft.labels]
        least = max(1, 0.34 * statistics.median(len({label.key for label in draft.labels}) for draft in drafts))
        return [draft for draft in drafts if len({label.key for label in draft.labels}) >= least]

    def _heads_next(self, labels: Sequence[Label], opener: Label, numbered: Collection[int]) -> bool:
        """True if the last of some labels belongs to the next sheet's head: a number is right before or behind it."""
        last = labels[-1]
        near = opener.line - last.lines[-1] <= _HEAD and self._lines[opener.line].page == self._lines[last.line].page
        behind = opener.line if has_head(last) else last.line
        start = max(labels[-2].line + 1 if len(labels) > 1 else 0, last.line - 3)
        return near and any(place in numbered for place in range(start, behind))

    def _without_strays(self, core: set[str], labels: Sequence[Label]) -> set[str]:
        """Return the labels that occur among the others, about once between two prints of one of them."""
        counts = Counter(label.key for label in labels if label.key in core)
        most = statistics.median(sorted(counts.values())[-3:])
        kept = {key for key, count in counts.items() if count <= 2.2 * most}
        fields = {meaning(key, weak=True) for key in kept} - {None, "ref", "title", "theme"}
        return kept if fields & TELLING or len(fields) > 1 else set()

    def _opener(self, marks: Sequence[Label], counts: Counter[str]) -> str:
        """Return the label that opens most sheets: numbers, larger type and new pages stand right before it."""
        numbers = {
            member.line: (series.form, member.number.ref) for series in self._series for member in series.members
        }
        seen: dict[str, dict[object, set[str]]] = defaultdict(lambda: defaultdict(set))
        heavy: Counter[str] = Counter()
        paged: Counter[str] = Counter()
        for before, label in zip([None, *marks], marks, strict=False):
            start = before.lines[-1] + 1 if before is not None else max(0, label.line - _ZONE)
            between = [
                place for place in range(max(start, label.line - _ZONE), label.line) if place not in self._label_lines
            ]
            for place in between:
                if place in numbers:
                    form, ref = numbers[place]
                    seen[label.key][form].add(ref)
            heavy[label.key] += any(self._lines[place].style.is_heavier(self._body) for place in between)
            paged[label.key] += before is None or self._lines[before.line].page != self._lines[label.line].page
        most = max(counts[label.key] for label in marks)

        def score(key: str) -> float:
            numbered = max((len(refs) for refs in seen[key].values()), default=0)
            return max(float(numbered), 0.8 * heavy[key]) + 0.2 * heavy[key] + 0.3 * paged[key]

        return max((key for key in {label.key for label in marks} if counts[key] >= 0.5 * most), key=score)

    def _order(self, marks: Sequence[Label], opener: str) -> dict[str, float]:
        """Return the usual place of each label behind the opener."""
        places: dict[str, list[int]] = defaultdict(list)
        place = 0
        for label in marks:
            place = 0 if label.key == opener else place + 1
            places[label.key].append(place)
        return {key: statistics.median(own) for key, own in places.items()}


def has_head(label: Label) -> bool:
    """True if number or title are the value of a label on its own line: "Maßnahme: EE-2", "Titel: Radwege"."""
    return label.start is not None and meaning(label.key) in _HEADS
