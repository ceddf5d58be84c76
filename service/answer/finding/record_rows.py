"""The rows of records by what conditions on them name: kind, status, unit, place, number, and what they lie below.

Made once for an edition when it is first asked for, so that a list looks at the records that meet its conditions and
not at all there are. Masks have the shape (items,); nobody writes to what is handed out.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Collection, Hashable, Iterable, Sequence
from functools import cached_property, lru_cache
from typing import TypeVar

import numpy as np
from numpy.typing import NDArray

from service.record_filters import unit_matches
from vectorstore.analysis import fold
from vectorstore.catalogue import Catalogue
from vectorstore.records import Item, ItemKind, ItemStatus, RefTitle

Mask = NDArray[np.bool_]
Rows = NDArray[np.int32]
_NONE: Rows = np.zeros(0, dtype=np.int32)
_KINDS = {kind: number for number, kind in enumerate(ItemKind)}
_STATUSES = {status: number for number, status in enumerate(ItemStatus)}
_NO_STATUS = -1
_THEMES = 4096  # titles whose folded form is kept
Key = TypeVar("Key", bound=Hashable)


class RecordRows:
    """Looks the records of a catalogue up; `above` are the items above one. Read-only, shared between requests."""

    def __init__(self, catalogue: Catalogue, above: Callable[[Item], Sequence[Item]]) -> None:
        self._above = above
        self._items = catalogue.items
        self._folded = lru_cache(maxsize=_THEMES)(fold)
        self.number_of = {one: number for number, one in enumerate(catalogue.documents)}

    def prepare(self) -> None:
        """Make all look-ups, so that no question waits for them."""
        for made in (name for name, one in vars(RecordRows).items() if isinstance(one, cached_property)):
            getattr(self, made)

    def none(self) -> Mask:
        """No record, to be marked."""
        return np.zeros(len(self._items), dtype=np.bool_)

    def are_of(self, documents: Collection[str]) -> Mask:
        """The records of these documents."""
        numbers = [self.number_of[one] for one in documents if one in self.number_of]
        return _are(self._documents, numbers, len(self.number_of))

    def of_kinds(self, kinds: Collection[ItemKind]) -> Mask:
        """The records of some kinds."""
        return _are(self._kinds, [_KINDS[one] for one in kinds], len(_KINDS))

    def with_status(self, statuses: Collection[ItemStatus], *, by_table: bool = False) -> Mask:
        """The records with one of these statuses; `by_table` takes that of the project list where it has its own."""
        given = self._table_statuses if by_table else self._statuses
        return _are(given, [_STATUSES[one] for one in statuses], len(_STATUSES))

    def with_any_status(self, *, by_table: bool = False) -> Mask:
        """The records with a status."""
        return self.with_status(tuple(ItemStatus), by_table=by_table)

    def of_units(self, asked: Collection[str]) -> Mask:
        """The records for which one of the units is responsible, in whatever words they are printed."""
        printed = (one for one in self._by_unit if any(unit_matches(one, unit) for unit in asked))
        return self._marked(self._by_unit, printed)

    def of_place(self, municipality: str) -> Mask:
        """The records in which a municipality takes part by name."""
        return self._marked(self._by_place, (municipality,))

    def below_number(self, ref: str) -> Mask:
        """The records with a number and those with numbers below it."""
        return self._marked(self._by_ref, (one for one in self._by_ref if is_under(one, ref)))

    def with_number(self, refs: Collection[str]) -> Mask:
        """The records with one of these numbers themselves."""
        return self._marked(self._by_ref, refs)

    def in_themes(self, themes: Iterable[Item]) -> Mask:
        """The records that name one of the themes of their document, by its number or its title."""
        return self._marked(self._by_theme, (key for one in themes for key in self._called(one.document_id, one)))

    def below(self, document_id: str, key: str) -> Rows:
        """The rows of the items under an item at any depth, and in a theme."""
        return self._below.get((document_id, key), _NONE)

    def among(self, wanted: Mask, documents: Sequence[str]) -> list[Item]:
        """The marked records of these documents, document by document as they are given."""
        return [self._items[row] for row in self.rows_among(wanted, documents).tolist()]

    def rows_among(self, wanted: Mask, documents: Sequence[str]) -> Rows:
        """The rows of `among`."""
        place = np.full(len(self.number_of), -1, dtype=np.int32)
        numbers = [self.number_of[one] for one in documents if one in self.number_of]
        place[numbers] = np.arange(len(numbers))
        rows = np.flatnonzero(wanted & (place >= 0)[self._documents]).astype(np.int32)
        return rows[np.argsort(place[self._documents[rows]], kind="stable")]

    @cached_property
    def all_places(self) -> Mask:
        """The records in which all municipalities take part."""
        return np.array([item.all_municipalities for item in self._items], dtype=np.bool_)

    @cached_property
    def with_unit(self) -> Mask:
        """The records that name somebody as responsible."""
        return np.array([bool(item.responsible) for item in self._items], dtype=np.bool_)

    @cached_property
    def items_of_units(self) -> dict[str, int]:
        """How many records each unit is responsible for, as it is printed."""
        return {unit: len(rows) for unit, rows in self._by_unit.items()}

    def _marked(self, rows_by: dict[Key, Rows], keys: Iterable[Key]) -> Mask:
        marked = self.none()
        for key in keys:
            marked[rows_by.get(key, _NONE)] = True
        return marked

    def _grouped(self, keys_of: Callable[[Item], Iterable[Key]]) -> dict[Key, Rows]:
        """The rows of the records by each of their keys, in order."""
        found: dict[Key, list[int]] = defaultdict(list)
        for row, item in enumerate(self._items):
            for key in dict.fromkeys(keys_of(item)):
                found[key].append(row)
        return {key: np.array(rows, dtype=np.int32) for key, rows in found.items()}

    @cached_property
    def _documents(self) -> NDArray[np.int32]:
        return np.array([self.number_of[item.document_id] for item in self._items], dtype=np.int32)

    @cached_property
    def _kinds(self) -> NDArray[np.int8]:
        return np.array([_KINDS[item.kind] for item in self._items], dtype=np.int8)

    @cached_property
    def _statuses(self) -> NDArray[np.int8]:
        return np.array([_number(item.status) for item in self._items], dtype=np.int8)

    @cached_property
    def _table_statuses(self) -> NDArray[np.int8]:
        return np.array([_number(table_status(item)) for item in self._items], dtype=np.int8)

    @cached_property
    def _by_unit(self) -> dict[str, Rows]:
        return self._grouped(lambda item: item.responsible)

    @cached_property
    def _by_place(self) -> dict[str, Rows]:
        return self._grouped(lambda item: item.municipalities)

    @cached_property
    def _by_ref(self) -> dict[str, Rows]:
        return self._grouped(lambda item: (item.ref,))

    @cached_property
    def _by_theme(self) -> dict[tuple[str, str, str], Rows]:
        """The rows by their document and the number, or the folded title, of the theme that they name."""
        return self._grouped(lambda item: self._called(item.document_id, item.theme) if item.theme else ())

    def _called(self, document_id: str, theme: Item | RefTitle) -> tuple[tuple[str, str, str], ...]:
        return (document_id, "ref", theme.ref), (document_id, "title", self._folded(theme.title))

    @cached_property
    def _below(self) -> dict[tuple[str, str], Rows]:
        return self._grouped(lambda item: ((one.document_id, one.key) for one in self._above(item)))


def table_status(item: Item) -> ItemStatus | None:
    """The status that the project list prints; the text's where the list says the same or nothing."""
    told = next((one.table for one in item.conflicts if one.field == "status"), None)
    return ItemStatus(told) if told else item.status


def is_under(number: str, ref: str) -> bool:
    """True where a number is the asked one or lies below it."""
    if number == ref or number.startswith(f"{ref}."):
        return True
    return not ref[0].isdigit() and (number.endswith(f".{ref}") or f".{ref}." in number)


def _are(numbers: NDArray[np.integer], wanted: Sequence[int], size: int) -> Mask:
    """Which of the numbers below `size` are wanted; what has none, -1, is not."""
    are = np.zeros(size + 1, dtype=np.bool_)
    are[wanted] = True
    marked: Mask = are[numbers]
    return marked


def _number(status: ItemStatus | None) -> int:
    return _NO_STATUS if status is None else _STATUSES[status]
