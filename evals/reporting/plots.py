"""The plots of a report; each gives None where the run holds nothing to draw."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from markupsafe import Markup

from evals.metrics.measures import BY_NAME
from evals.reporting.drawing import BAD, CARD, INK, MAIN, SECOND, SOFT, THIRD, drawing, round_ticks
from evals.reporting.figures import TypeRow
from evals.reporting.german import MINUS, milliseconds, percent, percents
from evals.runs.summary import Latency, Summary, Value

if TYPE_CHECKING:
    from matplotlib.axes import Axes

_ROW = 0.3  # inches per row of a plot
_AROUND = 0.75
_BINS = 30
_BESIDE = ("fully", "right@1", "right@3", "right@5", "mrr", "ndcg", "recall", "facts", "in quote", "false answers")
_SYSTEMS = ((MAIN, "o"), (SECOND, "s"), (THIRD, "D"), (SOFT, "^"))


def fully_by_type(rows: list[TypeRow], overall: Value) -> Markup | None:
    """The share of fully right answers of each type with its interval, the weakest on top."""
    if not rows:
        return None
    with drawing("nach-art", "Ganz richtig nach Art der Frage", _height(len(rows))) as made:
        for place, row in enumerate(rows):
            one = row.figures["fully"]
            colour = BAD if one.weak else MAIN
            _interval(made.axes, one.value, place, colour)
            made.axes.plot(one.value.value, place, "D" if one.weak else "o", color=colour, markersize=7)
        made.axes.axvline(overall.value, color=INK, linewidth=1, linestyle=(0, (4, 3)))
        _rows(made.axes, [f"{row.name} ({row.cases})" for row in rows])
        _shares(made.axes)
        made.description = "; ".join(f"{row.name}: {row.right} von {row.cases}" for row in rows)
    return made.svg


def won_and_lost(rows: list[TypeRow]) -> Markup | None:
    """How many cases of each type were won and lost against the run before."""
    changed = [row for row in rows if row.won or row.lost]
    if not changed:
        return None
    with drawing("gewonnen", "Gewonnene und verlorene Fragen nach Art", _height(len(changed))) as made:
        axes, places = made.axes, range(len(changed))
        _bars(axes, [row.won for row in changed], MAIN, "+")
        _bars(axes, [-row.lost for row in changed], BAD, MINUS)
        reach = 1.25 * max(max(row.won, row.lost) for row in changed) + 0.4
        axes.axvline(0, color=INK, linewidth=1)
        axes.set(xlim=(-reach, reach), xticks=[-reach / 2, reach / 2], xticklabels=["◀ verloren", "gewonnen ▶"])
        _rows(axes, [changed[place].name for place in places])
        axes.grid(False)
        axes.tick_params(length=0)
        made.description = "; ".join(f"{row.name}: {row.won} gewonnen, {row.lost} verloren" for row in changed)
    return made.svg


def latency(times: list[float], found: Latency) -> Markup | None:
    """How long answers took, with median and 95th percentile; what took longer than twice that stands at the end."""
    if not times:
        return None
    end = max(min(found.longest, 2 * found.p95), 0.01)
    with drawing("dauer", "Dauer der Antworten", 3.0) as made:
        axes = made.axes
        axes.hist(np.minimum(times, end), bins=_BINS, range=(0, end), color=MAIN, edgecolor=CARD, linewidth=0.5)
        top = axes.get_ylim()[1] * 1.18
        axes.set(xlim=(0, end), ylim=(0, top), xlabel="Millisekunden", ylabel="Fragen")
        for value, label, high in ((found.median, "Hälfte", 0.97), (found.p95, "95 %", 0.87)):
            axes.axvline(value, color=INK, linewidth=1, linestyle=(0, (4, 3)))
            axes.text(value + end / 90, high * top, f"{label} bis {milliseconds(value)}", va="top")
        axes.grid(axis="x", visible=False)
        round_ticks(axes, whole=True)
        made.description = (
            f"Median {milliseconds(found.median)}, 95 % bis {milliseconds(found.p95)}, "
            f"längste {milliseconds(found.longest)}"
        )
    return made.svg


def against_baselines(summary: Summary) -> Markup | None:
    """The service beside each baseline in the measures that all of them have."""
    systems = {"Strategielotse": summary.all, **summary.baselines}
    names = [name for name in _BESIDE if all(name in values for values in systems.values())]
    if not summary.baselines or not names:
        return None
    with drawing(
        "vergleichsverfahren", "Strategielotse neben Vergleichsverfahren", 2 * _height(len(names)) / 1.5
    ) as made:
        step = 0.6 / len(systems)
        for turn, (system, values) in enumerate(systems.items()):
            colour, marker = _SYSTEMS[turn % len(_SYSTEMS)]
            for row, name in enumerate(names):
                place = row + step * (turn - (len(systems) - 1) / 2)
                _interval(made.axes, values[name], place, colour)
                label = system if row == 0 else None
                made.axes.plot(values[name].value, place, marker, color=colour, markersize=6, linestyle="", label=label)
        _rows(made.axes, [BY_NAME[name].label for name in names])
        _shares(made.axes)
        made.axes.legend(loc="lower center", bbox_to_anchor=(0.5, 1.0), ncols=len(systems))
        made.description = "; ".join(
            _told(name, values[name], system) for name in names for system, values in systems.items()
        )
    return made.svg


def _told(name: str, value: Value, system: str) -> str:
    return f"{BY_NAME[name].label}, {system}: {percent(value.value)} ({percents(value.low, value.high)})"


def _height(rows: int) -> float:
    return _AROUND + _ROW * rows


def _interval(axes: Axes, value: Value, place: float, colour: str) -> None:
    axes.plot([value.low, value.high], [place, place], color=colour, linewidth=2.2, alpha=0.45, solid_capstyle="round")


def _rows(axes: Axes, labels: list[str]) -> None:
    axes.set_yticks(range(len(labels)), labels)
    axes.set_ylim(len(labels) - 0.4, -0.6)
    axes.tick_params(axis="y", length=0)
    axes.spines["left"].set_visible(False)
    axes.grid(axis="y", visible=False)


def _shares(axes: Axes) -> None:
    axes.set(xlim=(-0.01, 1.02), xticks=[0, 0.25, 0.5, 0.75, 1], xticklabels=["0", "25", "50", "75", "100 %"])


def _bars(axes: Axes, values: list[int], colour: str, sign: str) -> None:
    axes.barh(range(len(values)), values, color=colour, height=0.6)
    for place, value in enumerate(values):
        if value:
            side = "left" if value > 0 else "right"
            axes.annotate(
                f"{sign}{abs(value)}", (value, place), (5 if value > 0 else -5, 0),
                textcoords="offset points", ha=side, va="center",
            )  # fmt: skip
