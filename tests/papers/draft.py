"""A paper while it is written: blocks, and beside every block what it says in truth."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from tests.papers.blocks import (
    Block,
    Break,
    Cell,
    Contents,
    Entry,
    Figure,
    Footnote,
    Form,
    Grid,
    Heading,
    Hidden,
    Labelled,
    Look,
    MarginNote,
    Para,
    RunningHead,
    Style,
)
from tests.papers.material import LISTED, Field, Material, Measure
from tests.papers.numbers import Number, Numbered, Numbering
from tests.papers.truth import Truth, TruthConflict, TruthFamily, TruthField, TruthFront, TruthRecord
from tests.papers.words import Pen


@dataclass(frozen=True, slots=True)
class Job:
    """What a layout gets: the source data, the numbers, the labels and the damage."""

    material: Material
    numbering: Numbering
    numbered: Numbered
    labels: dict[str, str]
    damage: frozenset[str]

    @property
    def pen(self) -> Pen:
        return self.material.pen

    def label(self, meaning: str) -> str:
        return self.labels[meaning]


@dataclass(slots=True)
class Draft:
    """Collects blocks and truth; a record is known by its place in `records`."""

    job: Job
    blocks: list[Block] = field(default_factory=list)
    records: list[TruthRecord] = field(default_factory=list)
    body: list[str] = field(default_factory=list)
    rows: list[tuple[str, ...]] = field(default_factory=list)
    furniture: list[str] = field(default_factory=list)
    hidden: list[str] = field(default_factory=list)
    not_records: list[str] = field(default_factory=list)
    stated: dict[str, int] = field(default_factory=dict)
    listed: set[str] = field(default_factory=set)
    front: tuple[str | None, str | None] = (None, None)

    def heading(self, text: str, level: int = 1, owner: int | None = None, decoy: bool = False) -> None:
        spaced = "spaced" in self.job.damage and level == 1 and owner is None
        self.blocks.append(Heading(text, level, owner, spaced))
        if decoy:
            self.not_records.append(text)

    def para(self, sentences: str | Sequence[str], style: Style = "body", owner: int | None = None) -> None:
        said = (sentences,) if isinstance(sentences, str) else tuple(sentences)
        self.blocks.append(Para(said, style, owner))
        self.body.extend(text.replace("**", "") for text in said)

    def bullets(self, texts: Iterable[str], owner: int | None = None) -> None:
        for text in texts:
            self.para(text, "bullet", owner)

    def labelled(self, meaning: str, values: Sequence[str], owner: int, own_line: bool = False) -> None:
        self.blocks.append(
            Labelled(self.job.label(meaning), tuple(values), "own_line" if own_line else "run_in", owner)
        )
        self.body.extend(values)

    def grid(
        self,
        rows: Sequence[Sequence[Cell | None]],
        widths: Sequence[float],
        head: int = 0,
        look: Look = "ruled",
        data: bool = True,
    ) -> None:
        """Write a table; the rows below the head of a table of data are known as rows, other cells as sentences."""
        self.blocks.append(Grid(tuple(tuple(row) for row in rows), tuple(widths), head, look))
        for row in rows[head:]:
            cells = [cell for cell in row if cell is not None]
            if data:
                self.rows.append(tuple(cell.text for cell in cells if cell.text))
            for para in (
                para for cell in cells for para in cell.paras if para.style in {"body", "bullet"} and not data
            ):
                self.body.extend(text.replace("**", "") for text in para.sentences if text and "☐" not in text)

    def page(self, form: Form | None = None) -> None:
        self.blocks.append(Break(form))

    def running_head(self, text: str) -> None:
        self.blocks.append(RunningHead(text))

    def margin(self, text: str, owner: int | None = None) -> None:
        self.blocks.append(MarginNote(text, owner))

    def footnote(self, number: int, text: str) -> None:
        self.blocks.append(Footnote(number, text))
        self.body.append(text)

    def figure(self, caption: str, values: Sequence[tuple[str, int]]) -> None:
        self.blocks.append(Figure(caption, tuple(values)))
        self.body.append(caption)
        self.not_records.append(caption)

    def hide(self, text: str) -> None:
        self.blocks.append(Hidden(text))
        self.hidden.append(text)

    def contents(self, entries: Sequence[Entry]) -> None:
        self.blocks.append(Contents(tuple(entries)))

    def theme(self, number: Number, topic: Field) -> int:
        return self.note(TruthRecord(kind="theme", ref=number.ref, title=topic.title, family=number.family))

    def measure(self, number: Number, one: Measure, parent: int | None, shown: Sequence[str]) -> int:
        above = None if parent is None else self.records[parent].ref or self.records[parent].title
        kept = {meaning: one.fields[meaning] for meaning in shown if meaning in one.fields}
        text = {meaning: one.text(meaning) for meaning in kept}
        return self.note(
            TruthRecord(
                kind=number.kind,
                ref=number.ref,
                title=one.title,
                family=number.family,
                ref_also=number.also,
                parent=number.child_of or above,
                status=text.get("status"),
                responsible=kept.get("responsible", ()),
                partners=kept.get("partners", ()),
                period=text.get("period"),
                cost=text.get("cost"),
                priority=text.get("priority"),
                indicator=text.get("indicator"),
                goal=text.get("goal"),
                dates=one.dates if "period" in kept else (),
                amounts=one.amounts if "cost" in kept else (),
                fields=tuple(
                    TruthField(label=self.job.label(meaning), meaning=meaning, text=text[meaning]) for meaning in kept
                ),
            )
        )

    def note(self, record: TruthRecord) -> int:
        self.records.append(record)
        return len(self.records) - 1

    def change(self, owner: int, **changes: Any) -> None:
        self.records[owner] = replace(self.records[owner], **changes)

    def conflict(self, owner: int, name: str, *values: tuple[str, str]) -> None:
        told = TruthConflict(field=name, values=values)
        self.change(owner, conflicts=(*self.records[owner].conflicts, told))

    def truth(self, pages: dict[int, tuple[int, ...]], last: int | None) -> Truth:
        material = self.job.material
        records = tuple(replace(record, pages=pages.get(place, ())) for place, record in enumerate(self.records))
        return Truth(
            records=records,
            families=tuple(self.families()),
            front=TruthFront(
                title=material.title,
                publisher=material.publisher,
                kind=material.kind,
                status=self.front[0],
                date=self.front[1],
            ),
            body=tuple(dict.fromkeys(self.body)),
            table_rows=tuple(self.rows),
            furniture=tuple(dict.fromkeys(self.furniture)),
            hidden=tuple(self.hidden),
            not_records=tuple(dict.fromkeys(self.not_records)),
            pages=last,
        )

    def families(self) -> Iterable[TruthFamily]:
        """Yield the families of the records with what the paper says about their number."""
        for label, kind in dict.fromkeys((record.family, record.kind) for record in self.records):
            own = [record for record in self.records if (record.family, record.kind) == (label, kind)]
            highest = None
            if label and self.job.numbered.running and kind in {"measure", "project"}:
                highest = max((highest_number(record.ref) for record in own), default=None)
            alone = len({record.family for record in self.records if record.kind == kind}) == 1
            stated = self.stated.get(kind) if alone else None
            listed = len(own) if kind in self.listed else None
            yield TruthFamily(label=label, kind=kind, count=len(own), stated=stated, listed=listed, highest=highest)


def highest_number(ref: str | None) -> int:
    digits = "".join(char if char.isdigit() else " " for char in ref or "").split()
    return int(digits[-1]) if digits else 0


def joined(meaning: str, values: Sequence[str]) -> str:
    return (", " if meaning in LISTED else " ").join(values)
