"""The report as Markdown: for pull requests and terminals."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence

from evals.reporting import cases, figures
from evals.reporting.german import counted, duration, milliseconds, moment, number, percent, percents
from evals.reporting.material import Material
from evals.reporting.verdict import verdict
from evals.runs.summary import Values

Row = Sequence[str]


def markdown(material: Material) -> str:
    """The whole report."""
    parts = [_head(material), _headline(material), _by_type(material), _all(material), _cases(material)]
    return "\n\n".join(part for part in parts if part) + "\n"


def plain(text: str) -> str:
    """Text in which nothing is markup or ends a table's cell."""
    return re.sub(r"([\\`*_{}\[\]<>#|~&])", r"\\\1", " ".join(text.split()))


def _head(material: Material) -> str:
    info, cases_ = material.run.info, material.run.summary.cases
    facts = [moment(info.created), f"Ausgabe {plain(info.edition)}", counted(cases_, "Frage", "Fragen")]
    told = " ".join(plain(one) for one in verdict(material))
    return f"# {plain(info.name)}\n\n{' · '.join([*facts, f'Dauer {duration(info.seconds)}'])}\n\n{told}"


def _headline(material: Material) -> str:
    names = (*figures.HEADLINE, *figures.PAIR, *figures.NEAR_AND_FAR, *figures.OTHERS)
    return _section("Die wichtigsten Zahlen", _measures(material, figures.figures(material, names), ()))


def _by_type(material: Material) -> str:
    rows = figures.by_type(material)
    columns = figures.shown_by_type(rows)
    table = _table(
        ["Art", "Fragen", *(one.label for one in columns)],
        [[plain(row.name), str(row.cases), *(_cell(row.figures.get(one.name)) for one in columns)] for row in rows],
        left=1,
    )
    return _section("Nach Art der Frage", table)


def _all(material: Material) -> str:
    summary = material.run.summary
    table = _measures(material, figures.figures(material), tuple(summary.baselines))
    times = (summary.latency.median, summary.latency.p95, summary.latency.longest)
    median, p95, longest = (milliseconds(one) for one in times)
    return f"{_section('Alle Maße', table)}\n\nDauer je Antwort: Median {median}, 95 % bis {p95}, längste {longest}."


def _cases(material: Material) -> str:
    sections = [_section(group.title, _lines(group.cases), 3) for group in cases.failed_groups(material)]
    if unseen := material.run.failed_unseen:
        sections.append(f"Dazu {unseen} aus Dateien, die nur gemessen und nie gezeigt werden.")
    if won := cases.won(material):
        sections.append(_section("Gewonnen", _lines(won), 3))
    if flawed := cases.flawed(material):
        sections.append(_section("Ganz richtig, aber mit Mangel", _lines(flawed), 3))
    return "\n\n".join(["## Fragen", *sections]) if sections else ""


def _lines(shown: list[cases.Shown]) -> str:
    return "\n".join(_line(one) for one in shown)


def _line(one: cases.Shown) -> str:
    case, reasons = one.judgement.case, [*one.why, *one.besides]
    told = f": {plain('; '.join(reasons))}" if reasons else ""
    return f"- **{plain(case.id)}** {plain(case.question)}{told}"


def _measures(material: Material, shown: list[figures.Figure], baselines: tuple[str, ...]) -> str:
    summary = material.run.summary
    head = ["Maß", "Wert", "95-%-Bereich", "n"]
    head += ["gegenüber davor"] if material.comparison else []
    head += ["Schwelle"] if material.short is not None else []
    rows = []
    for one in shown:
        row = [one.measure.label, one.shown, one.interval, str(one.value.n)]
        row += [f"{one.change.arrow} {one.change}" if one.change else "–"] if material.comparison else []
        row += [_bound(one)] if material.short is not None else []
        rows.append(row + [_baseline(one, summary.baselines[name]) for name in baselines])
    return _table([*head, *map(plain, baselines)], rows, left=1)


def _bound(one: figures.Figure) -> str:
    if one.bound is None:
        return "–"
    return f"{one.bound}, **verletzt**" if one.bound.broken else str(one.bound)


def _baseline(one: figures.Figure, values: Values) -> str:
    value = values.get(one.measure.name)
    if value is None:
        return "–"
    return f"{percent(value.value)} ({percents(value.low, value.high)})" if one.measure.share else number(value.value)


def _cell(one: figures.Figure | None) -> str:
    if one is None:
        return "–"
    return f"{one.shown} ▼" if one.weak else one.shown


def _section(title: str, text: str, level: int = 2) -> str:
    return f"{'#' * level} {plain(title)}\n\n{text}"


def _table(head: Row, rows: Iterable[Row], left: int) -> str:
    """A table whose first `left` columns are text, the others set to the right."""
    rule = ["---" if place < left else "---:" for place in range(len(head))]
    return "\n".join(f"| {' | '.join(row)} |" for row in (head, rule, *rows))
