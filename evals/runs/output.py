"""What `strategielotse eval` prints: figures by type, won and lost cases, the gate."""

from __future__ import annotations

from collections.abc import Sequence

from rich.box import SIMPLE_HEAD
from rich.table import Column, Table

from evals.metrics.intervals import Estimate
from evals.metrics.measures import BY_NAME
from evals.runs.comparison import Comparison, compared
from evals.runs.gate import Shortfall
from evals.runs.run import Run
from evals.runs.summary import Value, Values
from service.cli_output import out, print_table

COLUMNS = {
    "fully": "ganz",
    "right item": "Eintr.",
    "right@1": "@1",
    "facts": "Fakt",
    "count": "Zahl",
    "list complete": "Liste",
    "precision": "Beleg",
    "false answers": "f. Ja",
    "false refusals": "f. Nein",
}
LEGEND = (
    "In Prozent. ganz: ganz richtig · Eintr.: richtige Einträge belegt · @1: richtiger zuerst · Liste: vollständig · "
    "Beleg: auf richtige Einträge · f. Ja, f. Nein: falsch beantwortet, falsch nicht beantwortet · (…): "
    "einfache Verfahren"
)
HEADLINE = ("fully", "right item", "false answers", "false refusals", "verbatim")


def print_run(run: Run, before: Run | None) -> None:
    """Print the shares by type, the headline with its intervals, and what changed since the run before."""
    summary = run.summary
    table = Table(
        Column("Art", overflow="ellipsis"),
        *(Column(one, justify="right", no_wrap=True, min_width=max(3, len(one))) for one in ("n", *COLUMNS.values())),
        title=f"{run.info.name}: {summary.cases} Fälle, Ausgabe {run.info.edition}",
        box=SIMPLE_HEAD,
        padding=(0, 1, 0, 0),
    )
    for name, values in [*summary.types.items(), ("alle", summary.all)]:
        table.add_row(name, str(values["fully"].n), *_cells(values))
    for name, values in summary.baselines.items():
        table.add_row(f"({name})", str(values["fully"].n), *_cells(values))
    print_table(table)
    out.print(LEGEND, style="dim")
    for name in HEADLINE:
        if name in summary.all:
            out.print(f"{BY_NAME[name].label}: {percent(summary.all[name])}")
    out.print(f"Dauer je Antwort: Median {summary.latency.median:.1f} ms, 95 % unter {summary.latency.p95:.1f} ms")
    if before is not None:
        print_comparison(compared(before, run))


def print_comparison(found: Comparison) -> None:
    """Print what was won and lost between two runs."""
    if not found.won and not found.lost:
        out.print(
            f"Gegenüber {found.before.info.name} ({found.cases} gleiche Fälle): keiner gewonnen, keiner verloren."
        )
        return
    chance = "mehr als Zufall" if found.significant else "das kann Zufall sein"
    out.print(
        f"Gegenüber {found.before.info.name} ({found.cases} gleiche Fälle): {len(found.won)} gewonnen, "
        f"{len(found.lost)} verloren; {chance} (p = {found.p_value:.3f})."
    )
    hidden = set(found.after.info.measured_only)
    for title, ids in (("gewonnen", found.won), ("verloren", found.lost)):
        if shown := [one for one in ids if one not in hidden]:
            out.print(f"  {title}: {', '.join(shown)}")
    for name, one in found.differences.items():
        if one.value:
            out.print(f"  {BY_NAME[name].label}: {_signed(name, one)}")


def print_gate(short: Sequence[Shortfall] | None) -> None:
    """Print what the gate says; nothing where there is none."""
    if short is None:
        return
    for one in short:
        out.print(f"Schwelle verfehlt: {one}", style="red")
    if not short:
        out.print("Alle Schwellen erreicht.", style="green")


def percent(value: Value) -> str:
    """A share with its interval: "88 % (81-94 %, n = 80)"."""
    return f"{100 * value.value:.0f} % ({100 * value.low:.0f}–{100 * value.high:.0f} %, n = {value.n})"


def _cells(values: Values) -> list[str]:
    return [f"{100 * values[name].value:.0f}" if name in values else "" for name in COLUMNS]


def _signed(name: str, one: Estimate) -> str:
    factor, digits = (100, 1) if BY_NAME[name].share else (1, 2)
    told = [f"{factor * number:+.{digits}f}" for number in (one.value, one.low, one.high)]
    return f"{told[0]} ({told[1]} bis {told[2]})"
