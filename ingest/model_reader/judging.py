"""What a model said of a paper, held against the paper: the records that stand, what does not, and what is missing."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass
from itertools import pairwise
from typing import get_args

from pydantic import ValidationError

from ingest.check import Fault, Standing, bare_number, checked, digits, shape
from ingest.claims import Claim, ClaimedHeading, RecordKind, Said
from ingest.joining import plain_ref
from ingest.merging import Merged, merge
from ingest.model_reader.windows import pages_of
from ingest.verbatim import PrintedText, Span, folded
from vectorstore.records import Document, Item, ItemStatus

_GOES_ON = 4  # pages between two mentions of one record that goes on
_LONGEST_GAP = 12  # numbers between two records above which a series does not run on


@dataclass(frozen=True, slots=True)
class Gap:
    """A number that is missing between two records, and the pages on which these stand."""

    number: str
    pages: tuple[int, int]


@dataclass(frozen=True, slots=True)
class Judged:
    """What stands of a reading."""

    paper: PrintedText
    merged: Merged
    headings: list[tuple[ClaimedHeading, Span]]
    totals: list[tuple[str, int, Span]]
    faults: list[Fault]
    gaps: list[Gap]

    @property
    def worth(self) -> tuple[int, int]:
        """By what two readings of one paper are compared: records first, then what did not stand."""
        return len(self.merged.records), -len(self.faults) - len(self.gaps)


def claimed(items: Iterable[Item], outcome: Judged) -> Said:
    """Return as claims the records of another reader whose number or title an outcome misses."""
    numbers = {plain_ref(one.number) for one in outcome.gaps}
    titles = {folded(one.claim.title) for one in outcome.merged.missing}
    kinds, claims = get_args(RecordKind), []
    for item in (one for one in items if one.kind.value in kinds and one.status is not ItemStatus.ARCHIVED):
        number = item.ref.partition("~")[0] if item.ref != item.title else None
        if plain_ref(number or "-") in numbers or folded(item.title) in titles:
            with suppress(ValidationError):  # a text longer than a claim may be
                claims.append(_claim_of(item, number, outcome.paper))
    return Said(records=tuple(claims))


def _claim_of(item: Item, number: str | None, paper: PrintedText) -> Claim:
    told = {
        "kind": item.kind.value,
        "number": number,
        "title": item.title,
        "page": paper.page_of(item.start) or 1,
        "where": "sheet",
        "fields": [{"label": one.label, "text": one.text} for one in item.fields],
        "units": item.responsible,
        "partners": item.cooperation,
        "period": item.period,
        "cost": item.cost,
        "priority": item.priority,
    }
    return Claim.model_validate(told)


def judged(document: Document, said: Sequence[Said]) -> Judged:
    """Hold everything that was said against the paper."""
    paper = PrintedText(document.text, pages_of(document))
    found = checked(_gathered((claim for part in said for claim in part.records), paper), paper)
    merged = merge(found.standing, paper)
    gaps = list(_gaps([one.own for one in merged.records]))
    return Judged(paper, merged, list(_headings(said, paper)), list(_totals(said, paper)), found.faults, gaps)


def _gathered(claims: Iterable[Claim], paper: PrintedText) -> list[Claim]:
    """Make one claim of those that say the same of one record: in windows that overlap, or where it goes on."""
    known: dict[tuple[str, str, str], list[Claim]] = defaultdict(list)
    for claim in claims:
        same = known[claim.where, plain_ref(bare_number(claim.number)), folded(claim.title)]
        again = paper.first(claim.title, paper.pages(claim.page)) is not None
        near = (at for at, one in enumerate(same) if abs(one.page - claim.page) <= (0 if again else _GOES_ON))
        if (place := next(near, None)) is None:
            same.append(claim)
        else:
            same[place] = _both(same[place], claim)
    return [claim for same in known.values() for claim in same]


def _both(first: Claim, second: Claim) -> Claim:
    fields = {(folded(one.label), folded(one.text)): one for one in (*second.fields, *first.fields)}
    texts = {name: getattr(first, name) or getattr(second, name) for name in _TEXTS}
    units = tuple({folded(one): one for one in (*first.units, *second.units)}.values())
    return first.model_copy(update={**texts, "fields": tuple(fields.values()), "units": units})


_TEXTS = ("parent", "partners", "period", "cost", "priority", "status")


def _headings(said: Sequence[Said], paper: PrintedText) -> Iterator[tuple[ClaimedHeading, Span]]:
    """Yield the headings that stand on their page, each once: alone in their paragraph but for a number."""
    taken: set[Span] = set()
    for heading in (one for part in said for one in part.headings):
        for span in paper.all(heading.title, paper.pages(heading.page)):
            block = paper.block(span.start)
            before, after = paper.text[block.start : span.start], paper.text[span.end : block.end]
            if span not in taken and len(before.split()) <= 2 and not after.strip(" .:"):
                taken.add(span)
                yield heading, span
                break


def _totals(said: Sequence[Said], paper: PrintedText) -> Iterator[tuple[str, int, Span]]:
    for total in (one for part in said for one in part.totals):
        span = paper.first(total.quote, paper.pages(total.page))
        if span is not None and total.count in digits(paper.text[span.start : span.end]):
            yield total.kind, total.count, span


def _gaps(records: Sequence[Standing]) -> Iterator[Gap]:
    """Yield the numbers that are left out between records of one series."""
    series: dict[tuple[str, str, tuple[int, ...]], list[Standing]] = defaultdict(list)
    for one in records:
        if one.ref and digits(one.ref):
            series[one.claim.kind, shape(one.ref), digits(one.ref)[:-1]].append(one)
    for members in series.values():
        for first, second in pairwise(members):
            low, high = digits(first.ref)[-1], digits(second.ref)[-1]
            for number in range(low + 1, high if high - low <= _LONGEST_GAP else low):
                yield Gap(_counted(bare_number(first.claim.number), number), (first.claim.page, second.claim.page))


def _counted(ref: str, number: int) -> str:
    return re.sub(r"\d+(?=\D*$)", lambda match: str(number).zfill(len(match[0]) if match[0][0] == "0" else 1), ref)
