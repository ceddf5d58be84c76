"""The gate: limits of measures for groups of cases or documents; the same code for answers and for
reading.

A gate file is TOML. For each group (a group of papers, "all", or a suite): `[GROUP.min]` and
`[GROUP.max]` name measures with their limits, `[GROUP.except]` names cases that are known not to
meet one of them.
"""

from __future__ import annotations

import tomllib
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from pydantic import BaseModel, ConfigDict, Field, TypeAdapter, ValidationError

from evals.measurements import ALL, estimate
from evals.metrics.measures import BY_NAME
from evals.run import Run
from prompts import say
from service.terminal import CommandError

_TABLES = {1: "min", -1: "max", 0: "except"}  # by the sign of `_limits`; 0 for exceptions
_TOLERANCE = 1e-9  # of a limit, for shares that are computed
# measure → True if more is better; None if it is only reported, which may have either limit
Better = Mapping[str, bool | None]
Measured = Callable[[str, str, frozenset[str]], float | None]
"""Returns the value of (group, measure, ids of cases to leave out); None if it was not measured."""
ANSWERS: Better = {measure.name: measure.more_is_better for measure in BY_NAME.values()}


class GroupLimits(BaseModel):
    """The limits of one group, by measure."""

    model_config = ConfigDict(extra="forbid", frozen=True, populate_by_name=True)

    min: dict[str, float] = {}
    max: dict[str, float] = {}
    excepted: dict[str, tuple[str, ...]] = Field({}, alias="except")


Gate = Mapping[str, GroupLimits]  # by group


@dataclass(frozen=True, slots=True)
class Shortfall:
    """A measure that misses its limit; `value` is None if it was not measured."""

    group: str
    measure: str
    value: float | None
    limit: float
    why: str

    def __str__(self) -> str:
        value = say("evaluation.not_measured") if self.value is None else f"{self.value:.3f}"
        return say(
            "evaluation.shortfall",
            group=self.group,
            measure=self.measure,
            value=value,
            why=self.why,
            limit=self.limit,
        )


def load_gate(path: Path, better: Better = ANSWERS) -> Gate:
    """Return the limits of a gate file, by group. `better` has the measures that may have a limit,
    and whether more of each is better. Raises CommandError if the file cannot be read, has another
    form, or has limits that make no sense.
    """
    try:
        raw = tomllib.loads(path.read_text(encoding="utf-8"))
        limits = TypeAdapter(dict[str, GroupLimits]).validate_python(raw)
    except OSError as error:
        raise CommandError(
            say("evaluation.gate_unreadable", path=path, strerror=error.strerror)
        ) from error
    except ValidationError as error:
        text = "; ".join(
            f"{'.'.join(map(str, problem['loc']))}: {problem['msg']}" for problem in error.errors()
        )
        raise CommandError(say("evaluation.gate_form", name=path.name, told=text)) from error
    except ValueError as error:
        raise CommandError(say("evaluation.gate_not_toml", name=path.name, error=error)) from error
    for group, group_limits in limits.items():
        _require_sensible(path.name, group, group_limits, better)
    return limits


def shortfalls(gate: Gate, measured: Measured) -> list[Shortfall]:
    """Return the limits of a gate that a run misses.

    A limit is missed if the measure is below a minimum, above a maximum, or was not measured: a
    gate must not pass because nothing was asked. Cases that the gate excepts from a measure are
    left out of it.
    """
    results = []
    for group, limits in gate.items():
        for measure, limit, sign in _limits(limits):  # sign: 1 for a minimum, -1 for a maximum
            value = measured(group, measure, frozenset(limits.excepted.get(measure, ())))
            if value is None or sign * value < sign * limit - _TOLERANCE:
                why = say("evaluation.at_least" if sign > 0 else "evaluation.at_most")
                results.append(Shortfall(group, measure, value, limit, why))
    return results


def find_measures(run: Run) -> Measured:
    """Return a function that gives the value of a measure in a run.

    The function takes the group ("all" for all cases), the measure and the ids of cases to leave
    out; it returns None if the measure applies to no case.
    """

    def value(group: str, measure: str, left_out: frozenset[str]) -> float | None:
        ratios = [
            row.judgement.ratios.get(measure)
            for row in run.rows
            if group in (ALL, row.group) and row.case.id not in left_out
        ]
        result = estimate([ratio for ratio in ratios if ratio is not None])
        return result.value if result else None

    return value


def _limits(limits: GroupLimits) -> Iterator[tuple[str, float, int]]:
    """Yield each measure with its limit, and 1 for a minimum, -1 for a maximum."""
    yield from ((measure, limit, 1) for measure, limit in limits.min.items())
    yield from ((measure, limit, -1) for measure, limit in limits.max.items())


def _require_sensible(file: str, group: str, limits: GroupLimits, better: Better) -> None:
    """Raise CommandError for limits that make no sense.

    These are limits on an unknown measure, a minimum for a measure of which less is better (or the
    reverse), and a limit that is not between 0 and 1. An exception needs only a known measure.
    """
    named = [*_limits(limits), *((measure, 0.0, 0) for measure in limits.excepted)]
    for measure, limit, sign in named:
        key = ""
        if measure not in better:
            key = "unknown_measure"
        # a maximum where more is better, or the reverse
        elif sign and better[measure] is (sign < 0):
            key = "wrong_table"
        elif not 0.0 <= limit <= 1.0:
            key = "not_a_share"
        if key:
            table = _TABLES[sign]
            place = {"file": file, "group": group, "table": table, "measure": measure}
            raise CommandError(say(f"evaluation.{key}", **place))
