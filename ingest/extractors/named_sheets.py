"""Records whose title stands behind a label of its own ("Titel: Jobticket"), and their number behind another."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

from ingest.extractors.labelled_lines import LabelledLines
from ingest.extractors.sheet_layout import Sheet
from ingest.extractors.sheet_titles import SheetTitles
from ingest.plan.form import PlanFamily
from ingest.plan.numbers import printed_number

_NEAR = 12  # lines between the labels of a record's number and title


class NamedSheets:
    """Finds the records of families whose titles are labelled among the lines of a paper."""

    def __init__(self, paper: LabelledLines, titles: SheetTitles) -> None:
        self._paper, self._titles = paper, titles

    def behind_labels(self, family: PlanFamily) -> list[Sheet]:
        """Return the records whose title stands behind a label."""
        places = self._places()
        first = self._labels_before(places)
        ends = [0, *places, len(self._paper.lines)]
        sheets: list[Sheet] = []
        for index, before, after in zip(places, ends, ends[2:], strict=False):
            title, heading = self._titles.behind(index, self._paper.hits[index].rest)
            ref, title = self._number_of(index, title, before, after)
            start = self._start_before(index, first)
            if title and not (sheets and start <= max(sheets[-1].heading)):
                sheets.append(Sheet(ref, title, family.kind, family.label, start, heading=heading))
        self._titles.trim(sheets)
        return sheets

    def _places(self) -> list[int]:
        """Return the lines of the label that most often names titles."""
        hits = self._paper.hits
        counts = Counter(hit.label for i, hit in hits.items() if self._paper.field_at(i) == "title")
        most = counts.most_common(1)[0][0] if counts else None
        return sorted(i for i, hit in hits.items() if hit.label == most)

    def _number_of(self, index: int, title: str, before: int, after: int) -> tuple[str, str]:
        """Return number and title of a record: the number stands before the title, else behind a label near by."""
        number = printed_number(title)
        if number is not None and number.rest:
            return number.ref, number.rest
        near = [i for i in self._paper.hits if before < i < after and self._paper.field_at(i) == "ref"]
        nearest = min(near, key=lambda i: abs(i - index), default=None)
        if nearest is None or abs(nearest - index) > _NEAR:
            return "", title
        return self._number_behind(nearest), title

    def _number_behind(self, index: int) -> str:
        """Return the number behind a label, "" where what stands there is none."""
        text = self._paper.hits[index].rest
        if not text:
            lines, line = self._paper.lines, self._paper.lines[index]
            below = range(index + 1, min(index + 4, len(lines)))
            others = [lines[i] for i in below if i not in self._paper.hits]
            beside = [one for one in others if self._paper.positioned and abs(one.y - line.y) <= 3 and one.x > line.x]
            text = next((one.text for one in [*beside, *others] if not one.noise), "")
        number = printed_number(text)
        return number.ref if number is not None and not number.rest else ""

    def _labels_before(self, titles: Sequence[int]) -> set[str]:
        """Return the labels that stand before the first title: each record begins with them."""
        if not titles:
            return set()
        hits, first = self._paper.hits, titles[0]
        return {hits[i].label for i in range(max(0, first - _NEAR), first) if i in hits}

    def _start_before(self, index: int, first: set[str]) -> int:
        """Return where the record of a title begins: with the labels that stand before it."""
        hits, start = self._paper.hits, index
        for place in range(index - 1, max(-1, index - _NEAR), -1):
            if place in hits and hits[place].label not in first:
                break
            if place in hits:
                start = place
        return start
