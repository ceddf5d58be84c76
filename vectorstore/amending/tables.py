"""Corrections and organisations as tables, and the one that is kept: what units are called, `organisations.csv`."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from vectorstore.amending.form import Correction, Organisation, Part, wrong, wrong_organisation
from vectorstore.csv_tables import Refused, RejectedRow, Row, TableError, read_table
from vectorstore.kept_texts import Texts

CORRECTION_COLUMNS = ("document_id", "key", "field", "value", "instead_of", "reason", "person", "date")
ORGANISATION_COLUMNS = ("code", "name", "contact_email", "phone", "url", "aliases")
ORGANISATIONS = "organisations.csv"


def corrections_in(content: bytes | None, name: str) -> tuple[list[Correction], list[RejectedRow]]:
    """The corrections of a table that is called `name`, and its rejected rows; none of no table. Raises TableError."""
    rows = read_table(content, name, CORRECTION_COLUMNS, 6, _correction) if content is not None else []
    return [row.said for row in rows if isinstance(row, Row)], [row for row in rows if isinstance(row, RejectedRow)]


@dataclass(frozen=True, slots=True)
class Loaded:
    """What stands in the kept table, and its rows that say nothing usable, as sentences."""

    organisations: tuple[Organisation, ...] = ()
    rejected: tuple[str, ...] = ()


def kept_organisations(texts: Texts) -> Loaded:
    """Everything that the kept table says, of one code the first, nothing where there is none.

    Raises TableError, StoreAway.
    """
    try:
        content = texts.get(ORGANISATIONS)
    except OSError as error:
        raise TableError(f"{ORGANISATIONS} ist nicht zu lesen ({error.strerror}).") from error
    rows = read_table(content, ORGANISATIONS, ORGANISATION_COLUMNS, 2, _organisation) if content is not None else []
    by_code = {row.said.code: row.said for row in reversed(rows) if isinstance(row, Row)}
    rejected = (f"{ORGANISATIONS}, {row}" for row in rows if isinstance(row, RejectedRow))
    return Loaded(tuple(sorted(by_code.values(), key=lambda one: one.code)), tuple(rejected))


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
