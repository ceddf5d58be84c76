"""The gate: figures that must be reached, and how much may be lost against a reference.

A gate file is TOML: `[min]` and `[max]` name measures with their limits; `[loss]` names measures with the loss that is
allowed against the figures of `reference`, a JSON file beside it that `strategielotse eval gate --accept` writes.
"""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from pathlib import Path

from pydantic import BaseModel, ConfigDict, ValidationError, ValidationInfo, field_validator

from evals.metrics.measures import BY_NAME
from evals.runs.summary import Summary

_CLOSE = 1e-9
_ACCEPT = "'eval gate LAUF --gate {} --accept' schreibt sie neu."
_WRONG_WAY = {"min": False, "max": True}


class GateError(ValueError):
    """A gate file is not in form; the message is one sentence for people."""


class _GateFile(BaseModel):
    """Limits by measure; `reference` is a path relative to the file."""

    model_config = ConfigDict(extra="forbid")

    min: dict[str, float] = {}
    max: dict[str, float] = {}
    loss: dict[str, float] = {}
    reference: str | None = None

    @field_validator("min", "max", "loss")
    @classmethod
    def _sensible(cls, limits: dict[str, float], field: ValidationInfo) -> dict[str, float]:
        if unknown := sorted(limits.keys() - BY_NAME.keys()):
            raise ValueError(f"unbekanntes Maß: {', '.join(unknown)}")
        for name, limit in limits.items():
            if BY_NAME[name].share and not 0.0 <= limit <= 1.0:
                raise ValueError(f"{name} liegt zwischen 0 und 1 (0.85 statt 85)")
            if _WRONG_WAY.get(str(field.field_name)) is BY_NAME[name].more_is_better:
                raise ValueError(f"{name} gehört in die andere Tabelle: so hielte die Schwelle nie etwas zurück")
        return limits


class _Reference(BaseModel):
    """Accepted figures, and the digest of the cases that they are of."""

    cases: str = ""
    measures: dict[str, float] = {}


@dataclass(frozen=True, slots=True)
class Limits:
    """A gate file with its reference: least and greatest values, and the loss allowed from `reference`.

    `cases` is the digest of the cases that the reference is of, "" without one.
    """

    least: dict[str, float]
    greatest: dict[str, float]
    loss: dict[str, float]
    reference: dict[str, float]
    cases: str = ""

    def floor(self, measure: str) -> float | None:
        """The value that a measure must not fall below (or rise above, where less is better); None without limit."""
        better = BY_NAME[measure].more_is_better
        found = [(self.least if better else self.greatest).get(measure)]
        if measure in self.loss and measure in self.reference:
            found.append(self.reference[measure] + (-1 if better else 1) * self.loss[measure])
        known = [one for one in found if one is not None]
        return (max(known) if better else min(known)) if known else None


@dataclass(frozen=True, slots=True)
class Shortfall:
    """A measure that the gate holds back for; `value` is None where nothing measured it."""

    measure: str
    value: float | None
    limit: float
    why: str

    def __str__(self) -> str:
        value = "nicht gemessen" if self.value is None else f"{self.value:.3f}"
        return f"{self.measure} ist {value}, {self.why} {self.limit:.3f}"


def load_limits(path: Path) -> Limits:
    """Read a gate file and its reference; raises GateError."""
    found = _read(path)
    reference = _reference(found, path)
    if missing := sorted(found.loss.keys() - reference.measures.keys()):
        raise GateError(f"{found.reference} nennt keinen Wert für {', '.join(missing)}; {_ACCEPT.format(path.name)}")
    return Limits(found.min, found.max, found.loss, reference.measures, reference.cases)


def shortfalls(summary: Summary, limits: Limits) -> list[Shortfall]:
    """What holds a run back: measures below their minimum, above their maximum, or worse than the reference allows.

    A measure that nothing measured reaches no limit. Raises GateError where the reference is of other cases.
    """
    if limits.cases and limits.cases != summary.digest:
        raise GateError(
            "Der Bezug der Schwellen ist von anderen Fällen; 'eval gate LAUF --gate DATEI --accept' erneuert ihn."
        )
    values = {name: one.value for name, one in summary.all.items()}
    found = []
    for name, limit in limits.least.items():
        if name not in values or values[name] < limit - _CLOSE:
            found.append(Shortfall(name, values.get(name), limit, "verlangt sind mindestens"))
    for name, limit in limits.greatest.items():
        if name not in values or values[name] > limit + _CLOSE:
            found.append(Shortfall(name, values.get(name), limit, "erlaubt sind höchstens"))
    return found + [one for name in limits.loss if (one := _lost(name, values, limits))]


def accept_as_reference(summary: Summary, path: Path) -> Path:
    """Write the figures of a run as the reference of a gate file; returns where. Raises GateError."""
    name = _read(path).reference
    if name is None:
        raise GateError(f"{path.name} nennt keine reference, die zu schreiben wäre.")
    figures = {name: round(one.value, 6) for name, one in summary.all.items()}
    place = path.parent / name
    place.write_text(
        _Reference(cases=summary.digest, measures=figures).model_dump_json(indent=2) + "\n", encoding="utf-8"
    )
    return place


def _read(path: Path) -> _GateFile:
    try:
        return _GateFile.model_validate(tomllib.loads(path.read_text(encoding="utf-8")))
    except OSError as error:
        raise GateError(f"{path} ist nicht lesbar ({error.strerror}).") from error
    except ValidationError as error:
        told = "; ".join(f"{'.'.join(map(str, one['loc']))}: {one['msg']}" for one in error.errors())
        raise GateError(f"{path.name} ist nicht in Form: {told}") from error
    except ValueError as error:
        raise GateError(f"{path.name} ist kein TOML: {error}") from error


def _reference(found: _GateFile, path: Path) -> _Reference:
    if not found.loss:
        return _Reference()
    if found.reference is None:
        raise GateError(f"{path.name} erlaubt Verluste, nennt aber keine reference, gegen die sie zählen.")
    place = path.parent / found.reference
    try:
        return _Reference.model_validate_json(place.read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        raise GateError(f"{place.name} ist nicht lesbar; {_ACCEPT.format(path.name)}") from error


def _lost(name: str, values: dict[str, float], limits: Limits) -> Shortfall | None:
    if name not in limits.reference:
        return None
    better, value = BY_NAME[name].more_is_better, values.get(name)
    limit = limits.reference[name] + (-1 if better else 1) * limits.loss[name]
    worse = value is None or (value < limit - _CLOSE if better else value > limit + _CLOSE)
    return Shortfall(name, value, limit, "nach erlaubtem Verlust bleiben") if worse else None
