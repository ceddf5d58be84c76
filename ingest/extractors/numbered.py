"""Records that begin with a number before their title, in lines or behind bullets, or with a label for their title.

Of the places that print a number the one that most labels follow is its record's.
"""

from __future__ import annotations

import re
import statistics
from collections import Counter, defaultdict
from collections.abc import Sequence

from ingest.extractors.paper import Paper, Sheet
from ingest.extractors.record_titles import Titles, before, parting
from ingest.layout.lines import Style, squash
from ingest.plan.form import PlanFamily
from ingest.plan.numbers import Printed, matches, printed_number, same_ref

_Place = tuple[int, Printed]
_MORE_NUMBERS = re.compile(r"^(?:[,;/&]|und\b|bis\b|sowie\b)")
_FARTHEST = 400  # lines behind a number that may be of its record
_NEAR = 25  # of them whose letters count as text behind it
_LEAST = 0.34  # of the usual strength that the place of a record has
_STRONG = 0.7  # of the strength of another place, from which one is as good
_STRENGTH = 6  # two labels: what a further record of the same number has at least
_USUAL_STYLE = 2.0  # what a place gains that is set like most records
_LABELS_NEAR = 12  # lines between the labels of a record's number and title


class Numbered:
    """Finds the records of a family with numbers, or with labelled titles, among the lines of a paper."""

    def __init__(self, paper: Paper, titles: Titles, family: PlanFamily) -> None:
        self._paper, self._titles, self._family = paper, titles, family

    def in_lines(self) -> list[Sheet]:
        """Return the records whose numbers stand before titles."""
        places = [(i, number) for i, number in self._paper.numbers if matches(self._family.label, number)]
        places = [(i, number) for i, number in places if not self._is_reference(i, number)]
        found = [(number, *self._titles.of_number(i, number)) for i, number in self._chosen(self._drop_bare(places))]
        sheets = [self._sheet(self._ref(number), title, sorted(lines)) for number, title, lines in found if title]
        self._titles.finish(sheets)
        return sheets

    def behind_bullets(self) -> list[Sheet]:
        """Return the records whose numbers stand behind bullets; one sign parts title and text."""
        places = [(i, number) for i, number in self._paper.dashed if matches(self._family.label, number)]
        mark = parting([number.rest for _, number in places if number.rest])
        return [self._sheet(self._ref(one), before(one.rest, mark), [i]) for i, one in places if one.rest]

    def behind_labels(self) -> list[Sheet]:
        """Return the records whose title stands behind a label, and their number behind another near by."""
        hits = self._paper.hits
        named = Counter(hit.label for i, hit in hits.items() if self._paper.field_at(i) == "title")
        label = named.most_common(1)[0][0] if named else None
        places = sorted(i for i, hit in hits.items() if hit.label == label)
        first = places[0] if places else 0
        opening = {hits[i].label for i in range(max(0, first - _LABELS_NEAR), first) if i in hits}
        ends = [0, *places, len(self._paper.lines)]
        sheets: list[Sheet] = []
        for index, above, below in zip(places, ends, ends[2:], strict=False):
            title, heading = self._titles.behind(index, hits[index].rest)
            start = self._start_before(index, opening)
            if title:
                sheets.append(self._sheet(self._number_of(index, above, below), title, heading, start))
        self._titles.finish(sheets)
        return sheets

    def _sheet(self, ref: str, title: str, heading: list[int], start: int | None = None) -> Sheet:
        family = self._family
        return Sheet(ref, title, family.kind, family.label, heading, min(heading) if start is None else start)

    def _ref(self, number: Printed) -> str:
        """Return the ref; of a running number out of a total that every record prints only the number."""
        return number.ref.split("/")[0].strip() if self._family.label.endswith("{n}/{n}") else number.ref

    def _number_of(self, index: int, above: int, below: int) -> str:
        """Return the number behind the label for it that is nearest to a title, "" where none is near by."""
        hits, lines = self._paper.hits, self._paper.lines
        near = [i for i in hits if above < i < below and self._paper.field_at(i) == "ref"]
        nearest = min(near, key=lambda i: abs(i - index), default=None)
        if nearest is None or abs(nearest - index) > _LABELS_NEAR:
            return ""
        number = printed_number(hits[nearest].rest or lines[min(nearest + 1, len(lines) - 1)].text)
        return number.ref if number is not None and not number.rest else ""

    def _start_before(self, index: int, opening: set[str]) -> int:
        """Return where the record of a title begins: with the labels that stand before it."""
        hits, start = self._paper.hits, index
        for place in range(index - 1, max(-1, index - _LABELS_NEAR), -1):
            if place in hits and hits[place].label not in opening:
                break
            start = place if place in hits else start
        return start

    def _drop_bare(self, places: list[_Place]) -> list[_Place]:
        """Leave out numbers alone on a line that are set unlike the others: references to records elsewhere."""
        styles: Counter[Style] = Counter()
        for i, strength in self._strengths(places).items():
            styles[self._paper.style(i)] += round(strength)
        usual = styles.most_common(1)[0][0] if styles else None
        known = {same_ref(n.ref) for i, n in places if self._paper.style(i) == usual}
        return [(i, n) for i, n in places if n.rest or self._paper.style(i) == usual or same_ref(n.ref) not in known]

    def _is_reference(self, index: int, number: Printed) -> bool:
        """Tell whether a number begins a list of numbers or stands inside running text."""
        rest, line = number.rest, self._paper.lines[index]
        if _MORE_NUMBERS.match(rest) or (line.text.startswith(("(", "[")) and not self._paper.is_set_off(index)):
            return True
        following = printed_number(rest) if rest else None
        if following is not None and following.form == number.form:
            return True
        return rest[:1].islower() and not line.bold and (self._paper.positioned or not line.opens or bool(number.word))

    def _strengths(self, places: Sequence[_Place]) -> dict[int, float]:
        """Return how much of a record stands behind each place: labels, and a little for text and weight."""
        starts = [i for i, _ in places]
        ends = [*starts[1:], len(self._paper.lines)]
        return {i: self._strength(i, min(end, i + _FARTHEST)) for i, end in zip(starts, ends, strict=False)}

    def _strength(self, index: int, end: int) -> float:
        lines, line = self._paper.lines, self._paper.lines[index]
        labels = self._paper.labels_between(index + 1, end)
        letters = sum(len(one.text) for one in lines[index + 1 : min(end, index + _NEAR)])
        weight = (line.bold or line.size > self._paper.body.size + 0.4) + 2 * (line.level > 0)
        return 3 * min(labels, 12) + min(letters, 400) / 400 + 0.8 * weight

    def _chosen(self, places: list[_Place]) -> list[_Place]:
        """Return the place of each record; a number may begin several records where numbers begin anew."""
        strength = self._strengths(places)
        if not strength:
            return []
        typical = statistics.median(sorted(strength.values(), reverse=True)[: max(3, len(strength) // 2)])
        least = _LEAST * min(max(strength.values()), typical)
        styles = Counter(self._paper.style(i) for i, value in strength.items() if value >= _STRONG * typical)
        usual = styles.most_common(1)[0][0] if styles else self._paper.body
        by_ref: dict[str, list[_Place]] = defaultdict(list)
        for place, number in places:
            by_ref[f"{number.word}|{same_ref(number.ref)}"].append((place, number))
        chosen: list[_Place] = []
        for candidates in by_ref.values():
            candidates.sort(key=lambda one: -strength[one[0]] - _USUAL_STYLE * (self._paper.style(one[0]) == usual))
            top = candidates[0]
            alike = not usual.is_set_off(self._paper.body) or self._paper.is_set_off(top[0])
            if not (strength[top[0]] >= least and alike) and not self._is_listed(*top):
                continue
            seen = {self._plain_title(*top)}
            chosen.append(top)
            for index, number in candidates[1:]:
                title, strong = self._plain_title(index, number), max(_STRONG * strength[top[0]], _STRENGTH)
                new = bool(title) and not any(title.startswith(one) or one.startswith(title) for one in seen)
                if strength[index] >= strong and new and self._paper.style(index) == usual:
                    seen.add(title)
                    chosen.append((index, number))
        return sorted(chosen, key=lambda one: one[0])

    def _is_listed(self, index: int, number: Printed) -> bool:
        """Tell whether the contents list a number with the title that it stands before: a second witness."""
        listed = self._paper.listed.get(same_ref(number.ref), "")
        return bool(listed) and squash(listed).casefold() == self._plain_title(index, number)

    def _plain_title(self, index: int, number: Printed) -> str:
        return squash(self._titles.of_number(index, number)[0]).casefold()
