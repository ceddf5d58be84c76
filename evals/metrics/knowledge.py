"""What judging knows of the documents: their texts, where pages begin, and what stands above what."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import NamedTuple

from evals.metrics.statements import plain, plain_ref
from vectorstore.catalogue import Catalogue

_DROPPED = re.compile(r"[\s\u00ad]+")


@dataclass(frozen=True)
class DocumentText:
    """One document's rendering; `pages` are (offset of its first character, page number from 1), in order."""

    text: str
    pages: tuple[tuple[int, int], ...] = ()

    @cached_property
    def _squeezed(self) -> tuple[str, list[int]]:
        origins = [place for place, char in enumerate(self.text) if not _DROPPED.match(char)]
        return _DROPPED.sub("", self.text), origins

    def places(self, quote: str) -> Iterator[tuple[int, int]]:
        """Spans (first character, last character) where a quote stands, white space and soft hyphens aside."""
        squeezed, origins = self._squeezed
        wanted = _DROPPED.sub("", quote)
        start = squeezed.find(wanted) if wanted else -1
        while start >= 0:
            yield origins[start], origins[start + len(wanted) - 1]
            start = squeezed.find(wanted, start + 1)

    def holds(self, quote: str) -> bool:
        """True where a quote stands verbatim."""
        return next(self.places(quote), None) is not None

    def pages_of(self, quote: str) -> set[int]:
        """All pages that a quote touches, wherever it stands."""
        return {page for first, last in self.places(quote) for page in self._pages(first, last)}

    def _pages(self, first: int, last: int) -> list[int]:
        starts = [start for start, _ in self.pages]
        low, high = bisect_right(starts, first) - 1, bisect_right(starts, last) - 1
        return [number for _, number in self.pages[max(low, 0) : high + 1]]


@dataclass(frozen=True, slots=True)
class Knowledge:
    """Documents by id, and the items above each; empty where a service does not give its texts.

    `above` has every item above an item, by its document's id and its key.
    """

    documents: Mapping[str, DocumentText] = field(default_factory=dict)
    above: Mapping[tuple[str, str], tuple[Named, ...]] = field(default_factory=dict)


class Named(NamedTuple):
    """What an item may be called: its number or label as printed, its key, its title."""

    ref: str
    key: str
    title: str


def is_named(wanted: str, item: Named) -> bool:
    """True where a number, label or heading names an item, or one that it is a part of by number: B.X.3 of B.X.

    Numbers are compared without spaces, case and leading zeros, headings without hyphens too; where several items print
    the same number, a key with "~" names one of them.
    """
    if "~" in wanted:
        return item.key == wanted
    own, number = plain_ref(item.ref), plain_ref(wanted)
    return own == number or own.startswith(f"{number}.") or item.key == wanted or plain(item.title) == plain(wanted)


def lineage(items: Iterable[tuple[str, Named, str | None]]) -> dict[tuple[str, str], tuple[Named, ...]]:
    """What stands above each of these items, given as (document id, item, key of the one directly above)."""
    given = {(document, item.key): (item, parent) for document, item, parent in items}
    return {place: tuple(_above(place, given)) for place in given}


def _above(place: tuple[str, str], given: Mapping[tuple[str, str], tuple[Named, str | None]]) -> Iterator[Named]:
    document, parent = place[0], given[place][1]
    while parent is not None and (document, parent) in given:
        item, parent = given[document, parent]
        yield item


def knowledge_of(catalogue: Catalogue) -> Knowledge:
    """What an edition's catalogue tells."""
    texts = {
        key: DocumentText(document.text, tuple((page.start, page.number) for page in document.pages))
        for key, document in catalogue.documents.items()
    }
    above = lineage((item.document_id, Named(item.ref, item.key, item.title), item.parent) for item in catalogue.items)
    return Knowledge(texts, above)
