"""Questions that people wrote for items: they are searched, but never shown as content.

An edition has them in the folder `questions` with a lexical index; people edit them as a CSV table
`document_id;key;question`. A fourth column `origin` of earlier tables is ignored.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import NamedTuple

from pydantic import TypeAdapter

from vectorstore import csv_tables
from vectorstore.csv_tables import InvalidRow, RejectedRow, Row
from vectorstore.language import Analyzer, collapse_spaces, printable
from vectorstore.lexical import LexicalIndex
from vectorstore.records import ItemAddress
from vectorstore.storage import say

FOLDER = "questions"
FILE = "questions.json"
STORED = f"{FOLDER}/{FILE}"
# characters of a question, questions of an item
LONGEST = 300
MOST_OF_ITEM = 100
_LONGEST_SHOWN = 60  # characters of a typed name in a message
QUESTION_COLUMNS = ("document_id", "key", "question")


@dataclass(frozen=True, slots=True)
class ItemQuestion:
    """A question that the item `key` of a document answers, with single spaces."""

    document_id: str
    key: str
    question: str

    @property
    def item(self) -> ItemAddress:
        """Document id and key of the item that answers it."""
        return self.document_id, self.key

    @property
    def identity_key(self) -> tuple[str, str, str]:
        """A key that duplicates have in common: item and question, ignoring case."""
        return self.document_id, self.key, self.question.casefold()


_ALL = TypeAdapter(tuple[ItemQuestion, ...])


@dataclass(frozen=True, slots=True)
class Questions:
    """The questions of an edition, grouped by item, and a BM25 index over them with a row for each
    of `items`.

    All questions of an item are indexed as one text: the right item is first for .707 of the
    development cases, against .688 with a text for each question and the best score of an item's
    questions.
    """

    all: tuple[ItemQuestion, ...] = ()
    lexical: LexicalIndex = field(default_factory=lambda: LexicalIndex.build([]))

    @property
    def items(self) -> tuple[ItemAddress, ...]:
        """The items that have questions, in the order of the index rows."""
        return tuple(dict.fromkeys(question.item for question in self.all))

    @classmethod
    def build(cls, questions: Sequence[ItemQuestion], analyzer: Analyzer) -> Questions:
        """Index questions with the analyzer of their edition."""
        texts: dict[ItemAddress, list[str]] = {}
        for question in questions:
            texts.setdefault(question.item, []).extend(analyzer.terms(question.question))
        return cls(tuple(questions), LexicalIndex.build(list(texts.values())))

    def save(self, folder: Path) -> None:
        """Write questions and index into an edition's folder; nothing if there are none."""
        if self.all:
            self.lexical.save(folder / FOLDER)
            (folder / STORED).write_bytes(dump_questions(self.all))

    @classmethod
    def load(cls, folder: Path) -> Questions:
        """The questions and index in an edition's folder; raises OSError or ValueError for missing
        or damaged files.
        """
        if not (folder / FOLDER).exists():
            return cls()
        return cls(read_questions(folder), LexicalIndex.load(folder / FOLDER))


def read_questions(folder: Path) -> tuple[ItemQuestion, ...]:
    """The questions in the folder of an edition that has some; raises OSError, ValueError."""
    return _ALL.validate_json((folder / STORED).read_bytes())


def dump_questions(questions: Sequence[ItemQuestion]) -> bytes:
    """Questions as JSON; equal questions give equal bytes."""
    return _ALL.dump_json(tuple(questions))


class DividedQuestions(NamedTuple):
    """Distinct questions: `kept` in the order of their items, `lost` those whose item does not
    exist (any more).
    """

    kept: tuple[ItemQuestion, ...] = ()
    lost: tuple[ItemQuestion, ...] = ()


def divide_by_item(
    questions: Iterable[ItemQuestion], items: Iterable[ItemAddress]
) -> DividedQuestions:
    """The questions, divided into those whose item is among `items` and those whose item is not.

    Of equal questions for an item only the first stays.
    """
    order = {item: number for number, item in enumerate(items)}
    distinct: dict[tuple[str, str, str], ItemQuestion] = {}
    for question in questions:
        distinct.setdefault(question.identity_key, question)
    kept, lost = list[ItemQuestion](), list[ItemQuestion]()
    for question in distinct.values():
        if question.item in order:
            kept.append(question)
        else:
            lost.append(question)
    kept.sort(key=lambda question: order[question.item])
    return DividedQuestions(tuple(kept), tuple(lost))


def read_question_table(path: Path) -> list[Row[ItemQuestion] | RejectedRow]:
    """The rows of a table of questions that are not empty, in order; raises TableError."""
    return csv_tables.read_table(
        path, (*QUESTION_COLUMNS, "origin"), len(QUESTION_COLUMNS), _read_question
    )


def _read_question(cells: Sequence[str]) -> ItemQuestion:
    """The question of a row; a fourth cell is ignored.

    Raises InvalidRow if a cell is empty, or if the question is too long or has characters that
    cannot be printed.
    """
    document_id, key, question = (collapse_spaces(cell) for cell in cells[: len(QUESTION_COLUMNS)])
    values = zip(QUESTION_COLUMNS, (document_id, key, question), strict=True)
    missing = [name for name, cell in values if not cell]
    if missing:
        raise InvalidRow(say("store.fields_missing", missing=", ".join(missing)))
    if len(question) > LONGEST:
        raise InvalidRow(say("store.question_too_long", length=len(question), longest=LONGEST))
    if not question.isprintable():
        raise InvalidRow(say("store.odd_question"))
    return ItemQuestion(document_id, key, question)


class Addition(NamedTuple):
    """All questions after a table was added, its rejected rows, and its counts of new rows and of
    duplicates.
    """

    questions: tuple[ItemQuestion, ...]
    rejected: tuple[RejectedRow, ...]
    added: int
    duplicates: int


def add_questions(
    table: Iterable[Row[ItemQuestion] | RejectedRow],
    known: Sequence[ItemQuestion],
    items: Iterable[ItemAddress],
    *,
    replace: bool = False,
) -> Addition:
    """Add the rows of a table to the known questions, or with `replace` put them in their place.

    `items` are the existing items: a row is rejected if its item is not among them or already has
    `MOST_OF_ITEM` questions. A row that differs from a question only in case is a duplicate.
    """
    existing_items = set(items)
    questions_by_key = {} if replace else {question.identity_key: question for question in known}
    counts = Counter(question.item for question in questions_by_key.values())
    before = len(questions_by_key)
    rejected, duplicates = list[RejectedRow](), 0
    for row in table:
        if isinstance(row, RejectedRow):
            rejected.append(row)
            continue
        question = row.value
        if question.identity_key in questions_by_key:
            duplicates += 1
        elif question.item not in existing_items or counts[question.item] >= MOST_OF_ITEM:
            rejected.append(RejectedRow(row.line, _reason(question, existing_items)))
        else:
            questions_by_key[question.identity_key] = question
            counts[question.item] += 1
    return Addition(
        tuple(questions_by_key.values()),
        tuple(rejected),
        len(questions_by_key) - before,
        duplicates,
    )


def _reason(question: ItemQuestion, items: Collection[ItemAddress]) -> str:
    """The reason why a question is rejected.

    Its document or item does not exist, or the item has `MOST_OF_ITEM` questions.
    """
    document, key = (printable(name)[:_LONGEST_SHOWN] for name in question.item)
    if question.item in items:
        return say("store.too_many_questions", key=key, most=MOST_OF_ITEM)
    is_known = any(question.document_id == name for name, _ in items)
    reason = "store.no_entry" if is_known else "store.no_document"
    return say(reason, document_id=document, key=key)
