"""What people amend of what was read: corrections of records.

An edition keeps them beside the records as they were read (`amendments.json`).
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from pathlib import Path

from pydantic import TypeAdapter


class Part(StrEnum):
    """What of an item can be corrected; `unit`, `date` and `text` change one of several: what they stand instead of.

    `record` takes away that it is a record: its text stays as a section. `split` has a second one of the title `value`
    begin at a passage. `item`, `kind` and `page` added one that was not read, in earlier versions: no longer done.
    """

    ITEM = "item"
    KIND = "kind"
    PAGE = "page"
    TITLE = "title"
    STATUS = "status"
    UNIT = "unit"
    DATE = "date"
    PERIOD = "period"
    COST = "cost"
    PARTNERS = "partners"
    PRIORITY = "priority"
    TEXT = "text"
    RECORD = "record"
    SPLIT = "split"


SINGLE = {  # the field of a record by part: of a single value
    Part.TITLE: "title", Part.STATUS: "status", Part.PARTNERS: "cooperation", Part.PERIOD: "period",
    Part.COST: "cost", Part.PRIORITY: "priority",
}  # fmt: skip
SEVERAL = {Part.UNIT: "responsible", Part.DATE: "dates"}  # of several values
OF_SEVERAL = (Part.UNIT, Part.DATE, Part.TEXT)
CONFIRMED = (Part.STATUS, Part.UNIT, Part.PERIOD, Part.COST, Part.PARTNERS, Part.PRIORITY)  # may stay as they were read
NO_LONGER = (Part.ITEM, Part.KIND, Part.PAGE)


@dataclass(frozen=True, slots=True)
class Correction:
    """`value` of the field `part` instead of `instead_of`, the value as read.

    Where nothing was read `instead_of` is ""; an empty `value` takes away what was read.
    """

    document_id: str
    key: str
    part: Part
    value: str
    instead_of: str = ""
    reason: str = ""
    person: str = ""
    day: date | None = None

    @property
    def place(self) -> tuple[str, str, str, str]:
        """What it corrects: no two corrections of one place hold at a time; what is added stands beside the rest."""
        which = (self.instead_of or f"+{self.value}") if self.part in OF_SEVERAL else ""
        return self.document_id, self.key, self.part.value, which

    @property
    def item(self) -> tuple[str, str]:
        """The item that it is about: document and key."""
        return self.document_id, self.key


class State(StrEnum):
    """What became of a correction."""

    APPLIED = "applied"
    NEEDLESS = "needless"
    NO_DOCUMENT = "no_document"
    NO_ITEM = "no_item"
    READ_OTHERWISE = "read_otherwise"
    AMBIGUOUS = "ambiguous"
    CUT = "cut"
    OVERTAKEN = "overtaken"
    TAKEN = "taken"


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of a correction; `read` is what the paper says where that is another value than expected."""

    correction: Correction
    state: State
    read: str = ""

    @property
    def applies(self) -> bool:
        """Whether it is carried out, or the paper says the same itself."""
        return self.state in (State.APPLIED, State.NEEDLESS)


@dataclass(frozen=True, slots=True)
class Amendments:
    """All that people amended, in a fixed order, so that equal ones are equal."""

    corrections: tuple[Correction, ...] = ()

    def __bool__(self) -> bool:
        return bool(self.corrections)

    def dumped(self) -> bytes:
        """As JSON; equal ones give equal bytes."""
        return _AMENDMENTS.dump_json(self)

    def save(self, folder: Path) -> None:
        """Write them below an edition's folder, nothing where there are none."""
        if self:
            (folder / _STORED).parent.mkdir()
            (folder / _STORED).write_bytes(self.dumped())


_AMENDMENTS = TypeAdapter(Amendments)
_STORED = "amendments/amendments.json"  # in an edition's folder; one without amendments has none


def read_amendments(folder: Path) -> Amendments:
    """The amendments below an edition's folder, none where it has none; raises OSError, ValueError."""
    file = folder / _STORED
    return _AMENDMENTS.validate_json(file.read_bytes()) if file.parent.exists() else Amendments()
