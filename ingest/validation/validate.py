"""Validation of claims: each part is in the text of the document and in the right place, or it is rejected.

Claims of a model come without spans: title, number, fields, units and totals are looked up in the text. Claims
of the simple reader have spans already. For both, a number has one head, and a record without fields is
supported by a list or by numbers in sequence with its own; what nothing supports is a section, for people to decide.
"""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Sequence
from typing import NamedTuple

from ingest.keys import shape_of
from ingest.readers.claims import TEXTS, Claim, ClaimedTotal, Claims, Span
from ingest.readers.folding import fold_quote
from ingest.readers.numbers import ref_parts
from ingest.validation.fields import FieldLookup
from ingest.validation.heads import ClaimFault, FaultKind, HeadLookup, Reject, start_of, title_of
from ingest.validation.text_index import TextIndex
from vectorstore.notation import read_number_word
from vectorstore.records import Page

_RIVALS = 50  # earlier heads under one number or title that a head is compared with
_LONGEST_FAULT = 60  # characters of a rejected text that are kept
_PLACES = ("sheet", "heading", "row", "contents")  # of two claims for one heading the first wins
_COUNTED = {"project", "measure"}  # kinds of which a record needs support


class Validated(NamedTuple):
    """The accepted claims in the order of the text, with spans, and a fault for each part that is rejected."""

    claims: Claims
    faults: tuple[ClaimFault, ...]


def validate(claims: Claims, text: str, pages: tuple[Page, ...]) -> Validated:
    """Accept or reject each part of the claims; accepted records have head, title and fields with their spans."""
    index, faults = TextIndex(text, pages), dict[ClaimFault, None]()

    def reject(kind: FaultKind, claim: Claim, part: str) -> None:
        faults[ClaimFault(kind, claim.name, part[:_LONGEST_FAULT], claim.page)] = None

    heads, fields = HeadLookup(index, reject), FieldLookup(index, reject)
    located = _drop_overlaps([result for claim in claims.records if (result := heads.locate(claim))], reject)
    sorts = [[record for record in located if record.is_head]]
    sorts += ([record for record in located if record.where == place] for place in _PLACES[2:])
    filled = sorted((record for sort in sorts for record in fields.fill(sort)), key=start_of)
    supported = _with_support(_with_one_head(filled, reject), heads, reject)
    records = tuple(_with_head(record, text) for record in supported)
    return Validated(Claims(records=records, totals=tuple(_find_totals(claims.totals, index))), tuple(faults))


def _find_totals(totals: Iterable[ClaimedTotal], index: TextIndex) -> Iterator[ClaimedTotal]:
    """Yield the totals whose quote is on their page and contains the number."""
    for total in totals:
        span = total.span or index.find(total.quote, index.pages(total.page))
        quote = index.text[slice(*span)] if span else ""
        numbers = [*map(int, re.findall(r"\d{1,6}", quote)), *map(read_number_word, re.findall(r"[^\W\d_]+", quote))]
        if span and total.count in numbers:
            yield total.model_copy(update={"span": span, "page": index.page_of(span.start)})


def _drop_overlaps(located: Sequence[Claim], reject: Reject) -> list[Claim]:
    """Return the claims whose titles share no characters: a sheet wins over a row, a longer title over a part."""
    owners: dict[int, int] = {}  # offset → place of the claim whose title is there
    retained: list[Claim] = []
    for record in sorted(located, key=_weigh_place):
        title = range(*title_of(record))
        place = next((owners[offset] for offset in title if offset in owners), None)
        if place is None:
            owners.update(dict.fromkeys(title, len(retained)))
            retained.append(record)
            continue
        winner = retained[place]
        retained[place] = winner.model_copy(update={"level": winner.level or record.level})
        if record.folded_title != winner.folded_title:
            reject(FaultKind.TITLE, record, record.title)
    return sorted(retained, key=start_of)


def _weigh_place(record: Claim) -> tuple[int, bool, int]:
    title = title_of(record)
    return _PLACES.index(record.where), record.number is None, title.start - title.end


def _with_one_head(located: Sequence[Claim], reject: Reject) -> list[Claim]:
    """Return the records with one head for a number, and for a title without one; rows are no heads."""
    retained: list[Claim] = []
    heads: dict[str, list[int]] = defaultdict(list)
    for record in located:
        names = {record.ref, record.folded_title} - {""} if record.is_head and record.is_record else set[str]()
        rivals = (place for name in names for place in heads[name][-_RIVALS:])
        place = next((place for place in rivals if _is_same_head(retained[place], record)), None)
        if place is None:
            for name in names:
                heads[name].append(len(retained))
            retained.append(record)
            continue
        worse, best = sorted((retained[place], record), key=_weigh)
        if worse.kind != "theme" or best.folded_title != worse.folded_title:  # a theme may head every page
            reject(FaultKind.DUPLICATE, worse, worse.title)
        retained[place] = best
    return sorted(retained, key=start_of)


def _weigh(record: Claim) -> tuple[int, int, int]:
    """Return by what two heads of a record are compared: place, number of parts, the later one."""
    parts = len(record.fields) + len(record.units) + sum(bool(getattr(record, name)) for name in TEXTS)
    return -_PLACES.index(record.where), parts, start_of(record)


def _is_same_head(record: Claim, other: Claim) -> bool:
    """True if only one of two heads under one number, or under one title, can be the head of a record.

    Simple numbers may begin anew under another heading, and several records may share a number: that one has fields and
    the other has none tells the head of a record from another mention.
    """
    kinds = {record.kind, other.kind}
    if (len(kinds) > 1 and not kinds <= _COUNTED) or (record.ref and other.ref and record.ref != other.ref):
        return False
    with_fields = record.has_fields + other.has_fields
    short, long = sorted((record.folded_title, other.folded_title), key=len)
    if short in long:
        return bool(record.ref or other.ref or with_fields or kinds & {"theme", "goal"})
    return record.ref == other.ref != "" and not record.ref.isdigit() and with_fields == 1


def _with_support(located: Sequence[Claim], heads: HeadLookup, reject: Reject) -> Iterator[Claim]:
    """Yield records that have fields like others of their family, a neighbour in sequence, or a list entry.

    Another one is a section where it is, so that its text is found under its heading and people can take it.
    """
    names = {name for record in located for name in (record.folded_title, fold_quote(record.number or ""))}
    listed = {record.folded_title for record in located if not record.is_head}
    counted = [record for record in located if record.is_head and record.kind in _COUNTED]
    numbers = {(shape_of(record.number or ""), _counts(record)) for record in counted}
    families = Counter(shape_of(record.number or "") for record in counted)
    filled = Counter(shape_of(record.number or "") for record in counted if record.has_fields)
    for record in located:
        shape, counts = shape_of(record.number or ""), _counts(record)
        if (
            not record.is_head
            or record.kind not in _COUNTED
            or record.has_fields
            or (record.head is not None and record.confidence >= 1)
            or record.folded_title in listed
            or any((shape, (*counts[:-1], counts[-1] + step)) in numbers for step in (-1, 1) if counts)
            or (record.ref and 2 * filled[shape] <= families[shape])  # where most have no fields
            or (not record.ref and heads.is_bullet(title_of(record)) and fold_quote(record.parent or "-") in names)
        ):
            yield record
        else:
            reject(FaultKind.UNSUPPORTED, record, record.title)
            yield record.model_copy(update={"kind": "section", "where": "heading", "parent": None})


def _counts(record: Claim) -> tuple[int, ...]:
    """Return the integers by which numbers of one shape are in sequence."""
    number = record.number or ""
    return ref_parts(number, roman=re.search(r"(?<![^\W_])[IVXL]+$", number) is not None) if number else ()


def _with_head(record: Claim, text: str) -> Claim:
    """Return a claim with the span of its head; of a record whose fields begin above its title also the extent."""
    if record.head is not None:
        return record
    title, number = title_of(record), record.number_span
    is_close = number is not None and "\n" not in text[title.end : number.start]
    start, end = (start_of(record), max(title.end, number.end)) if number and is_close else title
    bullet = re.search(r"(?:^|\n)([-–•*][ \t]+)$", text[max(0, start - 9) : start])
    colon = re.match(r"[ \t]*:(?=\s|$)", text[end : end + 4]) if record.is_head else None
    head = Span(start - len(bullet[1]) if bullet else start, end + (colon.end() if colon else 0))
    update: dict[str, Span] = {"head": head}
    spans = [span for field in record.fields for span in (field.label_span, field.span) if span]
    if record.is_head and any(span.start < head.start for span in spans):
        update["extent"] = Span(min(span.start for span in spans), max(head.end, *(span.end for span in spans)))
    return record.model_copy(update=update)
