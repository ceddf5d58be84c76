"""The rows of records by what conditions on them name: kind, status, unit, place, theme, goal, time, and what is below.

Made once for an edition when it is first asked for, so that a list looks at the records that meet its conditions and
not at all there are. Masks have the shape (items,); nobody writes to what is handed out.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Collection, Hashable, Iterable, Sequence
from functools import cached_property
from typing import TypeVar

import numpy as np
from numpy.typing import NDArray

from service.record_filters import fold, pointer_matches, unit_matches
from service.record_terms import Range, Terms, is_moment, terms_of
from vectorstore.catalogue import Catalogue
from vectorstore.records import Item, ItemKind, ItemStatus, RefTitle

Mask = NDArray[np.bool_]
Rows = NDArray[np.int32]
Key = TypeVar("Key", bound=Hashable)
_NONE: Rows = np.zeros(0, dtype=np.int32)


class RecordRows:
    """Looks the records of a catalogue up; `above` are the items above one. Read-only, shared between requests."""

    def __init__(self, catalogue: Catalogue, above: Callable[[Item], Sequence[Item]]) -> None:
        self._above = above
        self.items = catalogue.items
        self.number_of = {one: number for number, one in enumerate(catalogue.documents)}

    def prepare(self) -> None:
        """Make all look-ups, so that no question waits for them."""
        for made in (name for name, one in vars(RecordRows).items() if isinstance(one, cached_property)):
            getattr(self, made)

    def none(self) -> Mask:
        """No record, to be marked."""
        return np.zeros(len(self.items), dtype=np.bool_)

    def are_of(self, documents: Collection[str]) -> Mask:
        """The records of these documents."""
        return self._marked(self.by_document, documents)

    def of_kinds(self, kinds: Collection[ItemKind]) -> Mask:
        """The records of some kinds."""
        return self._marked(self.by_kind, kinds)

    def with_status(self, statuses: Collection[ItemStatus]) -> Mask:
        """The records with one of these statuses."""
        return self._marked(self.by_status, statuses)

    def of_unit(self, asked: str) -> Mask:
        """The records for which a unit is responsible, in whatever words it is printed; 66.01 is 66 too."""
        return self._marked(self.by_unit, (one for one in self.by_unit if unit_matches(one, asked)))

    def of_place(self, asked: str) -> Mask:
        """The records in which a municipality takes part by name."""
        return self._marked(self.by_place, (one for one in self.by_place if fold(one) == fold(asked)))

    def in_theme(self, asked: str) -> Mask:
        """The records that are in a theme or are it, by its number or words of its title."""
        return self._marked(self.by_theme, (one for one in self.by_theme if _is_called(one, asked)))

    def in_goal(self, asked: str) -> Mask:
        """The records that serve a goal or are it, by its number or words of its title."""
        return self._marked(self.by_goal, (one for one in self.by_goal if _is_called(one, asked)))

    def dated(self, time: Range) -> Mask:
        """The records with a date that lies within."""
        return self._marked(self.by_date, (one for one in self.by_date if time.holds(one)))

    def timed(self, end: str, within: Callable[[str | None], bool]) -> Mask:
        """The records whose `start` or `deadline`, None where their fields do not say it, is as asked."""
        return self._marked(self.by_terms, (one for one in self.by_terms if within(getattr(one, end))))

    def below(self, document_id: str, key: str) -> Rows:
        """The rows of the items under an item at any depth, and in a theme."""
        return self._below.get((document_id, key), _NONE)

    def among(self, wanted: Mask, documents: Sequence[str]) -> list[Item]:
        """The marked records of these documents, document by document as they are given."""
        rows = (self.by_document.get(one, _NONE) for one in dict.fromkeys(documents))
        return [self.items[row] for some in rows for row in some[wanted[some]].tolist()]

    def _marked(self, rows_by: dict[Key, Rows], keys: Iterable[Key]) -> Mask:
        marked = self.none()
        for key in keys:
            marked[rows_by.get(key, _NONE)] = True
        return marked

    def _grouped(self, keys_of: Callable[[Item], Iterable[Key]]) -> dict[Key, Rows]:
        """The rows of the records by each of their keys, in order."""
        found: dict[Key, list[int]] = defaultdict(list)
        for row, item in enumerate(self.items):
            for key in dict.fromkeys(keys_of(item)):
                found[key].append(row)
        return {key: np.array(rows, dtype=np.int32) for key, rows in found.items()}

    @cached_property
    def all_places(self) -> Mask:
        """The records in which all municipalities take part."""
        return np.array([item.all_municipalities for item in self.items], dtype=np.bool_)

    @cached_property
    def by_document(self) -> dict[str, Rows]:
        """By the id of their document."""
        return self._grouped(lambda item: (item.document_id,))

    @cached_property
    def by_kind(self) -> dict[ItemKind, Rows]:
        """By what they are."""
        return self._grouped(lambda item: (item.kind,))

    @cached_property
    def by_status(self) -> dict[ItemStatus, Rows]:
        """By their status, of those that have one."""
        return self._grouped(lambda item: (item.status,) if item.status else ())

    @cached_property
    def by_unit(self) -> dict[str, Rows]:
        """By the units that are responsible, as printed."""
        return self._grouped(lambda item: item.responsible)

    @cached_property
    def by_place(self) -> dict[str, Rows]:
        """By the municipalities that take part."""
        return self._grouped(lambda item: item.municipalities)

    @cached_property
    def by_theme(self) -> dict[RefTitle, Rows]:
        """By the theme that they are in, or are."""
        return self._grouped(lambda item: self._pointers(item, ItemKind.THEME, item.theme))

    @cached_property
    def by_goal(self) -> dict[RefTitle, Rows]:
        """By the goal that they serve, or are."""
        return self._grouped(lambda item: self._pointers(item, ItemKind.GOAL, item.goal))

    @cached_property
    def by_date(self) -> dict[str, Rows]:
        """By the dates in them."""
        return self._grouped(lambda item: filter(is_moment, item.dates))

    @cached_property
    def by_year(self) -> dict[str, Rows]:
        """By the years of the dates in them."""
        return self._grouped(lambda item: (one[:4] for one in filter(is_moment, item.dates)))

    @cached_property
    def by_terms(self) -> dict[Terms, Rows]:
        """By what their fields say of begin and deadline."""
        return self._grouped(lambda item: (terms_of(item),))

    @cached_property
    def _below(self) -> dict[tuple[str, str], Rows]:
        return self._grouped(lambda item: ((one.document_id, one.key) for one in self._above(item)))

    def _pointers(self, item: Item, kind: ItemKind, pointer: RefTitle | None) -> Iterable[RefTitle]:
        if pointer is not None:
            yield pointer
        yield from (RefTitle(one.ref, one.title) for one in (item, *self._above(item)) if one.kind is kind)


def _is_called(target: RefTitle, asked: str) -> bool:
    return pointer_matches(target, asked) or fold(f"{target.ref} {target.title}") == fold(asked)
