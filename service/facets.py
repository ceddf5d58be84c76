"""How many records each value of each filter would give, over all records, with the other filters kept.

A value counts what a list with it has: it is the engine of lists that tells which records meet it.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

from pydantic import Field

from service import labels, wording
from service.answering.tools.records import Conditioned
from service.record_filters import SPELLINGS, fold
from service.record_models import COMPLETE, Shape
from vectorstore.catalogue import Catalogue
from vectorstore.records import ItemKind, ItemStatus, RefTitle


class FacetValue(Shape):
    """A value of a filter: what the filter takes, what people read, and how many records it gives."""

    value: str
    label: str
    count: int


class FacetCounts(Shape):
    """The values of every filter; `total` counts the records that were read and that all filters together give."""

    total: int
    complete: bool | None = Field(description=COMPLETE)
    facets: dict[str, list[FacetValue]]
    corpus_edition: str


@dataclass(frozen=True, slots=True)
class Facet:
    """One filter: its name, the mark of records that it counts and the condition on it, and how a value is told.

    A value of an `exact` one is the mark itself; `label` words marks with one value.
    """

    name: str
    condition: str
    exact: bool = True
    value: Callable[[Any], str] = str
    label: Callable[[list[Any], Catalogue, str], str] = lambda same, *_: str(same[0])
    order: Callable[[Any], Any] = str


def facet_counts(hits: Conditioned, language: str) -> dict[str, list[FacetValue]]:
    """Return for each facet its values with the number of records, labels in "de" or "en"."""
    return {facet.name: list(_count_values(facet, hits, language)) for facet in FACETS}


def _count_values(facet: Facet, hits: Conditioned, language: str) -> Iterator[FacetValue]:
    met, rows = hits.met(facet.condition), hits.corpus.records
    similar: dict[str, list[Any]] = {}
    marks = rows.by(facet.condition)
    for mark in sorted((mark for mark, some in marks.items() if met[some].any()), key=facet.order):
        similar.setdefault(fold(facet.value(mark)), []).append(mark)
    for same in similar.values():
        value = facet.value(same[0])
        meeting = rows.mask_of(facet.condition, (value,)) if facet.exact else rows.meeting(facet.condition, value)
        count = int((met & meeting).sum())
        yield FacetValue(value=value, label=facet.label(same, hits.corpus.catalogue, language), count=count)


def _theme_value(theme: RefTitle) -> str:
    """Return what names a theme over all documents: its title; its number where the title begins like one."""
    return theme.ref if theme.title[:1].isdigit() or not theme.title.strip() else theme.title


def _theme_label(themes: list[RefTitle], *_: object) -> str:
    """Return number and title of a theme; the title alone where documents number it differently."""
    similar = len({theme.ref for theme in themes}) == 1
    return f"{themes[0].ref} {themes[0].title}" if similar else themes[0].title


def _kind(same: list[ItemKind], _: object, language: str) -> str:
    return wording.kind(same[0], "en", 2).capitalize() if language == "en" else labels.KINDS_MANY[same[0]]


def _status(same: list[ItemStatus], _: object, language: str) -> str:
    return same[0].value.replace("_", " ") if language == "en" else labels.STATUSES_LONG[same[0]]


def _natural(text: str) -> list[tuple[int, int, str]]:
    """Order "66.2" before "66.10", numbers before letters."""
    parts = re.findall(r"[0-9]+|[^0-9]+", text)
    return [
        (0, int(part), "") if part.isascii() and part.isdigit() else (1, 0, part.casefold().translate(SPELLINGS))
        for part in parts
    ]


FACETS = (
    Facet("document", "document", label=lambda same, all_, _: all_.documents[same[0]].title),
    Facet("kind", "kind", label=_kind, order=list(ItemKind).index),
    Facet("theme", "theme", False, _theme_value, _theme_label, lambda target: (_natural(target.ref), target.title)),
    Facet("status", "status", label=_status, order=list(ItemStatus).index),
    Facet("unit", "unit", False, order=_natural),
    Facet("municipality", "place", False, order=fold),
    Facet("year", "year"),
)
