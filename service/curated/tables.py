"""Curated answers as a table that people keep: CSV with semicolons, wordings and citations divided by " | ".

`id` names an answer that is there; empty for a new one. A wrong row costs only itself and is told with its line.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from service.csv_export import BOM, cell
from service.curated.models import LANGUAGE, Version
from service.curated.typed import Typed

COLUMNS = ("id", "question", "wordings", "text", "citations", "owner", "valid_until", "language")
MOST_BYTES = 20_000_000
MOST_NAME = 40
_DIVIDED = " | "
_RESERVED = "new"  # the address of the form


class TableError(ValueError):
    """A file cannot be read as a table of curated answers; the message is one sentence for people."""


@dataclass(frozen=True, slots=True)
class Row:
    """An answer of a table as typed, its name there, and the line on which it begins, counted from 1."""

    line: int
    entry: str
    typed: Typed


@dataclass(frozen=True, slots=True)
class RejectedLine:
    """A line of a table that is not taken, and why, as a sentence."""

    line: int
    reason: str

    def __str__(self) -> str:
        return f"Zeile {self.line}: {self.reason}"


def table(versions: Iterable[Version]) -> str:
    """The answers that are not removed as CSV, in UTF-8 with BOM."""
    out = io.StringIO()
    writer = csv.writer(out, delimiter=";", lineterminator="\r\n")
    writer.writerow(COLUMNS)
    for one in versions:
        if not one.removed:
            writer.writerow([cell(value) for value in _cells(one)])
    return BOM + out.getvalue()


def read_table(path: Path) -> list[Row | RejectedLine]:
    """Every row of a file that says something, in its order; raises TableError."""
    try:
        if path.stat().st_size > MOST_BYTES:
            raise TableError(f"{path}: Die Datei ist größer als {MOST_BYTES // 1_000_000} MB.")
        return rows_of(path.read_bytes().decode("utf-8-sig"), str(path))
    except UnicodeDecodeError:
        raise TableError(f"{path}: Die Datei ist nicht in UTF-8 geschrieben.") from None
    except OSError as error:
        raise TableError(f"{path}: Die Datei ist nicht lesbar ({error.strerror}).") from None


def rows_of(text: str, name: str) -> list[Row | RejectedLine]:
    """Every row of a table that says something; `name` is what the table is called in an error. Raises TableError."""
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=";", strict=True)
    found: list[Row | RejectedLine] = []
    line = 1
    try:
        header = [one.strip().casefold() for one in next(reader, [])]
        if header != list(COLUMNS):
            raise TableError(f"{name}, Zeile 1: Hier fehlt die Kopfzeile „{';'.join(COLUMNS)}“.")
        line = reader.line_num + 1
        for cells in reader:
            if any(one.strip() for one in cells):
                found.append(_row(cells, line))
            line = reader.line_num + 1
    except csv.Error as error:
        raise TableError(f"{name}, Zeile {line}: Hier ist die Tabelle nicht zu lesen ({error}).") from None
    return found


def _row(cells: list[str], line: int) -> Row | RejectedLine:
    if len(cells) != len(COLUMNS):
        return RejectedLine(line, f"Hier stehen {len(cells)} Spalten statt {len(COLUMNS)}.")
    # an apostrophe keeps spreadsheets from taking a cell for a formula, as the export writes it
    said = dict(zip(COLUMNS, (one.strip().removeprefix("'") for one in cells), strict=True))
    entry = said.pop("id")
    if len(entry) > MOST_NAME or not entry.isascii() or (entry and not entry.isalnum()) or entry == _RESERVED:
        return RejectedLine(line, "Die Kennung (id) hat bis zu 40 Buchstaben und Ziffern; leer für eine neue Antwort.")
    for name in ("wordings", "citations"):
        said[name] = "\n".join(said[name].split(_DIVIDED.strip()))
    return Row(line, entry, Typed(**{**said, "language": said["language"] or LANGUAGE}))


def _cells(one: Version) -> list[str]:
    answer = one.answer
    cited = _DIVIDED.join(map(";".join, answer.citations))
    return [
        one.entry, answer.question, _DIVIDED.join(answer.wordings), answer.text, cited, answer.owner,
        answer.valid_until.isoformat(), answer.language,
    ]  # fmt: skip
