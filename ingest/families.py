"""How many records a document should have, by its own word, and whether as many were found.

A family is all records of one numbering. What was found is held against the document's own list, its contents, what it
states, and its running numbers. Numbers before titles, labels and rows that recur and are no records show a structure
that was not understood: what nobody understood nobody may count.
"""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace

from ingest.blocks import Block, BlockKind
from ingest.extractors.items import Draft
from ingest.extractors.sheet_layout import SheetLayout
from ingest.layout.lines import squash
from ingest.plan.form import ReadingPlan
from ingest.plan.numbers import Printed, printed_number, same_ref
from ingest.plan.statements import ANNOUNCES, STATED
from vectorstore.records import Evidence, Family, Item, ItemKind, ItemStatus

LEAST = 3  # numbers of one shape, or times that a label recurs, that make a structure
COUNTED = (ItemKind.PROJECT, ItemKind.MEASURE, ItemKind.GOAL, ItemKind.THEME, ItemKind.PRINCIPLE, ItemKind.THESIS)
RECORDS = (ItemKind.PROJECT, ItemKind.MEASURE)
_LONGEST_HEADING = 120  # characters
_CHAPTER = re.compile(r"^(?:[\d.]+\s)?(?:[A-ZÄÖÜ][\wäöüß]+,? (?:und )?)?(?:Maßnahmen|Projekte)(?: und [A-ZÄÖÜ]\w+)?$")
_TELLING = 0.9  # of what was found, that a list has to name to tell how many there are
_FIRST = 20  # a series that begins higher does not count from one
_MOST = 200  # a running number above this is a code, and says nothing of how many there are
_FIELDS = ("responsible", "partners", "period", "cost", "priority", "indicator", "status")  # that only records have


@dataclass(frozen=True, slots=True)
class Reading:
    """What families are judged by: the plan and what it found, the tables and lists, blocks with their PDF pages."""

    plan: ReadingPlan
    layout: SheetLayout
    draft: Draft
    blocks: Sequence[Block]
    pages: Sequence[int | None]


@dataclass(slots=True)
class _Shape:
    """Numbers of one shape that stand before titles."""

    label: str
    kind: ItemKind
    numbers: dict[str, int | None] = field(default_factory=dict)


def with_families(items: Sequence[Item], reading: Reading) -> tuple[list[Item], tuple[Family, ...]]:
    """Return the items with their families' labels, and the families."""
    labels = _labels([item for item in items if item.kind in COUNTED and item.status is not ItemStatus.ARCHIVED])
    grouped: dict[tuple[ItemKind, str], list[Item]] = defaultdict(list)
    for item in items:
        if item.key in labels:
            grouped[item.kind, labels[item.key]].append(item)
    families = [_family(kind, label, members, reading, grouped) for (kind, label), members in grouped.items()]
    families = _inherited(_with_surplus(families, reading), grouped)
    strange = _not_understood(items, reading)
    doubted = COUNTED if _outweighs(strange, families) else RECORDS if strange else ()
    families = [replace(one, complete=None) if one.kind in doubted else one for one in families]
    marked = [replace(item, family=labels.get(item.key)) for item in items]
    return marked, (*families, *strange)


def shape_of(ref: str) -> str:
    """Return the shape of a number: "5.5.2.1" has "{n}.{n}.{n}.{n}", "M 12" has "M {n}", "B.X" has "B.{n}"."""
    bare = re.sub(r"(?<![A-Za-z])[IVXL]+(?![A-Za-z\d])", "{n}", ref.split("~")[0])
    return re.sub(r"(?<=\}\.)[a-z]$", "{letter}", re.sub(r"\d+[a-z]?", "{n}", bare))


def _labels(items: Sequence[Item]) -> dict[str, str]:
    """Return the family of each record by its key: the plan's, else the shape of its number.

    Numbers that differ only in the letters before them are one family where several such letters occur; records whose
    ref is their title have no number.
    """
    shapes = {item.key: item.family if item.family is not None else _shape(item) for item in items}
    codes: dict[tuple[ItemKind, str], set[str]] = defaultdict(set)
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


def _family(
    kind: ItemKind,
    label: str,
    members: Sequence[Item],
    reading: Reading,
    grouped: Mapping[tuple[ItemKind, str], Sequence[Item]],
) -> Family:
    found = len(members)
    told = [
        *_listed(kind, members, reading, grouped),
        *_contents(members, reading),
        *_stated(kind, grouped, reading),
    ]
    told = [one for one in told if one[0] >= _TELLING * found]
    if told:
        expected, evidence = max(told, key=lambda one: one[0])
        return Family(label, kind, found, max(expected, found), found >= expected, (evidence,))
    expected = max(running(members), found)
    complete = found >= expected if 2 * found >= expected else None  # of a series that is hardly there nothing is known
    return Family(label, kind, found, expected, complete)


def _listed(
    kind: ItemKind,
    members: Sequence[Item],
    reading: Reading,
    grouped: Mapping[tuple[ItemKind, str], Sequence[Item]],
) -> list[tuple[int, Evidence]]:
    """Return what the document's own lists say of a family: rows that are its records, and rows that are none."""
    own = {name for item in members for name in _names(item.ref, item.title)}
    others = {name for group in grouped.values() for item in group for name in _names(item.ref, item.title)} - own
    told = []
    for listing in reading.draft.listings:
        rows = [_names(ref, title) for ref, title in zip(listing.refs, listing.titles, strict=True)]
        mine = [row for row in rows if row & own]
        nobody = [row for row in rows if not row & own and not row & others]
        same = kind is listing.kind or {kind, listing.kind} <= set(RECORDS)
        if same and 2 * len(mine) >= min(len(members), len(rows)):
            told.append((len(mine) + len(nobody), listing.evidence))
    return told


def _names(ref: str, title: str) -> set[str]:
    """Return what a record and a row of a list may share: number with title, else either."""
    return {same_ref(ref), title.casefold()} - {""}


def _contents(members: Sequence[Item], reading: Reading) -> list[tuple[int, Evidence]]:
    """Return how many records the table of contents lists: numbers of the shape that the family's have there.

    A title that it lists under two numbers is one record, misprinted.
    """
    own = {same_ref(item.ref) for item in members}
    shapes = Counter(_code(shape)[1] for ref, shape in reading.layout.shapes.items() if ref in own)
    if not shapes or sum(shapes.values()) < max(LEAST, len(own) / 2):
        return []
    usual = shapes.most_common(1)[0][0]
    codes = {_code(shape)[0] for ref, shape in reading.layout.shapes.items() if ref in own}
    listed = [
        ref for ref, shape in reading.layout.shapes.items() if _code(shape)[1] == usual and _code(shape)[0] in codes
    ]
    titles = {squash(reading.layout.listed.get(ref, ref)).casefold() for ref in listed}
    return [(len(titles), Evidence(f"Inhaltsverzeichnis: {len(titles)} Einträge"))]


def _stated(
    kind: ItemKind, grouped: Mapping[tuple[ItemKind, str], Sequence[Item]], reading: Reading
) -> list[tuple[int, Evidence]]:
    """Return the number that the document states where it has one family of the kind and none was found as often."""
    if kind not in RECORDS or sum(one in RECORDS for one, _ in grouped) != 1:
        return []
    for block, page in zip(reading.blocks, reading.pages, strict=True):
        match = STATED.search(block.text) if "mfasst" in block.text or "esteht" in block.text else None
        if match and int(match[1]) >= LEAST:
            return [(int(match[1]), Evidence(f"„{match[0]}“ im Text", page))]
    return []


def _with_surplus(families: Sequence[Family], reading: Reading) -> list[Family]:
    """Return the families; the largest one of sheets lacks the records whose labels lie on the sheets of others.

    Unless the paper itself says that there are as many as were found.
    """
    surplus = reading.layout.surplus
    largest = max((one for one in families if one.kind in RECORDS), key=lambda one: one.found, default=None)
    if not surplus or largest is None or not largest.complete or largest.evidence:
        return list(families)
    told = Evidence(f"Angaben, die sich auf einem Blatt wiederholen: {surplus}")
    doubted = replace(largest, expected=largest.found + surplus, complete=False, evidence=(*largest.evidence, told))
    return [doubted if one is largest else one for one in families]


def _inherited(families: Sequence[Family], members: Mapping[tuple[ItemKind, str], Sequence[Item]]) -> list[Family]:
    """Return the families, none of them surer than the one that its members stand under."""
    known = {(one.kind, one.label): one for one in families}
    homes = {item.key: place for place, group in members.items() for item in group}
    result = []
    for one in families:
        above = {homes[item.parent] for item in members[one.kind, one.label] if item.parent in homes}
        surest = [known[place].complete for place in above if place != (one.kind, one.label)]
        doubt = None if None in surest else False
        told = any(evidence.what for evidence in one.evidence)
        result.append(one if all(surest) or not one.complete or told else replace(one, complete=doubt))
        known[one.kind, one.label] = result[-1]
    return result


def _outweighs(strange: Sequence[Family], families: Sequence[Family]) -> bool:
    """Whether most of what looks like records in a document was not understood."""
    shown = sum(one.expected or 0 for one in strange)
    return shown > sum(one.found for one in families if one.kind in RECORDS)


def running(members: Sequence[Item]) -> int:
    """Return how many members the running numbers promise.

    That is the highest of all where numbers run on over their series, else the sum of the highest of each series.
    """
    highest: dict[str, int] = {}
    lowest: dict[str, int] = {}
    last: list[int] = []
    for member in members:
        parts = re.findall(r"\d+", member.ref.split("~")[0])
        if parts and int(parts[-1]) < _MOST:
            series = f"{member.parent if _restarts(members) else ''}|{member.ref[: member.ref.rfind(parts[-1])]}"
            highest[series] = max(highest.get(series, 0), int(parts[-1]))
            lowest[series] = min(lowest.get(series, _MOST), int(parts[-1]))
            last.append(int(parts[-1]))
    if highest and min(lowest.values()) > _FIRST:
        return 0  # "P101" to "P108": where numbers begin tells nothing of how many there are
    runs_on = len(highest) > 1 and len(set(last)) == len(last) and max(last, default=0) >= len(last)
    return max(last) if runs_on else sum(highest.values())


def _restarts(members: Sequence[Item]) -> bool:
    """Tell whether numbers begin anew under each heading, so that most are printed several times."""
    counts = Counter(same_ref(item.ref) for item in members)
    return sum(count > 1 for count in counts.values()) > 0.5 * len(counts)


def _not_understood(items: Sequence[Item], reading: Reading) -> list[Family]:
    """Return families of which the document shows many numbers, labels or rows, and hardly any became a record."""
    known = {same_ref(item.ref.split("~")[0]) for item in items if item.kind is not ItemKind.SECTION}
    found: list[Family] = []
    for shape in _shapes(reading):
        missing = [number for number in shape.numbers if same_ref(number) not in known]
        if len(missing) >= LEAST and len(missing) > len(shape.numbers) / 2:
            told = Evidence(f"Nummern der Form „{shape.label}“: {len(shape.numbers)}", shape.numbers[missing[0]])
            held = len(shape.numbers) - len(missing)
            found.append(Family(shape.label, shape.kind, held, len(shape.numbers), None, (told,)))
    if not any(one.kind in RECORDS for one in found):
        found += _fields_of_nothing(items, reading) or _rows_of_nothing(items, reading)
    return found or _announced_nothing(items, reading)


def _announced_nothing(items: Sequence[Item], reading: Reading) -> list[Family]:
    """A number of measures that the text states, or a chapter that is called a list of them, where none was found."""
    if any(item.kind in RECORDS for item in items):
        return []
    for block, page in zip(reading.blocks, reading.pages, strict=True):
        stated = STATED.search(block.text)
        if stated and int(stated[1]) >= LEAST:
            return [Family("", ItemKind.MEASURE, 0, int(stated[1]), None, (Evidence(f"„{stated[0]}“ im Text", page),))]
        heading = (block.bold or block.level > 0) and len(block.text) <= _LONGEST_HEADING
        if heading and (ANNOUNCES.search(block.text) or _CHAPTER.match(block.text)):
            return [Family("", ItemKind.MEASURE, 0, None, None, (Evidence(f"Überschrift „{block.text}“", page),))]
    return []


def _shapes(reading: Reading) -> Iterable[_Shape]:
    """Yield the shapes of numbers with a label word or letters before titles set off, of which there are enough."""
    shapes: dict[tuple[str, bool, str, str], _Shape] = {}
    for block, page in zip(reading.blocks, reading.pages, strict=True):
        number = printed_number(block.text.lstrip("#*-– ")) if block.kind is not BlockKind.CONTENTS else None
        if number is None or not _heads_a_record(number, block):
            continue
        shape = shapes.setdefault(number.form, _Shape(number.label, _kind_of(number)))
        if shape.label != number.label:
            shape.label = f"{{letters}}{number.gap}{number.shape}"
        shape.numbers.setdefault(number.ref, page)
    return (shape for shape in shapes.values() if len(shape.numbers) >= LEAST and _runs(shape))


def _heads_a_record(number: Printed, block: Block) -> bool:
    """Tell whether a number may head a record: called a measure or project, or letters before a title set off."""
    if number.word:
        return _KIND.search(number.word) is not None
    set_off = block.bold or block.level > 0 or block.role is not None or block.kind is BlockKind.ROW
    return bool(number.code) and set_off and len(number.rest) >= 3 and number.rest[0].isupper()


_KIND = re.compile(r"maßn|projekt|vorhaben|aktion$|baustein$|ziel$", re.IGNORECASE)


def _kind_of(number: Printed) -> ItemKind:
    word = number.word.casefold()
    if word.endswith("ziel"):
        return ItemKind.GOAL
    return ItemKind.PROJECT if word.endswith("projekt") else ItemKind.MEASURE


def _runs(shape: _Shape) -> bool:
    """Whether numbers run: they leave out fewer than they have, unlike the numbers of roads or of paragraphs quoted."""
    last = [int(parts[-1]) for number in shape.numbers if (parts := re.findall(r"\d+", number))]
    return bool(last) and max(last) - (min(last) if min(last) > _FIRST else 0) <= 2 * len(shape.numbers)


def _fields_of_nothing(items: Sequence[Item], reading: Reading) -> list[Family]:
    """Labels that only records have, where fewer than half of the places became records with fields."""
    often = [label for label in reading.plan.labels if label.field in _FIELDS and label.evidence and not label.column]
    if not often:
        return []
    label = max(often, key=lambda one: one.evidence[0].count)
    count = label.evidence[0].count
    sheets = sum(any(one.field in _FIELDS or one.label == label.label for one in item.fields) for item in items)
    whole = max(Counter((item.kind, item.family) for item in items if item.kind in RECORDS).values(), default=0)
    if count < LEAST or sheets >= count / 2 or whole >= 0.9 * count:
        return []
    pages = label.evidence[0].pages
    told = Evidence(f"Angaben „{label.label}“: {count}", pages[0] if pages and reading.pages[:1] != [None] else None)
    return [Family("", ItemKind.MEASURE, 0, count, None, (told,))]


def _rows_of_nothing(items: Sequence[Item], reading: Reading) -> list[Family]:
    """Rows of tables that list titles, where fewer than half of the rows belong to a record."""
    taken = {item.table_start for item in items if item.table_start is not None}
    rows = [row for table in reading.draft.lists for row in table.rows if table.cell(row, "title")]
    left = [row for row in rows if row.start not in taken]
    if len(left) < LEAST or len(left) <= len(rows) / 2:
        return []
    places = zip(reading.blocks, reading.pages, strict=True)
    page = next((page for block, page in places if block.row is left[0]), None)
    told = Evidence(f"Tabellenzeilen mit Titeln: {len(rows)}", page)
    return [Family("", ItemKind.MEASURE, 0, len(rows), None, (told,))]
