"""Sheets that stand, and headings, become items, and rows of overviews candidates, in the form that merging takes.

A record reaches from the first of its texts to the next record or heading. What stands between is a section under its
heading; a heading without text of its own is no entry. Each character belongs to one item.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import groupby, pairwise
from string import ascii_lowercase
from typing import Any, TypeVar

from ingest.check import Standing, bare_number, is_bullet
from ingest.claims import ClaimedHeading
from ingest.extractors.items import Draft, Passage
from ingest.extractors.kinds import short
from ingest.extractors.tables import Witness
from ingest.joining import ListRow
from ingest.keys import RECORDS, Keys, plain_ref
from ingest.plan.form import load_plan
from ingest.plan.words import is_status_heading, meaning, status_of
from ingest.tables import Table, TableRow
from ingest.values.units import NamedUnits, named_units, units
from ingest.verbatim import PrintedText, Span, folded
from vectorstore.records import Document, Field, Item, ItemKind, ItemStatus, RefTitle

T = TypeVar("T")
FRONT = "Titel"
_UPPER = (ItemKind.THEME, ItemKind.GOAL)
_BELOW_HEADINGS = 10  # level of a theme or goal that is no heading of its own
_NEAR = 40  # characters before a title that belong to its heading at most
_LETTER = re.compile(r"[^\W_]")
_PART = re.compile(r"[A-H]\.?$")
_TICK = re.compile(r"[xX×✓✔☑☒●■]")


@dataclass(frozen=True, slots=True)
class _Group:
    """Where records of one status stand together, and the heading that says so."""

    place: Span
    status: ItemStatus
    heading: str


@dataclass(slots=True)
class _Station:
    """Where a stretch of the text begins and ends, and what it belongs to: a heading, a record, both.

    Neither stands behind a point of a list: that stretch belongs to what the point stands below.
    """

    start: int
    end: int
    title: Span
    heading: ClaimedHeading | None = None
    record: Standing | None = None

    @property
    def kind(self) -> ItemKind:
        """What sort of item it makes."""
        return ItemKind(self.record.claim.kind) if self.record else ItemKind.SECTION


@dataclass(frozen=True, slots=True)
class _Above:
    """A heading or record that holds what follows; `part` is its letter, which the numbers below begin with."""

    level: int
    name: str
    item: Item | None = None
    part: str = ""


class Drafted:
    """The items of one document by what a model said of it; `owners` says under which item each stretch begins."""

    def __init__(
        self,
        document: Document,
        paper: PrintedText,
        covered: Sequence[Span],
        sheets: Sequence[Standing],
        rows: Sequence[Standing],
        headings: Sequence[tuple[ClaimedHeading, Span]],
    ) -> None:
        self.document_id, self.keys, self.draft = document.id, Keys(), Draft()
        self._document, self._paper, self._text = document, paper, document.text
        self._plan = load_plan(document.plan or "")
        self._covered = list(_joined(covered))
        self._rows = _places(rows, paper)
        self._groups = list(_groups(sheets, headings, paper))
        self._suffixes = {**_suffixes(sheets), **_suffixes(rows)}
        self._points: Counter[str] = Counter()
        self._printed: dict[str, str] = {}
        self._above: list[_Above] = []
        self.keys.make(FRONT)
        self.owners = {0: FRONT}
        self._stations = _stations(sheets, headings, list(self._rows.values()), paper)
        self._visit()
        gone = [one for one in rows if self._status(one) is ItemStatus.ARCHIVED]
        self.archive = [self.listed(one) for one in gone]
        self.witnesses = self._witnesses([one for one in rows if one not in gone])

    @property
    def items(self) -> list[Item]:
        """The items in the order of the paper."""
        return self.draft.items

    def page_of(self, offset: int) -> tuple[int | None, str | None]:
        """Return PDF page and printed page of an offset, None where there are none."""
        page = self._document.page_at(offset)
        return (page.number, page.label or None) if page else (None, None)

    def listed(self, one: Standing) -> ListRow:
        """Return a row of an overview, or an entry of the contents, as merging takes it."""
        place = self._rows.get(id(one)) or _row(one, self._paper)
        holder = _last(self.items, lambda item: item.start <= place.start < item.end)
        self.owners.setdefault(place.start, holder.key if holder else FRONT)
        caption = "\n".join((*holder.path, _name(holder))) if holder else ""
        said = self._said(one)
        fields = tuple(replace(field, start=field.start - place.start) for field in said.pop("fields"))
        del said["status_heading"]
        return ListRow(
            ref=self._number(one),
            title=_title(one.title, one.claim.title, self._text),
            row=TableRow([], self._between(place), self._paper.page_of(place.start) or 1, place.start),
            table=Table([], "", caption=caption),
            kind=ItemKind(one.claim.kind),
            parent=getattr(self._parent(one) or holder, "key", FRONT),
            theme=next((field.text for field in fields if field.field == "theme"), None),
            fields=fields,
            **said,
        )

    def finished(self, items: Sequence[Item]) -> list[Passage]:
        """Return the passages of the items that merging made: rows with their records, all else where it stands."""
        known = {one.key: one for one in items}
        starts = {one.table_start: one for one in items if one.table_start is not None}
        passages = [Passage(one.key, at, at + len(one.table_row or ""), _context(one)) for at, one in starts.items()]
        rows = [Span(one.start, one.end) for one in passages]
        edges = [*sorted({0, *(one.start for one in self._stations)}), len(self._text)]
        for start, end in pairwise(edges):
            key = self.owners[start]
            for part in self._parts(Span(start, end), rows):
                text = self._between(part)
                first, last = part.start + len(text) - len(text.lstrip()), part.start + len(text.rstrip())
                if first < last:
                    passages.append(Passage(key, first, last, _context(known.get(key))))
        order = {item.key: item.order for item in items}
        return sorted(passages, key=lambda one: (order.get(one.key, -1), one.start))

    def front(self, passages: Sequence[Passage]) -> Item | None:
        """Return what stands before the first item, None where nothing does."""
        own = [Span(one.start, one.end) for one in passages if one.key == FRONT]
        if not own:
            return None
        page, label = self.page_of(own[0].start)
        body = "\n\n".join(map(self._between, own))
        return Item(
            document_id=self.document_id, key=FRONT, ref=FRONT, kind=ItemKind.SECTION, title=self._document.title,
            order=-1, heading="", body=body, start=own[0].start, end=own[-1].end, page=page, page_label=label,
        )  # fmt: skip

    def _visit(self) -> None:
        """Make an item of every station; the text of an empty heading belongs to the next one."""
        waiting: list[int] = []
        for one in self._stations:
            if any(one.title.start == group.place.start for group in self._groups):
                holder = self._holder() or next(reversed(self.items), None)
                self.owners[one.start] = holder.key if holder else FRONT
                continue
            if one.record is None and one.heading is None:
                self._give_back(one)
                continue
            body = self._body(one)
            waiting.append(one.start)
            heads = any(one.start < row.start < one.end for row in self._rows.values())  # of a table, which are no text
            prose = "\n".join(line for line in body.splitlines() if not (heads and "\t" in line))
            if one.record is None and one.heading is not None and not _LETTER.search(prose):
                self._rise(one)
                number, name = (one.heading.number or "").strip(), _title(one.title, one.heading.title, self._text)
                part = number.strip(" .") if _PART.match(number) else ""
                self._above.append(_Above(one.heading.level, name, part=part))
                continue
            self.items.append(self._item(one, body))
            self.owners.update(dict.fromkeys(waiting, self.items[-1].key))
            waiting = []
        self.owners.update(dict.fromkeys(waiting, self.items[-1].key if self.items else FRONT))

    def _give_back(self, rest: _Station) -> None:
        """Give what stands behind a point to the record that the point stands below."""
        point = self.items[-1]
        self.owners[rest.start] = point.parent or point.key
        parts = self._parts(Span(rest.start, rest.end), list(self._rows.values()))
        text = "\n\n".join(self._between(part).strip() for part in parts)
        at = next((at for at, item in enumerate(self.items) if item.key == point.parent and text), None)
        if at is not None:
            body = f"{self.items[at].body}\n\n{text}".strip()
            self.items[at] = replace(self.items[at], body=body, end=rest.end)

    def _body(self, one: _Station) -> str:
        """Return the text of a station without its heading, contents and rows of overviews.

        A title that is a sentence of the text stays in it.
        """
        begin = one.title.end if one.heading or one.title.start <= one.start + _NEAR else one.start
        if one.record and not one.heading and set(self._text[one.title.end - 1 : one.title.end + 1]) & set(".!?"):
            begin = one.title.start
        rows = [row for row in self._rows.values() if not row.start <= one.title.start < row.end]
        parts = (self._between(part).strip(" \t\n:") for part in self._parts(Span(begin, one.end), rows))
        return "\n\n".join(filter(None, parts))

    def _between(self, place: Span) -> str:
        return self._text[place.start : place.end]

    def _parts(self, within: Span, without: Iterable[Span]) -> list[Span]:
        """Return the stretches of a span that belong to chunks, some left out."""
        parts = [part for one in self._covered if (part := _common(one, within))]
        for gap in without:
            around = (Span(within.start, gap.start), Span(gap.end, within.end))
            parts = [piece for part in parts for side in around if (piece := _common(part, side))]
        return parts

    def _item(self, one: _Station, body: str) -> Item:
        self._rise(one)
        page, label = self.page_of(one.title.start)
        heading = self._between(Span(min(one.start, one.title.start), one.title.end)).strip()
        if one.record is not None and len(heading) > one.title.end - one.title.start + _NEAR:
            heading = self._between(one.title)
        parent = (self._parent(one.record) if one.record else None) or self._holder()
        upper = {parent.kind: RefTitle(parent.ref, parent.title)} if parent else {}
        claimed = one.record.claim if one.record else one.heading
        title = _title(one.title, claimed.title if claimed else "", self._text)
        title = short(title) if one.kind is ItemKind.RESOLUTION else title
        if one.record is not None:
            ref = self._number(one.record) or self._point(one, parent) or title
        else:
            ref = (bare_number(one.heading.number) if one.heading else "") or title
        item = Item(
            document_id=self.document_id,
            key=self.keys.make(ref),
            ref=ref,
            kind=one.kind,
            title=title,
            order=len(self.items),
            heading=heading,
            body=body,
            start=one.start,
            end=one.end,
            path=tuple(above.name for above in self._above),
            parent=parent.key if parent else None,
            theme=upper.get(ItemKind.THEME) or (parent.theme if parent else None),
            goal=upper.get(ItemKind.GOAL) or (parent.goal if parent else None),
            page=page,
            page_label=label,
            **(self._said(one.record) if one.record else {}),
        )
        if one.record is not None:
            self._printed[item.key] = one.record.ref
        if one.heading is not None or item.kind in _UPPER:
            under = _last(self._above, lambda up: parent is not None and up.item is parent)
            level = one.heading.level if one.heading else under.level + 1 if under else _BELOW_HEADINGS
            self._above.append(_Above(level, _name(item), item))
        return item

    def _rise(self, one: _Station) -> None:
        """Leave the headings that end where this one begins."""
        level = one.heading.level if one.heading else _BELOW_HEADINGS if one.kind in _UPPER else None
        if one.kind is ItemKind.THEME and not one.heading:  # no part of a chapter's section that says something itself
            level = next((up.level for up in self._above if up.level > 1 and up.item is not None), level)
        while level is not None and self._above and self._above[-1].level >= level:
            self._above.pop()

    def _holder(self) -> Item | None:
        return next((above.item for above in reversed(self._above) if above.item), None)

    def _parent(self, one: Standing) -> Item | None:
        """Return the record that a record is claimed to stand under, the nearest one before it."""
        ref, name = plain_ref(bare_number(one.claim.parent)), folded(one.claim.parent or "")

        def is_named(item: Item) -> bool:
            numbered = ref in (plain_ref(item.ref), self._printed.get(item.key))
            return numbered or name in (folded(item.title), folded(f"{item.ref}{item.title}"))

        return _last(self.items, lambda item: item.kind is not ItemKind.SECTION and is_named(item)) if name else None

    def _said(self, one: Standing) -> dict[str, Any]:
        """Return what a record says of itself, by the names that items and rows have for it."""
        fields = [
            Field(said.label, self._between(at), self._meaning(said.label), self.page_of(at.start)[0], at.start)
            for said, at in one.fields
        ]
        told: dict[str, Any] = {name: self._between(at) for name, at in one.texts.items() if name != "status"}
        who = _who(fields, map(self._between, one.units), told.pop("partners", ""))
        for name in ("description", "state"):
            told[name] = _joined_fields(fields, name) or None
        group = self._group(one)
        return {
            **dict.fromkeys(("period", "cost", "priority")),
            **told,
            "fields": tuple(fields),
            "status": self._status(one),
            "status_heading": group.heading if group else None,
            "responsible": who.leading,
            "cooperation": ", ".join(who.taking_part) or None,
        }

    def _meaning(self, label: str) -> str | None:
        """Return the field that a label means: in this paper, by its plan, else anywhere."""
        return self._plan.field_of(label) or meaning(label)

    def _group(self, one: Standing) -> _Group | None:
        """Return the group of a status in which a project or measure stands."""
        mine = (group for group in self._groups if group.place.start <= one.title.start < group.place.end)
        return next(mine, None) if ItemKind(one.claim.kind) in RECORDS else None

    def _status(self, one: Standing) -> ItemStatus | None:
        """Return the status that a record tells, be it by a tick, else that of the heading under which it stands."""
        span, group = one.texts.get("status"), self._group(one)
        ticked = (said.label for said, at in one.fields if _TICK.fullmatch(self._between(at)))
        told = (status_of(text) for text in ([self._between(span)] if span else []) + [*ticked])
        return next(filter(None, told), group.status if group else None)

    def _number(self, one: Standing) -> str:
        if one.number is None:
            return ""
        printed = " ".join(self._between(one.number).split())
        part = next((above.part for above in reversed(self._above) if above.part), "")
        part = f"{part}." if one.claim.where == "sheet" and part and not printed.startswith(part) else ""
        return part + printed + self._suffixes.get(id(one), "")

    def _point(self, one: _Station, parent: Item | None) -> str:
        """Return the number of a bullet below a numbered record, counted through it; "" for another record."""
        if parent is None or parent.ref == parent.title or not is_bullet(one.title, self._paper):
            return ""
        self._points[parent.key] += 1
        return f"{parent.ref}.{self._points[parent.key]}"

    def _witnesses(self, rows: Sequence[Standing]) -> list[Witness]:
        """Return the rows of overviews: measures and projects are one list, each other kind is another."""
        lists: dict[ItemKind, list[ListRow]] = {}
        for row in map(self.listed, rows):
            lists.setdefault(ItemKind.MEASURE if row.kind in RECORDS else row.kind, []).append(row)
        return [Witness("overview", [one.table for one in own], own, kind, True) for kind, own in lists.items()]


def _stations(
    sheets: Sequence[Standing],
    headings: Sequence[tuple[ClaimedHeading, Span]],
    rows: Sequence[Span],
    paper: PrintedText,
) -> list[_Station]:
    """Return where everything begins, in order; a heading inside of a record, or that is one, is none of its own."""
    found: list[_Station] = []
    ends = sorted(span.end for span in (*rows, *(span for _, span in headings)))
    last = 0
    for own in sheets:
        behind = ends[bisect_right(ends, own.title.start) - 1] if ends and ends[0] <= own.title.start else 0
        least = max(last, behind)
        first = min((span.start for span in own.spans if span.start >= least), default=own.title.start)
        last = max(span.end for span in own.spans)
        found.append(_Station(max(paper.block(first).start, least), last, own.title, record=own))
    records = list(found)
    for heading, span in headings:
        same = next((one for one in records if _common(one.title, span)), None)
        if same is not None:
            same.heading = heading
        elif not any(one.start < span.start < one.end for one in records):
            found.append(_Station(paper.block(span.start).start, span.end, span, heading))
    found.sort(key=lambda one: one.start)
    rests = []
    for one, end in zip(found, [*(one.start for one in found[1:]), len(paper.text)], strict=False):
        one.end = end
        if one.record is not None and not one.record.ref and is_bullet(one.title, paper):
            behind = max(paper.block(one.title.end).end, *(span.end for span in one.record.spans))
            if behind < end:
                one.end = behind
                rests.append(_Station(behind, end, Span(behind, behind)))
    return sorted([*found, *rests], key=lambda one: one.start)


def _groups(
    sheets: Sequence[Standing], headings: Sequence[tuple[ClaimedHeading, Span]], paper: PrintedText
) -> Iterator[_Group]:
    """Yield the groups of a paper that parts its records by status: each ends with the next heading or upper record.

    One heading alone that sounds like a status ("Umsetzung") groups nothing, but for an archive.
    """
    upper = [one.title.start for one in sheets if ItemKind(one.claim.kind) in _UPPER]
    told = ((status_of(one.title) if is_status_heading(one.title) else None, one, span) for one, span in headings)
    found = [(status, one, span) for status, one, span in told if status is not None]
    several = len({status for status, _, _ in found} - {ItemStatus.ARCHIVED}) > 1
    for status, heading, span in found:
        others = (other.start for one, other in headings if one.level <= heading.level)
        end = min((start for start in (*others, *upper) if start > span.start), default=len(paper.text))
        block = paper.block(span.start)
        if several or status is ItemStatus.ARCHIVED:
            yield _Group(Span(span.start, end), status, " ".join(paper.text[block.start : block.end].split()))


def _row(one: Standing, paper: PrintedText) -> Span:
    """Return the block of a row, and what of it goes on behind that."""
    block = paper.block(one.title.start)
    return Span(block.start, max(block.end, *(span.end for span in one.spans if span.start >= block.start)))


def _places(rows: Sequence[Standing], paper: PrintedText) -> dict[int, Span]:
    """Return the place of each row by its identity; rows that run on in one paragraph part it."""
    places = {id(one): _row(one, paper) for one in rows}
    for one, other in pairwise(rows):
        own, behind = places[id(one)], places[id(other)]
        if _common(own, behind) and one.title.end <= other.begin < own.end:
            places[id(one)], places[id(other)] = Span(own.start, other.begin), Span(other.begin, behind.end)
    return places


def _suffixes(standing: Sequence[Standing]) -> dict[int, str]:
    """Tell records apart that follow one another under one number: "1.1~a", "1.1~b"."""
    found: dict[int, str] = {}
    for _, group in groupby((one for one in standing if one.ref), key=lambda one: (one.claim.kind, one.ref)):
        if len(members := list(group)) > 1:
            found.update({id(one): f"~{ascii_lowercase[at % 26]}" for at, one in enumerate(members)})
    return found


def _who(fields: Sequence[Field], units_said: Iterable[str], partners_said: str) -> NamedUnits:
    """Return who leads and who takes part, parted as for the simple reader: by the labelled fields, else what is said.

    A list of a reader seldom tells the two apart: "Schlüsselakteure wie Vereine" are named beside who leads.
    """
    who, partners = named_units(_joined_fields(fields, "responsible")), units(_joined_fields(fields, "partners"))
    others = named_units(partners_said)
    if not who.leading:
        who, partners = named_units("\n".join(units_said)), (*others.leading, *others.taking_part)
    if partners_said and not (who.taking_part or others.taking_part):
        partners = (" ".join(partners_said.split()),)  # as printed: "Auental; ab 2026 Bergheim"
    taking_part = dict.fromkeys((*partners, *who.taking_part))
    return NamedUnits(tuple(dict.fromkeys(who.leading)), tuple(one for one in taking_part if one not in who.leading))


def _joined_fields(fields: Sequence[Field], name: str) -> str:
    return "\n\n".join(one.text for one in fields if one.field == name)


def _context(item: Item | None) -> tuple[str, ...]:
    if item is None:
        return ()
    above = (*(one.title for one in (item.theme, item.goal) if one), item.status_heading)
    return tuple(filter(None, above)) or item.path


def _name(item: Item) -> str:
    return item.title if item.ref == item.title else f"{item.ref} {item.title}"


def _title(place: Span, claimed: str, text: str) -> str:
    """Return the title as printed; capitals are spelled as the reader spelled them."""
    printed = " ".join(text[place.start : place.end].split())
    return claimed if printed.isupper() and not claimed.isupper() else printed


def _last(several: Sequence[T], fits: Callable[[T], bool]) -> T | None:
    return next(filter(fits, reversed(several)), None)


def _common(one: Span, other: Span) -> Span | None:
    """Return what two places share, None where that is nothing."""
    start, end = max(one.start, other.start), min(one.end, other.end)
    return Span(start, end) if start < end else None


def _joined(spans: Iterable[Span]) -> Iterator[Span]:
    """Yield spans in order, those that touch as one."""
    last: Span | None = None
    for one in sorted(spans):
        if last is not None and one.start <= last.end + 2:
            last = Span(last.start, max(one.end, last.end))
        else:
            if last is not None:
                yield last
            last = one
    if last is not None:
        yield last
