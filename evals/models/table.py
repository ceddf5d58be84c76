"""The four settings side by side: a table for a Markdown file, and a plot of the shares."""

from __future__ import annotations

import re
import statistics
from collections.abc import Callable, Mapping
from pathlib import Path

from evals.metrics.intervals import Estimate, Part, estimate
from evals.metrics.judging import Judgement
from evals.models.measuring import Measured
from evals.reporting.marked import Marks
from evals.reporting.side_by_side import side_by_side

MARKS = Marks("<!-- models -->", "<!-- /models -->")
CHARACTERS = "characters"
SHARES: dict[str, str] = {
    "right@1": "right item first",
    "right@3": "right item among the first three",
    "right item": "right items cited: one among the first three, or all of a list",
    "fully": "fully right",
    "false answers": "answered although the documents do not say it (fewer is better)",
    "false refusals": "not answered although they do (fewer is better)",
    "unsupported": "statements with a number or name that their citations do not hold (fewer is better)",
}
MEANS: dict[str, str] = {
    "wiener": "Wiener Sachtextformel: school years to understand an answer (fewer is easier)",
    "amstad": "readability by Amstad, 0 to 100 (more is easier)",
    CHARACTERS: "characters of an answer",
}
_MARKER = re.compile(r"\s*\[\d+\]")
Results = Mapping[str, Measured]


def table(results: Results, model: str) -> str:
    """The Markdown table: a row for each figure, a column for each setting; `model` says who was asked."""
    lines = [_line(["", *results]), _line(["---", *("---:" for _ in results)])]
    for rows, shown in ((SHARES, _share), (MEANS, _mean)):
        lines += [_line([label, *(shown(of(one, name)) for one in results.values())]) for name, label in rows.items()]
    lines.append(_line(["sentences of the model that were dropped as not proven", *map(_dropped, results.values())]))
    lines.append(_line(["seconds for an answer: half of them, 95 %", *map(_seconds, results.values())]))
    cases = max((len(one.judgements) for one in results.values()), default=0)
    failed = {name: one for name, one in results.items() if one.failed}
    told = "".join(f" {name}: {one.failed} of {one.asked} requests failed." for name, one in failed.items())
    return "\n".join([*lines, "", f"{cases} cases, model: {model}; in brackets the 95 % interval.{told}"])


def plot(results: Results) -> str:
    """The shares as an SVG: equal results give equal bytes."""
    return side_by_side({name: {row: of(one, row) for row in SHARES} for name, one in results.items()}, SHARES)


def write_plot(results: Results, path: Path) -> None:
    """Write the plot, with its folder where that is not there."""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(plot(results), encoding="utf-8")


def of(one: Measured, name: str) -> Estimate | None:
    """A figure with its interval; None where no case asks for it."""
    part: Callable[[Judgement], Part | None] = _characters if name == CHARACTERS else lambda each: each.parts.get(name)
    parts = [found for each in one.judgements if (found := part(each)) is not None]
    return estimate(parts, share=name in SHARES)


def _characters(judgement: Judgement) -> Part | None:
    """The length of an answer without its markers."""
    answer = judgement.asked.answer
    return (float(len(_MARKER.sub("", answer.answer))), 1.0) if judgement.asked.answered else None


def _share(value: Estimate | None) -> str:
    return f"{value.value:.2f} ({value.low:.2f}–{value.high:.2f})" if value else "–"


def _mean(value: Estimate | None) -> str:
    places = 0 if value and value.value >= 100 else 1
    return f"{value.value:.{places}f} ({value.low:.{places}f}–{value.high:.{places}f})" if value else "–"


def _dropped(one: Measured) -> str:
    return f"{one.dropped} of {one.sentences}" if one.asked else "–"


def _seconds(one: Measured) -> str:
    took = sorted(each.asked.milliseconds / 1000 for each in one.judgements)
    return f"{statistics.median(took):.2f}, {took[max(0, -(-95 * len(took) // 100) - 1)]:.2f}" if took else "–"


def _line(cells: list[str]) -> str:
    return f"| {' | '.join(cells)} |"
