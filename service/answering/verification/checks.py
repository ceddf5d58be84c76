"""The table of checks for freely worded sentences: each returns the words that nothing supports, None for no objection.

What each of them refuses alone on a held set is in `docs/decisions/007-verified-answers.md`.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum

from service.answering.verification.claims import Claim
from service.answering.verification.coverage import find_deciding, find_little, find_nouns
from service.answering.verification.quantities import find_count, find_figures, find_unbound
from service.answering.verification.states import find_document, find_later, find_status, find_turned


class Fault(StrEnum):
    """Why a sentence is refused."""

    QUOTES = "quotes"
    FIGURES = "figures"
    NAMES = "names"
    STATUS = "status"
    WORDS = "words"
    DECIDING = "deciding"
    NEGATION = "negation"
    COUNT = "count"
    TRANSLATION = "translation"


@dataclass(frozen=True, slots=True)
class Failing:
    """Why a sentence is refused; `said` are the numbers, names or words that nothing supports."""

    kind: Fault
    said: str = ""


@dataclass(frozen=True, slots=True)
class Check:
    """A row of the table: what is refused, under which fault."""

    name: str
    fault: Fault
    find: Callable[[Claim], str | None]


CHECKS: tuple[Check, ...] = (
    Check("figures", Fault.FIGURES, find_figures),
    Check("nouns", Fault.WORDS, find_nouns),
    Check("share", Fault.WORDS, find_little),
    Check("deciding", Fault.DECIDING, find_deciding),
    Check("bound", Fault.FIGURES, find_unbound),
    Check("negation", Fault.NEGATION, find_turned),
    Check("status", Fault.STATUS, find_status),
    Check("tense", Fault.STATUS, find_later),
    Check("document", Fault.STATUS, find_document),
    Check("count", Fault.COUNT, find_count),
)


def find_fault(claim: Claim) -> Failing | None:
    """The first objection of the table, None where there is none."""
    for check in CHECKS:
        if (found := check.find(claim)) is not None:
            return Failing(check.fault, found)
    return None
