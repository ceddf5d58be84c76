"""Shares of several systems side by side: an SVG that opens anywhere, each value as a point with its interval."""

from __future__ import annotations

import io
import re
from collections.abc import Mapping, Sequence
from html import escape

import matplotlib
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from evals.metrics.intervals import Estimate

_COLOURS = ("#2b7bba", "#d9730d", "#808080", "#8e5bb5")
_MARKERS = ("o", "s", "D", "^")
_INK = "#767676"  # read on white and on GitHub's dark ground alike, more than 4 to 1
_WIDTH, _ROW_HEIGHT = 8.6, 0.52  # inches
Columns = Mapping[str, Mapping[str, Estimate | None]]


def side_by_side(columns: Columns, labels: Mapping[str, str]) -> str:
    """A plot of each system's values by row: equal values give equal bytes, texts stay texts, the ground is clear."""
    shown = [name for name in labels if any(column[name] for column in columns.values())]
    with matplotlib.rc_context({"svg.fonttype": "none", "svg.hashsalt": "strategielotse"}):
        figure = Figure(figsize=(_WIDTH, 1.2 + _ROW_HEIGHT * max(len(shown), 1)), layout="constrained")
        axes = figure.add_subplot()
        for place, (name, column) in enumerate(columns.items()):
            _draw(axes, name, [column[one] for one in shown], place, len(columns))
        _dress(axes, [_wrapped(labels[name]) for name in shown])
        out = io.StringIO()
        figure.savefig(out, format="svg", metadata={"Date": None, "Creator": None})
    return _accessible(out.getvalue(), columns, labels)


def _draw(axes: Axes, name: str, values: Sequence[Estimate | None], place: int, systems: int) -> None:
    """One system's points with their intervals, beside those of the others."""
    offset = (place - (systems - 1) / 2) * 0.8 / max(systems, 1)
    found = [(row + offset, value) for row, value in enumerate(values) if value]
    shares = [value.value for _, value in found]
    bounds = [
        [max(value.value - value.low, 0.0) for _, value in found],
        [max(value.high - value.value, 0.0) for _, value in found],
    ]
    axes.errorbar(
        shares,
        [row for row, _ in found],
        xerr=bounds,
        fmt=_MARKERS[place % len(_MARKERS)],
        color=_COLOURS[place % len(_COLOURS)],
        markersize=6,
        elinewidth=1.6,
        label=name,
    )


def _dress(axes: Axes, labels: Sequence[str]) -> None:
    axes.set_xlim(-0.02, 1.02)
    axes.set_ylim(max(len(labels), 1) - 0.5, -0.5)
    axes.set_yticks(range(len(labels)), labels)
    axes.grid(axis="x", color=_INK, alpha=0.3)
    axes.set_axisbelow(True)
    for side in axes.spines.values():
        side.set_visible(False)
    axes.tick_params(colors=_INK, length=0)
    axes.set_xlabel("share or mean, with its 95 % interval", color=_INK)
    legend = axes.legend(loc="lower center", bbox_to_anchor=(0.4, 1.0), ncols=4, frameon=False, labelcolor=_INK)
    legend.set_in_layout(True)
    axes.patch.set_alpha(0.0)
    axes.figure.patch.set_alpha(0.0)


def _wrapped(label: str, width: int = 34) -> str:
    words, lines = label.split(), [""]
    for word in words:
        if lines[-1] and len(lines[-1]) + len(word) >= width:
            lines.append(word)
        else:
            lines[-1] = f"{lines[-1]} {word}".strip()
    return "\n".join(lines)


def _accessible(svg: str, columns: Columns, labels: Mapping[str, str]) -> str:
    """A title and what the points say, for who does not see them."""
    said = "; ".join(f"{label}: {', '.join(_said(row, columns))}" for row, label in labels.items())
    head = (
        f'<title id="title">{escape(" compared with ".join(_two(list(columns))))}</title>'
        f'<desc id="desc">{escape(said)}</desc>'
    )
    return re.sub(r"(<svg\b[^>]*)>", rf'\1 role="img" aria-labelledby="title desc">\n {head}', svg, count=1)


def _said(row: str, columns: Columns) -> list[str]:
    return [f"{name} {value.value:.2f}" for name, column in columns.items() if (value := column[row])]


def _two(names: Sequence[str]) -> list[str]:
    return [names[0], " and ".join(names[1:])] if len(names) > 1 else list(names)
