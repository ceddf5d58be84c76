"""A kept reading is held against its paper: what stands becomes its records, in place of the simple reader's."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise
from typing import get_args

from pydantic import ValidationError

from ingest.check import Failing, Fault, Standing, bare_number, checked, claim_of
from ingest.chunks import cut_chunks
from ingest.claims import TEXTS, Claim, ClaimedFront, ClaimedHeading, Reading, RecordKind, Said
from ingest.families import Told, Total, with_families
from ingest.front_matter import asked_parts, proven_value
from ingest.joining import Listing, ListRow, join
from ingest.keys import RECORDS, digits, plain_ref, shape_of
from ingest.merging import Merged, archived, merge, under_one_name
from ingest.model_reader.drafting import Drafted
from ingest.plan.files import FOLDER as PLANS
from ingest.plan.files import front_proposal, proposal
from ingest.values.items import with_values
from ingest.verbatim import PrintedText, Span, folded
from prompts import say
from vectorstore.kept_texts import Texts
from vectorstore.records import Chunk, Document, Evidence, Family, Item, ItemKind, ItemStatus, Page, ParsedDocument

FOLDER = "readings/"
_SHOWN = 5  # names that a notice tells
_OPENING = 2000  # characters that open a paper which begins with a record
_PART = 3_000  # characters that make a page where a paper has none
_GOES_ON = 4  # pages between two mentions of one record that goes on
_LONGEST_GAP = 12  # numbers between two records above which a series does not run on


def kept_reading(document_id: str) -> str:
    """Return the name under which a document's reading is kept."""
    return f"{FOLDER}{document_id}.json"


def forget_readings(texts: Texts, ids: Iterable[str]) -> None:
    """Remove what a model has read of documents; raises what `Texts.remove` raises."""
    kept = {*texts.all(FOLDER), *texts.all(PLANS)}
    for name in (
        one for document in ids for one in (kept_reading(document), front_proposal(document), proposal(document))
    ):
        if name in kept:
            texts.remove(name)


def with_reading(parsed: ParsedDocument, texts: Texts) -> ParsedDocument:
    """Return a paper with the records of its kept reading; as it is where none is kept of exactly this text."""
    reading = reading_of(parsed.document, texts)
    return applied(parsed, reading) if reading else parsed


def reading_of(document: Document, texts: Texts) -> Reading | None:
    """Return the reading that is kept of exactly this text, None without one."""
    source = texts.get(kept_reading(document.id))
    try:
        reading = Reading.model_validate_json(source) if source else None
    except ValidationError:
        return None
    return reading if reading is not None and reading.is_of(document) else None


def applied(parsed: ParsedDocument, reading: Reading) -> ParsedDocument:
    """Return a paper with the records that stand of a reading, unless the paper bears out more without it.

    Records that the model left out are taken from the simple reader, where they stand as well.
    """
    outcome = judged(parsed.document, reading.said, parsed.chunks)
    known = {*map(_name, outcome.records)}
    if (others := left_out(parsed.items, outcome)).records:
        outcome = judged(parsed.document, (*reading.said, others), parsed.chunks)
    drafted, document = outcome.drafted, parsed.document
    passages = drafted.finished(outcome.merged.items)
    front = drafted.front(passages)
    opening = document.text[: front.end if front else _OPENING]
    items = [replace(one, order=at) for at, one in enumerate([*([front] if front else []), *outcome.merged.items])]
    told = Told(outcome.merged.listings, outcome.totals)
    labelled, families = with_families(with_values(_marked(items, parsed.items), document.text, opening), told)
    if _is_less(labelled, parsed):
        return replace(parsed, document=replace(document, warnings=(*document.warnings, say("reading.not_kept"))))
    warnings = (*document.warnings, *_told(outcome, families))
    read = tuple(
        replace(one, read_by=reading.model) if one.kind is not ItemKind.SECTION and _name(one) in known else one
        for one in labelled
    )
    return ParsedDocument(
        document=replace(document, families=families, warnings=warnings),
        items=read,
        chunks=cut_chunks(document.id, document.text, passages),
    )


def _marked(items: Sequence[Item], simple: Sequence[Item]) -> list[Item]:
    """Return items with what marks in columns say of their status: the text does not show them, the simple reader does.

    A record that has another status by its heading has two.
    """
    marked = {_name(one): one for one in simple if one.status is not None}
    result = []
    for item in items:
        other = marked.get(_name(item))
        if other is not None and item.status in (None, other.status):
            new = [one for one in other.conflicts if one.field == "status" and not item.conflicts]
            item = replace(item, status=other.status, conflicts=(*item.conflicts, *new))
        result.append(item)
    return result


def _name(one: Item) -> tuple[str, str]:
    return plain_ref(one.ref), folded(one.title)


def front_of(document: Document, reading: Reading) -> tuple[ClaimedFront, ...]:
    """Return the parts of the front matter that a reading proves and that the paper was not surely read to say."""
    wanted = asked_parts(document)
    said = [one for part in reading.said for one in part.front]
    proven = {one.field: one for one in reversed(said) if one.field in wanted and proven_value(one, document.text)}
    return tuple(proven.values())


def _is_less(items: Sequence[Item], parsed: ParsedDocument) -> bool:
    """Tell whether the simple reader has more: all that the paper lists, more than twice as many, or any."""
    found = sum(item.kind in RECORDS for item in items)
    complete = [one for one in parsed.document.families if one.kind in RECORDS and one.complete]
    listed = sum(one.found for one in complete if one.evidence)
    known = sum(one.found for one in complete)
    return found < listed or 2 * found < known or (not found and any(item.kind in RECORDS for item in parsed.items))


def _told(outcome: Judged, families: Sequence[Family]) -> Iterator[str]:
    """Tell what did not stand, and what is missing."""
    for failing in (Failing.TITLE, Failing.NUMBER, Failing.ALONE):
        faults = [
            say("reading.at_page", name=one.record, page=one.page) for one in outcome.faults if one.failing is failing
        ]
        if faults:
            yield say(f"reading.failing_{failing}", names=_listed(list(dict.fromkeys(faults))))
    if texts := sum(one.failing is Failing.TEXT for one in outcome.faults):
        yield say("reading.failing_text", count=texts)
    open_ = {one.label for one in families if one.kind in RECORDS and one.complete is False}
    if gaps := [one.number for one in outcome.gaps if shape_of(one.number) in open_]:
        yield say("reading.gaps", numbers=_listed(gaps))
    if missing := [f"{one.ref} {one.title}".strip() for one in outcome.merged.missing]:
        yield say("reading.missing", names=_listed(missing))


def _listed(names: Sequence[str]) -> str:
    more = len(names) - _SHOWN
    return say("reading.and_more", names=", ".join(names[:_SHOWN]), more=more) if more > 0 else ", ".join(names)


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
    """Return each record once: of several printings the last of those with most fields."""
    groups: dict[tuple[str, str], list[int]] = defaultdict(list)
    for place, one in enumerate(standing):
        groups[one.ref, folded(one.claim.title)].append(place)
    kept = []
    for places in groups.values():
        best = max(places, key=lambda at: (len(standing[at].fields), at))
        for at in places:
            if at != best and set(range(min(at, best), max(at, best))) <= {*places}:
                standing[best].go_on(standing[at])
        kept.append(best)
    return [standing[place] for place in sorted(kept)]


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


def pages_of(document: Document) -> tuple[Page, ...]:
    """Return the pages of a paper; where it has none, parts of about equal length that end with a paragraph."""
    if document.pages:
        return document.pages
    starts = [0]
    while (end := document.text.find("\n\n", starts[-1] + _PART)) >= 0:
        starts.append(end + 2)
    return tuple(Page(start, number, "") for number, start in enumerate(starts, start=1))
