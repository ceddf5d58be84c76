"""All commands by their names, each with an example; part of the composition root.

Help and faults of use are told in German, which typer words in English alone.
"""

from __future__ import annotations

import logging
import os
import re
import sys
from collections.abc import Iterator, Sequence
from typing import Any

import typer

from prompts import say
from service.cli import asking, editions, models, papers, serving, tables
from service.terminal.errors import Exit, errors, unexpected

app = typer.Typer(
    name="strategielotse",
    help=say("commands.help"),
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
)
COMMANDS = (
    ("ingest", papers.ingest, "ingest berichte/ --add"),
    ("remove", papers.remove, "remove leitbild-entwurf"),
    ("documents", papers.documents, "documents"),
    ("rollback", editions.rollback, "rollback"),
    ("verify", editions.verify, "verify"),
    ("backup", editions.backup, "backup /sicherung"),
    ("restore", editions.restore, "restore /sicherung/lotse.tar"),
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
)
_WORDS = {
    "Usage: ": "Aufruf: ",
    "[OPTIONS]": "[OPTIONEN]",
    "COMMAND [ARGS]...": "BEFEHL ...",
    "\nArguments:\n": "\nArgumente:\n",
    "\nOptions:\n": "\nOptionen:\n",
    "\nCommands:\n": "\nBefehle:\n",
    "Show this message and exit.": "Zeigt diese Hilfe.",
    "[default: ": say("serving.otherwise"),
    "[required]": say("serving.required"),
}
_USAGE: Any = typer.BadParameter.__base__  # typer does not tell its name


for name, command, example in COMMANDS:
    app.command(name, epilog=f"Beispiel: strategielotse {example}")(command)
tables.questions.command("write", epilog="Beispiel: strategielotse questions write --document klima-2026")(models.write)
for name, group in GROUPS:
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
    from service.cli.ingestion import reading

    ingestion = Ingestion(reading.papers_in, reading.read_papers, reading.read_sample)
    run(make_app(ingestion, reading.read_files), context.args, "strategielotse eval")


def main() -> None:
    """Run the command line; LangSmith's tracing stays off, and libraries' log lines stay out of the output."""
    os.environ["LANGSMITH_TRACING"] = os.environ["LANGCHAIN_TRACING_V2"] = "false"
    logging.basicConfig(handlers=[logging.NullHandler()])
    try:
        run(app)
    except Exception as error:
        sys.exit(unexpected(error))


def run(app: typer.Typer, args: Sequence[str] | None = None, name: str | None = None) -> None:
    """Run a command line to its end; `args` and `name` are those of the process where none are given."""
    root = typer.main.get_command(app)
    for command in _all(root):
        setattr(command, "get_help", _german(command.get_help))  # noqa: B010
    try:
        code = root(args=args, prog_name=name, standalone_mode=False)
    except _USAGE as fault:
        _tell(fault)
        sys.exit(Exit.BAD_INPUT)
    except typer.Abort:
        errors.print("Abgebrochen.")
        sys.exit(Exit.REJECTED)
    sys.exit(code)


def _all(command: Any) -> Iterator[Any]:
    yield command
    for inner in getattr(command, "commands", {}).values():
        yield from _all(inner)


def _german(get_help: Any) -> Any:
    def told(context: Any) -> str:
        text = str(get_help(context))
        for word, german in _WORDS.items():
            text = text.replace(word, german)
        return text

    return told


def _tell(fault: Any) -> None:
    """Say what is wrong in one sentence and where the help is; a command without anything gets its help alone."""
    kind = type(fault).__name__
    if kind == "NoArgsIsHelpError":
        errors.print(fault.message)
        return
    hint = fault.param.get_error_hint() if getattr(fault, "param", None) else ""
    if kind == "MissingParameter":
        said = say("serving.missing", hint=hint)
    elif kind == "NoSuchOption":
        said = say("serving.no_option", option_name=fault.option_name)
    elif hint:
        said = say("serving.bad_value", hint=hint)
    else:
        named = re.search(r"'(.+)'|\(([^()]+)\)$", fault.message)
        said = say("serving.not_here", named=named[1] or named[2] if named else "Das")
    errors.print(f"{said} Hilfe: {fault.ctx.command_path} --help" if fault.ctx else said)
