"""Looking up the texts of a record: fields behind their labels, units, period and the like between two heads."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from ingest.readers.claims import TEXTS, Claim, ClaimedField, Span
from ingest.readers.folding import fold_quote
from ingest.validation.heads import FaultKind, Reject, start_of, title_of
from ingest.validation.text_index import TextIndex, has_omission

_MOST = 80  # fields and units of a record that are looked up
_REACH = 400  # characters behind a row that runs on
_SPLIT_LABEL = 200  # characters between the two lines of a label: its text may begin there
_UNIT_WORDS = 14  # from which a unit may be a sentence
_AT_LABEL = 3  # characters between a tick and its label
_EMPTY = r"[☐□○◯◻▢❏❑❐❒\uf06f\uf0a8\uf071]|\[ ?\]|\( ?\)"
_FULL = r"[☒☑■●◼✓✔✗✘\uf0fe\uf078\uf0fd\uf052]|[\[(][xX×][\])]"
_BOX = re.compile(rf"(?P<empty>{_EMPTY})|{_FULL}")
_TICK = re.compile(rf"[xX×]|{_FULL}")


class FieldLookup:
    """Finds the texts of records in one text."""

    def __init__(self, index: TextIndex, reject: Reject) -> None:
        self._index, self._text, self._reject = index, index.text, reject

    def fill(self, records: Sequence[Claim]) -> Iterator[Claim]:
        """Yield records of one sort, in the order of the text, with the texts that are between their neighbours."""
        sides = self._find_label_sides([record for record in records if record.fields and record.head is None])
        edges = [0, *(title_of(record).end for record in records)]
        starts = [*map(start_of, records[1:]), len(self._text)]
        for record, before, after in zip(records, edges, starts, strict=False):
            if record.head is not None:
                yield record
            elif record.where == "row":
                yield self._fill_row(record, before, after)
            else:
                title = title_of(record)
                first = start_of(record) if sides == {"behind"} else self._page_before(title)
                end = title.start if sides == {"before"} else max(after, title.end)
                yield self._fill(record, Span(max(before, first), end))

    def _fill_row(self, record: Claim, before: int, after: int) -> Claim:
        """Return a row with the texts of its line; one that runs on in a paragraph with what is behind its title."""
        title = title_of(record)
        block, end = self._index.block_at(title.start), title.end
        within = Span(max(before, block.start), max(end, min(after, max(block.end, end + _REACH))))
        filled = self._fill(record, block if self._index.is_row(title.start) else within)
        first = start_of(record) if before > block.start else block.start
        return filled.model_copy(update={"extent": Span(first, after if end < after < block.end else block.end)})

    def _page_before(self, title: Span) -> int:
        page = self._index.page_of(title.start)
        return self._index.pages(max(1, page - 1), page).start

    def _find_label_sides(self, records: Sequence[Claim]) -> set[str]:
        """Return on which sides of their titles labels are: before the first record, behind the last."""
        if not records:
            return set()
        first, last = records[0], records[-1]
        before = Span(self._page_before(title_of(first)), start_of(first))
        sides = (("before", first, before), ("behind", last, Span(title_of(last).end, len(self._text))))
        return {
            side for side, record, within in sides
            if any(self._index.find(field.label, within) for field in record.fields)
        }  # fmt: skip

    def _fill(self, record: Claim, within: Span) -> Claim:
        results = [field for claimed in record.fields[:_MOST] if (field := self._find_field(claimed, record, within))]
        # of a text that goes on, both its part and the whole may be claimed
        results.sort(key=lambda field: _span(field).end)
        whole = {(fold_quote(field.label), _span(field).start): field for field in results}
        labels = {label for label, _ in whole}
        for field in record.fields:
            if field.text and fold_quote(field.label) not in labels:
                self._reject(FaultKind.TEXT, record, f"{field.label}: {field.text}")
        names = (unit for unit in record.units[:_MOST] if len(unit.split()) <= _UNIT_WORDS or "." not in unit)
        update = {name: self._find_text(getattr(record, name), record, within) for name in TEXTS}
        units = tuple(filter(None, (self._find_text(unit, record, within) for unit in names)))
        fields = tuple(sorted(whole.values(), key=_span))
        return record.model_copy(update={"fields": fields, "units": units, **update})

    def _find_field(self, field: ClaimedField, record: Claim, within: Span) -> ClaimedField | None:
        """Return a field with its spans: behind its label, in a row of a table anywhere."""
        title = title_of(record)
        is_cell = record.where == "row" and self._index.is_row(title.start)
        labels = [] if is_cell or not field.label else self._find_labels(field.label, within)
        if not field.text or (not labels and field.label and record.where != "row"):
            return None
        spans = list(self._index.find_all(field.text, within))
        if _TICK.fullmatch(field.text):
            at_label = [span for span in spans if any(_gap(span, label) <= _AT_LABEL for label in labels)]
            spans = [span for span in spans if self._is_in_column(span, field.label)] if is_cell else at_label
        ticked = [span for span in spans if not self._is_unticked(span)]
        if spans and not ticked:
            self._reject(FaultKind.TICK, record, f"{field.label}: {field.text}")

        def misfit(span: Span) -> tuple[bool, int, int]:
            gap = min((span.start - label.end for label in labels if span.start >= label.end), default=len(self._text))
            is_elsewhere = field.page is not None and self._index.page_of(span.start) != field.page
            return is_elsewhere, gap, abs(span.start - title.start)

        span = min(ticked, key=misfit, default=None)
        if span is None:
            return None
        label = max((label for label in labels if label.end <= span.start), default=None)
        return field.model_copy(update={"text": self._text[slice(*span)], "span": span, "label_span": label})

    def _find_labels(self, label: str, within: Span) -> list[Span]:
        """Return the spans of a label; of one that is printed in two pieces the first."""
        spans = list(self._index.find_all(label, within))
        pieces = None if spans else self._index.find_split(label, within, _SPLIT_LABEL)
        return [pieces[0]] if pieces else spans

    def _find_text(self, text: str | None, record: Claim, within: Span) -> str | None:
        """Return a text that is between the neighbours of a record and not an empty box's, whole as printed.

        What is not is rejected.
        """
        spans = list(self._index.find_all(text, within)) if text else []
        span = next((span for span in spans if not self._is_unticked(span)), None)
        if text and span is None:
            self._reject(FaultKind.TICK if spans else FaultKind.TEXT, record, text)
        return span and (self._text[slice(*span)] if has_omission(text or "") else text)

    def _is_unticked(self, span: Span) -> bool:
        """True if the box of an option is empty; boxes are before their options unless a line ends with one."""
        line = self._index.line_at(span.start)
        boxes = list(_BOX.finditer(self._text, *line))
        if boxes and not self._text[boxes[-1].end() : line.end].strip():
            box = next((box for box in boxes if box.start() >= span.end), None)
            between = self._text[span.end : box.start()] if box else ""
        else:
            box = next((box for box in reversed(boxes) if box.end() <= span.start), None)
            between = self._text[box.end() : span.start] if box else ""
        return box is not None and not between.strip() and bool(box["empty"])

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


def _span(field: ClaimedField) -> Span:
    return field.span or Span(0, 0)


def _gap(span: Span, other: Span) -> int:
    return max(span.start, other.start) - min(span.end, other.end)
