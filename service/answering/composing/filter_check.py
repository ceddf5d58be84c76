"""Whether records meet the filters of a query: what these name is looked up once, not for every record."""

from __future__ import annotations

from service.answering.corpus import Corpus, Made
from service.answering.query import Filters
from service.record_filters import unit_matches
from vectorstore.analysis import fold
from vectorstore.records import Item, ItemStatus


class FilterCheck:
    """The filters of one query, asked of many records of one corpus."""

    def __init__(self, filters: Filters, corpus: Corpus) -> None:
        self._filters = filters
        self._corpus = corpus
        self._archived = ItemStatus.ARCHIVED in filters.statuses
        self._parents = frozenset(filters.parents)
        self._themes: dict[str, list[Item]] = {}
        for key in filters.themes:
            if (theme := corpus.catalogue.item(*key)) is not None:
                self._themes.setdefault(theme.document_id, []).append(theme)
        self._folded = Made(fold)
        self._asked_unit = Made(self._is_asked)

    def met_as_listed(self, item: Item) -> bool:
        """True where a record meets the filters as a member: the container itself is not among what it contains."""
        return (
            item.ref not in self._filters.refs
            and (item.document_id, item.key) not in self._parents
            and self.met_by(item)
        )

    def met_by(self, item: Item) -> bool:
        """True where a record meets every filter; archive rows only where they are asked for."""
        filters = self._filters
        status = table_status(item) if filters.by_table else item.status
        return (
            (item.status is not ItemStatus.ARCHIVED or self._archived)
            and (not filters.statuses or status in filters.statuses)
            and (not filters.without_statuses or (status is not None and status not in filters.without_statuses))
            and (not filters.refs or any(_under(item, ref) for ref in filters.refs))
            and (not (filters.themes or filters.parents) or self._in_containers(item))
            and (not (filters.units or filters.unknown_units) or self._in_charge(item))
            and (not filters.all_municipalities or item.all_municipalities)
            and (not filters.municipalities or all(name in item.municipalities for name in filters.municipalities))
        )

    def _in_charge(self, item: Item) -> bool:
        """True where one of the asked units is responsible; a unit that no document knows is for nothing."""
        return any(self._asked_unit[unit] for unit in item.responsible)

    def _is_asked(self, printed: str) -> bool:
        return any(unit_matches(printed, one) for one in self._filters.units)

    def _in_containers(self, item: Item) -> bool:
        """True where a record lies in the named themes and goals; in either where these are of different documents."""
        filters = self._filters
        in_theme = self._in_theme(item)
        in_parent = any((item.document_id, above.key) in self._parents for above in self._above(item))
        if not filters.themes or not filters.parents:
            return in_theme or in_parent
        apart = {key[0] for key in filters.themes}.isdisjoint(key[0] for key in filters.parents)
        return (in_theme or in_parent) if apart else (in_theme and in_parent)

    def _above(self, item: Item) -> list[Item]:
        return self._corpus.ancestors(item) if self._parents else []

    def _in_theme(self, item: Item) -> bool:
        for theme in self._themes.get(item.document_id, ()):
            if item.key == theme.key:
                return True
            if item.theme is not None and (
                item.theme.ref == theme.ref or self._folded[item.theme.title] == self._folded[theme.title]
            ):
                return True
        return False


def table_status(item: Item) -> ItemStatus | None:
    """The status that the project list prints; the text's where the list says the same or nothing."""
    told = next((one.table for one in item.conflicts if one.field == "status"), None)
    return ItemStatus(told) if told else item.status


def _under(item: Item, ref: str) -> bool:
    if item.ref == ref or item.ref.startswith(f"{ref}."):
        return True
    return not ref[0].isdigit() and (item.ref.endswith(f".{ref}") or f".{ref}." in item.ref)
