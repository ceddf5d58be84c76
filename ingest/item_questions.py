"""Questions for items across a run: what the edition before has of them, and what the register brings.

Questions stay with their item, by document and key. What has none any more, and what of the register's table is not
taken, is reported.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from ingest.errors import RegisterError
from vectorstore.csv_tables import RejectedRow, Row, TableError
from vectorstore.editions import EditionStore
from vectorstore.errors import EditionDamaged
from vectorstore.question_tables import joined, read_table
from vectorstore.questions import ItemKey, ItemQuestion, place

Table = list[Row[ItemQuestion] | RejectedRow]


@dataclass(frozen=True, slots=True)
class QuestionReport:
    """What became of questions: `kept` are in the edition, `lost` have no item any more.

    `rejected` are lines of the register's table, `damaged` says that those of the edition before could not be read.
    """

    kept: tuple[ItemQuestion, ...] = ()
    lost: tuple[ItemQuestion, ...] = ()
    rejected: tuple[RejectedRow, ...] = ()
    damaged: str | None = None


def registered_questions(path: Path | None) -> Table:
    """Return the rows of a register's table of questions, none without one; raises RegisterError."""
    try:
        return read_table(path) if path else []
    except TableError as error:
        raise RegisterError(str(error)) from error


def questions_for(items: Iterable[ItemKey], store: EditionStore, table: Table) -> QuestionReport:
    """Put the questions of the current edition and those of a table to the items of the next edition."""
    known, damaged = list(items), None
    try:
        before = place(store.questions(), known)
    except EditionDamaged as error:
        before, damaged = place((), known), str(error)
    added = joined(table, before.kept, known)
    return QuestionReport(place(added.questions, known).kept, before.lost, added.rejected, damaged)
