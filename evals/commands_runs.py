"""Commands over runs that are there: report, compare, gate, replay, list."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Annotated

import typer

from evals.asking import target_of
from evals.case_errors import CaseError
from evals.comparison import compared
from evals.extra import require_extra
from evals.gate import GateError, Limits, Shortfall, accept_as_reference, load_limits, shortfalls
from evals.replay import replayed
from evals.reporting.writing import write_report
from evals.run_output import print_comparison, print_gate
from evals.runs import Run, RunError, read_run, runs_in
from evals.targets import TargetError
from service.cli_errors import CommandError, DataDir, Exit, errors, sentences, settings_for
from service.cli_output import out, progress_bar
from service.settings import Settings

KNOWN = (CaseError, RunError, GateError, TargetError)
Url = Annotated[str | None, typer.Option("--url", help="Adresse eines laufenden Dienstes statt der Ausgabe hier")]
GateOption = Annotated[Path | None, typer.Option("--gate", help="Datei mit Schwellen (TOML)")]
RunFolder = Annotated[Path, typer.Argument(metavar="LAUF", help="Ordner oder Name eines Laufs")]


def report(
    run: RunFolder,
    against: Annotated[Path | None, typer.Option("--against", help="Lauf zum Vergleich (sonst der davor)")] = None,
    gate: GateOption = None,
    data_dir: DataDir = None,
) -> None:
    """Schreibt den Bericht eines Laufs neu."""
    require_extra()
    settings = settings_for(data_dir)
    with sentences(settings, *KNOWN):
        run = _folder(run, settings)
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
    settings = settings_for(data_dir)
    with sentences(settings, *KNOWN):
        found = compared(read_run(_folder(before, settings)), read_run(_folder(after, settings)))
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
    settings = settings_for(data_dir)
    with sentences(settings, *KNOWN):
        found = read_run(_folder(run, settings))
        if accept:
            out.print(f"Bezug geschrieben: {accept_as_reference(found.summary, limits)}")
        short = short_of(found, load_limits(limits))
        print_gate(short)
    raise typer.Exit(Exit.HELD_BACK if short else Exit.DONE)


def replay(run: RunFolder, url: Url = None, data_dir: DataDir = None) -> None:
    """Stellt die Fragen eines Laufs noch einmal; Ausgangscode 1, wenn eine Antwort anders ausfällt."""
    settings = settings_for(data_dir)
    with sentences(settings, *KNOWN):
        found = read_run(_folder(run, settings))
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
        for path, found in _readable(folder or settings.data_dir / "runs"):
            fully = f"ganz richtig {100 * found.summary.all['fully'].value:.0f} %"
            out.print(f"{path.name}  {found.summary.cases} Fälle  {fully}  Ausgabe {found.info.edition}")


def run_before(folder: Path, run: Run) -> Run | None:
    """The newest older run in a folder with a case in common."""
    ids = {one.case.id for one in run.judgements}
    for _, found in reversed([*_readable(folder)]):
        if found.info.created < run.info.created and ids & {one.case.id for one in found.judgements}:
            return found
    return None


def _folder(run: Path, settings: Settings) -> Path:
    """A run's folder, by its path or by its name in the data folder."""
    named = settings.data_dir / "runs" / run
    return named if not run.exists() and named.exists() else run


def _readable(folder: Path) -> Iterator[tuple[Path, Run]]:
    """The runs of a folder that can be read, oldest first; the others are told and left out."""
    for path in runs_in(folder):
        try:
            yield path, read_run(path)
        except RunError as error:
            errors.print(f"{error} Er bleibt außer Acht.", style="yellow")


def limits_of(path: Path | None) -> Limits | None:
    """The limits of a gate file, None without one; raises GateError."""
    return load_limits(path) if path else None


def short_of(run: Run, limits: Limits | None) -> tuple[Shortfall, ...] | None:
    """What holds a run back; None without a gate."""
    return None if limits is None else tuple(shortfalls(run.summary, limits))
