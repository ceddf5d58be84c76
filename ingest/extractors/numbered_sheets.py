"""Records that begin with a number before their title; of the places that print it the one that most labels follow."""

from __future__ import annotations

import re
import statistics
from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence

from ingest.extractors.labelled_lines import LabelledLines
from ingest.extractors.sheet_layout import Sheet
from ingest.extractors.sheet_titles import SheetTitles
from ingest.extractors.title_text import before, parting
from ingest.layout.lines import squash
from ingest.layout.styles import Style
from ingest.plan.form import PlanFamily
from ingest.plan.numbers import Printed, matches, printed_number, same_ref

Numbered = tuple[int, Printed]
_MORE_NUMBERS = re.compile(r"^(?:[,;/&]|und\b|bis\b|sowie\b)")
_FARTHEST = 400  # lines behind a number that may be of its record
_NEAR = 25  # of them whose letters count as text behind it
_LEAST = 0.34  # of the usual strength that the place of a record has
_STRONG = 0.7  # of the strength of another place, from which one is as good
_STRENGTH = 6  # two labels: what a further record of the same number has at least
_USUAL_STYLE = 2.0  # what a place gains that is set like most records


class NumberedSheets:
    """Finds the records of families with numbers among the lines of a paper."""

    def __init__(self, paper: LabelledLines, titles: SheetTitles) -> None:
        self._paper, self._titles = paper, titles

    def in_lines(self, family: PlanFamily) -> list[Sheet]:
        """Return the records of a family whose numbers stand before titles."""
        places = [(i, number) for i, number in self._paper.numbers if matches(family.label, number)]
        places = self._drop_bare([(i, number) for i, number in places if not self._is_reference(i, number)])
        sheets = []
        for i, number in self._chosen(places):
            title, heading = self._titles.of_number(i, number)
            if title:
                ref = _ref(family, number)
                sheets.append(Sheet(ref, title, family.kind, family.label, min(heading), heading=sorted(heading)))
        self._titles.complete(sheets)
        self._titles.trim(sheets)
        return sheets

    def behind_bullets(self, family: PlanFamily) -> list[Sheet]:
        """Return the records of a family whose numbers stand behind bullets; one sign parts title and text."""
        places = [(i, number) for i, number in self._paper.dashed if matches(family.label, number) and number.rest]
        mark = parting([number.rest for _, number in places])
        return [
            Sheet(_ref(family, number), before(number.rest, mark), family.kind, family.label, i, heading=[i])
            for i, number in places
        ]

    def _drop_bare(self, places: list[Numbered]) -> list[Numbered]:
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
        if following is not None and following.form == number.form and not following.rest:
            return True
        return rest[:1].islower() and not line.bold and (self._paper.positioned or not line.opens)

    def _strengths(self, places: Sequence[Numbered]) -> dict[int, float]:
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

    def _chosen(self, places: list[Numbered]) -> list[Numbered]:
        """Return the place of each record; a number may begin several records where numbers begin anew."""
        strength = self._strengths(places)
        if not strength:
            return []
        typical = statistics.median(sorted(strength.values(), reverse=True)[: max(3, len(strength) // 2)])
        least = _LEAST * min(max(strength.values()), typical)
        styles = Counter(self._paper.style(i) for i, value in strength.items() if value >= _STRONG * typical)
        usual = styles.most_common(1)[0][0] if styles else None
        by_ref: dict[str, list[Numbered]] = defaultdict(list)
        for place, number in places:
            by_ref[f"{number.word}|{same_ref(number.ref)}"].append((place, number))
        chosen: list[Numbered] = []
        for candidates in by_ref.values():
            ranked = sorted(candidates, key=lambda one: -self._rank(one[0], strength, usual))
            top = ranked[0]
            alike = usual is None or not usual.is_set_off(self._paper.body) or self._paper.is_set_off(top[0])
            if (strength[top[0]] >= least and alike) or self._is_listed(*top):
                chosen += [top, *self._others(ranked, strength, usual)]
        return sorted(chosen, key=lambda one: one[0])

    def _rank(self, index: int, strength: Mapping[int, float], usual: Style | None) -> float:
        return strength[index] + _USUAL_STYLE * (self._paper.style(index) == usual)

    def _others(self, ranked: Sequence[Numbered], strength: Mapping[int, float], usual: Style | None) -> list[Numbered]:
        """Return the further places of one number that begin a record of their own: as strong, under another title."""
        least = max(_STRONG * strength[ranked[0][0]], _STRENGTH)
        seen = {self._plain_title(*ranked[0])}
        others = []
        for index, number in ranked[1:]:
            title = self._plain_title(index, number)
            new = bool(title) and not any(title.startswith(one) or one.startswith(title) for one in seen)
            if strength[index] >= least and new and self._paper.style(index) == usual:
                seen.add(title)
                others.append((index, number))
        return others

    def _is_listed(self, index: int, number: Printed) -> bool:
        """Tell whether the contents list a number with the title that it stands before: a second witness."""
        listed = self._paper.listed.get(same_ref(number.ref), "")
        return bool(listed) and squash(listed).casefold() == self._plain_title(index, number)

    def _plain_title(self, index: int, number: Printed) -> str:
        return squash(self._titles.of_number(index, number)[0]).casefold()


def _ref(family: PlanFamily, number: Printed) -> str:
    """Return the ref; of a running number out of a total that every record prints only the number."""
    return number.ref.split("/")[0].strip() if family.label.endswith("{n}/{n}") else number.ref
