"""What people are told of a model's claims about a document: rejected parts, silent pages, gaps in a sequence."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from itertools import groupby, pairwise

from ingest.keys import shape_of
from ingest.readers.claims import Claim, Claims
from ingest.readings import page_texts
from ingest.validation import ClaimFault, FaultKind
from ingest.validation.text_index import TextIndex, pages_of
from prompts import say
from vectorstore.notation import fold_ref
from vectorstore.records import Document

_MOST_NAMES = 5  # of records in one sentence
_LONGEST_GAP = 12  # numbers between two records above which a sequence does not go on
_LEAST_LETTERS = 200  # of a page that is silent


def notices_of(document: Document, claims: Claims, faults: Sequence[ClaimFault]) -> Iterator[str]:
    """Yield a sentence for each sort of rejected part, for pages without claims and for gaps; `claims` are accepted."""
    for kind in FaultKind:
        own = [fault for fault in faults if fault.kind is kind]
        names = list(dict.fromkeys(say("reading.at_page", name=fault.record, page=fault.page) for fault in own))
        if own:
            yield say(f"reading.failing_{kind}", names=_list_names(names), count=len(own))
    if silent := silent_pages(document, claims):
        yield say("reading.silent", pages=page_ranges(silent))
    if gaps := list(missing_numbers(claims)):
        yield say("reading.gaps", numbers=_list_names(gaps))


def silent_pages(document: Document, claims: Claims) -> list[int]:
    """Return the pages with text on which nothing of a claim is."""
    index = TextIndex("", pages_of(document))
    spans = [span for record in claims.records for span in (record.head, record.extent)]
    spans += [field.span for record in claims.records for field in record.fields]
    spans += [total.span for total in claims.totals]
    claimed = {p for span in spans if span for p in range(index.page_of(span.start), index.page_of(span.end) + 1)}
    texts = page_texts(document)
    return [number for number, text in texts if number not in claimed and sum(map(str.isalpha, text)) >= _LEAST_LETTERS]


def missing_numbers(claims: Claims) -> Iterator[str]:
    """Yield the numbers that are left out between records of one sequence."""
    numbered = [record for record in claims.records if record.is_record and re.search(r"\d$", record.number or "")]
    known = {record.ref for record in numbered}
    sequences: dict[str, list[Claim]] = defaultdict(list)
    for record in numbered:
        if record.where != "contents":
            sequences[f"{shape_of(record.ref)} {_digits(record)[:-1]}"].append(record)
    for first, second in (pair for members in sequences.values() for pair in pairwise(members)):
        low, high = (_digits(record)[-1] for record in (first, second))
        for missing in range(low + 1, high if high - low <= _LONGEST_GAP else low):
            name = _count_on(first.number or "", missing)
            if fold_ref(name) not in known:
                known.add(fold_ref(name))
                yield name


def page_ranges(numbers: Iterable[int]) -> str:
    """Return page numbers as people write them: "3, 5-9"."""
    runs: list[str] = []
    for _, run in groupby(enumerate(sorted(set(numbers))), key=lambda pair: pair[1] - pair[0]):
        pages = [number for _, number in run]
        runs += [f"{pages[0]}-{pages[-1]}"] if len(pages) > 2 else map(str, pages)
    return ", ".join(runs)


def _digits(record: Claim) -> list[int]:
    return [int(digits) for digits in re.findall(r"\d{1,6}", record.number or "")]


def _count_on(ref: str, number: int) -> str:
    return re.sub(r"\d+(?=\D*$)", lambda match: str(number).zfill(len(match[0]) if match[0][0] == "0" else 1), ref)


def _list_names(names: Sequence[str]) -> str:
    more, shown = len(names) - _MOST_NAMES, ", ".join(names[:_MOST_NAMES])
    return say("reading.and_more", names=shown, more=more) if more > 0 else shown
