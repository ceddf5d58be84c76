"""Turn sheets into claims: title, number and fields; and the total that they print."""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence
from itertools import chain

from ingest.keys import RECORDS
from ingest.readers.claims import LONG, SHORT, Claim, ClaimedField, ClaimedTotal, Span
from ingest.readers.kinds import kind_of_word, record_kind
from ingest.readers.labelled_texts import LabelledText, labelled_texts
from ingest.readers.lexicon import fields_of_labels
from ingest.readers.lines import DocumentLines
from ingest.readers.sheets import Sheet
from ingest.readers.titles import trim
from ingest.rendering import Rendering
from ingest.values.units import names_offices
from vectorstore.records import ItemKind

SHEET_LEVEL = 80  # of all sheets in the outline: below headings
_HEAD = 4  # first lines of a sheet that may print the total ("7 von 52")
_LEAST_PRINTS = 3  # of the total
# most words of a label that names the kind of its sheet: "Beschreibung der Maßnahme"
_KIND_WORDS = 3
# Without units in brackets 14 of 309 records were lost and 14 were false
# (docs/decisions/005-reading.md).
_BRACKETED = re.compile(r"\s*\(([^()]{2,60})\)$")
_MOSTLY = 0.6  # share of the titles that end with units in brackets


class SheetClaims:
    """Makes the claims of the sheets of one document; `title` is that of the document."""

    def __init__(self, document: DocumentLines, rendering: Rendering, title: str) -> None:
        self._document, self._rendering, self._title = document, rendering, title

    def make(self, sheets: Sequence[Sheet]) -> Iterator[Claim]:
        """Yield a claim for each sheet.

        Its kind is the kind that staff chose or, without a choice, the kind that its number names
        ("Maßnahme 3"). For other sheets the short labels of all sheets decide together
        ("Beschreibung der Maßnahme"): the kind that most of them name. Without such labels it is
        the one that the title of the document names, and a measure if it names none.
        """
        labels = chain.from_iterable(sheet.labels for sheet in sheets)
        texts = [label.text for label in labels]
        fields_by_label = fields_of_labels(set(texts))
        kinds = map(kind_of_word, [text for text in texts if len(text.split()) <= _KIND_WORDS])
        counts = Counter(kind for kind in kinds if kind in RECORDS)
        named = max(counts, key=counts.__getitem__, default=kind_of_word(self._title))
        usual_kind = record_kind(named)
        claims = [self._claim(sheet, usual_kind, fields_by_label) for sheet in sheets]
        yield from _with_bracketed_units(claims)

    def find_total(self, sheets: Sequence[Sheet], claims: Sequence[Claim]) -> ClaimedTotal | None:
        """Return the total number of records that the sheets print in their first lines ("Maßnahme
        7 von 52"), with the kind of the first of their `claims`. Return None unless half of the
        sheets, and a few at least, print the same total: once, it may be the count of something
        else.
        """
        printed: dict[int, list[int]] = defaultdict(list)  # total → lines
        for sheet in sheets:
            for index in range(sheet.start, min(sheet.end, sheet.start + _HEAD)):
                number = self._document.number(index)
                if number is not None and number.total and not number.text_after:
                    printed[number.total].append(index)
        total = max(printed, key=lambda total: len(printed[total]), default=0)
        if len(printed[total]) < max(_LEAST_PRINTS, len(sheets) / 2):
            return None
        index = printed[total][0]
        line = self._document.lines[index]
        return ClaimedTotal(kind=claims[0].kind, count=total, quote=line.text, page=line.page + 1)

    def _claim(
        self, sheet: Sheet, usual: ItemKind, fields_by_label: Mapping[str, str | None]
    ) -> Claim:
        """Return the claim of a sheet. Its kind is that chosen by staff, else the one that the word
        of its number names, else `usual`.

        Its head is the title, with the number if this stands directly before it, in the same line
        or the one above: a head is one piece of text. The claim covers all lines of the sheet, and
        its head if that lies outside.
        """
        title, number = sheet.title, sheet.head.number
        kind = usual
        if number is not None:
            kind = record_kind(kind_of_word(number.word), usual)
        spans = self._rendering.spans
        first_line, last_line = spans[title.lines[0]], spans[title.lines[-1]]
        title_start = min(first_line.start + title.start, first_line.end)
        text, title_span = trim(self._rendering.text, Span(title_start, last_line.end))
        head = title_span
        if number is not None:
            number_line = spans[sheet.head.number_line]
            between = self._rendering.text[number_line.end : title_span.start]
            if number_line.start <= title_span.start and not between.strip():
                head = Span(number_line.start, title_span.end)
        # lines of title and number are never part of a field's value
        heads = {*title.lines, sheet.head.number_line}
        values = labelled_texts(self._document, sheet.labels, sheet.end, heads)
        fields = [self._field(value, fields_by_label) for value in values]
        start, end = spans[sheet.start].start, spans[max(sheet.start, sheet.end - 1)].end
        return Claim(
            kind=sheet.kind or kind.value,
            number=sheet.head.printed_ref or None,
            title=text[:SHORT] or "–",
            page=self._document.lines[title.lines[0]].page + 1,
            where="sheet",
            reason=sheet.reason,
            fields=tuple(field for field in fields if field.text),
            level=SHEET_LEVEL,
            head=head,
            title_span=title_span,
            extent=Span(min(start, head.start), max(end, head.end)),
        )

    def _field(
        self, value: LabelledText, fields_by_label: Mapping[str, str | None]
    ) -> ClaimedField:
        """Return the field of a label with its value. The meaning of the label is taken from those
        of the labels of all sheets (`fields_by_label`), where weak words count too. The text is
        empty if the value has no lines.
        """
        label = value.label
        spans = [self._rendering.spans[index] for index in value.lines] or [Span(0, 0)]
        # lines of a cell need not be in the order of the text
        start = min(span.start for span in spans)
        if value.start:
            start = min(spans[0].start + value.start, spans[0].end)
        text, span = trim(self._rendering.text, Span(start, max(span.end for span in spans)))
        return ClaimedField(
            label=label.text[:SHORT],
            text=text[:LONG],
            meaning=fields_by_label.get(label.text) or label.meaning,
            span=span,
            lines=self._document.split_list(value.lines, value.start),
        )


def _with_bracketed_units(claims: Sequence[Claim]) -> Iterator[Claim]:
    """Yield the claims. If most titles end with an office in brackets ("Radwege (Tiefbauamt)"), the
    office is taken from each title and becomes a field for the responsible unit, without a label.
    In a few titles, brackets are rather part of the title.
    """
    # not from the first character on: something is left of each title
    matches = [_BRACKETED.search(claim.title, 1) for claim in claims]
    offices = [match[1] if match and names_offices(match[1]) else "" for match in matches]
    if sum(map(bool, offices)) < max(3, _MOSTLY * len(offices)):
        yield from claims
        return
    for claim, office in zip(claims, offices, strict=True):
        if office:
            title = _BRACKETED.sub("", claim.title)
            field = ClaimedField(label="", text=office, meaning="responsible")
            update = {"title": title, "fields": (*claim.fields, field)}
            yield claim.model_copy(update=update)
        else:
            yield claim
