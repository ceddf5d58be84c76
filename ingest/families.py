"""Families: all records of one numbering, and whether they are complete by the document's lists,
totals and numbers.
"""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from itertools import chain
from typing import NamedTuple

from ingest.keys import (
    COUNTED,
    FAMILY_KINDS,
    RECORDS,
    equivalent_kinds,
    is_of_family,
    number_of,
    page_number_at,
    shape_of,
    split_shape,
)
from ingest.readers.claims import ClaimedTotal, Span
from ingest.readers.numbers import ref_parts
from ingest.readers.titles import normalize_title
from ingest.tables_of_contents import read_entries
from prompts import say
from vectorstore.language import fold_ref
from vectorstore.records import (
    Document,
    Evidence,
    Family,
    Item,
    ItemKind,
    ItemStatus,
    ProposedFamily,
)

# share of the records found that a list or total must cover to count as evidence
_MIN_COVERAGE = 0.9
_MAX_FIRST_NUMBER = 20  # a series that begins higher does not count from one
_MIN_LABELLED = 3  # records that must begin with a label
_MAX_NAMED = 5  # missing records named in a piece of evidence
# of the records that begin with a label; then a section that does is a missed one
_MIN_LABEL_SHARE = 0.8
_RUNNING = re.compile(  # "M 2." and "13" of "M 2.13 a"; "X" of "A.X", "c" of "1.c", "B"
    r"(?P<before>.*?)(?P<number>\d{1,9}(?!\.[a-z]$)|(?<![A-Za-z])(?:[IVXL]+|[A-Za-z]$))\D*"
)
_MAX_RUNNING_NUMBER = 200  # a number from here on is a code, not a running number

FamilyId = tuple[ItemKind, str]  # kind and label
ItemsByFamily = Mapping[FamilyId, Sequence[Item]]


class ListEntry(NamedTuple):
    """An entry of a document's own list: number and title as printed, and the key of its record
    (None: not found).
    """

    ref: str
    title: str
    key: str | None


class Listing(NamedTuple):
    """A document's own list of records: its form ("overview", "list" with marks, "contents"), PDF
    page and entries.
    """

    source: str
    page: int | None
    entries: tuple[ListEntry, ...]


def find_families(
    items: Sequence[Item],
    document: Document,
    listings: Sequence[Listing],
    totals: Sequence[ClaimedTotal],
    contents: Sequence[Span],
    reasons: Mapping[int, str],
) -> tuple[list[Item], tuple[Family, ...]]:
    """Return the items with their family labels, and the families.

    Items of the kinds in `COUNTED` have a family, unless they are archived. How many records a
    family should have is taken from table rows (`listings`), stated numbers (`totals`), tables of
    contents (`contents` are their spans) and the running numbers of the records. In a scan with
    illegible words a family is complete only if a list or stated number says so. `reasons` are
    those of the claims by the offset at which their item begins.
    """
    counted = [
        item for item in items if item.kind in COUNTED and item.status is not ItemStatus.ARCHIVED
    ]
    labels = _family_labels(counted)
    grouped: dict[FamilyId, list[Item]] = defaultdict(list)
    for item in counted:
        grouped[item.kind, labels[item.key]].append(item)
    keys: dict[str, str] = {}  # of an equal number the last counts
    for item in chain.from_iterable(grouped.values()):
        keys[fold_ref(item.ref)] = keys[item.title.casefold()] = item.key
    all_listings = (*listings, _list_contents(document, contents))
    with_keys = [_add_keys(listing, keys) for listing in all_listings]
    families = []
    for family_id, group in grouped.items():
        family = _make_family(family_id, grouped, with_keys, totals)
        stated = Counter(filter(None, (reasons.get(item.start) for item in group)))
        family = replace(family, reason=max(stated, key=stated.__getitem__, default=""))
        families.append(_mark_missed(family, group, items))
    families = _doubt_single_records(_limit_by_parents(families, grouped))
    families = _doubt_while_asked(families, document.proposed)
    if document.scans and say("reading.illegible") in document.text:
        # illegible words may hide a record
        families = [
            replace(family, complete=family.complete and bool(family.evidence))
            for family in families
        ]
    return [replace(item, family=labels.get(item.key)) for item in items], tuple(families)


def _doubt_single_records(families: Sequence[Family]) -> list[Family]:
    """Return the families; a complete one with a single record becomes uncertain (`complete` None)
    if there is another family of its kind.

    The number of such a record, with a form of its own, was probably misread.
    """
    sizes = Counter(family.kind for family in families)
    results = []
    for family in families:
        if family.found == 1 and sizes[family.kind] > 1 and family.complete:
            family = replace(family, complete=None)
        results.append(family)
    return results


def open_proposals(
    proposed: Sequence[ProposedFamily], items: Sequence[Item]
) -> tuple[ProposedFamily, ...]:
    """Return the proposed families that were not read, which staff are still asked about.

    A proposed family has the titles of its first records. It was read if each of them is the title
    or a field of a record, or stands in the table row of a record. A title that only stands in the
    text of a record does not count, as that record may have swallowed another one.
    """
    records = [item for item in items if item.kind in FAMILY_KINDS]
    read = {normalize_title(item.title) for item in records}
    for item in records:
        read.update(normalize_title(field.text) for field in item.fields)
    rows = "\n".join(normalize_title(item.table_row) for item in records if item.table_row)

    def is_read(family: ProposedFamily) -> bool:
        titles = [normalize_title(record.title) for record in family.records]
        return all(title in read or title in rows for title in titles)

    return tuple(family for family in proposed if not is_read(family))


def _doubt_while_asked(
    families: Sequence[Family], proposed: Sequence[ProposedFamily]
) -> list[Family]:
    """Return the families, incomplete as long as staff are asked about proposed families.

    The proposed ones may be further records, so no complete family of records counts as complete
    any more. Without any family of records an empty one is added, whose size is unknown.
    """
    if not proposed:
        return list(families)
    evidence = tuple(
        Evidence(
            say("evidence.asked", count=family.count, name=family.records[0].title),
            family.records[0].page,
        )
        for family in proposed
    )
    results = []
    for family in families:
        if family.kind in FAMILY_KINDS and family.complete:
            family = replace(family, expected=None, complete=False, evidence=evidence)
        results.append(family)
    if not any(family.kind in RECORDS for family in families):
        results.append(Family("", proposed[0].kind, 0, None, None, evidence))
    return results


def _family_labels(items: Sequence[Item]) -> dict[str, str]:
    """Return the family label of each record by the record's key.

    The label is the shape of the number: "M {n}" for "M 7", "" without a number. Projects, or
    measures, whose numbers differ in shape only by the letters at their beginning ("KSM-1" and
    "ÖV-2") are one family, with the label "{letters}-{n}".
    """
    shapes = [split_shape(shape_of(number_of(item))) for item in items]
    codes: dict[FamilyId, set[str]] = defaultdict(set)  # kind and remaining shape → leading letters
    for item, (letters, remaining) in zip(items, shapes, strict=True):
        if item.kind in RECORDS and letters:
            codes[item.kind, remaining].add(letters)
    labels = {}
    for item, (letters, remaining) in zip(items, shapes, strict=True):
        if letters and len(codes[item.kind, remaining]) > 1:
            letters = "{letters}"
        labels[item.key] = letters + remaining
    return labels


def _list_contents(document: Document, contents: Sequence[Span]) -> Listing:
    """Return all tables of contents as one list.

    Its page is that of the first one. Its entries have no keys of records yet.
    """
    # each line is a span of its own, and an entry may have two lines
    text = "\n".join(document.text[slice(*span)] for span in contents)
    entries = tuple(ListEntry(*entry, None) for entry in read_entries(text))
    page = None
    if contents:
        page = page_number_at(document, contents[0].start)
    return Listing("contents", page, entries)


def _add_keys(listing: Listing, keys: Mapping[str, str]) -> Listing:
    """Return a list whose entries have the keys of their records, where these are found.

    `keys` has the key of each record by its folded number and by its title in lower case. An entry
    is looked up by its number first; a key that it has already stays.
    """
    entries = []
    for entry in listing.entries:
        key = entry.key or keys.get(fold_ref(entry.ref)) or keys.get(entry.title.casefold())
        entries.append(entry._replace(key=key))
    return listing._replace(entries=tuple(entries))


class _Count(NamedTuple):
    """The size of a family that the document states, with the evidence.

    `names_all` is true if the statement names every record, outside of the records' own text.
    """

    size: int
    evidence: Evidence
    names_all: bool


def _make_family(
    family_id: FamilyId,
    grouped: ItemsByFamily,
    listings: Sequence[Listing],
    totals: Sequence[ClaimedTotal],
) -> Family:
    """Return a family with the number of records that it should have (`expected`), and whether it
    is `complete` (None: unknown).

    `expected` is the highest count of the document's lists and totals, at least the number of
    records found. If these show no record missing, and none of them names all records, the running
    numbers count too: a gap in "M 1" to "M 12" is a missing record. If there are then no running
    numbers, if they imply more than twice the records found, or if records with different titles
    share a number, `complete` is None.
    """
    kind, label = family_id
    found = len(grouped[family_id])
    counts = [
        *filter(None, (_count_entries(family_id, grouped, listing) for listing in listings)),
        *_stated_totals(kind, grouped, totals),
    ]
    expected = max([found, *(count.size for count in counts)])
    if expected == found and not any(count.names_all for count in counts):
        others: list[str] = []
        for (other_kind, other_label), group in grouped.items():
            if other_kind is kind and other_label != label:
                others += [item.ref for item in group]
        numbered = _count_by_running_numbers(grouped[family_id], others)
        # where most are missing, the numbers are probably no series
        is_series = 0 < numbered <= 2 * found
        expected = max(found, numbered)
        # of two records with one number ("1.1~a"), one is no record, or its number is misread
        repeats = any("~" in item.ref for item in grouped[family_id])
        if repeats or not is_series:
            return Family(label, kind, found, expected)
    evidence = tuple(count.evidence for count in counts if count.size == expected)
    return Family(label, kind, found, expected, found == expected, evidence[:1])


def _count_entries(family_id: FamilyId, grouped: ItemsByFamily, listing: Listing) -> _Count | None:
    """Return the size of a family by a list, with the evidence; None if the list is another one.

    The size is the number of the records, plus the entries without a record. In a table of contents
    only entries with a number count, and an entry without a record only if its number has the shape
    of the family: any other may be a mere heading.

    The list is another one if no entry has a record, if the entries are too few for all records, or
    if less than half of the entries (or of the records, if there are fewer records) match.
    """
    _, label = family_id
    keys = {item.key for item in grouped[family_id]}
    rows = {item.key for item in grouped[family_id] if item.body == item.table_row}
    is_contents = listing.source == "contents"
    listed = [entry for entry in listing.entries if entry.ref or not is_contents]
    entries = {(fold_ref(entry.ref), entry.title): entry for entry in listed}.values()
    matched = [entry for entry in entries if entry.key in keys]
    missing = [entry for entry in entries if entry.key is None]
    if is_contents:
        missing = [entry for entry in missing if is_of_family(label, entry.ref)]
    count = len(matched) + len(missing)
    is_poor_match = not matched or 2 * len(matched) < min(len(keys), count)
    if is_poor_match or count < _MIN_COVERAGE * len(keys):
        return None
    text = say(f"evidence.{listing.source}", count=count)
    if missing:
        names = _list_names([f"{entry.ref} {entry.title}".strip() for entry in missing])
        text = say("evidence.without", list=text, count=len(missing), names=names)
    # a list whose rows are the records says nothing of rows that were not read
    named = {entry.key for entry in matched if entry.key not in rows}
    names_all = not missing and keys == named
    return _Count(len(keys) + len(missing), Evidence(text, listing.page), names_all)


def _stated_totals(
    kind: ItemKind, grouped: ItemsByFamily, totals: Sequence[ClaimedTotal]
) -> Iterator[_Count]:
    """Yield the totals that the document states for a kind ("insgesamt 60 Maßnahmen").

    Projects and measures are the same kind here. If there are several families of the kind, nothing
    is yielded, as it is unknown which of them a total means. A total that is much lower than the
    number of records is left out: it counts only a part of them.
    """
    kinds = equivalent_kinds(kind)
    families = [group for (other_kind, _), group in grouped.items() if other_kind in kinds]
    if len(families) != 1:
        return
    found = len(families[0])
    for total in totals:
        if ItemKind(total.kind) in kinds and total.count >= _MIN_COVERAGE * found:
            evidence = Evidence(say("evidence.stated", quote=total.quote), total.page)
            yield _Count(total.count, evidence, total.count == found)


def _mark_missed(family: Family, records: Sequence[Item], items: Sequence[Item]) -> Family:
    """Return the family, incomplete if some sections look like missed records.

    A section does if it begins with the same field label ("Ziel:", not "Zielgruppe") as nearly all
    records of the family. This is tried only for projects and measures, if at least three records
    begin so. A family that is known to be incomplete is returned as it is. What looks missed is the
    first evidence, as a report tells only the first.
    """
    first_labels = Counter(record.fields[0].label for record in records if record.fields)
    if not first_labels:
        return family
    label, count = first_labels.most_common(1)[0]
    if family.kind not in RECORDS or count < max(_MIN_LABELLED, _MIN_LABEL_SHARE * len(records)):
        return family
    begins_so = re.compile(rf"{re.escape(label)}(?!\w)").match
    missed = [item for item in items if item.kind is ItemKind.SECTION and begins_so(item.body)]
    if not missed or family.complete is False:
        return family
    names = _list_names([item.title for item in missed])
    evidence = Evidence(
        say("evidence.alike", count=len(missed), label=label, names=names), missed[0].page
    )
    return replace(
        family,
        expected=family.found + len(missed),
        complete=False,
        evidence=(evidence, *family.evidence),
    )


def _list_names(names: Sequence[str]) -> str:
    """Return the first names with commas, and "…" for further ones."""
    text = ", ".join(names[:_MAX_NAMED])
    if len(names) > _MAX_NAMED:
        text += " …"
    return text


def _limit_by_parents(families: Sequence[Family], grouped: ItemsByFamily) -> list[Family]:
    """Return the families; a family that depends on an incomplete one is no longer complete.

    It depends on the families of its parent records if its numbers go on from theirs ("1.1" below
    "1"), or begin anew below each parent: a parent that was missed hides the records below it. If
    it is unknown of a family of parents whether it is complete, it is unknown of this one too
    (None). A family with evidence of its own is left as it is.
    """
    families_by_id = {(family.kind, family.label): family for family in families}
    family_of_item: dict[str, FamilyId] = {}
    refs: dict[str, str] = {}
    for family_id, group in grouped.items():
        for item in group:
            family_of_item[item.key] = family_id
            refs[item.key] = fold_ref(item.ref)
    for family_id, family in list(families_by_id.items()):
        if not family.complete or family.evidence:
            continue
        group = grouped[family_id]
        begins_anew = len({refs[item.key] for item in group}) < len(group)
        parents = set()
        for item in group:
            if item.parent not in refs:
                continue
            if begins_anew or refs[item.key].startswith(refs[item.parent]):
                parents.add(family_of_item[item.parent])
        parent_states = [families_by_id[parent_id].complete for parent_id in parents - {family_id}]
        if not all(parent_states):
            complete = None if None in parent_states else False
            families_by_id[family_id] = replace(family, complete=complete)
    return list(families_by_id.values())


def _count_by_running_numbers(records: Sequence[Item], others: Sequence[str]) -> int:
    """Return how many records the running numbers imply, 0 without such numbers.

    A series consists of the numbers with the same text before them ("M 2."). If most numbers are
    repeated, each parent has series of its own. Where no number is in two series, they run on as
    one: the highest number of all counts. Else the highest numbers of all series are added up.

    If all numbers are far above one, counting starts at the lowest. A missing number is no gap if a
    number of another family (`others`) goes on from it: there is no "M1" if there is "M1-2".
    """
    counts = Counter(fold_ref(item.ref) for item in records)
    repeated = [ref for ref, count in counts.items() if count > 1]
    restarts = len(repeated) > 0.5 * len(counts)  # counting starts anew under each parent
    # parent, what is before the number → numbers
    series: dict[tuple[str | None, str], list[int]] = defaultdict(list)
    for record in records:
        match = _RUNNING.fullmatch(record.ref.split("~")[0])
        if match is None:
            continue
        parts = ref_parts(match["number"], roman=True) or ref_parts(match["number"])
        if parts[-1] < _MAX_RUNNING_NUMBER:
            parent = record.parent if restarts else None
            series[parent, match["before"]].append(parts[-1])
    all_numbers = list(chain.from_iterable(series.values()))
    if not all_numbers:
        return 0
    first = 1
    if min(all_numbers) > _MAX_FIRST_NUMBER:
        first = min(all_numbers)
    runs_on = (
        len(series) > 1
        and len(set(all_numbers)) == len(all_numbers)
        and max(all_numbers) >= len(all_numbers)
    )
    if runs_on:
        return max(all_numbers) - first + 1
    implied = 0
    for (_, before), numbers in series.items():
        elsewhere = _continued(before, others).difference(numbers)
        implied += len(set(range(first, max(numbers) + 1)) - elsewhere)
    return implied


def _continued(before: str, refs: Sequence[str]) -> set[int]:
    """Return the numbers behind a text from which refs go on: 1 behind "M" for "M1-2"."""
    pattern = re.compile(rf"{re.escape(before)}(\d{{1,9}})\D+\d")
    return {int(match[1]) for match in filter(None, map(pattern.match, refs))}
