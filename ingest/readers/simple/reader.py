"""The simple reader: a layout becomes text, and the claims that its labels, numbers, tables and headings support."""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from ingest.contents import Contents, find_contents
from ingest.readers.claims import Claim, ClaimedField, Claims, Span
from ingest.readers.lexicon import is_status_heading, meanings
from ingest.readers.lexicon import meaning as known_meaning
from ingest.readers.numbers import Printed, same_ref
from ingest.readers.simple.cards import find_cards
from ingest.readers.simple.fields import SheetField
from ingest.readers.simple.glued import split_glued_headings
from ingest.readers.simple.headings import REPEATED, Heading
from ingest.readers.simple.kinds import kind_of_word
from ingest.readers.simple.labels import find_labels
from ingest.readers.simple.outline import OutlineReader
from ingest.readers.simple.rows import RowReader
from ingest.readers.simple.series import Series, find_series
from ingest.readers.simple.sheets import Sheet, SheetFinder
from ingest.readers.simple.titles import known_titles, normalize_title
from ingest.rendering import Rendering, make_vocabulary, render
from ingest.stream import Layout, Line, body_style
from ingest.tables import Cells, Table, find_tables
from ingest.values.statements import Statement, Statements, interpret
from ingest.values.units import named_units, names_offices
from vectorstore.records import ItemKind

_POINT = 160  # characters from which a numbered text is a point rather than a heading
_TITLE = 140  # characters of a sentence that is used as a title
_SHEET_LEVEL, _DOUBTFUL_LEVEL = 80, 79
_HALF = 0.5  # share of the reasons, and of the labels, from which a sheet is a record
_PROMPT_LINES, _COMMON = 6, 0.5  # lines of a question below a label, and share of the sheets that print it
_SENTENCE_END = re.compile(r"(?<=[a-zäöüß)“]{2}[.!?])\s+(?=[A-ZÄÖÜ„])")
_OPEN_END = re.compile(r"[-,/&]$|(?<!\w)(?:für|und|der|des|von|vom|im|am|z\.\s?B\.)$")
_BRACKETED = re.compile(r"\s*\(([^()]{2,60})\)$")
_MOSTLY = 0.6  # share of the titles that end with units in brackets


@dataclass(frozen=True, slots=True)
class SimpleReading:
    """What the simple reader makes of a layout: the text, the claims about it, tables and contents."""

    rendering: Rendering
    claims: Claims
    tables: tuple[Table, ...]
    contents: Contents


def read_simple(layout: Layout, title: str) -> SimpleReading:
    """Read one document; `title` is what is known of its title before."""
    return _Reader(layout, title).read()


class _Reader:
    def __init__(self, layout: Layout, title: str) -> None:
        self._layout, self._title = layout, title
        listed = [entry.title for entry in find_contents(layout.lines).entries]
        self._lines = split_glued_headings(layout.lines, listed)
        self._words = make_vocabulary(self._lines)
        self._contents = find_contents(self._lines)
        self._tables = tuple(
            table for table in find_tables(self._lines, self._words)
            if not any(place in self._contents.lines for row in (*table.header, *table.rows) for place in row.lines)
        )  # fmt: skip
        tabled = {place for table in self._tables for row in (*table.header, *table.rows) for place in row.lines}
        self._apart = frozenset(self._contents.lines | tabled)
        self._body = body_style(line for place, line in enumerate(self._lines) if place not in self._apart)
        self._known: Collection[str] = ()  # titles that contents, overviews and bookmarks list, as they are compared
        self._cells = Cells(self._lines, self._words)

    def read(self) -> SimpleReading:
        labels = find_labels(self._lines, self._apart)
        series = find_series(self._lines, self._apart)
        listed = [entry.title for entry in self._contents.entries]
        known = known_titles([*listed, *self._row_titles(), *(title for _, title, _ in self._layout.bookmarks)])
        self._known = known
        cards = find_cards(self._lines, series, self._apart)
        sheets = SheetFinder(self._lines, labels, series, self._apart, known).find(cards)
        headings = self._headings(sheets, series, known_titles(listed))
        sheets = [_cut_sheet(sheet, [heading.line for heading in headings]) for sheet in sheets]
        rendering = self._render(sheets, headings)
        meant = meanings({label.text for label in labels})
        claims = [*self._sheet_claims(sheets, headings, rendering, meant), *self._heading_claims(headings, rendering)]
        claims = [_doubted(claim) for claim in with_bracketed_units(claims)]
        rows = RowReader(self._lines, self._tables, self._cells, rendering, self._contents).read(claims, self._title)
        records = sorted((*claims, *rows), key=lambda claim: (claim.head or Span(0, 0)).start)
        return SimpleReading(rendering, Claims(records=tuple(records)), self._tables, self._contents)

    def _row_titles(self) -> Iterator[str]:
        for table in self._tables:
            column = table.column_of("title")
            if column is not None:
                yield from (self._cells.text(row.cells[column]) for row in table.rows)

    def _headings(self, sheets: Sequence[Sheet], series: Sequence[Series], listed: Collection[str]) -> list[Heading]:
        """Return the headings that are no heads of sheets; a number that a sheet has heads nothing else."""
        taken = {place for sheet in sheets for place in (*sheet.title_lines, sheet.number_line) if place is not None}
        labelled = {place for sheet in sheets for field in sheet.fields for place in field.label.lines}
        inside = {place for sheet in sheets for place in range(sheet.first, sheet.end)} - taken
        apart = self._apart | taken | labelled
        outline = OutlineReader(self._lines, apart, inside, series, listed, self._layout.bookmarks, self._title)
        numbers = {(sheet.number.code, same_ref(sheet.number.ref)) for sheet in sheets if sheet.number}
        headings = outline.read(numbers)
        return [_with_kind(heading, headings, sheets) for heading in headings]

    def _render(self, sheets: Sequence[Sheet], headings: Sequence[Heading]) -> Rendering:
        breaks: set[int] = set()
        joined: set[int] = set()
        for lines in (
            *(sheet.title_lines for sheet in sheets), *(heading.lines for heading in headings if not heading.is_point),
            *(field.label.lines for sheet in sheets for field in sheet.fields),
            *((sheet.number_line,) for sheet in sheets if sheet.number_line is not None),
        ):  # fmt: skip
            breaks.update((lines[0], lines[-1] + 1))
            joined.update(place for place in lines[1:] if place == lines[lines.index(place) - 1] + 1)
        for sheet in sheets:
            breaks.difference_update(field.label.line + 1 for field in sheet.fields if field.label.start is not None)
        breaks.update(heading.line for heading in headings if heading.is_point)
        return render(
            self._lines, self._tables, self._contents.lines, self._words,
            self._layout.page_count, self._layout.labels, frozenset(breaks), frozenset(joined - breaks | joined),
        )  # fmt: skip

    # Sheets

    def _sheet_claims(
        self, sheets: Sequence[Sheet], headings: Sequence[Heading], rendering: Rendering,
        meant: Mapping[str, str | None],
    ) -> Iterator[Claim]:  # fmt: skip
        words = Counter(
            kind for sheet in sheets for field in sheet.fields
            if (kind := _kind_in_label(field.label.text)) is not None
        )  # fmt: skip
        usual = words.most_common(1)[0][0] if words else kind_of_word(self._title) or ItemKind.MEASURE
        prompts = _common_prompts(sheets, self._lines)
        for sheet in sheets:
            number = sheet.number
            kind = (kind_of_word(number.word) if number and number.word else None) or usual
            if kind not in (ItemKind.MEASURE, ItemKind.PROJECT, ItemKind.GOAL):
                kind = ItemKind.MEASURE
            title = rendering.span_of(sheet.title_lines)
            title = Span(title.start + sheet.title_start, title.end)
            text, title = _trim(rendering.text, title)
            head = title
            if number is not None and sheet.number_line is not None:
                span = rendering.spans[sheet.number_line]
                between = rendering.text[span.end : title.start] if span.end <= title.start else "x"
                head = (
                    Span(span.start, title.end)
                    if not between.strip() or span.start <= title.start <= span.end
                    else title
                )
            first = rendering.spans[sheet.first].start
            end = rendering.spans[sheet.end - 1].end if sheet.end > sheet.first else title.end
            fields = [self._field(field, rendering, meant, prompts) for field in sheet.fields]
            kept = [(claimed, statement) for claimed, statement in fields if claimed.text]
            stated = interpret([statement for _, statement in kept])
            yield _record_claim(
                kind, number, text, self._lines[sheet.title_lines[0]].page + 1, "sheet",
                tuple(claimed for claimed, _ in kept), stated,
                head=head, title_span=title, extent=Span(min(first, head.start), max(end, head.end)),
                level=_SHEET_LEVEL, confidence=self._confidence(sheet, text, stated),
            )  # fmt: skip

    def _confidence(self, sheet: Sheet, title: str, stated: Statements) -> float:
        """Return how many of four reasons a sheet has to be a record, as a share.

        It has a number in a series, half of its kind's labels, a title that is set off or listed, a telling field.
        """
        style = self._lines[sheet.title_lines[0]].style
        telling = (stated.units, stated.partners, stated.period, stated.cost, stated.status_text, stated.state)
        reasons = (
            sheet.number is not None,
            sheet.share >= _HALF,
            normalize_title(title) in self._known or style.is_heavier(self._body),
            any(telling) or stated.priority is not None,
        )
        return sum(reasons) / len(reasons)

    def _field(
        self,
        field: SheetField,
        rendering: Rendering,
        meant: Mapping[str, str | None],
        prompts: Mapping[str, frozenset[str]],
    ) -> tuple[ClaimedField, Statement]:
        field, prompt = _without_prompt(field, self._lines, prompts.get(field.label.key, frozenset()))
        lines = field.lines
        if not lines:
            span = Span(0, 0)
        elif field.start is not None:
            first = rendering.spans[lines[0]]
            end = max(rendering.spans[place].end for place in lines)
            span = Span(min(first.start + field.start, end), end)
        else:
            span = rendering.span_of(lines)
        text, span = _trim(rendering.text, span)
        meaning = meant.get(field.label.text) or (known_meaning(f"{field.label.text} {prompt}") if prompt else None)
        label = rendering.span_of(field.label.lines)
        claimed = ClaimedField(
            label=field.label.text[:600], text=text[:20_000], meaning=meaning, label_span=label, span=span
        )
        return claimed, Statement(field.label.text, meaning, text, self._entries(field, text))

    def _entries(self, field: SheetField, text: str) -> str:
        """Return a value with a line for each entry: the line above had room for its first word."""
        parts: list[str] = []
        for place in field.lines:
            line = self._lines[place]
            own = line.text[field.start :] if place == field.lines[0] and field.start is not None else line.text
            if not parts:
                parts.append(own)
                continue
            above = self._lines[place - 1] if place else line
            begins = line.bullet or above.cell != line.cell or self._has_room(above, own)
            if begins and own[:1].isupper() and not _OPEN_END.search(parts[-1]):
                parts.append("\n" + own)
            elif parts[-1].endswith("-") and own[:1].islower():
                parts[-1] = parts[-1][:-1]
                parts.append(own)
            else:
                parts.append(" " + own)
        return "".join(parts).strip() or text

    def _has_room(self, above: Line, text: str) -> bool:
        """True if a line ends so early that the next one's first word would have fitted on it."""
        if not above.style.size:
            return False
        right = max((line.box.right for line in self._region(above.region)), default=above.box.right)
        words = text.split()
        width = (len(words[0]) + 1) * 0.52 * above.style.size if words else 0.0
        return right - above.box.right > width + above.style.size

    def _region(self, region: int) -> Sequence[Line]:
        if not hasattr(self, "_regions"):
            found: dict[int, list[Line]] = defaultdict(list)
            for line in self._lines:
                found[line.region].append(line)
            self._regions = found
        return self._regions[region]

    # Headings

    def _heading_claims(self, headings: Sequence[Heading], rendering: Rendering) -> Iterator[Claim]:
        spelled = self._spellings(headings)
        for place, heading in enumerate(headings):
            head = rendering.span_of(heading.lines) if heading.start >= 0 else rendering.spans[heading.lines[1]]
            ref = heading.ref or None
            title = heading.title
            if heading.start >= 0:
                begin = min(head.start + heading.start, head.end)
            else:
                begin, head = (
                    head.start,
                    Span(rendering.spans[heading.line].start, rendering.span_of(heading.lines[1:]).end),
                )
            is_point = heading.number is not None and (
                heading.is_point or len(title) > _POINT or (len(title) > 90 and title.endswith("."))
            )
            title_span = Span(begin, head.end)
            if is_point:
                block = rendering.blocks[rendering.block_at(head.start)]
                title = _short(rendering.text[begin : block.span.end])
                head, title_span = (
                    Span(head.start, begin),
                    Span(begin, min(begin + len(title.rstrip(" …")), block.span.end)),
                )
            else:
                title, title_span = _trim(rendering.text, title_span)
                title = title.rstrip(" :") or heading.title
                if title.isupper() and len(title) > 4:
                    title = spelled.get(normalize_title(title), title)
            above = headings[heading.parent] if heading.parent is not None else None
            part = above is not None and above.number is not None and above.number.shape == "{letters}"
            if part and above is not None and ref and heading.kind is not ItemKind.RESOLUTION:
                ref = f"{above.ref}.{ref}"
            end = rendering.spans[headings[place + 1].line].start if place + 1 < len(headings) else len(rendering.text)
            yield Claim(
                kind=heading.kind.value,
                number=ref,
                title=title[:600] or "–",
                page=self._lines[heading.line].page + 1,
                where="contents" if heading.reason == REPEATED else "heading",
                level=heading.level,
                head=head,
                title_span=title_span,
                extent=Span(head.start, max(end, head.end)),
                status=title[:600] if is_status_heading(title) else None,
            )

    def _spellings(self, headings: Sequence[Heading]) -> dict[str, str]:
        """Return titles as they are spelled where they are not in capitals."""
        titles = [*(entry.title for entry in self._contents.entries), *(heading.title for heading in headings)]
        return {normalize_title(title): title for title in reversed(titles) if not title.isupper()}


def _with_kind(heading: Heading, headings: Sequence[Heading], sheets: Sequence[Sheet]) -> Heading:
    """Return a heading as a theme where its number begins those of sheets; beside sheets points are sections."""
    number = heading.number
    if number is None or not sheets:
        return heading
    if number.code and any(
        sheet.number and sheet.number.code == number.code and len(sheet.number.parts) > len(number.parts)
        and sheet.number.parts[: len(number.parts)] == number.parts
        for sheet in sheets
    ):  # fmt: skip
        return replace(heading, kind=ItemKind.THEME)
    numbered = [sheet.number for sheet in sheets if sheet.number is not None]
    if number.code and len(numbered) > 2 and all(number.form != other.form for other in numbered):
        return replace(heading, kind=ItemKind.SECTION)
    above = headings[heading.parent] if heading.parent is not None else None
    grouped = above is not None and is_status_heading(above.title)
    if heading.kind in (ItemKind.MEASURE, ItemKind.PROJECT) and not (number.code or number.word or grouped):
        return replace(heading, kind=ItemKind.SECTION)
    return heading


def _doubted(claim: Claim) -> Claim:
    """Return a claim as a section where too few reasons support a record."""
    if claim.where != "sheet" or claim.confidence >= _HALF:
        return claim
    return claim.model_copy(update={"kind": "section", "where": "heading", "level": _DOUBTFUL_LEVEL})


def _cut_sheet(sheet: Sheet, headings: Sequence[int]) -> Sheet:
    """Return a sheet up to the first heading behind its title."""
    last = max(sheet.title_lines[-1], sheet.number_line or 0)
    end = min((line for line in headings if last < line < sheet.end), default=sheet.end)
    fields = [
        replace(field, lines=tuple(line for line in field.lines if line < end))
        for field in sheet.fields if field.label.line < end
    ]  # fmt: skip
    return replace(sheet, end=end, fields=tuple(fields))


def _record_claim(
    kind: ItemKind, number: Printed | None, title: str, page: int, where: str, fields: tuple[ClaimedField, ...],
    stated: Statements, **more: object,
) -> Claim:  # fmt: skip
    return Claim.model_validate({
        "kind": kind.value, "number": number.ref if number else None, "title": title[:600] or "–", "page": page,
        "where": where, "fields": fields, "units": tuple(unit[:600] for unit in stated.units),
        "partners": stated.partners, "period": stated.period, "cost": (stated.cost or "")[:600] or None,
        "priority": stated.priority, "status": stated.status_text, "parent": (stated.theme or "")[:600] or None, **more,
    })  # fmt: skip


def with_bracketed_units(claims: Sequence[Claim]) -> list[Claim]:
    """Return claims; brackets with which most titles of records end, and that name offices, are their units."""
    records = [claim for claim in claims if claim.kind in ("measure", "project")]
    endings = {id(claim): match for claim in records if (match := _BRACKETED.search(claim.title))}
    offices = [claim for claim in records if id(claim) in endings and names_offices(endings[id(claim)][1])]
    if len(offices) < 3 or len(offices) < _MOSTLY * len(records):
        return list(claims)
    return [_without_bracket(claim, endings[id(claim)]) if claim in offices else claim for claim in claims]


def _without_bracket(claim: Claim, match: re.Match[str]) -> Claim:
    title = claim.title[: match.start()].rstrip()
    field = ClaimedField(label="", text=match[1], meaning="responsible")
    return claim.model_copy(update={
        "title": title or claim.title,
        "units": claim.units or named_units(match[1]).leading,
        "fields": (*claim.fields, field),
    })  # fmt: skip


def _trim(text: str, span: Span) -> tuple[str, Span]:
    """Return the text of a span without white space, bars and colons at its edges, and the span of that."""
    start, end = span
    while start < end and (text[start].isspace() or text[start] in ":|–—"):
        start += 1
    while end > start and (text[end - 1].isspace() or text[end - 1] in "|·"):
        end -= 1
    return text[start:end], Span(start, end)


def _short(text: str) -> str:
    """Return the first sentence, cut at a word where it is long."""
    sentence = _SENTENCE_END.split(text.strip(), maxsplit=1)[0]
    if len(sentence) <= _TITLE:
        return sentence
    return sentence[:_TITLE].rsplit(" ", 1)[0].rstrip(",;") + " …"


def _kind_in_label(text: str) -> ItemKind | None:
    kind = kind_of_word(text)
    return kind if kind in (ItemKind.PROJECT, ItemKind.MEASURE) else None


def _common_prompts(sheets: Sequence[Sheet], lines: Sequence[Line]) -> dict[str, frozenset[str]]:
    """Return the lines with which the values of a label begin on most sheets, by label: questions and remarks."""
    texts: dict[str, Counter[str]] = defaultdict(Counter)
    counts: Counter[str] = Counter()
    for sheet in sheets:
        for field in sheet.fields:
            counts[field.label.key] += 1
            for place in field.lines[:-1][:_PROMPT_LINES]:  # the last line is the value, or the end of it
                own = lines[place].text
                texts[field.label.key][own[field.start :] if place == field.lines[0] and field.start else own] += 1
    return {
        key: frozenset(text for text, count in own.items() if count >= max(3, _COMMON * counts[key]) and len(text) > 12)
        for key, own in texts.items()
    }


def _without_prompt(field: SheetField, lines: Sequence[Line], prompts: Collection[str]) -> tuple[SheetField, str]:
    """Return a field without the lines at its beginning that all sheets print, and these."""
    dropped: list[str] = []
    places, start = list(field.lines), field.start
    while places:
        own = lines[places[0]].text[start:] if start else lines[places[0]].text
        if own not in prompts:
            break
        dropped.append(own)
        places.pop(0)
        start = None
    return replace(field, lines=tuple(places), start=start), " ".join(dropped)
