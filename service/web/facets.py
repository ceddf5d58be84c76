"""Facets: how many records each value of a filter would select, with the other filters applied.

The counts equal the lists, since the conditions are evaluated by the same tool (`records`).
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

from pydantic import Field

from service import wording
from service.answering import RecordFilter
from service.records import COMPLETE_RULE, Shape, labels
from vectorstore.language import fold_umlauts
from vectorstore.records import Catalogue, ItemKind, ItemStatus, RefTitle


class FacetValue(Shape):
    """A value of a filter: what the filter takes, what people read, and how many records it
    gives.
    """

    value: str
    label: str
    count: int


class FacetCounts(Shape):
    """The values of every filter; `total` counts the records that were read and that all filters
    together give.
    """

    total: int
    complete: bool | None = Field(description=COMPLETE_RULE)
    facets: dict[str, list[FacetValue]]
    corpus_edition: str


@dataclass(frozen=True, slots=True)
class Facet:
    """One filter: its name, the condition on records that it sets, and how its values are written
    and sorted.

    `value` makes the filter's value from a record's term, `label` the text of the terms that have
    the same value. Values of an `exact` facet are compared as such, others as the condition matches
    texts.
    """

    name: str
    condition: str
    exact: bool = True
    value: Callable[[Any], str] = str
    label: Callable[[list[Any], Catalogue, str], str] = lambda terms, *_: str(terms[0])
    order: Callable[[Any], Any] = str


def facet_counts(hits: RecordFilter, language: str) -> dict[str, list[FacetValue]]:
    """Return for each facet its values with the number of records, labels in "de" or "en"."""
    return {facet.name: list(_count_values(facet, hits, language)) for facet in FACETS}


def _count_values(facet: Facet, hits: RecordFilter, language: str) -> Iterator[FacetValue]:
    """Yield each value of a filter with the number of records that have it and pass the other
    filters.

    The condition of this filter itself is ignored, so that people see what they would get if they
    chose another value. Values that no remaining record has are left out. Terms with the same
    value, but for case and umlauts, are counted together, such as a theme that several documents
    number differently.
    """
    meets_others = hits.mask_of_all(facet.condition)
    records = hits.corpus.records
    rows_by_term = records.rows_by_value(facet.condition)
    terms = [term for term, rows in rows_by_term.items() if meets_others[rows].any()]
    # folded value → terms, such as a theme of several documents
    terms_by_value: dict[str, list[Any]] = {}
    for term in sorted(terms, key=facet.order):
        terms_by_value.setdefault(fold_umlauts(facet.value(term)), []).append(term)
    for equal_terms in terms_by_value.values():
        value = facet.value(equal_terms[0])
        if facet.exact:
            has_value = records.mask_of(facet.condition, (value,))
        else:
            has_value = records.mask_matching(facet.condition, value)
        count = int((meets_others & has_value).sum())
        yield FacetValue(
            value=value,
            label=facet.label(equal_terms, hits.corpus.catalogue, language),
            count=count,
        )


def _theme_value(theme: RefTitle) -> str:
    """Return the value by which a theme is filtered: its title, since a theme has the same title in
    all documents but not the same number.

    A blank title would mean no filter, and one that begins with a digit would be taken for a
    number. For these the value is the theme's own number.
    """
    if theme.title[:1].isdigit() or not theme.title.strip():
        return theme.ref
    return theme.title


def _theme_label(themes: list[RefTitle], *_: object) -> str:
    """Return number and title of a theme: "3 Mobilität".

    `themes` are those with the same title in several documents. If these number it differently, it
    is the title alone.
    """
    first = themes[0]
    if any(theme.ref != first.ref for theme in themes):
        return first.title
    return labels.name_of(first)


def _kind_label(kinds: list[ItemKind], _: object, language: str) -> str:
    if language == "en":
        return wording.kind_noun(kinds[0], "en", 2).capitalize()
    return labels.KINDS_MANY[kinds[0]]


def _status_label(statuses: list[ItemStatus], _: object, language: str) -> str:
    if language == "en":
        return statuses[0].value.replace("_", " ")
    return labels.STATUSES_LONG[statuses[0]]


def _natural_order(text: str) -> list[tuple[int, int, str]]:
    """Return a sort key by which "66.2" is before "66.10", and numbers before letters.

    Each run of digits or of other characters becomes a triple: 0 and the number, or 1 and the
    letters.
    """
    return [
        (0, int(number), "") if number else (1, 0, letters)
        for number, letters in re.findall(r"([0-9]+)|([^0-9]+)", fold_umlauts(text))
    ]


FACETS = (
    Facet(
        "document", "document", label=lambda ids, catalogue, _: catalogue.documents[ids[0]].title
    ),
    Facet("kind", "kind", label=_kind_label, order=list(ItemKind).index),
    Facet(
        "theme",
        "theme",
        exact=False,
        value=_theme_value,
        label=_theme_label,
        order=lambda theme: (_natural_order(theme.ref), theme.title),
    ),
    Facet("status", "status", label=_status_label, order=list(ItemStatus).index),
    Facet("unit", "unit", exact=False, order=_natural_order),
    Facet("municipality", "place", exact=False, order=fold_umlauts),
    Facet("year", "year"),
)
