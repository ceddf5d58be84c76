"""Whether records meet the filters of a query: worked out for all records at once, by look-up."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cached_property

import numpy as np

from service.answering.corpus import Corpus
from service.answering.query import Filters
from service.answering.record_rows import Mask
from vectorstore.records import Item, ItemKind, ItemStatus


class FilterCheck:
    """The filters of one query over the records of one corpus."""

    def __init__(self, filters: Filters, corpus: Corpus) -> None:
        self._filters = filters
        self._corpus = corpus
        self._rows = corpus.records

    def met_by(self, item: Item) -> bool:
        """True where a record meets every filter; archive rows only where they are asked for."""
        return bool(self.met[self._corpus.row(item)])

    def members(self, kind: ItemKind, documents: Sequence[str]) -> list[Item]:
        """The records of a kind in these documents that meet every filter, in their order."""
        return self._rows.among(self.met & self._rows.of_kinds((kind,)), documents)

    @cached_property
    def met(self) -> Mask:
        """The records that meet every filter, shape (items,)."""
        filters, rows = self._filters, self._rows
        met = ~rows.none()
        if ItemStatus.ARCHIVED not in filters.statuses:
            met &= ~rows.with_status((ItemStatus.ARCHIVED,))
        if filters.statuses:
            met &= rows.with_status(filters.statuses, by_table=filters.by_table)
        if filters.without_statuses:
            met &= rows.with_any_status(by_table=filters.by_table)
            met &= ~rows.with_status(filters.without_statuses, by_table=filters.by_table)
        if filters.refs:
            met &= np.logical_or.reduce([rows.below_number(ref) for ref in filters.refs])
        if filters.themes or filters.parents:
            met &= self._in_containers()
        if filters.units or filters.unknown_units:
            met &= rows.of_units(filters.units)
        if filters.all_municipalities:
            met &= rows.all_places
        for name in filters.municipalities:
            met &= rows.of_place(name)
        return met

    @cached_property
    def met_as_listed(self) -> Mask:
        """The records that meet the filters as members: the container itself is not among what it contains."""
        met = self.met & ~self._rows.with_number(self._filters.refs)
        met[[row for key in self._filters.parents if (row := self._corpus.row_of_item.get(key)) is not None]] = False
        return met

    def _in_containers(self) -> Mask:
        """The records in the named themes and goals; in either where these are of different documents."""
        filters, in_parent = self._filters, self._rows.none()
        themes = [one for key in filters.themes if (one := self._corpus.catalogue.item(*key)) is not None]
        in_theme = self._rows.in_themes(themes)
        in_theme[[self._corpus.row(one) for one in themes]] = True
        for key in filters.parents:
            in_parent[self._rows.below(*key)] = True
        if not filters.themes or not filters.parents:
            return in_theme | in_parent
        apart = {key[0] for key in filters.themes}.isdisjoint(key[0] for key in filters.parents)
        return in_theme | in_parent if apart else in_theme & in_parent
