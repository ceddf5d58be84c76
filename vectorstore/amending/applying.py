"""Corrections carried out: records as read become records as corrected, text, passages and places with them.

What a correction stands instead of is compared with what was read, never with another correction's outcome, and of
corrections of one place the newest holds: so their order does not matter, and carrying them out twice is once.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from itertools import accumulate, pairwise
from typing import Any

from vectorstore.amending.form import NO_LONGER, SEVERAL, SINGLE, Correction, Outcome, Part, State
from vectorstore.notation import TABLE
from vectorstore.records import (
    Chunk,
    Corrected,
    Document,
    Family,
    Item,
    ItemKind,
    ItemStatus,
    ParsedDocument,
    RefTitle,
    ValueKind,
)

_LABELLED = {
    Part.STATUS: "status", Part.UNIT: "responsible", Part.PERIOD: "period", Part.COST: "cost",
    Part.PARTNERS: "partners", Part.PRIORITY: "priority",
}  # fmt: skip
_STATUS_WORDS = {
    ItemStatus.IDEA: "Idee", ItemStatus.PLANNED: "in Planung", ItemStatus.IN_PROGRESS: "in Bearbeitung",
    ItemStatus.IMPLEMENTED: "umgesetzt", ItemStatus.ARCHIVED: "archiviert",
}  # fmt: skip
_STATUS_LENGTH = 3  # words up to which a labelled field says a status and nothing else
_ABOVE = " › "  # between the headings above a passage
Taken = Mapping[str, Sequence[Correction]]


def corrected(
    parsed: Iterable[ParsedDocument], corrections: Iterable[Correction]
) -> tuple[list[ParsedDocument], tuple[Outcome, ...]]:
    """The documents with their corrections, and what became of each of these, in a fixed order."""
    by_document: dict[str, list[Correction]] = defaultdict(list)
    for one in in_order(corrections):
        by_document[one.document_id].append(one)
    documents, outcomes = list[ParsedDocument](), list[Outcome]()
    for paper in parsed:
        mine = by_document.pop(paper.document.id, None)
        new, told = _document_corrected(paper, mine) if mine else (paper, [])
        documents.append(new)
        outcomes += told
    outcomes += [Outcome(one, State.NO_DOCUMENT) for rest in by_document.values() for one in rest]
    return documents, tuple(sorted(outcomes, key=lambda outcome: _order(outcome.correction)))


def in_order(corrections: Iterable[Correction]) -> tuple[Correction, ...]:
    """Corrections in the order in which editions keep them, each once."""
    return tuple(sorted(set(corrections), key=_order))


def _order(one: Correction) -> tuple[object, ...]:
    said = (one.part.value, one.instead_of, one.day or date.min, one.value, one.reason, one.person)
    return (one.document_id, one.key, one.part not in NO_LONGER, *said)


def _document_corrected(
    parsed: ParsedDocument, corrections: Sequence[Correction]
) -> tuple[ParsedDocument, list[Outcome]]:
    newest = {one.place: one for one in sorted(corrections, key=lambda one: (one.day or date.min, one.value))}
    holding = in_order(newest.values())
    outcomes = [Outcome(one, State.OVERTAKEN) for one in corrections if one not in holding]
    for one in holding:
        if one.part is Part.SPLIT:
            parsed, state = _split(parsed, one)
            outcomes.append(Outcome(one, state))
    items = {item.key: item for item in parsed.items}
    taken: dict[str, list[Correction]] = defaultdict(list)
    edits = list[Edit]()
    for one in sorted(holding, key=lambda one: one.part is Part.TEXT):  # a whole value before a span of text
        if one.part is Part.SPLIT:
            continue
        item = items.get(one.key) if one.part not in NO_LONGER else None
        outcome = _fitted(one, item, parsed) if item else Outcome(one, State.NO_ITEM)
        if item and outcome.state is State.APPLIED:
            new = set(_edits(one, item, parsed.document.text))
            free = [edit for edit in new if edit in edits or not any(edit.overlaps(old) for old in edits)]
            if one.part is Part.TEXT and not free:
                outcome = Outcome(one, State.OVERTAKEN)
            else:
                edits += free
                taken[one.key].append(one)
        outcomes.append(outcome)
    return _rebuilt(parsed, taken, edits), outcomes


def _split(parsed: ParsedDocument, one: Correction) -> tuple[ParsedDocument, State]:
    """The document with a record in two, where the passage at which the second begins stands once in it."""
    items = {item.key: item for item in parsed.items}
    item = items.get(one.key)
    if item is None:
        return parsed, State.NO_ITEM
    own = parsed.document.text[item.start + len(item.heading) : item.end]
    times = own.count(one.instead_of) if one.instead_of else 0
    if f"{item.key}~2" in items:
        return parsed, State.TAKEN
    if times != 1:
        return parsed, State.AMBIGUOUS if times else State.READ_OTHERWISE
    parsed = divided(parsed, item, one)
    return replace(parsed, document=_counted(parsed, {item.family: 1})), State.APPLIED


def _fitted(one: Correction, item: Item, parsed: ParsedDocument) -> Outcome:
    """Whether what was read is what a correction stands instead of, or what it says itself."""
    if one.part is Part.TEXT:
        return Outcome(one, _fits_text(one, item, parsed))
    several, single = SEVERAL.get(one.part), SINGLE.get(one.part, "title")
    read = [*getattr(item, several), ""] if several else [getattr(item, single)]
    said, old, new = {_plain(each or "") for each in read}, _plain(one.instead_of), _plain(one.value)
    there_already = one.part in SEVERAL and not old and new in said
    if old in said and not there_already:
        return Outcome(one, State.APPLIED)
    if new in said:
        return Outcome(one, State.NEEDLESS)
    return Outcome(one, State.READ_OTHERWISE, ", ".join(filter(None, read)))


def _plain(text: str) -> str:
    return "".join(text.split())


def _fits_text(one: Correction, item: Item, parsed: ParsedDocument) -> State:
    own = parsed.document.text[item.start : item.end]
    times = own.count(one.instead_of) if one.instead_of else 0
    if times == 1:
        start = item.start + own.index(one.instead_of)
        end = start + len(one.instead_of)
        return State.APPLIED if any(one.start <= start and end <= one.end for one in parsed.chunks) else State.CUT
    done = bool(one.instead_of and one.value) and one.value in own
    return State.AMBIGUOUS if times else State.NEEDLESS if done else State.READ_OTHERWISE


def _edits(one: Correction, item: Item, text: str) -> Iterator[Edit]:
    """Where the text says what was read: it is changed too, where that stands once in a span."""
    if one.part is Part.DATE:
        for value in item.values if one.value else ():
            if value.kind is ValueKind.DATE and value.value == one.instead_of:
                yield Edit(value.start, value.end, _printed_date(one.value))
        return
    wordings = [(one.instead_of, one.value)] if one.instead_of else []
    spans = [(item.start, item.start + len(item.heading))] if one.part is Part.TITLE else []
    if one.part is Part.TEXT:
        spans = [(item.start, item.end)]
    elif one.part in _LABELLED:
        named = [said for said in item.fields if said.field == _LABELLED[one.part] and said.start >= 0]
        spans = [(said.start, said.start + len(said.text)) for said in named]
        if item.table_row is not None and item.table_start is not None:
            spans.append((item.table_start, item.table_start + len(item.table_row)))
        if one.part is Part.STATUS:  # the paper prints a word of its own
            word = _STATUS_WORDS[ItemStatus(one.value)] if one.value else ""
            short = [said.text for said in named if len(said.text.split()) <= _STATUS_LENGTH]
            wordings = [(said, word) for said in short if said and word]
    for old, new in wordings:
        pattern = re.escape(old) if one.part is Part.TEXT else rf"(?<!\w){re.escape(old)}(?!\w)"
        for start, end in spans:
            found = [match.start() for match in re.finditer(pattern, text[start:end])]
            if len(found) == 1:
                yield Edit(start + found[0], start + found[0] + len(old), new)


def _printed_date(value: str) -> str:
    """A date of the form 2026-05-01, 2026-05 or 2026 as a paper prints it."""
    year, *rest = value.split("-")
    if len(rest) == 2:
        return f"{rest[1]}.{rest[0]}.{year}"
    return f"{TABLE['dates']['months'][int(rest[0]) - 1]} {year}" if rest else year


def _rebuilt(parsed: ParsedDocument, taken: Taken, edits: Sequence[Edit]) -> ParsedDocument:
    splice = Splice(parsed.document.text, edits)
    items = [_changed(item, splice.item(item) if edits else item, taken.get(item.key, ())) for item in parsed.items]
    chunks = [splice.chunk(chunk) for chunk in parsed.chunks] if edits else list(parsed.chunks)
    pairs = list(zip(parsed.items, items, strict=True))
    if any((old.title, old.heading) != (new.title, new.heading) for old, new in pairs):
        items, chunks = _renamed(pairs, chunks)
    fewer = Counter(old.family for old, new in pairs if old.family and new.family is None)
    document = _counted(parsed, {label: -number for label, number in fewer.items()})
    chunks = [one for one in chunks if one.text.strip()]
    return ParsedDocument(document=splice.document(document), items=tuple(items), chunks=tuple(chunks))


def _changed(read: Item, moved: Item, taken: Sequence[Correction]) -> Item:
    """An item with its new values: of several those that were read, replaced or taken away, then those that are new."""
    if not taken:
        return moved
    values: dict[str, Any] = {}
    for one in taken:
        if one.part is Part.STATUS:
            values |= {"status": ItemStatus(one.value) if one.value else None, "status_heading": None}
        elif one.part is Part.RECORD:  # what it says stays as a section
            values |= {**dict.fromkeys(("family", "status", "status_heading")), "kind": ItemKind.SECTION}
        elif one.part in SINGLE:
            values[SINGLE[one.part]] = one.value or None
    for part, name in SEVERAL.items():
        instead = {_plain(one.instead_of): one.value for one in taken if one.part is part and one.instead_of}
        new = sorted(one.value for one in taken if one.part is part and not one.instead_of)
        said = [instead.get(_plain(said), said) for said in getattr(read, name)]
        values[name] = tuple(dict.fromkeys(one for one in (*said, *new) if one))
    settled = {_LABELLED[one.part] for one in taken if one.part in _LABELLED}
    conflicts = () if values.get("kind") else tuple(one for one in moved.conflicts if one.field not in settled)
    changes = (one for one in taken if one.value != one.instead_of)
    told = [Corrected(one.part.value, one.instead_of, one.value, one.reason, one.day) for one in changes]
    told = sorted([*moved.corrected, *told], key=lambda one: (one.field, one.read, one.value))
    return replace(moved, conflicts=conflicts, corrected=tuple(told), **values)


def _renamed(pairs: Sequence[tuple[Item, Item]], chunks: Sequence[Chunk]) -> tuple[list[Item], list[Chunk]]:
    """Items and passages that call by their new names what stands above them."""
    titles = {RefTitle(old.ref, old.title): RefTitle(new.ref, new.title) for old, new in pairs}
    headings = {old.heading: new.heading for old, new in pairs if old.heading != new.heading}
    items = [
        replace(
            one,
            path=tuple(headings.get(name, name) for name in one.path),
            theme=titles.get(one.theme, one.theme) if one.theme else None,
            goal=titles.get(one.goal, one.goal) if one.goal else None,
        )
        for _, one in pairs
    ]
    above = [_ABOVE.join(headings.get(name, name) for name in one.context.split(_ABOVE)) for one in chunks]
    return items, [replace(one, context=context) for one, context in zip(chunks, above, strict=True)]


def _counted(parsed: ParsedDocument, more: Mapping[str | None, int]) -> Document:
    """The document with so many records more or less of families, by their labels."""
    families = tuple(_with(one, more[one.label]) if one.label in more else one for one in parsed.document.families)
    return replace(parsed.document, families=families)


def _with(family: Family, more: int) -> Family:
    found = family.found + more
    expected = None if family.expected is None else max(family.expected, found)
    complete = family.complete if expected is None or family.complete is None else found >= expected
    return replace(family, found=found, expected=expected, complete=complete)


@dataclass(frozen=True, slots=True, order=True)
class Edit:
    """Characters `start`..`end` of the text become `value`."""

    start: int
    end: int
    value: str

    def overlaps(self, other: Edit) -> bool:
        """Whether both change the same character."""
        return self.start < other.end and other.start < self.end


class Splice:
    """Edits of a text that do not overlap, carried out at once; `text` is how it reads afterwards."""

    def __init__(self, old: str, edits: Iterable[Edit]) -> None:
        self._old, self._edits = old, sorted(set(edits))
        self._ends = [edit.end for edit in self._edits]
        self._grown = list(accumulate((len(one.value) - (one.end - one.start) for one in self._edits), initial=0))
        whole = [Edit(0, 0, ""), *self._edits, Edit(len(old), len(old), "")]
        self.text = "".join(before.value + old[before.end : after.start] for before, after in pairwise(whole))

    def at(self, place: int) -> int:
        """Where the character at `place` stands afterwards; within an edit its beginning."""
        before = bisect_right(self._ends, place)
        if before < len(self._edits) and self._edits[before].start < place:
            place = self._edits[before].start
        return place + self._grown[before]

    def document(self, document: Document) -> Document:
        """The document with its text changed, its pages and rows moved."""
        pages = tuple(replace(one, start=self.at(one.start)) for one in document.pages)
        rows = tuple(replace(row, start=self.at(row.start)) for row in document.rows)
        return replace(document, text=self.text, pages=pages, rows=rows)

    def chunk(self, chunk: Chunk) -> Chunk:
        """A passage of the changed text."""
        start, end = self.at(chunk.start), self.at(chunk.end)
        return replace(chunk, start=start, end=end, text=self.text[start:end])

    def item(self, item: Item) -> Item:
        """An item whose texts and places are those of the changed text; values that were changed are gone."""
        behind, row, begin = item.start + len(item.heading), item.table_row, item.table_start
        values = []
        for value in item.values:
            if not any(edit.start < value.end and value.start < edit.end for edit in self._edits):
                values.append(replace(value, start=self.at(value.start), end=self.at(value.end)))
        fields = []
        for one in item.fields:
            start, end = (one.start, one.start + len(one.text)) if one.start >= 0 else (item.start, item.end)
            place = self.at(one.start) if one.start >= 0 else -1
            fields.append(replace(one, text=self._said(one.text, start, end), start=place))
        return replace(
            item,
            start=self.at(item.start),
            end=self.at(item.end),
            heading=self._said(item.heading, item.start, behind),
            body=self._said(item.body, behind, item.end),
            description=item.description and self._said(item.description, behind, item.end),
            state=item.state and self._said(item.state, behind, item.end),
            table_row=row if not row or begin is None else self._said(row, begin, begin + len(row)),
            table_start=None if begin is None else self.at(begin),
            fields=tuple(fields),
            values=tuple(values),
        )

    def _said(self, piece: str, start: int, end: int) -> str:
        """What stands between `start` and `end`, white space aside, as it is said now."""
        place = self._old.find(piece, start, end)
        if place >= 0:
            return self.text[self.at(place) : self.at(place + len(piece))]
        for edit in self._edits:
            if start <= edit.start and edit.end <= end:
                piece = piece.replace(self._old[edit.start : edit.end], edit.value, 1)
        return piece


def divided(parsed: ParsedDocument, item: Item, one: Correction) -> ParsedDocument:
    """The document with a second record of the same number, which begins at a passage of the first."""
    text, said = parsed.document.text, one.instead_of
    place = text.index(said, item.start + len(item.heading))
    told = (Corrected(one.part.value, said, one.value, one.reason, one.day),)
    before, found, behind = item.body.partition(said)
    page = parsed.document.page_at(place)
    first = replace(
        item,
        end=place,
        body=before.rstrip(),
        description=item.description and item.description.partition(said)[0].rstrip(),
        state=item.state and item.state.partition(said)[0].rstrip(),
        fields=tuple(field for field in item.fields if field.start < place),
        values=tuple(value for value in item.values if value.start < place),
        corrected=(*item.corrected, *told),
    )
    shared = ("document_id", "ref", "kind", "order", "end", "parent", "path", "theme", "goal", "family")
    second = Item(
        key=f"{item.key}~2",
        title=one.value,
        heading=said,
        body=behind.strip() if found else text[place + len(said) : item.end].strip(),
        start=place,
        fields=tuple(field for field in item.fields if field.start >= place),
        values=tuple(value for value in item.values if value.start >= place),
        page=page.number if page else None,
        page_label=page.label if page else None,
        corrected=told,
        **{name: getattr(item, name) for name in shared},
    )
    row = parsed.items.index(item)
    return replace(
        parsed,
        items=(*parsed.items[:row], first, second, *parsed.items[row + 1 :]),
        chunks=tuple(piece for chunk in parsed.chunks for piece in _pieces(chunk, item, second, text)),
    )


def _pieces(chunk: Chunk, item: Item, second: Item, text: str) -> Iterator[Chunk]:
    """A passage as it is, the second record's, or divided between both."""
    if chunk.key != item.key or chunk.end <= second.start or chunk.start >= item.end:
        yield chunk
        return
    start = max(chunk.start, second.start)
    if chunk.start < start:
        yield replace(chunk, end=start, text=text[chunk.start : start])
    name = f"{second.document_id}/{second.key}#{chunk.id.rpartition('#')[2]}"
    yield replace(chunk, id=name, key=second.key, start=start, text=text[start : chunk.end])
