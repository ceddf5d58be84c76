"""What a run comes to: every measure over all cases and by type, with intervals, and how long answers took."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from hashlib import sha256

import numpy as np
from pydantic import BaseModel

from evals.cases import Case
from evals.metrics.intervals import Part, estimate
from evals.metrics.judging import Judgement
from evals.metrics.measures import MEASURES

Parts = Mapping[str, Part]


class Value(BaseModel):
    """A measure over `n` cases with its 95 % interval."""

    value: float
    low: float
    high: float
    n: int


Values = dict[str, Value]


class Latency(BaseModel):
    """Milliseconds per answer as the asker saw them."""

    median: float
    p95: float
    longest: float


class Point(BaseModel):
    """What answers are worth at one strictness: the threshold of the judgement times this factor."""

    strict: float
    false_answers: float
    false_refusals: float
    fully: float


class Summary(BaseModel):
    """All figures of a run; `baselines` by name, where they were measured; `tradeoff` from mild to strict.

    `digest` tells which cases they are of.
    """

    cases: int
    digest: str
    all: Values
    types: dict[str, Values]
    latency: Latency
    tradeoff: list[Point] = []
    baselines: dict[str, Values] = {}


def values_of(parts: Sequence[Parts]) -> Values:
    """Every measure that some case asks for; measures none asks for are left out."""
    found: Values = {}
    for measure in MEASURES:
        one = estimate([part[measure.name] for part in parts if measure.name in part], share=measure.share)
        if one is not None:
            found[measure.name] = Value(value=one.value, low=one.low, high=one.high, n=one.n)
    return found


def summarised(judgements: Sequence[Judgement]) -> Summary:
    """The figures of these judgements; raises ValueError where there are none."""
    if not judgements:
        raise ValueError("no cases, no figures")
    groups: dict[str, list[Parts]] = defaultdict(list)
    for one in judgements:
        groups[one.case.type].append(one.parts)
    return Summary(
        cases=len(judgements),
        digest=digest_of([one.case for one in judgements]),
        all=values_of([one.parts for one in judgements]),
        types={name: values_of(parts) for name, parts in sorted(groups.items())},
        latency=_latency([one.asked.milliseconds for one in judgements]),
    )


def digest_of(cases: Iterable[Case]) -> str:
    """The digest of cases in whatever order, by question and expectation: "sha256:..."."""
    lines = sorted(map(_asked, cases))
    digest = sha256("\n".join(lines).encode())
    return f"sha256:{digest.hexdigest()[:16]}"


def _asked(case: Case) -> str:
    """A case's question and expectation; later fields only where they say something, so that older digests stay."""
    unsaid = {name for name in ("overview", "verdict") if getattr(case.expect, name) is None}
    corpus = {"corpus"} if case.corpus else set()
    return case.model_dump_json(include={"type", "question", "history", "expect", *corpus}, exclude={"expect": unsaid})


def share(judgements: Sequence[Judgement], name: str) -> float | None:
    """One measure without its interval; None where no case asks for it."""
    parts = [one.parts[name] for one in judgements if name in one.parts]
    below = sum(part[1] for part in parts)
    return sum(part[0] for part in parts) / below if below else None


def _latency(milliseconds: Sequence[float]) -> Latency:
    median, p95, longest = np.percentile(milliseconds, [50, 95, 100])
    return Latency(median=float(median), p95=float(p95), longest=float(longest))
