"""The rows of a corpus's items by the values of their fields: status, theme, unit, date, cost."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Sequence
from decimal import Decimal
from functools import cache, cached_property
from typing import Any

import numpy as np
from numpy.typing import NDArray

from service.answering import lexicon
from service.answering.setbacks import find_setback
from service.records import can_lie_within, is_moment, largest_amount, pointer_matches, unit_matches
from vectorstore.language import fold as folded
from vectorstore.language import fold_umlauts
from vectorstore.records import Catalogue, Item, ItemKind, RefTitle

_STATUS_WORD = re.compile(r"\w+|[^\w\s]")  # a word, or a sign such as "🔴"
LEVELS = ("high", "middle", "low")
LIGHTS = ("red", "yellow", "green")
Mask = NDArray[np.bool_]
Rows = NDArray[np.int32]
Values = dict[Any, Rows]  # the rows of the items with each value of a field
ValuesOf = Callable[[Item, Catalogue], Iterable[Any]]  # a field's values of an item
_NO_ROWS: Rows = np.zeros(0, dtype=np.int32)


def priority_level(text: str) -> str:
    """The level of a printed priority: "hoch" and "+++" are "high".

    A text that stands for none of the levels is returned itself, folded, so that it can still be
    compared.
    """
    plain = folded(text).strip(" .")
    return next(
        (level for level in LEVELS if plain in lexicon.folded_words("records", "priority", level)),
        plain,
    )


def find_light(words: Iterable[str]) -> str:
    """The colour of a traffic light that folded words name, "red", "yellow" or "green".

    It is "" if they name none, or several: then it is not known which one is meant.
    """
    named = {
        light
        for light in LIGHTS
        if not lexicon.folded_words("records", "light", light).isdisjoint(words)
    }
    return named.pop() if len(named) == 1 else ""


def light_of(item: Item) -> str:
    """The colour of the traffic light that is a record's status; "" if it has none."""
    texts = [field.text for field in item.fields if field.field == "status"]
    return find_light(_STATUS_WORD.findall(folded(" ".join(texts))))


class RecordRows:
    """Rows of a catalogue's items by field value.

    A mask has one boolean per item; `all_places` is that of items on all municipalities. Items of
    the same document and kind have the same number in `groups`. Fields are keys of `_VALUES`.
    """

    def __init__(self, catalogue: Catalogue) -> None:
        self.items = catalogue.items
        self.all_places: Mask = np.array(
            [item.all_municipalities for item in self.items], dtype=np.bool_
        )
        self.rows_by_value: Callable[[str], Values] = cache(
            lambda name: self._group(_VALUES[name], catalogue)
        )
        pairs = defaultdict[tuple[str, str], int]()  # numbered: a new pair gets the next number
        pairs.default_factory = pairs.__len__
        self.groups: Rows = np.array([pairs[item.document_id, item.kind] for item in self.items])

    def _group(self, values_of: ValuesOf, catalogue: Catalogue) -> Values:
        """The rows of the items with each value of a field; None and "" are no values."""
        rows_by_value = _rows_by(values_of(item, catalogue) for item in self.items)
        return {
            value: np.array(rows, dtype=np.int32)
            for value, rows in rows_by_value.items()
            if value not in (None, "")
        }

    @cached_property
    def heading_names(self) -> frozenset[str]:
        """The titles of themes and goals, folded, each as the title alone and with its number
        before it.
        """
        heads = [*self.rows_by_value("theme"), *self.rows_by_value("goal")]
        return frozenset(
            fold_umlauts(name) for head in heads for name in (head.title, full_title(head))
        )

    def prepare(self) -> None:
        """Compute all look-ups in advance, so that no question waits for them."""
        for name in _VALUES:
            self.rows_by_value(name)

    def empty_mask(self) -> Mask:
        """A mask of no record, to be filled."""
        return np.zeros(len(self.items), dtype=np.bool_)

    def mask_of(self, name: str, values: Iterable[Any]) -> Mask:
        """The mask of the records that have any of the values of a field."""
        mask = self.empty_mask()
        rows = self.rows_by_value(name)
        mask[np.concatenate([_NO_ROWS, *(rows.get(value, _NO_ROWS) for value in values)])] = True
        return mask

    def mask_matching(self, name: str, wanted: str) -> Mask:
        """The mask of the records whose field `name` (unit, place, priority, theme or goal) meets a
        condition.

        How the printed values are compared with `wanted` depends on the field: the unit "66.01"
        meets "66".
        """
        matches = _MATCHERS[name]
        return self.mask_of(
            name, (value for value in self.rows_by_value(name) if matches(value, wanted))
        )

    def mask_stating(self, name: str) -> Mask:
        """The mask of the records that have any value of a field."""
        return self.mask_of(name, self.rows_by_value(name))

    def mask_dated(self, since: str, until: str) -> Mask:
        """The mask of the records with a date between two; "" leaves an end open."""
        return self.mask_of(
            "date",
            (date for date in self.rows_by_value("date") if can_lie_within(date, since, until)),
        )

    def mask_costing(self, least: str, most: str) -> Mask:
        """The mask of the records whose largest sum is between two, in euros and with both
        included.

        "" leaves an end open. Records that state no sum are never in it.
        """
        low = Decimal(least or "-Infinity")
        high = Decimal(most or "Infinity")
        return self.mask_of(
            "cost", (euros for euros in self.rows_by_value("cost") if low <= euros <= high)
        )

    def rows_below(self, document_id: str, key: str) -> Rows:
        """The rows of the items below an item, at any depth."""
        return self.rows_by_value("above").get((document_id, key), _NO_ROWS)

    def select_items(self, mask: Mask, documents: Sequence[str]) -> list[Item]:
        """The records of a mask that are in these documents, in the order of the documents
        given.
        """
        places = {document: place for place, document in enumerate(dict.fromkeys(documents))}
        items = [self.items[row] for row in np.flatnonzero(mask).tolist()]
        inside = (item for item in items if item.document_id in places)
        return sorted(inside, key=lambda item: places[item.document_id])


def _rows_by(values_of: Iterable[Iterable[Any]]) -> dict[Any, list[int]]:
    """The rows of each value, in order, given the values of each row."""
    rows: dict[Any, list[int]] = defaultdict(list)
    for row, values in enumerate(values_of):
        for value in dict.fromkeys(values):
            rows[value].append(row)
    return dict(rows)


def _heads(
    pointer: RefTitle | None, kind: ItemKind, item: Item, catalogue: Catalogue
) -> Iterator[RefTitle]:
    """Yield the themes, or the goals, to which a record belongs, as `kind` says.

    These are the one that its own text names (`pointer`, None if it names none), those among the
    items above it, and the record itself if it is one.
    """
    if pointer is not None:
        yield pointer
    yield from (
        RefTitle(head.ref, head.title)
        for head in (item, *catalogue.ancestors(item))
        if head.kind is kind
    )


def full_title(value: str | RefTitle | Item) -> str:
    """A value as it is shown: a theme, a goal or another item with its number."""
    if isinstance(value, str):
        return value
    return f"{value.ref} {value.title}".strip()


def _is_called(target: RefTitle, name: str) -> bool:
    """True if a theme or goal has this number, this title or both."""
    return pointer_matches(target, name) or fold_umlauts(full_title(target)) == fold_umlauts(name)


_VALUES: dict[str, ValuesOf] = {  # by field
    "document": lambda item, _: (item.document_id,),
    "kind": lambda item, _: (item.kind,),
    "status": lambda item, _: (item.status,),
    "unit": lambda item, _: item.responsible,
    "place": lambda item, _: item.municipalities,
    "date": lambda item, _: filter(is_moment, item.dates),
    "year": lambda item, _: (date[:4] for date in filter(is_moment, item.dates)),
    "cost": lambda item, _: (value for value, _ in filter(None, (largest_amount(item),))),
    "priority": lambda item, _: (item.priority,),
    "light": lambda item, _: (light_of(item),),
    "setback": lambda item, _: (find_setback(item),),
    "theme": lambda item, catalogue: _heads(item.theme, ItemKind.THEME, item, catalogue),
    "goal": lambda item, catalogue: _heads(item.goal, ItemKind.GOAL, item, catalogue),
    "above": lambda item, catalogue: (head.address for head in catalogue.ancestors(item)),
}
_MATCHERS: dict[str, Callable[[Any, str], bool]] = {  # whether a value meets a condition
    "unit": unit_matches,  # by number or name; 66.01 meets 66
    "place": lambda place, wanted: fold_umlauts(place) == fold_umlauts(wanted),
    "priority": lambda priority, wanted: priority_level(priority) == priority_level(wanted),
    "theme": _is_called,  # by its number or words of its title
    "goal": _is_called,
}
