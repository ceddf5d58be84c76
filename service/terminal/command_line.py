"""A command line whose help and faults of use are in German, by typer's own classes of commands."""

from __future__ import annotations

import re
import sys
from collections.abc import Callable, Sequence
from typing import Any, TypeVar

import typer
from typer.core import TyperCommand, TyperGroup

from prompts import say
from service.terminal.errors import Exit, errors

Function = TypeVar("Function", bound=Callable[..., Any])
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


class GermanCommand(TyperCommand):
    """A command with a German help."""

    def get_help(self, ctx: Any) -> str:
        """The help of a command."""
        return _translate(super().get_help(ctx))


class GermanGroup(TyperGroup):
    """A group of commands with a German help."""

    def get_help(self, ctx: Any) -> str:
        """The help of a group."""
        return _translate(super().get_help(ctx))


class CommandLine(typer.Typer):
    """Commands and groups of them; `help` says what they are for."""

    def __init__(self, help: str, name: str | None = None) -> None:
        plain: dict[str, Any] = {"add_completion": False, "pretty_exceptions_enable": False, "rich_markup_mode": None}
        super().__init__(name=name, help=help, cls=GermanGroup, no_args_is_help=True, **plain)

    def command(self, name: str | None = None, **options: Any) -> Callable[[Function], Function]:
        """Register a function as a command."""
        return super().command(name, cls=GermanCommand, **options)

    def run(self, args: Sequence[str] | None = None, name: str | None = None) -> None:
        """Run it to its end and exit; `args` and `name` are those of the process where none are given."""
        try:
            code = typer.main.get_command(self)(args=args, prog_name=name, standalone_mode=False)
        except typer.TyperException as fault:
            _report_fault(fault)
            sys.exit(Exit.BAD_INPUT)
        except typer.Abort:
            errors.print("Abgebrochen.")
            sys.exit(Exit.REJECTED)
        sys.exit(code)


def _translate(text: str) -> str:
    for word, german in _WORDS.items():
        text = text.replace(word, german)
    return text


def _report_fault(fault: Any) -> None:
    """Report a fault in one sentence and where the help is; a command without anything gets its help alone."""
    kind = type(fault).__name__
    if kind == "NoArgsIsHelpError":
        errors.print(fault.message)
        return
    hint = fault.param.get_error_hint() if getattr(fault, "param", None) else ""
    if kind == "MissingParameter":
        sentence = say("serving.missing", hint=hint)
    elif kind == "NoSuchOption":
        sentence = say("serving.no_option", option_name=fault.option_name)
    elif hint:
        sentence = say("serving.bad_value", hint=hint)
    else:
        named = re.search(r"'(.+)'|\(([^()]+)\)$", fault.message)
        sentence = say("serving.not_here", named=named[1] or named[2] if named else "Das")
    context = getattr(fault, "ctx", None)
    errors.print(f"{sentence} Hilfe: {context.command_path} --help" if context else sentence)
