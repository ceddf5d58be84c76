"""The records of a document that a model has read: its accepted claims, and what it left out from the simple reader."""

from __future__ import annotations

import itertools
import re
from collections.abc import Iterator
from dataclasses import replace
from typing import get_args

from ingest.choices import apply_choices
from ingest.items import build_document
from ingest.keys import RECORDS, compare_ref, shape_of
from ingest.readers.claims import SIMPLE, Choices, Claim, ClaimedField, Claims, RecordKind, Span
from ingest.readers.model.notices import missing_numbers, notices_of, page_ranges, silent_pages
from ingest.readers.model.structure import structure_claims
from ingest.readings import Reading, changed_pages, count_records, load_reading, move_claims
from ingest.validation import validate
from ingest.validation.matching import fold, pages_of
from prompts import say
from vectorstore.kept_texts import Texts
from vectorstore.records import BY_STAFF, Document, Item, ItemKind, ItemStatus, ParsedDocument, RefTitle

_UPPER = (ItemKind.THEME, ItemKind.GOAL)


def apply_reading(parsed: ParsedDocument, reading: Reading, choices: Choices) -> ParsedDocument:
    """Return a document with the accepted records of a reading, and with warnings of what was rejected or is missing.

    Records that the model left out are those of the simple reader. A document of which the simple reader has clearly
    more stays as that read it.
    """
    document, pages = parsed.document, pages_of(parsed.document)
    claims, faults = validate(move_claims(reading, document), document.text, pages)
    warnings = [*_lost_records(reading, document, claims), *notices_of(document, claims, faults)]
    left = tuple(_left_out(parsed, claims, {*changed_pages(reading, document), *silent_pages(document, claims)}))
    both = claims.model_copy(update={"records": (*claims.records, *left)})
    claims = validate(apply_choices(both, choices, document), document.text, pages).claims
    claims = structure_claims(claims, document.text)
    built = _with_parents(build_document(document, claims, _unindexed(parsed)), claims)
    built = _with_marks(built, parsed)
    if _has_fewer_records(built, parsed):
        warnings, built = [*warnings, say("reading.not_kept")], parsed
    return replace(built, document=replace(built.document, warnings=(*warnings, *document.warnings)))


def with_reading(parsed: ParsedDocument, texts: Texts, choices: Choices) -> ParsedDocument:
    """Return a document with the records of its kept reading, as it is without one."""
    reading = load_reading(texts, parsed.document.id)
    return apply_reading(parsed, reading, choices) if reading is not None else parsed


def _lost_records(reading: Reading, document: Document, claims: Claims) -> Iterator[str]:
    """Yield how many records of a kept reading the document does not support any more, and what to do about it."""
    if lost := max(0, reading.accepted - count_records(claims)):
        yield say("reading.lost", lost=lost, known=reading.accepted)
    if changed := changed_pages(reading, document):
        yield say("reading.changed", pages=page_ranges(changed))


def _left_out(parsed: ParsedDocument, claims: Claims, silent: set[int]) -> Iterator[Claim]:
    """Yield the records of the simple reader in the families of the claims that are missing there."""
    numbers = {compare_ref(record.number) for record in claims.records if record.number}
    shapes = {shape_of(number) for number in numbers}
    missing = {compare_ref(number) for number in missing_numbers(claims)}
    for item in parsed.items:
        ref = compare_ref(item.ref)
        if item.kind.value not in get_args(RecordKind) or item.kind is ItemKind.SECTION or not re.search(r"\d", ref):
            continue
        if (
            item.status is ItemStatus.ARCHIVED
            or item.read_by == BY_STAFF
            or ref in numbers
            or item.ref == item.title
            or shape_of(ref) not in shapes
        ):
            continue
        if ref in missing or item.page in silent:
            yield _claim_of(item, parsed.document.text)


def _claim_of(item: Item, text: str) -> Claim:
    """Return the claim of an item that the simple reader made."""
    head = Span(item.start, item.start + len(item.heading))
    title = text.find(item.title, item.start, item.end)
    fields = (
        ClaimedField(label=f.label, text=f.text, meaning=f.field, span=Span(f.start, f.start + len(f.text)))
        for f in item.fields
        if f.start >= 0
    )
    return Claim.model_construct(
        kind=item.kind.value, number=item.ref.partition("~")[0], title=item.title, page=item.page or 1, where="sheet",
        fields=tuple(fields), units=item.responsible, partners=item.cooperation, period=item.period, cost=item.cost,
        priority=item.priority, source=SIMPLE, confidence=1.0, head=head, extent=Span(item.start, item.end),
        title_span=Span(title, title + len(item.title)) if title >= 0 else head,
    )  # fmt: skip


def _unindexed(parsed: ParsedDocument) -> list[Span]:
    """Return the spans of a document that are in no chunk: tables of contents."""
    edges = sorted((chunk.start, chunk.end) for chunk in parsed.chunks)
    ends = itertools.accumulate((end for _, end in edges), max, initial=0)
    starts = [*(start for start, _ in edges), len(parsed.document.text)]
    return [Span(end, start) for end, start in zip(ends, starts, strict=True) if start > end]


def _with_parents(built: ParsedDocument, claims: Claims) -> ParsedDocument:
    """Return a document whose records are under the parents that a model claims, by number or title."""
    named = {
        claim.head.start: claim.parent
        for claim in claims.records
        if claim.head and claim.parent and claim.source != SIMPLE
    }
    names: dict[str, Item] = {}
    items: list[Item] = []
    for item in built.items:
        parent = names.get(fold(named.get(item.start) or "-"))
        if parent is not None and parent.key != item.key:
            theme, goal = (RefTitle(parent.ref, parent.title) if parent.kind is kind else None for kind in _UPPER)
            theme, goal = theme or parent.theme or item.theme, goal or parent.goal or item.goal
            item = replace(item, parent=parent.key, theme=theme, goal=goal)
        if item.kind is not ItemKind.SECTION:
            names |= {fold(item.ref): item, fold(item.title): item}
        items.append(item)
    return replace(built, items=tuple(items))


def _with_marks(built: ParsedDocument, parsed: ParsedDocument) -> ParsedDocument:
    """Return a document with the statuses that marks in columns give: the text has them not, the simple reader does.

    A record that has another status by its heading keeps the conflict.
    """
    marked = {(compare_ref(item.ref), fold(item.title)): item for item in parsed.items if item.status is not None}
    items = []
    for item in built.items:
        other = marked.get((compare_ref(item.ref), fold(item.title)))
        if other is not None and item.status in (None, other.status):
            conflicts = () if item.conflicts else tuple(c for c in other.conflicts if c.field == "status")
            item = replace(item, status=other.status, conflicts=(*item.conflicts, *conflicts))
        items.append(item)
    return replace(built, items=tuple(items))


def _has_fewer_records(built: ParsedDocument, parsed: ParsedDocument) -> bool:
    """True if the simple reader has clearly more: all that the document lists, twice as many, or any at all."""
    found = sum(item.kind in RECORDS for item in built.items)
    complete = [family for family in parsed.document.families if family.kind in RECORDS and family.complete]
    listed = sum(family.found for family in complete if family.evidence)
    known = sum(family.found for family in complete)
    return found < listed or 2 * found < known or (not found and any(item.kind in RECORDS for item in parsed.items))
