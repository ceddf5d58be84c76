"""What judging knows of the documents: their texts, where pages begin, and names of places."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property

from vectorstore.catalogue import Catalogue

_DROPPED = re.compile(r"[\s\u00ad]+")


@dataclass(frozen=True)
class DocumentText:
    """One document's rendering; `pages` are (offset of its first character, page number from 1), in order."""

    text: str
    pages: tuple[tuple[int, int], ...] = ()
    title: str = ""

    @cached_property
    def _squeezed(self) -> tuple[str, list[int]]:
        kept: list[str] = []
        origins: list[int] = []
        place = 0
        for match in [*_DROPPED.finditer(self.text), None]:
            end = match.start() if match else len(self.text)
            kept.append(self.text[place:end])
            origins.extend(range(place, end))
            place = match.end() if match else end
        return "".join(kept), origins

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
    """Documents by id, and names of places; empty where a service does not give its texts."""

    documents: Mapping[str, DocumentText] = field(default_factory=dict)
    names: frozenset[str] = frozenset()


def knowledge_of(catalogue: Catalogue) -> Knowledge:
    """What an edition's catalogue tells."""
    texts = {
        key: DocumentText(document.text, tuple((page.start, page.number) for page in document.pages), document.title)
        for key, document in catalogue.documents.items()
    }
    return Knowledge(texts, frozenset(name for item in catalogue.items for name in item.municipalities))
