"""Items, the citable units of a document (theme, goal, project, measure, principle, thesis,
resolution point, labelled section), with their values, and chunks, the indexed passages of an item.

All offsets are character offsets into `Document.text`.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from enum import StrEnum

# values of `Item.read_by`: the reader without a model; people
BY_SIMPLE_READER = "simple"
BY_STAFF = "staff"
ItemAddress = tuple[str, str]  # document id and key of an item, which make the URL of its page


class ItemKind(StrEnum):
    """What sort of citable unit an item is."""

    THEME = "theme"
    GOAL = "goal"
    PROJECT = "project"
    MEASURE = "measure"
    PRINCIPLE = "principle"
    THESIS = "thesis"
    RESOLUTION = "resolution"
    SECTION = "section"


# Records of these kinds are counted together, and followed from one document to the next.
PLANS = (ItemKind.PROJECT, ItemKind.MEASURE)
GOALS = (ItemKind.GOAL,)


class ItemStatus(StrEnum):
    """Where a project stands, by the group heading that it stands under."""

    IDEA = "idea"
    PLANNED = "planned"
    IN_PROGRESS = "in_progress"
    IMPLEMENTED = "implemented"
    ARCHIVED = "archived"


@dataclass(frozen=True, slots=True)
class RefTitle:
    """A reference to a theme or a goal by its printed number and its title."""

    ref: str
    title: str


@dataclass(frozen=True, slots=True)
class Field:
    """A labelled field of an item: its label as printed, its text verbatim in the document's text.

    `field` is what the label means ("responsible", "period", ...), None where that is not known.
    `page` is the PDF page on which the text begins, `start` its offset in the document's text, -1
    where unknown. `with_unit` is the text with the unit that its label states ("4.800 T€"), ""
    where it takes none.
    """

    label: str
    text: str
    field: str | None = None
    page: int | None = None
    start: int = -1
    with_unit: str = ""

    @property
    def printed(self) -> str:
        """The text with its unit."""
        return self.with_unit or self.text


class ValueKind(StrEnum):
    """What sort of value a text states."""

    DATE = "date"
    PERIOD = "period"
    AMOUNT = "amount"
    UNIT = "unit"


@dataclass(frozen=True, slots=True)
class Value:
    """A value that an item states, parsed once: `text` verbatim at `start`..`end` of the document's
    text.

    `value` is its normal form: a date "2026-05-01", "2026-05" or "2026"; a period "2026/2030",
    "2026/" or "/2030" of such dates; an amount in euros as a decimal number ("412000"); a unit's
    code, or its name where it has none. `unit` is "EUR" or "EUR/a" (per year) for an amount,
    `thing` the name of an administrative unit for a `UNIT`. `with_unit` is the text with the unit
    that its label or its column's head states, "" where it takes none.
    """

    kind: ValueKind
    text: str
    value: str
    start: int
    end: int
    unit: str | None = None
    thing: str | None = None
    with_unit: str = ""

    @property
    def printed(self) -> str:
        """The text with its unit."""
        return self.with_unit or self.text


@dataclass(frozen=True, slots=True)
class ConflictValue:
    """One of several differing statements of a field: `source` is sheet, overview, schedule, text
    or list.
    """

    text: str
    page: int | None
    source: str


@dataclass(frozen=True, slots=True)
class Conflict:
    """A field that one document states differently in several places; `text` and `table` are the
    first two values.
    """

    field: str
    text: str
    table: str
    values: tuple[ConflictValue, ...] = ()


@dataclass(frozen=True, slots=True)
class Corrected:
    """A correction applied to an item: `field` as in `CorrectableField`, the value as `read` (""
    for none) and now.

    `printed` are the texts of the labelled fields that the correction replaced; `day` is None where
    unknown.
    """

    field: str
    read: str
    value: str
    reason: str
    day: date | None = None
    printed: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Item:
    """A citable unit.

    `ref` is the number as printed, `key` the same made URL-safe and unique in the document.
    `heading`, `body`, `status_heading` and `table_row` are verbatim in the document's text (white
    space aside). `body` is the item's own text without its heading and without the items below it;
    `fields` are the labelled parts of the body. `path` has the headings above it, outermost first,
    without its own. `period`, `cost`, `priority` are as printed, `values` are the parsed values of
    heading, body and table row, in text order. `start`/`end` span heading and body. `family` is the
    label of the numbering that it belongs to, None where it belongs to none. `corrected` lists the
    corrections by people. `read_by` is "simple" or "staff"; in editions of earlier versions it may
    be the name of a model.
    """

    document_id: str
    key: str
    ref: str
    kind: ItemKind
    title: str
    order: int
    heading: str
    body: str
    start: int
    end: int
    parent: str | None = None
    path: tuple[str, ...] = ()
    theme: RefTitle | None = None
    goal: RefTitle | None = None
    status: ItemStatus | None = None
    status_heading: str | None = None
    fields: tuple[Field, ...] = ()
    description: str | None = None
    state: str | None = None
    table_title: str | None = None
    table_row: str | None = None
    table_start: int | None = None
    responsible: tuple[str, ...] = ()
    cooperation: str | None = None
    municipalities: tuple[str, ...] = ()
    all_municipalities: bool = False
    dates: tuple[str, ...] = ()
    amounts: tuple[str, ...] = ()
    period: str | None = None
    cost: str | None = None
    priority: str | None = None
    values: tuple[Value, ...] = ()
    conflicts: tuple[Conflict, ...] = ()
    former_ref: str | None = None
    family: str | None = None
    page: int | None = None
    page_label: str | None = None
    corrected: tuple[Corrected, ...] = ()
    read_by: str = BY_SIMPLE_READER

    @property
    def address(self) -> tuple[str, str]:
        """The id of its document and its key."""
        return self.document_id, self.key

    def contains(self, start: int, end: int) -> bool:
        """True if the span of the document's text is inside the item, or inside its table row."""
        row = range(0)
        if self.table_start is not None and self.table_row is not None:
            row = range(self.table_start, self.table_start + len(self.table_row))
        is_in_row = start in row and end <= row.stop
        return is_in_row or (self.start <= start and end <= self.end)

    @property
    def is_continuation(self) -> bool:
        """True for a section with text of the item above it that is printed in another place: "1~2"
        of "1".
        """
        number, above = self.key.partition("~")[0], (self.parent or "").partition("~")[0]
        return self.kind is ItemKind.SECTION and number == above


@dataclass(frozen=True, slots=True, kw_only=True)
class Chunk:
    """An indexed passage of exactly one item; `text` is verbatim, `context` (headings above) is
    indexed with it.
    """

    id: str
    document_id: str
    key: str
    text: str
    context: str
    start: int
    end: int
