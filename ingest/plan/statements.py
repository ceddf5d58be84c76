"""What a paper says of itself: how many measures or projects it has."""

from __future__ import annotations

import re

LEAST = 3  # records below which a number says nothing
_THINGS = r"Maßnahmen|Projekten?|Vorhaben|Einzelmaßnahmen|Maßnahmenblätter|Steckbriefe|Aktionen|Bausteine"
STATED = re.compile(rf"\b(\d{{1,3}}) (?:[a-zäöü]+ )?({_THINGS})\b")


def stated_counts(text: str) -> frozenset[int]:
    """Return the numbers of measures or projects that a text states."""
    return frozenset(int(number) for number, _ in STATED.findall(text) if int(number) >= LEAST)
