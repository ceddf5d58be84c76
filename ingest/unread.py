"""What looks like records and became none: numbers before titles, labels and rows that recur.

They show a structure that was not understood: what nobody understood nobody may count.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from ingest.blocks import Block, BlockKind
from ingest.families import Total
from ingest.keys import RECORDS
from ingest.plan.form import ReadingPlan
from ingest.plan.numbers import Printed, printed_number, same_ref
from ingest.plan.words import ANNOUNCES, STATED
from ingest.tables import Table
from prompts import say
from vectorstore.records import Evidence, Family, Item, ItemKind

LEAST = 3  # numbers of one shape, or times that a label recurs, that make a structure
_COMPRISES = re.compile("mfasst|esteht")
_LONGEST_HEADING = 120  # characters
_CHAPTER = re.compile(r"^(?:[\d.]+\s)?(?:[A-ZÄÖÜ][\wäöüß]+,? (?:und )?)?(?:Maßnahmen|Projekte)(?: und [A-ZÄÖÜ]\w+)?$")
_KIND = re.compile(r"maßn|projekt|vorhaben|aktion$|baustein$|ziel$", re.IGNORECASE)
_FIRST = 20  # a series that begins higher does not count from one
_FIELDS = ("responsible", "partners", "period", "cost", "priority", "indicator", "status")  # that only records have

Placed = Sequence[tuple[Block, int | None]]  # blocks with their PDF pages


@dataclass(slots=True)
class _Shape:
    """Numbers of one shape that stand before titles, with their pages."""

    label: str
    kind: ItemKind
    numbers: dict[str, int | None] = field(default_factory=dict)


def not_understood(items: Sequence[Item], blocks: Placed, plan: ReadingPlan, lists: Sequence[Table]) -> list[Family]:
    """Return families of which the document shows many numbers, labels or rows, and hardly any became a record."""
    known = {same_ref(item.ref.split("~")[0]) for item in items if item.kind is not ItemKind.SECTION}
    found: list[Family] = []
    for shape in _shapes(blocks):
        missing = [number for number in shape.numbers if same_ref(number) not in known]
        if len(missing) >= LEAST and len(missing) > len(shape.numbers) / 2:
            told = Evidence(
                say("evidence.numbers", label=shape.label, count=len(shape.numbers)), shape.numbers[missing[0]]
            )
            held = len(shape.numbers) - len(missing)
            found.append(Family(shape.label, shape.kind, held, len(shape.numbers), None, (told,)))
    if not any(one.kind in RECORDS for one in found):
        found += _fields_of_nothing(items, plan, paged=any(page for _, page in blocks)) or _rows_of_nothing(
            items, blocks, lists
        )
    return found or ([] if any(item.kind in RECORDS for item in items) else list(_announced(blocks))[:1])


def _announced(blocks: Placed) -> Iterator[Family]:
    """Yield a family for each number of measures that the text states, and each heading that announces a list."""
    for block, page in blocks:
        told = STATED.search(block.text)
        heading = (block.bold or block.level > 0) and len(block.text) <= _LONGEST_HEADING
        if told and int(told[1]) >= LEAST:
            yield Family(
                "", ItemKind.MEASURE, 0, int(told[1]), None, (Evidence(say("evidence.stated", quote=told[0]), page),)
            )
        elif heading and (ANNOUNCES.search(block.text) or _CHAPTER.match(block.text)):
            yield Family(
                "", ItemKind.MEASURE, 0, None, None, (Evidence(say("evidence.heading", text=block.text), page),)
            )


def stated(blocks: Placed) -> list[Total]:
    """Return the number of its measures or projects that a document states: "umfasst 24 Maßnahmen"."""
    found = ((STATED.search(block.text), page) for block, page in blocks if _COMPRISES.search(block.text))
    told = [
        Total(RECORDS, int(one[1]), Evidence(say("evidence.stated", quote=one[0]), page)) for one, page in found if one
    ]
    return [one for one in told if one.count >= LEAST][:1]


def _shapes(blocks: Placed) -> Iterator[_Shape]:
    """Yield the shapes of numbers with a label word or letters before titles set off, of which there are enough."""
    shapes: dict[tuple[str, bool, str, str], _Shape] = {}
    for block, page in blocks:
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


def _kind_of(number: Printed) -> ItemKind:
    word = number.word.casefold()
    if word.endswith("ziel"):
        return ItemKind.GOAL
    return ItemKind.PROJECT if word.endswith("projekt") else ItemKind.MEASURE


def _runs(shape: _Shape) -> bool:
    """Whether numbers run: they leave out fewer than they have, unlike the numbers of roads or of paragraphs quoted."""
    last = [int(parts[-1]) for number in shape.numbers if (parts := re.findall(r"\d+", number))]
    return bool(last) and max(last) - (min(last) if min(last) > _FIRST else 0) <= 2 * len(shape.numbers)


def _fields_of_nothing(items: Sequence[Item], plan: ReadingPlan, *, paged: bool) -> list[Family]:
    """Labels that only records have, where fewer than half of the places became records with fields."""
    often = [label for label in plan.labels if label.field in _FIELDS and label.evidence and not label.column]
    if not often:
        return []
    label = max(often, key=lambda one: one.evidence[0].count)
    count, pages = label.evidence[0].count, label.evidence[0].pages
    sheets = sum(any(one.field in _FIELDS or one.label == label.label for one in item.fields) for item in items)
    whole = max(Counter((item.kind, item.family) for item in items if item.kind in RECORDS).values(), default=0)
    if count < LEAST or sheets >= count / 2 or whole >= 0.9 * count:
        return []
    told = Evidence(say("evidence.fields", label=label.label, count=count), pages[0] if pages and paged else None)
    return [Family("", ItemKind.MEASURE, 0, count, None, (told,))]


def _rows_of_nothing(items: Sequence[Item], blocks: Placed, lists: Sequence[Table]) -> list[Family]:
    """Rows of tables that list titles, where fewer than half of the rows belong to a record."""
    taken = {item.table_start for item in items if item.table_start is not None}
    rows = [row for table in lists for row in table.rows if table.cell(row, "title")]
    left = [row for row in rows if row.start not in taken]
    if len(left) < LEAST or len(left) <= len(rows) / 2:
        return []
    page = next((page for block, page in blocks if block.row is left[0]), None)
    return [Family("", ItemKind.MEASURE, 0, len(rows), None, (Evidence(say("evidence.rows", count=len(rows)), page),))]
