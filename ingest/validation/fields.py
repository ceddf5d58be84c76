"""Looking up the texts of a record: fields behind their labels, units, period and the like between two heads."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace

from ingest.readers.claims import TEXTS, ClaimedField, Span
from ingest.validation.heads import FaultKind, FoundClaim, Reject
from ingest.validation.text_index import TextIndex, fold

_MOST = 80  # fields and units of a record that are looked up
_NEAR = 400  # characters behind a row that runs on
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
        sides = self._find_label_sides([record for record in records if record.claim.fields])
        edges = [0, *(record.title.end for record in records)]
        starts = [*(record.start for record in records), len(self._text)]
        for record, before, after in zip(records, edges, starts[1:], strict=False):
            if record.claim.head is not None:
                yield record
            elif record.claim.where == "row":
                yield self._fill_row(record, before, after)
            else:
                first = record.start if sides == {"behind"} else self._page_before(record)
                end = record.title.start if sides == {"before"} else max(after, record.title.end)
                yield self._fill(record, Span(max(before, first), end))

    def _fill_row(self, record: FoundClaim, before: int, after: int) -> FoundClaim:
        """Return a row with the texts of its line; one that runs on in a paragraph with what is behind its title."""
        block, end = self._index.block_at(record.title.start), record.title.end
        within = Span(max(before, block.start), max(end, min(after, max(block.end, end + _NEAR))))
        filled = self._fill(record, block if self._index.is_row(record.title.start) else within)
        first = record.start if before > block.start else block.start
        extent = Span(first, after if end < after < block.end else block.end)
        return replace(filled, claim=filled.claim.model_copy(update={"extent": extent}))

    def _page_before(self, record: FoundClaim) -> int:
        page = self._index.page_of(record.title.start)
        return self._index.pages(max(1, page - 1), page).start

    def _find_label_sides(self, records: Sequence[FoundClaim]) -> set[str]:
        """Return on which sides of their titles labels are: before the first record, behind the last."""
        if not records:
            return set()
        first, last = records[0], records[-1]
        before, behind = Span(self._page_before(first), first.start), Span(last.title.end, len(self._text))
        sides = (("before", first, before), ("behind", last, behind))
        return {
            side for side, record, within in sides
            if any(self._index.find(field.label, within) for field in record.claim.fields)
        }  # fmt: skip

    def _fill(self, record: FoundClaim, within: Span) -> FoundClaim:
        claim = record.claim
        found = filter(None, (self._find_field(field, record, within) for field in claim.fields[:_MOST] if field.text))
        # of a text that goes on, both its part and the whole may be claimed
        whole = {(fold(field.label), _span(field).start): field for field in sorted(found, key=lambda f: _span(f).end)}
        fields, labels = sorted(whole.values(), key=_span), {label for label, _ in whole}
        for field in claim.fields:
            if field.text and fold(field.label) not in labels:
                self._reject(FaultKind.TEXT, claim, f"{field.label}: {field.text}")
        names = (unit for unit in claim.units[:_MOST] if len(unit.split()) <= _UNIT_WORDS or "." not in unit)
        texts = {name: getattr(claim, name) for name in TEXTS}
        update = {
            "fields": tuple(fields), "units": tuple(unit for unit in names if self._has_text(unit, record, within)),
            **{name: text if text and self._has_text(text, record, within) else None for name, text in texts.items()},
        }  # fmt: skip
        return replace(record, claim=claim.model_copy(update=update))

    def _find_field(self, field: ClaimedField, record: FoundClaim, within: Span) -> ClaimedField | None:
        """Return a field with its spans: behind its label, in a row of a table anywhere."""
        is_cell = record.claim.where == "row" and self._index.is_row(record.title.start)
        labels = [] if is_cell or not field.label else self._find_labels(field.label, within)
        if not labels and field.label and record.claim.where != "row":
            return None
        spans = list(self._index.find_all(field.text, within))
        if _TICK.fullmatch(field.text):
            at_label = [span for span in spans if any(_gap(span, label) <= 3 for label in labels)]
            spans = [span for span in spans if self._is_in_column(span, field.label)] if is_cell else at_label
        ticked = [span for span in spans if not self._is_unticked(span)]
        if spans and not ticked:
            self._reject(FaultKind.TICK, record.claim, f"{field.label}: {field.text}")

        def misfit(span: Span) -> tuple[bool, int, int]:
            gap = min((span.start - label.end for label in labels if span.start >= label.end), default=len(self._text))
            is_elsewhere = field.page is not None and self._index.page_of(span.start) != field.page
            return is_elsewhere, gap, abs(span.start - record.title.start)

        span = min(ticked, key=misfit, default=None)
        if span is None:
            return None
        label = max((label for label in labels if label.end <= span.start), default=None)
        return field.model_copy(update={"text": self._text[slice(*span)], "span": span, "label_span": label})

    def _find_labels(self, label: str, within: Span) -> list[Span]:
        """Return the spans of a label; of one that is printed in two pieces the first."""
        pieces = None if (spans := list(self._index.find_all(label, within))) else self._index.find_split(
            label, within, _SPLIT_LABEL
        )  # fmt: skip
        return [pieces[0]] if pieces else spans

    def _has_text(self, text: str, record: FoundClaim, within: Span) -> bool:
        """True if a text is between the neighbours of a record and not an empty box's; what is not is rejected."""
        spans = list(self._index.find_all(text, within))
        is_ticked = any(not self._is_unticked(span) for span in spans)
        if not is_ticked:
            self._reject(FaultKind.TICK if spans else FaultKind.TEXT, record.claim, text)
        return is_ticked

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
