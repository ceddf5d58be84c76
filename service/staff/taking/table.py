"""Tables of what is taken away: cells are text, some with the address that they lead to."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from service.pages.labels import STATUSES
from service.staff.taking.selection import Selection, Taken

NO_STATUS = "ohne Status"


@dataclass(frozen=True, slots=True)
class Cell:
    """The text of a cell, and where it leads; "" for nowhere."""

    text: str
    address: str = ""


@dataclass(frozen=True, slots=True)
class Table:
    """A table with its title and what it shows; `widths` are shares of the columns."""

    title: str
    description: str
    columns: tuple[str, ...]
    widths: tuple[int, ...]
    rows: tuple[tuple[Cell, ...], ...]


def records_table(selection: Selection) -> Table:
    """Return the records one a row, the document as its number in the list of sources."""
    numbers = {document.id: number for number, document in enumerate(selection.documents, start=1)}
    return Table(
        title="Einträge",
        description="Je Zeile ein Eintrag mit Titel, Status, zuständiger Einheit und Fundstelle",
        columns=("Eintrag", "Titel", "Status", "Zuständig", "Fundstelle"),
        widths=(26, 57, 27, 34, 22),
        rows=tuple(tuple(_cells(selection, one, numbers)) for one in selection.taken),
    )


def _cells(selection: Selection, one: Taken, numbers: dict[str, int]) -> Iterator[Cell]:
    status = STATUSES[one.record.status] if one.record.status else NO_STATUS
    yield Cell(one.name)
    yield Cell(one.record.title, selection.url(one))
    yield Cell(status)
    yield Cell("\n".join(one.units))
    yield Cell(", ".join(filter(None, (f"[{numbers[one.document.id]}]", one.page))))
