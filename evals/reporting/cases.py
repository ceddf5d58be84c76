"""The cases that a report shows one by one: newly lost, wrong by type, right with a flaw, and won."""

from __future__ import annotations

import re
from collections import defaultdict
from dataclasses import dataclass
from typing import cast

from evals.metrics.judging import Judgement
from evals.reporting.material import Material
from evals.reporting.names import type_name
from evals.reporting.why import besides, why
from service.models import Citation, LookupItem, LookupResult

SHOWN_CITATIONS = 12
SHOWN_FOUND = 10


@dataclass(frozen=True, slots=True)
class Shown:
    """One case with its answer, what is wrong, what finding brought, and the run before where it answered otherwise."""

    judgement: Judgement
    why: list[str]
    besides: list[str]
    found: LookupResult | None = None
    before: Judgement | None = None

    @property
    def anchor(self) -> str:
        """Its place in the page."""
        return anchor(self.judgement.case.id)

    def right(self, one: Citation | LookupItem) -> bool:
        """True where a citation or a found item is of a right item."""
        cited = cast(Citation, one)  # both name their document and number alike
        overview = self.judgement.case.expect.overview
        return self.judgement.asked.is_of(cited, overview.items if overview else self.judgement.case.wanted)


@dataclass(frozen=True, slots=True)
class Group:
    """Cases under one heading."""

    title: str
    cases: list[Shown]


def anchor(case_id: str) -> str:
    """A case's id as the id of an element: what addresses cannot hold becomes a hyphen."""
    return re.sub(r"[^\w.-]+", "-", case_id)


def failed_groups(material: Material) -> list[Group]:
    """Every case that is not fully right, once: those newly lost first, then by type, the most first."""
    lost = set(material.comparison.lost) if material.comparison else set()
    failed = shown(material, material.run.failed)
    newly = [one for one in failed if one.judgement.case.id in lost]
    groups: dict[str, list[Shown]] = defaultdict(list)
    for one in failed:
        if one.judgement.case.id not in lost:
            groups[one.judgement.case.type].append(one)
    types = [Group(type_name(kind), cases) for kind, cases in groups.items()]
    types.sort(key=lambda group: (-len(group.cases), group.title))
    return [Group("Neu verloren", newly), *types] if newly else types


def flawed(material: Material) -> list[Shown]:
    """Cases that are fully right but quote or state something that does not stand."""
    right = shown(material, [one for one in material.run.open if one.fully])
    return [one for one in right if one.besides]


def won(material: Material) -> list[Shown]:
    """Cases that became fully right, each with its judgement in the run before."""
    ids = set(material.comparison.won) if material.comparison else set()
    return shown(material, [one for one in material.run.open if one.case.id in ids])


def shown(material: Material, judgements: list[Judgement]) -> list[Shown]:
    """Cases as they are shown."""
    comparison = material.comparison
    old = {one.case.id: one for one in comparison.before.judgements} if comparison else {}
    findings = material.run.findings
    return [
        Shown(one, why(one), besides(one), findings.get(one.case.id), _other(old.get(one.case.id), one))
        for one in judgements
    ]


def _other(before: Judgement | None, now: Judgement) -> Judgement | None:
    """The run before, where the same case was answered otherwise."""
    if before is None or before.case != now.case:
        return None
    same = before.asked.answer.answer == now.asked.answer.answer and before.fully == now.fully
    refs = [[one.ref for one in judged.asked.answer.citations] for judged in (before, now)]
    return None if same and refs[0] == refs[1] else before
