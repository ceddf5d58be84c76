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
from vectorstore.amending.splicing import Edit, Splice
from vectorstore.amending.structure import ADDING, added, counted, split
from vectorstore.records import Corrected, Item, ItemKind, ItemStatus, ParsedDocument, RefTitle, ValueKind

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
    return (one.document_id, one.key, one.part not in ADDING, *said)


@dataclass(slots=True)
class _Change:
    """What corrections do to one item: new values of its fields, and what is told of them."""

    item: Item
    fields: dict[str, object] = field(default_factory=dict)
    several: dict[str, list[Correction]] = field(default_factory=lambda: defaultdict(list))
    settled: set[str] = field(default_factory=set)  # of which no conflict is told any more
    told: list[Corrected] = field(default_factory=list)


def _document_corrected(
    parsed: ParsedDocument, corrections: Sequence[Correction]
) -> tuple[ParsedDocument, list[Outcome]]:
    by_place = {one.place: one for one in sorted(corrections, key=lambda one: (one.day or date.min, one.value))}
    holding = in_order(by_place.values())
    outcomes = [Outcome(one, State.OVERTAKEN) for one in corrections if one not in holding]
    parsed, made = added(parsed, [one for one in holding if one.part in ADDING])
    parsed, divided = split(parsed, [one for one in holding if one.part is Part.SPLIT])
    outcomes += [*made, *divided]
    changes = {item.key: _Change(item) for item in parsed.items}
    edits = list[Edit]()
    fields = [one for one in holding if one.part not in (*ADDING, Part.SPLIT)]
    for one in sorted(fields, key=lambda one: one.part is Part.TEXT):  # a whole value before a span of text
        change = changes.get(one.key)
        outcomes.append(_taken(one, change, parsed, edits) if change else Outcome(one, State.NO_ITEM))
    return _rebuilt(parsed, changes, edits), outcomes


def _taken(one: Correction, change: _Change, parsed: ParsedDocument, edits: list[Edit]) -> Outcome:
    """Note what a correction does, unless its outcome says that it does not fit what was read."""
    outcome = _fitted(one, change.item, parsed)
    if outcome.state is not State.APPLIED:
        return outcome
    new = set(_edits(one, change.item, parsed.document.text))
    free = [edit for edit in new if edit in edits or not any(edit.overlaps(old.start, old.end) for old in edits)]
    if one.part is Part.TEXT and not free:
        return Outcome(one, State.OVERTAKEN)
    edits += free
    if one.part in _SEVERAL:
        change.several[_SEVERAL[one.part]].append(one)
    change.settled |= {_LABELLED[one.part]} if one.part in _LABELLED else set()
    change.fields |= _new_values(one)
    change.told.append(Corrected(one.part.value, one.instead_of, one.value, one.reason, one.day))
    return outcome


def _fitted(one: Correction, item: Item, parsed: ParsedDocument) -> Outcome:
    """Whether what was read is what a correction stands instead of, or what it says itself."""
    if one.part is Part.TEXT:
        return Outcome(one, _fits_text(one, item, parsed))
    single = {Part.STATUS: item.status, Part.PERIOD: item.period, Part.COST: item.cost}
    read = [*getattr(item, _SEVERAL[one.part]), ""] if one.part in _SEVERAL else [single.get(one.part, item.title)]
    said, old, new = {_plain(each or "") for each in read}, _plain(one.instead_of), _plain(one.value)
    there_already = one.part in _SEVERAL and not old and new in said
    if old in said and not there_already:
        return Outcome(one, State.APPLIED)
    return Outcome(one, State.NEEDLESS) if new in said else Outcome(one, State.READ_OTHERWISE, _joined(read))


def _plain(text: str) -> str:
    return "".join(text.split())


def _joined(read: Iterable[str | None]) -> str:
    return ", ".join(filter(None, read))


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
    return f"{_MONTHS[int(rest[0]) - 1]} {year}" if rest else year


def _rebuilt(parsed: ParsedDocument, changes: Mapping[str, _Change], edits: Sequence[Edit]) -> ParsedDocument:
    splice = Splice(parsed.document.text, edits)
    items = [_changed(changes[item.key], splice.item(item) if edits else item) for item in parsed.items]
    chunks = [splice.chunk(chunk) for chunk in parsed.chunks] if edits else parsed.chunks
    pairs = list(zip(parsed.items, items, strict=True))
    titles = {RefTitle(old.ref, old.title): RefTitle(new.ref, new.title) for old, new in pairs}
    headings = {old.heading: new.heading for old, new in pairs if old.heading != new.heading}
    if headings or any(old.title != new.title for old, new in pairs):
        items = [
            replace(
                one,
                path=tuple(headings.get(name, name) for name in one.path),
                theme=titles.get(one.theme, one.theme) if one.theme else None,
                goal=titles.get(one.goal, one.goal) if one.goal else None,
            )
            for one in items
        ]
        above = (_ABOVE.join(headings.get(name, name) for name in one.context.split(_ABOVE)) for one in chunks)
        chunks = [replace(one, context=context) for one, context in zip(chunks, above, strict=True)]
    fewer = Counter(old.family for old, new in pairs if old.family and new.family is None)
    families = counted(parsed.document.families, {label: -number for label, number in fewer.items()})
    return ParsedDocument(
        document=replace(splice.document(parsed.document), families=families),
        items=tuple(items),
        chunks=tuple(one for one in chunks if one.text.strip()),
    )


def _changed(change: _Change, moved: Item) -> Item:
    """An item with its new values: of several those that were read, replaced or taken away, then those that are new."""
    if not change.told:
        return moved
    values: dict[str, object] = {
        "conflicts": tuple(one for one in moved.conflicts if one.field not in change.settled), **change.fields,
        "corrected": tuple(sorted([*moved.corrected, *change.told], key=lambda one: (one.field, one.read, one.value))),
    }  # fmt: skip
    for name, corrections in change.several.items():
        instead = {_plain(one.instead_of): one.value for one in corrections if one.instead_of}
        read = [instead.get(_plain(said), said) for said in getattr(moved, name)]
        new = sorted(one.value for one in corrections if not one.instead_of)
        values[name] = tuple(dict.fromkeys(said for said in (*read, *new) if said))
    return replace(moved, **values)  # type: ignore[arg-type]
