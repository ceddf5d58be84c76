"""Candidates of one number and title become one record: its sheet, its row in an overview, its place in the contents.

The sheet gives page and fields; a row adds its wording of the title and what the sheet leaves out, and where the two
state a field differently both are told. A sheet that is printed again, or shown as an example, is there once. Rows
whose records stand nowhere else are records themselves.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from rapidfuzz import fuzz

from ingest.check import Standing, digits, shape
from ingest.verbatim import PrintedText, folded

_SAME_NUMBER, _ALIKE = (
    0.5,
    0.9,
)  # likeness of titles, 0 to 1, that makes one record of two with an equal number, without
_AGREE = 90  # likeness of two statements, 0 to 100, from which they say the same
_ENOUGH, _DIFFERING = 5, 0.6  # pairs, and the share that differs from which two columns mean different things
_FOUND = 0.5  # share of the rows that have a sheet, from which the others are told as missing
_COMPARED = ("period", "cost", "priority", "units")


@dataclass(slots=True)
class Record:
    """A record: where it stands, its row in an overview, and the fields that the two state differently."""

    own: Standing
    row: Standing | None = None
    differing: tuple[str, ...] = ()


@dataclass(slots=True)
class Merged:
    """Records in the order of the paper, what its lists name, and the names in them that no record has."""

    records: list[Record]
    listed: list[Standing] = field(default_factory=list)
    missing: list[Standing] = field(default_factory=list)


def merge(standing: Sequence[Standing], paper: PrintedText) -> Merged:
    """Make records of what stands; `standing` is in the order of the paper."""
    sheets = _once([one for one in standing if one.claim.where == "sheet"])
    rows = _once([one for one in standing if one.claim.where == "row"])
    contents = _once([one for one in standing if one.claim.where == "contents"])
    records = [Record(one) for one in sheets]
    left = _joined(records, rows)
    if len(left) > (1 - _FOUND) * len(rows):
        records += [Record(row, row) for row in left]
        left = []
    unlisted = [one for one in contents if not any(_same(record.own, one) for record in records)]
    missing = [*left, *(one for one in unlisted if not any(_same(row, one) for row in left))]
    _compare([one for one in records if one.row is not None and one.row is not one.own], paper)
    records.sort(key=lambda one: one.own.title.start)
    return Merged(records, rows or contents, missing)


def stated(one: Standing, name: str, paper: PrintedText) -> str:
    """Return what a record states of period, cost, priority, status, partners or units, "" for nothing."""
    if name == "units":
        return ", ".join(paper.text[span.start : span.end] for span in one.units)
    span = one.texts.get(name)
    return paper.text[span.start : span.end] if span else ""


def _once(standing: Sequence[Standing]) -> list[Standing]:
    """Return each record once: of several printings the one in order, with most fields, that comes last."""
    groups: dict[tuple[str, str], list[int]] = {}
    for place, one in enumerate(standing):
        groups.setdefault((one.ref, folded(one.claim.title)), []).append(place)

    def fit(place: int) -> tuple[bool, int, int]:
        return _is_in_order(standing, place), len(standing[place].fields), place

    kept = []
    for places in groups.values():
        best = max(places, key=fit)
        run = [place for place in places if set(range(min(place, best), max(place, best))) <= {*places}]
        for other in (standing[place] for place in run if place != best):
            _go_on(standing[best], other)
        kept.append(best)
    return [standing[place] for place in sorted(kept)]


def _go_on(one: Standing, other: Standing) -> None:
    """Give a record what stands under its title where that is printed again, on the pages on which it goes on."""
    known = {folded(said.label) for said, _ in one.fields}
    one.fields += [pair for pair in other.fields if folded(pair[0].label) not in known]
    one.fields.sort(key=lambda pair: pair[1])
    one.units = one.units or other.units
    one.texts = {**other.texts, **one.texts}


def _is_in_order(standing: Sequence[Standing], place: int) -> bool:
    """Tell whether the number goes on from the one before it, or to the one behind it."""
    own = standing[place]
    around = [standing[at] for at in (place - 1, place + 1) if 0 <= at < len(standing)]
    value = digits(own.ref)
    near = [digits(other.ref) for other in around if shape(other.ref) == shape(own.ref)]
    return bool(value) and any(one[:-1] == value[:-1] and abs(one[-1] - value[-1]) == 1 for one in near)


def _joined(records: Sequence[Record], rows: Sequence[Standing]) -> list[Standing]:
    """Give each record its row, the most alike first; return the rows that belong to none."""
    pairs = sorted(
        (
            (like, r, o)
            for r, record in enumerate(records)
            for o, row in enumerate(rows)
            if (like := _like(record, row))
        ),
        key=lambda pair: (-pair[0], pair[1], pair[2]),
    )
    taken: set[int] = set()
    for _, r, o in pairs:
        if records[r].row is None and o not in taken:
            records[r].row = rows[o]
            taken.add(o)
    return [row for place, row in enumerate(rows) if place not in taken]


def _like(record: Record, row: Standing) -> float:
    """Return how alike a record and a row are, 0 where they are two; where number and title clash the title wins."""
    own = record.own
    like = fuzz.ratio(folded(own.claim.title), folded(row.claim.title)) / 100
    if not own.ref or own.ref != row.ref:
        return like if like >= _ALIKE else 0.0
    part = fuzz.token_set_ratio(own.claim.title.lower(), row.claim.title.lower()) / 100
    return 1 + like if max(like, part) >= _SAME_NUMBER else 0.0


def _same(one: Standing, other: Standing) -> bool:
    return bool(_like(Record(one), other))


def _compare(records: Sequence[Record], paper: PrintedText) -> None:
    """Note in which fields sheet and row differ; a field that differs nearly everywhere means another thing."""
    for name in _COMPARED:
        both = [one for one in records if one.row and stated(one.own, name, paper) and stated(one.row, name, paper)]
        differing = [one for one in both if one.row and not _agree(one.own, one.row, name, paper)]
        if len(both) < _ENOUGH or len(differing) <= _DIFFERING * len(both):
            for one in differing:
                one.differing = (*one.differing, name)


def _agree(own: Standing, row: Standing, name: str, paper: PrintedText) -> bool:
    first, second = (folded(stated(one, name, paper)) for one in (own, row))
    return first in second or second in first or fuzz.token_set_ratio(first, second) >= _AGREE
