"""Writes the report of a run into its folder, as HTML and as Markdown."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from pathlib import Path

from jinja2 import Environment, PackageLoader, StrictUndefined
from markupsafe import Markup

from evals.compare import compared
from evals.figures import ALL, Values, total
from evals.gate import Shortfall
from evals.metrics.judging import Judgement
from evals.metrics.measures import MEASURES
from evals.report.markdown import HEADLINE, WORDS, comparison_lines, lacking, markdown, why
from evals.run import Run
from prompts import say

_BARS = ("misled", "direct", "useful", "shown")
_OWED = ("verbatim", "pages", "uncited", "draft as decided", "personal")


@dataclass(frozen=True, slots=True)
class Group:
    """Cases that failed alike, under one heading."""

    anchor: str
    title: str
    cases: tuple[Judgement, ...]


def write_report(
    run: Run, folder: Path, before: Run | None = None, short: Sequence[tuple[str, Sequence[Shortfall]]] = ()
) -> Path:
    """Write report.html and report.md; returns where the HTML is. `short` is what each gate holds the run back for."""
    comparison = compared(before, run) if before else None
    page = folder / "report.html"
    page.write_text(html(run, before, short), encoding="utf-8")
    (folder / "report.md").write_text(markdown(run, comparison, short), encoding="utf-8")
    return page


def html(run: Run, before: Run | None = None, short: Sequence[tuple[str, Sequence[Shortfall]]] = ()) -> str:
    """The whole page: style and pictures inside, no script, everything escaped."""
    figures = run.figures
    return (
        _environment()
        .get_template("report.html")
        .render(
            run=run,
            info=run.info,
            figures=figures,
            short=short,
            lead=_lead(figures.all),
            groups=({**figures.groups, ALL: figures.all} if len(figures.groups) > 1 else {ALL: figures.all}),
            changes=list(comparison_lines(compared(before, run))) if before else [],
            failed=failed(run),
        )
    )


def failed(run: Run) -> list[Group]:
    """The cases to look at, what is worst first; each stands once."""
    rest = list(run.judgements)
    found = []
    for anchor, title, of in (
        ("irre", say("evaluation.group_misled"), lambda one: one.misled),
        ("still", say("evaluation.group_silent"), lambda one: one.holds("wrong refusal")),
        ("gefunden", say("evaluation.group_found"), lambda one: _only_found(one)),
        ("anders", say("evaluation.group_other"), lambda one: "as expected" in one.parts and not one.fully),
        ("mangel", say("evaluation.group_lacking"), lambda one: any(measure.name in _OWED for measure in lacking(one))),
        ("offen", "Noch ohne Erwartung", lambda one: one.case.expect.behavior == "open"),
    ):
        if cases := tuple(one for one in rest if of(one)):
            found.append(Group(anchor, title, cases))
            rest = [one for one in rest if one not in cases]
    return found


def _only_found(judgement: Judgement) -> bool:
    return judgement.case.answerable and judgement.holds("found") and not judgement.fully


def percent(value: float) -> str:
    """A share in per cent as Germans write it; near its ends with a decimal, so that 99,6 does not read as all."""
    places = 1 if 0 < value < 0.01 or 0.99 < value < 1 else 0
    return f"{100 * value:.{places}f}".replace(".", ",") + "\u00a0%"


def _lead(values: Values) -> str:
    if "misled" not in values:
        return say("evaluation.nothing_expected")
    one = values["misled"]
    told = say("evaluation.lead", held=one.held, asked=one.asked, value=percent(one.value))
    return f"{told}; {percent(one.low)} bis {percent(one.high)})."


@cache
def _environment() -> Environment:
    made = Environment(
        loader=PackageLoader("evals", "report"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    made.filters.update(percent=percent, why=why, total=total)
    made.globals.update(
        css=Markup(files("evals").joinpath("report/report.css").read_text(encoding="utf-8")),
        headline=HEADLINE,
        bars=_BARS,
        labels={one.name: one.label for one in MEASURES},
        words=WORDS,
    )
    return made
