"""Corrections and organisations as tables that people keep: CSV in UTF-8 with semicolons and a header.

A wrong row costs only itself and is told with its line; a file that is no such table is refused as a whole.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import TypeVar

from vectorstore.amending.form import Correction, Organisation, Part, wrong, wrong_organisation
from vectorstore.errors import StoreError
from vectorstore.question_tables import RejectedRow

CORRECTION_COLUMNS = ("document_id", "key", "field", "value", "instead_of", "reason", "person", "date")
ORGANISATION_COLUMNS = ("code", "name", "contact_email", "phone", "url", "aliases")
MOST_BYTES = 20_000_000
_TOO_LARGE = f"Die Datei ist größer als {MOST_BYTES // 1_000_000} MB."
_ALIAS = " | "
_FORMULA = ("=", "+", "-", "@", "'")
Made = TypeVar("Made", Correction, Organisation)


class TableError(StoreError):
    """A file cannot be read as such a table; the message is one sentence for people."""


@dataclass(frozen=True, slots=True)
class Refused(Exception):
    """A row is no correction or organisation; the reason is a sentence."""

    reason: str


def content_of(path: Path) -> bytes:
    """The bytes of a file that may be such a table; raises TableError."""
    try:
        if path.stat().st_size > MOST_BYTES:
            raise TableError(f"{path}: {_TOO_LARGE}")
        return path.read_bytes()
    except OSError as error:
        raise TableError(f"{path}: Die Datei ist nicht lesbar ({error.strerror}).") from error


def corrections_in(content: bytes | None, name: str) -> tuple[list[Correction], list[RejectedRow]]:
    """The corrections of a table that is called `name` and its rejected rows; none of no table. Raises TableError."""
    return _read(content, name, CORRECTION_COLUMNS, _correction, 6)


def organisations_in(content: bytes | None, name: str) -> tuple[list[Organisation], list[RejectedRow]]:
    """The organisations of a table that is called `name`, its rejected rows; none of no table. Raises TableError."""
    found, rejected = _read(content, name, ORGANISATION_COLUMNS, _organisation, 2)
    by_code = {one.code: one for one in reversed(found)}
    return [one for one in found if by_code[one.code] is one], rejected


def organisations_table(organisations: Iterable[Organisation]) -> str:
    """Organisations as the text of a table, in the given order."""
    rows = (
        (one.code, one.name, one.contact_email, one.phone, one.url, _ALIAS.join(one.aliases)) for one in organisations
    )
    return _table(ORGANISATION_COLUMNS, rows)


def _table(columns: Sequence[str], rows: Iterable[Sequence[object]]) -> str:
    out = io.StringIO()
    writer = csv.writer(out, delimiter=";", lineterminator="\r\n")
    writer.writerow(columns)
    writer.writerows([_cell(str(value)) for value in row] for row in rows)
    return "\ufeff" + out.getvalue()


def _cell(text: str) -> str:
    """A cell that no spreadsheet takes for a formula; `_said` takes the apostrophe off again."""
    return f"'{text}" if text.startswith(_FORMULA) else text


def _said(cell: str) -> str:
    return cell.strip().removeprefix("'")


def _read(
    content: bytes | None, name: str, columns: Sequence[str], make: Callable[[Sequence[str]], Made], least: int
) -> tuple[list[Made], list[RejectedRow]]:
    found: list[Made] = []
    rejected = []
    for line, cells in _rows(content, name, columns, least) if content is not None else ():
        try:
            if len(cells) > len(columns):
                raise Refused(f"Hier stehen {len(cells)} Spalten statt {len(columns)}.")
            said = [_said(cell) for cell in cells] + [""] * (len(columns) - len(cells))
            found.append(make(said))
        except Refused as refused:
            rejected.append(RejectedRow(line, refused.reason))
    return found, rejected


def _rows(content: bytes, name: str, columns: Sequence[str], least: int) -> list[tuple[int, list[str]]]:
    """The rows behind the header with the lines on which they begin; the last columns may be left out."""
    if len(content) > MOST_BYTES:
        raise TableError(f"{name}: {_TOO_LARGE}")
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise TableError(f"{name}: Die Datei ist nicht in UTF-8 geschrieben.") from error
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=";", strict=True)
    rows, line = list[tuple[int, list[str]]](), 1
    try:
        for cells in reader:
            if any(cell.strip() for cell in cells):
                rows.append((line, cells))
            line = reader.line_num + 1
    except csv.Error as error:
        raise TableError(f"{name}, Zeile {line}: Hier ist die Tabelle nicht zu lesen ({error}).") from error
    head = tuple(cell.strip().casefold() for cell in rows[0][1]) if rows else tuple(columns)
    if len(head) < least or head != tuple(columns[: len(head)]):
        raise TableError(f"{name}, Zeile 1: Hier fehlt die Kopfzeile „{';'.join(columns)}“.")
    return rows[1:]


def _correction(cells: Sequence[str]) -> Correction:
    document_id, key, part, value, instead_of, reason, person, day = cells
    if part not in {one.value for one in Part}:
        raise Refused(f"„{part}“ ist kein Feld; möglich sind {', '.join(one.value for one in Part)}.")
    made = Correction(document_id, key, Part(part), value, instead_of, reason, person, _day(day))
    if (reason_against := wrong(made)) is not None:
        raise Refused(reason_against)
    return made


def _day(text: str) -> date | None:
    try:
        return date.fromisoformat(text) if text else None
    except ValueError:
        raise Refused(f"„{text}“ ist kein Tag der Form 2026-05-01.") from None


def _organisation(cells: Sequence[str]) -> Organisation:
    code, name, mail, phone, url, aliases = (" ".join(cell.split()) for cell in cells)
    named = tuple(dict.fromkeys(part.strip() for part in aliases.split("|") if part.strip()))
    made = Organisation(code, name, mail, phone, url, named)
    if (reason := wrong_organisation(made)) is not None:
        raise Refused(reason)
    return made
