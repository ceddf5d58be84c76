"""Conditions on records that nothing in them can decide: what they shall lack, and sums that they shall exceed.

To take such a condition for a topic would list the very records that say what the question rules out.
"""

from __future__ import annotations

import re

from service.answering.query import Claim, ClaimUnit, Compared, Filters, RecordNoun, Undecided
from vectorstore.analysis import fold

_LACKING = re.compile(
    r"\b(?P<of>[A-ZÄÖÜ][\w-]+)\s+(?:ohne|without)\s+(?:eine[nrs]?\s+|any\s+|a\s+)?(?P<what>[\w-]+)|"
    r"\b(?P<with>[A-ZÄÖÜ][\w-]+)\s+(?:hat|haben|bekommt|bekommen|erhält|erhalten|nennt|nennen|braucht|brauchen)\s+"
    r"(?:[a-zäöüß]+\s+){0,2}?keine?[nmrs]?\s+(?P<thing>[A-ZÄÖÜ][\w-]+)"
)
_ARCHIVE = "archiv"
_LATER = re.compile(
    r"(?i)\b(?:soll(?:en|te|ten)?|muss|müssen|wird|werden)\b[^.?!]*\b"
    r"(?:fertig|umgesetzt|abgeschlossen|beendet|realisiert|vollendet)\w*\s+(?:sein|werden|gestellt)\b"
)


def undecided(question: str, nouns: list[RecordNoun], filters: Filters, claim: Claim | None) -> Undecided:
    """The condition of a question that neither records nor filters decide."""
    records = {noun.word for noun in nouns}
    for match in _LACKING.finditer(question):
        what = fold(match["what"] or match["thing"])
        of_records = fold(match["of"] or match["with"]) in records
        if of_records and not filters.without_unit and not what.startswith(_ARCHIVE):
            return Undecided.LACKING
    summed = claim is not None and claim.unit is ClaimUnit.EUROS and claim.compared is not Compared.EQUAL
    return Undecided.SUM if summed else Undecided.NOTHING


def is_said_of_later(question: str) -> bool:
    """True where something shall be finished by some time: that says nothing of what is finished."""
    return _LATER.search(question) is not None
