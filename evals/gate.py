"""The gate: what must hold, of groups of cases or of suites of papers; one engine for answers and for reading.

A gate file is TOML. For each group (a group of papers, "all", or a suite): `[GROUP.min]` and `[GROUP.max]` name
measures with their limits, `[GROUP.except]` names cases that are known not to meet one of them, `[GROUP.rise]` says by
how much a measure may get worse than at the start. `start` names the JSON file beside it with those figures, which
`--accept` writes.
"""

from __future__ import annotations

import json
import tomllib
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from pydantic import BaseModel, ConfigDict, Field, TypeAdapter, ValidationError

from evals.figures import ALL, estimate, parts_without
from evals.metrics.measures import BY_NAME
from evals.run import Run
from prompts import say

_CLOSE = 1e-9
Better = Mapping[str, bool | None]
Measured = Callable[[str, str, frozenset[str]], float | None]
"""A measure of a group, some cases left out; None where nothing measured it."""
ANSWERS: Better = {one.name: one.more_is_better for one in BY_NAME.values()}


class GateError(ValueError):
    """A gate file is not in form; the message is one sentence for people."""


class Limits(BaseModel):
    """The limits of one group, by measure."""

    model_config = ConfigDict(extra="forbid", frozen=True, populate_by_name=True)

    min: dict[str, float] = {}
    max: dict[str, float] = {}
    rise: dict[str, float] = {}
    excepted: dict[str, tuple[str, ...]] = Field({}, alias="except")


@dataclass(frozen=True, slots=True)
class Gate:
    """A gate file: limits by group, and the figures of the start by group and measure."""

    path: Path
    limits: Mapping[str, Limits]
    better: Better
    start: Mapping[str, Mapping[str, float]]
    start_file: Path | None = None


@dataclass(frozen=True, slots=True)
class Shortfall:
    """A measure that the gate holds back for; `value` is None where nothing measured it."""

    group: str
    measure: str
    value: float | None
    limit: float
    why: str

    def __str__(self) -> str:
        value = say("evaluation.not_measured") if self.value is None else f"{self.value:.3f}"
        return say(
            "evaluation.shortfall", group=self.group, measure=self.measure, value=value, why=self.why, limit=self.limit
        )


def load_gate(path: Path, better: Better = ANSWERS) -> Gate:
    """Read a gate file for these measures, and the figures of its start; raises GateError."""
    raw = _read(path)
    name = raw.pop("start", None)
    try:
        limits = TypeAdapter(dict[str, Limits]).validate_python(raw)
    except ValidationError as error:
        told = "; ".join(f"{'.'.join(map(str, one['loc']))}: {one['msg']}" for one in error.errors())
        raise GateError(say("evaluation.gate_form", name=path.name, told=told)) from error
    for group_name, one in limits.items():
        _require_sensible(path, group_name, one, better)
    file = path.parent / name if name else None
    return Gate(path, limits, better, _start(file) if file else {}, file)


def shortfalls(gate: Gate, measured: Measured) -> list[Shortfall]:
    """What is held back: below a minimum, above a maximum, or worse than at the start by more than is allowed.

    A measure that nothing measured reaches no limit. Raises GateError where the start has no figure for one.
    """
    return [one for name, limits in gate.limits.items() for one in _short(name, limits, gate, measured)]


def accept(gate: Gate, measured: Measured) -> Path:
    """Write the figures that are held against the start, as they are now; returns where. Raises GateError."""
    if gate.start_file is None:
        raise GateError(say("evaluation.gate_without_start", name=gate.path.name))
    found: dict[str, dict[str, float]] = {}
    for name, limits in gate.limits.items():
        for measure in limits.rise:
            value = _value(measured, name, measure, limits)
            if value is None:
                raise GateError(say("evaluation.measure_not_measured", name=name, measure=measure))
            found.setdefault(name, {})[measure] = round(value, 4)
    gate.start_file.write_text(f"{json.dumps(found, indent=2)}\n", encoding="utf-8")
    return gate.start_file


def measured_in(run: Run) -> Measured:
    """The measures of a run by group."""

    def value(group: str, measure: str, left_out: frozenset[str]) -> float | None:
        rows = [one for one in run.rows if group in (ALL, one.group)]
        found = estimate(parts_without(rows, measure, left_out))
        return found.value if found else None

    return value


def _short(name: str, limits: Limits, gate: Gate, measured: Measured) -> Iterator[Shortfall]:
    for measure, limit in limits.min.items():
        value = _value(measured, name, measure, limits)
        if value is None or value < limit - _CLOSE:
            yield Shortfall(name, measure, value, limit, "verlangt sind mindestens")
    for measure, limit in limits.max.items():
        value = _value(measured, name, measure, limits)
        if value is None or value > limit + _CLOSE:
            yield Shortfall(name, measure, value, limit, say("evaluation.at_most"))
    for measure, room in limits.rise.items():
        start = gate.start.get(name, {}).get(measure)
        if start is None:
            raise GateError(say("evaluation.start_value_missing", name=gate.path.name, measure=measure))
        sign = 1 if gate.better[measure] else -1
        value, limit = _value(measured, name, measure, limits), start - sign * room
        if value is None or sign * value < sign * limit - _CLOSE:
            yield Shortfall(name, measure, value, limit, f"am Anfang {start:.3f}, Grenze")


def _value(measured: Measured, name: str, measure: str, limits: Limits) -> float | None:
    return measured(name, measure, frozenset(limits.excepted.get(measure, ())))


def _require_sensible(path: Path, name: str, limits: Limits, better: Better) -> None:
    for table, wrong_way in (("min", False), ("max", True), ("rise", None), ("excepted", None)):
        for measure in getattr(limits, table):
            if measure not in better:
                raise GateError(
                    say("evaluation.unknown_measure", file=path.name, group=name, table=table, measure=measure)
                )
            if wrong_way is not None and better[measure] is wrong_way:
                raise GateError(say("evaluation.wrong_table", file=path.name, group=name, table=table, measure=measure))
    for measure, limit in {**limits.min, **limits.max, **limits.rise}.items():
        if not 0.0 <= limit <= 1.0:
            raise GateError(say("evaluation.not_a_share", file=path.name, group=name, measure=measure))


def _read(path: Path) -> dict[str, Any]:
    try:
        return tomllib.loads(path.read_text(encoding="utf-8"))
    except OSError as error:
        raise GateError(say("evaluation.gate_unreadable", path=path, strerror=error.strerror)) from error
    except ValueError as error:
        raise GateError(say("evaluation.gate_not_toml", name=path.name, error=error)) from error


def _start(path: Path) -> Mapping[str, Mapping[str, float]]:
    if not path.exists():
        return {}
    try:
        found: dict[str, dict[str, float]] = TypeAdapter(dict[str, dict[str, float]]).validate_json(path.read_bytes())
        return found
    except ValidationError as error:
        raise GateError(say("evaluation.start_unreadable", name=path.name)) from error
