"""Claims of sheets: title, number and labelled values, and how surely each is a record."""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence

from ingest.readers.claims import Claim, ClaimedField, ClaimedTotal, Span
from ingest.readers.lexicon import meanings
from ingest.readers.simple.candidates import Title
from ingest.readers.simple.fields import LabelledText, labelled_texts
from ingest.readers.simple.kinds import kind_of_word
from ingest.readers.simple.lines import DocumentLines
from ingest.readers.simple.sheets import Sheet
from ingest.readers.simple.titles import trim
from ingest.rendering import Rendering
from ingest.stream import Line
from ingest.values.units import names_offices
from vectorstore.records import ItemKind

SHEET_LEVEL = 80
_HEAD, _LEAST_PRINTS = 4, 3  # lines of a sheet that may print how many there are, and prints of that number
_RECORDS = (ItemKind.MEASURE, ItemKind.PROJECT, ItemKind.GOAL)
_NAMING = 3  # words of a label that names what its sheet is: "Beschreibung der Maßnahme"
_BRACKETED, _MOSTLY = re.compile(r"\s*\(([^()]{2,60})\)$"), 0.6  # share of the titles that end with units in brackets
_LETTER_WIDTH = 0.52  # of the size, of a letter in the middle


class SheetClaims:
    """Makes the claims of the sheets of one document; `title` is the document's."""

    def __init__(self, document: DocumentLines, rendering: Rendering, title: str) -> None:
        self._document, self._rendering, self._title = document, rendering, title
        self._rights: dict[int, float] = defaultdict(float)
        for line in document.lines:
            self._rights[line.region] = max(self._rights[line.region], line.box.right)

    def make(self, sheets: Sequence[tuple[Sheet, Title]]) -> Iterator[Claim]:
        """Yield a claim for each sheet; those that are doubtful are sections."""
        meant = meanings({label.text for sheet, _ in sheets for label in sheet.labels})
        texts = [label.text for sheet, _ in sheets for label in sheet.labels if len(label.text.split()) <= _NAMING]
        words = Counter(kind for kind in map(kind_of_word, texts) if kind in (ItemKind.PROJECT, ItemKind.MEASURE))
        known = words.most_common(1)[0][0] if words else kind_of_word(self._title) or ItemKind.MEASURE
        kind = known if known in _RECORDS else ItemKind.MEASURE
        claims = [self._claim(sheet, title, kind, meant) for sheet, title in sheets]
        yield from _with_bracketed_units(claims)

    def totals(self, sheets: Sequence[Sheet], claims: Sequence[Claim]) -> Iterator[ClaimedTotal]:
        """Yield how many sheets there are by the word of most of them: "Maßnahme 7 von 52", or "7 von 52" alone."""
        printed = {
            place: number.total for sheet in sheets for place in range(sheet.start, min(sheet.end, sheet.start + _HEAD))
            if (number := self._document.number(place)) is not None and number.total and not number.rest
        }  # fmt: skip
        total, count = Counter(printed.values()).most_common(1)[0] if printed else (0, 0)
        if count >= max(_LEAST_PRINTS, len(sheets) / 2):
            place = next(place for place, other in printed.items() if other == total)
            span = self._rendering.span_of([place])
            quote = self._document.text(place)
            yield ClaimedTotal(
                kind=claims[0].kind, count=total, quote=quote, page=self._document.lines[place].page + 1, span=span
            )

    def _claim(self, sheet: Sheet, title: Title, known: ItemKind, meant: Mapping[str, str | None]) -> Claim:
        number = sheet.member.number if sheet.member is not None else None
        kind = kind_of_word(number.word) if number is not None and number.word else None
        spans = self._rendering.spans
        begin, end = spans[title.lines[0]], spans[title.lines[-1]]
        own = Span(
            min(begin.start + title.start, begin.end), min(end.start + title.end, end.end) if title.end else end.end
        )
        text, own = trim(self._rendering.text, own)
        head = own
        if sheet.member is not None:
            line = spans[sheet.member.line]
            between = self._rendering.text[line.end : own.start] if line.end <= own.start else ""
            if not between.strip() and line.start <= own.start:
                head = Span(line.start, own.end)
        fields = [self._field(result, meant) for result in self._values(sheet, title)]
        first, last = spans[sheet.start].start, spans[max(sheet.start, sheet.end - 1)].end
        return Claim(
            kind=(kind if kind in _RECORDS else known).value,
            number=number.ref if number is not None else None,
            title=text[:600] or "–", page=self._document.lines[title.lines[0]].page + 1,
            where="sheet",
            fields=tuple(field for field in fields if field.text),
            level=SHEET_LEVEL,
            confidence=sheet.confidence, head=head, title_span=own,
            extent=Span(min(first, head.start), max(last, head.end)),
        )  # fmt: skip

    def _values(self, sheet: Sheet, title: Title) -> Iterator[LabelledText]:
        return labelled_texts(self._document, sheet.labels, sheet.end, {*title.lines, sheet.start})

    def _field(self, hits: LabelledText, meant: Mapping[str, str | None]) -> ClaimedField:
        spans = self._rendering.spans
        span = Span(0, 0)
        if hits.lines:
            start = min(spans[place].start for place in hits.lines)
            if hits.start:
                start = min(spans[hits.lines[0]].start + hits.start, spans[hits.lines[0]].end)
            span = Span(start, max(spans[place].end for place in hits.lines))
        text, span = trim(self._rendering.text, span)
        label = hits.label
        return ClaimedField(
            label=label.text[:600], text=text[:20_000], meaning=meant.get(label.text) or label.meaning,
            label_span=self._rendering.span_of(label.lines), span=span, lines=self._entries(hits),
        )  # fmt: skip

    def _entries(self, hits: LabelledText) -> str:
        """Return a value with a line for each entry: the line above had room for its first word."""
        parts: list[str] = []
        for place in hits.lines:
            line = self._document.lines[place]
            own = (line.text[hits.start :] if place == hits.lines[0] else line.text).strip(" :")
            above = self._document.lines[place - 1] if place else line
            begins = line.bullet or above.cell != line.cell or self._has_space(above, own)
            if parts and begins and own[:1].isupper():
                parts.append("\n" + own)
            elif parts and parts[-1].endswith("-") and own[:1].islower():
                parts[-1] = parts[-1][:-1]
                parts.append(own)
            else:
                parts.append(" " * bool(parts) + own)
        return "".join(parts).strip()

    def _has_space(self, above: Line, text: str) -> bool:
        words = text.split()
        if not above.style.size or not words:
            return False
        width = (len(words[0]) + 1) * _LETTER_WIDTH * above.style.size
        return self._rights[above.region] - above.box.right > width + above.style.size


def _with_bracketed_units(claims: Sequence[Claim]) -> Iterator[Claim]:
    """Yield claims; brackets with which most titles of records end, and that name offices, are their units."""
    records = [claim for claim in claims if claim.where == "sheet"]
    endings = {id(claim): match for claim in records if (match := _BRACKETED.search(claim.title))}
    offices = {key: match for key, match in endings.items() if names_offices(match[1])}
    enough = len(offices) >= max(3, _MOSTLY * len(records))
    for claim in claims:
        match = offices.get(id(claim)) if enough else None
        if match is None or not match.start():
            yield claim
            continue
        field = ClaimedField(label="", text=match[1], meaning="responsible")
        yield claim.model_copy(
            update={"title": claim.title[: match.start()].rstrip(), "fields": (*claim.fields, field)}
        )
