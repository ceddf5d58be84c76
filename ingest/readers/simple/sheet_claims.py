"""Claims of sheets: their titles, numbers and labelled values, and how surely each is a record."""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import replace

from ingest.readers.claims import Claim, ClaimedField, Span
from ingest.readers.lexicon import guess_field
from ingest.readers.lexicon import meaning as known_meaning
from ingest.readers.numbers import Printed
from ingest.readers.simple.fields import SheetField
from ingest.readers.simple.kinds import kind_of_word
from ingest.readers.simple.sheets import Sheet
from ingest.readers.simple.titles import normalize_title, trim
from ingest.rendering import Rendering
from ingest.stream import Line, Style
from ingest.values.units import names_offices
from vectorstore.records import ItemKind

_SHEET_LEVEL, _DOUBTFUL_LEVEL = 80, 79
_HALF = 0.5  # share of the reasons, and of the labels, from which a sheet is a record
_CHOSEN = ("period", "cost")  # fields whose values recur as choices: "kurzfristig", "keine Kosten"
_TELLING = ("responsible", "partners", "period", "cost", "status", "state", "priority")
_PROMPT = 12  # characters of a question or remark, at least
_PROMPT_LINES, _COMMON = 6, 0.5  # lines of a question below a label, and share of the sheets that print it
_OPEN_END = re.compile(r"[-,/&]$|(?<!\w)(?:für|und|der|des|von|vom|im|am|z\.\s?B\.)$")
_BRACKETED = re.compile(r"\s*\(([^()]{2,60})\)$")
_MOSTLY = 0.6  # share of the titles that end with units in brackets


class SheetClaims:
    """Makes the claims of the sheets of one document; `known` are titles that it lists, `body` is its body text."""

    def __init__(
        self, lines: Sequence[Line], rendering: Rendering, known: Collection[str], body: Style, title: str
    ) -> None:
        self._lines, self._rendering, self._known, self._body, self._title = lines, rendering, known, body, title

    def make(self, sheets: Sequence[Sheet], meant: Mapping[str, str | None]) -> Iterator[Claim]:
        """Yield a claim for each sheet; `meant` is what each label of the document means."""
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
            title = self._rendering.span_of(sheet.title_lines)
            title = Span(title.start + sheet.title_start, title.end)
            text, title = trim(self._rendering.text, title)
            head = title
            if number is not None and sheet.number_line is not None:
                span = self._rendering.spans[sheet.number_line]
                between = self._rendering.text[span.end : title.start] if span.end <= title.start else "x"
                head = (
                    Span(span.start, title.end)
                    if not between.strip() or span.start <= title.start <= span.end
                    else title
                )
            first = self._rendering.spans[sheet.first].start
            end = self._rendering.spans[sheet.end - 1].end if sheet.end > sheet.first else title.end
            fields = [self._field(field, meant, prompts) for field in sheet.fields]
            kept = tuple(claimed for claimed in fields if claimed.text)
            yield _record_claim(
                kind, number, text, self._lines[sheet.title_lines[0]].page + 1, "sheet", kept,
                head=head, title_span=title, extent=Span(min(first, head.start), max(end, head.end)),
                level=_SHEET_LEVEL, confidence=self._confidence(sheet, text, kept),
            )  # fmt: skip

    def _confidence(self, sheet: Sheet, title: str, fields: Sequence[ClaimedField]) -> float:
        """Return how many of four reasons a sheet has to be a record, as a share.

        It has a number in a series, half of its kind's labels, a title that is set off or listed, a telling field.
        """
        style = self._lines[sheet.title_lines[0]].style
        reasons = (
            sheet.number is not None,
            sheet.share >= _HALF,
            normalize_title(title) in self._known or style.is_heavier(self._body),
            any(field.meaning in _TELLING for field in fields),
        )
        return sum(reasons) / len(reasons)

    def _field(
        self,
        field: SheetField,
        meant: Mapping[str, str | None],
        prompts: Mapping[str, frozenset[str]],
    ) -> ClaimedField:
        field, prompt = _without_prompt(field, self._lines, prompts.get(field.label.key, frozenset()))
        lines = field.lines
        if not lines:
            span = Span(0, 0)
        elif field.start is not None:
            first = self._rendering.spans[lines[0]]
            end = max(self._rendering.spans[place].end for place in lines)
            span = Span(min(first.start + field.start, end), end)
        else:
            span = self._rendering.span_of(lines)
        text, span = trim(self._rendering.text, span)
        meaning = meant.get(field.label.text) or (known_meaning(f"{field.label.text} {prompt}") if prompt else None)
        label = self._rendering.span_of(field.label.lines)
        return ClaimedField(
            label=field.label.text[:600], text=text[:20_000], meaning=meaning, label_span=label, span=span,
            lines=self._entries(field, text),
        )  # fmt: skip

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


def _record_claim(
    kind: ItemKind, number: Printed | None, title: str, page: int, where: str, fields: tuple[ClaimedField, ...],
    **more: object,
) -> Claim:  # fmt: skip
    return Claim.model_validate({
        "kind": kind.value, "number": number.ref if number else None, "title": title[:600] or "–", "page": page,
        "where": where, "fields": fields, **more,
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
    return claim.model_copy(update={"title": title or claim.title, "fields": (*claim.fields, field)})


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
        key: frozenset(
            text
            for text, count in own.items()
            if count >= max(3, _COMMON * counts[key]) and len(text) > _PROMPT and guess_field([text] * 3) not in _CHOSEN
        )
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
