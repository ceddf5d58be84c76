"""The claims of a model's reading, accepted and in the structure of the document, with what it left out."""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Sequence
from typing import NamedTuple

from ingest.keys import COUNTED, shape_of
from ingest.readers.claims import Claim, Claims
from ingest.readers.lexicon import status_of
from ingest.readers.model.notices import missing_numbers, notices_of, page_ranges, silent_pages
from ingest.readings import Reading, changed_pages, count_records, move_claims
from ingest.validation import validate
from ingest.validation.text_index import fold, pages_of
from prompts import say
from vectorstore.notation import fold_ref
from vectorstore.records import SIMPLE, Document, ItemStatus

_HEADS = ("sheet", "heading")
_LEVELS = {"theme": 60, "goal": 70}  # of records that are no headings of a known level
_PART = re.compile(r"([A-H])\.?$")
_RECORDS = ("project", "measure")


class Combined(NamedTuple):
    """Claims of a model and of the simple reader, and sentences about what was rejected or is missing."""

    claims: Claims
    warnings: tuple[str, ...]


def combine_claims(reading: Reading, simple: Claims, document: Document) -> Combined:
    """Return the accepted claims of a reading; on pages and in gaps that it left out those of the simple reader."""
    claims, faults = validate(move_claims(reading, document), document.text, pages_of(document))
    claims = claims.model_copy(update={"records": tuple(_mark_archived(_with_marks(claims.records, simple)))})
    warnings = [*_lost_records(reading, document, claims), *notices_of(document, claims, faults)]
    left = _left_out(simple, claims, {*changed_pages(reading, document), *silent_pages(document, claims)})
    records = sorted((*claims.records, *left), key=lambda record: record.head or (0, 0))
    records = list(_with_levels([record for record in records if record.where != "contents"]))
    records = list(_number_points(_with_part_letters(records), document.text))
    return Combined(claims.model_copy(update={"records": tuple(records)}), tuple(warnings))


def _lost_records(reading: Reading, document: Document, claims: Claims) -> Iterator[str]:
    """Yield how many records of a kept reading the document does not support any more, and what to do about it."""
    if lost := max(0, reading.accepted - count_records(claims)):
        yield say("reading.lost", lost=lost, known=reading.accepted)
    if changed := changed_pages(reading, document):
        yield say("reading.changed", pages=page_ranges(changed))


def _left_out(simple: Claims, claims: Claims, silent: set[int]) -> Iterator[Claim]:
    """Yield the records of the simple reader in the families of the claims that are missing there."""
    numbers = {fold_ref(record.number) for record in claims.records if record.number}
    shapes = {shape_of(number) for number in numbers}
    missing = {fold_ref(number) for number in missing_numbers(claims)}
    for record in simple.records:
        ref = fold_ref(record.number or "")
        is_family = record.kind in COUNTED and record.where in _HEADS and re.search(r"\d", ref) and ref not in numbers
        if is_family and shape_of(ref) in shapes and (ref in missing or record.page in silent):
            yield record


def _with_marks(records: Iterable[Claim], simple: Claims) -> Iterator[Claim]:
    """Yield records; rows with the status of a marked column, which only the simple reader sees."""
    rows = (record for record in simple.records if record.where == "row" and record.status)
    statuses = {_name(row): row.status for row in rows}
    for record in records:
        status = statuses.get(_name(record)) if record.where == "row" and not record.status else None
        yield record.model_copy(update={"status": status}) if status else record


def _name(record: Claim) -> tuple[str, str]:
    return fold_ref(record.number or ""), fold(record.title)


def _mark_archived(records: Iterable[Claim]) -> Iterator[Claim]:
    """Yield records; rows below the heading of an archive are archived."""
    archive = 0  # level of its heading
    for record in records:
        if record.where == "heading" and record.level:
            if status_of(record.title) is ItemStatus.ARCHIVED:
                archive = record.level
            elif record.level <= archive:
                archive = 0
        elif record.where == "row" and archive:
            record = record.model_copy(update={"status": ItemStatus.ARCHIVED.value})
        yield record


def _with_levels(records: Sequence[Claim]) -> Iterator[Claim]:
    """Yield heads with levels: headings as replied, themes and goals by the depth of their numbers where it tells."""
    numbered = [record for record in records if record.where == "heading" and record.level and _depth(record)]
    offsets = Counter(record.level - _depth(record) for record in numbered)
    offset, count = offsets.most_common(1)[0] if offsets else (0, 0)
    by_depth = 2 * count > offsets.total()
    for record in records:
        is_upper = record.where in _HEADS and record.kind in _LEVELS and record.source != SIMPLE
        if is_upper and not record.level and by_depth and _depth(record):
            record = record.model_copy(update={"level": _depth(record) + offset})
        yield record


def _depth(record: Claim) -> int:
    """Return how many parts a decimal number has, 0 for others."""
    number = (record.number or "").strip(" .")
    return len(number.split(".")) if re.fullmatch(r"\d+(?:\.\d+)*", number) else 0


def _with_part_letters(records: Sequence[Claim]) -> Iterator[Claim]:
    """Yield records whose numbers have the letter of their part in front where parts use numbers anew."""
    letters, letter = [], ""
    parts: dict[str, set[str]] = defaultdict(set)
    for record in records:
        is_section = record.kind == "section"
        if is_section and record.level == 1:
            match = _PART.match((record.number or "").strip())
            letter = match[1] if match else ""
        letters.append(letter if record.where == "sheet" and not is_section else "")
        if record.where == "sheet" and record.number and not is_section:
            parts[record.number].add(letter)
    is_anew = any(len(several) > 1 for several in parts.values())
    for record, letter in zip(records, letters, strict=True):
        if is_anew and letter:
            names = {name: getattr(record, name) for name in ("number", "parent")}
            update = {name: f"{letter}.{value}" for name, value in names.items() if value in parts}
            record = record.model_copy(update=update)
        yield record


def _number_points(claims: Iterable[Claim], text: str) -> Iterator[Claim]:
    """Yield records; points of lists below a numbered record are counted through it: "B.X.3".

    Where all measures are points below goals, the builder makes them of the text.
    """
    records = list(claims)
    points = {id(record) for record in records if _is_point(record, text)}
    others = [record for record in records if record.kind in _RECORDS and id(record) not in points]
    counts: Counter[str] = Counter()
    above: Claim | None = None
    for record in records:
        if id(record) not in points:
            above = record if record.where in _HEADS and record.kind != "section" else above
            yield record
        elif above is None or not above.number or fold(record.parent or "-") not in {
            fold(above.title), fold(above.number),
        }:  # fmt: skip
            yield record
        elif others or above.kind in _RECORDS:
            counts[above.number] += 1
            yield record.model_copy(update={"number": f"{above.number}.{counts[above.number]}"})


def _is_point(record: Claim, text: str) -> bool:
    """True if a record without number is a point of a list."""
    head = record.head
    return record.where in _HEADS and not record.number and head is not None and text[head.start] in "-–•*"
