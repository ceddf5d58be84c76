"""What the reader of questions sees of one: stems of words with their neighbours, runs of letters, beginning and end.

Values of the edition (places, units, documents, numbers of records) can be put in as placeholders, so that what is
learned means the same in every county.
"""

from __future__ import annotations

import math
import re
from collections import Counter
from collections.abc import Iterable, Iterator
from itertools import pairwise

import Stemmer

from vectorstore.analysis import fold

SHORTEST_RUN, LONGEST_RUN = 2, 5
_TOKEN = re.compile(r"\w+|[?!]")
_DIGITS = re.compile(r"\d+")
_STEMMER = Stemmer.Stemmer("german")
_PLACEHOLDER = "zz{}"


def with_placeholders(text: str, spans: Iterable[tuple[int, int, str]]) -> str:
    """Return the text with its values (start, end, kind; not overlapping) replaced by what kind of value they are."""
    for start, end, kind in sorted(spans, reverse=True):
        text = f"{text[:start]} {_PLACEHOLDER.format(kind)} {text[end:]}"
    return text


def counts(text: str) -> dict[str, Counter[str]]:
    """Return how often each feature occurs, by block."""
    normal = _DIGITS.sub("0", fold(text))
    words = _TOKEN.findall(normal)
    stems = [_STEMMER.stemWord(word) for word in words]
    return {
        "s": Counter([*stems, *(f"{one} {two}" for one, two in pairwise(stems))]),
        "c": Counter(_runs(normal)),
        "f": Counter(_form(words)),
    }


def weighted(text: str, known: dict[str, int], rarity: list[float]) -> Iterator[tuple[int, float]]:
    """Yield places and weights of the known features of a text: tf-idf with damped counts, each block of length 1."""
    for block, found in counts(text).items():
        rows = [
            (place, (1 + math.log(n)) * rarity[place])
            for name, n in found.items()
            if (place := known.get(f"{block}:{name}")) is not None
        ]
        length = math.sqrt(sum(weight * weight for _, weight in rows))
        yield from ((place, weight / length) for place, weight in rows)


def _runs(text: str) -> Iterator[str]:
    """Yield the runs of letters within words, their edges marked by spaces."""
    for word in text.split():
        padded = f" {word} "
        for length in range(SHORTEST_RUN, LONGEST_RUN + 1):
            if length >= len(padded):
                yield padded
                break
            yield from (padded[start : start + length] for start in range(len(padded) - length + 1))


def _form(words: list[str]) -> Iterator[str]:
    """Yield how a question begins and ends, how long it is, whether it asks."""
    for size in (1, 2, 3):
        yield "first=" + " ".join(words[:size])
    for size in (1, 2):
        yield "last=" + " ".join(words[-size:])
    yield f"length={min(len(words) // 3, 8)}"
    yield f"asks={'?' in words}"
