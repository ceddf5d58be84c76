"""`strategielotse eval ...`: the group of commands, each with what it is about in the folder of its name.

The composition root gives `prepare_sample`, which ingests the sample corpus into a data folder: evaluation itself
reads no documents.
"""

from __future__ import annotations

import typer

from evals.answers.command import add_answers
from evals.answers.corpora import Ingestion
from evals.baselines.ablation_command import ablate
from evals.baselines.command import baselines
from evals.cases.command import cases_app
from evals.extra import require_extra
from evals.models.command import add_models
from evals.reading.command import add_reading
from evals.reading.papers import ReadAll
from evals.runs.asking import Prepare
from evals.runs.command import add_runs
from evals.training.command import add_train
from service.cli_errors import Exit
from service.cli_output import print_raw


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

    add_runs(app, prepare_sample)
    app.command(epilog="Beispiel: strategielotse eval ablate --set faelle.jsonl=daten")(ablate)
    app.command(epilog="Beispiel: strategielotse eval baselines --set faelle.jsonl=daten")(baselines)
    app.add_typer(cases_app, name="cases")
    add_reading(app, read)
    add_answers(app, ingestion)
    add_models(app, prepare_sample)
    add_train(app, ingestion)
    return app
