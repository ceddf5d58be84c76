"""Figures of a run as Markdown tables: for the terminal, for a pull request, for the documentation."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from evals.compare import Comparison
from evals.figures import ALL, Values, total
from evals.gate import Shortfall
from evals.metrics.judging import Judgement
from evals.metrics.measures import BY_NAME, MEASURES, Measure
from evals.run import Run
from prompts import say

HEADLINE = ("misled", "direct", "useful", "shown", "found", "right non-answer", "wrong refusal", "about service",
            "overview", "padding", "first sentence")  # fmt: skip
OUTCOMES = ("misled", "direct", "useful", "shown", "as expected")
WORDS = {
    "all": say("evaluation.all"),
    "sample": "Beispieldaten",
    "known": "bekannt",
    "trained": "Gelerntes",
    "left-out": "nie gesehen",
}


def summary_table(run: Run, *, sets: bool = False, german: bool = False) -> str:
    """The headline by group of papers (or by set of cases), all together last: "12/60 .20 (.12–.31)"."""
    figures = run.figures
    rows: Mapping[str, Values] = {**(figures.sets if sets else figures.groups), ALL: figures.all}
    return values_table(rows, "Satz" if german and sets else "papers" if not sets else "set", german=german)


def values_table(rows: Mapping[str, Values], what: str, *, german: bool = False) -> str:
    """Figures by name as a table, columns that nothing measured left out."""
    shown = [name for name in HEADLINE if any(name in values for values in rows.values())]
    head = [
        what,
        say("evaluation.cases_column") if german else "cases",
        *(BY_NAME[name].label if german else name for name in shown),
    ]
    lines = [_row(head), _row(["---", *("---:" for _ in head[1:])])]
    for name, values in rows.items():
        told = WORDS.get(name, name) if german else name
        lines.append(_row([told, str(total(values)), *(_cell(values, one) for one in shown)]))
    return "\n".join(lines)


def comparison_lines(found: Comparison) -> Iterator[str]:
    """What was won and lost between two runs, misled first."""
    chance = say("evaluation.more_than_chance") if found.significant else say("evaluation.may_be_chance")
    yield (
        say(
            "evaluation.against_run",
            name=found.before.info.name,
            cases=found.cases,
            won=len(found.won),
            lost=len(found.lost),
            chance=chance,
            p_value=found.p_value,
        )
    )
    told = (
        (say("evaluation.newly_misled"), found.misled),
        (say("evaluation.misled_no_more"), found.led),
        (say("evaluation.won"), found.won),
        (say("evaluation.lost"), found.lost),
    )
    yield from (f"  {title}: {', '.join(ids)}" for title, ids in told if ids)


def lacking(judgement: Judgement) -> list[Measure]:
    """The measures that an answer does not hold in full."""
    asked = [(one, *judgement.parts[one.name]) for one in MEASURES if one.name in judgement.parts]
    return [
        one
        for one, held, whole in asked
        if one.more_is_better is not None and held != (whole if one.more_is_better else 0.0)
    ]


def why(judgement: Judgement) -> list[str]:
    """What of an answer is not as it should be, outcomes aside: "Fakten genannt (0 von 1)"."""
    told = [(one.label, *judgement.parts[one.name]) for one in lacking(judgement) if one.name not in OUTCOMES]
    return [say("evaluation.held_of_whole", label=label, held=held, whole=whole) for label, held, whole in told]


def markdown(run: Run, comparison: Comparison | None, short: Sequence[tuple[str, Sequence[Shortfall]]]) -> str:
    """The whole report."""
    info = run.info
    editions = ", ".join(sorted(set(info.editions.values())))
    lines = [
        f"# {info.name}",
        "",
        say("evaluation.report_head", cases=run.figures.cases, created=info.created, editions=editions),
    ]
    if info.variant:
        lines.append(f"Variante: {', '.join(f'{name} = {value}' for name, value in info.variant.items())}")
    lines += ["", summary_table(run, german=True), "", summary_table(run, sets=True, german=True), ""]
    for name, types in run.figures.types.items():
        lines += [f"## {WORDS.get(name, name)}", "", values_table(types, "Art", german=True), ""]
    for name, several in short:
        lines += [
            f"## {name}",
            "",
            *(f"- {one}" for one in several),
            *([] if several else ["Alle Schwellen erreicht."]),
            "",
        ]
    if comparison:
        lines += [say("evaluation.report_against"), "", *comparison_lines(comparison), ""]
    misled = [one for one in run.judgements if one.misled]
    lines += [
        say("evaluation.report_misled"),
        "",
        *(f"- {one.case.id}: {one.case.question} ({'; '.join(why(one))})" for one in misled),
    ]
    return "\n".join(lines) + "\n"


def _cell(values: Values, name: str) -> str:
    """ "45/60 .75 (.63–.85)": how many of how many, the share, its 95 % interval; a dash for nothing."""
    if name not in values:
        return "–"
    one = values[name]
    return f"{one.held:.0f}/{one.asked:.0f} {_share(one.value)} ({_share(one.low)}–{_share(one.high)})"


def _share(value: float) -> str:
    return "1.00" if value > 0.995 else f"{value:.2f}"[1:]


def _row(cells: Sequence[str]) -> str:
    return f"| {' | '.join(cell.replace('|', '/') for cell in cells)} |"
