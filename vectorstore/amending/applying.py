"""Corrections carried out: records as read become records as corrected, text, passages and places with them.

What a correction stands instead of is compared with what was read, never with another correction's outcome, and of
corrections of one place the newest holds: so their order does not matter, and carrying them out twice is once.
"""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date

from vectorstore.amending.form import Correction, Outcome, Part, State
from vectorstore.amending.new_items import added, counted, split
from vectorstore.amending.splicing import Edit, Splice
from vectorstore.records import Corrected, Item, ItemKind, ItemStatus, ParsedDocument, RefTitle, ValueKind

_NEW = (Part.ITEM, Part.KIND, Part.PAGE)
_SEVERAL = {Part.UNIT: "responsible", Part.DATE: "dates"}
_LABELLED = {Part.STATUS: "status", Part.UNIT: "responsible", Part.PERIOD: "period", Part.COST: "cost"}
_STATUS_WORDS = {
    ItemStatus.IDEA: "Idee", ItemStatus.PLANNED: "in Planung", ItemStatus.IN_PROGRESS: "in Bearbeitung",
    ItemStatus.IMPLEMENTED: "umgesetzt", ItemStatus.ARCHIVED: "archiviert",
}  # fmt: skip
_STATUS_LENGTH = 3  # words up to which a labelled field says a status and nothing else
_ABOVE = " › "  # between the headings above a passage
_MONTHS = (
    "Januar", "Februar", "März", "April", "Mai", "Juni", "Juli", "August", "September", "Oktober", "November",
    "Dezember",
)  # fmt: skip


def corrected(
    parsed: Iterable[ParsedDocument], corrections: Iterable[Correction]
) -> tuple[list[ParsedDocument], tuple[Outcome, ...]]:
    """The documents with their corrections, and what became of each of these, in a fixed order."""
    by_document: dict[str, list[Correction]] = defaultdict(list)
    for one in in_order(corrections):
        by_document[one.document_id].append(one)
    documents = list[ParsedDocument]()
    outcomes = list[Outcome]()
    for paper in parsed:
        mine = by_document.pop(paper.document.id, None)
        new, told = _document_corrected(paper, mine) if mine else (paper, [])
        documents.append(new)
        outcomes += told
    outcomes += [Outcome(one, State.NO_DOCUMENT) for rest in by_document.values() for one in rest]
    return documents, tuple(sorted(outcomes, key=lambda outcome: _order(outcome.correction)))


def in_order(corrections: Iterable[Correction]) -> tuple[Correction, ...]:
    """Corrections in the order in which tables list them, each once."""
    return tuple(sorted(set(corrections), key=_order))


def printed_date(value: str) -> str:
    """A date of the form 2026-05-01, 2026-05 or 2026 as a paper prints it."""
    year, *rest = value.split("-")
    if len(rest) == 2:
        return f"{rest[1]}.{rest[0]}.{year}"
    return f"{_MONTHS[int(rest[0]) - 1]} {year}" if rest else year


def _order(one: Correction) -> tuple[object, ...]:
    said = (one.part.value, one.instead_of, one.day or date.min, one.value, one.reason, one.person)
    return (one.document_id, one.key, one.part not in _NEW, *said)


@dataclass(slots=True)
class _Change:
    """What corrections do to one item: new values of its fields, edits of the text, and what is told of them."""

    item: Item
    fields: dict[str, object] = field(default_factory=dict)
    several: dict[str, list[Correction]] = field(default_factory=lambda: defaultdict(list))
    settled: set[str] = field(default_factory=set)  # of which no conflict is told any more
    edits: list[tuple[Edit, Correction]] = field(default_factory=list)
    told: list[Corrected] = field(default_factory=list)


def _document_corrected(
    parsed: ParsedDocument, corrections: Sequence[Correction]
) -> tuple[ParsedDocument, list[Outcome]]:
    holding, outcomes = _newest(corrections)
    parsed, made = added(parsed, [one for one in holding if one.part in _NEW])
    parsed, divided = split(parsed, [one for one in holding if one.part is Part.SPLIT])
    outcomes += [*made, *divided]
    new = {one.correction.key for one in made if one.state is State.APPLIED}
    changes = {item.key: _Change(item) for item in parsed.items}
    for one in (one for one in holding if one.part not in (*_NEW, Part.SPLIT)):
        outcome = _take(changes[one.key], one, parsed) if one.key in changes else Outcome(one, State.NO_ITEM)
        outcomes.append(outcome)
        if outcome.state is State.APPLIED and one.key not in new:
            changes[one.key].told.append(Corrected(one.part.value, one.instead_of, one.value, one.reason, one.day))
    outcomes = _without_overlaps(changes.values(), outcomes)
    return _rebuilt(parsed, changes), outcomes


def _newest(corrections: Sequence[Correction]) -> tuple[list[Correction], list[Outcome]]:
    """Of several corrections of one place the newest; the others are overtaken."""
    by_place: dict[tuple[str, str, str, str], Correction] = {}
    for one in sorted(corrections, key=lambda each: (each.day or date.min, each.value, _order(each))):
        by_place[one.place] = one
    older = [Outcome(one, State.OVERTAKEN) for one in corrections if by_place[one.place] != one]
    return [one for one in corrections if by_place[one.place] == one], older


def _take(change: _Change, one: Correction, parsed: ParsedDocument) -> Outcome:
    """Note what a correction does, unless its outcome says that it does not fit what was read."""
    outcome = _fitted(one, change.item, parsed)
    if outcome.state is State.APPLIED:
        if one.part in _SEVERAL:
            change.several[_SEVERAL[one.part]].append(one)
        change.fields |= _new_values(one)
        change.settled |= {_LABELLED[one.part]} if one.part in _LABELLED else set()
        change.edits += [(edit, one) for edit in _wordings(one, change.item, parsed.document.text)]
    return outcome


def _fitted(one: Correction, item: Item, parsed: ParsedDocument) -> Outcome:
    """Whether what was read is what a correction stands instead of, or what it says itself."""
    if one.part in _SEVERAL:
        return _among(one, getattr(item, _SEVERAL[one.part]))
    if one.part is Part.TEXT:
        return Outcome(one, _fits_text(one, item, parsed))
    status = item.status.value if item.status else ""
    values = {Part.STATUS: status, Part.PERIOD: item.period, Part.COST: item.cost}
    read = values.get(one.part, item.title) or ""
    if _same(read, one.instead_of):
        return Outcome(one, State.APPLIED)
    return Outcome(one, State.NEEDLESS) if _same(read, one.value) else Outcome(one, State.READ_OTHERWISE, read)


def _same(first: str, second: str) -> bool:
    return "".join(first.split()) == "".join(second.split())


def _among(one: Correction, read: Sequence[str]) -> Outcome:
    """Whether what is to be replaced, taken away or added is among several values, or is not yet."""
    if one.instead_of in read:
        return Outcome(one, State.APPLIED)
    done = one.value in read or not one.value
    if not one.instead_of:
        return Outcome(one, State.NEEDLESS if done else State.APPLIED)
    return Outcome(one, State.NEEDLESS) if done else Outcome(one, State.READ_OTHERWISE, ", ".join(read))


def _fits_text(one: Correction, item: Item, parsed: ParsedDocument) -> State:
    own = parsed.document.text[item.start : item.end]
    times = own.count(one.instead_of) if one.instead_of else 0
    if times == 1:
        start = item.start + own.index(one.instead_of)
        end = start + len(one.instead_of)
        return State.APPLIED if any(one.start <= start and end <= one.end for one in parsed.chunks) else State.CUT
    done = bool(one.instead_of and one.value) and one.value in own
    return State.AMBIGUOUS if times else State.NEEDLESS if done else State.READ_OTHERWISE


def _new_values(one: Correction) -> dict[str, object]:
    """The fields of a record that have another value."""
    if one.part is Part.STATUS:
        return {"status": ItemStatus(one.value) if one.value else None, "status_heading": None}
    if one.part is Part.RECORD:  # what it says stays as a section
        gone = dict.fromkeys(("family", "status", "status_heading"))
        return {**gone, "kind": ItemKind.SECTION, "conflicts": ()}
    return {one.part.value: one.value or None} if one.part in (Part.TITLE, Part.PERIOD, Part.COST) else {}


def _wordings(one: Correction, item: Item, text: str) -> list[Edit]:
    """Where the text says what was read: it is changed too, where that stands once in a span."""
    if one.part is Part.STATUS:
        return list(_status_wordings(one, item))
    if one.part is Part.DATE:
        printed = printed_date(one.value) if one.value else ""
        dates = (value for value in item.values if value.kind is ValueKind.DATE and value.value == one.instead_of)
        return [Edit(value.start, value.end, printed) for value in dates if printed]
    spans = [(item.start, item.start + len(item.heading))] if one.part is Part.TITLE else []
    if one.part is Part.TEXT:
        spans = [(item.start, item.end)]
    elif one.part in _LABELLED:
        named = [said for said in item.fields if said.field == _LABELLED[one.part] and said.start >= 0]
        spans = [(said.start, said.start + len(said.text)) for said in named]
        if item.table_row is not None and item.table_start is not None:
            spans.append((item.table_start, item.table_start + len(item.table_row)))
    once = [span for span in spans if one.instead_of and text[slice(*span)].count(one.instead_of) == 1]
    places = [text.index(one.instead_of, start) for start, _ in once]
    return [Edit(place, place + len(one.instead_of), one.value) for place in places]


def _status_wordings(one: Correction, item: Item) -> Iterator[Edit]:
    """The printed status, where a labelled field says nothing else, and what a table's row repeats of it."""
    now = _STATUS_WORDS[ItemStatus(one.value)] if one.value else ""
    for said in (one for one in item.fields if one.field == _LABELLED[Part.STATUS] and one.start >= 0):
        if now and len(said.text.split()) <= _STATUS_LENGTH:
            yield Edit(said.start, said.start + len(said.text), now)
            place = _place_in(item.table_row or "", said.text)
            if item.table_start is not None and place is not None:
                yield Edit(item.table_start + place, item.table_start + place + len(said.text), now)


def _place_in(row: str, said: str) -> int | None:
    """Where a row says something: the one cell that says no more, else the one place where it stands as words."""
    text = re.escape(said)
    for form in (rf"(?:^|(?<=\t)){text}(?=\t|$)", rf"(?<!\w){text}(?!\w)"):
        found = [match.start() for match in re.finditer(form, row)]
        if len(found) == 1:
            return found[0]
    return None


def _without_overlaps(changes: Iterable[_Change], outcomes: list[Outcome]) -> list[Outcome]:
    """Leave out edits that overlap another, those of whole wordings first; whose text it is says so."""
    found = [(edit, one, change) for change in changes for edit, one in change.edits]
    kept, lost = list[Edit](), set[Correction]()
    for edit, one, change in sorted(found, key=lambda each: (each[1].part is Part.TEXT, each[0], _order(each[1]))):
        if not any(edit.overlaps(other.start, other.end) for other in kept if other != edit):
            kept.append(edit)
            continue
        change.edits.remove((edit, one))
        if one.part is Part.TEXT:
            lost.add(one)
            change.told = [each for each in change.told if (each.field, each.read) != (one.part.value, one.instead_of)]
    return [Outcome(one.correction, State.OVERTAKEN) if one.correction in lost else one for one in outcomes]


def _rebuilt(parsed: ParsedDocument, changes: Mapping[str, _Change]) -> ParsedDocument:
    splice = Splice(edit for change in changes.values() for edit, _ in change.edits)
    document = splice.document(parsed.document)
    items = [_item(changes[item.key], splice, parsed.document.text) for item in parsed.items]
    pairs = list(zip(parsed.items, items, strict=True))
    renamed = [(old, new) for old, new in pairs if old.title != new.title]
    titles = {RefTitle(old.ref, old.title): RefTitle(new.ref, new.title) for old, new in renamed}
    headings = {old.heading: new.heading for old, new in pairs if old.heading != new.heading}
    chunks = [splice.chunk(chunk, document.text) for chunk in parsed.chunks]
    if titles or headings:
        items = [_repointed(item, titles, headings) for item in items]
        chunks = [replace(one, context=_named(one.context.split(_ABOVE), headings)) for one in chunks]
    fewer = Counter(one.item.family for one in changes.values() if one.fields.get("kind") is ItemKind.SECTION)
    families = counted(document.families, {label: -number for label, number in fewer.items()})
    return ParsedDocument(
        document=replace(document, families=families),
        items=tuple(items),
        chunks=tuple(one for one in chunks if one.text.strip()),
    )


def _item(change: _Change, splice: Splice, text: str) -> Item:
    moved = splice.item(change.item, text) if splice.edits else change.item
    if not (change.fields or change.several or change.told):
        return moved
    several = {name: _several(getattr(moved, name), many) for name, many in change.several.items()}
    told = tuple(sorted([*moved.corrected, *change.told], key=lambda one: (one.field, one.read, one.value)))
    conflicts = tuple(one for one in moved.conflicts if one.field not in change.settled)
    return replace(moved, **{"conflicts": conflicts, **change.fields, **several, "corrected": told})  # type: ignore[arg-type]


def _several(read: Iterable[str], corrections: Sequence[Correction]) -> tuple[str, ...]:
    """The values of several as they are now: those that were read, replaced or taken away, then those that are new."""
    instead = {one.instead_of: one.value for one in corrections if one.instead_of}
    new = sorted(one.value for one in corrections if not one.instead_of)
    return tuple(dict.fromkeys(said for said in (*(instead.get(one, one) for one in read), *new) if said))


def _repointed(item: Item, titles: Mapping[RefTitle, RefTitle], headings: Mapping[str, str]) -> Item:
    """An item whose theme, goal and headings above have the titles that they have now."""
    return replace(
        item,
        path=tuple(headings.get(one, one) for one in item.path),
        theme=titles.get(item.theme, item.theme) if item.theme else None,
        goal=titles.get(item.goal, item.goal) if item.goal else None,
    )


def _named(context: Iterable[str], headings: Mapping[str, str]) -> str:
    return _ABOVE.join(headings.get(part, part) for part in context)
