"""Which documents a text names by their titles: looked up by how titles begin, instead of looking for each of them."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable

_BEGINNING = 12  # letters


class Titles:
    """The titles of documents, read-only; `titles` gives each document's id with its title."""

    def __init__(self, titles: Iterable[tuple[str, str]]) -> None:
        told = list(titles)
        self._place = {one: place for place, (one, _) in enumerate(told)}
        self._length = min((len(title) for _, title in told), default=0)
        self._length = min(self._length, _BEGINNING)
        self._by_beginning: dict[str, list[tuple[str, str]]] = defaultdict(list)
        for one, title in told:
            self._by_beginning[title[: self._length]].append((one, title))

    def in_text(self, text: str) -> list[str]:
        """The ids of the documents whose titles stand anywhere in a text, in the order in which they were given."""
        found = {
            one
            for start in range(len(text) + 1)
            for one, title in self._by_beginning.get(text[start : start + self._length], ())
            if text.startswith(title, start)
        }
        return sorted(found, key=self._place.__getitem__)
