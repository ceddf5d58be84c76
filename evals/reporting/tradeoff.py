"""The trade between answering and declining: false answers against false refusals as the threshold moves."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass

from markupsafe import Markup

from evals.reporting.drawing import INK, MAIN, SOFT, Drawing, drawing, round_ticks
from evals.reporting.german import number, percent
from evals.runs.summary import Point

_LETTER, _LINE, _OWN = 6.0, 9.0, 8.0  # points: a letter's width, a label's height, what is near another's mark
_PLACES = ((7, 5), (7, -13), (-7, 5), (-7, -13), (7, 17), (-7, 17), (7, -25), (7, 29))  # beside a point, in points
Place = tuple[float, float]


@dataclass(frozen=True, slots=True)
class _Box:
    """A rectangle in points."""

    left: float
    low: float
    right: float
    high: float

    def overlaps(self, other: _Box) -> bool:
        return self.left < other.right and other.left < self.right and self.low < other.high and other.low < self.high


def tradeoff(points: list[Point]) -> Markup | None:
    """False answers against false refusals from a mild to a strict threshold; what ships is strictness 1."""
    if len(points) < 2:
        return None
    with drawing("abwaegung", "Falsch beantwortet gegen falsch nicht beantwortet", 3.6) as made:
        axes = made.axes
        refusals, answers = [100 * one.false_refusals for one in points], [100 * one.false_answers for one in points]
        axes.plot(refusals, answers, color=SOFT, linewidth=1.2, zorder=1)
        alike: dict[tuple[float, float], list[float]] = defaultdict(list)
        for point, place in zip(points, zip(refusals, answers, strict=True), strict=True):
            alike[place].append(point.strict)
        axes.set(xlabel="falsch nicht beantwortet (%)", ylabel="falsch beantwortet (%)")
        axes.set(xlim=_reach(refusals), ylim=_reach(answers))
        _points(made, alike)
        round_ticks(axes)
        made.description = "; ".join(
            f"Strenge {number(one.strict, 2)}: falsch beantwortet {percent(one.false_answers)}, "
            f"falsch nicht beantwortet {percent(one.false_refusals)}"
            for one in points
        )
    return made.svg


def _points(made: Drawing, alike: dict[Place, list[float]]) -> None:
    """Points with their labels, what is set first; a label that finds no free place is left out."""
    taken: list[_Box] = []
    at = made.in_points(list(alike))
    for place, factors in sorted(alike.items(), key=lambda one: 1.0 not in one[1]):
        label, shipped = _strictness(factors), 1.0 in factors
        colour, size = (MAIN, 9) if shipped else (SOFT, 6)
        made.axes.plot(*place, "D" if shipped else "o", color=colour, markersize=size)
        others = [_Box(x - _OWN, y - _OWN, x + _OWN, y + _OWN) for one, (x, y) in at.items() if one != place]
        offset = _free(at[place], _LETTER * len(label), [*taken, *others])
        if offset is not None:
            taken.append(_box(at[place], offset, _LETTER * len(label)))
            side, weight = ("left" if offset[0] > 0 else "right"), ("bold" if shipped else "normal")
            made.axes.annotate(label, place, offset, textcoords="offset points", ha=side, weight=weight, color=INK)


def _free(point: Place, width: float, taken: list[_Box]) -> Place | None:
    """The first place beside a point where a label runs into nothing."""
    for offset in _PLACES:
        box = _box(point, offset, width)
        if box.left > 0 < box.low and not any(box.overlaps(one) for one in taken):
            return offset
    return None


def _box(point: Place, offset: Place, width: float) -> _Box:
    x, y = point[0] + offset[0] - (width if offset[0] < 0 else 0), point[1] + offset[1]
    return _Box(x, y, x + width, y + _LINE)


def _strictness(factors: list[float]) -> str:
    """The label of a point: its factors from mild to strict, and whether the one that is set is among them."""
    ends = [number(one, 2).rstrip("0").rstrip(",") for one in (factors[0], factors[-1])]
    label = "–".join(dict.fromkeys(ends))
    if 1.0 in factors:
        label += " (eingestellt)" if len(factors) == 1 else " (eingestellt: 1)"
    return label


def _reach(values: list[float]) -> tuple[float, float]:
    """Bounds with room for labels; a scale from nothing on, so that small differences look small."""
    high = max(*values, 10.0)
    return -0.04 * high, 1.2 * high
