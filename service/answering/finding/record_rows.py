"""The rows of records by what conditions on them name: kind, status, unit, place, theme, goal, time, and what is below.

Made once for an edition when it is first asked for, so that a list looks at the records that meet its conditions and
not at all there are. Masks have the shape (items,); nobody writes to what is handed out.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Sequence
from functools import cache, cached_property
from typing import Any

import numpy as np
from numpy.typing import NDArray

from service.record_filters import fold, is_moment, lies_within, pointer_matches, unit_matches
from vectorstore.catalogue import Catalogue
from vectorstore.records import Item, ItemKind, RefTitle

Mask = NDArray[np.bool_]
Rows = NDArray[np.int32]
Marks = dict[Any, Rows]
_NONE: Rows = np.zeros(0, dtype=np.int32)
_HEADS = {"theme": ItemKind.THEME, "goal": ItemKind.GOAL}
_MARKS: dict[str, Callable[[Item], Iterable[Any]]] = {
    "document": lambda item: (item.document_id,),
    "kind": lambda item: (item.kind,),
    "status": lambda item: (item.status,) if item.status else (),
    "unit": lambda item: item.responsible,
    "place": lambda item: item.municipalities,
    "date": lambda item: filter(is_moment, item.dates),
    "year": lambda item: (one[:4] for one in filter(is_moment, item.dates)),
}


def _is_called(target: RefTitle, asked: str) -> bool:
    return pointer_matches(target, asked) or fold(f"{target.ref} {target.title}") == fold(asked)


_MEETS: dict[str, Callable[[Any, str], bool]] = {
    "unit": unit_matches,  # in whatever words it is printed; 66.01 is 66 too
    "place": lambda place, asked: fold(place) == fold(asked),
    "theme": _is_called,  # by its number or words of its title
    "goal": _is_called,
}


class RecordRows:
    """Looks the records of a catalogue up; `above` are the items above one. Read-only, shared between requests."""

    def __init__(self, catalogue: Catalogue, above: Callable[[Item], Sequence[Item]]) -> None:
        self._above = above
        self.items = catalogue.items
        self.by = cache(self._by)

    def prepare(self) -> None:
        """Make all look-ups, so that no question waits for them."""
        for name in (*_MARKS, *_HEADS):
            self.by(name)
        self.below("", "")

    def _by(self, name: str) -> Marks:
        """The rows of the records by their marks of one kind, in order; themes and goals have their own too."""
        kind = _HEADS.get(name)
        return self._grouped(_MARKS[name] if kind is None else lambda item: self._pointers(item, name, kind))

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
        return self._below.get((document_id, key), _NONE)

    def among(self, wanted: Mask, documents: Sequence[str]) -> list[Item]:
        """The marked records of these documents, document by document as they are given."""
        rows = (self.by("document").get(one, _NONE) for one in dict.fromkeys(documents))
        return [self.items[row] for some in rows for row in some[wanted[some]].tolist()]

    @cached_property
    def all_places(self) -> Mask:
        """The records in which all municipalities take part."""
        return np.array([item.all_municipalities for item in self.items], dtype=np.bool_)

    @cached_property
    def _below(self) -> Marks:
        return self._grouped(lambda item: ((one.document_id, one.key) for one in self._above(item)))

    def _grouped(self, marks_of: Callable[[Item], Iterable[Any]]) -> Marks:
        found: dict[Any, list[int]] = defaultdict(list)
        for row, item in enumerate(self.items):
            for mark in dict.fromkeys(marks_of(item)):
                found[mark].append(row)
        return {mark: np.array(rows, dtype=np.int32) for mark, rows in found.items()}

    def _pointers(self, item: Item, name: str, kind: ItemKind) -> Iterator[RefTitle]:
        pointer: RefTitle | None = getattr(item, name)
        if pointer is not None:
            yield pointer
        yield from (RefTitle(one.ref, one.title) for one in (item, *self._above(item)) if one.kind is kind)
