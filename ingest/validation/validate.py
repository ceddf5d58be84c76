"""Validation of claims: each part is in the text of the document and in the right place, or it is rejected.

Claims of a model come without spans: title, number, fields, units, totals and metadata are looked up in the text.
Claims of the simple reader have spans already. For both, numbers are in sequence, a number has one head, and a record
without fields is supported by a list or by the numbers around it.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import Any, NamedTuple

from ingest.readers.claims import TEXTS, Claim, ClaimedMetadata, ClaimedTotal, Claims, Span
from ingest.validation.fields import FieldLookup
from ingest.validation.heads import ClaimFault, FaultKind, FoundClaim, HeadLookup
from ingest.validation.text_index import TextIndex, fold
from vectorstore.notation import worded
from vectorstore.records import Page

MOST_RECORDS, _MOST_PARTS = 5_000, 200  # of a document: records, and totals or metadata, that are validated
_RIVALS = 50  # earlier heads under one number or title that a head is compared with
_PLACES = ("sheet", "heading", "row", "contents")  # of two claims for one heading the first wins
_COUNTED = ("project", "measure")  # kinds of which a record needs support


class Validated(NamedTuple):
    """The accepted claims in the order of the text, with spans, and a fault for each part that is rejected."""

    claims: Claims
    faults: tuple[ClaimFault, ...]


def validate(claims: Claims, text: str, pages: tuple[Page, ...]) -> Validated:
    """Accept or reject each part of the claims; accepted records have head, title and fields with their spans."""
    validator = _Validator(TextIndex(text, pages))
    accepted = Claims(
        records=tuple(validator.records(claims.records)),
        totals=tuple(validator.totals(claims.totals)),
        metadata=tuple(validator.metadata(claims.metadata)),
    )
    return Validated(accepted, tuple(dict.fromkeys(validator.faults)))


class _Validator:
    """Looks up claims in one text; `faults` collects what is rejected."""

    def __init__(self, index: TextIndex) -> None:
        self.faults: list[ClaimFault] = []
        self._index = index
        self._heads, self._fields = HeadLookup(index, self._reject), FieldLookup(index, self._reject)

    def records(self, claims: Sequence[Claim]) -> Iterator[Claim]:
        """Yield the accepted records in the order of the text."""
        for claim in claims[MOST_RECORDS:]:
            self._reject(FaultKind.LIMIT, claim, claim.title)
        located = [found for claim in claims[:MOST_RECORDS] if (found := self._heads.locate(claim))]
        located = self._in_sequence(self._without_overlaps(located))
        sorts = ([r for r in located if r.is_head], *([r for r in located if r.claim.where == w] for w in _PLACES[2:]))
        filled = sorted((record for sort in sorts for record in self._fields.fill(sort)), key=_start)
        return (_with_spans(record, self._index.text) for record in self._supported(self._with_one_head(filled)))

    def totals(self, totals: Sequence[ClaimedTotal]) -> Iterator[ClaimedTotal]:
        """Yield the totals whose quote is on their page and contains the number."""
        for total in totals[:_MOST_PARTS]:
            span = total.span or self._index.find(total.quote, self._index.pages(total.page))
            quote = self._index.text[slice(*span)] if span else ""
            numbers = [*map(int, re.findall(r"\d{1,6}", quote)), *map(worded, re.findall(r"[^\W\d_]+", quote))]
            if span and total.count in numbers:
                yield total.model_copy(update={"span": span, "page": self._index.page_of(span.start)})

    def metadata(self, metadata: Sequence[ClaimedMetadata]) -> Iterator[ClaimedMetadata]:
        """Yield the metadata whose quote is in the text."""
        for part in metadata[:_MOST_PARTS]:
            if span := part.span or self._index.find(part.quote, Span(0, len(self._index.text))):
                yield part.model_copy(update={"span": span})

    def _reject(self, kind: FaultKind, claim: Claim, text: str) -> None:
        self.faults.append(ClaimFault.of(kind, claim, text))

    def _without_overlaps(self, located: Sequence[FoundClaim]) -> list[FoundClaim]:
        """Return the claims whose titles share no characters: a sheet wins over a row, a longer title over a part."""
        kept: list[FoundClaim] = []
        taken: dict[int, int] = {}
        for record in sorted(located, key=_weigh_place):
            place = next((taken[offset] for offset in range(*record.title) if offset in taken), None)
            if place is None:
                taken.update(dict.fromkeys(range(*record.title), len(kept)))
                kept.append(record)
                continue
            winner = kept[place]
            if record.claim.level and not winner.claim.level:
                kept[place] = replace(winner, claim=winner.claim.model_copy(update={"level": record.claim.level}))
            if record.folded_title != winner.folded_title:
                self._reject(FaultKind.TITLE, record.claim, record.claim.title)
        return sorted(kept, key=_start)

    def _in_sequence(self, located: Sequence[FoundClaim]) -> list[FoundClaim]:
        """Return the claims without numbers that are neither beside their title nor in sequence with others."""
        families: dict[tuple[str, str], list[FoundClaim]] = defaultdict(list)
        for record in located:
            if record.number is not None:
                families[record.claim.where, record.shape].append(record)
        rising = {id(record) for family in families.values() for record in _longest_rising(family)}
        result = []
        for record in located:
            if record.number is not None and not record.is_beside and id(record) not in rising:
                self._reject(FaultKind.NUMBER, record.claim, record.claim.number or "")
                record = FoundClaim(record.claim.model_copy(update={"number": None}), record.title)
            result.append(record)
        return result

    def _with_one_head(self, located: Sequence[FoundClaim]) -> list[FoundClaim]:
        """Return the records with one head for a number, and for a title without one; rows are no heads."""
        kept: list[FoundClaim] = []
        heads: dict[str, list[int]] = defaultdict(list)
        for record in located:
            is_record = record.is_head and record.claim.kind != "section"
            names = {record.ref, record.folded_title} - {""} if is_record else set()
            rivals = (place for name in names for place in heads[name][-_RIVALS:])
            place = next((place for place in rivals if _is_same_head(kept[place], record)), None)
            if place is None:
                for name in names:
                    heads[name].append(len(kept))
                kept.append(record)
                continue
            worse, best = sorted((kept[place], record), key=_weigh)
            is_repeated = best.folded_title == worse.folded_title
            if place == len(kept) - 1 and is_repeated:
                best = _join_fields(best, worse)
            elif worse.claim.kind != "theme" or not is_repeated:  # a theme may head every page
                self._reject(FaultKind.DUPLICATE, worse.claim, worse.claim.title)
            kept[place] = best
        return sorted(kept, key=_start)

    def _supported(self, located: Sequence[FoundClaim]) -> Iterator[FoundClaim]:
        """Yield the records that have fields like others of their family, a neighbour in sequence, or a list entry."""
        listed = {record.folded_title for record in located if not record.is_head}
        names = {name for record in located for name in (record.folded_title, fold(record.claim.number or ""))}
        counted = [record for record in located if record.is_head and record.claim.kind in _COUNTED]
        numbers = {(record.shape, record.counts) for record in counted}
        families, filled = (Counter(r.shape for r in counted if r.has_fields or every) for every in (True, False))
        for record in located:
            claim, shape = record.claim, record.shape
            is_sure = claim.head is not None and claim.confidence >= 1
            if is_sure or record.has_fields or not record.is_head or claim.kind not in _COUNTED:
                yield record
                continue
            steps = ((*record.counts[:-1], record.counts[-1] + step) for step in (-1, 1) if record.counts)
            has_neighbour = record.is_beside and any((shape, step) in numbers for step in steps)
            is_usual = record.ref and 2 * filled[shape] <= families[shape]  # where most have no fields
            is_point = not record.ref and self._heads.is_bullet(record.title) and fold(claim.parent or "-") in names
            if has_neighbour or is_usual or is_point or record.folded_title in listed:
                yield record
            else:
                self._reject(FaultKind.UNSUPPORTED, claim, claim.title)


def _start(record: FoundClaim) -> int:
    return record.start


def _weigh_place(record: FoundClaim) -> tuple[int, bool, int]:
    return _PLACES.index(record.claim.where), not record.is_beside, record.title.start - record.title.end


def _weigh(record: FoundClaim) -> tuple[int, int, int]:
    """Return by what two heads of a record are compared: place, number of parts, the later one."""
    claim = record.claim
    parts = len(claim.fields) + len(claim.units) + sum(bool(getattr(claim, name)) for name in TEXTS)
    return -_PLACES.index(claim.where), parts, record.start


def _is_same_head(record: FoundClaim, other: FoundClaim) -> bool:
    """True if only one of two heads under one number, or under one title, can be the head of a record.

    Simple numbers may begin anew under another heading, and several records may share a number: that one has fields and
    the other has none tells the head of a record from another mention.
    """
    kinds = {record.claim.kind, other.claim.kind}
    if (len(kinds) > 1 and not kinds <= {*_COUNTED}) or (record.ref and other.ref and record.ref != other.ref):
        return False
    with_fields = record.has_fields + other.has_fields
    short, long = sorted((record.folded_title, other.folded_title), key=len)
    if short in long:
        return bool(record.ref or other.ref or with_fields) or bool(kinds & {"theme", "goal"})
    return record.ref == other.ref != "" and not record.ref.isdigit() and with_fields == 1


def _join_fields(record: FoundClaim, other: FoundClaim) -> FoundClaim:
    """Return a record with the fields that it has where its title is printed again."""
    claim, more = record.claim, other.claim
    labels = {fold(field.label) for field in claim.fields}
    fields = [*claim.fields, *(field for field in more.fields if fold(field.label) not in labels)]
    update = {name: getattr(claim, name) or getattr(more, name) for name in ("parent", "units", *TEXTS)}
    update["fields"] = tuple(sorted(fields, key=lambda field: field.span or Span(0, 0)))
    return replace(record, claim=claim.model_copy(update=update))


def _with_spans(record: FoundClaim, text: str) -> Claim:
    """Return a claim with the span of its head; of a record whose fields begin above its title also the extent."""
    claim, title, number = record.claim, record.title, record.number
    if claim.head is not None:
        return claim
    head = Span(record.start, max(title.end, number.end if number else 0)) if record.is_beside else title
    bullet = re.search(r"(?:^|\n)([-–•*][ \t]+)$", text[max(0, head.start - 9) : head.start])
    colon = re.match(r"[ \t]*:(?=\s|$)", text[head.end : head.end + 4]) if record.is_head else None
    head = Span(head.start - len(bullet[1]) if bullet else head.start, head.end + (colon.end() if colon else 0))
    update: dict[str, Span] = {"head": head, "title_span": title}
    spans = [span for field in claim.fields for span in (field.label_span, field.span) if span]
    if record.is_head and any(span.start < head.start for span in spans):
        update["extent"] = Span(min(span.start for span in spans), max(head.end, *(span.end for span in spans)))
    return claim.model_copy(update=update)


def _longest_rising(family: Sequence[FoundClaim]) -> Iterator[FoundClaim]:
    """Yield the longest series of members whose numbers rise, from its end."""
    ends: list[tuple[int, ...]] = []
    chains: list[Any] = []  # each a member and the chain before it
    for member in family:
        place = bisect_left(ends, member.counts)
        chain = (member, chains[place - 1] if place else None)
        ends[place : place + 1], chains[place : place + 1] = [member.counts], [chain]
    last = chains[-1] if chains else None
    while last is not None:
        yield last[0]
        last = last[1]
