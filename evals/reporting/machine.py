"""The report for programs: report.json with verdict, headline, comparison and gate; all figures are in summary.json."""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import Any

from evals.metrics.intervals import Estimate
from evals.reporting import cases, figures
from evals.reporting.material import Material
from evals.reporting.verdict import verdict
from evals.runs.comparison import Comparison


def machine(material: Material) -> str:
    """The report as JSON."""
    run = material.run
    names = (*figures.HEADLINE, *figures.PAIR, *figures.NEAR_AND_FAR, *figures.OTHERS)
    told = {
        "name": run.info.name,
        "edition": run.info.edition,
        "cases": run.summary.cases,
        "verdict": verdict(material),
        "headline": {one.measure.name: one.value.model_dump() for one in figures.figures(material, names)},
        "failed_unseen": run.failed_unseen,
        "failed": {one.judgement.case.id: one.why for one in cases.shown(material, run.failed)},
        "comparison": _comparison(material),
        "gate": _gate(material),
    }
    return json.dumps(told, ensure_ascii=False, indent=2) + "\n"


def _comparison(material: Material) -> dict[str, Any] | None:
    found = material.comparison
    if found is None:
        return None
    return {
        "before": found.before.info.name,
        "cases": found.cases,
        "won": _shown(found.won, found),
        "lost": _shown(found.lost, found),
        "won_in_all": len(found.won),
        "lost_in_all": len(found.lost),
        "p_value": found.p_value,
        "significant": found.significant,
        "differences": {name: _difference(one) for name, one in found.differences.items()},
    }


def _shown(ids: Sequence[str], found: Comparison) -> list[str]:
    hidden = set(found.after.info.measured_only)
    return [one for one in ids if one not in hidden]


def _difference(one: Estimate) -> dict[str, float]:
    return {"value": one.value, "low": one.low, "high": one.high, "n": one.n}


def _gate(material: Material) -> dict[str, Any] | None:
    if material.short is None:
        return None
    told = [{"measure": one.measure, "value": one.value, "limit": one.limit, "why": one.why} for one in material.short]
    return {"passed": not told, "shortfalls": told}
