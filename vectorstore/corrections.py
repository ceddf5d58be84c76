"""Corrections of records: what people say that a field is, instead of what was read.

A correction is a value, applied to the records when an edition is opened. No text changes by it: quotes stay the words
of the document, and an item tells in `corrected` what was read and what people say. Of several corrections of one field
the last counts. One does not apply where its document or item is not in the edition, or where something else was read
than when it was made.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date
from enum import StrEnum
from typing import Any

from vectorstore.errors import say
from vectorstore.quantities import Moment, Number, located
from vectorstore.records import (
    Corrected,
    Document,
    Family,
    Field,
    Item,
    ItemKind,
    ItemStatus,
    ParsedDocument,
    RefTitle,
    Value,
    ValueKind,
)


class CorrectableField(StrEnum):
    """What of an item can be corrected.

    `kind` also says that an item is no record ("section") or that a section is one. `record` adds a record that was not
    read: its value is the line in the text of the item with which it begins.
    """

    TITLE = "title"
    KIND = "kind"
    STATUS = "status"
    UNIT = "unit"
    PARTNERS = "partners"
    DATE = "date"
    PERIOD = "period"
    COST = "cost"
    PRIORITY = "priority"
    RECORD = "record"


LISTS = (CorrectableField.UNIT, CorrectableField.DATE)  # fields of several values, in a correction on a line each
_ATTRIBUTES = {"unit": "responsible", "partners": "cooperation", "date": "dates"}  # of items, where called otherwise
_MEANINGS = {"unit": "responsible"} | {name: name for name in ("status", "partners", "period", "cost", "priority")}


@dataclass(frozen=True, slots=True)
class Correction:
    """`value` of a field of an item, "" for none; `read` is what was read when it was made, None where nobody knows."""

    document_id: str
    key: str
    field: CorrectableField
    value: str
    read: str | None = None
    reason: str = ""
    day: date | None = None

    @property
    def place(self) -> tuple[str, str, str, str]:
        """What it is about: of several corrections of one place the last counts."""
        added = self.value if self.field is CorrectableField.RECORD else ""
        return self.document_id, self.key, self.field.value, added

    @property
    def added_key(self) -> str:
        """The key of the record that it adds."""
        return f"{self.key}~{re.sub(r'[^0-9A-Za-z]+', '-', self.value).strip('-')[:60]}"


class CorrectionState(StrEnum):
    """What became of a correction."""

    APPLIED = "applied"
    NEEDLESS = "needless"
    REPLACED = "replaced"
    NO_ITEM = "no_item"
    NO_LINE = "no_line"
    READ_OTHERWISE = "read_otherwise"

    @property
    def fits(self) -> bool:
        """True where the edition has what is corrected."""
        return self in (CorrectionState.APPLIED, CorrectionState.NEEDLESS)


States = dict[Correction, CorrectionState]


def read_value(item: Item, field: CorrectableField) -> str:
    """The value of a field of an item as a correction has it."""
    value = getattr(item, _ATTRIBUTES.get(field, field.value), None)
    return "\n".join(value) if field in LISTS and value else str(value or "")


def apply_corrections(
    documents: Iterable[ParsedDocument], corrections: Iterable[Correction]
) -> tuple[list[ParsedDocument], States]:
    """The documents with their corrections, and what became of each correction."""
    last: dict[tuple[str, ...], Correction] = {}
    states: States = {}
    for correction in corrections:
        if correction.place in last:
            states[last[correction.place]] = CorrectionState.REPLACED
        states[correction] = CorrectionState.NO_ITEM
        last[correction.place] = correction
    corrected = []
    for parsed in documents:
        chosen = [correction for correction in last.values() if correction.document_id == parsed.document.id]
        corrected.append(_correct_document(parsed, chosen, states) if chosen else parsed)
    return corrected, states


def _correct_document(read: ParsedDocument, corrections: Sequence[Correction], states: States) -> ParsedDocument:
    parsed = read
    for correction in (each for each in corrections if each.field is CorrectableField.RECORD):
        parsed, states[correction] = _add_record(parsed, correction)
    items = {item.key: item for item in parsed.items}
    of_items = [each for each in corrections if each.field is not CorrectableField.RECORD and each.key in items]
    states |= {correction: _state_of(correction, items[correction.key]) for correction in of_items}
    fitting = [correction for correction in of_items if states[correction].fits]
    for key in dict.fromkeys(correction.key for correction in fitting):
        chosen = [correction for correction in fitting if correction.key == key]
        items[key] = _correct_item(items[key], chosen, read.document)
    families = _recount(read.document.families, read.items, items.values())
    titles = {(item.ref, item.title): items[item.key].title for item in parsed.items}
    renamed = tuple(_rename_heads(item, titles) for item in items.values())
    return replace(parsed, document=replace(read.document, families=families), items=renamed)


def _state_of(correction: Correction, item: Item) -> CorrectionState:
    texts = (read_value(item, correction.field), correction.value, correction.read)
    now, value, read = (text and "".join(text.split()) for text in texts)
    if now == value:
        return CorrectionState.NEEDLESS
    return CorrectionState.APPLIED if read in (None, now) else CorrectionState.READ_OTHERWISE


def _correct_item(item: Item, corrections: Sequence[Correction], document: Document) -> Item:
    attributes: dict[str, Any] = {}
    fields, values, corrected = item.fields, list(item.values), list(item.corrected)
    for correction in corrections:
        attributes |= _attributes(correction, item, document)
        if (read := read_value(item, correction.field)) != correction.value:
            before, now = ("; ".join(text.splitlines()) for text in (read, correction.value))
            fields, printed = _replace_fields(fields, correction.field, now)
            corrected.append(Corrected(correction.field, before, now, correction.reason, correction.day, printed))
            values += _stated_values(now)
    settled = {_MEANINGS.get(correction.field) for correction in corrections}
    conflicts = tuple(conflict for conflict in item.conflicts if conflict.field not in settled)
    attributes |= {"fields": fields, "values": tuple(values), "corrected": tuple(corrected), "conflicts": conflicts}
    return replace(item, **attributes)


def _attributes(correction: Correction, item: Item, document: Document) -> dict[str, Any]:
    """The attributes of an item that a correction sets."""
    field, value = correction.field, correction.value
    if field is CorrectableField.STATUS:
        return {"status": ItemStatus(value) if value else None, "status_heading": None}
    if field is CorrectableField.KIND:
        without_status = {"status": None, "status_heading": None} if value == ItemKind.SECTION else {}
        return {"kind": ItemKind(value), "family": _family(item, ItemKind(value), document), **without_status}
    name = _ATTRIBUTES.get(field, field.value)
    return {name: tuple(value.splitlines()) if field in LISTS else value or None}


def _family(item: Item, kind: ItemKind, document: Document) -> str | None:
    """The numbering of a kind to which an item's number belongs, None where it belongs to none."""
    labels = [family.label for family in document.families if family.kind is kind and family.label]
    return next((label for label in labels if label in (item.family, re.sub(r"\d+", "{n}", item.ref))), None)


def _replace_fields(
    fields: tuple[Field, ...], field: CorrectableField, value: str
) -> tuple[tuple[Field, ...], tuple[str, ...]]:
    """Labelled fields with what people say in the place of those that state the same, and the texts of these."""
    if (meaning := _MEANINGS.get(field)) is None:
        return fields, ()
    same = [labelled for labelled in fields if labelled.field == meaning]
    remaining = [labelled for labelled in fields if labelled.field != meaning]
    if value and field is not CorrectableField.STATUS:  # which is in no labelled field
        label, page = (same[0].label, same[0].page) if same else (say(f"corrections.{field}"), None)
        remaining.insert(fields.index(same[0]) if same else len(remaining), Field(label, value, meaning, page))
    return tuple(remaining), tuple(labelled.text for labelled in same)


def _stated_values(text: str) -> Iterator[Value]:
    """The dates and the amounts in euros of a corrected value, which are nowhere in the document's text."""
    for result in located(text):
        printed, figure = text[result.start : result.end], result.figure
        if isinstance(figure, Moment) and figure.year:
            day = f"-{figure.day:02}" if figure.day else ""
            yield Value(ValueKind.DATE, printed, f"{figure.year}-{figure.month:02}{day}", -1, -1)
        elif isinstance(figure, Number) and figure.is_year:
            yield Value(ValueKind.DATE, printed, figure.printed, -1, -1)
        elif isinstance(figure, Number) and figure.unit == "EUR" and figure.values:
            unit = f"EUR/{figure.rate}" if figure.rate else "EUR"
            yield Value(ValueKind.AMOUNT, printed, f"{max(figure.values):f}", -1, -1, unit)


def _add_record(parsed: ParsedDocument, correction: Correction) -> tuple[ParsedDocument, CorrectionState]:
    """The document with a record that begins with a line of an item's text, where that is in it just once."""
    item = next((item for item in parsed.items if item.key == correction.key), None)
    if item is None:
        return parsed, CorrectionState.NO_ITEM
    text, line, begin = parsed.document.text, correction.value, item.start + len(item.heading)
    if text[begin : item.end].count(line) != 1 or any(other.key == correction.added_key for other in parsed.items):
        return parsed, CorrectionState.NO_LINE
    start, is_section = text.index(line, begin), item.kind is ItemKind.SECTION
    page = parsed.document.page_at(start)
    record = Item(
        document_id=item.document_id, key=correction.added_key, ref=line if is_section else item.ref,
        kind=ItemKind.MEASURE if is_section else item.kind, title=line, heading=line, start=start, end=item.end,
        body=text[start + len(line) : item.end].strip(), order=item.order, parent=item.parent, path=item.path,
        theme=item.theme, goal=item.goal, family=item.family,
        page=page.number if page else None, page_label=page.label if page else None,
        corrected=(Corrected(correction.field.value, "", line, correction.reason, correction.day),),
    )  # fmt: skip
    mine = [chunk.key == item.key and start <= chunk.start < item.end for chunk in parsed.chunks]
    chunks = (replace(chunk, key=record.key) if of else chunk for chunk, of in zip(parsed.chunks, mine, strict=True))
    place = parsed.items.index(item) + 1
    items = (*parsed.items[:place], record, *parsed.items[place:])
    return replace(parsed, items=items, chunks=tuple(chunks)), CorrectionState.APPLIED


def _recount(families: Sequence[Family], read: Iterable[Item], now: Iterable[Item]) -> tuple[Family, ...]:
    """The families with as many records as there are by now."""
    more = Counter((item.family, item.kind) for item in now if item.family)
    more.subtract(Counter((item.family, item.kind) for item in read if item.family))
    return tuple(_add_results(family, family.found + more[family.label, family.kind]) for family in families)


def _add_results(family: Family, hits: int) -> Family:
    if family.expected is None or family.complete is None or hits == family.found:
        return replace(family, found=hits)
    return replace(family, found=hits, expected=max(family.expected, hits), complete=hits >= family.expected)


def _rename_heads(item: Item, titles: dict[tuple[str, str], str]) -> Item:
    """An item that calls its theme and its goal by their corrected titles."""
    theme, goal = (
        head and RefTitle(head.ref, titles.get((head.ref, head.title), head.title)) for head in (item.theme, item.goal)
    )
    return item if (theme, goal) == (item.theme, item.goal) else replace(item, theme=theme, goal=goal)
