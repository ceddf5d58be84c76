"""Questions for items as a table that people keep: CSV `document_id;key;question`.

A fourth column `origin` tells who wrote a question; it is for people and not read back.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

from vectorstore import csv_tables
from vectorstore.csv_tables import Refused, RejectedRow, Row, TableError
from vectorstore.questions import LONGEST, MOST, ItemKey, ItemQuestion

COLUMNS = ("document_id", "key", "question")
ORIGIN = "origin"


@dataclass(frozen=True, slots=True)
class Joined:
    """What was there and what a table adds to it; `doubled` counts its rows that are said already."""

    questions: tuple[ItemQuestion, ...]
    rejected: tuple[RejectedRow, ...]
    added: int
    doubled: int


def read_table(path: Path) -> list[Row[ItemQuestion] | RejectedRow]:
    """Every row of a table that says something, in its order; raises TableError."""
    try:
        with path.open("rb") as file:
            content = file.read(csv_tables.MOST_BYTES + 1)
    except OSError as error:
        raise TableError(f"{path}: Die Datei ist nicht lesbar ({error.strerror}).") from error
    return csv_tables.read_table(content, path, (*COLUMNS, ORIGIN), len(COLUMNS), _question)


def joined(
    table: Iterable[Row[ItemQuestion] | RejectedRow], before: Sequence[ItemQuestion], items: Iterable[ItemKey]
) -> Joined:
    """Add the rows of a table whose item there is to the questions `before`, each once."""
    known = set(items)
    documents = {document for document, _ in known}
    found, seen = list(before), {one.same_as for one in before}
    counts = Counter(one.item for one in before)
    rejected, doubled = [], 0
    for row in table:
        if isinstance(row, RejectedRow):
            rejected.append(row)
        elif reason := _wrong(row.said, known, documents):
            rejected.append(RejectedRow(row.line, reason))
        elif row.said.same_as in seen:
            doubled += 1
        elif counts[row.said.item] >= MOST:
            rejected.append(RejectedRow(row.line, f"„{row.said.key}“ hat schon {MOST} Fragen, mehr gehen nicht."))
        else:
            found.append(row.said)
            seen.add(row.said.same_as)
            counts[row.said.item] += 1
    return Joined(tuple(found), tuple(rejected), len(found) - len(before), doubled)


def _question(cells: Sequence[str]) -> ItemQuestion:
    said = {name: " ".join(cell.split()) for name, cell in zip(COLUMNS, cells, strict=False)}
    if missing := [name for name in COLUMNS if not said[name]]:
        raise Refused(f"Es fehlt: {', '.join(missing)}.")
    question = said["question"]
    if len(question) > LONGEST:
        raise Refused(f"Die Frage hat {len(question)} Zeichen, erlaubt sind {LONGEST}.")
    if not question.isprintable():
        raise Refused("Die Frage enthält Steuerzeichen.")
    return ItemQuestion(**said)


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
