"""How many records each value of each filter would give, over all records, with the other filters kept.

A value counts what a list with it has: it is the engine of lists that tells which records meet it.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from service.answering.finding.record_rows import Mask, RecordRows, Rows
from service.answering.tools.records import Conditioned
from service.facet_labels import ITEM_STATUSES, KINDS
from service.interface_models import FacetValue
from service.record_filters import SPELLINGS, fold
from service.record_terms import Range
from vectorstore.catalogue import Catalogue
from vectorstore.records import ItemKind, ItemStatus, RefTitle


@dataclass(frozen=True, slots=True)
class Facet:
    """One filter: the condition it is, its marks with their records, a mark's value, the label of marks with one value.

    `met` tells the records that meet a value.
    """

    name: str
    condition: str
    marks: Callable[[RecordRows], Mapping[Any, Rows]]
    met: Callable[[RecordRows, str], Mask]
    value: Callable[[Any], str] = str
    label: Callable[[list[Any], Catalogue, str], str] = lambda same, *_: str(same[0])
    order: Callable[[Any], Any] = str


def facet_counts(found: Conditioned, language: str) -> dict[str, list[FacetValue]]:
    """Return for each facet its values with the number of records, labels in "de" or "en"."""
    return {facet.name: list(_counted(facet, found, language)) for facet in FACETS}


def _counted(facet: Facet, found: Conditioned, language: str) -> Iterator[FacetValue]:
    met, rows = found.met(facet.condition), found.corpus.records
    alike: dict[str, list[Any]] = {}
    for mark in sorted((mark for mark, some in facet.marks(rows).items() if met[some].any()), key=facet.order):
        alike.setdefault(fold(facet.value(mark)), []).append(mark)
    for same in alike.values():
        value = facet.value(same[0])
        count = int((met & facet.met(rows, value)).sum())
        yield FacetValue(value=value, label=facet.label(same, found.corpus.catalogue, language), count=count)


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


def _place(values: Iterable[str]) -> Callable[[str], int]:
    order = list(values)
    return lambda value: order.index(value)


FACETS = (
    Facet(
        "document",
        "document",
        marks=lambda rows: rows.by_document,
        met=lambda rows, value: rows.are_of((value,)),
        label=lambda same, catalogue, _: catalogue.documents[same[0]].title,
    ),
    Facet(
        "kind",
        "kind",
        marks=lambda rows: rows.by_kind,
        met=lambda rows, value: rows.of_kinds((ItemKind(value),)),
        label=lambda same, _, language: KINDS[language][same[0]],
        order=_place(ItemKind),
    ),
    Facet(
        "theme",
        "theme",
        marks=lambda rows: rows.by_theme,
        met=RecordRows.in_theme,
        value=_theme_value,
        label=_theme_label,
        order=lambda mark: (_natural(mark.ref), mark.title),
    ),
    Facet(
        "status",
        "status",
        marks=lambda rows: rows.by_status,
        met=lambda rows, value: rows.with_status((ItemStatus(value),)),
        label=lambda same, _, language: ITEM_STATUSES[language][same[0]],
        order=_place(ItemStatus),
    ),
    Facet("unit", "unit", marks=lambda rows: rows.by_unit, met=RecordRows.of_unit, order=_natural),
    Facet("municipality", "place", marks=lambda rows: rows.by_place, met=RecordRows.of_place, order=fold),
    Facet("year", "date", marks=lambda rows: rows.by_year, met=lambda rows, value: rows.dated(Range(value, value))),
)
