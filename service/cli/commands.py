"""The command line: all commands by their names, each with an example; part of the composition
root.
"""

from __future__ import annotations

import logging
import sys

import typer

from prompts import say
from service.cli import asking, backups, documents, editions, models, serving, sources, tables
from service.terminal import CommandLine, report_unexpected

app = CommandLine(say("commands.help"), "strategielotse")
COMMANDS = (
    ("ingest", documents.ingest, "ingest berichte/ --add"),
    ("remove", documents.remove, "remove leitbild-entwurf"),
    ("documents", documents.documents, "documents"),
    ("rollback", editions.rollback, "rollback"),
    ("verify", editions.verify, "verify"),
    ("backup", backups.backup, "backup /sicherung"),
    ("restore", backups.restore, "restore /sicherung/lotse.tar"),
    ("serve", serving.serve, "serve --port 8080 --demo"),
    ("mcp", serving.mcp, "mcp"),
    ("staff-link", serving.staff_link, "staff-link --url https://lotse.example.org"),
    ("ask", asking.ask, say("commands.ask_example")),
    ("lookup", asking.lookup, 'lookup "Radverkehr" --json'),
    ("projects", asking.projects, "projects --status idea --theme 2 --format csv > ideen.csv"),
)
GROUPS = (
    ("editions", editions.app),
    ("model", models.app),
    ("questions", tables.questions),
    ("decisions", tables.decisions),
    ("contacts", tables.contacts),
    ("sources", sources.app),
)

for name, command, example in COMMANDS:
    app.command(name, epilog=f"Beispiel: strategielotse {example}")(command)
for name, group in GROUPS:
    app.add_typer(group, name=name)


@app.command(
    "eval",
    context_settings={
        "allow_extra_args": True,
        "ignore_unknown_options": True,
        "help_option_names": [],
    },
    epilog="Beispiel: strategielotse eval run",
)
def evaluate(context: typer.Context) -> None:
    """Prüft die Güte der Antworten: Läufe mit Bericht, Vergleich, Schwellen."""
    from evals import Ingestion, make_app
    from service.cli.ingestion import reading

    ingestion = Ingestion(reading.documents_in, reading.read_documents, reading.read_sample)
    app = make_app(ingestion)
    app.run(context.args, "strategielotse eval")


def main() -> None:
    """Run the command line, without log lines of libraries.

    An unexpected error is told in one sentence, with its own exit code.
    """
    logging.basicConfig(handlers=[logging.NullHandler()])
    try:
        app.run()
    except Exception as error:
        sys.exit(report_unexpected(error))
