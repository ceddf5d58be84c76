"""The tables that hold what people amended: `corrections.csv` and `organisations.csv`.

On one machine people edit them with a spreadsheet; commands and the staff page add to them everywhere.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from vectorstore.amending.applying import in_order
from vectorstore.amending.form import Amendments, Correction, Organisation, wrong
from vectorstore.amending.tables import (
    TableError,
    corrections_in,
    corrections_table,
    organisations_in,
    organisations_table,
)
from vectorstore.kept_texts import Change, Texts
from vectorstore.question_tables import RejectedRow

CORRECTIONS = "corrections.csv"
ORGANISATIONS = "organisations.csv"


@dataclass(frozen=True, slots=True)
class Loaded:
    """What stands in the tables, the rows of both that say nothing usable, and files that do not hold, as sentences."""

    amendments: Amendments
    rejected_corrections: tuple[RejectedRow, ...] = ()
    rejected_organisations: tuple[RejectedRow, ...] = ()
    unused: tuple[str, ...] = ()

    @property
    def rejected(self) -> tuple[str, ...]:
        """The rejected rows of both tables as sentences that name their file, and files that do not hold."""
        return (
            *(f"{CORRECTIONS}, {row}" for row in self.rejected_corrections),
            *(f"{ORGANISATIONS}, {row}" for row in self.rejected_organisations),
            *self.unused,
        )


class KeptAmendments:
    """The two tables among the texts that people keep.

    Methods raise TableError where one cannot be read or written, WriterBusy, and StoreAway.
    """

    def __init__(self, texts: Texts) -> None:
        self._texts = texts

    def load(self) -> Loaded:
        """Everything that the tables say; nothing where there are none."""
        with _told():
            found = {name: self._texts.get(name) for name in (CORRECTIONS, ORGANISATIONS)}
        corrections, wrong_corrections = corrections_in(found[CORRECTIONS], CORRECTIONS)
        organisations, wrong_organisations = organisations_in(found[ORGANISATIONS], ORGANISATIONS)
        amendments = Amendments(in_order(corrections), tuple(sorted(organisations, key=lambda one: one.code)))
        unused = tuple(
            f"{path} gilt nicht: In der gemeinsamen Datenbank steht eine andere Tabelle. {taker} nimmt die Datei auf, "
            "danach bitte löschen."
            for name, taker in (
                (CORRECTIONS, "'strategielotse corrections import'"),
                (ORGANISATIONS, "Die Seite „Stellen“"),
            )
            if (path := self._texts.unused(name)) is not None
        )
        return Loaded(amendments, tuple(wrong_corrections), tuple(wrong_organisations), unused)

    def add(self, corrections: Iterable[Correction]) -> int:
        """Put corrections into the table, in place of earlier ones of the same places; returns how many are new.

        Raises ValueError with a German sentence for one that can be none.
        """
        new = tuple(corrections)
        for one in new:
            if (reason := wrong(one)) is not None:
                raise ValueError(reason)
        places = {one.place for one in new}
        return self._change(lambda before: [*(one for one in before if one.place not in places), *new])

    def remove(self, corrections: Iterable[Correction]) -> int:
        """Take corrections out of the table; returns how many were there."""
        gone = set(corrections)
        return -self._change(lambda before: [one for one in before if one not in gone])

    def replace(self, corrections: Iterable[Correction]) -> None:
        """Have exactly these corrections in the table."""
        self._write(CORRECTIONS, lambda _: corrections_table(in_order(corrections)).encode())

    def replace_organisations(self, organisations: Iterable[Organisation]) -> None:
        """Have exactly these organisations in the table."""
        rows = sorted(organisations, key=lambda one: one.code)
        self._write(ORGANISATIONS, lambda _: organisations_table(rows).encode())

    def _change(self, change: Callable[[tuple[Correction, ...]], Iterable[Correction]]) -> int:
        """Write the table anew; refuses where rows that cannot be read would be lost. Returns how many more it has."""
        more = 0

        def changed(content: bytes | None) -> bytes:
            nonlocal more
            before, rejected = corrections_in(content, CORRECTIONS)
            if rejected:
                raise TableError(f"{CORRECTIONS}: Bitte erst berichtigen, sonst ginge sie verloren: {rejected[0]}")
            after = in_order(change(in_order(before)))
            more = len(after) - len(set(before))
            return corrections_table(after).encode()

        self._write(CORRECTIONS, changed)
        return more

    def _write(self, name: str, change: Change) -> None:
        with _told():
            self._texts.change(name, change)


@contextmanager
def _told() -> Iterator[None]:
    try:
        yield
    except OSError as error:
        raise TableError(f"Die Tabelle ist nicht zu lesen oder zu schreiben ({error.strerror}).") from error
