"""Word lists and word frequencies of German and English, the languages of questions; each is read
once.
"""

from __future__ import annotations

from functools import cache
from importlib.resources import files

# Zipf frequencies (base-10 logarithm of occurrences per billion words), and the distinctiveness
# from `COMMON` on. They are those of b953e9ee, 20 November 2026; no measurement is recorded.
RARE = 4.5
COMMON = 5.9
LEAST = 0.15


@cache
def word_list(name: str) -> frozenset[str]:
    """The words of `name`.txt in this folder, folded like index terms ("ae" for "ä")."""
    words = set[str]()
    for line in _read_lines(name):
        words.update(line.split())
    return frozenset(words)


@cache
def frequencies(language: str) -> dict[str, float]:
    """Folded words of a language ("de", "en") with their Zipf frequency; rare words are left
    out.
    """
    table: dict[str, float] = {}
    for line in _read_lines(f"frequency_{language}"):
        zipf, words = line.split("\t")
        table.update(dict.fromkeys(words.split(), float(zipf)))
    return table


def _read_lines(name: str) -> list[str]:
    """The lines of `name`.txt in this folder without comment lines, which begin with `#`."""
    text = files(__package__).joinpath(f"{name}.txt").read_text(encoding="utf-8")
    return [line for line in text.splitlines() if not line.startswith("#")]


def rate_distinctiveness(folded: str, language: str = "de") -> float:
    """How specific a word is, from `LEAST` for a common word to 1.0 for a rare one.

    A word that is not listed, or has at most the frequency `RARE`, has 1.0. From there the value
    falls evenly to `LEAST` at the frequency `COMMON`.
    """
    zipf = frequencies(language).get(folded, 0.0)
    share = (zipf - RARE) / (COMMON - RARE)
    return 1.0 - (1.0 - LEAST) * min(max(share, 0.0), 1.0)
