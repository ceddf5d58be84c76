"""The report as one HTML file that opens offline: style and plots inside, no script, everything escaped."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from importlib.resources import files
from types import MappingProxyType

from jinja2 import Environment, PackageLoader, StrictUndefined
from markupsafe import Markup

from evals.metrics.measures import MEASURES
from evals.reporting import cases, figures, german, names, plots
from evals.reporting.figures import TypeRow
from evals.reporting.material import Material
from evals.reporting.tradeoff import tradeoff
from evals.reporting.verdict import verdict
from evals.reporting.why import why
from evals.runs.summary import Value

_GERMAN = ("number", "percent", "percents", "milliseconds", "duration", "moment", "counted", "probability")


def html(material: Material) -> str:
    """The whole page."""
    rows = figures.by_type(material)
    groups = cases.failed_groups(material)
    return (
        _environment()
        .get_template("report.html")
        .render(
            material=material,
            run=material.run,
            info=material.run.info,
            summary=material.run.summary,
            comparison=material.comparison,
            verdict=verdict(material),
            headline=figures.figures(material, figures.HEADLINE),
            pair=figures.figures(material, figures.PAIR),
            near_and_far=figures.figures(material, figures.NEAR_AND_FAR),
            others=figures.figures(material, figures.OTHERS),
            rows=rows,
            columns=figures.shown_by_type(rows),
            all_figures=figures.figures(material),
            baseline=_baseline,
            plots=_plots(material, rows),
            groups=groups,
            failed=sum(len(group.cases) for group in groups),
            flawed=cases.flawed(material),
            won=cases.won(material),
        )
    )


def _plots(material: Material, rows: list[TypeRow]) -> Mapping[str, Markup | None]:
    summary = material.run.summary
    times = [one.asked.milliseconds for one in material.run.judgements]
    return MappingProxyType(
        {
            "types": plots.fully_by_type(rows, summary.all["fully"]),
            "changes": plots.won_and_lost(rows),
            "tradeoff": tradeoff(summary.tradeoff),
            "latency": plots.latency(times, summary.latency),
            "baselines": plots.against_baselines(summary),
        }
    )


def _baseline(value: Value | None, share: bool) -> str:
    """A baseline's figure with its interval, a dash where it has none."""
    if value is None:
        return "–"
    if not share:
        return german.number(value.value)
    return f"{german.percent(value.value)} ({german.percents(value.low, value.high)})"


@cache
def _environment() -> Environment:
    made = Environment(
        loader=PackageLoader("evals", "reporting"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    made.filters.update({name: getattr(german, name) for name in _GERMAN})
    made.filters.update(anchor=cases.anchor, type_name=names.type_name, status_name=names.status_name, why=why)
    made.globals.update(
        css=Markup(files("evals").joinpath("reporting/report.css").read_text(encoding="utf-8")),
        kinds=names.KINDS,
        shown_citations=cases.SHOWN_CITATIONS,
        shown_found=cases.SHOWN_FOUND,
        labels={one.name: one.label for one in MEASURES},
        weak_points=f"{100 * figures.WEAK:.0f}",
    )
    return made
