"""Records that stand, and headings, become a document's items and chunks: each character belongs to one of them.

A record reaches from the first of its texts to the next record or heading; the row of an overview belongs to its
record. What stands between is a section under its heading. A heading without text of its own is no entry.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from itertools import groupby
from string import ascii_lowercase

from ingest.check import Standing, bare_number
from ingest.chunks import cut_chunks
from ingest.claims import ClaimedHeading
from ingest.extractors.items import Passage
from ingest.joining import plain_ref
from ingest.keys import Keys
from ingest.merging import Merged, Record, stated
from ingest.plan.statuses import status_of
from ingest.plan.terms import meaning
from ingest.values.items import with_values
from ingest.verbatim import PrintedText, Span, folded
from vectorstore.records import (
    Chunk,
    Conflict,
    ConflictValue,
    Field,
    Item,
    ItemKind,
    ParsedDocument,
    RefTitle,
)

_UPPER = (ItemKind.THEME, ItemKind.GOAL)
_BELOW_HEADINGS = 10  # level of a theme or goal that is no heading of its own
_LETTER = re.compile(r"[^\W_]")
_FRONT = "Titel"


@dataclass(slots=True)
class Station:
    """Where a stretch of the text begins, and what it belongs to: a heading, a record, or a record's row."""

    start: int
    end: int
    heading: ClaimedHeading | None = None
    title: Span = field(default_factory=lambda: Span(0, 0))
    record: Record | None = None
    is_row: bool = False
    key: str = ""
    body: str = ""
    suffix: str = ""

    @property
    def kind(self) -> ItemKind:
        """What sort of item it makes."""
        return ItemKind(self.record.own.claim.kind) if self.record else ItemKind.SECTION


def assembled(
    parsed: ParsedDocument, paper: PrintedText, merged: Merged, headings: Sequence[tuple[ClaimedHeading, Span]]
) -> tuple[list[Item], tuple[Chunk, ...]]:
    """Return the items and chunks of a document."""
    return _Assembler(parsed, paper, merged, headings).assembled()


@dataclass(slots=True)
class _Above:
    level: int
    name: str
    item: Item | None


class _Assembler:
    def __init__(
        self,
        parsed: ParsedDocument,
        paper: PrintedText,
        merged: Merged,
        headings: Sequence[tuple[ClaimedHeading, Span]],
    ) -> None:
        self._document, self._paper, self._text = parsed.document, paper, parsed.document.text
        self._covered = _union(Span(one.start, one.end) for one in parsed.chunks)
        self._stations = _stations(merged.records, headings, paper)
        self._keys = Keys()
        self._items: list[Item] = []
        self._above: list[_Above] = []
        self._passages: list[Passage] = []

    def assembled(self) -> tuple[list[Item], tuple[Chunk, ...]]:
        own = [one for one in self._stations if not one.is_row]
        for one in own:
            one.body = self._body(one)
        self._keys.make(_FRONT)
        _letter(own)
        for one in own:
            if one.record is not None or _LETTER.search(one.body):
                one.key = self._keys.make(_ref(one, self._text))
                self._items.append(self._item(one))
            elif one.heading is not None:
                self._rise(one)
                self._above.append(_Above(one.heading.level, _title(one, self._text), None))
        self._add_passages(own)
        opening = next((one.end for one in self._passages if one.key == _FRONT), min(len(self._text), 2000))
        items = with_values(self._with_front(), self._text, self._text[:opening])
        order = {item.key: item.order for item in items}
        passages = sorted(self._passages, key=lambda one: (order.get(one.key, 0), one.start))
        return items, cut_chunks(self._document.id, self._text, passages)

    def _body(self, one: Station) -> str:
        """Return the text of a station without its heading, contents and rows of other records."""
        rows = [other for other in self._stations if other.is_row and one.start <= other.start < one.end]
        begin = one.title.end if one.heading or one.title.start <= one.start + 40 else one.start
        parts = self._parts(Span(begin, one.end), [Span(row.start, row.end) for row in rows])
        return "\n\n".join(filter(None, (self._text[part.start : part.end].strip(" \t\n:") for part in parts)))

    def _parts(self, within: Span, without: Sequence[Span] = ()) -> list[Span]:
        """Return the stretches of a span that belong to chunks, some left out."""
        parts = [
            Span(max(one.start, within.start), min(one.end, within.end))
            for one in self._covered
            if one.start < within.end and one.end > within.start
        ]
        for gap in without:
            parts = [
                piece
                for part in parts
                for piece in (Span(part.start, min(part.end, gap.start)), Span(max(part.start, gap.end), part.end))
                if piece.start < piece.end
            ]
        return [one for one in parts if one.start < one.end]

    def _item(self, one: Station) -> Item:
        self._rise(one)
        page = self._page(one.title.start)
        heading = self._text[min(one.start, one.title.start) : one.title.end].strip()
        if one.record is not None and len(heading) > one.title.end - one.title.start + 40:
            heading = self._text[one.title.start : one.title.end]
        item = Item(
            document_id=self._document.id,
            key=one.key,
            ref=_ref(one, self._text),
            kind=one.kind,
            title=_title(one, self._text),
            order=len(self._items) + 1,
            heading=heading,
            body=one.body,
            start=one.start,
            end=one.end,
            path=tuple(above.name for above in self._above),
            page=page[0],
            page_label=page[1],
        )
        parent = self._parent(one) if one.record else None
        parent = parent or next((above.item for above in reversed(self._above) if above.item), None)
        if parent is not None:
            name = RefTitle(parent.ref, parent.title)
            item = replace(
                item,
                parent=parent.key,
                theme=name if parent.kind is ItemKind.THEME else parent.theme,
                goal=name if parent.kind is ItemKind.GOAL else parent.goal,
            )
        if one.record is not None:
            item = self._with_fields(item, one.record)
        if one.heading is not None or item.kind in _UPPER:
            self._above.append(_Above(_level(one, parent, self._above), _name(item), item))
        return item

    def _rise(self, one: Station) -> None:
        """Leave the headings that end where this one begins."""
        level = one.heading.level if one.heading else None
        while self._above and (
            (level is not None and self._above[-1].level >= level)
            or (level is None and one.kind in _UPPER and self._above[-1].level >= _BELOW_HEADINGS)
        ):
            self._above.pop()

    def _parent(self, one: Station) -> Item | None:
        """Return the record that a record is claimed to stand under, the nearest one before it."""
        said = one.record.own.claim.parent if one.record else None
        if not said:
            return None
        ref, name = plain_ref(bare_number(said)), folded(said)
        return next(
            (
                item
                for item in reversed(self._items)
                if item.kind is not ItemKind.SECTION
                and (
                    plain_ref(item.ref) == ref
                    or folded(item.title) == name
                    or folded(f"{item.ref}{item.title}") == name
                )
            ),
            None,
        )

    def _with_fields(self, item: Item, record: Record) -> Item:
        own, row = record.own, record.row
        fields = self._fields(own)
        if row is not None and row is not own:
            known = {one.field or folded(one.label) for one in fields}
            fields += [one for one in self._fields(row) if (one.field or folded(one.label)) not in known]
        status = status_of(stated(own, "status", self._paper)) or (
            status_of(stated(row, "status", self._paper)) if row else None
        )
        block = self._paper.block(row.title.start) if row else None
        return replace(
            item,
            fields=tuple(fields),
            status=status,
            responsible=self._units(own) or (self._units(row) if row else ()),
            cooperation=self._told(record, "partners"),
            period=self._told(record, "period"),
            cost=self._told(record, "cost"),
            priority=self._told(record, "priority"),
            description=_joined(fields, "description"),
            state=_joined(fields, "state"),
            table_title=" ".join(self._text[row.title.start : row.title.end].split()) if row else None,
            table_row=self._text[block.start : block.end] if block else None,
            table_start=block.start if block else None,
            conflicts=tuple(self._conflict(record, name) for name in record.differing),
        )

    def _fields(self, one: Standing) -> list[Field]:
        return [
            Field(
                said.label,
                self._text[span.start : span.end],
                meaning(said.label),
                self._page(span.start)[0],
                span.start,
            )
            for said, span in one.fields
        ]

    def _units(self, one: Standing) -> tuple[str, ...]:
        return tuple(dict.fromkeys(" ".join(self._text[span.start : span.end].split()) for span in one.units))

    def _told(self, record: Record, name: str) -> str | None:
        row = stated(record.row, name, self._paper) if record.row else ""
        return stated(record.own, name, self._paper) or row or None

    def _conflict(self, record: Record, name: str) -> Conflict:
        meant = "responsible" if name == "units" else name
        row = record.row or record.own
        first, second = stated(record.own, name, self._paper), stated(row, name, self._paper)
        pages = self._page(record.own.title.start)[0], self._page(row.title.start)[0]
        values = (ConflictValue(first, pages[0], "sheet"), ConflictValue(second, pages[1], "overview"))
        return Conflict(meant, first, second, values)

    def _add_passages(self, own: Sequence[Station]) -> None:
        """Give every stretch of the text to an item: that of an empty heading to the next one."""
        rows = [one for one in self._stations if one.is_row]
        kept = {id(one.record): one.key for one in own if one.record}
        edges = [(0, _FRONT)]
        following = ""
        for one in reversed(own):
            following = one.key or following
            one.key = one.key or following or (self._items[-1].key if self._items else _FRONT)
        edges += [(one.start, one.key) for one in own]
        gaps = [Span(row.start, row.end) for row in rows]
        for (start, key), end in zip(edges, [*(at for at, _ in edges[1:]), len(self._text)], strict=True):
            self._pass(key, self._parts(Span(start, end), gaps))
        for row in rows:
            self._pass(kept[id(row.record)], self._parts(Span(row.start, row.end)))

    def _pass(self, key: str, parts: Iterable[Span]) -> None:
        item = next((one for one in self._items if one.key == key), None)
        upper = [one.title for one in (item.theme, item.goal) if one] if item else []
        for part in parts:
            text = self._text[part.start : part.end]
            start, end = part.start + len(text) - len(text.lstrip()), part.start + len(text.rstrip())
            if start < end:
                self._passages.append(Passage(key, start, end, tuple(upper or (item.path if item else ()))))

    def _with_front(self) -> list[Item]:
        """Return the items, before them what stands before the first."""
        own = [one for one in self._passages if one.key == _FRONT]
        if not own:
            return [replace(item, order=place) for place, item in enumerate(self._items)]
        page, label = self._page(own[0].start)
        front = Item(
            document_id=self._document.id,
            key=_FRONT,
            ref=_FRONT,
            kind=ItemKind.SECTION,
            title=self._document.title,
            order=0,
            heading="",
            body="\n\n".join(self._text[one.start : one.end] for one in own),
            start=own[0].start,
            end=own[-1].end,
            page=page,
            page_label=label,
        )
        return [front, *self._items]

    def _page(self, place: int) -> tuple[int | None, str | None]:
        page = self._document.page_at(place)
        return (page.number, page.label or None) if page else (None, None)


def _stations(
    records: Sequence[Record], headings: Sequence[tuple[ClaimedHeading, Span]], paper: PrintedText
) -> list[Station]:
    """Return where everything begins, in order; a heading inside of a record, or that is one, is none of its own."""
    found: list[Station] = []
    ends = sorted(span.end for _, span in headings)
    last = 0
    for record in records:
        own = record.own
        behind = ends[bisect_right(ends, own.title.start) - 1] if ends and ends[0] <= own.title.start else 0
        least = max(last, behind)
        first = min((span.start for span in own.spans if span.start >= least), default=own.title.start)
        start = max(paper.block(first).start, least)
        last = max(span.end for span in own.spans)
        found.append(Station(start, last, title=own.title, record=record))
    taken = [Span(one.start, one.end) for one in found]
    titles = {id(one): one.title for one in found}
    for heading, span in headings:
        same = next((one for one in found if id(one) in titles and _overlap(one.title, span)), None)
        if same is not None:
            same.heading = heading
        elif not any(one.start < span.start < one.end for one in taken):
            found.append(Station(paper.block(span.start).start, span.end, heading, span))
    found.sort(key=lambda one: one.start)
    for one, end in zip(found, [*(one.start for one in found[1:]), len(paper.text)], strict=False):
        one.end = end
    return sorted([*found, *_rows(records, paper)], key=lambda one: one.start)


def _rows(records: Sequence[Record], paper: PrintedText) -> list[Station]:
    rows = []
    for record in records:
        if record.row is not None and record.row is not record.own:
            block = paper.block(record.row.title.start)
            rows.append(Station(block.start, block.end, title=record.row.title, record=record, is_row=True))
    first = {one.start: one for one in reversed(rows)}
    return list(first.values())


def _overlap(one: Span, other: Span) -> bool:
    return one.start < other.end and other.start < one.end


def _union(spans: Iterable[Span]) -> list[Span]:
    """Return spans in order, those that touch as one."""
    result: list[Span] = []
    for one in sorted(spans):
        if result and one.start <= result[-1].end + 2:
            result[-1] = Span(result[-1].start, max(one.end, result[-1].end))
        else:
            result.append(one)
    return result


def _letter(stations: Sequence[Station]) -> None:
    """Tell records apart that follow one another under one number: "1.1~a", "1.1~b"."""
    records = [one for one in stations if one.record is not None and one.record.own.ref]
    for _, group in groupby(records, key=lambda one: (one.kind, one.record.own.ref if one.record else "")):
        members = list(group)
        for place, one in enumerate(members if len(members) > 1 else ()):
            one.suffix = f"~{ascii_lowercase[place % len(ascii_lowercase)]}"


def _ref(one: Station, text: str) -> str:
    if one.record is not None and one.record.own.number is not None:
        number = one.record.own.number
        return " ".join(text[number.start : number.end].split()) + one.suffix
    if one.heading is not None and one.heading.number and not one.record:
        return bare_number(one.heading.number)
    return _title(one, text)


def _title(one: Station, text: str) -> str:
    """Return the title as printed; capitals are spelled as the reader spelled them."""
    printed = " ".join(text[one.title.start : one.title.end].split())
    claimed = one.record.own.claim.title if one.record else one.heading.title if one.heading else printed
    return claimed if printed.isupper() and not claimed.isupper() else printed


def _name(item: Item) -> str:
    return item.title if item.ref == item.title else f"{item.ref} {item.title}"


def _level(one: Station, parent: Item | None, above: Sequence[_Above]) -> int:
    if one.heading is not None:
        return one.heading.level
    return next((up.level + 1 for up in reversed(above) if up.item is parent and parent), _BELOW_HEADINGS)


def _joined(fields: Sequence[Field], name: str) -> str | None:
    return "\n\n".join(one.text for one in fields if one.field == name) or None
