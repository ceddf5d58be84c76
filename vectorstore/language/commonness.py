"""How common a word is in everyday language: common words tell topics apart less.

The figures are Zipf frequencies: the base-10 logarithm of a word's occurrences per billion words.
"""

from __future__ import annotations

from functools import cache
from importlib.resources import files

RARE = 4.5
COMMON = 5.9
LEAST = 0.15


@cache
def frequencies(language: str) -> dict[str, float]:
    """Folded words of a language ("de", "en") with their Zipf frequency; rare words are left out."""
    table: dict[str, float] = {}
    for line in files(__package__).joinpath(f"frequency_{language}.txt").read_text(encoding="utf-8").splitlines():
        if not line.startswith("#"):
            zipf, words = line.split("\t")
            table.update(dict.fromkeys(words.split(), float(zipf)))
    return table


def telling(folded: str, language: str = "de") -> float:
    """How much a word tells: 1 for a rare one, falling to 0.15 for the most common."""
    zipf = frequencies(language).get(folded, 0.0)
    share = (zipf - RARE) / (COMMON - RARE)
    return 1.0 - (1.0 - LEAST) * min(max(share, 0.0), 1.0)
