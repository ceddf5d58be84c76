"""The report of a run: one HTML file without external resources, with an SVG chart."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

from jinja2 import Environment, PackageLoader, StrictUndefined
from markupsafe import Markup

from evals.gate import Shortfall
from evals.measurements import ALL, Values, count_cases
from evals.metrics.measures import BY_NAME, MEASURES, Measure
from evals.metrics.scoring import CaseOutcome, Judgement
from evals.run import Run
from evals.tables import markdown_table
from prompts import load_words, say

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
WORDS = load_words("de/evaluation_words")


def summary_table(run: Run, *, german: bool = False) -> str:
    """Return a Markdown table of the main measures: a row for each set of cases, the last for all
    cases.

    A cell is "12/60 .20 (.12–.31)" (see `format_measure`). Measures that no set has are left out.
    With `german` the headings are German labels, else the names of measures in files.
    """
    rows: Mapping[str, Values] = {**run.figures.sets, ALL: run.figures.all}
    measured = set[str]().union(*rows.values())
    shown = [name for name in HEADLINE if name in measured]
    row_names = {}
    head = ["set", "cases", *shown]
    if german:
        row_names = {ALL: WORDS[ALL]}
        head = ["Satz", say("evaluation.cases_column"), *(BY_NAME[name].label for name in shown)]
    cells = []
    for name, values in rows.items():
        figures = [format_measure(values, measure) for measure in shown]
        cells.append([row_names.get(name, name), str(count_cases(values) or "–"), *figures])
    return markdown_table(head, cells)


def find_lacking(judgement: Judgement) -> list[Measure]:
    """Return the measures in which an answer does not reach the best value: all, or nothing where
    less is better. Measures that do not apply to it, or are only reported, are left out.
    """
    results = []
    for measure in MEASURES:
        if measure.name not in judgement.ratios or measure.more_is_better is None:
            continue
        held, whole = judgement.ratios[measure.name]
        best = whole if measure.more_is_better else 0.0
        if held != best:
            results.append(measure)
    return results


def missed_measures(judgement: Judgement) -> list[str]:
    """Return a German text for each measure that an answer misses: "Fakten genannt (0 von 1)".

    Outcomes, such as misled, are left out: the page shows the outcome of a case before these texts.
    """
    results = (measure for measure in find_lacking(judgement) if measure.name not in OUTCOMES)
    rows = [(measure.label, *judgement.ratios[measure.name]) for measure in results]
    return [
        say("evaluation.held_of_whole", label=label, held=reached, whole=whole)
        for label, reached, whole in rows
    ]


def format_measure(values: Values, name: str) -> str:
    """Return a measure as "45/60 .75 (.63–.85)": how many of how many, the share, and its 95 %
    interval. Return a dash if it was not measured.
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
class CaseGroup:
    """Cases with the same kind of failure or none, under one heading; `is_open` if they are listed
    without a click.
    """

    title: str
    cases: tuple[Judgement, ...]
    is_open: bool


def html(run: Run, short: Sequence[tuple[str, Sequence[Shortfall]]] = ()) -> str:
    """Return the report of a run as an HTML page that needs no other file and has no script.

    `short` has for each gate its name and the limits that the run misses. Groups of corpora are
    shown only if there are several, beside the figures of all cases.
    """
    figures = run.figures
    groups = dict(figures.groups) if len(figures.groups) > 1 else {}
    groups[ALL] = figures.all
    return render_page(
        "report.html",
        info=run.info,
        figures=figures,
        short=short,
        groups=groups,
        lead=_lead_sentence(figures.all),
        cases=group_cases(run),
    )


def _misses_required(judgement: Judgement) -> bool:
    return any(measure.name in _REQUIRED for measure in find_lacking(judgement))


# Kinds of failure, the worst first, with what belongs to each.
_FAILURES: Mapping[str, Callable[[Judgement], bool]] = {
    "misled": lambda case: case.misled,
    "silent": lambda case: case.has("wrong refusal"),
    "found": lambda case: case.case.answerable and not case.is_fully_right,
    "other": lambda case: case.outcome is CaseOutcome.OTHER,
    "lacking": _misses_required,
    "open": lambda case: case.outcome is CaseOutcome.OPEN,
}


def group_cases(run: Run) -> list[CaseGroup]:
    """Return all cases by kind of failure, the worst first, the right ones last. A case is in the
    first group that it belongs to and in no other. Groups without cases are left out; only that of
    the right ones is closed.
    """
    remaining = [row.judgement for row in run.rows]
    results = []
    for key, belongs in _FAILURES.items():
        cases = tuple(filter(belongs, remaining))
        if cases:
            results.append(CaseGroup(say(f"evaluation.group_{key}"), cases, True))
            remaining = [judgement for judgement in remaining if judgement not in cases]
    if remaining:
        results.append(CaseGroup(say("evaluation.group_right"), tuple(remaining), False))
    return results


def percent(value: float) -> str:
    """Return a share in German per cent: "45 %". Near 0 and 100 it has a decimal ("99,6 %"), so
    that few are not shown as none, or nearly all as all.
    """
    decimals = 1 if 0 < value < 0.01 or 0.99 < value < 1 else 0
    return f"{100 * value:.{decimals}f}".replace(".", ",") + "\u00a0%"


def _lead_sentence(values: Values) -> str:
    """Return the first German sentence of the report: how many questions got a misleading answer.

    It also states the share and its interval. If no case says what misleads, the sentence says so.
    """
    if "misled" not in values:
        return say("evaluation.nothing_expected")
    value = values["misled"]
    text = say("evaluation.lead", held=value.held, asked=value.asked, value=percent(value.value))
    return f"{text}; {percent(value.low)} bis {percent(value.high)})."


def render_page(name: str, **values: object) -> str:
    """Return a page from its template."""
    return _environment().get_template(name).render(values)


@cache
def _environment() -> Environment:
    """Return the templates of reports, with filters and with what each of them shows: style, labels
    and words. A template that uses an unknown name fails.
    """
    loader = PackageLoader("evals", "report")
    jinja = Environment(
        loader=loader,
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    jinja.filters.update(percent=percent, why=missed_measures, total=count_cases)
    jinja.filters["status"] = lambda status: load_words("de/labels").get(f"answer_{status}", status)
    css = Markup(files("evals").joinpath("report/report.css").read_text(encoding="utf-8"))
    labels = {measure.name: measure.label for measure in MEASURES}
    jinja.globals.update(css=css, headline=HEADLINE, bars=_BARS, labels=labels, words=WORDS)
    return jinja
