"""Readings by models: the claims about a document, kept with the digest of each page that they came from.

A reading outlives its text: where the document changes, what is still verbatim in it stays, and people are told how
many records do not. Only the pages that changed are read anew.
"""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from hashlib import sha256
from typing import Any, get_args

from pydantic import BaseModel, ConfigDict, ValidationError

from ingest.choices import Choices, apply_choices
from ingest.keys import digits, plain_ref, shape_of
from ingest.plan.words import meaning
from ingest.readers.claims import SIMPLE, Claim, ClaimedField, Claims, RecordKind, Span
from ingest.readers.model.form import parse_reply
from ingest.readers.model.notices import missing_numbers, notices_of, page_ranges, silent_pages
from ingest.readers.model.windows import page_texts
from ingest.register import RegisterEntry
from ingest.validation import validate
from ingest.validation.matching import TextIndex, fold, pages_of
from prompts import say
from vectorstore.kept_texts import Texts
from vectorstore.records import Document, Item, ItemKind, ItemStatus, ParsedDocument

FOLDER = "readings/"


class Reading(BaseModel):
    """The claims of a model about a document, the digests of the pages that it read, how many records were accepted."""

    model_config = ConfigDict(frozen=True, extra="ignore")

    model: str
    pages: Mapping[int, str] = {}
    claims: Claims = Claims()
    accepted: int = 0


def reading_name(document_id: str) -> str:
    """Return the name under which a document's reading is kept."""
    return f"{FOLDER}{document_id}.json"


def load_reading(texts: Texts, document_id: str) -> Reading | None:
    """Return the kept reading of a document, None without one; older ones are replies without digests."""
    try:
        found = json.loads(texts.get(reading_name(document_id)) or b"null")
        if isinstance(found, dict) and isinstance(found.get("said"), list):
            parts = [claims for reply in found["said"] if (claims := parse_reply(reply))]
            joined = {
                name: [part for claims in parts for part in getattr(claims, name)] for name in Claims.model_fields
            }
            return Reading(model=str(found.get("model")), claims=Claims.model_validate(joined))
        return Reading.model_validate(found) if found is not None else None
    except (ValueError, ValidationError):
        return None


def store_reading(texts: Texts, document_id: str, reading: Reading) -> None:
    """Keep the reading of a document in place of an earlier one; raises what `Texts.put` raises."""
    texts.put(reading_name(document_id), reading.model_dump_json(exclude_defaults=True, indent=1).encode())


def forget_readings(texts: Texts, ids: Iterable[str]) -> None:
    """Remove the readings of documents; raises what `Texts.remove` raises."""
    known = texts.all(FOLDER)
    for name in map(reading_name, ids):
        if name in known:
            texts.remove(name)


def with_metadata(entries: Iterable[RegisterEntry], texts: Texts) -> list[RegisterEntry]:
    """Return the entries with the metadata that their readings claim, as JSON, to be verified by their quotes."""
    result = []
    for entry in entries:
        reading = load_reading(texts, entry.id)
        parts = (
            [part.model_dump(include={"field", "value", "quote"}) for part in reading.claims.metadata]
            if reading
            else []
        )
        result.append(replace(entry, front_proposed=json.dumps(parts, ensure_ascii=False) if parts else None))
    return result


def page_digests(document: Document) -> dict[int, str]:
    """Return a digest of each page with text, white space, hyphens and case aside."""
    return {number: sha256(fold(text).encode()).hexdigest()[:16] for number, text in page_texts(document)}


def changed_pages(reading: Reading, document: Document) -> frozenset[int]:
    """Return the pages whose text a reading does not know."""
    known = {*reading.pages.values()}
    return frozenset(number for number, digest in page_digests(document).items() if digest not in known)


def count_records(claims: Claims) -> int:
    """Return how many claims are of records, each number or title once."""
    records = (record for record in claims.records if record.kind != "section")
    return len({(record.kind, plain_ref(record.number or "") or fold(record.title)) for record in records})


def move_claims(reading: Reading, document: Document) -> Claims:
    """Return the claims of a reading with the pages that they have in a changed document, under the model's name."""
    pages = _moved_pages(reading, document)
    index = TextIndex(document.text, pages_of(document))
    last = max(page_digests(document), default=1)

    def move(record: Claim) -> Claim:
        page = min(pages.get(record.page, record.page), last)
        if index.find(record.title, index.pages(max(1, page - 1), page + 1)) is None:
            spans = index.find_all(record.title, Span(0, len(document.text)))
            page = min((index.page_of(span.start) for span in spans), key=lambda at: abs(at - page), default=page)
        return record.model_copy(update={"page": max(1, page), "source": reading.model})

    totals = (total.model_copy(update={"page": pages.get(total.page, total.page)}) for total in reading.claims.totals)
    records = tuple(map(move, reading.claims.records))
    return reading.claims.model_copy(update={"records": records, "totals": tuple(totals)})


def apply_reading(parsed: ParsedDocument, reading: Reading, choices: Choices) -> ParsedDocument:
    """Return a document with the accepted records of a reading, and with warnings of what was rejected or is missing.

    Records that the model left out are those of the simple reader. A document of which the simple reader has clearly
    more stays as that read it.
    """
    from ingest.items import build_document

    document, pages = parsed.document, pages_of(parsed.document)
    claims, faults = validate(move_claims(reading, document), document.text, pages)
    warnings = [*_lost_records(reading, document, claims), *notices_of(document, claims, faults)]
    left = tuple(_left_out(parsed, claims, {*changed_pages(reading, document), *silent_pages(document, claims)}))
    if left:
        both = claims.model_copy(update={"records": (*claims.records, *left)})
        claims = validate(both, document.text, pages).claims
    built = build_document(document, apply_choices(_with_meanings(claims), choices))
    if _has_fewer_records(built, parsed):
        warnings, built = [*warnings, say("reading.not_kept")], parsed
    return replace(built, document=replace(built.document, warnings=(*warnings, *document.warnings)))


def with_reading(parsed: ParsedDocument, texts: Texts, choices: Choices) -> ParsedDocument:
    """Return a document with the records of its kept reading, as it is without one."""
    reading = load_reading(texts, parsed.document.id)
    return apply_reading(parsed, reading, choices) if reading is not None else parsed


def _moved_pages(reading: Reading, document: Document) -> dict[int, int]:
    """Return where the pages of a reading are in a document: by digest, else as far moved as the page before."""
    here: dict[str, list[int]] = defaultdict(list)
    for number, digest in page_digests(document).items():
        here[digest].append(number)
    moved, shift = {}, 0
    for number, digest in sorted(reading.pages.items()):
        if digest in here:
            shift = min(here[digest], key=lambda at: abs(at - number - shift)) - number
        moved[number] = number + shift
    return moved


def _lost_records(reading: Reading, document: Document, claims: Claims) -> Iterator[str]:
    """Yield how many records of a kept reading the document does not support any more, and what to do about it."""
    if lost := max(0, reading.accepted - count_records(claims)):
        yield say("reading.lost", lost=lost, known=reading.accepted)
    if changed := changed_pages(reading, document):
        yield say("reading.changed", pages=page_ranges(changed))


def _left_out(parsed: ParsedDocument, claims: Claims, silent: set[int]) -> Iterator[Claim]:
    """Yield the records of the simple reader in the families of the claims that are missing there."""
    numbers = {plain_ref(record.number) for record in claims.records if record.number}
    shapes = {shape_of(number) for number in numbers}
    missing = {plain_ref(number) for number in missing_numbers(claims)}
    for item in parsed.items:
        ref = plain_ref(item.ref)
        if item.kind.value not in get_args(RecordKind) or item.kind is ItemKind.SECTION or not digits(ref):
            continue
        if (
            item.status is ItemStatus.ARCHIVED
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


def _with_meanings(claims: Claims) -> Claims:
    """Return claims whose labelled fields have their meanings."""

    def label(record: Claim) -> Claim:
        fields = (
            field.model_copy(update={"meaning": field.meaning or meaning(field.label)}) for field in record.fields
        )
        return record.model_copy(update={"fields": tuple(fields)})

    return claims.model_copy(update={"records": tuple(map(label, claims.records))})


def _has_fewer_records(built: ParsedDocument, parsed: ParsedDocument) -> bool:
    """True if the simple reader has clearly more: all that the document lists, twice as many, or any at all."""
    records: Any = (ItemKind.PROJECT, ItemKind.MEASURE)
    found = sum(item.kind in records for item in built.items)
    complete = [family for family in parsed.document.families if family.kind in records and family.complete]
    listed = sum(family.found for family in complete if family.evidence)
    known = sum(family.found for family in complete)
    return found < listed or 2 * found < known or (not found and any(item.kind in records for item in parsed.items))
