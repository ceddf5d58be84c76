"""Plots as SVG that opens anywhere: equal figures give equal bytes, texts stay texts, the ground is clear."""

from __future__ import annotations

import io
from collections.abc import Mapping, Sequence
from contextlib import AbstractContextManager

import matplotlib
from matplotlib.axes import Axes
from matplotlib.figure import Figure

_INK = "#767676"  # read on white and on dark ground alike
_COLOURS = ("#2b7bba", "#d9730d", "#8e5bb5", "#3f8f4f", "#b5475b", "#808080", "#a08020")
_MARKERS = ("o", "^", "s", "D", "v", "P", "X")
_PANEL, _HEIGHT = 4.6, 3.8  # inches
Points = Mapping[float, float]
Series = Mapping[str, Points]


def lines(panels: Mapping[str, Series], across: str, *, log: bool = True) -> str:
    """A panel for each thing measured, named by its vertical axis, with a line of (across, value) for each series."""
    names = list(dict.fromkeys(name for series in panels.values() for name in series))
    beside, rows = min(len(panels), 2), -(-len(panels) // 2)
    with _style():
        figure = Figure(figsize=(_PANEL * beside + 2, _HEIGHT * rows), layout="constrained")
        for place, (title, series) in enumerate(panels.items(), start=1):
            axes = figure.add_subplot(rows, beside, place)
            for number, name in enumerate(names):
                points = series.get(name, {})
                marker = _MARKERS[number % len(_MARKERS)]
                axes.plot(list(points), list(points.values()), marker=marker, color=_colour(number), label=name)
            _dress(axes, title, across)
            _scale(axes, sorted({x for points in series.values() for x in points}), log)
        _legend(figure.axes[beside - 1])
        return _svg(figure)


def bars(groups: Mapping[str, Mapping[str, float]], along: str) -> str:
    """A group of horizontal bars for each row, a bar for each name in it, with its value written beside it."""
    names = list(dict.fromkeys(name for values in groups.values() for name in values))
    rows = sum(len(values) for values in groups.values())
    with _style():
        figure = Figure(figsize=(2 * _PANEL, 1.0 + 0.26 * rows + 0.2 * len(groups)), layout="constrained")
        axes = figure.add_subplot()
        place, ticks = 0.0, {}
        for group, values in groups.items():
            ticks[place + (len(values) - 1) / 2] = group
            for name, value in values.items():
                number = names.index(name)
                axes.barh(place, value, height=0.8, color=_colour(number))
                axes.annotate(f" {value:,.3g}", (value, place), va="center", color=_INK, fontsize=8)
                place += 1
            place += 0.8
        _dress(axes, "", along)
        axes.set_yticks(list(ticks), list(ticks.values()))
        axes.invert_yaxis()
        axes.grid(axis="y", visible=False)
        axes.margins(x=0.12)
        _named(axes, names)
        return _svg(figure)


def _named(axes: Axes, names: Sequence[str]) -> None:
    for number, name in enumerate(names):
        axes.barh([], [], color=_colour(number), label=name)
    if len(names) > 1:
        _legend(axes)


def _scale(axes: Axes, across: Sequence[float], log: bool) -> None:
    axes.set_xscale("log")
    axes.set_xticks(across, [f"{one:,.0f}" for one in across])
    if log:
        axes.set_yscale("log")
    axes.minorticks_off()
    axes.yaxis.set_major_formatter("{x:,g}")


def _dress(axes: Axes, up: str, across: str) -> None:
    axes.set_xlabel(across, color=_INK)
    axes.set_ylabel(up, color=_INK)
    axes.tick_params(colors=_INK, length=0)
    axes.grid(color=_INK, alpha=0.3)
    axes.set_axisbelow(True)
    for side in axes.spines.values():
        side.set_visible(False)
    axes.patch.set_alpha(0.0)
    axes.figure.patch.set_alpha(0.0)


def _legend(axes: Axes) -> None:
    axes.legend(loc="center left", bbox_to_anchor=(1.0, 0.5), frameon=False, labelcolor=_INK)


def _colour(number: int) -> str:
    return _COLOURS[number % len(_COLOURS)]


def _style() -> AbstractContextManager[None]:
    return matplotlib.rc_context({"svg.fonttype": "none", "svg.hashsalt": "strategielotse"})


def _svg(figure: Figure) -> str:
    out = io.StringIO()
    figure.savefig(out, format="svg", metadata={"Date": None, "Creator": None})
    return "\n".join(line.rstrip() for line in out.getvalue().splitlines()) + "\n"
