"""The report of a run: one HTML file without external resources, with an SVG chart."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

from jinja2 import Environment, PackageLoader, StrictUndefined
from markupsafe import Markup

from evals.gate import Shortfall
from evals.measurements import ALL, Values, count_cases
from evals.metrics.measures import BY_NAME, MEASURES, Measure
from evals.metrics.scoring import Judgement
from evals.run import SIGNIFICANT, Run, RunComparison
from evals.tables import markdown_table
from prompts import say

HEADLINE = (
    "misled",
    "direct",
    "useful",
    "shown",
    "found",
    "right non-answer",
    "wrong refusal",
    "about service",
    "overview",
    "padding",
    "first sentence",
)
_BARS = ("misled", "direct", "useful", "shown")
_REQUIRED = ("verbatim", "pages", "uncited", "draft as decided", "personal")
OUTCOMES = ("misled", "direct", "useful", "shown", "as expected")
WORDS = {
    "all": say("evaluation.all"),
    "sample": "Beispieldaten",
    "known": "bekannt",
    "trained": "Gelerntes",
    "left-out": "nie gesehen",
}


def summary_table(run: Run, *, german: bool = False) -> str:
    """Return a Markdown table of the main measures by set of cases, all cases last: "12/60 .20
    (.12–.31)".

    Measures without values are left out. The headings are German labels, or else the names of
    measures in files.
    """
    rows: Mapping[str, Values] = {**run.figures.sets, ALL: run.figures.all}
    shown = [name for name in HEADLINE if any(name in values for values in rows.values())]
    if german:
        head = ["Satz", say("evaluation.cases_column"), *(BY_NAME[name].label for name in shown)]
    else:
        head = ["set", "cases", *shown]
    names = {name: WORDS.get(name, name) if german else name for name in rows}
    return markdown_table(
        head,
        [
            [
                names[name],
                str(count_cases(values)),
                *(format_measure(values, measure) for measure in shown),
            ]
            for name, values in rows.items()
        ],
    )


def comparison_lines(runs: RunComparison) -> Iterator[str]:
    """Yield lines with the cases that changed between two runs, misleading ones first."""
    chance = say(
        "evaluation.more_than_chance" if runs.p_value < SIGNIFICANT else "evaluation.may_be_chance"
    )
    numbers = {
        "cases": runs.cases,
        "won": len(runs.won),
        "lost": len(runs.lost),
        "p_value": runs.p_value,
    }
    yield say("evaluation.against_run", name=runs.before.info.name, chance=chance, **numbers)
    groups = (
        (say("evaluation.newly_misled"), runs.misled),
        (say("evaluation.misled_no_more"), runs.led),
        (say("evaluation.won"), runs.won),
        (say("evaluation.lost"), runs.lost),
    )
    yield from (f"  {title}: {', '.join(ids)}" for title, ids in groups if ids)


def find_lacking(judgement: Judgement) -> list[Measure]:
    """Return the measures that an answer does not meet in full."""
    scored = [
        item
        for item in MEASURES
        if item.name in judgement.ratios and item.more_is_better is not None
    ]
    ratios = [(measure, *judgement.ratios[measure.name]) for measure in scored]
    return [
        measure
        for measure, held, whole in ratios
        if held != (whole if measure.more_is_better else 0.0)
    ]


def missed_measures(judgement: Judgement) -> list[str]:
    """Return German texts of the measures that an answer misses, without outcomes: "Fakten genannt
    (0 von 1)".
    """
    results = (measure for measure in find_lacking(judgement) if measure.name not in OUTCOMES)
    rows = [(measure.label, *judgement.ratios[measure.name]) for measure in results]
    return [
        say("evaluation.held_of_whole", label=label, held=reached, whole=whole)
        for label, reached, whole in rows
    ]


def format_measure(values: Values, name: str) -> str:
    """ "45/60 .75 (.63–.85)": how many of how many, the share, its 95 % interval; a dash for
    nothing.
    """
    if name not in values:
        return "–"
    value = values[name]
    return (
        f"{value.held:.0f}/{value.asked:.0f} {_share(value.value)} "
        f"({_share(value.low)}–{_share(value.high)})"
    )


def _share(value: float) -> str:  # ".75", "1.00"
    return "1.00" if value > 0.995 else f"{value:.2f}"[1:]


@dataclass(frozen=True, slots=True)
class FailedCases:
    """Cases that failed in the same way, under one heading."""

    anchor: str
    title: str
    cases: tuple[Judgement, ...]


def html(run: Run, short: Sequence[tuple[str, Sequence[Shortfall]]] = ()) -> str:
    """Return the report page, with style and chart inline and no script; `short` has the shortfalls
    by gate.
    """
    figures = run.figures
    template = _environment().get_template("report.html")
    groups = {**(figures.groups if len(figures.groups) > 1 else {}), ALL: figures.all}
    lead, failed = _lead_sentence(figures.all), group_failures(run)
    return template.render(
        info=run.info, figures=figures, short=short, groups=groups, lead=lead, failed=failed
    )


def group_failures(run: Run) -> list[FailedCases]:
    """Return the cases to look at by kind of failure, the worst first; each case once."""
    remaining = [row.judgement for row in run.rows]
    results = []
    for anchor, title, has_failed in (
        ("irre", say("evaluation.group_misled"), lambda case: case.misled),
        ("still", say("evaluation.group_silent"), lambda case: case.has("wrong refusal")),
        ("gefunden", say("evaluation.group_found"), _is_found_only),
        ("anders", say("evaluation.group_other"), _is_other_than_expected),
        ("mangel", say("evaluation.group_lacking"), _misses_required),
        ("offen", "Noch ohne Erwartung", lambda case: case.case.expect.behavior == "open"),
    ):
        if cases := tuple(judgement for judgement in remaining if has_failed(judgement)):
            results.append(FailedCases(anchor, title, cases))
            remaining = [judgement for judgement in remaining if judgement not in cases]
    return results


def _is_other_than_expected(judgement: Judgement) -> bool:
    return "as expected" in judgement.ratios and not judgement.is_fully_right


def _misses_required(judgement: Judgement) -> bool:
    return any(measure.name in _REQUIRED for measure in find_lacking(judgement))


def _is_found_only(judgement: Judgement) -> bool:
    return judgement.case.answerable and judgement.has("found") and not judgement.is_fully_right


def percent(value: float) -> str:
    """Return a share in German per cent; near 0 and 100 with a decimal, so that 99,6 is not shown
    as 100.
    """
    decimals = 1 if 0 < value < 0.01 or 0.99 < value < 1 else 0
    return f"{100 * value:.{decimals}f}".replace(".", ",") + "\u00a0%"


def _lead_sentence(values: Values) -> str:
    """Return how many questions are answered misleadingly, as a German sentence with the share and
    its interval.
    """
    if "misled" not in values:
        return say("evaluation.nothing_expected")
    value = values["misled"]
    text = say("evaluation.lead", held=value.held, asked=value.asked, value=percent(value.value))
    return f"{text}; {percent(value.low)} bis {percent(value.high)})."


@cache
def _environment() -> Environment:
    loader = PackageLoader("evals", "report")
    jinja = Environment(
        loader=loader,
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    jinja.filters.update(percent=percent, why=missed_measures, total=count_cases)
    css = Markup(files("evals").joinpath("report/report.css").read_text(encoding="utf-8"))
    labels = {measure.name: measure.label for measure in MEASURES}
    jinja.globals.update(css=css, headline=HEADLINE, bars=_BARS, labels=labels, words=WORDS)
    return jinja
