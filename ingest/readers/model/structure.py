"""Accepted claims in the structure that the builder takes: levels, part letters, points below numbered records."""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Sequence
from itertools import zip_longest

from ingest.keys import RECORDS
from ingest.readers.claims import SIMPLE, Claim, Claims
from ingest.readers.lexicon import meaning, status_of
from ingest.validation.matching import fold
from ingest.values.statements import Statement, interpret
from ingest.values.units import plain_unit
from vectorstore.records import ItemStatus

_HEADS = ("sheet", "heading")
_LEVELS = {"theme": 60, "goal": 70}  # of records that are no headings of a known level
_RECORD = 80
_MOST_BELOW = 5  # levels of records below records
_PART = re.compile(r"([A-H])\.?$")
_TICK = re.compile(r"[xX×✓✔☑☒●■]")


def structure_claims(claims: Claims, text: str) -> Claims:
    """Return claims with levels, numbers of parts and points, and what their fields state; contents are left out."""
    records = [_with_statements(record) for record in claims.records if record.where != "contents"]
    records = list(_with_levels(_without_captions(list(mark_archived(records)), text)))
    records = list(_number_points(_with_part_letters(records), text))
    return claims.model_copy(update={"records": tuple(records)})


def _with_statements(record: Claim) -> Claim:
    """Return a record with what its labelled fields state where the model's own units and texts leave it open."""
    if record.source == SIMPLE:
        return record
    fields = tuple(field.model_copy(update={"meaning": meaning(field.label)}) for field in record.fields)
    stated = interpret([Statement(field.label, field.meaning, field.text, field.text) for field in fields])
    ticked = next((field.label for field in fields if _TICK.fullmatch(field.text)), None)
    update = {name: getattr(record, name) or getattr(stated, name) for name in ("period", "cost", "priority")}
    partners = Statement("", "partners", record.partners, record.partners) if record.partners else None
    update["partners"] = interpret([partners]).partners if partners else stated.partners
    update["units"] = tuple(map(plain_unit, record.units)) or stated.units
    update["status"] = record.status or stated.status_text or ticked
    update["parent"] = record.parent or (stated.theme if record.where == "row" else None)
    return record.model_copy(update={**update, "fields": fields})


def mark_archived(records: Sequence[Claim]) -> Iterator[Claim]:
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


def _without_captions(records: Sequence[Claim], text: str) -> Iterator[Claim]:
    """Yield records without the headings that have nothing but the head of a table before the first row."""
    for record, following in zip_longest(records, records[1:]):
        rows = following.extent if following is not None and following.where == "row" else None
        between = text[record.head.end : rows.start] if record.head and rows else "-"
        lines = [line for line in between.splitlines() if line.strip()]
        if not (record.kind == "section" and lines and all("\t" in line for line in lines)):
            yield record


def _with_levels(claims: Iterable[Claim]) -> Iterator[Claim]:
    """Yield heads with their levels: headings as replied, numbers by their depth, others by kind."""
    records = list(claims)
    numbered = [record for record in records if record.where == "heading" and record.level and _depth(record)]
    offsets = Counter(record.level - _depth(record) for record in numbered)
    offset, count = offsets.most_common(1)[0] if offsets else (0, 0)
    by_depth = 2 * count > offsets.total()
    levels: dict[str, int] = {}
    for record in records:
        if record.source != SIMPLE and record.where in _HEADS and record.kind != "section" and not record.level:
            above = levels.get(fold(record.parent or "-"))
            if record.kind in _LEVELS:
                level = _depth(record) + offset if by_depth and _depth(record) else _LEVELS[record.kind]
            else:
                level = min(max(_RECORD, (above or 0) + 1), _RECORD + _MOST_BELOW)
            record = record.model_copy(update={"level": level})
        if record.where in _HEADS and record.kind != "section":
            levels |= {fold(name): record.level for name in (record.title, record.number or record.title)}
        yield record


def _depth(record: Claim) -> int:
    """Return how many parts a decimal number has, 0 for others."""
    number = (record.number or "").strip(" .")
    return len(number.split(".")) if re.fullmatch(r"\d+(?:\.\d+)*", number) else 0


def _with_part_letters(records: Sequence[Claim]) -> list[Claim]:
    """Return records whose numbers have the letter of their part in front where parts use numbers anew."""
    letters = [""] * len(records)
    letter = ""
    for place, record in enumerate(records):
        if record.kind == "section" and record.level == 1:
            match = _PART.match((record.number or "").strip())
            letter = match[1] if match else ""
        letters[place] = letter
    pairs = [(record, letter) for record, letter in zip(records, letters, strict=True)]
    parts: dict[str, set[str]] = defaultdict(set)
    for record, letter in pairs:
        if record.where == "sheet" and record.number and record.kind != "section":
            parts[record.number].add(letter)
    if not any(len(several) > 1 for several in parts.values()):
        return list(records)

    def lettered(name: str | None, letter: str) -> str | None:
        return f"{letter}.{name}" if letter and name in parts else name

    return [
        record.model_copy(update={name: lettered(getattr(record, name), letter) for name in ("number", "parent")})
        if record.where == "sheet" and record.kind != "section"
        else record
        for record, letter in pairs
    ]


def _number_points(records: Sequence[Claim], text: str) -> Iterator[Claim]:
    """Yield records; points of lists below a numbered record are counted through it: "B.X.3".

    Where all measures are points below goals, the builder makes them of the text.
    """
    points = {id(record) for record in records if _is_point(record, text)}
    others = [record for record in records if record.kind in RECORDS and id(record) not in points]
    counts: Counter[str] = Counter()
    above: Claim | None = None
    for record in records:
        if id(record) not in points:
            above = record if record.where in _HEADS and record.kind != "section" else above
            yield record
        elif (
            above is None
            or not above.number
            or fold(record.parent or "-") not in map(fold, (above.title, above.number))
        ):
            yield record
        elif others or above.kind in RECORDS:
            counts[above.number] += 1
            yield record.model_copy(update={"number": f"{above.number}.{counts[above.number]}"})


def _is_point(record: Claim, text: str) -> bool:
    """True if a record without number is a point of a list."""
    head = record.head
    return record.where in _HEADS and not record.number and head is not None and text[head.start] in "-–•*"
