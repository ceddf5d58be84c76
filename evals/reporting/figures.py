"""The figures of a report: each measure with interval, change and limit, over all cases and by type."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass

from evals.metrics.intervals import Estimate
from evals.metrics.measures import BY_NAME, MEASURES, Measure
from evals.reporting.german import number, percent, percents, points
from evals.reporting.material import Bound, Material
from evals.reporting.names import type_name
from evals.runs.summary import Value, Values

HEADLINE = ("fully", "right item")
PAIR = ("false answers", "false refusals")
NEAR_AND_FAR = ("false answers near", "false answers far", "false answers other")
OTHERS = ("facts", "list complete", "count", "verbatim", "pages", "unsupported")
BY_TYPE = ("fully", "right item", "right@1", "facts", "count", "false answers", "false refusals", "precision")
WEAK = 0.10  # a type is weak in a measure where it is this much worse than all cases together
_SAME = 5e-4


@dataclass(frozen=True, slots=True)
class Change:
    """What became of a measure since the run before; `certain` where its interval does not hold zero."""

    measure: Measure
    difference: Estimate

    @property
    def better(self) -> bool | None:
        """None where it is the same, or where more is neither better nor worse."""
        if self.same or self.measure.more_is_better is None:
            return None
        return (self.difference.value > 0) == self.measure.more_is_better

    @property
    def same(self) -> bool:
        """True where nothing changed that can be shown."""
        return abs(self.difference.value) < _SAME

    @property
    def certain(self) -> bool:
        """True where the change is more than chance."""
        return self.difference.low > 0 or self.difference.high < 0

    @property
    def arrow(self) -> str:
        """Where the figure moved."""
        return "=" if self.same else "▲" if self.difference.value > 0 else "▼"

    def __str__(self) -> str:
        if self.same:
            return "wie davor"
        size = points(self.difference.value) if self.measure.share else number(abs(self.difference.value))
        words = {True: " besser", False: " schlechter", None: " mehr" if self.difference.value > 0 else " weniger"}
        return f"{size}{words[self.better]}{'' if self.certain else ', kann Zufall sein'}"


@dataclass(frozen=True, slots=True)
class Figure:
    """One measure as it is shown."""

    measure: Measure
    value: Value
    change: Change | None = None
    bound: Bound | None = None
    weak: bool = False

    @property
    def shown(self) -> str:
        """The value: "85 %"."""
        return percent(self.value.value) if self.measure.share else number(self.value.value)

    @property
    def interval(self) -> str:
        """The 95 % interval: "79–90 %"."""
        low, high = self.value.low, self.value.high
        return percents(low, high) if self.measure.share else f"{number(low)}–{number(high)}"


@dataclass(frozen=True, slots=True)
class TypeRow:
    """A type of question with its figures by measure, and how many of its cases were won and lost."""

    kind: str
    cases: int
    figures: dict[str, Figure]
    won: int
    lost: int

    @property
    def name(self) -> str:
        """Its German name."""
        return type_name(self.kind)

    @property
    def right(self) -> int:
        """How many of its cases are fully right."""
        fully = self.figures["fully"].value
        return round(fully.value * fully.n)


def figure(material: Material, name: str) -> Figure | None:
    """One measure over all cases; None where no case asks for it."""
    value = material.run.summary.all.get(name)
    if value is None:
        return None
    differences = material.comparison.differences if material.comparison else {}
    change = Change(BY_NAME[name], differences[name]) if name in differences else None
    return Figure(BY_NAME[name], value, change, material.bound(name))


def figures(material: Material, names: tuple[str, ...] | None = None) -> list[Figure]:
    """These measures, else all, as far as they were measured."""
    wanted = names or tuple(one.name for one in MEASURES)
    return [found for name in wanted if (found := figure(material, name))]


def by_type(material: Material) -> list[TypeRow]:
    """All types, the weakest first."""
    summary, comparison = material.run.summary, material.comparison
    kinds = {one.case.id: one.case.type for one in material.run.judgements}
    won = Counter(kinds[one] for one in comparison.won) if comparison else Counter[str]()
    lost = Counter(kinds[one] for one in comparison.lost) if comparison else Counter[str]()
    rows = [
        TypeRow(kind, values["fully"].n, _of_type(values, summary.all), won[kind], lost[kind])
        for kind, values in summary.types.items()
    ]
    return sorted(rows, key=lambda row: (row.figures["fully"].value.value, -row.cases, row.name))


def shown_by_type(rows: list[TypeRow]) -> list[Measure]:
    """The measures that some type has a figure for."""
    return [BY_NAME[name] for name in BY_TYPE if any(name in row.figures for row in rows)]


def _of_type(values: Values, overall: Values) -> dict[str, Figure]:
    return {
        name: Figure(BY_NAME[name], values[name], weak=_weak(BY_NAME[name], values[name], overall[name]))
        for name in BY_TYPE
        if name in values
    }


def _weak(measure: Measure, value: Value, overall: Value) -> bool:
    worse = overall.value - value.value if measure.more_is_better else value.value - overall.value
    return worse >= WEAK
