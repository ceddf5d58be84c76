"""German compounds taken apart by parts that are known as words of their own.

After Koehn and Knight, "Empirical Methods for Compound Splitting" (2003), without their frequencies: the parts must be
words of the edition or of the topic vocabulary. Linking letters need no list: the stemmer takes them off as endings.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable

from vectorstore.language import word_list

SHORTEST_COMPOUND = 6
SHORTEST_PART = 3
SHORTEST_STEMMED_PART = 4


class CompoundSplitter:
    """Splits folded words (lower case, ae for ä) into the parts that `words` holds; not thread-bound."""

    def __init__(self, words: Iterable[str], stem: Callable[[str], str]) -> None:
        not_parts = word_list("not_parts") | word_list("stopwords")
        self.words = frozenset(word for word in words if len(word) >= SHORTEST_PART and word not in not_parts)
        self._not_parts = not_parts
        self._stem = stem
        self._stems = frozenset(map(stem, self.words)) - not_parts

    def split(self, word: str) -> tuple[str, ...]:
        """The parts of a compound, first to last, or () for a word that is none; few long parts before many short."""
        parts = self._split(word) if len(word) >= SHORTEST_COMPOUND else None
        return parts if parts is not None and len(parts) > 1 else ()

    def _split(self, word: str) -> tuple[str, ...] | None:
        best: tuple[str, ...] | None = None
        for cut in range(SHORTEST_PART, len(word) - SHORTEST_PART + 1):
            if not self._is_part(word[cut:]):
                continue
            before = self._parts(word[:cut])
            if before is not None and (best is None or len(before) + 1 < len(best)):
                best = (*before, word[cut:])
        return best and (*best[:-1], *self._finer(best[-1]))

    def _finer(self, part: str) -> tuple[str, ...]:
        return (self._split(part) if len(part) >= SHORTEST_COMPOUND else None) or (part,)

    def _parts(self, word: str) -> tuple[str, ...] | None:
        if self._is_part(word):
            return self._finer(word)
        return self._split(word) if len(word) >= SHORTEST_COMPOUND else None

    def _is_part(self, word: str) -> bool:
        if word in self.words:
            return True
        if len(word) < SHORTEST_STEMMED_PART or word in self._not_parts:
            return False
        stem = self._stem(word)
        return len(stem) >= SHORTEST_PART and stem in self._stems
