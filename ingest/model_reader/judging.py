"""What a model said of a paper, held against the paper: the records that stand, what does not, and what is missing."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import get_args

from ingest.check import Fault, Standing, bare_number, checked, claim_of
from ingest.claims import TEXTS, Claim, ClaimedHeading, RecordKind, Said
from ingest.families import Total
from ingest.joining import Listing, ListRow, join
from ingest.keys import digits, plain_ref, shape_of
from ingest.merging import Merged, archived, merge, under_one_name
from ingest.model_reader.drafting import Drafted
from ingest.model_reader.windows import pages_of
from ingest.verbatim import PrintedText, Span, folded
from prompts import say
from vectorstore.records import Chunk, Document, Evidence, Item, ItemKind, ItemStatus

_GOES_ON = 4  # pages between two mentions of one record that goes on
_LONGEST_GAP = 12  # numbers between two records above which a series does not run on


@dataclass(frozen=True, slots=True)
class Gap:
    """A number that is missing between two records, and the pages on which these stand."""

    number: str
    pages: tuple[int, int]


@dataclass(frozen=True, slots=True)
class Judged:
    """What stands of a reading: items as merging made them, what the paper counts itself, and what is missing."""

    paper: PrintedText
    drafted: Drafted
    merged: Merged
    totals: list[Total]
    faults: list[Fault]
    gaps: list[Gap]

    @property
    def records(self) -> list[Item]:
        """The items that are more than sections."""
        return [one for one in self.merged.items if one.kind is not ItemKind.SECTION]

    @property
    def worth(self) -> tuple[int, int]:
        """By what two readings of one paper are compared: records first, then what did not stand."""
        return len(self.records), -len(self.faults) - len(self.gaps)


def judged(document: Document, said: Sequence[Said], chunks: Sequence[Chunk] = ()) -> Judged:
    """Hold everything that was said against the paper, and make one record of what belongs together.

    `chunks` are what is searched of the text, all of it without any.
    """
    paper = PrintedText(document.text, pages_of(document))
    covered = [Span(one.start, one.end) for one in chunks] or [Span(0, len(document.text))]
    found = checked(_gathered((claim for part in said for claim in part.records), paper), paper)
    sheets, rows, contents = (
        _once([one for one in found.standing if one.claim.where == where]) for where in ("sheet", "row", "contents")
    )
    drafted = Drafted(document, paper, covered, sheets, rows, list(_headings(said, paper)))
    merged = merge(drafted, drafted.draft, drafted.items, drafted.witnesses)
    merged.items = under_one_name(drafted, drafted.draft, merged.items)
    merged.items += archived(drafted, drafted.draft, drafted.archive, merged.items)
    _hold_against(merged, [drafted.listed(one) for one in contents], listed=bool(rows))
    return Judged(paper, drafted, merged, list(_totals(said, paper)), found.faults, list(_gaps(merged.items, paper)))


def _hold_against(merged: Merged, contents: Sequence[ListRow], *, listed: bool) -> None:
    """Note what the contents name: as missing what no record is, and all of it where the paper has no other list."""
    _, left = join([one for one in merged.items if one.kind is not ItemKind.SECTION], contents)
    headings = {(plain_ref(one.ref), one.kind): folded(one.heading) for one in merged.items}
    left = [one for one in left if folded(one.title) not in headings.get((plain_ref(one.ref), one.kind), "")]
    _, unlisted = join(merged.items, left) if left else ({}, left)
    names = {folded(one.title) for one in merged.missing}
    merged.missing.extend(one for one in unlisted if folded(one.title) not in names)
    if contents and not listed:
        told = Evidence(say("evidence.contents", count=len(contents)), contents[0].row.page)
        refs, titles = tuple(one.ref for one in contents), tuple(one.title for one in contents)
        merged.listings.append(Listing(contents[0].kind, refs, titles, told))


def left_out(items: Iterable[Item], outcome: Judged) -> Said:
    """Return as claims the records of another reader whose number or title an outcome misses."""
    numbers = {plain_ref(one.number) for one in outcome.gaps}
    titles = {folded(one.title) for one in outcome.merged.missing}
    kinds = get_args(RecordKind)
    records = (one for one in items if one.kind.value in kinds and one.status is not ItemStatus.ARCHIVED)
    missed = (one for one in records if plain_ref(one.ref) in numbers or folded(one.title) in titles)
    return Said(records=tuple(claim for one in missed if (claim := claim_of(one, outcome.paper)) is not None))


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
    texts = {name: getattr(first, name) or getattr(second, name) for name in ("parent", *TEXTS)}
    units = tuple({folded(one): one for one in (*first.units, *second.units)}.values())
    return first.model_copy(update={**texts, "fields": tuple(fields.values()), "units": units})


def _once(standing: Sequence[Standing]) -> list[Standing]:
    """Return each record once: of several printings the one in order, with most fields, that comes last."""
    groups: dict[tuple[str, str], list[int]] = defaultdict(list)
    for place, one in enumerate(standing):
        groups[one.ref, folded(one.claim.title)].append(place)
    kept = []
    for places in groups.values():
        best = max(places, key=lambda at: (_is_in_order(standing, at), len(standing[at].fields), at))
        for at in places:
            if at != best and set(range(min(at, best), max(at, best))) <= {*places}:
                standing[best].go_on(standing[at])
        kept.append(best)
    return [standing[place] for place in sorted(kept)]


def _is_in_order(standing: Sequence[Standing], place: int) -> bool:
    """Tell whether the number goes on from the one before it, or to the one behind it."""
    own, value = standing[place], digits(standing[place].ref)
    around = [standing[at] for at in (place - 1, place + 1) if 0 <= at < len(standing)]
    near = [digits(other.ref) for other in around if shape_of(other.ref) == shape_of(own.ref)]
    return bool(value) and any(one[:-1] == value[:-1] and abs(one[-1] - value[-1]) == 1 for one in near)


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


def _totals(said: Sequence[Said], paper: PrintedText) -> Iterator[Total]:
    for total in (one for part in said for one in part.totals):
        span = paper.first(total.quote, paper.pages(total.page))
        if span is not None and total.count in digits(quote := " ".join(paper.text[span.start : span.end].split())):
            yield Total(
                (ItemKind(total.kind),),
                total.count,
                Evidence(say("evidence.stated", quote=quote), paper.page_of(span.start)),
            )


def _gaps(items: Iterable[Item], paper: PrintedText) -> Iterator[Gap]:
    """Yield the numbers that are left out between records of one series."""
    series: dict[tuple[str, str, tuple[int, ...]], list[Item]] = defaultdict(list)
    for one in items:
        if one.kind is not ItemKind.SECTION and one.ref != one.title and digits(plain_ref(one.ref)):
            series[one.kind, shape_of(plain_ref(one.ref)), digits(plain_ref(one.ref))[:-1]].append(one)
    for members in series.values():
        for first, second in pairwise(members):
            low, high = (digits(plain_ref(one.ref))[-1] for one in (first, second))
            pages = (paper.page_of(first.start) or 1, paper.page_of(second.start) or 1)
            for number in range(low + 1, high if high - low <= _LONGEST_GAP else low):
                yield Gap(_counted(first.ref.partition("~")[0], number), pages)


def _counted(ref: str, number: int) -> str:
    return re.sub(r"\d+(?=\D*$)", lambda match: str(number).zfill(len(match[0]) if match[0][0] == "0" else 1), ref)
