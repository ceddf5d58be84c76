"""Combine a model's claims with those of the simple reader, and write the warnings that staff
see.
"""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Sequence
from itertools import chain, pairwise

from ingest.keys import COUNTED, RECORDS, shape_of
from ingest.readers.claims import Claim, Claims
from ingest.readers.folding import fold_quote
from ingest.stored_readings import Reading, changed_pages, count_records, move_claims, page_texts
from ingest.stream import split_where
from ingest.validation import ClaimFault, FaultKind, validate
from ingest.validation.text_index import TextIndex
from prompts import say
from vectorstore.language import fold_ref
from vectorstore.records import BY_SIMPLE_READER, Document

_PART_LETTER = re.compile(r"([A-H])\.?$")  # "B."
_MOST_NAMES = 5  # of records in one warning
_LONGEST_GAP = 12  # greatest difference of two numbers between which missing numbers are reported
_LEAST_LETTERS = 200  # of a page that is reported as one without claims


def combine_claims(
    reading: Reading, simple: Claims, document: Document
) -> tuple[Claims, tuple[str, ...]]:
    """Return the claims of a model that are valid, and German warnings about rejected and missing
    records.

    The reading may be older than the document: its claims are moved to the new text, and records
    lost in this way and changed pages are reported. Records of the simple reader are added where
    numbers are missing and on pages that changed or have no claims. If the simple reader has more
    than twice as many records, the model read too little, and only the claims of the simple reader
    are returned.
    """
    claims, faults = validate(move_claims(reading, document), document)
    warnings = list[str]()
    changed = changed_pages(reading, document)
    lost = max(0, reading.accepted - count_records(claims))
    if lost:
        warnings.append(say("reading.lost", lost=lost, known=reading.accepted))
    if changed:
        warnings.append(say("reading.changed", pages=page_ranges(changed)))
    warnings += find_warnings(document, claims, faults)
    accepted_simple = validate(simple, document).claims
    if 2 * count_records(claims, RECORDS) < count_records(accepted_simple, RECORDS):
        return simple, (*warnings, say("reading.not_kept"))
    added = _missing_records(simple, claims, {*changed, *uncovered_pages(document, claims)})
    records = [record for record in (*claims.records, *added) if record.where != "contents"]
    records = _with_statuses(sorted(records, key=lambda record: record.head or (0, 0)), simple)
    records = list(_number_points(_with_part_letters(_with_levels(records)), document.text))
    return claims.model_copy(update={"records": tuple(records)}), tuple(warnings)


def find_warnings(
    document: Document, claims: Claims, faults: Sequence[ClaimFault]
) -> Iterator[str]:
    """Yield a German warning for each kind of fault with the names of its records, one for pages
    without claims, and one for numbers that are missing among the accepted `claims`.
    """
    for kind in FaultKind:
        of_kind = [fault for fault in faults if fault.kind is kind]
        names = list(
            dict.fromkeys(
                say("reading.at_page", name=fault.record, page=fault.page) for fault in of_kind
            )
        )
        if of_kind:
            yield say(f"reading.failing_{kind}", names=_list_names(names), count=len(of_kind))
    silent = uncovered_pages(document, claims)
    if silent:
        yield say("reading.silent", pages=page_ranges(silent))
    gaps = list(missing_numbers(claims))
    if gaps:
        yield say("reading.gaps", numbers=_list_names(gaps))


def uncovered_pages(document: Document, claims: Claims) -> list[int]:
    """Return the pages with much text that no record, heading or total covers. A record covers all
    pages from the first to the last of its head, text and fields. Pages with less than
    `_LEAST_LETTERS` letters are not reported: a title or a picture needs no claim.
    """
    index = TextIndex(document)
    claimed = set[int]()
    spans_of_claims = [[total.span] for total in claims.totals]
    for record in claims.records:
        fields = [field.span for field in record.fields]
        spans_of_claims.append([record.head, record.extent, *fields])
    for spans in spans_of_claims:
        offsets = chain.from_iterable(filter(None, spans))
        pages = set(map(index.page_of, offsets))
        claimed.update(range(min(pages, default=0), max(pages, default=0) + 1))
    silent = []
    for number, text in page_texts(document):
        if number not in claimed and sum(map(str.isalpha, text)) >= _LEAST_LETTERS:
            silent.append(number)
    return silent


def missing_numbers(claims: Claims) -> Iterator[str]:
    """Yield the numbers that are missing between two records of one sequence: "M 2" between "M 1"
    and "M 3". Records are of one sequence if their numbers differ in the last part only. A large
    gap is not reported, because a new series may begin behind it. Between entries of a table of
    contents nothing is missing, and what they name is not missing elsewhere.
    """
    known: set[str] = set()
    sequences: dict[str, list[tuple[str, int]]] = defaultdict(list)  # number and its last part
    for record in claims.records:
        if not record.is_record or not record.number or not re.search(r"\d$", record.number):
            continue
        known.add(record.ref)
        if record.where != "contents":
            *upper, last = map(int, re.findall(r"\d{1,6}", record.number))
            sequences[f"{shape_of(record.ref)} {upper}"].append((record.number, last))
    for (first, low), (_, high) in chain.from_iterable(map(pairwise, sequences.values())):
        if high - low > _LONGEST_GAP:
            continue
        for missing in range(low + 1, high):
            name = _count_on(first, missing)
            if fold_ref(name) not in known:
                # reported once, whatever sequence lacks it
                known.add(fold_ref(name))
                yield name


def page_ranges(numbers: Iterable[int]) -> str:
    """Return page numbers as a text with ranges: "3, 5-9". Two pages in a row are no range but "5,
    6".
    """
    ranges: list[str] = []
    for run in split_where(sorted(set(numbers)), lambda run, number: number > run[-1] + 1):
        if len(run) > 2:
            ranges.append(f"{run[0]}-{run[-1]}")
        else:
            ranges += map(str, run)
    return ", ".join(ranges)


def _count_on(ref: str, number: int) -> str:
    """Return a ref with another last number: "M 9" and 10 give "M 10". Zeros before the number are
    kept: "M 08" and 9 give "M 09".
    """
    last = re.search(r"\d+(?=\D*$)", ref)
    if last is None:
        return ref
    digits = str(number)
    if last[0].startswith("0"):
        digits = digits.zfill(len(last[0]))
    return ref[: last.start()] + digits + ref[last.end() :]


def _list_names(names: Sequence[str]) -> str:
    """Return the first names as one text, followed by the German "and n more" if there are further
    ones.
    """
    more, shown = len(names) - _MOST_NAMES, ", ".join(names[:_MOST_NAMES])
    if more > 0:
        return say("reading.and_more", names=shown, more=more)
    return shown


def _missing_records(simple: Claims, claims: Claims, uncovered: set[int]) -> Iterator[Claim]:
    """Yield records of the simple reader that `claims` lack: their number is missing in a sequence
    of the claims, or their page is one of `uncovered`. Only records with a number of a shape that
    the claims have too are added ("M 7" beside "M 3"), for the simple reader may take other numbers
    for records. Rows of tables and of contents are not added.
    """
    numbers = {record.ref for record in claims.records if record.ref}
    families = {shape_of(number) for number in numbers}
    missing = {fold_ref(number) for number in missing_numbers(claims)}
    for record in simple.records:
        ref = record.ref
        if record.kind not in COUNTED or not record.is_head or not re.search(r"\d", ref):
            continue
        is_lost = ref in missing or record.page in uncovered
        if is_lost and ref not in numbers and shape_of(ref) in families:
            yield record


def _with_statuses(records: Iterable[Claim], simple: Claims) -> list[Claim]:
    """Return the records, table rows with the status that the simple reader took from a ticked
    column or from an archive table. Rows are the same if number and title are.
    """
    rows = (record for record in simple.records if record.where == "row" and record.status)
    statuses = {(row.ref, row.folded_title): row.status for row in rows}
    result = []
    for record in records:
        status = statuses.get((record.ref, record.folded_title))
        if status and record.where == "row":
            record = record.model_copy(update={"status": status})
        result.append(record)
    return result


def _with_levels(records: Sequence[Claim]) -> list[Claim]:
    """Return the records with levels for themes and goals of a model, which states none for
    records.

    In most documents the level of a heading is the number of parts of its number plus a fixed
    offset: with "1.2" on level 3 it is 1. If most headings agree on one offset, a theme or goal
    gets its level from its own number in the same way.
    """
    offsets: Counter[int] = Counter()
    for record in records:
        if record.where == "heading" and record.level and _depth(record):
            offsets[record.level - _depth(record)] += 1
    offset = max(offsets, key=offsets.__getitem__, default=0)
    result = list(records)
    if 2 * offsets[offset] <= offsets.total():
        return result
    for index, record in enumerate(records):
        lacks_level = record.is_head and not record.level and record.source != BY_SIMPLE_READER
        if lacks_level and record.kind in ("theme", "goal") and _depth(record):
            result[index] = record.model_copy(update={"level": _depth(record) + offset})
    return result


def _depth(record: Claim) -> int:
    """Return the number of parts of a record's decimal number: 3 for "1.2.3". It is 0 for other
    numbers ("M 3") and without one.
    """
    number = (record.number or "").strip(" .")
    if re.fullmatch(r"\d+(?:\.\d+)*", number):
        return len(number.split("."))
    return 0


def _with_part_letters(records: Sequence[Claim]) -> list[Claim]:
    """Return the records, with the letter of its part before the number and the parent of each
    sheet ("B.3") if several parts of the document use the same numbers. A part begins with a
    section on level 1, whose number is its letter ("B."); sheets below one without a letter stay as
    they are.
    """
    letters = []  # of the part that each record is in
    letter = ""
    # number of a sheet → letters of the parts that use it
    parts: dict[str | None, set[str]] = defaultdict(set)
    for record in records:
        if record.kind == "section" and record.level == 1:
            match = _PART_LETTER.match((record.number or "").strip())
            letter = ""
            if match:
                letter = match[1]
        letters.append(letter)
        if _is_sheet(record) and record.number:
            parts[record.number].add(letter)
    if all(len(used) <= 1 for used in parts.values()):
        return list(records)
    result = []
    for record, letter in zip(records, letters, strict=True):
        if letter and _is_sheet(record):
            names = {"number": record.number, "parent": record.parent}
            # a parent that is no number of a sheet stays as it is
            update = {key: f"{letter}.{name}" for key, name in names.items() if name in parts}
            record = record.model_copy(update=update)
        result.append(record)
    return result


def _is_sheet(record: Claim) -> bool:
    return record.where == "sheet" and record.is_record


def _is_point(record: Claim, text: str) -> bool:
    """True if a head without a number is a point of a list: its text begins with a bullet."""
    if record.head is None or record.number or not record.is_head:
        return False
    return text[record.head.start] in "-–•*"


def _number_points(records: Sequence[Claim], text: str) -> Iterator[Claim]:
    """Yield the records. A list point below a numbered record that it names as parent gets the
    number of this record and its own position in the list: "B.X.3".

    If all measures and projects of the document are such points, those below goals and themes are
    dropped: they are made from the text later.
    """
    points = {id(record) for record in records if _is_point(record, text)}
    has_others = any(record.kind in RECORDS and id(record) not in points for record in records)
    counts: Counter[str] = Counter()
    above: Claim | None = None  # the last record head that is no point
    for record in records:
        is_point = id(record) in points
        number = _number_above(record, above)
        if not is_point and record.is_head and record.is_record:
            above = record
        if not is_point or above is None or not number:
            yield record
        elif has_others or above.kind in RECORDS:
            counts[number] += 1
            yield record.model_copy(update={"number": f"{number}.{counts[number]}"})


def _number_above(record: Claim, above: Claim | None) -> str:
    """Return the number of the record `above` if `record` names it, by number or title, as its
    parent; otherwise "".
    """
    if above is None or not above.number:
        return ""
    parent_name = fold_quote(record.parent or "-")
    if parent_name not in (above.folded_title, fold_quote(above.number)):
        return ""
    return above.number
