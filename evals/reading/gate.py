"""The gate of reading: for each suite of papers the figures that must be reached, and those that must not be passed.

The file is TOML: `[SUITE.min]` and `[SUITE.max]` name figures with their limits, as shares 0..1.
"""

from __future__ import annotations

import tomllib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from pydantic import BaseModel, ConfigDict, TypeAdapter, ValidationError, ValidationInfo, field_validator

from evals.reading.figures import BY_NAME, ReadingFigures

_CLOSE = 1e-9


class ReadingGateError(ValueError):
    """A gate file is not in form; the message is one sentence for people."""


class ReadingLimits(BaseModel):
    """Least and greatest shares of one suite, by figure."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    min: dict[str, float] = {}
    max: dict[str, float] = {}

    @field_validator("min", "max")
    @classmethod
    def _sensible(cls, limits: dict[str, float], field: ValidationInfo) -> dict[str, float]:
        for name, limit in limits.items():
            if name not in BY_NAME:
                raise ValueError(f"unbekannte Zahl: {name}")
            if BY_NAME[name].more_is_better is not (field.field_name == "min"):
                raise ValueError(f"{name} gehört in die andere Tabelle: so hielte die Schwelle nie etwas zurück")
            if not 0.0 <= limit <= 1.0:
                raise ValueError(f"{name} liegt zwischen 0 und 1")
        return limits


@dataclass(frozen=True, slots=True)
class ReadingShortfall:
    """A figure that the gate holds back for; `value` is None where nothing was measured."""

    figure: str
    value: float | None
    limit: float

    def __str__(self) -> str:
        value = "nicht gemessen" if self.value is None else f"{self.value:.4f}"
        return f"{self.figure} ist {value}, Schwelle {self.limit:.4f}"


def load_reading_limits(path: Path) -> dict[str, ReadingLimits]:
    """Read a gate file, limits by suite; raises ReadingGateError."""
    try:
        with path.open("rb") as file:
            return TypeAdapter(dict[str, ReadingLimits]).validate_python(tomllib.load(file))
    except (OSError, tomllib.TOMLDecodeError) as error:
        raise ReadingGateError(f"{path} ist nicht lesbar ({error}).") from None
    except ValidationError as error:
        raise ReadingGateError(f"{path}: {error.errors()[0]['msg']}") from None


def reading_shortfalls(figures: ReadingFigures, limits: ReadingLimits) -> Iterator[ReadingShortfall]:
    """Yield the figures below their minimum or above their maximum; one that nothing measured reaches no limit."""
    for name, limit in (*limits.min.items(), *limits.max.items()):
        value = figures[name].value
        sign = 1 if BY_NAME[name].more_is_better else -1
        if value is None or sign * value < sign * limit - _CLOSE:
            yield ReadingShortfall(name, value, limit)
