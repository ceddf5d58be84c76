"""Which of many names a word says, looked up instead of compared with each; made once per edition.

The answers are those of `says_name`: a name, one with an ending, or one mistyped.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator
from functools import lru_cache

from rapidfuzz import fuzz, process

from service.answering.understanding.document_names import ENDINGS, LEAST_MISTYPED, MOST_LETTERS_APART, TYPING_ERROR

_CACHE = 4096


class SaidNames:
    """Folded names of one word or several; read-only but for what it remembers, shared between threads."""

    def __init__(self, names: Iterable[str]) -> None:
        self.names = tuple(dict.fromkeys(names))
        self._place = {name: place for place, name in enumerate(self.names)}
        self._by_stem: dict[str, list[str]] = defaultdict(list)
        self._alike: dict[tuple[str, int], list[str]] = defaultdict(list)
        for name in self.names:
            self._by_stem[name.removesuffix("e")].append(name)
            if len(name) >= LEAST_MISTYPED:
                self._alike[name[0], len(name)].append(name)
        self.said_by = lru_cache(maxsize=_CACHE)(self._said_by)

    def _said_by(self, word: str) -> tuple[str, ...]:
        """The names that a folded word says, in the order in which they were given."""
        found = {*self._inflected(word), *self._mistyped(word)}
        return tuple(sorted(found, key=self._place.__getitem__))

    def _inflected(self, word: str) -> Iterator[str]:
        for ending in ("", *ENDINGS):
            if word.endswith(ending):
                bare = word.removesuffix(ending)
                yield from (bare,) if bare in self._place else ()
                yield from self._by_stem.get(bare, ()) if ending else ()

    def _mistyped(self, word: str) -> Iterator[str]:
        for length in range(len(word) - MOST_LETTERS_APART, len(word) + MOST_LETTERS_APART + 1):
            names = self._alike.get((word[:1], length), ())
            for spelled in (names, [f"{name}er" for name in names]) if names else ():
                near = process.extract(word, spelled, scorer=fuzz.ratio, score_cutoff=TYPING_ERROR, limit=None)
                yield from (names[place] for _, _, place in near)
