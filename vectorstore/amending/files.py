"""The tables of a data folder that hold what people amended: `corrections.csv` and `organisations.csv`.

People edit them with a spreadsheet, commands and the staff page add to them: one writer at a time, never half a file.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from filelock import FileLock, Timeout

from vectorstore.amending.applying import in_order
from vectorstore.amending.form import Amendments, Correction, Organisation, wrong
from vectorstore.amending.tables import (
    TableError,
    corrections_table,
    organisations_table,
    read_corrections,
    read_organisations,
)
from vectorstore.edition_files import write_durably
from vectorstore.private_modes import FILE_MODE, private_folder
from vectorstore.question_tables import RejectedRow

CORRECTIONS = "corrections.csv"
ORGANISATIONS = "organisations.csv"
_SECONDS = 10


@dataclass(frozen=True, slots=True)
class Loaded:
    """What stands in the tables, and the rows of both that say nothing usable."""

    amendments: Amendments
    rejected_corrections: tuple[RejectedRow, ...] = ()
    rejected_organisations: tuple[RejectedRow, ...] = ()

    @property
    def rejected(self) -> tuple[str, ...]:
        """The rejected rows of both tables as sentences that name their file."""
        return (
            *(f"{CORRECTIONS}, {row}" for row in self.rejected_corrections),
            *(f"{ORGANISATIONS}, {row}" for row in self.rejected_organisations),
        )


class AmendmentFiles:
    """The two tables of a data folder. Methods raise TableError where one cannot be read or written."""

    def __init__(self, root: Path) -> None:
        self.root = root
        self.corrections = root / CORRECTIONS
        self.organisations = root / ORGANISATIONS

    def load(self) -> Loaded:
        """Everything that the tables say; nothing where there are none."""
        corrections, wrong_corrections = read_corrections(self.corrections)
        organisations, wrong_organisations = read_organisations(self.organisations)
        amendments = Amendments(in_order(corrections), tuple(sorted(organisations, key=lambda one: one.code)))
        return Loaded(amendments, tuple(wrong_corrections), tuple(wrong_organisations))

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
        rows = tuple(corrections)
        self._change(lambda before: rows, keep_rejected=False)

    def replace_organisations(self, organisations: Iterable[Organisation]) -> None:
        """Have exactly these organisations in the table."""
        rows = sorted(organisations, key=lambda one: one.code)
        with self._writing():
            write_durably(self.organisations, organisations_table(rows))

    def _change(
        self, change: Callable[[tuple[Correction, ...]], Iterable[Correction]], *, keep_rejected: bool = True
    ) -> int:
        """Write the table anew; refuses where rows that cannot be read would be lost. Returns how many more it has."""
        with self._writing():
            before, rejected = read_corrections(self.corrections)
            if rejected and keep_rejected:
                raise TableError(f"{self.corrections}: Bitte erst berichtigen, sonst ginge sie verloren: {rejected[0]}")
            after = in_order(change(in_order(before)))
            write_durably(self.corrections, corrections_table(after))
            return len(after) - len(set(before))

    @contextmanager
    def _writing(self) -> Iterator[None]:
        private_folder(self.root)
        lock = FileLock(self.root / "amendments.lock", timeout=_SECONDS, mode=FILE_MODE)
        try:
            with lock:
                yield
        except Timeout as error:
            raise TableError(f"{self.root}: Jemand anderes schreibt gerade. Bitte noch einmal versuchen.") from error
        except OSError as error:
            raise TableError(f"{self.root}: Die Tabelle ist nicht zu schreiben ({error.strerror}).") from error
