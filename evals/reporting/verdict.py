"""What the figures say, in plain German sentences."""

from __future__ import annotations

from evals.metrics.measures import BY_NAME
from evals.reporting.figures import Figure, TypeRow, by_type, figure
from evals.reporting.german import counted, number, probability
from evals.reporting.material import Material
from evals.runs.comparison import Comparison
from evals.runs.gate import Shortfall

ENOUGH = 5  # a type with fewer cases is not called the weakest where there are larger ones


def verdict(material: Material) -> list[str]:
    """The sentences, most important first."""
    told = [_how_good(material), _where_weak(by_type(material)), *_pair(material)]
    if material.comparison is not None:
        told.append(against_before(material.comparison))
    if material.short is not None:
        told.append(against_gate(material.short))
    return told


def against_before(comparison: Comparison) -> str:
    """What was won and lost, and whether that is more than chance."""
    won, lost = len(comparison.won), len(comparison.lost)
    if not comparison.cases:
        return "Mit dem Lauf davor ist er nicht vergleichbar: Keine Frage ist in beiden dieselbe."
    among = "" if comparison.cases == len(comparison.after.judgements) else f" bei {comparison.cases} gleichen Fragen"
    if not won and not lost:
        return f"Gegenüber dem Lauf davor ist{among} keine Frage gewonnen und keine verloren."
    sides = f"{won or 'keine'} gewonnen, {lost or 'keine'} verloren"
    if comparison.significant:
        better = "besser" if won > lost else "schlechter"
        return f"Gegenüber dem Lauf davor{among} eindeutig {better}: {sides} ({probability(comparison.p_value)})."
    return f"Gegenüber dem Lauf davor{among}: {sides}, das kann Zufall sein ({probability(comparison.p_value)})."


def against_gate(short: tuple[Shortfall, ...]) -> str:
    """Whether the gate lets the run pass, with every measure that holds it back."""
    if not short:
        return "Alle Schwellen sind eingehalten."
    names = [BY_NAME[name].label for name in dict.fromkeys(one.measure for one in short)]
    return f"{counted(len(names), 'Schwelle ist', 'Schwellen sind')} verletzt: {', '.join(names)}."


def _how_good(material: Material) -> str:
    cases = material.run.summary.cases
    fully = material.run.summary.all["fully"]
    shown = Figure(BY_NAME["fully"], fully)
    what = "Die eine Frage ist" if cases == 1 else f"Von {number(cases, 0)} Fragen sind"
    return f"{what} {shown.shown} ganz richtig beantwortet ({shown.interval})."


def _where_weak(rows: list[TypeRow]) -> str:
    weakest = next((row for row in rows if row.cases >= ENOUGH), rows[0])
    if weakest.right == weakest.cases and all(row.right == row.cases for row in rows):
        return "Keine Art von Fragen ist schwächer als die anderen."
    return f"Schwächste Art: {weakest.name} ({weakest.right} von {weakest.cases} ganz richtig)."


def _pair(material: Material) -> list[str]:
    """False answers and false refusals are told together: each alone is easily made good at the other's cost."""
    answers, refusals = figure(material, "false answers"), figure(material, "false refusals")
    told = [
        f"beantwortet, obwohl keine Antwort erwartet ist: {_counts(answers)}" if answers else "",
        f"nicht beantwortet, obwohl eine erwartet ist: {_counts(refusals)}" if refusals else "",
    ]
    sentence = "; ".join(filter(None, told))
    return [f"{sentence[0].upper()}{sentence[1:]}."] if sentence else []


def _counts(one: Figure) -> str:
    return f"{round(one.value.value * one.value.n)} von {one.value.n}"
