"""The rows of items by their words and by what conditions on them name; made once for an edition, then only read.

So a list looks at the records that meet its conditions and not at all there are. Masks have the shape (items,).
"""

from __future__ import annotations

from bisect import bisect_right
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Sequence
from functools import cache, reduce
from typing import Any

import numpy as np
from numpy.typing import NDArray

from service.record_filters import fold, is_moment, lies_within, pointer_matches, unit_matches
from vectorstore.analysis import LEAST_ROOT, Word, of_same_root
from vectorstore.catalogue import Catalogue
from vectorstore.records import Item, ItemKind, RefTitle

Mask = NDArray[np.bool_]
Rows = NDArray[np.int32]
Marks = dict[Any, Rows]
Above = Callable[[Item], Sequence[Item]]
_INSIDE = 6  # letters from which a word at the front of a longer one is no chance
_NONE: Rows = np.zeros(0, dtype=np.int32)


class WordRows:
    """The rows of texts by their words, given as the words of each text in the order of the rows."""

    def __init__(self, texts: Iterable[Iterable[Word]]) -> None:
        self._by_front: dict[str, set[str]] = defaultdict(set)
        held = [set(words) for words in texts]
        for word in set[Word]().union(*held):
            self._by_front[word.terms[1] if word.parts else word.whole].add(word.whole)
        self._rows = _grouped({word.whole: None for word in words} for words in held)
        self._sorted = sorted(self._rows)

    def rows(self, whole: str) -> Rows:
        """The rows of a word, in their order."""
        return self._rows.get(whole, _NONE)

    def with_front(self, part: str) -> Rows:
        """The rows of the words with a front; one of several of them may come twice."""
        return self._of(self._by_front.get(part, ()))

    def longer(self, whole: str) -> Rows:
        """The rows of words that begin with this one, where it is long enough."""
        return self._of(self._beginning(whole)) if len(whole) >= _INSIDE else _NONE

    def of_root(self, whole: str) -> Rows:
        """The rows of words that differ by an ending: "digital" for "Digitalisierung"."""
        begins = whole[:LEAST_ROOT]
        return self._of(word for word in of_same_root(whole) if word != begins and word.startswith(begins))

    def all(self, terms: Iterable[str]) -> Rows:
        """The rows that hold all of the words."""
        found = sorted((self.rows(term) for term in dict.fromkeys(terms)), key=len)
        return reduce(lambda one, other: np.intersect1d(one, other, assume_unique=True), found) if found else _NONE

    def _of(self, words: Iterable[str]) -> Rows:
        found = [self.rows(word) for word in words]
        return np.concatenate(found) if found else _NONE

    def _beginning(self, start: str) -> Iterator[str]:
        for place in range(bisect_right(self._sorted, start), len(self._sorted)):
            if not self._sorted[place].startswith(start):
                return
            yield self._sorted[place]


class RecordRows:
    """Looks the records of a catalogue up by their marks; `above` are the items above one."""

    def __init__(self, catalogue: Catalogue, above: Above) -> None:
        self.items = catalogue.items
        self.all_places: Mask = np.array([item.all_municipalities for item in self.items], dtype=np.bool_)
        self.by: Callable[[str], Marks] = cache(lambda name: _grouped(_MARKS[name](one, above) for one in self.items))

    def prepare(self) -> None:
        """Make all look-ups, so that no question waits for them."""
        for name in _MARKS:
            self.by(name)

    def none(self) -> Mask:
        """No record, to be marked."""
        return np.zeros(len(self.items), dtype=np.bool_)

    def marked(self, name: str, marks: Iterable[Any]) -> Mask:
        """The records with any of these marks."""
        found, rows = self.none(), self.by(name)
        for mark in marks:
            found[rows.get(mark, _NONE)] = True
        return found

    def meeting(self, name: str, asked: str) -> Mask:
        """The records whose unit, place, theme or goal is what is asked for."""
        meets = _MEETS[name]
        return self.marked(name, (one for one in self.by(name) if meets(one, asked)))

    def dated(self, since: str, until: str) -> Mask:
        """The records with a date between these; "" leaves an end open."""
        return self.marked("date", (one for one in self.by("date") if lies_within(one, since, until)))

    def below(self, document_id: str, key: str) -> Rows:
        """The rows of the items under an item at any depth, and in a theme."""
        return self.by("above").get((document_id, key), _NONE)

    def among(self, wanted: Mask, documents: Sequence[str]) -> list[Item]:
        """The marked records of these documents, document by document as they are given."""
        rows = (self.by("document").get(one, _NONE) for one in dict.fromkeys(documents))
        return [self.items[row] for some in rows for row in some[wanted[some]].tolist()]


def _grouped(marks_of: Iterable[Iterable[Any]]) -> Marks:
    """The rows of each mark, in order, given the marks of each row."""
    found: dict[Any, list[int]] = defaultdict(list)
    for row, marks in enumerate(marks_of):
        for mark in dict.fromkeys(marks):
            found[mark].append(row)
    return {mark: np.array(rows, dtype=np.int32) for mark, rows in found.items()}


def _heads(pointer: RefTitle | None, kind: ItemKind, item: Item, above: Above) -> Iterator[RefTitle]:
    """The theme or goal that a record points to, and those above it; themes and goals have their own too."""
    yield from (pointer,) if pointer is not None else ()
    yield from (RefTitle(one.ref, one.title) for one in (item, *above(item)) if one.kind is kind)


def _is_called(target: RefTitle, asked: str) -> bool:
    return pointer_matches(target, asked) or fold(f"{target.ref} {target.title}") == fold(asked)


_MARKS: dict[str, Callable[[Item, Above], Iterable[Any]]] = {
    "document": lambda item, _: (item.document_id,),
    "kind": lambda item, _: (item.kind,),
    "status": lambda item, _: (item.status,) if item.status else (),
    "unit": lambda item, _: item.responsible,
    "place": lambda item, _: item.municipalities,
    "date": lambda item, _: filter(is_moment, item.dates),
    "year": lambda item, _: (one[:4] for one in filter(is_moment, item.dates)),
    "theme": lambda item, above: _heads(item.theme, ItemKind.THEME, item, above),
    "goal": lambda item, above: _heads(item.goal, ItemKind.GOAL, item, above),
    "above": lambda item, above: ((one.document_id, one.key) for one in above(item)),
}
_MEETS: dict[str, Callable[[Any, str], bool]] = {
    "unit": unit_matches,  # in whatever words it is printed; 66.01 is 66 too
    "place": lambda place, asked: fold(place) == fold(asked),
    "theme": _is_called,  # by its number or words of its title
    "goal": _is_called,
}
