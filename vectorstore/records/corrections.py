"""Corrections of records: values that people set for a field in place of the value that was read
from the document.

Corrections are applied to the records when an edition is opened. The document's text stays as it
is, so quotes remain verbatim; `Item.corrected` lists for each correction the value that was read
and the new one. Of several corrections of one field the last applies. None applies if its document
or item is not in the edition, or if the field now reads differently than when the correction was
made.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date
from enum import StrEnum
from typing import Any

from vectorstore.language import DateValue, Number, locate_quantities, remove_spaces
from vectorstore.records.documents import Document, Family, ParsedDocument
from vectorstore.records.items import (
    Chunk,
    Corrected,
    Field,
    Item,
    ItemKind,
    ItemStatus,
    RefTitle,
    Value,
    ValueKind,
)
from vectorstore.storage import say


class CorrectableField(StrEnum):
    """The fields of an item that can be corrected.

    With `kind` a record becomes a section or a section a record. `record` adds a missed record: its
    value is the line of the item's text with which that record begins.
    """

    TITLE = "title"
    KIND = "kind"
    STATUS = "status"
    UNIT = "unit"
    PARTNERS = "partners"
    PLACE = "place"
    DATE = "date"
    PERIOD = "period"
    COST = "cost"
    PRIORITY = "priority"
    RECORD = "record"


# fields of several values: a correction has one in each line
LIST_FIELDS = (CorrectableField.UNIT, CorrectableField.PLACE, CorrectableField.DATE)
# of `Item`, where named differently
_ATTRIBUTES = {
    "unit": "responsible",
    "partners": "cooperation",
    "place": "municipalities",
    "date": "dates",
}
# The `Field.field` that states a correctable field. No other correctable field is in labelled
# fields.
_FIELD_NAMES = {
    "unit": "responsible",
    "status": "status",
    "partners": "partners",
    "period": "period",
    "cost": "cost",
    "priority": "priority",
}


@dataclass(frozen=True, slots=True)
class Correction:
    """A new `value` of an item's field, "" to empty it; `read` is the value that it replaces, None
    where unknown.
    """

    document_id: str
    key: str
    field: CorrectableField
    value: str
    read: str | None = None
    reason: str = ""
    day: date | None = None

    @property
    def target(self) -> tuple[str, str, str, str]:
        """What it corrects: document, item, field and, for an added record, its line.

        Of several corrections with the same target the last applies.
        """
        added = self.value if self.field is CorrectableField.RECORD else ""
        return self.document_id, self.key, self.field.value, added

    @property
    def added_key(self) -> str:
        """The key of the record that a correction of `CorrectableField.RECORD` adds."""
        slug = re.sub(r"[^0-9A-Za-z]+", "-", self.value).strip("-")
        return f"{self.key}~{slug[:60]}"


class CorrectionState(StrEnum):
    """Whether a correction was applied to an edition, or why not.

    NEEDLESS: the value was read already. REPLACED: a later correction of the same field applies.
    NO_ITEM: the document or the item is missing. NO_LINE: the line of an added record is missing in
    the item or is there several times, or the record is there already. READ_OTHERWISE: the field
    was read with another value than the correction replaces.
    """

    APPLIED = "applied"
    NEEDLESS = "needless"
    REPLACED = "replaced"
    NO_ITEM = "no_item"
    NO_LINE = "no_line"
    READ_OTHERWISE = "read_otherwise"

    @property
    def is_in_effect(self) -> bool:
        """True if the edition has the corrected value."""
        return self in (CorrectionState.APPLIED, CorrectionState.NEEDLESS)


States = dict[Correction, CorrectionState]


def current_value(item: Item, field: CorrectableField) -> str:
    """The value of an item's field as the text of a correction: several values on a line each, ""
    for none.
    """
    value = getattr(item, _ATTRIBUTES.get(field, field.value), None)
    if field in LIST_FIELDS and value:
        return "\n".join(value)
    return str(value or "")


def apply_corrections(
    documents: Iterable[ParsedDocument], corrections: Iterable[Correction]
) -> tuple[list[ParsedDocument], States]:
    """The documents with the corrections applied, and the state of each correction.

    Of several corrections of the same field only the last is applied; the earlier ones are
    REPLACED. A correction stays NO_ITEM if no document has its item.
    """
    last: dict[tuple[str, ...], Correction] = {}
    states: States = {}
    for correction in corrections:
        if correction.target in last:
            states[last[correction.target]] = CorrectionState.REPLACED
        states[correction] = CorrectionState.NO_ITEM  # until its item is seen
        last[correction.target] = correction
    by_document: dict[str, list[Correction]] = {}
    for correction in last.values():
        by_document.setdefault(correction.document_id, []).append(correction)
    corrected = []
    for parsed in documents:
        of_document = by_document.get(parsed.document.id)
        corrected.append(_correct_document(parsed, of_document, states) if of_document else parsed)
    return corrected, states


def _correct_document(
    original: ParsedDocument, corrections: Sequence[Correction], states: States
) -> ParsedDocument:
    """The document with these corrections applied; the state of each is written into `states`.

    Missed records are added first, so that the added records can be corrected too. Afterwards the
    records of each family are counted again, and items below a corrected theme or goal get its new
    title.
    """
    parsed = original
    for correction in corrections:
        if correction.field is CorrectableField.RECORD:
            parsed, states[correction] = _add_record(parsed, correction)
    items = {item.key: item for item in parsed.items}
    applied: dict[str, list[Correction]] = {}  # by key
    for correction in corrections:
        if correction.field is not CorrectableField.RECORD and correction.key in items:
            states[correction] = _state_of(correction, items[correction.key])
            if states[correction].is_in_effect:
                applied.setdefault(correction.key, []).append(correction)
    for key, item_corrections in applied.items():
        items[key] = _correct_item(items[key], item_corrections, original.document)
    families = _recount(original.document.families, original.items, items.values())
    new_titles = {(item.ref, item.title): items[item.key].title for item in parsed.items}
    retitled = tuple(_retitle_ancestors(item, new_titles) for item in items.values())
    return replace(parsed, document=replace(original.document, families=families), items=retitled)


def _state_of(correction: Correction, item: Item) -> CorrectionState:
    """The state of a correction of an existing item; values are compared without white space.

    The correction applies if the field still has the value that people saw when they corrected it,
    or if that is unknown. If the document is read otherwise now, people have to look at it again.
    """
    now = remove_spaces(current_value(item, correction.field))
    if now == remove_spaces(correction.value):
        return CorrectionState.NEEDLESS
    is_as_read = correction.read is None or remove_spaces(correction.read) == now
    return CorrectionState.APPLIED if is_as_read else CorrectionState.READ_OTHERWISE


def _correct_item(item: Item, corrections: Sequence[Correction], document: Document) -> Item:
    """The item with these corrections, each of another field.

    Its labelled fields are replaced, the corrections are listed in `corrected`, and conflicts about
    a corrected field are removed, as people have settled them. A correction to the value that was
    read anyway is not listed.
    """
    attributes: dict[str, Any] = {}
    fields = item.fields
    values = list(item.values)
    corrected = list(item.corrected)
    for correction in corrections:
        attributes |= _attributes(correction, item, document)
        read = current_value(item, correction.field)
        if read != correction.value:
            before = "; ".join(read.splitlines())
            after = "; ".join(correction.value.splitlines())
            fields, printed = _replace_fields(fields, correction.field, after)
            corrected.append(
                Corrected(
                    correction.field, before, after, correction.reason, correction.day, printed
                )
            )
            values += _stated_values(after)
    corrected_fields = {_FIELD_NAMES.get(correction.field) for correction in corrections}
    conflicts = tuple(
        conflict for conflict in item.conflicts if conflict.field not in corrected_fields
    )
    return replace(
        item,
        fields=fields,
        values=tuple(values),
        corrected=tuple(corrected),
        conflicts=conflicts,
        **attributes,
    )


def _attributes(correction: Correction, item: Item, document: Document) -> dict[str, Any]:
    """The attributes of `Item` that a correction sets, with their new values.

    A corrected status removes `status_heading`, which prints the former one. A corrected kind sets
    the family too, and a record that becomes a section loses its status. An empty value gives None,
    or () for a field of several values.
    """
    field, value = correction.field, correction.value
    if field is CorrectableField.STATUS:
        return {"status": ItemStatus(value) if value else None, "status_heading": None}
    if field is CorrectableField.KIND:
        kind = ItemKind(value)
        attributes: dict[str, Any] = {"kind": kind, "family": _family(item, kind, document)}
        if kind is ItemKind.SECTION:
            attributes |= {"status": None, "status_heading": None}
        return attributes
    name = _ATTRIBUTES.get(field, field.value)
    if field in LIST_FIELDS:
        return {name: tuple(value.splitlines())}
    return {name: value or None}


def _family(item: Item, kind: ItemKind, document: Document) -> str | None:
    """The label of the family to which an item of this kind belongs, or None.

    That is a family of the kind whose label is the item's own or the shape of its ref: "M 7" has
    the shape "M {n}". Thus an item whose kind was corrected is counted with the others of its
    numbering.
    """
    item_labels = (item.family, re.sub(r"\d+", "{n}", item.ref))
    for family in document.families:
        if family.kind is kind and family.label and family.label in item_labels:
            return family.label
    return None


def _replace_fields(
    fields: tuple[Field, ...], field: CorrectableField, value: str
) -> tuple[tuple[Field, ...], tuple[str, ...]]:
    """The labelled fields with a corrected value, and the texts of the fields that it replaces.

    The value takes the place of the first field with its meaning; other fields with this meaning
    are removed. If no field has the meaning, a new one comes last, with the label that staff see.
    For an empty value or a status fields are only removed. A correction of something that no
    labelled field states, such as the title, changes no field.
    """
    meaning = _FIELD_NAMES.get(field)
    if meaning is None:
        return fields, ()
    replaced = [labelled for labelled in fields if labelled.field == meaning]
    results = [labelled for labelled in fields if labelled.field != meaning]
    printed = tuple(labelled.text for labelled in replaced)
    if not value or field is CorrectableField.STATUS:
        return tuple(results), printed  # a status is shown without a labelled field
    if replaced:
        first = replaced[0]
        results.insert(fields.index(first), Field(first.label, value, meaning, first.page))
    else:
        results.append(Field(say(f"corrections.{field}"), value, meaning))
    return tuple(results), printed


def _stated_values(text: str) -> Iterator[Value]:
    """The dates, years and amounts in euros that a corrected value states.

    Their offsets are -1, as a correction is not in the document's text. If an amount has two
    possible values ("10" in "10 bis 15 Mio. Euro"), the larger one is taken.
    """
    for result in locate_quantities(text):
        printed, figure = text[result.start : result.end], result.figure
        if isinstance(figure, DateValue) and figure.year:
            day = f"-{figure.day:02}" if figure.day else ""
            yield Value(ValueKind.DATE, printed, f"{figure.year}-{figure.month:02}{day}", -1, -1)
        elif isinstance(figure, Number) and figure.is_year:
            yield Value(ValueKind.DATE, printed, figure.printed, -1, -1)
        elif isinstance(figure, Number) and figure.unit == "EUR" and figure.values:
            unit = f"EUR/{figure.divisor}" if figure.divisor else "EUR"
            yield Value(ValueKind.AMOUNT, printed, f"{max(figure.values):f}", -1, -1, unit)


def _add_record(
    parsed: ParsedDocument, correction: Correction
) -> tuple[ParsedDocument, CorrectionState]:
    """The document with a missed record added, and the state of the correction.

    The record begins in the text of the item at the line that the correction names, and goes on to
    the end of the item; the chunks from there on become its chunks, up to a record that is added
    at a later line. In a section it is a measure with the line as its ref; in a record it has that
    record's kind and ref. If the line is not there exactly once, or the record was added already,
    the document stays as it is.
    """
    by_key = {other.key: other for other in parsed.items}
    item = by_key.get(correction.key)
    if item is None:
        return parsed, CorrectionState.NO_ITEM
    text, line = parsed.document.text, correction.value
    body_start = item.start + len(item.heading)
    is_added = correction.added_key in by_key
    if is_added or text[body_start : item.end].count(line) != 1:
        return parsed, CorrectionState.NO_LINE
    start = text.index(line, body_start)
    is_section = item.kind is ItemKind.SECTION
    page = parsed.document.page_at(start)
    record = Item(
        document_id=item.document_id,
        key=correction.added_key,
        ref=line if is_section else item.ref,
        kind=ItemKind.MEASURE if is_section else item.kind,
        title=line,
        heading=line,
        start=start,
        end=item.end,
        body=text[start + len(line) : item.end].strip(),
        order=item.order,
        parent=item.parent,
        path=item.path,
        theme=item.theme,
        goal=item.goal,
        family=item.family,
        page=page.number if page else None,
        page_label=page.label if page else None,
        corrected=(Corrected(correction.field.value, "", line, correction.reason, correction.day),),
    )
    # the item, and what was added to it at earlier lines: all end with the item
    earlier = [other for other in parsed.items if other.start <= start and other.end == item.end]
    earlier_keys = {other.key for other in earlier}
    chunks = list[Chunk]()
    for chunk in parsed.chunks:
        is_moved = chunk.key in earlier_keys and start <= chunk.start < item.end
        chunks.append(replace(chunk, key=record.key) if is_moved else chunk)
    position = parsed.items.index(earlier[-1]) + 1
    items = (*parsed.items[:position], record, *parsed.items[position:])
    return replace(parsed, items=items, chunks=tuple(chunks)), CorrectionState.APPLIED


def _recount(
    families: Sequence[Family], read: Iterable[Item], now: Iterable[Item]
) -> tuple[Family, ...]:
    """The families, with their counts changed as the number of their records has changed.

    `read` are the items as they were read, `now` those after the corrections.
    """
    more = Counter((item.family, item.kind) for item in now if item.family)
    more.subtract(Counter((item.family, item.kind) for item in read if item.family))
    return tuple(
        _set_count(family, family.found + more[family.label, family.kind]) for family in families
    )


def _set_count(family: Family, count: int) -> Family:
    """The family with another count of records found.

    The expected count, if known, grows with the new count: people may find more records than the
    document's own list names. The family is complete if as many as expected were found. A family
    whose structure was not understood (`complete` is None) stays so.
    """
    if family.expected is None or family.complete is None or count == family.found:
        return replace(family, found=count)
    expected = max(family.expected, count)
    complete = count >= family.expected
    return replace(family, found=count, expected=expected, complete=complete)


def _retitle_ancestors(item: Item, new_titles: dict[tuple[str, str], str]) -> Item:
    """The item with the corrected titles of its theme and goal; `new_titles` is by ref and title as
    read.
    """
    theme, goal = _retitle(item.theme, new_titles), _retitle(item.goal, new_titles)
    return replace(item, theme=theme, goal=goal)


def _retitle(ancestor: RefTitle | None, new_titles: dict[tuple[str, str], str]) -> RefTitle | None:
    """A theme or goal with its corrected title."""
    if ancestor is None:
        return None
    title = new_titles.get((ancestor.ref, ancestor.title), ancestor.title)
    return RefTitle(ancestor.ref, title)
