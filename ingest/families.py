"""How many records a document should have, by its own word, and whether as many were found; for both readers.

A family is all records of one numbering. What was found is held against the document's own lists, its contents, what
it states, and its running numbers.
"""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace

from ingest.joining import Listing
from ingest.keys import COUNTED, RECORDS, shape_of
from ingest.layout.lines import squash
from ingest.plan.numbers import same_ref
from prompts import say
from vectorstore.records import Evidence, Family, Item, ItemKind, ItemStatus

_LEAST = 3  # entries of the contents that list a family
_TELLING = 0.9  # of what was found, that a list has to name to tell how many there are
_FIRST = 20  # a series that begins higher does not count from one
_MOST = 200  # a running number above this is a code, and says nothing of how many there are

Place = tuple[ItemKind, str]
Grouped = Mapping[Place, Sequence[Item]]


@dataclass(frozen=True, slots=True)
class Total:
    """A number of records of some kinds that a document states."""

    kinds: tuple[ItemKind, ...]
    count: int
    evidence: Evidence


@dataclass(frozen=True, slots=True)
class Told:
    """What a document says of how many records it has.

    `contents` are the titles that its contents list, by their numbers, `shapes` the shapes of these numbers. `surplus`
    are the labels that lie on the sheets of others. `strange` are families of which hardly anything was understood.
    """

    listings: Sequence[Listing] = ()
    totals: Sequence[Total] = ()
    contents: Mapping[str, str] = field(default_factory=dict)
    shapes: Mapping[str, str] = field(default_factory=dict)
    surplus: int = 0
    strange: Sequence[Family] = ()


def with_families(items: Sequence[Item], told: Told) -> tuple[list[Item], tuple[Family, ...]]:
    """Return the items with their families' labels, and the families."""
    labels = _labels([item for item in items if item.kind in COUNTED and item.status is not ItemStatus.ARCHIVED])
    grouped: dict[Place, list[Item]] = defaultdict(list)
    for item in items:
        if item.key in labels:
            grouped[item.kind, labels[item.key]].append(item)
    families = _inherited(_with_surplus([_family(place, grouped, told) for place in grouped], told.surplus), grouped)
    if told.strange:
        families = [replace(one, complete=None) for one in families]
    return [replace(item, family=labels.get(item.key)) for item in items], (*families, *told.strange)


def _labels(items: Sequence[Item]) -> dict[str, str]:
    """Return the family of each record by its key: the plan's, else the shape of its number.

    Numbers that differ only in the letters before them are one family where several such letters occur; records whose
    ref is their title have no number.
    """
    shapes = {one.key: one.family if one.family is not None else _shape(one) for one in items}
    codes: dict[Place, set[str]] = defaultdict(set)
    for item in items:
        code, rest = _code(shapes[item.key])
        if item.kind in RECORDS and item.family is None and code:
            codes[item.kind, rest].add(code)
    result = {}
    for item in items:
        code, rest = _code(shapes[item.key])
        several = item.family is None and code and len(codes[item.kind, rest]) > 1
        result[item.key] = f"{{letters}}{rest}" if several else shapes[item.key]
    return result


def _shape(item: Item) -> str:
    return "" if item.ref == item.title else shape_of(item.ref)


def _code(label: str) -> tuple[str, str]:
    match = re.match(r"([A-ZÄÖÜ][A-Za-zÄÖÜäöü]{0,5})(?=[ \-.{]|$)(.*)", label)
    return (match[1], match[2]) if match else ("", label)


def _family(place: Place, grouped: Grouped, told: Told) -> Family:
    (kind, label), members = place, grouped[place]
    found = len(members)
    said = [*_listed(place, grouped, told.listings), *_contents(members, told), *_stated(kind, grouped, told.totals)]
    if telling := [one for one in said if one[0] >= _TELLING * found]:
        expected, evidence = max(telling, key=lambda one: one[0])
        return Family(label, kind, found, max(expected, found), found >= expected, (evidence,))
    expected = max(_running(members), found)
    complete = found >= expected if 2 * found >= expected else None  # of a series that is hardly there nothing is known
    return Family(label, kind, found, expected, complete)


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


def _names(ref: str, title: str) -> set[str]:
    """Return what a record and a row of a list may share: number with title, else either."""
    return {same_ref(ref), title.casefold()} - {""}


def _contents(members: Sequence[Item], told: Told) -> Iterator[tuple[int, Evidence]]:
    """Yield how many records the table of contents lists: numbers of the shape that the family's have there.

    A title that it lists under two numbers is one record, misprinted.
    """
    own = {same_ref(item.ref) for item in members}
    coded = {ref: _code(shape) for ref, shape in told.shapes.items()}
    shapes = Counter(rest for ref, (_, rest) in coded.items() if ref in own)
    if shapes and shapes.total() >= max(_LEAST, len(own) / 2):
        usual = shapes.most_common(1)[0][0]
        codes = {code for ref, (code, _) in coded.items() if ref in own}
        listed = [ref for ref, (code, rest) in coded.items() if rest == usual and code in codes]
        titles = {squash(told.contents.get(ref, ref)).casefold() for ref in listed}
        yield len(titles), Evidence(say("evidence.contents", count=len(titles)))


def _stated(kind: ItemKind, grouped: Grouped, totals: Sequence[Total]) -> Iterator[tuple[int, Evidence]]:
    """Yield the numbers that the document states of a kind where it has one family of it."""
    for total in totals:
        if kind in total.kinds and sum(one in total.kinds for one, _ in grouped) == 1:
            yield total.count, total.evidence


def _with_surplus(families: Sequence[Family], surplus: int) -> list[Family]:
    """Return the families; the largest one of sheets lacks the records whose labels lie on the sheets of others.

    Unless the paper itself says that there are as many as were found.
    """
    largest = max((one for one in families if one.kind in RECORDS), key=lambda one: one.found, default=None)
    if not surplus or largest is None or not largest.complete or largest.evidence:
        return list(families)
    told = Evidence(say("evidence.surplus", count=surplus))
    doubted = replace(largest, expected=largest.found + surplus, complete=False, evidence=(told,))
    return [doubted if one is largest else one for one in families]


def _inherited(families: Sequence[Family], grouped: Grouped) -> list[Family]:
    """Return the families, none of them surer than the one that its members stand under."""
    known = {(one.kind, one.label): one for one in families}
    homes = {item.key: place for place, group in grouped.items() for item in group}
    for place, one in list(known.items()):
        above = {homes[item.parent] for item in grouped[place] if item.parent in homes} - {place}
        surest = [known[other].complete for other in above]
        if one.complete and not one.evidence and not all(surest):
            known[place] = replace(one, complete=None if None in surest else False)
    return list(known.values())


def _running(members: Sequence[Item]) -> int:
    """Return how many members the running numbers promise.

    That is the highest of all where numbers run on over their series, else the sum of the highest of each series.
    """
    counts = Counter(same_ref(item.ref) for item in members)
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
