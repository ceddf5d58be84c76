"""Faults of claims, and claims with the spans of their titles."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum

from ingest.keys import compare_ref, shape_of
from ingest.readers.claims import Claim, Span
from ingest.readers.numbers import ref_parts

_WORD_BEFORE = re.compile(r"^(?:(?:[A-ZÄÖÜ]?[a-zäöüß]{4,}|[A-ZÄÖÜ]{6,}|(?i:lfd|nr))[.:]*\s*)+(?=\S)")
_LONGEST = 60  # characters of a rejected text that are kept


class FaultKind(StrEnum):
    """Why a claim or a part of one is rejected."""

    TITLE = "title"
    NUMBER = "number"
    TEXT = "text"
    TICK = "tick"
    DUPLICATE = "duplicate"
    UNSUPPORTED = "unsupported"
    TOTAL = "total"
    METADATA = "metadata"
    LIMIT = "limit"


@dataclass(frozen=True, slots=True)
class Fault:
    """A rejected part: why, the name of its record, its text, and the page that was claimed for it."""

    kind: FaultKind
    record: str
    text: str
    page: int

    @classmethod
    def of(cls, kind: FaultKind, claim: Claim, text: str) -> Fault:
        """Return the fault of a record or of a part of it."""
        return cls(kind, name_of(claim), text[:_LONGEST], claim.page)


Reject = Callable[[FaultKind, Claim, str], None]


@dataclass(frozen=True, slots=True)
class Located:
    """A claim with the spans of title and number; `beside` is true where the number is next to the title."""

    claim: Claim
    title: Span
    number: Span | None = None
    beside: bool = False

    @property
    def ref(self) -> str:
        """The number in the form in which numbers are compared, "" without one."""
        return compare_ref(self.claim.number) if self.claim.number else ""

    @property
    def shape(self) -> str:
        """The shape of the number, "" without one."""
        return shape_of(self.claim.number or "")

    @property
    def counts(self) -> tuple[int, ...]:
        """The integers by which numbers of one shape are in sequence."""
        number = self.claim.number or ""
        return ref_parts(number, roman=re.search(r"(?<![^\W_])[IVXL]+$", number) is not None) if number else ()

    @property
    def start(self) -> int:
        """Where number or title begins."""
        return min(self.title.start, self.number.start) if self.number else self.title.start


def bare_number(number: str | None) -> str:
    """Return a number without the words before it: "Maßnahme 07" is "07", "M 12" stays."""
    return _WORD_BEFORE.sub("", (number or "").strip()).strip(" .:") or (number or "")


def name_of(claim: Claim) -> str:
    """Return number and title of a claim."""
    return f"{claim.number} {claim.title}" if claim.number else claim.title
