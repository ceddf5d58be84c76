"""What a generated paper really says: records, families, front matter, sentences, rows, furniture, and decoys."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class TruthField:
    """A labelled field as printed: `meaning` is what the label says ("responsible"), `text` its whole value."""

    label: str
    meaning: str
    text: str


@dataclass(frozen=True, slots=True)
class TruthConflict:
    """A field that two places of one paper state differently: (where, text) pairs, where = sheet|overview|schedule."""

    field: str
    values: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class TruthRecord:
    """One record as the paper prints it.

    `ref` is the number without its label word, None where the paper prints none; `ref_also` are other readings of the
    same print that are as right ("3/12" beside "3"). `parent` is the ref of the record above, or its title where that
    has no ref. `pages` are the pages from 1 of its sheet, section or row, empty where the format has no pages.
    `title_overview` is another wording of the title in the paper's own overview or contents. `conflicts` may be told
    or not. `uncertain` records may be counted or not.
    """

    kind: str
    ref: str | None
    title: str
    family: str
    ref_also: tuple[str, ...] = ()
    title_overview: str | None = None
    parent: str | None = None
    pages: tuple[int, ...] = ()
    status: str | None = None
    responsible: tuple[str, ...] = ()
    partners: tuple[str, ...] = ()
    period: str | None = None
    cost: str | None = None
    priority: str | None = None
    indicator: str | None = None
    goal: str | None = None
    dates: tuple[str, ...] = ()
    amounts: tuple[str, ...] = ()
    fields: tuple[TruthField, ...] = ()
    conflicts: tuple[TruthConflict, ...] = ()
    uncertain: bool = False


@dataclass(frozen=True, slots=True)
class TruthFamily:
    """One numbering of one paper: `count` records there are, and what the paper itself says about their number.

    `stated` is a number in its text ("60 Maßnahmen"), `listed` the length of its own contents or overview, `highest`
    the highest running number. Each is None where the paper says nothing of the kind.
    """

    label: str
    kind: str
    count: int
    stated: int | None = None
    listed: int | None = None
    highest: int | None = None


@dataclass(frozen=True, slots=True)
class TruthFront:
    """The front matter as printed; `date` is ISO (a day, a month or a year), None where the paper prints none."""

    title: str
    publisher: str
    kind: str
    status: str | None
    date: str | None


@dataclass(frozen=True, slots=True)
class Truth:
    """Everything known about one paper.

    `body` are sentences that must stand in some chunk, `table_rows` the cells of rows that must be findable,
    `furniture` what repeats on (nearly) every page ("{n}" stands for the page number), `hidden` what no reader may
    show (scripts, hidden parts), `not_records` texts that look like titles of records but are none.
    """

    records: tuple[TruthRecord, ...]
    families: tuple[TruthFamily, ...]
    front: TruthFront
    body: tuple[str, ...]
    table_rows: tuple[tuple[str, ...], ...]
    furniture: tuple[str, ...]
    hidden: tuple[str, ...]
    not_records: tuple[str, ...]
    pages: int | None
