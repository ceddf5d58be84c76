"""Looking up the texts of a record: fields behind their labels, units, period and the like between two heads."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace

from ingest.readers.claims import TEXTS, ClaimedField, Span
from ingest.validation.heads import FaultKind, FoundClaim, Reject
from ingest.validation.text_index import TextIndex, fold

_MOST = 80  # fields and units of a record that are looked up
_NEAR = 400  # characters behind a row that runs on
_LABEL_GAP = 120  # characters between a label and its text
_SPLIT_LABEL = 200  # characters between the two lines of a label: its text may begin there
_UNIT_WORDS = 14  # from which a unit may be a sentence
_EMPTY = r"[☐□○◯◻▢❏❑❐❒\uf06f\uf0a8\uf071]|\[ ?\]|\( ?\)"
_FULL = r"[☒☑■●◼✓✔✗✘\uf0fe\uf078\uf0fd\uf052]|[\[(][xX×][\])]"
_BOX = re.compile(rf"(?P<empty>{_EMPTY})|{_FULL}")
_TICK = re.compile(rf"[xX×]|{_FULL}")


class FieldLookup:
    """Finds the texts of records in one text."""

    def __init__(self, index: TextIndex, reject: Reject) -> None:
        self._index, self._text, self._reject = index, index.text, reject

    def fill(self, records: Sequence[FoundClaim]) -> Iterator[FoundClaim]:
        """Yield records of one sort, in the order of the text, with the texts that are between their neighbours."""
        sides = self._label_sides(records)
        is_behind = bool(sides) and {*sides.values()} == {"behind"}
        for place, record in enumerate(records):
            before = records[place - 1].title.end if place else 0
            after = records[place + 1].start if place + 1 < len(records) else len(self._text)
            if record.claim.head is not None:
                yield record
            elif record.claim.where == "row":
                yield self._fill_row(record, before, after)
            else:
                page = self._index.page_of(record.start)
                block, pages = self._index.block_at(record.start), self._index.pages(max(1, page - 1), page)
                start = max(before, block.start if is_behind else pages.start)
                yield self._fill(record, Span(start, max(after, record.title.end)), sides)

    def _fill_row(self, record: FoundClaim, before: int, after: int) -> FoundClaim:
        """Return a row with what is in it; of rows that run on in one paragraph, what is behind the title."""
        row, end = self._index.block_at(record.title.start), record.title.end
        within = row
        if not self._index.is_row(record.title.start):
            within = Span(max(before, row.start), max(end, min(after, max(row.end, end + _NEAR))))
        filled = self._fill(record, within, {})
        extent = Span(record.start if before > row.start else row.start, after if end < after < row.end else row.end)
        return replace(filled, claim=filled.claim.model_copy(update={"extent": extent}))

    def _label_sides(self, records: Sequence[FoundClaim]) -> Mapping[str, str]:
        """Return on which side of the title each label is, "behind" or "before", where the document is consistent.

        What is before the first record with the label and behind the last decides, else the pages with one record.
        """
        owners: dict[str, list[FoundClaim]] = defaultdict(list)
        pages: dict[int, list[FoundClaim]] = defaultdict(list)
        for record in records:
            if record.claim.fields:
                pages[self._index.page_of(record.title.start)].append(record)
            for label in {field.label for field in record.claim.fields}:
                owners[label].append(record)
        alone = [own[0] for own in pages.values() if len(own) == 1]
        sides = {}
        for label, own in owners.items():
            votes = [self._sides_around(label, own[0], own[-1], further=True)]
            if len(votes[0]) != 1:
                votes = [self._sides_around(label, record, record, further=False) for record in alone]
            for side in ("behind", "before"):
                if votes and 3 * votes.count({side}) > 2 * len(votes):
                    sides[fold(label)] = side
        return sides

    def _sides_around(self, label: str, first: FoundClaim, last: FoundClaim, *, further: bool) -> set[str]:
        """Return the sides of two titles on which a label is: on their pages, or `further` than that."""
        page, end = self._index.page_of(first.title.start), self._index.pages(self._index.page_of(last.title.start)).end
        before = Span(self._index.pages(max(1, page - further), page).start, first.title.start)
        behind = Span(last.title.end if further else last.title.start, len(self._text) if further else end)
        return {side for side, span in (("before", before), ("behind", behind)) if self._index.find(label, span)}

    def _fill(self, record: FoundClaim, within: Span, sides: Mapping[str, str]) -> FoundClaim:
        claim = record.claim
        fields = []
        for field in claim.fields[:_MOST]:
            side = sides.get(fold(field.label))
            start = record.start if side == "behind" else within.start
            end = record.title.start if side == "before" else within.end
            if field.text and (found := self._find_field(field, record, Span(start, end))):
                fields.append(found)
        fields = _without_parts(fields)
        labels = {fold(field.label) for field in fields}
        for field in claim.fields:
            if field.text and fold(field.label) not in labels:
                self._reject(FaultKind.TEXT, claim, f"{field.label}: {field.text}")
        units = [unit for unit in claim.units[:_MOST] if self._has_text(unit, record, within, fields)]
        units = [unit for unit in units if len(unit.split()) <= _UNIT_WORDS or "." not in unit]
        texts = {name: getattr(claim, name) for name in TEXTS}
        update = {name: text for name, text in texts.items() if text and self._has_text(text, record, within, fields)}
        whole = {"fields": tuple(fields), "units": tuple(units), **dict.fromkeys(TEXTS), **update}
        return replace(record, claim=claim.model_copy(update=whole))

    def _find_field(self, field: ClaimedField, record: FoundClaim, within: Span) -> ClaimedField | None:
        """Return a field with its spans: behind its label, in a row of a table anywhere."""
        is_cell = not field.label or (record.claim.where == "row" and self._index.is_row(record.title.start))
        labels = [] if is_cell else list(self._index.find_all(field.label, within))
        if not labels and not is_cell:
            pieces = self._index.find_split(field.label, within, _SPLIT_LABEL)
            labels = [pieces[0]] if pieces else []
            if not labels and record.claim.where != "row":
                return None
        spans = list(self._index.find_all(field.text, within))
        if _TICK.fullmatch(field.text):
            in_column = [span for span in spans if is_cell and self._is_in_column(span, field.label)]
            spans = in_column or [span for span in spans if any(_distance(span, label) <= 3 for label in labels)]
        ticked = [span for span in spans if not self._is_unticked(span)]
        if spans and not ticked:
            self._reject(FaultKind.TICK, record.claim, f"{field.label}: {field.text}")

        def misfit(span: Span) -> tuple[bool, bool, int]:
            gap = min((span.start - label.end for label in labels if span.start >= label.end), default=_LABEL_GAP + 1)
            is_elsewhere = field.page is not None and self._index.page_of(span.start) != field.page
            return gap > _LABEL_GAP, is_elsewhere, gap if gap <= _LABEL_GAP else abs(span.start - record.title.start)

        span = min(ticked, key=misfit, default=None)
        if span is None:
            return None
        label = max((label for label in labels if label.end <= span.start), default=None)
        return field.model_copy(update={"text": self._text[slice(*span)], "span": span, "label_span": label})

    def _has_text(self, text: str, record: FoundClaim, within: Span, fields: Sequence[ClaimedField]) -> bool:
        """True if a text is in one of the record's fields or between its neighbours; what is not is rejected."""
        spans = list(self._index.find_all(text, within))
        is_ticked = any(not self._is_unticked(span) for span in spans)
        if not is_ticked:
            self._reject(FaultKind.TICK if spans else FaultKind.TEXT, record.claim, text)
        return is_ticked

    def _is_unticked(self, span: Span) -> bool:
        """True if the box of an option is empty; boxes are before their options unless a line ends with one."""
        line = self._index.line_at(span.start)
        boxes = list(_BOX.finditer(self._text, *line))
        if not boxes:
            return False
        if not self._text[boxes[-1].end() : line.end].strip():
            box = next((box for box in boxes if box.start() >= span.end), None)
            gap = self._text[span.end : box.start()] if box else "-"
        else:
            box = next((box for box in reversed(boxes) if box.end() <= span.start), None)
            gap = self._text[box.end() : span.start] if box else "-"
        return box is not None and not gap.strip() and box["empty"] is not None

    def _is_in_column(self, span: Span, label: str) -> bool:
        """True if a mark in a row is in the column with this head, or the row lacks cells so that none can say."""
        row = self._index.line_at(span.start)
        for head in self._index.find_all(label, Span(0, row.start)):
            line = self._index.line_at(head.start)
            own, other = self._text.count("\t", row.start, span.start), self._text.count("\t", line.start, head.start)
            is_whole = self._text.count("\t", *line) == self._text.count("\t", *row)
            if self._index.is_row(head.start) and (own == other or not is_whole):
                return True
        return False


def _without_parts(fields: Sequence[ClaimedField]) -> list[ClaimedField]:
    """Return fields in the order of the text, without those that are a part of another with the same label."""
    kept: list[tuple[Span, ClaimedField]] = []
    spans = [(field.span or Span(0, 0), field) for field in fields]
    for span, field in sorted(spans, key=lambda pair: (pair[0].start, -pair[0].end)):
        same = (other for other, own in kept if fold(own.label) == fold(field.label))
        if not any(other.start <= span.start and span.end <= other.end for other in same):
            kept.append((span, field))
    return [field for _, field in kept]


def _distance(span: Span, other: Span) -> int:
    return max(span.start, other.start) - min(span.end, other.end)
