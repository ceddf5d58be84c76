"""Commands over runs that are there: report, compare, gate, replay, list."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from evals.asking import target_of
from evals.case_errors import CaseError
from evals.comparison import compared
from evals.gate import GateError, Limits, Shortfall, accept_as_reference, load_limits, shortfalls
from evals.replay import replayed
from evals.reporting.writing import write_report
from evals.run_output import print_comparison, print_gate
from evals.runs import Run, RunError, read_run, runs_in
from evals.targets import TargetError
from service.cli_errors import CommandError, DataDir, Exit, sentences, settings_for
from service.cli_output import out, progress_bar

KNOWN = (CaseError, RunError, GateError, TargetError)
Url = Annotated[str | None, typer.Option("--url", help="Adresse eines laufenden Dienstes statt der Ausgabe hier")]
GateOption = Annotated[Path | None, typer.Option("--gate", help="Datei mit Schwellen (TOML)")]
RunFolder = Annotated[Path, typer.Argument(metavar="LAUF", help="Ordner eines Laufs")]


def report(
    run: RunFolder,
    against: Annotated[Path | None, typer.Option("--against", help="Lauf zum Vergleich (sonst der davor)")] = None,
    gate: GateOption = None,
    data_dir: DataDir = None,
) -> None:
    """Schreibt den Bericht eines Laufs neu."""
    with sentences(settings_for(data_dir), *KNOWN):
        found = read_run(run)
        before = read_run(against) if against else run_before(run.parent, found)
        limits = limits_of(gate)
        out.print(f"Bericht: {write_report(found, run, before, short_of(found, limits), limits)}")


def compare(
    before: Annotated[Path, typer.Argument(metavar="VORHER", help="Ordner des Laufs davor")],
    after: Annotated[Path, typer.Argument(metavar="NACHHER", help="Ordner des Laufs danach")],
    data_dir: DataDir = None,
) -> None:
    """Zeigt, welche Fälle zwischen zwei Läufen gewonnen und verloren wurden, und ob das mehr als Zufall ist."""
    with sentences(settings_for(data_dir), *KNOWN):
        found = compared(read_run(before), read_run(after))
        if not found.cases:
            raise CommandError("Die beiden Läufe haben keinen Fall gemeinsam.")
        print_comparison(found)


def gate(
    run: RunFolder,
    limits: Annotated[Path, typer.Option("--gate", help="Datei mit Schwellen (TOML)")],
    accept: Annotated[bool, typer.Option("--accept", help="Die Werte dieses Laufs als Bezug übernehmen")] = False,
    data_dir: DataDir = None,
) -> None:
    """Hält einen Lauf gegen Schwellen; Ausgangscode 3, wenn er sie nicht erreicht."""
    with sentences(settings_for(data_dir), *KNOWN):
        found = read_run(run)
        if accept:
            out.print(f"Bezug geschrieben: {accept_as_reference(found.summary, limits)}")
        short = short_of(found, load_limits(limits))
        print_gate(short)
    raise typer.Exit(Exit.HELD_BACK if short else Exit.DONE)


def replay(run: RunFolder, url: Url = None, data_dir: DataDir = None) -> None:
    """Stellt die Fragen eines Laufs noch einmal; Ausgangscode 1, wenn eine Antwort anders ausfällt."""
    settings = settings_for(data_dir)
    with sentences(settings, *KNOWN):
        found = read_run(run)
        with progress_bar() as show, target_of(settings, url) as target:
            changes = replayed(found, target, show)
    for one in changes:
        out.print(f"{one.case}: {one.what}")
    out.print(f"{len(changes)} Antworten anders als im Lauf." if changes else "Alle Antworten wie im Lauf.")
    raise typer.Exit(Exit.REJECTED if changes else Exit.DONE)


def list(
    folder: Annotated[Path | None, typer.Option("--in", help="Ordner der Läufe (sonst im Datenordner)")] = None,
    data_dir: DataDir = None,
) -> None:
    """Zeigt alle Läufe, den neuesten zuletzt."""
    settings = settings_for(data_dir)
    with sentences(settings, *KNOWN):
        for path in runs_in(folder or settings.data_dir / "runs"):
            found = read_run(path)
            fully = f"ganz richtig {100 * found.summary.all['fully'].value:.0f} %"
            out.print(f"{path.name}  {found.summary.cases} Fälle  {fully}  Ausgabe {found.info.edition}")


def run_before(folder: Path, run: Run) -> Run | None:
    """The newest older run in a folder with a case in common."""
    ids = {one.case.id for one in run.judgements}
    for path in reversed(runs_in(folder)):
        found = read_run(path)
        if found.info.created < run.info.created and ids & {one.case.id for one in found.judgements}:
            return found
    return None


def limits_of(path: Path | None) -> Limits | None:
    """The limits of a gate file, None without one; raises GateError."""
    return load_limits(path) if path else None


def short_of(run: Run, limits: Limits | None) -> tuple[Shortfall, ...] | None:
    """What holds a run back; None without a gate."""
    return None if limits is None else tuple(shortfalls(run.summary, limits))
