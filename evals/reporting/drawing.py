"""Plots as inline SVG: no date, no random ids, colours and font of the page around them, a title and a description.

Colours are placeholders while matplotlib draws and become CSS variables after, so that a plot follows light and dark.
"""

from __future__ import annotations

import io
import re
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

from markupsafe import Markup, escape

from evals.reporting.german import MINUS

if TYPE_CHECKING:
    from matplotlib.axes import Axes

INK, SOFT, LINE, MAIN, BAD, CARD, SECOND, THIRD = (f"#01020{number}" for number in range(8))
_VARIABLES = {
    INK: "var(--ink)", SOFT: "var(--soft)", LINE: "var(--line)", MAIN: "var(--plot-1)", BAD: "var(--bad)",
    CARD: "var(--card)", SECOND: "var(--plot-2)", THIRD: "var(--plot-3)",
}  # fmt: skip
_STYLE: Any = {
    "svg.fonttype": "none",
    "svg.hashsalt": "strategielotse",
    "font.size": 10.5,
    "text.color": INK,
    "axes.edgecolor": LINE,
    "axes.labelcolor": SOFT,
    "axes.facecolor": "none",
    "axes.grid": True,
    "axes.axisbelow": True,
    "axes.spines.top": False,
    "axes.spines.right": False,
    "grid.color": LINE,
    "grid.linewidth": 0.6,
    "xtick.color": LINE,
    "ytick.color": LINE,
    "xtick.labelcolor": SOFT,
    "ytick.labelcolor": INK,
    "figure.facecolor": "none",
    "legend.frameon": False,
    "legend.labelcolor": INK,
}
_WIDTH = 7.0


class Drawing:
    """One plot: draw on `axes`, then read `svg`."""

    def __init__(self, name: str, title: str, height: float) -> None:
        from matplotlib.figure import Figure

        self._name, self._title = name, title
        self._figure = Figure(figsize=(_WIDTH, height), layout="constrained")
        self.axes: Axes = self._figure.add_subplot()
        self.description = ""
        self.svg = Markup("")

    def in_points(self, places: list[tuple[float, float]]) -> dict[tuple[float, float], tuple[float, float]]:
        """Where places of the axes lie, in points from the lower left corner of the axes."""
        self._figure.draw_without_rendering()
        x0, y0 = self.axes.transAxes.transform((0, 0))
        scale = 72 / self._figure.dpi
        found = [(place, self.axes.transData.transform(place)) for place in places]
        return {place: (scale * (x - x0), scale * (y - y0)) for place, (x, y) in found}

    def finish(self) -> None:
        """Write the SVG."""
        file = io.StringIO()
        nothing = dict.fromkeys(("Creator", "Date", "Format", "Type"))
        self._figure.savefig(file, format="svg", metadata=nothing)
        self.svg = _inlined(file.getvalue(), self._name, self._title, self.description)


@contextmanager
def drawing(name: str, title: str, height: float) -> Iterator[Drawing]:
    """A plot `height` inches high, in the page's look; its SVG is there after the block."""
    from matplotlib import rc_context

    with rc_context(_STYLE):
        made = Drawing(name, title, height)
        yield made
        made.finish()


def round_ticks(axes: Axes, whole: bool = False) -> None:
    """Few, round ticks with decimal commas; `whole` for counts upwards."""
    from matplotlib.ticker import MaxNLocator

    axes.tick_params(axis="y", labelcolor=SOFT)
    for axis in (axes.xaxis, axes.yaxis):
        axis.set_major_locator(
            MaxNLocator(nbins=7, steps=[1, 2, 5, 10], min_n_ticks=2, integer=whole and axis is axes.yaxis)
        )
        axis.set_major_formatter(lambda value, _: f"{value:g}".replace(".", ",").replace("-", MINUS))


def _inlined(svg: str, name: str, title: str, description: str) -> Markup:
    """An SVG file as an element among others: ids of its own, no sizes, spoken of by its title."""
    svg = re.sub(r"<metadata>.*?</metadata>", "", svg[svg.index("<svg") :], flags=re.S)
    svg = re.sub(r'(?<= id=")|(?<=xlink:href="#)|(?<=url\(#)', f"{name}-", svg)
    svg = re.sub(r"font-family: [^;\"]*;? ?", "", svg)
    for placeholder, variable in _VARIABLES.items():
        svg = svg.replace(placeholder, variable)
    box = re.search(r'viewBox="[^"]+"', svg)
    told = f"<title id='{name}-title'>{escape(title)}</title><desc id='{name}-desc'>{escape(description)}</desc>"
    head = (
        f'<svg {box[0] if box else ""} xmlns="http://www.w3.org/2000/svg" xmlns:xlink="http://www.w3.org/1999/xlink" '
        f'role="img" aria-labelledby="{name}-title" aria-describedby="{name}-desc">'
    )
    return Markup(head + told + svg[svg.index(">") + 1 :])
