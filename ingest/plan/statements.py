"""What a paper says of itself: that it lists measures or projects, and how many."""

from __future__ import annotations

import re
from itertools import islice

from ingest.layout.lines import RawDocument

LEAST = 3  # records below which a number says nothing
_THINGS = r"Maßnahmen|Projekten?|Vorhaben|Einzelmaßnahmen|Maßnahmenblätter|Steckbriefe|Aktionen|Bausteine"
_FIRST = 12  # lines that a title page has about
ANNOUNCES = re.compile(
    r"ma(?:ß|ss)nahmen(?:katalog|plan|programm|bl[aä]tt|liste|steckbrief|übersicht|paket|bericht)|aktionsplan|"
    r"aktionsprogramm|handlungsprogramm|arbeitsprogramm|projekt(?:liste|katalog|übersicht|bericht|steckbrief)",
    re.I,
)
STATED = re.compile(rf"\b(\d{{1,3}}) (?:[a-zäöü]+ )?({_THINGS})\b")


def stated_counts(text: str) -> frozenset[int]:
    """Return the numbers of measures or projects that a text states."""
    return frozenset(int(number) for number, _ in STATED.findall(text) if int(number) >= LEAST)


def announces_records(raw: RawDocument) -> bool:
    """Tell whether a paper's first lines, or its running heads, call it a list of measures or projects."""
    first = islice((line.text for line in raw.lines if not line.noise), _FIRST)
    heads = (line.text for line in raw.lines if line.noise)
    return any(ANNOUNCES.search(text) for text in (*first, *heads))
