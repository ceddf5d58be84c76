"""Looking up the texts of a record: fields behind their labels, units, period and the like between two heads."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace

from ingest.readers.claims import TEXTS, ClaimedField, Span
from ingest.validation.faults import FaultKind, Located, Reject
from ingest.validation.matching import TextIndex, fold

MOST_FIELDS = 80  # of a record that are looked up
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

    def fill(self, records: Sequence[Located]) -> Iterator[Located]:
        """Yield records of one sort, in the order of the text, with the texts that are between their neighbours."""
        sides = self._label_sides(records)
        behind = bool(sides) and {*sides.values()} == {"behind"}
        for position, record in enumerate(records):
            before = records[position - 1].title.end if position else 0
            after = records[position + 1].start if position + 1 < len(records) else len(self._text)
            if record.claim.head is not None:
                yield record
            elif record.claim.where == "row":
                filled = self._fill_record(record, self._row(record, before, after), {})
                yield replace(
                    filled, claim=filled.claim.model_copy(update={"extent": self._extent(filled, before, after)})
                )
            else:
                page = self._index.page_of(record.start)
                first = self._index.block_at(record.start).start
                start = max(before, first if behind else self._index.pages(max(1, page - 1), page).start)
                yield self._fill_record(record, Span(start, max(after, record.title.end)), sides)

    def _row(self, record: Located, before: int, after: int) -> Span:
        """Return the row of a record; of rows that run on in one paragraph what is behind the title."""
        row = self._index.block_at(record.title.start)
        if self._index.is_row(record.title.start):
            return row
        return Span(max(before, row.start), max(record.title.end, min(after, max(row.end, record.title.end + _NEAR))))

    def _extent(self, record: Located, before: int, after: int) -> Span:
        """Return the extent of a row: its paragraph, of rows that share one its part."""
        row = self._index.block_at(record.title.start)
        return Span(
            record.start if before > row.start else row.start, after if record.title.end < after < row.end else row.end
        )

    def _label_sides(self, records: Sequence[Located]) -> Mapping[str, str]:
        """Return on which side of the title each label is, "behind" or "before", where the document is consistent.

        What is before the first record with the label and behind the last decides, else the pages with one record.
        Records without fields, sections among them, say nothing about labels.
        """
        alone: dict[int, list[Located]] = defaultdict(list)
        owners: dict[str, list[Located]] = defaultdict(list)
        labels: dict[str, str] = {}
        for record in records:
            if record.claim.fields:
                alone[self._index.page_of(record.title.start)].append(record)
            for field in record.claim.fields:
                owners[fold(field.label)].append(record)
                labels.setdefault(fold(field.label), field.label)
        sides = {}
        for folded, label in labels.items():
            votes = [self._sides_at_ends(label, owners[folded])]
            if len(votes[0]) != 1:
                votes = [self._sides_on_page(label, record) for record, *others in alone.values() if not others]
            for side in ("behind", "before"):
                if votes and 3 * sum(vote == {side} for vote in votes) > 2 * len(votes):
                    sides[folded] = side
        return sides

    def _sides_on_page(self, label: str, record: Located) -> set[str]:
        within = self._index.pages(self._index.page_of(record.title.start))
        spans = self._index.find_all(label, within)
        return {"behind" if span.start >= record.title.start else "before" for span in spans}

    def _sides_at_ends(self, label: str, records: Sequence[Located]) -> set[str]:
        first, last = records[0].title, records[-1].title
        page = self._index.page_of(first.start)
        before = Span(self._index.pages(max(1, page - 1), page).start, first.start)
        behind = Span(last.end, len(self._text))
        return {side for side, span in (("before", before), ("behind", behind)) if self._index.find(label, span)}

    def _fill_record(self, record: Located, within: Span, sides: Mapping[str, str]) -> Located:
        claim = record.claim
        fields: list[ClaimedField] = []
        for field in claim.fields[:MOST_FIELDS]:
            found = self._find_field(field, record, _on_side(record, within, sides.get(fold(field.label))))
            if found is not None:
                fields.append(found)
        fields = _without_parts(fields)
        labels = {fold(field.label) for field in fields}
        for field in claim.fields:
            if field.text and fold(field.label) not in labels:
                self._reject(FaultKind.TEXT, claim, f"{field.label}: {field.text}")
        units = []
        for unit in claim.units[:MOST_FIELDS]:
            is_sentence = len(unit.split()) > _UNIT_WORDS and "." in unit
            if not is_sentence and self._find_text(unit, record, within, fields) is not None:
                units.append(unit)
            else:
                self._reject(FaultKind.TEXT, claim, unit)
        update: dict[str, object] = {"fields": tuple(fields), "units": tuple(units)}
        for name in TEXTS:
            text = getattr(claim, name)
            if text and self._find_text(text, record, within, fields) is None:
                self._reject(FaultKind.TEXT, claim, text)
                update[name] = None
        return Located(claim.model_copy(update=update), record.title, record.number, record.beside)

    def _find_field(self, field: ClaimedField, record: Located, within: Span) -> ClaimedField | None:
        """Return a field with its spans: behind its label, in a row of a table anywhere."""
        if not field.text:
            return None
        in_row = not field.label or (record.claim.where == "row" and self._index.is_row(record.title.start))
        labels = [] if in_row else list(self._index.find_all(field.label, within))
        if not labels and not in_row and (split := self._index.find_split(field.label, within, _SPLIT_LABEL)):
            first = self._index.find(field.label.split()[0], Span(split.start, split.end))
            labels = [first or split]
        if not labels and not in_row and record.claim.where in ("sheet", "heading"):
            return None
        spans = list(self._index.find_all(field.text, within))
        if _TICK.fullmatch(field.text):
            spans = [span for span in spans if in_row and self._is_in_column(span, field.label)] or [
                span for span in spans if any(_distance(span, label) <= 3 for label in labels)
            ]
        ticked = [span for span in spans if not self._is_unticked(span)]
        if spans and not ticked:
            self._reject(FaultKind.TICK, record.claim, f"{field.label}: {field.text}")

        def fit(span: Span) -> tuple[bool, bool, int]:
            gap = min((span.start - label.end for label in labels if span.start >= label.end), default=_LABEL_GAP + 1)
            other_page = field.page is not None and self._index.page_of(span.start) != field.page
            return gap > _LABEL_GAP, other_page, gap if gap <= _LABEL_GAP else abs(span.start - record.title.start)

        span = min(ticked, key=fit, default=None)
        if span is None:
            return None
        label = max((label for label in labels if label.end <= span.start), default=None)
        return field.model_copy(update={"text": self._text[span.start : span.end], "span": span, "label_span": label})

    def _find_text(self, text: str, record: Located, within: Span, fields: Sequence[ClaimedField]) -> Span | None:
        """Return the span of a text of a record: in one of its fields, else nearest to the title."""
        found = list(self._index.find_all(text, within))
        spans = [span for span in found if not self._is_unticked(span)]
        if found and not spans:
            self._reject(FaultKind.TICK, record.claim, text)
        inside = [span for span in spans if any(f.span and f.span.start <= span.start < f.span.end for f in fields)]
        return min(inside or spans, key=lambda span: abs(span.start - record.title.start), default=None)

    def _is_unticked(self, span: Span) -> bool:
        """True if the box of an option is empty; boxes are before their options unless a line ends with one."""
        line = self._index.line_at(span.start)
        boxes = list(_BOX.finditer(self._text[line.start : line.end]))
        if not boxes:
            return False
        if not self._text[line.start + boxes[-1].end() : line.end].strip():
            box = next((box for box in boxes if line.start + box.start() >= span.end), None)
            between = self._text[span.end : line.start + box.start()] if box else "-"
        else:
            box = next((box for box in reversed(boxes) if line.start + box.end() <= span.start), None)
            between = self._text[line.start + box.end() : span.start] if box else "-"
        return box is not None and not between.strip() and box["empty"] is not None

    def _is_in_column(self, span: Span, label: str) -> bool:
        """True if a mark in a row is in the column with this head, or the row lacks cells so that none can say."""
        row = self._index.line_at(span.start)
        for head in self._index.find_all(label, Span(0, row.start)):
            line = self._index.line_at(head.start)
            before, mine = (
                self._text.count("\t", *edges) for edges in ((line.start, head.start), (row.start, span.start))
            )
            if self._index.is_row(head.start):
                whole = self._text.count("\t", *line) == self._text.count("\t", *row)
                if before == mine or not whole:
                    return True
        return False


def _on_side(record: Located, within: Span, side: str | None) -> Span:
    """Return the part of a record's surroundings on one side of its title."""
    if side is None:
        return within
    return Span(record.start, within.end) if side == "behind" else Span(within.start, record.title.start)


def _without_parts(fields: Sequence[ClaimedField]) -> list[ClaimedField]:
    """Return fields in the order of the text, without those that are a part of another with the same label."""
    kept: list[ClaimedField] = []
    spans = [(field.span or Span(0, 0), field) for field in fields]
    for span, field in sorted(spans, key=lambda pair: (pair[0].start, -pair[0].end)):
        same = (other.span for other in kept if other.span and fold(other.label) == fold(field.label))
        if not any(other.start <= span.start and span.end <= other.end for other in same):
            kept.append(field)
    return kept


def _distance(span: Span, other: Span) -> int:
    return max(span.start, other.start) - min(span.end, other.end)
