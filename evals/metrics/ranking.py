"""How early the right items come; `relevant[i]` says whether the citation at place i (from 0) is of a right item."""

from __future__ import annotations

import math
from collections.abc import Sequence


def first_right(relevant: Sequence[bool]) -> int | None:
    """The place from 1 of the first right item, None where there is none."""
    return next((place for place, right in enumerate(relevant, start=1) if right), None)


def hit_at(relevant: Sequence[bool], k: int) -> bool:
    """True where a right item is among the first `k`."""
    return any(relevant[:k])


def reciprocal_rank(relevant: Sequence[bool]) -> float:
    """1 divided by the place of the first right item, 0.0 where there is none."""
    place = first_right(relevant)
    return 1 / place if place else 0.0


def ndcg_at(found: Sequence[int | None], wanted: int, k: int = 10) -> float:
    """Normalised discounted cumulative gain, binary, 0..1 (Järvelin and Kekäläinen 2002, discount log2(1 + place)).

    `found[i]` is the number of the wanted item that place i is, None for another; each wanted item gains once, at its
    first place. The ideal has all `wanted` items (at least 1) in front.
    """
    gained: set[int] = set()
    gain = 0.0
    for place, item in enumerate(found[:k], start=1):
        if item is not None and item not in gained:
            gained.add(item)
            gain += 1 / math.log2(1 + place)
    return gain / sum(1 / math.log2(1 + place) for place in range(1, min(wanted, k) + 1))
