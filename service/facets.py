"""How many records each value of each filter would give, over all records, with the other filters kept.

A value counts what a list with it has: it is the engine of lists that tells which records meet it.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

from pydantic import Field

from service.answering.finding.rows import Mask, RecordRows
from service.answering.tools.records import Conditioned
from service.pages import labels
from service.record_filters import SPELLINGS, fold
from service.record_models import COMPLETE, Shape
from vectorstore.catalogue import Catalogue
from vectorstore.records import ItemKind, ItemStatus, RefTitle

KINDS: dict[str, dict[str, str]] = {
    "de": labels.KINDS_MANY,
    "en": {
        ItemKind.THEME: "Themes",
        ItemKind.GOAL: "Goals",
        ItemKind.PROJECT: "Projects",
        ItemKind.MEASURE: "Measures",
        ItemKind.PRINCIPLE: "Principles",
        ItemKind.THESIS: "Theses",
        ItemKind.RESOLUTION: "Resolution points",
        ItemKind.SECTION: "Sections",
    },
}
ITEM_STATUSES: dict[str, dict[str, str]] = {
    "de": labels.STATUSES_LONG,
    "en": {
        ItemStatus.IDEA: "idea",
        ItemStatus.PLANNED: "planned",
        ItemStatus.IN_PROGRESS: "in progress",
        ItemStatus.IMPLEMENTED: "implemented",
        ItemStatus.ARCHIVED: "archived",
    },
}


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
    """One filter: its name, the condition it is, the mark of records that it counts, and how a value is told.

    `met` tells the records that meet a value; `label` that of marks with one value.
    """

    name: str
    condition: str
    mark: str
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
    for mark in sorted((mark for mark, some in rows.by(facet.mark).items() if met[some].any()), key=facet.order):
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


def _listed(name: str) -> Callable[[RecordRows, str], Mask]:
    return lambda rows, value: rows.marked(name, (value,))


def _met(name: str) -> Callable[[RecordRows, str], Mask]:
    return lambda rows, value: rows.meeting(name, value)


def _word(words: dict[str, dict[str, str]]) -> Callable[[list[Any], Catalogue, str], str]:
    return lambda same, _, language: words[language][same[0]]


def _title(same: list[Any], catalogue: Catalogue, _: str) -> str:
    return catalogue.documents[same[0]].title


def _theme_order(mark: RefTitle) -> Any:
    return _natural(mark.ref), mark.title


FACETS = (
    Facet("document", "document", "document", _listed("document"), label=_title),
    Facet("kind", "kind", "kind", _listed("kind"), label=_word(KINDS), order=list(ItemKind).index),
    Facet("theme", "theme", "theme", _met("theme"), _theme_value, _theme_label, _theme_order),
    Facet("status", "status", "status", _listed("status"), label=_word(ITEM_STATUSES), order=list(ItemStatus).index),
    Facet("unit", "unit", "unit", _met("unit"), order=_natural),
    Facet("municipality", "place", "place", _met("place"), order=fold),
    Facet("year", "year", "year", _listed("year")),
)
