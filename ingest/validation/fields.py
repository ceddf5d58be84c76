"""Looks up the claimed texts of a record (fields, units, period, cost and others) in the text
between two heads.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from ingest.readers.claims import TEXT_ATTRIBUTES, Claim, ClaimedField, Span
from ingest.readers.folding import fold_quote
from ingest.validation.heads import FaultKind, Reject, start_of, title_of
from ingest.validation.text_index import TextIndex, has_omission

_MAX_TEXTS = 80  # fields, and units, of a record that are looked up
_ROW_REACH = 400  # characters looked up after the title of a row in a paragraph
# characters between two lines of a label, as the field's text may begin beside the first
_LABEL_GAP = 200
_UNIT_WORDS = 14  # of more words a unit with a full stop is a sentence
_TICK_GAP = 3  # characters at most between a tick and its label
_EMPTY = r"[☐□○◯◻▢❏❑❐❒\uf06f\uf0a8\uf071]|\[ ?\]|\( ?\)"
_FILLED = r"[☒☑■●◼✓✔✗✘\uf0fe\uf078\uf0fd\uf052]|[\[(][xX×][\])]"
_BOX = re.compile(rf"(?P<empty>{_EMPTY})|{_FILLED}")
_TICK = re.compile(rf"[xX×]|{_FILLED}")


class FieldLookup:
    """Looks up the claimed texts of records in one document; what is not found is passed to
    `reject`.
    """

    def __init__(self, index: TextIndex, reject: Reject) -> None:
        self._index, self._text, self._reject = index, index.text, reject

    def fill(self, records: Sequence[Claim]) -> Iterator[Claim]:
        """Yield records with the claimed texts that are found in the document.

        `records` are all of one sort (heads, rows or contents), in the order of the text. The texts
        of a record are looked up between its neighbours. If the document prints labels only behind
        titles, the texts of a head or an entry are looked up only from its number or title on; if
        only before titles, only before its title; otherwise on both sides. A record that came with
        the span of its `head` has its texts already.
        """
        with_fields = [record for record in records if record.fields and record.head is None]
        label_sides = self._find_label_sides(with_fields)
        starts = [0, *(title_of(record).end for record in records)]
        ends = [*map(start_of, records[1:]), len(self._text)]
        for record, lower, upper in zip(records, starts, ends, strict=False):
            if record.head is not None:
                yield record
            elif record.where == "row":
                yield self._fill_row(record, lower, upper)
            else:
                title = title_of(record)
                first, end = self._start_of_previous_page(title), max(upper, title.end)
                if label_sides == {"behind"}:
                    first = start_of(record)
                if label_sides == {"before"}:
                    end = title.start
                yield self._fill(record, Span(max(lower, first), end))

    def _fill_row(self, record: Claim, lower: int, upper: int) -> Claim:
        """Return a row with its extent and the texts that are found in its line.

        If the row is claimed in running text, its texts are looked up between the titles before
        (`lower`) and behind it (`upper`). Its extent is its line or paragraph; where several rows
        share one, the extent begins at its own number or title and ends at the next one.
        """
        title = title_of(record)
        block = within = self._index.block_at(title.start)
        if not self._index.is_row(title.start):
            reach = min(upper, max(block.end, title.end + _ROW_REACH))
            within = Span(max(lower, block.start), max(title.end, reach))
        filled = self._fill(record, within)
        first, last = block
        if lower > block.start:
            first = start_of(record)
        if title.end < upper < block.end:
            last = upper
        return filled.model_copy(update={"extent": Span(first, last)})

    def _start_of_previous_page(self, title: Span) -> int:
        page = self._index.page_of(title.start)
        return self._index.pages(max(1, page - 1), page).start

    def _find_label_sides(self, records: Sequence[Claim]) -> set[str]:
        """Return on which sides of titles labels are printed: "before", "behind", or both.

        Only the first record shows what is before a title, only the last record what is behind:
        between two records a label may belong to either.
        """
        if not records:
            return set()
        first, last = records[0], records[-1]
        before = Span(self._start_of_previous_page(title_of(first)), start_of(first))
        behind = Span(title_of(last).end, len(self._text))
        sides = set()
        if self._has_label(first, before):
            sides.add("before")
        if self._has_label(last, behind):
            sides.add("behind")
        return sides

    def _has_label(self, record: Claim, within: Span) -> bool:
        return any(self._index.find(field.label, within) for field in record.fields)

    def _fill(self, record: Claim, within: Span) -> Claim:
        """Return a record with the fields, units and texts that are found in a span; reject the
        others.

        A field is not rejected if another one with its label is found. Of fields with one label
        that begin at one place, only the longest stays.
        """
        claimed = record.fields[:_MAX_TEXTS]
        candidates = (self._find_field(field, record, within) for field in claimed)
        # of fields with one label and start the longest, sorted last, wins
        located = sorted(filter(None, candidates), key=lambda field: _span_of(field).end)
        distinct = {(fold_quote(field.label), _span_of(field).start): field for field in located}
        located_labels = {label for label, _ in distinct}
        for field in record.fields:
            if field.text and fold_quote(field.label) not in located_labels:
                self._reject(FaultKind.TEXT, record, f"{field.label}: {field.text}")
        update: dict[str, object] = {"fields": tuple(sorted(distinct.values(), key=_span_of))}
        for name in TEXT_ATTRIBUTES:
            update[name] = self._find_text(getattr(record, name), record, within)
        names = filter(_may_be_unit, record.units[:_MAX_TEXTS])
        units = (self._find_text(name, record, within) for name in names)
        update["units"] = tuple(filter(None, units))
        return record.model_copy(update=update)

    def _find_field(self, field: ClaimedField, record: Claim, within: Span) -> ClaimedField | None:
        """Return a field with its spans; None if it is not found, or if its box is not ticked.

        The text must be found, and outside of rows the label too. A lone tick must be beside its
        label, in a table below it. If the text is printed several times, the one on the claimed
        page is taken, of these the next one after a label, of these the nearest to the title.
        """
        title = title_of(record)
        is_cell = record.where == "row" and self._index.is_row(title.start)
        labels: list[Span] = []
        if field.label and not is_cell:
            labels = self._find_labels(field.label, within)
        if not field.text or (not labels and field.label and record.where != "row"):
            return None
        spans = list(self._index.find_all(field.text, within))
        if _TICK.fullmatch(field.text) and is_cell:
            spans = [span for span in spans if self._is_in_labelled_column(span, field.label)]
        elif _TICK.fullmatch(field.text):
            spans = [span for span in spans if _is_beside(span, labels)]
        ticked = [span for span in spans if not self._is_unticked(span)]
        if spans and not ticked:
            self._reject(FaultKind.TICK, record, f"{field.label}: {field.text}")

        def distance(span: Span) -> tuple[bool, int, int]:
            gaps = [span.start - label.end for label in labels if span.start >= label.end]
            gap = min(gaps, default=len(self._text))
            is_elsewhere = field.page is not None and self._index.page_of(span.start) != field.page
            return is_elsewhere, gap, abs(span.start - title.start)

        span = min(ticked, key=distance, default=None)
        if span is None:
            return None
        label = max((label for label in labels if label.end <= span.start), default=None)
        return field.model_copy(
            update={"text": self._text[slice(*span)], "span": span, "label_span": label}
        )

    def _find_labels(self, label: str, within: Span) -> list[Span]:
        """Return the spans of a label; of one printed in two pieces only the first piece."""
        spans = list(self._index.find_all(label, within))
        if not spans:
            pieces = self._index.find_split(label, within, _LABEL_GAP) or ()
            spans += pieces[:1]
        return spans

    def _find_text(self, text: str | None, record: Claim, within: Span) -> str | None:
        """Return a text if it is printed in a span, with an omission ("begin […] end") filled.

        Return None without a text. A text that is not found, or only as an option whose box is not
        ticked, is rejected, and None is returned too.
        """
        if not text:
            return None
        fault = FaultKind.TEXT
        for span in self._index.find_all(text, within):
            if self._is_unticked(span):
                fault = FaultKind.TICK
            elif has_omission(text):
                return self._text[slice(*span)]
            else:
                return text
        self._reject(fault, record, text)
        return None

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


def _may_be_unit(text: str) -> bool:
    return len(text.split()) <= _UNIT_WORDS or "." not in text


def _span_of(field: ClaimedField) -> Span:
    return field.span or Span(0, 0)


def _is_beside(tick: Span, labels: Sequence[Span]) -> bool:
    return any(_distance(tick, label) <= _TICK_GAP for label in labels)


def _distance(span: Span, other: Span) -> int:
    """Return the number of characters between two spans; negative if they overlap."""
    return max(span.start, other.start) - min(span.end, other.end)
