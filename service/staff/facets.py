"""How many records each value of a filter would leave: counted over all records that pass the other filters."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache

from service.pages.labels import KINDS, STATUSES
from service.record_filters import Filters, fold, matching, unit_matches
from vectorstore.records import Document, Item, ItemKind, ItemStatus, RefTitle

matches_unit = lru_cache(maxsize=16384)(unit_matches)


@dataclass(frozen=True, slots=True)
class FacetValue:
    """A value as the filter takes it, as people read it, and how many records it would leave."""

    value: str
    label: str
    count: int


Facets = dict[str, list[FacetValue]]


def facets(items: Sequence[Item], documents: Mapping[str, Document], filters: Filters) -> Facets:
    """Return the values of each filter that leave at least one record, with their counts."""
    rest = {name: matching(items, replace(filters, **{name: None})) for name in ("document", "kind", "theme")}
    for name in ("unit", "municipality", "year"):
        rest[name] = matching(items, replace(filters, **{name: None}))
    return {
        "document": _documents(rest["document"], documents),
        "kind": _in_order([item.kind for item in rest["kind"]], ItemKind, KINDS),
        "theme": _themes(rest["theme"], filters.status),
        "status": _in_order(_statuses(items, filters), ItemStatus, STATUSES),
        "unit": _units(rest["unit"]),
        "municipality": _municipalities(rest["municipality"]),
        "year": _years(rest["year"]),
    }


def theme_of(item: Item) -> RefTitle | None:
    """Return the theme that an item belongs to, or that it is."""
    return RefTitle(item.ref, item.title) if item.kind is ItemKind.THEME else item.theme


def theme_value(theme: RefTitle) -> str:
    """Return what the theme filter takes for a theme: its title, its number where the title begins with a digit."""
    return theme.ref if theme.title[:1].isdigit() else theme.title


def _documents(items: Iterable[Item], documents: Mapping[str, Document]) -> list[FacetValue]:
    counts = Counter(item.document_id for item in items)
    return [FacetValue(key, one.title, counts[key]) for key, one in documents.items() if counts[key]]


def _statuses(items: Sequence[Item], filters: Filters) -> list[ItemStatus]:
    current = matching(items, replace(filters, status=None))
    archived = matching(items, replace(filters, status=ItemStatus.ARCHIVED))
    return [item.status for item in [*current, *archived] if item.status]


def _in_order(values: Iterable[str], order: Iterable[str], labels: Mapping[str, str]) -> list[FacetValue]:
    counts = Counter(str(value) for value in values)
    return [FacetValue(str(value), labels[value], counts[str(value)]) for value in order if counts[str(value)]]


def _themes(items: Sequence[Item], status: ItemStatus | None) -> list[FacetValue]:
    known = {theme_value(theme): theme for theme in map(theme_of, items) if theme}
    counts = {value: len(matching(items, Filters(theme=value, status=status))) for value in known}
    return sorted(
        (
            FacetValue(value, f"{known[value].ref} {known[value].title}".strip(), count)
            for value, count in counts.items()
        ),
        key=lambda one: _natural(one.label),
    )


def _units(items: Sequence[Item]) -> list[FacetValue]:
    printed = sorted({name for item in items for name in item.responsible}, key=_natural)
    counts = {
        unit: sum(any(matches_unit(name, unit) for name in item.responsible) for item in items) for unit in printed
    }
    return [FacetValue(unit, unit, count) for unit, count in counts.items()]


def _municipalities(items: Iterable[Item]) -> list[FacetValue]:
    return _counted(({name for name in item.municipalities} for item in items), fold)


def _years(items: Iterable[Item]) -> list[FacetValue]:
    return _counted(({when[:4] for when in item.dates} for item in items), str)


def _counted(values: Iterable[set[str]], order: Callable[[str], str]) -> list[FacetValue]:
    counts = Counter(value for some in values for value in some)
    return [FacetValue(value, value, counts[value]) for value in sorted(counts, key=order)]


def _natural(label: str) -> tuple[tuple[int, ...], str]:
    number = label.split(" ")[0]
    parts = number.split(".")
    return (tuple(map(int, parts)) if all(part.isdecimal() for part in parts) else (10**6,)), fold(label)
