"""How many records each value of each filter would give, over all records, with the other filters kept.

A facet sees a record as its marks (the years of its dates, its responsible units); a value counts the records with a
mark that the filter of the same name would let pass, so that a count is what the filtered list has.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Hashable, Iterable
from dataclasses import dataclass, replace
from typing import Any

from service.facet_labels import ITEM_STATUSES, KINDS
from service.interface_models import FacetValue
from service.record_filters import SPELLINGS, Filters, fold, matching, pointer_matches, unit_matches
from vectorstore.catalogue import Catalogue
from vectorstore.records import Item, ItemKind, ItemStatus, RefTitle


@dataclass(frozen=True, slots=True)
class Facet:
    """One filter: the marks of a record, a mark's value, the label of marks with one value, what a value lets pass."""

    name: str
    marks: Callable[[Item], Iterable[Hashable]]
    value: Callable[[Any], str]
    label: Callable[[list[Any], Catalogue, str], str]
    passes: Callable[[Any, str], bool]
    order: Callable[[Any], Any]


def facet_counts(catalogue: Catalogue, filters: Filters, language: str) -> dict[str, list[FacetValue]]:
    """Return for each facet its values with the number of records, labels in "de" or "en"."""
    words = Filters(q=filters.q)  # reading every record's text is what takes time: once, not for every facet
    items = matching(catalogue.items, words) + matching(catalogue.items, replace(words, status=ItemStatus.ARCHIVED))
    others = replace(filters, q=None)
    return {facet.name: _counted(facet, _without(facet.name, items, others), catalogue, language) for facet in FACETS}


def _counted(facet: Facet, items: list[Item], catalogue: Catalogue, language: str) -> list[FacetValue]:
    marked = [frozenset(facet.marks(item)) for item in items]
    marks = sorted({mark for of_item in marked for mark in of_item}, key=facet.order)
    alike: dict[str, list[Any]] = {}
    for mark in marks:
        alike.setdefault(fold(facet.value(mark)), []).append(mark)
    found = []
    for same in alike.values():
        value = facet.value(same[0])
        passing = {mark for mark in marks if facet.passes(mark, value)}
        count = sum(not passing.isdisjoint(of_item) for of_item in marked)
        found.append(FacetValue(value=value, label=facet.label(same, catalogue, language), count=count))
    return found


def _without(name: str, items: list[Item], filters: Filters) -> list[Item]:
    """Return the records that all filters but this one let pass; archive rows only where status is the question."""
    cleared: dict[str, Any] = {name: None}
    found = matching(items, replace(filters, **cleared))
    if name == "status":
        found += matching(items, replace(filters, status=ItemStatus.ARCHIVED))
    return found


def _themes(item: Item) -> Iterable[RefTitle]:
    theme = RefTitle(item.ref, item.title) if item.kind is ItemKind.THEME else item.theme
    return (theme,) if theme else ()


def _theme_value(theme: RefTitle) -> str:
    """Return what names a theme over all documents: its title; its number where the title begins like one."""
    return theme.ref if theme.title[:1].isdigit() or not theme.title.strip() else theme.title


def _theme_label(themes: list[RefTitle], *_: object) -> str:
    """Return number and title of a theme; the title alone where documents number it differently."""
    numbers = {theme.ref for theme in themes}
    return f"{themes[0].ref} {themes[0].title}" if len(numbers) == 1 else themes[0].title


def _natural(text: str) -> list[tuple[int, int, str]]:
    """Order "66.2" before "66.10", numbers before letters."""
    parts = re.findall(r"[0-9]+|[^0-9]+", text)
    return [
        (0, int(part), "") if part.isascii() and part.isdigit() else (1, 0, part.casefold().translate(SPELLINGS))
        for part in parts
    ]


def _years(item: Item) -> Iterable[str]:
    return {when[:4] for when in item.dates if re.match(r"[1-9][0-9]{3}", when)}


def _place(values: Iterable[str]) -> Callable[[str], int]:
    order = list(values)
    return lambda value: order.index(value)


FACETS = (
    Facet(
        "document",
        marks=lambda item: (item.document_id,),
        value=str,
        label=lambda same, catalogue, _: catalogue.documents[same[0]].title,
        passes=str.__eq__,
        order=str,
    ),
    Facet(
        "kind",
        marks=lambda item: (item.kind.value,),
        value=str,
        label=lambda same, _, language: KINDS[language][same[0]],
        passes=str.__eq__,
        order=_place(one.value for one in ItemKind),
    ),
    Facet(
        "theme",
        marks=_themes,
        value=_theme_value,
        label=_theme_label,
        passes=pointer_matches,
        order=lambda mark: (_natural(mark.ref), mark.title),
    ),
    Facet(
        "status",
        marks=lambda item: (item.status.value,) if item.status else (),
        value=str,
        label=lambda same, _, language: ITEM_STATUSES[language][same[0]],
        passes=str.__eq__,
        order=_place(one.value for one in ItemStatus),
    ),
    Facet(
        "unit",
        marks=lambda item: item.responsible,
        value=str,
        label=lambda same, *_: same[0],
        passes=unit_matches,
        order=_natural,
    ),
    Facet(
        "municipality",
        marks=lambda item: item.municipalities,
        value=str,
        label=lambda same, *_: same[0],
        passes=lambda mark, value: fold(mark) == fold(value),
        order=fold,
    ),
    Facet("year", marks=_years, value=str, label=lambda same, *_: same[0], passes=str.__eq__, order=str),
)
