"""The families of a paper in plain words: how many records, what they stand as, whether all were found and why."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from statistics import median_low

from service.completeness import counted
from service.pages import labels
from service.review.paper import Paper
from vectorstore.records import Family, Item

_MOST_MISSING = 20  # numbers that are named


@dataclass(frozen=True, slots=True)
class FamilyLine:
    """A family as the page tells it: `sure` is True where all were found, None where nobody can tell."""

    name: str
    form: str
    found: int
    expected: int | None
    sure: bool | None
    verdict: str
    reasons: tuple[str, ...]


def family_lines(paper: Paper) -> list[FamilyLine]:
    """Return a line for each family of a paper."""
    return [_line(paper, family) for family in paper.document.families]


def sentences(paper: Paper) -> list[str]:
    """Return a sentence for each family that was found: "60 Maßnahmen, Nummern wie „M 12“, je ein Blatt mit …"."""
    return [_sentence(paper, family) for family in paper.document.families if family.found]


def _line(paper: Paper, family: Family) -> FamilyLine:
    members = paper.members(family)
    reasons = [one.what + (f" (Seite {one.page})" if one.page else "") for one in family.evidence]
    if missing := _missing(family, members):
        more = f" und {len(missing) - _MOST_MISSING} weitere" if len(missing) > _MOST_MISSING else ""
        reasons.append(f"Diese Nummern fehlen: {', '.join(missing[:_MOST_MISSING])}{more}")
    if family.complete and not family.evidence:
        reasons.append("in den Nummern ist keine Lücke" if family.label else "nichts im Dokument widerspricht der Zahl")
    return FamilyLine(
        labels.KINDS_MANY[family.kind],
        _form(family, members),
        family.found,
        family.expected,
        family.complete,
        _verdict(family),
        tuple(reasons),
    )


def _verdict(family: Family) -> str:
    if family.complete:
        return "vollständig"
    if family.complete is None:
        return "nicht sicher verstanden; es wird keine Anzahl genannt"
    if family.expected is None:
        return "unvollständig"
    return f"unvollständig: {max(family.expected - family.found, 0)} fehlen"


def _form(family: Family, members: Sequence[Item]) -> str:
    if not family.label:
        return "ohne Nummern"
    return f"Nummern wie „{members[len(members) // 2].ref if members else labels.family_form(family.label)}“"


def _sentence(paper: Paper, family: Family) -> str:
    members = paper.members(family)
    number = counted(family.found, labels.NOUNS[family.kind], family.complete, "de", family.expected)
    place = paper.places.get(family.label, "")
    fields = median_low([len(one.fields) for one in members]) if members else 0
    if fields:
        told = f"{fields} bezeichneten {'Angabe' if fields == 1 else 'Angaben'}"
        place = f"{place or 'je eine Stelle'} mit {'einer bezeichneten Angabe' if fields == 1 else told}"
    return ", ".join(filter(None, (number, _form(family, members), place))) + "."


def _missing(family: Family, members: Sequence[Item]) -> list[str]:
    """Return the numbers that are left out in a running series of one number."""
    if family.complete is not False or family.label.count("{") != 1 or "{n}" not in family.label:
        return []
    printed = {int(match[0]) for one in members if (match := re.search(r"\d+", one.ref))}
    highest = max([*printed, family.expected or 0])
    if highest > 2 * len(members) + 1:
        return []
    return [family.label.replace("{n}", str(number)) for number in range(1, highest + 1) if number not in printed]
