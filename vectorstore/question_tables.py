"""Questions for items as a table that people keep: CSV `document_id;key;question`, or three columns with tabs.

A fourth column `origin` tells who wrote a question; it is for people and not read back.
A wrong row costs only itself and is told with its line; a file that is no such table is refused as a whole.
"""

from __future__ import annotations

import csv
import io
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from vectorstore.questions import LONGEST, MOST, ItemKey, ItemQuestion

COLUMNS = ("document_id", "key", "question")
ORIGIN = "origin"
MOST_BYTES = 50_000_000


class QuestionsError(ValueError):
    """A file cannot be read as a table of questions; the message is one sentence for people."""


@dataclass(frozen=True, slots=True)
class Row:
    """A question with the line of the table on which it begins, counted from 1."""

    line: int
    question: ItemQuestion


@dataclass(frozen=True, slots=True)
class RejectedRow:
    """A line of a table that is not taken, and why, as a sentence."""

    line: int
    reason: str

    def __str__(self) -> str:
        return f"Zeile {self.line}: {self.reason}"


@dataclass(frozen=True, slots=True)
class Joined:
    """What was there and what a table adds to it; `doubled` counts its rows that are said already."""

    questions: tuple[ItemQuestion, ...]
    rejected: tuple[RejectedRow, ...]
    added: int
    doubled: int


def read_table(path: Path) -> list[Row | RejectedRow]:
    """Every row of a table that says something, in its order; raises QuestionsError."""
    text = _decoded(path)
    first, _, rest = text.partition("\n")
    header = tuple(name.strip().casefold() for name in first.split(";"))
    if header in (COLUMNS, (*COLUMNS, ORIGIN)):
        return list(_rows(rest, 2, path, len(header), delimiter=";", strict=True))
    if first.count("\t") == len(COLUMNS) - 1:
        return list(_rows(text, 1, path, len(COLUMNS), delimiter="\t", quoting=csv.QUOTE_NONE))
    raise QuestionsError(
        f"{path}, Zeile 1: Hier fehlt die Kopfzeile „{';'.join(COLUMNS)}“, ohne sie drei Spalten mit Tabulatoren."
    )


def joined(table: Iterable[Row | RejectedRow], before: Sequence[ItemQuestion], items: Iterable[ItemKey]) -> Joined:
    """Add the rows of a table whose item there is to the questions `before`, each once."""
    known = set(items)
    documents = {document for document, _ in known}
    found, seen = list(before), {one.same_as for one in before}
    counts = Counter(one.item for one in before)
    rejected, doubled = [], 0
    for row in table:
        if isinstance(row, RejectedRow):
            rejected.append(row)
        elif reason := _wrong(row.question, known, documents):
            rejected.append(RejectedRow(row.line, reason))
        elif row.question.same_as in seen:
            doubled += 1
        elif counts[row.question.item] >= MOST:
            rejected.append(RejectedRow(row.line, f"„{row.question.key}“ hat schon {MOST} Fragen, mehr gehen nicht."))
        else:
            found.append(row.question)
            seen.add(row.question.same_as)
            counts[row.question.item] += 1
    return Joined(tuple(found), tuple(rejected), len(found) - len(before), doubled)


def _decoded(path: Path) -> str:
    try:
        if path.stat().st_size > MOST_BYTES:
            raise QuestionsError(f"{path}: Die Datei ist größer als {MOST_BYTES // 1_000_000} MB.")
        return path.read_bytes().decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = error.object[: error.start].count(b"\n") + 1
        raise QuestionsError(f"{path}, Zeile {line}: Die Datei ist nicht in UTF-8 geschrieben.") from error
    except OSError as error:
        raise QuestionsError(f"{path}: Die Datei ist nicht lesbar ({error.strerror}).") from error


def _rows(text: str, first: int, path: Path, most: int, **form: object) -> Iterator[Row | RejectedRow]:
    reader = csv.reader(io.StringIO(text, newline=""), **form)  # type: ignore[arg-type]
    line = first
    try:
        for cells in reader:
            if any(cell.strip() for cell in cells):
                yield _row(cells, line, most)
            line = first + reader.line_num
    except csv.Error as error:
        raise QuestionsError(f"{path}, Zeile {line}: Hier ist die Tabelle nicht zu lesen ({error}).") from error


def _row(cells: Sequence[str], line: int, most: int) -> Row | RejectedRow:
    if not len(COLUMNS) <= len(cells) <= most:
        return RejectedRow(line, f"Hier stehen {len(cells)} Spalten statt {len(COLUMNS)}.")
    # an apostrophe keeps spreadsheets from taking a cell for a formula, as the export writes it
    document_id, key, question = (" ".join(cell.split()).removeprefix("'") for cell in cells[: len(COLUMNS)])
    if not (document_id and key and question):
        missing = ", ".join(name for name, said in zip(COLUMNS, (document_id, key, question), strict=True) if not said)
        return RejectedRow(line, f"Es fehlt: {missing}.")
    if len(question) > LONGEST:
        return RejectedRow(line, f"Die Frage hat {len(question)} Zeichen, erlaubt sind {LONGEST}.")
    if not question.isprintable():
        return RejectedRow(line, "Die Frage enthält Steuerzeichen.")
    return Row(line, ItemQuestion(document_id, key, question))


def _wrong(question: ItemQuestion, known: set[ItemKey], documents: set[str]) -> str | None:
    if question.document_id not in documents:
        return f"Ein Dokument „{_short(question.document_id)}“ gibt es nicht."
    if question.item not in known:
        return f"Im Dokument „{question.document_id}“ gibt es keinen Eintrag „{_short(question.key)}“."
    return None


def _short(name: str) -> str:
    """A name as it may be printed."""
    shown = "".join(char if char.isprintable() else "?" for char in name)
    return shown if len(shown) <= 60 else f"{shown[:59]}…"
