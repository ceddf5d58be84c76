"""How many records a document should have by its own lists and totals, and whether as many were found.

A family is all records of one numbering. What was found is compared with the document's own lists, with what it states,
and with its running numbers.
"""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from typing import NamedTuple

from ingest.contents import read_entries
from ingest.keys import COUNTED, RECORDS, is_of_family, shape_of, split_shape
from ingest.readers.claims import ClaimedTotal, Span
from prompts import say
from vectorstore.notation import fold_ref
from vectorstore.records import Document, Evidence, Family, Item, ItemKind, ItemStatus

_TELLING = 0.9  # of what was found, that a list has to name to tell how many there are
_FIRST = 20  # a series that begins higher does not count from one
_LEAST = 3  # records that have to begin so
_NAMED = 5  # missing records that are named
_SHARED = 0.8  # of the records of a family, that begin with a label, for a section that begins so too to be one of them
_MOST = 200  # a running number above this is a code, and says nothing of how many there are

Place = tuple[ItemKind, str]
Grouped = Mapping[Place, Sequence[Item]]


class ListEntry(NamedTuple):
    """An entry of a document's own list: number and title as printed, the key of its record, None where it has none."""

    ref: str
    title: str
    key: str | None


class Listing(NamedTuple):
    """A document's own list: "overview", "list" (with marks) or "contents", its PDF page, its entries."""

    source: str
    page: int | None
    entries: tuple[ListEntry, ...]


def find_families(
    items: Sequence[Item], document: Document, listings: Sequence[Listing], totals: Sequence[ClaimedTotal],
    contents: Sequence[Span],
) -> tuple[list[Item], tuple[Family, ...]]:  # fmt: skip
    """Return the items with the labels of their families, and the families; `contents` are tables of contents."""
    labels = _labels([item for item in items if item.kind in COUNTED and item.status is not ItemStatus.ARCHIVED])
    grouped: dict[Place, list[Item]] = defaultdict(list)
    for item in items:
        if item.key in labels:
            grouped[item.kind, labels[item.key]].append(item)
    counted = [item for group in grouped.values() for item in group]
    names = {name: item.key for item in counted for name in (fold_ref(item.ref), item.title.casefold())}
    listings = [_resolve(listing, names) for listing in (*listings, _list_contents(document, contents))]
    families = [_family(place, grouped, listings, totals) for place in grouped]
    families = [_add_missed(family, grouped[family.kind, family.label], items) for family in families]
    families = _bind_to_parents(families, grouped)
    if document.scans and say("reading.illegible") in document.text:  # of a record, as likely as not its number
        families = [replace(family, complete=family.complete and bool(family.evidence)) for family in families]
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


def _list_contents(document: Document, contents: Sequence[Span]) -> Listing:
    """Return the tables of contents as one list."""
    entries = [entry for span in contents for entry in read_entries(document.text[slice(*span)])]
    page = document.page_at(contents[0].start) if contents else None
    return Listing("contents", page.number if page else None, tuple(ListEntry(*entry, None) for entry in entries))


def _resolve(listing: Listing, names: Mapping[str, str]) -> Listing:
    """Return a list; what names a record by its number or title, whatever else differs, has its key."""
    return listing._replace(entries=tuple(
        entry._replace(key=entry.key or names.get(fold_ref(entry.ref)) or names.get(entry.title.casefold()))
        for entry in listing.entries
    ))  # fmt: skip


def _family(
    place: Place, grouped: Grouped, listings: Sequence[Listing], totals: Sequence[ClaimedTotal]
) -> Family:  # fmt: skip
    (kind, label), result = place, len(grouped[place])
    counts = [count for listing in listings if (count := _count_entries(place, grouped, listing))]
    counts += _stated(kind, grouped, totals)
    if counts:
        expected, evidence = max(counts, key=lambda count: count[0])
        return Family(label, kind, result, max(expected, result), result >= expected, (evidence,))
    expected = max(_highest_running_number(grouped[place]), result)
    complete = (
        result >= expected if 2 * result >= expected else None
    )  # of a series that is hardly there nothing is known
    return Family(label, kind, result, expected, complete)


def _count_entries(place: Place, grouped: Grouped, listing: Listing) -> tuple[int, Evidence] | None:
    """Return how many records a list says that a family has: those found, and its entries that are none."""
    keys = {item.key for item in grouped[place]}
    is_contents = listing.source == "contents"
    entries = {(fold_ref(entry.ref), entry.title): entry for entry in listing.entries if entry.ref or not is_contents}
    own = [entry for entry in entries.values() if entry.key in keys]
    missing = [
        entry for entry in entries.values()
        if entry.key is None and (not is_contents or is_of_family(place[1], entry.ref))
    ]  # fmt: skip
    count = len(own) + len(missing)
    if not own or 2 * len(own) < min(len(keys), count) or count < _TELLING * len(keys):
        return None
    text = say(f"evidence.{listing.source}", count=count)
    if missing:
        names = ", ".join(f"{entry.ref} {entry.title}".strip() for entry in missing[:_NAMED])
        names += " …" * (len(missing) > _NAMED)
        text = say("evidence.without", list=text, count=len(missing), names=names)
    return len(keys) + len(missing), Evidence(text, listing.page)


def _stated(kind: ItemKind, grouped: Grouped, totals: Sequence[ClaimedTotal]) -> Iterator[tuple[int, Evidence]]:
    """Yield the numbers that the document states of a kind where it has one family of it."""
    kinds = RECORDS if kind in RECORDS else (kind,)
    families = [group for (other, _), group in grouped.items() if other in kinds]
    for total in totals:
        if ItemKind(total.kind) in kinds and len(families) == 1 and total.count >= _TELLING * len(families[0]):
            yield total.count, Evidence(say("evidence.stated", quote=total.quote), total.page)


def _add_missed(family: Family, members: Sequence[Item], items: Sequence[Item]) -> Family:
    """Return a family that is not complete where sections begin with the label with which nearly all its records do."""
    first = Counter(member.fields[0].label for member in members if member.fields)
    label, count = first.most_common(1)[0] if first else ("", 0)
    if family.kind not in RECORDS or count < max(_LEAST, _SHARED * len(members)):
        return family
    missed = [item for item in items if item.kind is ItemKind.SECTION and item.body.startswith(label)]
    if not missed or family.complete is False:
        return family
    names = ", ".join(item.title for item in missed[:_NAMED]) + " …" * (len(missed) > _NAMED)
    evidence = Evidence(say("evidence.alike", count=len(missed), label=label, names=names), missed[0].page)
    return replace(family, expected=family.found + len(missed), complete=False, evidence=(*family.evidence, evidence))


def _bind_to_parents(families: Sequence[Family], grouped: Grouped) -> list[Family]:
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
        match = re.fullmatch(r"(.*?)(\d{1,9})\D*", member.ref.split("~")[0])
        if match and int(match[2]) < _MOST:
            series[f"{member.parent if restarts else ''}|{match[1]}"].append(int(match[2]))
    last = [number for numbers in series.values() for number in numbers]
    if not last or min(last) > _FIRST:
        return 0
    runs_on = len(series) > 1 and len(set(last)) == len(last) and max(last) >= len(last)
    return max(last) if runs_on else sum(map(max, series.values()))
