"""Lists against what they should hold."""

from __future__ import annotations

from collections.abc import Hashable, Set


def completeness(listed: Set[Hashable], wanted: Set[Hashable]) -> float:
    """The share of what is wanted that is listed, 0..1; 1.0 where nothing is wanted."""
    return len(listed & wanted) / len(wanted) if wanted else 1.0


def exactness(listed: Set[Hashable], wanted: Set[Hashable]) -> float:
    """The share of what is listed that is wanted, 0..1; an empty list is exact where nothing is wanted, else 0.0."""
    if not listed:
        return float(not wanted)
    return len(listed & wanted) / len(listed)
