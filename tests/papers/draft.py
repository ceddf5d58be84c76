"""A paper while it is written: blocks, and beside every block what it says in truth."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from tests.papers.blocks import Block, Cell, Grid, Heading, Labelled, Look, Para, Style
from tests.papers.material import Field, Material, Measure
from tests.papers.numbers import Number, Numbered
from tests.papers.truth import Truth, TruthConflict, TruthFamily, TruthField, TruthFront, TruthRecord

PLAIN = ("status", "period", "cost", "priority", "indicator", "goal")


@dataclass(frozen=True, slots=True)
class One:
    """A measure with its number and its place among the records."""

    owner: int
    number: Number
    measure: Measure


@dataclass(frozen=True, slots=True)
class Group:
    """A field of action with its measures; `owner` is its place among the records."""

    owner: int
    number: Number
    field: Field
    ones: tuple[One, ...]


@dataclass(slots=True)
class Draft:
    """Collects blocks and truth from the source data, the numbers, the labels and the damage.

    A record is known by its place in `records`.
    """

    material: Material
    numbered: Numbered
    labels: dict[str, str]
    damage: frozenset[str]
    blocks: list[Block] = field(default_factory=list)
    records: list[TruthRecord] = field(default_factory=list)
    body: list[str] = field(default_factory=list)
    rows: list[tuple[str, ...]] = field(default_factory=list)
    not_records: list[str] = field(default_factory=list)
    stated: dict[str, int] = field(default_factory=dict)
    listed: set[str] = field(default_factory=set)
    front: tuple[str | None, str | None] = (None, None)

    def heading(self, text: str, level: int = 1, owner: int | None = None) -> None:
        self.blocks.append(Heading(text, level, owner, "spaced" in self.damage and level == 1 and owner is None))

    def para(self, sentences: Sequence[str], style: Style = "body", owner: int | None = None) -> None:
        self.blocks.append(Para(tuple(sentences), style, owner))
        self.body.extend(text.replace("**", "") for text in sentences)

    def labelled(self, meaning: str, values: Sequence[str], owner: int, own_line: bool = False) -> None:
        self.blocks.append(Labelled(self.labels[meaning], tuple(values), own_line, owner))
        self.body.extend(values)

    def grid(self, rows: Sequence[Sequence[Cell | None]], widths: Sequence[float], head: int, look: Look) -> None:
        self.blocks.append(Grid(tuple(tuple(row) for row in rows), tuple(widths), head, look))

    def known(self, rows: Sequence[Sequence[Cell | None]], data: bool) -> None:
        """Note what a table says: the rows of a table of data as rows, other cells as sentences."""
        for row in rows:
            cells = [cell for cell in row if cell is not None]
            if data:
                self.rows.append(tuple(cell.text for cell in cells if cell.text))
                continue
            said = (p.sentences for cell in cells for p in cell.paras if p.style in {"body", "bullet"})
            self.body.extend(text.replace("**", "") for texts in said for text in texts if text and "☐" not in text)

    def entered(self, shown: Sequence[str], bare: bool = False, goals: Sequence[str] = ()) -> tuple[Group, ...]:
        """Note all fields and measures as records, with the fields that the layout shows, and return them.

        `bare` fields of action are printed without their number; as `goals` (word and shape of a number) they are
        numbered sentences.
        """
        groups, found = [], zip(self.numbered.fields, self.material.fields, self.numbered.measures, strict=True)
        for place, (number, topic, numbers) in enumerate(found, start=1):
            if bare:
                number = Number("", None, "", kind="theme")
            if goals:
                word, shape = (*goals, "{n}")[:2]
                ref = shape.format(n=place)
                number = Number(f"{word} {ref}".strip(), ref, f"{word} {shape}".strip(), kind="goal")
                topic = replace(topic, title=topic.goal.rstrip("."))
            theme = TruthRecord(kind=number.kind, ref=number.ref, title=topic.title, family=number.family)
            owner, above = self.note(theme), number.ref or topic.title
            pairs = zip(numbers, topic.measures, strict=True)
            ones = tuple(One(self.note(self.measured(one, of, above, shown)), one, of) for one, of in pairs)
            groups.append(Group(owner, number, topic, ones))
        return tuple(groups)

    def measured(self, number: Number, one: Measure, above: str, shown: Sequence[str]) -> TruthRecord:
        kept = {meaning: one.fields[meaning] for meaning in shown if meaning in one.fields}
        plain: dict[str, Any] = {meaning: one.text(meaning) for meaning in PLAIN if meaning in kept}
        return TruthRecord(
            kind=number.kind,
            ref=number.ref,
            title=one.title,
            family=number.family,
            ref_also=number.also,
            parent=number.child_of or above,
            responsible=kept.get("responsible", ()),
            partners=kept.get("partners", ()),
            dates=one.dates if "period" in kept else (),
            amounts=one.amounts if "cost" in kept else (),
            fields=tuple(TruthField(self.labels[meaning], meaning, one.text(meaning)) for meaning in kept),
            **plain,
        )

    def note(self, record: TruthRecord) -> int:
        self.records.append(record)
        return len(self.records) - 1

    def change(self, owner: int, **changes: Any) -> None:
        self.records[owner] = replace(self.records[owner], **changes)

    def conflict(self, owner: int, name: str, *values: tuple[str, str]) -> None:
        self.change(owner, conflicts=(*self.records[owner].conflicts, TruthConflict(name, values)))

    def truth(
        self, pages: dict[int, tuple[int, ...]], last: int | None, furniture: Sequence[str], hidden: Sequence[str]
    ) -> Truth:
        """Return what the paper says once it is set."""
        return Truth(
            records=tuple(replace(record, pages=pages.get(place, ())) for place, record in enumerate(self.records)),
            families=tuple(self.families()),
            front=TruthFront(self.material.title, self.material.publisher, self.material.kind, *self.front),
            body=tuple(dict.fromkeys(self.body)),
            table_rows=tuple(self.rows),
            furniture=tuple(furniture),
            hidden=tuple(hidden),
            not_records=tuple(dict.fromkeys(self.not_records)),
            pages=last,
        )

    def families(self) -> Iterator[TruthFamily]:
        """Yield the families of the records with what the paper says about their number."""
        for label, kind in dict.fromkeys((record.family, record.kind) for record in self.records):
            own = [record for record in self.records if (record.family, record.kind) == (label, kind)]
            running = label and self.numbered.running and kind in {"measure", "project"}
            highest = max(highest_number(record.ref) for record in own) if running else None
            alone = len({record.family for record in self.records if record.kind == kind}) == 1
            stated = self.stated.get(kind) if alone else None
            yield TruthFamily(label, kind, len(own), stated, len(own) if kind in self.listed else None, highest)


def highest_number(ref: str | None) -> int:
    digits = "".join(char if char.isdigit() else " " for char in ref or "").split()
    return int(digits[-1]) if digits else 0
