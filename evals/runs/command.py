"""`strategielotse eval run` asks all cases and writes a run with its report; report, compare, gate, replay, list."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Annotated

import typer

from evals.cases.errors import CaseError
from evals.extra import require_extra
from evals.reporting.writing import write_report
from evals.runs.asking import Prepare, sample_target, shipped_cases, target_of
from evals.runs.comparison import compared
from evals.runs.gate import GateError, Limits, Shortfall, accept_as_reference, load_limits, shortfalls
from evals.runs.output import print_comparison, print_gate, print_run
from evals.runs.replay import replayed
from evals.runs.run import Run, RunError, now_name, read_run, require_free, runs_in, write_run
from evals.runs.session import RunRequest, executed
from evals.runs.targets import TargetError
from service.cli_errors import CommandError, DataDir, Exit, errors, sentences, settings_for
from service.cli_output import out, progress_bar
from service.settings import Settings

KNOWN = (CaseError, RunError, GateError, TargetError)
Url = Annotated[str | None, typer.Option("--url", help="Adresse eines laufenden Dienstes statt der Ausgabe hier")]
GateOption = Annotated[Path | None, typer.Option("--gate", help="Datei mit Schwellen (TOML)")]
RunFolder = Annotated[Path, typer.Argument(metavar="LAUF", help="Ordner oder Name eines Laufs")]


def add_runs(app: typer.Typer, prepare_sample: Prepare) -> None:
    """Add the commands; `prepare_sample` ingests the sample corpus into the data folder of the settings it gets."""

    @app.command(epilog="Beispiel: strategielotse eval run faelle.jsonl --gate schwellen.toml")
    def run(
        cases: Annotated[
            list[Path] | None, typer.Argument(metavar="FÄLLE...", help="Dateien; ohne sie die Fälle der Beispieldaten")
        ] = None,
        url: Url = None,
        gate: GateOption = None,
        name: Annotated[str, typer.Option("--name", help="Name des Laufs")] = "",
        to: Annotated[Path | None, typer.Option("--to", help="Ordner der Läufe (sonst im Datenordner)")] = None,
        against: Annotated[Path | None, typer.Option("--against", help="Lauf zum Vergleich (sonst der davor)")] = None,
        quick: Annotated[
            bool, typer.Option("--quick", help="Ohne Vergleichsverfahren, ohne Abwägen der Schwellen")
        ] = False,
        data_dir: DataDir = None,
    ) -> None:
        """Stellt alle Fragen, prüft jede Antwort und schreibt einen Ordner mit Bericht."""
        require_extra()
        settings = settings_for(data_dir)
        request = RunRequest(tuple(cases or shipped_cases()), name or now_name(), url, quick)
        folder = to or settings.data_dir / "runs"
        with sentences(settings, *KNOWN):
            require_free(folder, request.name)
            request.cases()
            limits, before = limits_of(gate), read_run(against) if against else None
            asked = target_of(settings, url) if cases or url else sample_target(settings, prepare_sample)
            with progress_bar() as show, asked as target:
                found = executed(request, target, show)
            held = _finish(found, folder, before, limits)
        raise typer.Exit(Exit.HELD_BACK if held else Exit.DONE)

    app.command(epilog="Beispiel: strategielotse eval report runs/2026-11-20-1")(report)
    app.command(epilog="Beispiel: strategielotse eval compare runs/vorher runs/nachher")(compare)
    app.command(epilog="Beispiel: strategielotse eval gate runs/heute --gate schwellen.toml")(gate)
    app.command(epilog="Beispiel: strategielotse eval replay runs/2026-11-20-1")(replay)
    app.command("list", epilog="Beispiel: strategielotse eval list")(list_runs)


def _finish(run: Run, runs: Path, before: Run | None, limits: Limits | None) -> bool:
    """Write folder and report and print what came out; true where the gate holds the run back."""
    folder = runs / run.info.name
    write_run(run, folder)
    before = before or run_before(runs, run)
    short = short_of(run, limits)
    place = write_report(run, folder, before, short, limits)
    print_run(run, before)
    print_gate(short)
    out.print(f"Bericht: {place}")
    return bool(short)


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


def list_runs(
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
