"""The claims of all windows as one: a record that several windows claim once, with its parent as it is called there."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence

from ingest.keys import compare_ref
from ingest.readers.claims import TEXTS, Claim, Claims
from ingest.validation import MOST_RECORDS, bare_number
from ingest.validation.matching import TextIndex, fold

_GOES_ON = 4  # pages between two claims of a record that goes on
_UPPER = ("theme", "goal")


def gather_claims(parts: Iterable[Claims], index: TextIndex) -> Claims:
    """Return the claims of several windows without repetition, in the order of the pages, with their parents linked."""
    parts = list(parts)
    records = _join_records((record for part in parts for record in part.records), index)[:MOST_RECORDS]
    totals = {(total.kind, total.count, fold(total.quote)): total for part in parts for total in part.totals}
    metadata = {(part.field, fold(part.quote)): part for claims in parts for part in claims.metadata}
    ordered = sorted(link_parents(records), key=lambda record: record.page)
    return Claims(records=tuple(ordered), totals=tuple(totals.values()), metadata=tuple(metadata.values()))


def link_parents(records: Sequence[Claim]) -> list[Claim]:
    """Return records whose parents are called by the number, or else the title, of the record that they name.

    A number that several records have is no name. A parent that is no record keeps its words.
    """
    numbers: dict[str, list[Claim]] = defaultdict(list)
    titles: dict[str, list[Claim]] = defaultdict(list)
    for record in records:
        ref, title = compare_ref(bare_number(record.number)), fold(record.title)
        if ref:
            numbers[ref].append(record)
        titles[title].append(record)
        titles[fold(f"{record.number or ''}{record.title}")].append(record)
    linked = []
    for record in records:
        parent = _find_parent(record, numbers, titles) if record.parent else None
        if parent is not None:
            same = {(other.kind, fold(other.title)) for other in numbers[compare_ref(bare_number(parent.number))]}
            name = parent.number if parent.number and len(same) == 1 else parent.title
            record = record.model_copy(update={"parent": name})
        linked.append(record)
    return linked


def _find_parent(record: Claim, numbers: dict[str, list[Claim]], titles: dict[str, list[Claim]]) -> Claim | None:
    """Return the record that a parent names: by title, number with title, or number; a theme or goal before others."""
    name = record.parent or ""
    words = bare_number(name)
    number, _, rest = words.partition(" ")
    options = (titles.get(fold(name)), titles.get(fold(words)), titles.get(fold(name.partition(":")[2])))
    by_number = (numbers.get(compare_ref(words)), numbers.get(compare_ref(number)) if rest else None)
    for found in (*options, *by_number):
        others = [other for other in found or () if other is not record and other.title != record.title]
        if others:
            return min(
                others,
                key=lambda other: (other.kind not in _UPPER, other.where == "contents", abs(other.page - record.page)),
            )
    return None


def _join_records(records: Iterable[Claim], index: TextIndex) -> list[Claim]:
    """Return each record once: claimed by windows that share a page, or again where it goes on."""
    known: dict[tuple[str, str, str], list[Claim]] = defaultdict(list)
    for record in records:
        same = known[record.where, compare_ref(bare_number(record.number)), fold(record.title)]
        printed = index.find(record.title, index.pages(record.page)) is not None
        distance = 0 if printed else _GOES_ON
        place = next((at for at, other in enumerate(same) if abs(other.page - record.page) <= distance), None)
        if place is None:
            same.append(record)
        else:
            same[place] = _join(same[place], record)
    return [record for same in known.values() for record in same]


def _join(first: Claim, second: Claim) -> Claim:
    fields = {(fold(field.label), fold(field.text)): field for field in (*second.fields, *first.fields)}
    update = {name: getattr(first, name) or getattr(second, name) for name in ("parent", "level", *TEXTS)}
    update["units"] = tuple({fold(unit): unit for unit in (*first.units, *second.units)}.values())
    return first.model_copy(update={**update, "fields": tuple(fields.values())})
