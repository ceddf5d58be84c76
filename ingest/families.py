"""How many records a document should have by its own lists and totals, and whether as many were found.

A family is all records of one numbering. What was found is compared with the document's own lists, with what it states,
and with its running numbers.
"""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from ingest.contents import read_entries
from ingest.keys import COUNTED, RECORDS, is_of_family, shape_of, split_shape
from ingest.readers.claims import Claim, ClaimedTotal, Span
from prompts import say
from vectorstore.notation import fold_ref
from vectorstore.records import Document, Evidence, Family, Item, ItemKind, ItemStatus

_TELLING = 0.9  # of what was found, that a list has to name to tell how many there are
_FIRST = 20  # a series that begins higher does not count from one
_NAMED = 5  # missing records that are named
_MOST = 200  # a running number above this is a code, and says nothing of how many there are

Place = tuple[ItemKind, str]
Grouped = Mapping[Place, Sequence[Item]]


@dataclass(frozen=True, slots=True)
class Listing:
    """A document's own list of records of a kind: numbers and titles of its rows, and where it is."""

    kind: ItemKind
    entries: tuple[tuple[str, str], ...]
    evidence: Evidence

    @classmethod
    def of(cls, kind: ItemKind, rows: Sequence[Claim], missing: Sequence[Claim], source: str) -> Listing:
        """Return the list of some rows, of which some are no records; `source` is "overview" or "list"."""
        names = [f"{row.number or ''} {row.title}".strip() for row in missing]
        text = _name_missing(say(f"evidence.{source}", count=len(rows)), names)
        return cls(kind, tuple((row.number or "", row.title) for row in rows), Evidence(text, rows[0].page))


@dataclass(frozen=True, slots=True)
class Counts:
    """What a document says of how many records it has: lists, totals, numbers and titles of its contents."""

    listings: Sequence[Listing] = ()
    totals: Sequence[ClaimedTotal] = ()
    contents: Sequence[tuple[str, str]] = ()
    contents_page: int | None = None

    @classmethod
    def of(
        cls, document: Document, listings: Sequence[Listing], totals: Sequence[ClaimedTotal], contents: Sequence[Span]
    ) -> Counts:
        """Return the counts of a document; `contents` are the spans of its tables of contents."""
        entries = [entry for span in contents for entry in read_entries(document.text[slice(*span)])]
        page = document.page_at(contents[0].start) if entries else None
        return cls(listings, totals, entries, page.number if page else None)


def find_families(items: Sequence[Item], counts: Counts) -> tuple[list[Item], tuple[Family, ...]]:
    """Return the items with the labels of their families, and the families."""
    labels = _labels([item for item in items if item.kind in COUNTED and item.status is not ItemStatus.ARCHIVED])
    grouped: dict[Place, list[Item]] = defaultdict(list)
    for item in items:
        if item.key in labels:
            grouped[item.kind, labels[item.key]].append(item)
    families = _bound_by_parents([_family(place, grouped, counts) for place in grouped], grouped)
    return [replace(item, family=labels.get(item.key)) for item in items], tuple(families)


def _labels(items: Sequence[Item]) -> dict[str, str]:
    """Return the family of each record by its key: the shape of its number, "" for one whose ref is its title.

    Numbers that differ only in the letters before them are one family where several such letters occur.
    """
    shapes = {item.key: "" if item.ref == item.title else shape_of(item.ref) for item in items}
    codes: dict[Place, set[str]] = defaultdict(set)
    for item in items:
        letters, remaining = split_shape(shapes[item.key])
        if item.kind in RECORDS and letters:
            codes[item.kind, remaining].add(letters)
    labels = {}
    for item in items:
        letters, remaining = split_shape(shapes[item.key])
        has_several = letters and len(codes[item.kind, remaining]) > 1
        labels[item.key] = f"{{letters}}{remaining}" if has_several else shapes[item.key]
    return labels


def _family(place: Place, grouped: Grouped, counts: Counts) -> Family:
    (kind, label), found = place, len(grouped[place])
    told = [*_listed(place, grouped, counts), *_stated(kind, grouped, counts), *_announced(place, grouped, counts)]
    if telling := [count for count in told if count[0] >= _TELLING * found]:
        expected, evidence = max(telling, key=lambda count: count[0])
        return Family(label, kind, found, max(expected, found), found >= expected, (evidence,))
    expected = max(_highest_running_number(grouped[place]), found)
    complete = found >= expected if 2 * found >= expected else None  # of a series that is hardly there nothing is known
    return Family(label, kind, found, expected, complete)


def _name_missing(text: str, names: Sequence[str]) -> str:
    """Return what a list says, with the first of its entries that are no records."""
    shown = ", ".join(names[:_NAMED]) + " …" * (len(names) > _NAMED)
    return say("evidence.without", list=text, count=len(names), names=shown) if names else text


def _listed(place: Place, grouped: Grouped, counts: Counts) -> Iterator[tuple[int, Evidence]]:
    """Yield what the document's own lists say of a family: rows that are its records, and rows that are none."""
    own = {name for item in grouped[place] for name in _names(item.ref, item.title)}
    others = _all_names(grouped) - own
    for listing in counts.listings:
        rows = [_names(ref, title) for ref, title in listing.entries]
        mine = [row for row in rows if row & own]
        nobody = [row for row in rows if not row & own and not row & others]
        same = place[0] is listing.kind or {place[0], listing.kind} <= set(RECORDS)
        if same and 2 * len(mine) >= min(len(grouped[place]), len(rows)):
            yield len(mine) + len(nobody), listing.evidence


def _announced(place: Place, grouped: Grouped, counts: Counts) -> Iterator[tuple[int, Evidence]]:
    """Yield how many records the contents announce where they name half of a family: those found, and the others."""
    found = {fold_ref(item.ref) for item in grouped[place]}
    known = _all_names(grouped)
    entries = {fold_ref(ref): (ref, title) for ref, title in counts.contents if ref and is_of_family(place[1], ref)}
    if 2 * len(found & entries.keys()) >= len(found):
        missing = [f"{ref} {title}" for ref, title in entries.values() if not known & _names(ref, title)]
        text = _name_missing(say("evidence.contents", count=len(entries)), missing)
        yield len(grouped[place]) + len(missing), Evidence(text, counts.contents_page)


def _names(ref: str, title: str) -> set[str]:
    """Return what a record and a row of a list may share: number or title."""
    return {fold_ref(ref), title.casefold()} - {""}


def _all_names(grouped: Grouped) -> set[str]:
    return {name for group in grouped.values() for item in group for name in _names(item.ref, item.title)}


def _stated(kind: ItemKind, grouped: Grouped, counts: Counts) -> Iterator[tuple[int, Evidence]]:
    """Yield the numbers that the document states of a kind where it has one family of it."""
    for total in counts.totals:
        kinds = RECORDS if ItemKind(total.kind) in RECORDS else (ItemKind(total.kind),)
        if kind in kinds and sum(other in kinds for other, _ in grouped) == 1:
            yield total.count, Evidence(say("evidence.stated", quote=total.quote), total.page)


def _bound_by_parents(families: Sequence[Family], grouped: Grouped) -> list[Family]:
    """Return the families, none without evidence surer than the one that its members are under."""
    known = {(family.kind, family.label): family for family in families}
    homes = {item.key: place for place, group in grouped.items() for item in group}
    for place, family in list(known.items()):
        above = {homes[item.parent] for item in grouped[place] if item.parent in homes} - {place}
        states = [known[other].complete for other in above]
        if family.complete and not family.evidence and not all(states):
            known[place] = replace(family, complete=None if None in states else False)
    return list(known.values())


def _highest_running_number(members: Sequence[Item]) -> int:
    """Return how many members the running numbers promise, 0 where they do not count from one.

    That is the highest of all where numbers run on over their series, else the sum of the highest of each series.
    """
    counts = Counter(fold_ref(item.ref) for item in members)
    restarts = sum(count > 1 for count in counts.values()) > 0.5 * len(counts)  # anew under each heading
    series: dict[str, list[int]] = defaultdict(list)
    for member in members:
        ref = member.ref.split("~")[0]
        parts = re.findall(r"\d+", ref)
        if parts and int(parts[-1]) < _MOST:
            series[f"{member.parent if restarts else ''}|{ref[: ref.rfind(parts[-1])]}"].append(int(parts[-1]))
    last = [number for numbers in series.values() for number in numbers]
    if not last or min(last) > _FIRST:
        return 0
    runs_on = len(series) > 1 and len(set(last)) == len(last) and max(last) >= len(last)
    return max(last) if runs_on else sum(map(max, series.values()))
