"""Questions that people may ask, written for the items that answer them: search text only, never shown as content.

An edition keeps them in a folder of its own, with a lexical index over them; an edition without questions has none.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path

from pydantic import TypeAdapter

from vectorstore.analysis import Analyzer
from vectorstore.lexical import LexicalIndex

FOLDER = "questions"
FILE = "questions.json"
STORED = f"{FOLDER}/{FILE}"
LONGEST = 300  # characters of a question
MOST = 100  # questions of an item

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
        return tuple(dict.fromkeys(one.item for one in self.all))

    @classmethod
    def build(cls, questions: Sequence[ItemQuestion], analyzer: Analyzer) -> Questions:
        """Index questions with the analysis of the edition that they are asked over."""
        texts: dict[ItemKey, list[str]] = {}
        for one in questions:
            texts.setdefault(one.item, []).extend(analyzer.terms(one.question))
        return cls(tuple(questions), LexicalIndex.build(list(texts.values())))

    def save(self, folder: Path) -> None:
        """Write them below an edition's folder; nothing where there are none."""
        if self.all:
            self.lexical.save(folder / FOLDER)
            (folder / FOLDER / FILE).write_bytes(dump_questions(self.all))

    @classmethod
    def load(cls, folder: Path) -> Questions:
        """The questions of an edition's folder; raises OSError or ValueError where they are lost in part."""
        if not (folder / FOLDER).exists():
            return cls()
        return cls(read_questions(folder), LexicalIndex.load(folder / FOLDER))


@dataclass(frozen=True, slots=True)
class Placed:
    """Questions that have an item, in the order of the items, each once; and those that have none (any more)."""

    kept: tuple[ItemQuestion, ...] = ()
    lost: tuple[ItemQuestion, ...] = ()


def place(questions: Iterable[ItemQuestion], items: Iterable[ItemKey]) -> Placed:
    """Put questions to these items."""
    order = {item: number for number, item in enumerate(items)}
    once: dict[tuple[str, str, str], ItemQuestion] = {}
    for one in questions:
        once.setdefault(one.same_as, one)
    unique = list(once.values())
    kept = sorted((one for one in unique if one.item in order), key=lambda one: order[one.item])
    return Placed(tuple(kept), tuple(one for one in unique if one.item not in order))


def with_origins(questions: Iterable[ItemQuestion], known: Iterable[ItemQuestion]) -> tuple[ItemQuestion, ...]:
    """Questions with the origin that they have in `known`; whose wording is another one there is of people."""
    origins = {(one.item, one.question): one.origin for one in known}
    return tuple(replace(one, origin=origins.get((one.item, one.question), one.origin)) for one in questions)


def check_questions(questions: Sequence[ItemQuestion], items: Iterable[ItemKey]) -> None:
    """Raise ValueError for a question without an item, one that is too long or empty, and too many of an item."""
    known = set(items)
    for one in questions:
        if one.item not in known:
            raise ValueError(f"a question for an item that there is not: {one.item}")
        if not 0 < len(one.question) <= LONGEST:
            raise ValueError(f"a question of {len(one.question)} characters: {one.item}")
    for item, count in Counter(one.item for one in questions).items():
        if count > MOST:
            raise ValueError(f"{count} questions for one item: {item}")


def read_questions(folder: Path) -> tuple[ItemQuestion, ...]:
    """The questions below an edition's folder, whatever its format; raises OSError, ValueError."""
    file = folder / FOLDER / FILE
    return _ALL.validate_json(file.read_bytes()) if file.parent.exists() else ()


def dump_questions(questions: Sequence[ItemQuestion]) -> bytes:
    """Questions as JSON, an origin only where there is one; equal ones give equal bytes."""
    return _ALL.dump_json(tuple(questions), exclude_defaults=True)


_ALL = TypeAdapter(tuple[ItemQuestion, ...])
