"""Questions that people may ask, written for the items that answer them: search text only, never shown as content.

An edition keeps them in a folder of its own, with a lexical index over them; people keep them as a table, CSV
`document_id;key;question`. A fourth column `origin` says who wrote a question; it is not read back.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import NamedTuple

from pydantic import TypeAdapter

from vectorstore import csv_tables
from vectorstore.analysis import Analyzer
from vectorstore.csv_tables import Refused, RejectedRow, Row
from vectorstore.errors import say
from vectorstore.lexical import LexicalIndex

FOLDER, FILE = "questions", "questions.json"
STORED = f"{FOLDER}/{FILE}"
LONGEST, MOST = 300, 100  # characters of a question, questions of an item
COLUMNS = ("document_id", "key", "question")
ItemKey = tuple[str, str]


@dataclass(frozen=True, slots=True)
class ItemQuestion:
    """A question for the item `key` of a document, white space made equal.

    `origin` is "" for questions of people, else who wrote it: model, digest of its prompts, digest of the item's text.
    """

    document_id: str
    key: str
    question: str
    origin: str = ""

    @property
    def item(self) -> ItemKey:
        """The item that answers it: document and key."""
        return self.document_id, self.key

    @property
    def same_as(self) -> tuple[str, str, str]:
        """Equal for questions that are kept once: case counts for nothing."""
        return self.document_id, self.key, self.question.casefold()


_ALL = TypeAdapter(tuple[ItemQuestion, ...])


@dataclass(frozen=True, slots=True)
class Questions:
    """The questions of an edition, those of an item side by side, and BM25 over them: a row for each of `items`.

    All questions of an item are one text: the right item is first for .707 of the development cases, for .688 where
    each is a text of its own and the best one counts.
    """

    all: tuple[ItemQuestion, ...] = ()
    lexical: LexicalIndex = field(default_factory=lambda: LexicalIndex.build([]))

    @property
    def items(self) -> tuple[ItemKey, ...]:
        """The items that have questions, in their order."""
        return tuple(dict.fromkeys(question.item for question in self.all))

    @classmethod
    def build(cls, questions: Sequence[ItemQuestion], analyzer: Analyzer) -> Questions:
        """Index questions with the analysis of the edition that they are asked over."""
        texts: dict[ItemKey, list[str]] = {}
        for question in questions:
            texts.setdefault(question.item, []).extend(analyzer.terms(question.question))
        return cls(tuple(questions), LexicalIndex.build(list(texts.values())))

    def save(self, folder: Path) -> None:
        """Write them below an edition's folder; nothing where there are none."""
        if self.all:
            self.lexical.save(folder / FOLDER)
            (folder / STORED).write_bytes(dump_questions(self.all))

    @classmethod
    def load(cls, folder: Path) -> Questions:
        """The questions of an edition's folder; raises OSError or ValueError where they are lost in part."""
        if not (folder / FOLDER).exists():
            return cls()
        return cls(read_questions(folder), LexicalIndex.load(folder / FOLDER))


def read_questions(folder: Path) -> tuple[ItemQuestion, ...]:
    """The questions below an edition's folder; raises OSError, ValueError."""
    return _ALL.validate_json((folder / STORED).read_bytes()) if (folder / FOLDER).exists() else ()


def dump_questions(questions: Sequence[ItemQuestion]) -> bytes:
    """Questions as JSON, an origin only where there is one; equal ones give equal bytes."""
    return _ALL.dump_json(tuple(questions), exclude_defaults=True)


class Placed(NamedTuple):
    """Questions that have an item, in the order of the items, each once; and those that have none (any more)."""

    kept: tuple[ItemQuestion, ...] = ()
    lost: tuple[ItemQuestion, ...] = ()


def place(questions: Iterable[ItemQuestion], items: Iterable[ItemKey]) -> Placed:
    """Put questions to these items."""
    order = {item: number for number, item in enumerate(items)}
    distinct = {question.same_as: question for question in reversed(tuple(questions))}
    result = tuple(distinct.values())[::-1]
    retained = sorted((question for question in result if question.item in order), key=lambda each: order[each.item])
    return Placed(tuple(retained), tuple(question for question in result if question.item not in order))


def read_table(path: Path) -> list[Row[ItemQuestion] | RejectedRow]:
    """Every row of a table that says something, in its order; raises TableError."""
    return csv_tables.read_table(path, (*COLUMNS, "origin"), len(COLUMNS), _read_question)


def _read_question(cells: Sequence[str]) -> ItemQuestion:
    document_id, key, question = (" ".join(cell.split()) for cell in cells[: len(COLUMNS)])
    if missing := [name for name, cell in zip(COLUMNS, (document_id, key, question), strict=True) if not cell]:
        raise Refused(say("store.fields_missing", missing=", ".join(missing)))
    if len(question) > LONGEST:
        raise Refused(say("store.question_too_long", length=len(question), longest=LONGEST))
    if not question.isprintable():
        raise Refused(say("store.odd_question"))
    return ItemQuestion(document_id, key, question)


class Addition(NamedTuple):
    """Questions with those that a table adds to them; `doubled` counts its rows that were there already."""

    questions: tuple[ItemQuestion, ...]
    rejected: tuple[RejectedRow, ...]
    added: int
    doubled: int


def add_rows(
    table: Iterable[Row[ItemQuestion] | RejectedRow],
    known: Sequence[ItemQuestion],
    items: Iterable[ItemKey],
    *,
    replace: bool = False,
) -> Addition:
    """Add the rows of a table whose item there is to the known questions, or put them in their place.

    A known question stays whose it is.
    """
    most = dict.fromkeys(items, MOST)
    results = {} if replace else {question.same_as: question for question in known}
    owned = {(question.item, question.question): question for question in known}
    counts, before, rejected, doubled = Counter(each.item for each in results.values()), len(results), [], 0
    for row in table:
        if isinstance(row, RejectedRow):
            rejected.append(row)
        elif row.said.same_as in results:
            doubled += 1
        elif counts[row.said.item] >= most.get(row.said.item, 0):
            rejected.append(RejectedRow(row.line, _reason(row.said, most)))
        else:
            results[row.said.same_as] = owned.get((row.said.item, row.said.question), row.said)
            counts[row.said.item] += 1
    return Addition(tuple(results.values()), tuple(rejected), len(results) - before, doubled)


def _reason(question: ItemQuestion, items: Iterable[ItemKey]) -> str:
    """Why a question is not taken: its document or its item is not there, or has enough."""
    document, key = ("".join(char if char.isprintable() else "?" for char in name)[:60] for name in question.item)
    if question.item in items:
        return say("store.too_many_questions", key=key, most=MOST)
    is_known = any(question.document_id == name for name, _ in items)
    return say("store.no_entry" if is_known else "store.no_document", document_id=document, key=key)
