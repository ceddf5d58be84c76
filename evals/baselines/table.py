"""Service and baselines side by side: a table between two marks of a Markdown file, and a plot that opens anywhere."""

from __future__ import annotations

import io
import re
from collections.abc import Mapping, Sequence
from html import escape
from pathlib import Path

import matplotlib
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from evals.metrics.intervals import Estimate, Part, estimate
from evals.metrics.judging import Asked, Judgement
from evals.metrics.measures import BY_NAME
from evals.reporting.marked import Marks

MARKS = Marks("<!-- baselines -->", "<!-- /baselines -->")
IN_THREE = "right in 3 passages"
ROWS: dict[str, str] = {
    "right item": "right items cited: one among the first three, or all of a list",
    "right@1": "right item first",
    "right@3": "right item among the first three citations",
    "right@5": "right item among the first five citations",
    IN_THREE: "right item in the first three passages",
    "mrr": "mean reciprocal rank (MRR)",
    "ndcg": "nDCG, first ten",
    "fully": "fully right",
    "list complete": "lists complete",
    "count": "counts right",
    "false answers": "answered although the documents do not say it (fewer is better)",
}
_EXPLAINED = (
    "LangChain: recursive splitter at 1,000 characters with 200 overlap, langchain-chroma, the same embedding. "
    "BM25: over the same passages. Both give ten passages, tell the first three and never decline; a passage is cited "
    "once for every item that it holds half of, which the row on passages counts as one place. A count is right for "
    "them where the number stands anywhere in what they tell."
)
_COLOURS = ("#2b7bba", "#d9730d", "#808080", "#8e5bb5")
_MARKERS = ("o", "s", "D", "^")
_INK = "#767676"  # read on white and on GitHub's dark ground alike, more than 4 to 1
_WIDTH, _ROW_HEIGHT = 8.6, 0.52  # inches
Results = Mapping[str, Sequence[Judgement]]


def right_in_three(asked: Asked) -> Part | None:
    """Whether a right item is among all that the first three different quotes are cited for.

    The kindest reading for passages that hold several items. Asked where one right item is enough.
    """
    if not asked.case.expect.citations_any:
        return None
    quotes = list(dict.fromkeys(one.quote for one in asked.answer.citations))[:3]
    hit = any(right and one.quote in quotes for one, right in zip(asked.answer.citations, asked.relevant, strict=True))
    return float(hit), 1.0


def estimates(judgements: Sequence[Judgement]) -> dict[str, Estimate | None]:
    """The values of all rows with their intervals; None where no case asks for one."""
    return {name: estimate([part for one in judgements if (part := _part(one, name))]) for name in ROWS}


def table(results: Results) -> str:
    """The Markdown table: a row for each measure, a column for each system."""
    cases = max((len(found) for found in results.values()), default=0)
    columns = {name: estimates(found) for name, found in results.items()}
    lines = [_line(["", *columns, "cases"]), _line(["---", *("---:" for _ in columns), "---:"])]
    for name, label in ROWS.items():
        values = [column[name] for column in columns.values()]
        asked = max((value.n for value in values if value), default=0)
        lines.append(_line([label, *map(_shown, values), str(asked)]))
    return "\n".join([*lines, "", f"{cases} cases; in brackets the 95 % interval (bootstrap over cases). {_EXPLAINED}"])


def plot(results: Results) -> str:
    """The same values as an SVG: equal results give equal bytes, texts stay texts, the ground is transparent."""
    columns = {name: estimates(found) for name, found in results.items()}
    shown = [name for name in ROWS if any(column[name] for column in columns.values())]
    with matplotlib.rc_context({"svg.fonttype": "none", "svg.hashsalt": "strategielotse"}):
        figure = Figure(figsize=(_WIDTH, 1.2 + _ROW_HEIGHT * max(len(shown), 1)), layout="constrained")
        axes = figure.add_subplot()
        for place, (name, column) in enumerate(columns.items()):
            _draw(axes, name, [column[one] for one in shown], place, len(columns))
        _dress(axes, [_wrapped(ROWS[name]) for name in shown])
        out = io.StringIO()
        figure.savefig(out, format="svg", metadata={"Date": None, "Creator": None})
    return _accessible(out.getvalue(), columns)


def write_plot(results: Results, path: Path) -> None:
    """Write the plot, with its folder where that is not there."""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(plot(results), encoding="utf-8")


def _part(judgement: Judgement, name: str) -> Part | None:
    return right_in_three(judgement.asked) if name == IN_THREE else judgement.parts.get(BY_NAME[name].name)


def _shown(value: Estimate | None) -> str:
    return f"{value.value:.2f} ({value.low:.2f}–{value.high:.2f})" if value else "–"


def _line(cells: Sequence[str]) -> str:
    return f"| {' | '.join(cells)} |"


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


def _accessible(svg: str, columns: Mapping[str, Mapping[str, Estimate | None]]) -> str:
    """A title and what the points say, for who does not see them."""
    said = "; ".join(f"{label}: {', '.join(_said(row, columns))}" for row, label in ROWS.items())
    head = (
        f'<title id="title">{escape(" compared with ".join(_two(list(columns))))}</title>'
        f'<desc id="desc">{escape(said)}</desc>'
    )
    return re.sub(r"(<svg\b[^>]*)>", rf'\1 role="img" aria-labelledby="title desc">\n {head}', svg, count=1)


def _said(row: str, columns: Mapping[str, Mapping[str, Estimate | None]]) -> list[str]:
    return [f"{name} {value.value:.2f}" for name, column in columns.items() if (value := column[row])]


def _two(names: Sequence[str]) -> list[str]:
    return [names[0], " and ".join(names[1:])] if len(names) > 1 else list(names)
