"""Corrections and organisations as tables, and the one that is kept: what units are called, `organisations.csv`.

On one machine people edit it with a spreadsheet; the page „Stellen“ puts one in its place everywhere.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date

from vectorstore.amending.form import Correction, Organisation, Part, wrong, wrong_organisation
from vectorstore.csv_tables import Refused, RejectedRow, Row, TableError, read_table, table_text
from vectorstore.kept_texts import Texts

CORRECTION_COLUMNS = ("document_id", "key", "field", "value", "instead_of", "reason", "person", "date")
ORGANISATION_COLUMNS = ("code", "name", "contact_email", "phone", "url", "aliases")
ORGANISATIONS = "organisations.csv"


def corrections_in(content: bytes | None, name: str) -> tuple[list[Correction], list[RejectedRow]]:
    """The corrections of a table that is called `name`, and its rejected rows; none of no table. Raises TableError."""
    rows = read_table(content, name, CORRECTION_COLUMNS, 6, _correction) if content is not None else []
    return [row.said for row in rows if isinstance(row, Row)], [row for row in rows if isinstance(row, RejectedRow)]


def organisations_in(content: bytes | None, name: str) -> tuple[list[Organisation], list[RejectedRow]]:
    """The organisations of a table that is called `name`, of one code the first, and its rejected rows; likewise."""
    rows = read_table(content, name, ORGANISATION_COLUMNS, 2, _organisation) if content is not None else []
    by_code = {row.said.code: row.said for row in reversed(rows) if isinstance(row, Row)}
    return sorted(by_code.values(), key=lambda one: one.code), [row for row in rows if isinstance(row, RejectedRow)]


def organisations_table(organisations: Iterable[Organisation]) -> str:
    """Organisations as the text of a table, in the given order."""
    rows = ((*_plain(one), " | ".join(one.aliases)) for one in organisations)
    return table_text(ORGANISATION_COLUMNS, rows)


@dataclass(frozen=True, slots=True)
class Loaded:
    """What stands in the kept table, and its rows that say nothing usable, as sentences."""

    organisations: tuple[Organisation, ...] = ()
    rejected: tuple[str, ...] = ()


class KeptOrganisations:
    """The table among the texts that people keep.

    Methods raise TableError where it cannot be read or written, WriterBusy, and StoreAway.
    """

    def __init__(self, texts: Texts) -> None:
        self._texts = texts

    def load(self) -> Loaded:
        """Everything that the table says; nothing where there is none."""
        with _told():
            found, rejected = organisations_in(self._texts.get(ORGANISATIONS), ORGANISATIONS)
        return Loaded(tuple(found), tuple(f"{ORGANISATIONS}, {row}" for row in rejected))

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


def _plain(one: Organisation) -> tuple[str, ...]:
    return one.code, one.name, one.contact_email, one.phone, one.url


def _correction(cells: Sequence[str]) -> Correction:
    document_id, key, part, value, instead_of, reason, person, day = cells
    if part not in {one.value for one in Part}:
        raise Refused(f"„{part}“ ist kein Feld; möglich sind {', '.join(one.value for one in Part)}.")
    try:
        on = date.fromisoformat(day) if day else None
    except ValueError:
        raise Refused(f"„{day}“ ist kein Tag der Form 2026-05-01.") from None
    made = Correction(document_id, key, Part(part), value, instead_of, reason, person, on)
    if (reason_against := wrong(made)) is not None:
        raise Refused(reason_against)
    return made


def _organisation(cells: Sequence[str]) -> Organisation:
    code, name, mail, phone, url, aliases = (" ".join(cell.split()) for cell in cells)
    named = tuple(dict.fromkeys(part.strip() for part in aliases.split("|") if part.strip()))
    made = Organisation(code, name, mail, phone, url, named)
    if (reason := wrong_organisation(made)) is not None:
        raise Refused(reason)
    return made
