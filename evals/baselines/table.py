"""Service and baselines side by side: a table between two marks of a Markdown file, and a plot that opens anywhere."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path

from evals.metrics.intervals import Estimate, Part, estimate
from evals.metrics.judging import Asked, Judgement
from evals.metrics.measures import BY_NAME
from evals.reporting.marked import Marks
from evals.reporting.side_by_side import side_by_side

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
    return side_by_side({name: estimates(found) for name, found in results.items()}, ROWS)


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
