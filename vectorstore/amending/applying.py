"""Corrections carried out: records as read become records as corrected, text, passages and places with them.

What a correction stands instead of is compared with what was read, never with another correction's outcome, and of
corrections of one place the newest holds: so their order does not matter, and carrying them out twice is once.
"""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field, replace
from datetime import date

from vectorstore.amending.adding import added, counted
from vectorstore.amending.form import Correction, Outcome, Part, State
from vectorstore.amending.splicing import Edit, Splice
from vectorstore.amending.splitting import split
from vectorstore.records import Corrected, Document, Item, ItemKind, ItemStatus, ParsedDocument, RefTitle, ValueKind

_NEW = (Part.ITEM, Part.KIND, Part.PAGE)
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


def _order(one: Correction) -> tuple[str, str, bool, str, str, date, str, str, str]:
    day = one.day or date.min
    return (
        one.document_id,
        one.key,
        one.part not in _NEW,
        one.part.value,
        one.instead_of,
        day,
        one.value,
        one.reason,
        one.person,
    )


@dataclass(slots=True)
class _Change:
    """What corrections do to one item: new values of its fields, edits of the text, and what is told of them."""

    item: Item
    fields: dict[str, object] = field(default_factory=dict)
    several: dict[str, list[Correction]] = field(default_factory=lambda: defaultdict(list))
    edits: list[tuple[Edit, Correction]] = field(default_factory=list)
    told: list[Corrected] = field(default_factory=list)


def _document_corrected(
    parsed: ParsedDocument, corrections: Sequence[Correction]
) -> tuple[ParsedDocument, list[Outcome]]:
    holding, outcomes = _newest(corrections)
    parsed, told = added(parsed, [one for one in holding if one.part in _NEW])
    outcomes += told
    parsed, divided = split(parsed, [one for one in holding if one.part is Part.SPLIT])
    outcomes += divided
    made = {(one.correction.key) for one in told if one.state is State.APPLIED}
    items = {item.key: item for item in parsed.items}
    changes: dict[str, _Change] = {}
    for one in (one for one in holding if one.part not in (*_NEW, Part.SPLIT)):
        item = items.get(one.key)
        if item is None:
            outcomes.append(Outcome(one, State.NO_ITEM))
            continue
        change = changes.setdefault(one.key, _Change(item))
        outcomes.append(_take(change, one, parsed, new=one.key in made))
    outcomes = _without_overlaps(changes, outcomes)
    return _rebuilt(parsed, changes), outcomes


def _newest(corrections: Sequence[Correction]) -> tuple[list[Correction], list[Outcome]]:
    """Of several corrections of one place the newest; the others are overtaken."""
    by_place: dict[tuple[str, str, str, str], Correction] = {}
    outcomes = []
    for one in corrections:
        before = by_place.get(one.place)
        if before is not None:
            older, one = sorted((before, one), key=lambda each: (each.day or date.min, each.value, _order(each)))
            outcomes.append(Outcome(older, State.OVERTAKEN))
        by_place[one.place] = one
    return list(by_place.values()), outcomes


def _take(change: _Change, one: Correction, parsed: ParsedDocument, *, new: bool) -> Outcome:
    """Note what one correction does; its outcome says whether it fits what was read."""
    taken = _TAKERS[one.part](change, one, parsed)
    if taken.state is State.APPLIED and not new:
        change.told.append(Corrected(one.part.value, one.instead_of, one.value, one.reason, one.day))
    return taken


def _fits(one: Correction, read: str) -> Outcome:
    """Whether what was read is what a correction stands instead of, or what it says itself."""
    if _same(read, one.instead_of):
        return Outcome(one, State.APPLIED)
    return Outcome(one, State.NEEDLESS) if _same(read, one.value) else Outcome(one, State.READ_OTHERWISE, read)


def _same(first: str, second: str) -> bool:
    return "".join(first.split()) == "".join(second.split())


def _title(change: _Change, one: Correction, parsed: ParsedDocument) -> Outcome:
    outcome = _fits(one, change.item.title)
    if outcome.state is State.APPLIED:
        change.fields["title"] = one.value
        item = change.item
        _edit_within(change, one, parsed, item.start, item.start + len(item.heading))
    return outcome


def _status(change: _Change, one: Correction, parsed: ParsedDocument) -> Outcome:
    status = change.item.status
    outcome = _fits(one, status.value if status else "")
    if outcome.state is State.APPLIED:
        change.fields["status"] = ItemStatus(one.value) if one.value else None
        change.fields["status_heading"] = None
        change.fields["conflicts"] = tuple(said for said in change.item.conflicts if said.field != "status")
        _edit_status(change, one)
    return outcome


def _unit(change: _Change, one: Correction, parsed: ParsedDocument) -> Outcome:
    outcome = _of_several(one, list(change.item.responsible))
    if outcome.state is State.APPLIED:
        change.several["responsible"].append(one)
        change.fields["conflicts"] = tuple(said for said in change.item.conflicts if said.field != "responsible")
        _edit_labelled(change, one, parsed)
    return outcome


def _date(change: _Change, one: Correction, parsed: ParsedDocument) -> Outcome:
    outcome = _of_several(one, list(change.item.dates))
    if outcome.state is State.APPLIED:
        change.several["dates"].append(one)
        for value in change.item.values:
            if value.kind is ValueKind.DATE and value.value == one.instead_of and one.value:
                change.edits.append((Edit(value.start, value.end, printed_date(one.value)), one))
    return outcome


def _plain(change: _Change, one: Correction, parsed: ParsedDocument) -> Outcome:
    outcome = _fits(one, getattr(change.item, one.part.value) or "")
    if outcome.state is State.APPLIED:
        change.fields[one.part.value] = one.value or None
        change.fields["conflicts"] = tuple(said for said in change.item.conflicts if said.field != one.part.value)
        _edit_labelled(change, one, parsed)
    return outcome


def _record(change: _Change, one: Correction, parsed: ParsedDocument) -> Outcome:
    """Take away that it is a record: what it says stays as a section."""
    outcome = _fits(one, change.item.title)
    if outcome.state is State.APPLIED:
        gone = dict.fromkeys(("family", "status", "status_heading"))
        change.fields.update(gone, kind=ItemKind.SECTION, conflicts=())
    return outcome


def _text(change: _Change, one: Correction, parsed: ParsedDocument) -> Outcome:
    item, text = change.item, parsed.document.text
    own = text[item.start : item.end]
    if not one.instead_of:
        return Outcome(one, State.READ_OTHERWISE)
    times = own.count(one.instead_of)
    if times != 1:
        already = not times and bool(one.value) and one.value in own
        return Outcome(one, State.AMBIGUOUS if times else State.NEEDLESS if already else State.READ_OTHERWISE)
    start = item.start + own.index(one.instead_of)
    edit = Edit(start, start + len(one.instead_of), one.value)
    if not any(chunk.start <= edit.start and edit.end <= chunk.end for chunk in parsed.chunks):
        return Outcome(one, State.CUT)
    change.edits.append((edit, one))
    return Outcome(one, State.APPLIED)


_TAKERS: dict[Part, Callable[[_Change, Correction, ParsedDocument], Outcome]] = {
    Part.TITLE: _title,
    Part.STATUS: _status,
    Part.UNIT: _unit,
    Part.DATE: _date,
    Part.PERIOD: _plain,
    Part.COST: _plain,
    Part.TEXT: _text,
    Part.RECORD: _record,
}


def _of_several(one: Correction, read: list[str]) -> Outcome:
    """Whether what is to be replaced, taken away or added is among several values, or is not yet."""
    if one.instead_of:
        if one.instead_of in read:
            return Outcome(one, State.APPLIED)
        done = one.value in read if one.value else True
        return Outcome(one, State.NEEDLESS) if done else Outcome(one, State.READ_OTHERWISE, ", ".join(read))
    return Outcome(one, State.NEEDLESS if one.value in read else State.APPLIED)


def _several(read: Iterable[str], corrections: Sequence[Correction]) -> tuple[str, ...]:
    """The values of several as they are now: those that were read, replaced or taken away, then those that are new."""
    instead = {one.instead_of: one.value for one in corrections if one.instead_of}
    new = sorted(one.value for one in corrections if not one.instead_of)
    return tuple(dict.fromkeys(said for said in (*(instead.get(one, one) for one in read), *new) if said))


def printed_date(value: str) -> str:
    """A date of the form 2026-05-01, 2026-05 or 2026 as a paper prints it."""
    year, *rest = value.split("-")
    if len(rest) == 2:
        return f"{rest[1]}.{rest[0]}.{year}"
    return f"{_MONTHS[int(rest[0]) - 1]} {year}" if rest else year


def _edit_within(change: _Change, one: Correction, parsed: ParsedDocument, start: int, end: int) -> None:
    """Change the wording too, where the value as read stands once in a span of the text."""
    said = parsed.document.text[start:end]
    if one.instead_of and said.count(one.instead_of) == 1:
        place = start + said.index(one.instead_of)
        change.edits.append((Edit(place, place + len(one.instead_of), one.value), one))


def _edit_labelled(change: _Change, one: Correction, parsed: ParsedDocument) -> None:
    """Change the wording of the labelled field and of the row of a table that say the value as read."""
    item = change.item
    for said in item.fields:
        if said.field == _LABELLED[one.part] and said.start >= 0:
            _edit_within(change, one, parsed, said.start, said.start + len(said.text))
    if item.table_row is not None and item.table_start is not None:
        _edit_within(change, one, parsed, item.table_start, item.table_start + len(item.table_row))


def _edit_status(change: _Change, one: Correction) -> None:
    """Change the printed status too, where a labelled field says nothing else, and what a table's row repeats of it."""
    now = _STATUS_WORDS[ItemStatus(one.value)] if one.value else ""
    for said in (each for each in change.item.fields if each.field == _LABELLED[Part.STATUS] and each.start >= 0):
        if now and len(said.text.split()) <= _STATUS_LENGTH:
            change.edits.append((Edit(said.start, said.start + len(said.text), now), one))
            row, start = change.item.table_row or "", change.item.table_start
            place = _place_in(row, said.text)
            if start is not None and place is not None:
                change.edits.append((Edit(start + place, start + place + len(said.text), now), one))


def _place_in(row: str, said: str) -> int | None:
    """Where a row says something: the one cell that says no more, else the one place where it stands as words."""
    text = re.escape(said)
    for form in (rf"(?:^|(?<=\t)){text}(?=\t|$)", rf"(?<!\w){text}(?!\w)"):
        found = [match.start() for match in re.finditer(form, row)]
        if len(found) == 1:
            return found[0]
    return None


def _without_overlaps(changes: dict[str, _Change], outcomes: list[Outcome]) -> list[Outcome]:
    """Leave out edits that overlap another, the shorter corrected text first; whose text it is says so."""
    found = sorted(
        ((edit, one, change) for change in changes.values() for edit, one in change.edits),
        key=lambda each: (each[1].part is Part.TEXT, each[0], _order(each[1])),
    )
    kept: list[Edit] = []
    lost = set()
    for edit, one, change in found:
        if any(edit.overlaps(other.start, other.end) for other in kept if other != edit):
            change.edits.remove((edit, one))
            if one.part is Part.TEXT:
                lost.add(one)
                change.told = [
                    each for each in change.told if (each.field, each.read) != (one.part.value, one.instead_of)
                ]
        else:
            kept.append(edit)
    return [Outcome(one.correction, State.OVERTAKEN) if one.correction in lost else one for one in outcomes]


def _rebuilt(parsed: ParsedDocument, changes: dict[str, _Change]) -> ParsedDocument:
    splice = Splice(edit for change in changes.values() for edit, _ in change.edits)
    text = splice.text(parsed.document.text)
    items = [_item(item, changes.get(item.key), splice, parsed.document) for item in parsed.items]
    renamed = [(old, new) for old, new in zip(parsed.items, items, strict=True) if old.title != new.title]
    headings = {old.heading: new.heading for old, new in zip(parsed.items, items, strict=True) if old != new}
    items = [_repointed(item, renamed, headings) for item in items]
    chunks = [splice.chunk(chunk, text) for chunk in parsed.chunks]
    if any(old != new for old, new in headings.items()):
        chunks = [replace(one, context=_context(one.context, headings)) for one in chunks]
    fewer = Counter(one.item.family for one in changes.values() if one.fields.get("kind") is ItemKind.SECTION)
    document = splice.document(parsed.document)
    families = counted(document.families, {label: -number for label, number in fewer.items()})
    return ParsedDocument(
        document=replace(document, families=families),
        items=tuple(items),
        chunks=tuple(one for one in chunks if one.text.strip()),
    )


def _item(item: Item, change: _Change | None, splice: Splice, document: Document) -> Item:
    moved = splice.item(item, document.text) if splice.edits else item
    if change is None:
        return moved
    several = {name: _several(getattr(item, name), many) for name, many in change.several.items()}
    told = tuple(sorted([*moved.corrected, *change.told], key=lambda one: (one.field, one.read, one.value)))
    return replace(moved, **change.fields, **several, corrected=told)  # type: ignore[arg-type]


def _repointed(item: Item, renamed: Sequence[tuple[Item, Item]], headings: dict[str, str]) -> Item:
    """An item whose theme, goal and headings above have the titles that they have now."""
    titles = {RefTitle(old.ref, old.title): RefTitle(new.ref, new.title) for old, new in renamed}
    path = tuple(headings.get(one, one) for one in item.path)
    theme = titles.get(item.theme, item.theme) if item.theme else None
    goal = titles.get(item.goal, item.goal) if item.goal else None
    if (path, theme, goal) == (item.path, item.theme, item.goal):
        return item
    return replace(item, path=path, theme=theme, goal=goal)


def _context(context: str, headings: dict[str, str]) -> str:
    return _ABOVE.join(headings.get(part, part) for part in context.split(_ABOVE))
