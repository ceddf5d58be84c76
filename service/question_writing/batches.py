"""What a model is asked: some items at a time, as delimited material, and what that is expected to take."""

from __future__ import annotations

import sys
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from hashlib import sha256

from prompts import digest, filled
from service.answering.corpus import Corpus
from service.answering.verifying.proofs import first_words
from service.question_writing.material import Material, material_of
from vectorstore.records import Item

QUESTIONS = 6  # of an item
LONGEST = 200  # characters of a question
ITEMS, CHARACTERS = 8, 16_000  # of a request at most; a single item is shown however long its headings are
_LONGEST_TEXT = 6_000  # characters of an item's own text that are shown
_PROMPTS = ("de/model/questions_instruction", "de/model/questions_items")
_TOKEN = 3.5  # characters of German that one token holds
_LINE = 90  # characters of a question as people ask it, with its token


@dataclass(frozen=True, slots=True)
class Batch:
    """Items by their tokens, and the messages that ask for questions about them."""

    material: Material
    instruction: str
    asked: str


@dataclass(frozen=True, slots=True)
class Tokens:
    """How many tokens a model reads and writes."""

    read: int = 0
    written: int = 0

    def plus(self, read: int, written: int) -> Tokens:
        """These and so many more."""
        return Tokens(self.read + read, self.written + written)

    def cost(self, price_read: float, price_written: float) -> float:
        """What they cost at these prices per million."""
        return (self.read * price_read + self.written * price_written) / 1_000_000


def has_text(item: Item) -> bool:
    """False for an empty heading: it answers nothing itself."""
    return any(part and part.strip() for part in (item.body, item.table_row, *(one.text for one in item.fields)))


def origin_of(item: Item, model: str) -> str:
    """Who writes about what: equal for the same model, prompts and text of an item, whatever its paper is called."""
    fields = [part for one in item.fields for part in (one.label, one.text)]
    said = "\0".join((item.heading, item.title, *item.path, item.body, item.table_row or "", *fields))
    return f"{model} {digest(*_PROMPTS)} sha256:{sha256(said.encode()).hexdigest()[:16]}"


def batches(items: Iterable[Item], corpus: Corpus) -> list[Batch]:
    """All items that say something, in their order, as few requests as fit."""
    return [_batch(group) for group in _groups(items, corpus)]


def estimate(asked: Sequence[Batch]) -> Tokens:
    """About how many tokens these requests take."""
    total = Tokens()
    for one in asked:
        characters = len(one.material.items) * QUESTIONS * _LINE
        total = total.plus(int(len(one.instruction + one.asked) / _TOKEN), int(characters / _TOKEN))
    return total


def _groups(items: Iterable[Item], corpus: Corpus) -> Iterator[list[Material]]:
    group: list[Material] = []
    for item in items:
        shown = material_of([_shown(item)], corpus, sys.maxsize)
        one = Material(dict.fromkeys(shown.items, item), shown.text)
        if group and not _fits(one, group):
            yield group
            group = []
        group.append(one)
    if group:
        yield group


def _fits(one: Material, group: Sequence[Material]) -> bool:
    """True where a request may hold one more; a token stands for one item of it."""
    characters = sum(len(other.text) for other in group) + len(one.text)
    doubled = any(one.items.keys() & other.items.keys() for other in group)
    return len(group) < ITEMS and characters <= CHARACTERS and not doubled


def _batch(group: Sequence[Material]) -> Batch:
    items = {token: item for one in group for token, item in one.items.items()}
    text = "\n\n".join(one.text for one in group)
    instruction = filled(_PROMPTS[0], anzahl=str(QUESTIONS), zeichen=str(LONGEST))
    return Batch(Material(items, text), instruction, filled(_PROMPTS[1], eintraege=text, anzahl=str(QUESTIONS)))


def _shown(item: Item) -> Item:
    """An item as it is shown: the beginning of a long text, and of a row of a table that row."""
    if len(item.body) > _LONGEST_TEXT:
        return replace(item, body=first_words(item.body, _LONGEST_TEXT), fields=())
    return item if item.body.strip() else replace(item, body=item.table_row or "")
