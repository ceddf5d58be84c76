"""`strategielotse eval ...`: the group of commands, and `run`, which asks all cases and writes a run with its report.

The composition root gives `prepare_sample`, which ingests the sample corpus into a data folder: evaluation itself
reads no documents.
"""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from evals import commands_runs
from evals.answers.corpora import Ingestion
from evals.asking import Prepare, sample_target, shipped_cases, target_of
from evals.commands_ablation import ablate
from evals.commands_answers import add_answers
from evals.commands_baselines import baselines
from evals.commands_cases import cases_app
from evals.commands_reading import add_reading
from evals.commands_runs import KNOWN, GateOption, Url, limits_of, run_before, short_of
from evals.extra import require_extra
from evals.gate import Limits
from evals.reading.papers import ReadAll
from evals.reporting.writing import write_report
from evals.run_output import print_gate, print_run
from evals.runs import Run, now_name, read_run, require_free, write_run
from evals.session import RunRequest, executed
from evals.training.command import add_train
from service.cli_errors import DataDir, Exit, sentences, settings_for
from service.cli_output import out, print_raw, progress_bar


def make_app(prepare_sample: Prepare, read: ReadAll, ingestion: Ingestion) -> typer.Typer:
    """The command group; `prepare_sample` ingests the sample corpus into the data folder of the settings it gets.

    `read` reads files in memory, without an edition, and says why where it cannot. `ingestion` makes editions.
    """
    app = typer.Typer(
        help="Prüft die Güte der Antworten: Fälle, Läufe, Berichte, Vergleich, Schwellen.",
        add_completion=False,
        rich_markup_mode=None,
    )

    @app.callback(invoke_without_command=True)
    def overview(context: typer.Context) -> None:
        if context.invoked_subcommand is None:
            require_extra()
            print_raw(context.get_help())
            raise typer.Exit(Exit.BAD_INPUT)

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

    app.command(epilog="Beispiel: strategielotse eval report runs/2026-11-20-1")(commands_runs.report)
    app.command(epilog="Beispiel: strategielotse eval compare runs/vorher runs/nachher")(commands_runs.compare)
    app.command(epilog="Beispiel: strategielotse eval gate runs/heute --gate schwellen.toml")(commands_runs.gate)
    app.command(epilog="Beispiel: strategielotse eval replay runs/2026-11-20-1")(commands_runs.replay)
    app.command(epilog="Beispiel: strategielotse eval list")(commands_runs.list)
    app.command(epilog="Beispiel: strategielotse eval ablate --set faelle.jsonl=daten")(ablate)
    app.command(epilog="Beispiel: strategielotse eval baselines --set faelle.jsonl=daten")(baselines)
    app.add_typer(cases_app, name="cases")
    add_reading(app, read)
    add_answers(app, ingestion)
    add_train(app, ingestion)
    return app


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
