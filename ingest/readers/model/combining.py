"""The claims of a model's reading, accepted and in the structure of the document, with what it left out."""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Sequence
from typing import NamedTuple

from ingest.keys import COUNTED, RECORDS, shape_of
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
_PART = re.compile(r"([A-H])\.?$")


class Combined(NamedTuple):
    """Claims of a model and of the simple reader, and sentences about what was rejected or is missing."""

    claims: Claims
    warnings: tuple[str, ...]


def combine_claims(reading: Reading, simple: Claims, document: Document) -> Combined:
    """Return the accepted claims of a reading; on pages and in gaps that it left out those of the simple reader."""
    claims, faults = validate(move_claims(reading, document), document.text, pages_of(document))
    claims = claims.model_copy(update={"records": tuple(_with_statuses(claims.records, simple))})
    warnings, changed = list[str](), changed_pages(reading, document)
    if lost := max(0, reading.accepted - count_records(claims)):
        warnings.append(say("reading.lost", lost=lost, known=reading.accepted))
    if changed:
        warnings.append(say("reading.changed", pages=page_ranges(changed)))
    warnings += notices_of(document, claims, faults)
    left = _left_out(simple, claims, {*changed, *silent_pages(document, claims)})
    records = sorted((*claims.records, *left), key=lambda record: record.head or (0, 0))
    records = list(_with_levels([record for record in records if record.where != "contents"]))
    records = list(_number_points(list(_with_part_letters(records)), document.text))
    return Combined(claims.model_copy(update={"records": tuple(records)}), tuple(warnings))


def _with_statuses(records: Iterable[Claim], simple: Claims) -> Iterator[Claim]:
    """Yield records; rows with the status of a marked column, which the simple reader sees, or of an archive above."""
    rows = (record for record in simple.records if record.where == "row" and record.status)
    marked = {_name(row): row.status for row in rows}
    archive = 0  # level of its heading
    for record in records:
        if record.where == "heading" and record.level:
            is_archive = status_of(record.title) is ItemStatus.ARCHIVED
            archive = record.level if is_archive else archive if record.level > archive else 0
        elif record.where == "row" and (archive or not record.status):
            status = ItemStatus.ARCHIVED.value if archive else marked.get(_name(record))
            record = record.model_copy(update={"status": status})
        yield record


def _name(record: Claim) -> tuple[str, str]:
    return fold_ref(record.number or ""), fold(record.title)


def _left_out(simple: Claims, claims: Claims, silent: set[int]) -> Iterator[Claim]:
    """Yield the records of the simple reader in the families of the claims that are missing there."""
    numbers = {fold_ref(record.number) for record in claims.records if record.number}
    shapes = {shape_of(number) for number in numbers}
    missing = {fold_ref(number) for number in missing_numbers(claims)}
    for record in simple.records:
        ref = fold_ref(record.number or "")
        is_counted = record.kind in COUNTED and record.where in _HEADS and re.search(r"\d", ref) and ref not in numbers
        if is_counted and shape_of(ref) in shapes and (ref in missing or record.page in silent):
            yield record


def _with_levels(records: Sequence[Claim]) -> Iterator[Claim]:
    """Yield heads with levels: headings as replied, themes and goals by the depth of their numbers where it tells."""
    numbered = [record for record in records if record.where == "heading" and record.level and _depth(record)]
    offsets = Counter(record.level - _depth(record) for record in numbered)
    offset, count = offsets.most_common(1)[0] if offsets else (0, 0)
    for record in records:
        is_upper = record.where in _HEADS and record.kind in ("theme", "goal") and record.source != SIMPLE
        if is_upper and not record.level and 2 * count > offsets.total() and _depth(record):
            record = record.model_copy(update={"level": _depth(record) + offset})
        yield record


def _depth(record: Claim) -> int:
    """Return how many parts a decimal number has, 0 for others."""
    number = (record.number or "").strip(" .")
    return len(number.split(".")) if re.fullmatch(r"\d+(?:\.\d+)*", number) else 0


def _with_part_letters(records: Sequence[Claim]) -> Iterator[Claim]:
    """Yield records whose numbers have the letter of their part in front where parts use numbers anew."""
    letters, letter = [], ""
    parts: dict[str | None, set[str]] = defaultdict(set)
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
        names = {name: getattr(record, name) for name in ("number", "parent")} if is_anew and letter else {}
        update = {name: f"{letter}.{value}" for name, value in names.items() if value in parts}
        yield record.model_copy(update=update) if update else record


def _number_points(records: Sequence[Claim], text: str) -> Iterator[Claim]:
    """Yield records; points of lists below a numbered record are counted through it: "B.X.3".

    Where all measures are points below goals, the builder makes them of the text.
    """
    points = {id(record) for record in records if record.where in _HEADS and _is_point(record, text)}
    has_others = any(record.kind in RECORDS and id(record) not in points for record in records)
    counts: Counter[str] = Counter()
    above: Claim | None = None
    for record in records:
        if id(record) in points and above and above.number and fold(record.parent or "-") in map(fold, _names(above)):
            if has_others or above.kind in RECORDS:
                counts[above.number] += 1
                yield record.model_copy(update={"number": f"{above.number}.{counts[above.number]}"})
            continue
        if id(record) not in points and record.where in _HEADS and record.kind != "section":
            above = record
        yield record


def _names(record: Claim) -> tuple[str, str]:
    return record.title, record.number or ""


def _is_point(record: Claim, text: str) -> bool:
    """True if a record without number is a point of a list."""
    return not record.number and record.head is not None and text[record.head.start] in "-–•*"
