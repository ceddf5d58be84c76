"""The table that holds what units are called: `organisations.csv`.

On one machine people edit it with a spreadsheet; the page „Stellen“ puts one in its place everywhere.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from vectorstore.amending.form import Organisation
from vectorstore.amending.tables import TableError, organisations_in, organisations_table
from vectorstore.kept_texts import Texts
from vectorstore.question_tables import RejectedRow

ORGANISATIONS = "organisations.csv"


@dataclass(frozen=True, slots=True)
class Loaded:
    """What stands in the table, its rows that say nothing usable, and a file that does not hold, as a sentence."""

    organisations: tuple[Organisation, ...] = ()
    rejected_rows: tuple[RejectedRow, ...] = ()
    unused: str = ""

    @property
    def rejected(self) -> tuple[str, ...]:
        """The rejected rows as sentences that name their file, and a file that does not hold."""
        return (*(f"{ORGANISATIONS}, {row}" for row in self.rejected_rows), *((self.unused,) if self.unused else ()))


class KeptOrganisations:
    """The table among the texts that people keep.

    Methods raise TableError where it cannot be read or written, WriterBusy, and StoreAway.
    """

    def __init__(self, texts: Texts) -> None:
        self._texts = texts

    def load(self) -> Loaded:
        """Everything that the table says; nothing where there is none."""
        with _told():
            found, wrong = organisations_in(self._texts.get(ORGANISATIONS), ORGANISATIONS)
            path = self._texts.unused(ORGANISATIONS)
        unused = (
            f"{path} gilt nicht: In der gemeinsamen Datenbank steht eine andere Tabelle. Die Seite „Stellen“ "
            "nimmt die Datei auf, danach bitte löschen."
        )
        return Loaded(tuple(sorted(found, key=lambda one: one.code)), tuple(wrong), unused if path else "")

    def replace(self, organisations: Iterable[Organisation]) -> None:
        """Have exactly these organisations in the table."""
        rows = sorted(organisations, key=lambda one: one.code)
        with _told():
            self._texts.put(ORGANISATIONS, organisations_table(rows).encode())


@contextmanager
def _told() -> Iterator[None]:
    try:
        yield
    except OSError as error:
        raise TableError(f"Die Tabelle ist nicht zu lesen oder zu schreiben ({error.strerror}).") from error
