"""What a paper says verbatim: where a quote stands, and what of a text is no quote; and what in it no answer tells.

White space and soft hyphens count not. Sentences that speak to a machine bear nothing out, no model is shown them. They
are told by notation and by how they are usually worded, so others are statements of the paper like any other.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property, lru_cache
from itertools import accumulate

from service.answering import lexicon
from vectorstore.quantities import figures
from vectorstore.sentences import sentence_spans

_WORD = re.compile(r"[^\W_]+(?:[-‐‑–][^\W_]+)*")
_INNER_MARKS = ".,:/"
_ENDS = " .,;:–…"
_GAP = " · "


def squash(text: str) -> str:
    """A text without white space and soft hyphens: what verbatim comparison looks at."""
    return "".join(text.replace("\u00ad", "").split())


def spaced(text: str) -> str:
    """A text with single spaces and without soft hyphens."""
    return " ".join(text.replace("\u00ad", "").split())


def words(text: str) -> list[str]:
    """The words of a text as printed, without soft hyphens."""
    return _WORD.findall(text.replace("\u00ad", ""))


@lru_cache(maxsize=100_000)
def is_order(sentence: str) -> bool:
    """True for a sentence, title or field that tells a machine what to do."""
    return lexicon.matches("safety", "order", sentence)


@lru_cache(maxsize=20_000)
def without_orders(text: str) -> str:
    """A text without its sentences that are orders; as it stands where there are none."""
    sentences = [text[start:end] for start, end in sentence_spans(text)]
    retained = [sentence for sentence in sentences if not is_order(sentence)]
    return text if len(retained) == len(sentences) else " ".join(retained)


@dataclass(frozen=True)
class VerbatimPassage:
    """A text in which quotes are looked for."""

    text: str

    @cached_property
    def squashed(self) -> str:
        """The text as verbatim comparison looks at it."""
        return squash(self.text)

    @cached_property
    def _breaks(self) -> frozenset[int]:
        """The places in the squashed text before which white space stood."""
        return frozenset(accumulate(map(len, self.text.replace("\u00ad", "").split())))

    def contains(self, quote: str) -> bool:
        """True where a squashed quote stands in the passage and cuts no word and no number."""
        start = self.squashed.find(quote) if quote else -1
        while start >= 0:
            ends = [place for place in (start, start + len(quote)) if place not in self._breaks]
            if not any(
                _is_one_word(self.squashed[max(0, end - 2) : end], self.squashed[end : end + 2]) for end in ends
            ):
                return True
            start = self.squashed.find(quote, start + 1)
        return False


def own_words(text: str, quotes: Iterable[str], names: Iterable[str] = ()) -> str:
    """A text without these quotes and names, each a whole; "" for a piece of one quote.

    A piece cuts no word, no number, and no unit off a number.
    """
    statement, known = spaced(text), [spaced(quote) for quote in quotes]
    if bare := statement.strip(_ENDS):
        content = (item for item in known if VerbatimPassage(item).contains(squash(bare)))
        if any(not bare[-1].isdigit() or figures(item).prove(figures(bare)) for item in content):
            return ""
    for item in sorted({*known, *map(spaced, names)}, key=len, reverse=True):
        start = statement.find(item) if item else -1
        while start >= 0:
            end = start + len(item)
            if not _is_one_word(statement[:start], statement[start:]) and not _is_one_word(
                statement[:end], statement[end:]
            ):
                statement = statement[:start] + _GAP + statement[end:]
                end = start + len(_GAP)
            start = statement.find(item, end)
    return statement


def _is_one_word(before: str, after: str) -> bool:
    """True where what stands before and behind a place are parts of one word or of one number."""
    if not before or not after:
        return False
    if before[-1].isdigit():
        return after[0].isdigit() or (after[0] in _INNER_MARKS and after[1:2].isdigit())
    if after[0].isdigit():
        return before[-1] in _INNER_MARKS and before[-2:-1].isdigit()
    return before[-1].isalpha() and after[0].isalpha()
