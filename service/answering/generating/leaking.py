"""A model that gives its instruction away instead of an answer is not told."""

from __future__ import annotations

import re
from functools import cache

from prompts import text

_INSTRUCTIONS = tuple(
    f"de/model/{one}"
    for one in ("draft_instruction", "draft_easy", "draft_translated", "draft_introduction", "query_instruction")
)
_IN_A_ROW = 7  # words that no answer has in common with an instruction by chance


def is_prompt(sentence: str) -> bool:
    """True where a sentence repeats words in a row of what models are instructed with."""
    return not _rows(sentence).isdisjoint(_instructed())


@cache
def _instructed() -> frozenset[tuple[str, ...]]:
    return frozenset().union(*(_rows(text(name)) for name in _INSTRUCTIONS))


def _rows(said: str) -> frozenset[tuple[str, ...]]:
    words = re.findall(r"\w+", said.casefold())
    return frozenset(tuple(words[start : start + _IN_A_ROW]) for start in range(len(words) - _IN_A_ROW + 1))
