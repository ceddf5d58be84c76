"""Validation of claims: each part is in the text of the document and in the right place, or it is rejected.

Claims of a model come without spans: title, number, fields, units and totals are looked up in the text. Claims
of the simple reader have spans already. For both, a number has one head, and a record without fields is
supported by a list or by numbers in sequence with its own.
"""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from typing import NamedTuple

from ingest.readers.claims import TEXTS, Claim, ClaimedTotal, Claims, Span
from ingest.validation.fields import FieldLookup
from ingest.validation.heads import ClaimFault, FaultKind, FoundClaim, HeadLookup
from ingest.validation.text_index import TextIndex, fold
from vectorstore.notation import worded
from vectorstore.records import Page

_RIVALS = 50  # earlier heads under one number or title that a head is compared with
_PLACES = ("sheet", "heading", "row", "contents")  # of two claims for one heading the first wins
_COUNTED = {"project", "measure"}  # kinds of which a record needs support


class Validated(NamedTuple):
    """The accepted claims in the order of the text, with spans, and a fault for each part that is rejected."""

    claims: Claims
    faults: tuple[ClaimFault, ...]


def validate(claims: Claims, text: str, pages: tuple[Page, ...]) -> Validated:
    """Accept or reject each part of the claims; accepted records have head, title and fields with their spans."""
    index = TextIndex(text, pages)
    validator = _RecordValidator(index)
    accepted = Claims(
        records=tuple(validator.accept(claims.records)),
        totals=tuple(_find_totals(claims.totals, index)),
    )
    return Validated(accepted, tuple(dict.fromkeys(validator.faults)))


def _find_totals(totals: Iterable[ClaimedTotal], index: TextIndex) -> Iterator[ClaimedTotal]:
    """Yield the totals whose quote is on their page and contains the number."""
    for total in totals:
        span = total.span or index.find(total.quote, index.pages(total.page))
        quote = index.text[slice(*span)] if span else ""
        numbers = [*map(int, re.findall(r"\d{1,6}", quote)), *map(worded, re.findall(r"[^\W\d_]+", quote))]
        if span and total.count in numbers:
            yield total.model_copy(update={"span": span, "page": index.page_of(span.start)})


class _RecordValidator:
    """Accepts the records of one document; `faults` collects what is rejected."""

    def __init__(self, index: TextIndex) -> None:
        self.faults: list[ClaimFault] = []
        self._text = index.text
        self._heads, self._fields = HeadLookup(index, self._reject), FieldLookup(index, self._reject)

    def accept(self, claims: Sequence[Claim]) -> Iterator[Claim]:
        """Yield the accepted records in the order of the text."""
        located = self._drop_overlaps([found for claim in claims if (found := self._heads.locate(claim))])
        heads = [record for record in located if record.is_head]
        lists = ([record for record in located if record.claim.where == place] for place in _PLACES[2:])
        filled = sorted((record for sort in (heads, *lists) for record in self._fields.fill(sort)), key=_start)
        return (_with_spans(record, self._text) for record in self._supported(self._with_one_head(filled)))

    def _reject(self, kind: FaultKind, claim: Claim, text: str) -> None:
        self.faults.append(ClaimFault.of(kind, claim, text))

    def _drop_overlaps(self, located: Sequence[FoundClaim]) -> list[FoundClaim]:
        """Return the claims whose titles share no characters: a sheet wins over a row, a longer title over a part."""
        owners: dict[int, int] = {}  # offset → place of the claim whose title is there
        kept: list[FoundClaim] = []
        for record in sorted(located, key=_weigh_place):
            place = next((owners[offset] for offset in range(*record.title) if offset in owners), None)
            if place is None:
                owners.update(dict.fromkeys(range(*record.title), len(kept)))
                kept.append(record)
                continue
            winner, level = kept[place], record.claim.level
            if level and not winner.claim.level:
                kept[place] = replace(winner, claim=winner.claim.model_copy(update={"level": level}))
            if record.folded_title != winner.folded_title:
                self._reject(FaultKind.TITLE, record.claim, record.claim.title)
        return sorted(kept, key=_start)

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
            if worse.claim.kind != "theme" or best.folded_title != worse.folded_title:  # a theme may head every page
                self._reject(FaultKind.DUPLICATE, worse.claim, worse.claim.title)
            kept[place] = best
        return sorted(kept, key=_start)

    def _supported(self, located: Sequence[FoundClaim]) -> Iterator[FoundClaim]:
        """Yield the records that have fields like others of their family, a neighbour in sequence, or a list entry."""
        names = {name for record in located for name in (record.folded_title, fold(record.claim.number or ""))}
        listed = {record.folded_title for record in located if not record.is_head}
        counted = [record for record in located if record.is_head and record.claim.kind in _COUNTED]
        numbers = {(record.shape, record.counts) for record in counted}
        families, filled = (Counter(r.shape for r in counted if r.has_fields or every) for every in (True, False))
        for record in located:
            claim, shape = record.claim, record.shape
            steps = ((*record.counts[:-1], record.counts[-1] + step) for step in (-1, 1) if record.counts)
            if (
                not record.is_head
                or claim.kind not in _COUNTED
                or record.has_fields
                or (claim.head is not None and claim.confidence >= 1)
                or record.folded_title in listed
                or any((shape, step) in numbers for step in steps)
                or (record.ref and 2 * filled[shape] <= families[shape])  # where most have no fields
                or (not record.ref and self._heads.is_bullet(record.title) and fold(claim.parent or "-") in names)
            ):
                yield record
            else:
                self._reject(FaultKind.UNSUPPORTED, claim, claim.title)


def _start(record: FoundClaim) -> int:
    return record.start


def _weigh_place(record: FoundClaim) -> tuple[int, bool, int]:
    return _PLACES.index(record.claim.where), record.number is None, record.title.start - record.title.end


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
    if (len(kinds) > 1 and not kinds <= _COUNTED) or (record.ref and other.ref and record.ref != other.ref):
        return False
    with_fields = record.has_fields + other.has_fields
    short, long = sorted((record.folded_title, other.folded_title), key=len)
    if short in long:
        return bool(record.ref or other.ref or with_fields or kinds & {"theme", "goal"})
    return record.ref == other.ref != "" and not record.ref.isdigit() and with_fields == 1


def _with_spans(record: FoundClaim, text: str) -> Claim:
    """Return a claim with the span of its head; of a record whose fields begin above its title also the extent."""
    claim, title, number = record.claim, record.title, record.number
    if claim.head is not None:
        return claim
    is_near = number is not None and "\n" not in text[title.end : number.start]
    start, end = (record.start, max(title.end, number.end)) if number and is_near else title
    bullet = re.search(r"(?:^|\n)([-–•*][ \t]+)$", text[max(0, start - 9) : start])
    colon = re.match(r"[ \t]*:(?=\s|$)", text[end : end + 4]) if record.is_head else None
    head = Span(start - len(bullet[1]) if bullet else start, end + (colon.end() if colon else 0))
    update: dict[str, Span] = {"head": head, "title_span": title}
    spans = [span for field in claim.fields for span in (field.label_span, field.span) if span]
    if record.is_head and any(span.start < head.start for span in spans):
        update["extent"] = Span(min(span.start for span in spans), max(head.end, *(span.end for span in spans)))
    return claim.model_copy(update=update)
