"""Questions that people may ask, written for the items that answer them: search text only, never shown as content.

An edition keeps them in a folder of its own, with a lexical index over them; people keep them as a table, CSV
`document_id;key;question`. A fourth column `origin` says who wrote a question; it is not read back.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import NamedTuple

from pydantic import TypeAdapter

from vectorstore import csv_tables
from vectorstore.analysis import Analyzer
from vectorstore.csv_tables import Refused, RejectedRow, Row, TableError
from vectorstore.errors import say
from vectorstore.lexical import LexicalIndex

FOLDER, FILE = "questions", "questions.json"
STORED = f"{FOLDER}/{FILE}"
LONGEST, MOST = 300, 100  # characters of a question, questions of an item
COLUMNS = ("document_id", "key", "question")
ORIGIN = "origin"
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
    once: dict[tuple[str, str, str], ItemQuestion] = {}
    for question in questions:
        once.setdefault(question.same_as, question)
    kept = sorted((one for one in once.values() if one.item in order), key=lambda one: order[one.item])
    return Placed(tuple(kept), tuple(one for one in once.values() if one.item not in order))


def with_origins(questions: Iterable[ItemQuestion], known: Iterable[ItemQuestion]) -> tuple[ItemQuestion, ...]:
    """Questions with the origin that they have in `known`; whose wording is another one there is of people."""
    origins = {(one.item, one.question): one.origin for one in known}
    return tuple(replace(one, origin=origins.get((one.item, one.question), one.origin)) for one in questions)


def read_table(path: Path) -> list[Row[ItemQuestion] | RejectedRow]:
    """Every row of a table that says something, in its order; raises TableError."""
    try:
        with path.open("rb") as file:
            content = file.read(csv_tables.MOST_BYTES + 1)
    except OSError as error:
        raise TableError(say("store.file_cannot_be_read", path=path, strerror=error.strerror)) from error
    return csv_tables.read_table(content, path, (*COLUMNS, ORIGIN), len(COLUMNS), _question)


def _question(cells: Sequence[str]) -> ItemQuestion:
    values = {name: " ".join(cell.split()) for name, cell in zip(COLUMNS, cells, strict=False)}
    question = values["question"]
    if missing := [name for name in COLUMNS if not values[name]]:
        raise Refused(say("store.fields_missing", missing=", ".join(missing)))
    if len(question) > LONGEST:
        raise Refused(say("store.question_too_long", length=len(question), longest=LONGEST))
    if not question.isprintable():
        raise Refused(say("store.odd_question"))
    return ItemQuestion(**values)


@dataclass(frozen=True, slots=True)
class Addition:
    """Questions with those that a table adds to them; `doubled` counts its rows that were there already."""

    questions: tuple[ItemQuestion, ...]
    rejected: tuple[RejectedRow, ...]
    added: int
    doubled: int


def add_rows(
    table: Iterable[Row[ItemQuestion] | RejectedRow], before: Sequence[ItemQuestion], items: Iterable[ItemKey]
) -> Addition:
    """Add the rows of a table whose item there is to the questions `before`, each once."""
    known = set(items)
    found, seen, counts = list(before), {one.same_as for one in before}, Counter(one.item for one in before)
    rejected, doubled = list[RejectedRow](), 0
    for row in table:
        if isinstance(row, RejectedRow):
            rejected.append(row)
        elif row.said.same_as in seen:
            doubled += 1
        elif reason := _reason(row.said.item, known, counts):
            rejected.append(RejectedRow(row.line, reason))
        else:
            found.append(row.said)
            seen.add(row.said.same_as)
            counts[row.said.item] += 1
    return Addition(tuple(found), tuple(rejected), len(found) - len(before), doubled)


def _reason(item: ItemKey, known: Collection[ItemKey], counts: Mapping[ItemKey, int]) -> str:
    """Why a question is not taken, "" where it is."""
    document, key = ("".join(char if char.isprintable() else "?" for char in name)[:60] for name in item)
    if item not in known:
        there = any(item[0] == name for name, _ in known)
        return (
            say("store.no_entry", document_id=document, key=key)
            if there
            else say("store.no_document", document_id=document)
        )
    return say("store.too_many_questions", key=key, most=MOST) if counts[item] >= MOST else ""
