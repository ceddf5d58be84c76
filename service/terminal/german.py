"""Runs commands with help and faults of use in German, which typer words in English alone."""

from __future__ import annotations

import re
import sys
from collections.abc import Iterator, Sequence
from typing import Any

import typer

from prompts import say
from service.terminal.errors import Exit, errors

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
