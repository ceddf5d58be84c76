"""All commands by their names, each with an example; part of the composition root."""

from __future__ import annotations

import logging
import os
import sys

import typer

from prompts import say
from service.cli import backups, decisions, editions, ingesting, model_read, models, plans, queries, questions, serving
from service.terminal.errors import unexpected
from service.terminal.german import run

app = typer.Typer(
    name="strategielotse",
    help=say("commands.help"),
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
)
COMMANDS = (
    ("ingest", ingesting.ingest, "ingest berichte/ --add"),
    ("remove", ingesting.remove, "remove leitbild-entwurf"),
    ("documents", queries.documents, "documents"),
    ("rollback", editions.rollback, "rollback"),
    ("verify", editions.verify, "verify"),
    ("backup", backups.backup, "backup /sicherung"),
    ("restore", backups.restore, "restore /sicherung/lotse.tar"),
    ("serve", serving.serve, "serve --port 8080 --demo"),
    ("mcp", serving.mcp, "mcp"),
    ("staff-link", serving.staff_link, "staff-link --url https://lotse.example.org"),
    ("ask", queries.ask, say("commands.ask_example")),
    ("lookup", queries.lookup, 'lookup "Radverkehr" --json'),
    ("projects", queries.projects, "projects --status idea --theme 2 --format csv > ideen.csv"),
)


def main() -> None:
    """Run the command line; LangSmith's tracing stays off, and libraries' log lines stay out of the output."""
    os.environ["LANGSMITH_TRACING"] = os.environ["LANGCHAIN_TRACING_V2"] = "false"
    logging.basicConfig(handlers=[logging.NullHandler()])
    try:
        run(app)
    except Exception as error:
        sys.exit(unexpected(error))


for name, command, example in COMMANDS:
    app.command(name, epilog=f"Beispiel: strategielotse {example}")(command)
models.app.command("read", epilog="Beispiel: strategielotse model read --document klima-2026")(model_read.read)
questions.app.command("write", epilog="Beispiel: strategielotse questions write --document klima-2026")(
    model_read.write
)
for name, group in (
    ("editions", editions.app),
    ("plan", plans.app),
    ("model", models.app),
    ("questions", questions.app),
    ("decisions", decisions.app),
):
    app.add_typer(group, name=name)


@app.command(
    "eval",
    context_settings={"allow_extra_args": True, "ignore_unknown_options": True, "help_option_names": []},
    epilog="Beispiel: strategielotse eval run",
)
def evaluate(context: typer.Context) -> None:
    """Prüft die Güte der Antworten: Läufe mit Bericht, Vergleich, Schwellen; Lesen und Lernen."""
    from evals.commands import make_app
    from evals.corpora import Ingestion
    from service.ingestion import reading

    ingestion = Ingestion(reading.papers_in, reading.read_papers, reading.read_sample)
    run(make_app(ingestion, reading.read_files), context.args, "strategielotse eval")
