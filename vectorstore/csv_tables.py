"""Reading tables that people edit with a spreadsheet program: CSV with semicolons and a header row,
in UTF-8 or in Windows-1252, in which a German Excel writes.

An invalid row is rejected with its line number and a reason; a file in another format is rejected
as a whole.
"""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Generic, TypeVar

from vectorstore.storage import StoreError, say

MOST_BYTES = 50_000_000  # of a table
_UTF8_LETTER = re.compile(rb"\xc3[\x80-\xbf]")  # "ä" to "ß" and the like
Made = TypeVar("Made", covariant=True)


class TableError(StoreError):
    """A file cannot be read as a table; the message is one sentence for people."""


class InvalidRow(Exception):
    """A row is invalid; the message is a sentence for people."""


@dataclass(frozen=True, slots=True)
class Row(Generic[Made]):
    """The value `value` that was made of a row, and the line on which the row begins, from 1."""

    line: int
    value: Made


@dataclass(frozen=True, slots=True)
class RejectedRow:
    """An invalid row: the line on which it begins, from 1, and the reason as a sentence."""

    line: int
    reason: str

    def __str__(self) -> str:
        return f"Zeile {self.line}: {self.reason}"


def read_table(
    path: Path, columns: Sequence[str], least: int, make: Callable[[Sequence[str]], Made]
) -> list[Row[Made] | RejectedRow]:
    """The rows of the table in a file that are not empty, each made into a value or rejected.

    `columns` are the names in the head, of which a table must have the first `least`. `make` makes
    the value of a row from its cells, as in `parse_table`. Raises TableError for a file that cannot
    be read or has another form.
    """
    try:
        with path.open("rb") as file:
            content = file.read(MOST_BYTES + 1)  # the one more shows that it is too large
    except OSError as error:
        raise TableError(
            say("store.file_cannot_be_read", path=path, strerror=error.strerror)
        ) from error
    return parse_table(content, path, columns, least, make)


def parse_table(
    content: bytes,
    name: object,
    columns: Sequence[str],
    least: int,
    make: Callable[[Sequence[str]], Made],
) -> list[Row[Made] | RejectedRow]:
    """The rows of a table that are not empty, in order, each made into a value or rejected.

    A row has at least the first `least` of the `columns`. `make` gets the stripped text of every
    column, "" for a column that is left out, and raises InvalidRow for an invalid row. Raises
    TableError, with the table's `name`, for what is too large, no table, or has another head.
    """
    if len(content) > MOST_BYTES:
        raise TableError(
            say("store.table_too_large", name=name, most_bytes=MOST_BYTES // 1_000_000)
        )
    lines = _lines(content, name)
    head = [cell.strip().casefold() for cell in lines[0][1]] if lines else []
    if len(head) < least or head != list(columns[: len(head)]):
        raise TableError(say("store.no_head", name=name, columns=";".join(columns)))
    results = list[Row[Made] | RejectedRow]()
    for line, cells in lines[1:]:
        # ' keeps spreadsheets from running formulas
        texts = [cell.strip().removeprefix("'") for cell in cells]
        try:
            if not least <= len(cells) <= len(columns):
                raise InvalidRow(say("store.other_columns", number=len(cells), least=least))
            results.append(Row(line, make(texts + [""] * (len(columns) - len(texts)))))
        except InvalidRow as refused:
            results.append(RejectedRow(line, str(refused)))
    return results


def _lines(content: bytes, name: object) -> list[tuple[int, list[str]]]:
    """The rows of a table that are not empty, each as (line on which it begins, cells).

    Lines are counted by the reader, as a cell in quotes may have several lines. Raises TableError,
    with the `name` of the table, for what is no text or no table.
    """
    try:
        text = _decode(content)
    except UnicodeDecodeError as error:
        line = content[: error.start].count(b"\n") + 1
        raise TableError(say("store.not_utf8", name=name, line=line)) from error
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=";", strict=True)
    results, line = [], 1
    try:
        for cells in reader:
            if any(cell.strip() for cell in cells):
                results.append((line, cells))
            line = reader.line_num + 1
    except csv.Error as error:
        raise TableError(say("store.no_table", name=name, line=line, error=error)) from error
    return results


def _decode(content: bytes) -> str:
    """The text of a table; raises UnicodeDecodeError for what is neither UTF-8 nor Windows-1252.

    A file with some letters in UTF-8 is damaged UTF-8, in which all of these would be wrong.
    """
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError:
        if _UTF8_LETTER.search(content):
            raise
        return content.decode("cp1252")
