"""Whether "geplant" asks for plans of any kind or for records in the status of planning.

"Was ist für Radfahrer geplant?" wants to know what the county has in mind, running projects too; "Welche Projekte sind
geplant?" and "Was ist erst in Planung?" ask for the status. Nor is "What is being done about floods?" a status.
"""

from __future__ import annotations

import re

from service.answering.query import RecordNoun

_PLANNED = re.compile(r"(?i)\s*\b(?:geplant|planned|(?:being |been )?done(?= (?:about|against|for|to|with|on)\b))\b")
_DONE_ABOUT = re.compile(
    r"(?i)^\W*(?:and\s+)?what(?:'s|\s+(?:is|has|was))\s.*\bdone (?:about|against|for|to|with|on)\b"
)
_ASKS = re.compile(
    r"(?i)^\W*(?:und\s+)?(?:was|what)(?:'s)?\s+(?:(?:ist|sind|wird|werden|wurde|hat|haben|is|has|have)\b)?.*\b(?:geplant|planned)\b"
)
_ONLY = re.compile(
    r"(?i)\b(?:erst|nur|bloß|lediglich|bisher|noch|schon|bereits|still|only|just|yet|already|alles)\b|\bstatus\b|"
    r"\b(?:umgesetzt|in bearbeitung|oder|und|or)\b"
)

_IN_ENGLISH = re.compile(r"(?i)\bplann?(?:ed|s|ing)?\b")


def asks_plans(question: str) -> bool:
    """True where an English question speaks of plans of any kind."""
    return _IN_ENGLISH.search(question) is not None


def plans_anything(question: str, nouns: list[RecordNoun]) -> bool:
    """True for "Was ist in Bad Lauven geplant?", which names no records and no other status."""
    if any(noun.kinds and noun.plural for noun in nouns) or _ONLY.search(question):
        return False
    return _ASKS.search(question) is not None or _DONE_ABOUT.search(question) is not None


def unplanned(question: str) -> str:
    """The question without the word for planning."""
    return _PLANNED.sub("", question)
