"""How many records a document should have by its own lists and totals, and whether as many were found.

A family is all records of one numbering. What was found is compared with the document's own lists, with what it states,
and with its running numbers.
"""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from ingest.keys import COUNTED, RECORDS, compare_ref, shape_of
from ingest.readers.claims import ClaimedTotal
from prompts import say
from vectorstore.records import Evidence, Family, Item, ItemKind, ItemStatus

_TELLING = 0.9  # of what was found, that a list has to name to tell how many there are
_FIRST = 20  # a series that begins higher does not count from one
_NAMED = 5  # of those that are missing, that are told by name
_MOST = 200  # a running number above this is a code, and says nothing of how many there are

Place = tuple[ItemKind, str]
Grouped = Mapping[Place, Sequence[Item]]


@dataclass(frozen=True, slots=True)
class Listing:
    """What a document's own list says of a family: kind, numbers and titles of its rows, and where it is."""

    kind: ItemKind
    refs: tuple[str, ...]
    titles: tuple[str, ...]
    evidence: Evidence


@dataclass(frozen=True, slots=True)
class Counts:
    """What a document says of how many records it has: lists, totals, numbers and titles of its contents."""

    listings: Sequence[Listing] = ()
    totals: Sequence[ClaimedTotal] = ()
    contents: Sequence[tuple[str, str]] = ()
    contents_page: int | None = None


def with_families(items: Sequence[Item], said: Counts) -> tuple[list[Item], tuple[Family, ...]]:
    """Return the items with the labels of their families, and the families."""
    labels = _labels([item for item in items if item.kind in COUNTED and item.status is not ItemStatus.ARCHIVED])
    grouped: dict[Place, list[Item]] = defaultdict(list)
    for item in items:
        if item.key in labels:
            grouped[item.kind, labels[item.key]].append(item)
    families = [_family(place, grouped, said) for place in grouped]
    return [replace(item, family=labels.get(item.key)) for item in items], tuple(_inherited(families, grouped))


def _labels(items: Sequence[Item]) -> dict[str, str]:
    """Return the family of each record by its key: the shape of its number.

    Numbers that differ only in the letters before them are one family where several such letters occur; records whose
    ref is their title have no number.
    """
    shapes = {item.key: "" if item.ref == item.title else shape_of(item.ref) for item in items}
    codes: dict[Place, set[str]] = defaultdict(set)
    for item in items:
        code, remaining = _code(shapes[item.key])
        if item.kind in RECORDS and code:
            codes[item.kind, remaining].add(code)
    labels = {}
    for item in items:
        code, remaining = _code(shapes[item.key])
        several = code and len(codes[item.kind, remaining]) > 1
        labels[item.key] = f"{{letters}}{remaining}" if several else shapes[item.key]
    return labels


def _code(label: str) -> tuple[str, str]:
    match = re.match(r"([A-ZÄÖÜ][A-Za-zÄÖÜäöü]{0,5})(?=[ \-.{]|$)(.*)", label)
    return (match[1], match[2]) if match else ("", label)


def _family(place: Place, grouped: Grouped, said: Counts) -> Family:
    (kind, label), members = place, grouped[place]
    found = len(members)
    listed, stated = _listed(place, grouped, said.listings), _stated(kind, grouped, said.totals)
    counts = [*listed, *stated, *_announced(place, grouped, said)]
    if telling := [count for count in counts if count[0] >= _TELLING * found]:
        expected, evidence = max(telling, key=lambda count: count[0])
        return Family(label, kind, found, max(expected, found), found >= expected, (evidence,))
    expected = max(_running(members), found)
    complete = found >= expected if 2 * found >= expected else None  # of a series that is hardly there nothing is known
    return Family(label, kind, found, expected, complete)


def without_entry(listed: str, missing: Sequence[str]) -> str:
    """Return what a list says, with the first of those that are no records of the document."""
    names = ", ".join(missing[:_NAMED]) + " …" * (len(missing) > _NAMED)
    return say("evidence.without", list=listed, count=len(missing), names=names) if missing else listed


def _listed(place: Place, grouped: Grouped, listings: Sequence[Listing]) -> Iterator[tuple[int, Evidence]]:
    """Yield what the document's own lists say of a family: rows that are its records, and rows that are none."""
    own = {name for item in grouped[place] for name in _names(item.ref, item.title)}
    others = {name for group in grouped.values() for item in group for name in _names(item.ref, item.title)} - own
    for listing in listings:
        rows = [_names(ref, title) for ref, title in zip(listing.refs, listing.titles, strict=True)]
        mine = [row for row in rows if row & own]
        nobody = [row for row in rows if not row & own and not row & others]
        same = place[0] is listing.kind or {place[0], listing.kind} <= set(RECORDS)
        if same and 2 * len(mine) >= min(len(grouped[place]), len(rows)):
            yield len(mine) + len(nobody), listing.evidence


def _announced(place: Place, grouped: Grouped, said: Counts) -> Iterator[tuple[int, Evidence]]:
    """Yield how many records the contents announce where they name half of a family: those found, and the others."""
    label, found = place[1], {compare_ref(item.ref) for item in grouped[place]}
    known = {name for group in grouped.values() for item in group for name in _names(item.ref, item.title)}
    named = {
        compare_ref(ref): (ref, title) for ref, title in said.contents
        if ref and label in (shape := shape_of(ref), f"{{letters}}{_code(shape)[1]}")
    }  # fmt: skip
    if 2 * len(found & named.keys()) >= len(found):
        missing = [f"{ref} {title}" for ref, title in named.values() if not known & _names(ref, title)]
        text = without_entry(say("evidence.contents", count=len(named)), missing)
        yield len(grouped[place]) + len(missing), Evidence(text, said.contents_page)


def _names(ref: str, title: str) -> set[str]:
    """Return what a record and a row of a list may share: number or title."""
    return {compare_ref(ref), title.casefold()} - {""}


def _stated(kind: ItemKind, grouped: Grouped, totals: Sequence[ClaimedTotal]) -> Iterator[tuple[int, Evidence]]:
    """Yield the numbers that the document states of a kind where it has one family of it."""
    for total in totals:
        kinds = RECORDS if ItemKind(total.kind) in RECORDS else (ItemKind(total.kind),)
        if kind in kinds and sum(other in kinds for other, _ in grouped) == 1:
            yield total.count, Evidence(say("evidence.stated", quote=total.quote), total.page)


def _inherited(families: Sequence[Family], grouped: Grouped) -> list[Family]:
    """Return the families, none of them surer than the one that its members are under."""
    known = {(family.kind, family.label): family for family in families}
    homes = {item.key: place for place, group in grouped.items() for item in group}
    for place, family in list(known.items()):
        above = {homes[item.parent] for item in grouped[place] if item.parent in homes} - {place}
        surest = [known[other].complete for other in above]
        if family.complete and not family.evidence and not all(surest):
            known[place] = replace(family, complete=None if None in surest else False)
    return list(known.values())


def _running(members: Sequence[Item]) -> int:
    """Return how many members the running numbers promise.

    That is the highest of all where numbers run on over their series, else the sum of the highest of each series.
    """
    counts = Counter(compare_ref(item.ref) for item in members)
    restarts = sum(count > 1 for count in counts.values()) > 0.5 * len(counts)  # anew under each heading
    series: dict[str, list[int]] = defaultdict(list)
    for member in members:
        parts = re.findall(r"\d+", member.ref.split("~")[0])
        if parts and int(parts[-1]) < _MOST:
            before = member.ref[: member.ref.rfind(parts[-1])]
            series[f"{member.parent if restarts else ''}|{before}"].append(int(parts[-1]))
    last = [number for numbers in series.values() for number in numbers]
    if not last or min(last) > _FIRST:
        return 0  # "P101" to "P108": where numbers begin tells nothing of how many there are
    runs_on = len(series) > 1 and len(set(last)) == len(last) and max(last) >= len(last)
    return max(last) if runs_on else sum(map(max, series.values()))
