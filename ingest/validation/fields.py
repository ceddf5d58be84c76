"""Looks up the fields of table rows that staff added, in the line of the row."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from ingest.readers.claims import Claim, ClaimedField, Span
from ingest.readers.folding import fold_quote
from ingest.validation.heads import start_of, title_of
from ingest.validation.text_index import TextIndex

_MAX_FIELDS = 80  # of a record that are looked up
_ROW_REACH = 400  # characters looked up after the title of a row in a paragraph
_TICK_GAP = 3  # characters at most between a tick and its label
_EMPTY = r"[☐□○◯◻▢❏❑❐❒\uf06f\uf0a8\uf071]|\[ ?\]|\( ?\)"
_FILLED = r"[☒☑■●◼✓✔✗✘\uf0fe\uf078\uf0fd\uf052]|[\[(][xX×][\])]"
_BOX = re.compile(rf"(?P<empty>{_EMPTY})|{_FILLED}")
_TICK = re.compile(rf"[xX×]|{_FILLED}")


class FieldLookup:
    """Looks up the fields of rows in one document."""

    def __init__(self, index: TextIndex) -> None:
        self._index, self._text = index, index.text

    def fill(self, rows: Sequence[Claim]) -> Iterator[Claim]:
        """Yield rows with the fields that are found in the document, and with their extent.

        `rows` are all of a document, in the order of the text. A row that came with the span of its
        `head` has its fields already.
        """
        starts = [0, *(title_of(row).end for row in rows)]
        ends = [*map(start_of, rows[1:]), len(self._text)]
        for row, lower, upper in zip(rows, starts, ends, strict=False):
            if row.head is not None:
                yield row
            else:
                yield self._fill_row(row, lower, upper)

    def _fill_row(self, row: Claim, lower: int, upper: int) -> Claim:
        """Return a row with its extent and the fields that are found in its line.

        If the row is in running text by now, its fields are looked up between the titles before
        (`lower`) and behind it (`upper`). Its extent is its line or paragraph; where several rows
        share one, the extent begins at its own number or title and ends at the next one.
        """
        title = title_of(row)
        block = within = self._index.block_at(title.start)
        if not self._index.is_row(title.start):
            reach = min(upper, max(block.end, title.end + _ROW_REACH))
            within = Span(max(lower, block.start), max(title.end, reach))
        first, last = block
        if lower > block.start:
            first = start_of(row)
        if title.end < upper < block.end:
            last = upper
        update = {"fields": self._find_fields(row, within), "extent": Span(first, last)}
        return row.model_copy(update=update)

    def _find_fields(self, row: Claim, within: Span) -> tuple[ClaimedField, ...]:
        """Return the fields of a row that are found in a span, in the order of the text.

        Of fields with one label that begin at one place, only the longest stays.
        """
        candidates = (self._find_field(field, row, within) for field in row.fields[:_MAX_FIELDS])
        # of fields with one label and start the longest, sorted last, wins
        located = sorted(filter(None, candidates), key=lambda field: _span_of(field).end)
        distinct = {(fold_quote(field.label), _span_of(field).start): field for field in located}
        return tuple(sorted(distinct.values(), key=_span_of))

    def _find_field(self, field: ClaimedField, row: Claim, within: Span) -> ClaimedField | None:
        """Return a field with its span; None if it is not found, or if its box is not ticked.

        A lone tick must be beside its label, in a table below it. If the text is printed several
        times, the next one after a label is taken, of these the nearest to the title.
        """
        if not field.text:
            return None
        title = title_of(row)
        is_cell = self._index.is_row(title.start)
        labels: list[Span] = []
        if field.label and not is_cell:
            labels = list(self._index.find_all(field.label, within))
        spans = list(self._index.find_all(field.text, within))
        if _TICK.fullmatch(field.text) and is_cell:
            spans = [span for span in spans if self._is_in_labelled_column(span, field.label)]
        elif _TICK.fullmatch(field.text):
            spans = [span for span in spans if _is_beside(span, labels)]

        def distance(span: Span) -> tuple[int, int]:
            gaps = [span.start - label.end for label in labels if span.start >= label.end]
            return min(gaps, default=len(self._text)), abs(span.start - title.start)

        ticked = (span for span in spans if not self._is_unticked(span))
        span = min(ticked, key=distance, default=None)
        if span is None:
            return None
        return field.model_copy(update={"text": self._text[slice(*span)], "span": span})

    def _is_unticked(self, span: Span) -> bool:
        """True if the box of an option is empty.

        The box stands before its option ("☐ hoch"), or behind it if the line ends with a box
        ("hoch ☐").
        """
        line = self._index.line_at(span.start)
        boxes = list(_BOX.finditer(self._text, *line))
        if not boxes:
            return False
        if not self._text[boxes[-1].end() : line.end].strip():
            behind = [box for box in boxes if box.start() >= span.end][:1]
            return any(self._is_empty(box, span.end, box.start()) for box in behind)
        before = [box for box in boxes if box.end() <= span.start][-1:]
        return any(self._is_empty(box, box.end(), span.start) for box in before)

    def _is_empty(self, box: re.Match[str], start: int, end: int) -> bool:
        """True if a box is empty and nothing is printed between it and an option."""
        return bool(box["empty"]) and not self._text[start:end].strip()

    def _is_in_labelled_column(self, span: Span, label: str) -> bool:
        """True if a tick in a table is below a head with this label.

        Also true if the row of the tick and the row of the head differ in their number of cells: it
        is then unknown which column the tick is in.
        """
        row = self._index.line_at(span.start)
        for head in self._index.find_all(label, Span(0, row.start)):
            line = self._index.line_at(head.start)
            column = self._text.count("\t", row.start, span.start)
            head_column = self._text.count("\t", line.start, head.start)
            has_all_cells = self._text.count("\t", *line) == self._text.count("\t", *row)
            if self._index.is_row(head.start) and (column == head_column or not has_all_cells):
                return True
        return False


def _span_of(field: ClaimedField) -> Span:
    return field.span or Span(0, 0)


def _is_beside(tick: Span, labels: Sequence[Span]) -> bool:
    return any(_distance(tick, label) <= _TICK_GAP for label in labels)


def _distance(span: Span, other: Span) -> int:
    """Return the number of characters between two spans; negative if they overlap."""
    return max(span.start, other.start) - min(span.end, other.end)
