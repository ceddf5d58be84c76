"""A typer command line whose help and usage errors are in German."""

from __future__ import annotations

import re
import sys
from collections.abc import Callable, Sequence
from typing import Annotated, Any, TypeVar

import typer
from typer.core import TyperCommand, TyperGroup

from prompts import load_words, say
from service.terminal.errors import Exit, error_console, errors_as_sentences

Function = TypeVar("Function", bound=Callable[..., Any])


def option(name: str, key: str, **more: Any) -> Any:
    """Return an option of a command with the help text of this key; `more` is passed to typer."""
    return typer.Option(name, help=say(key), **more)


def argument(metavar: str, key: str, **more: Any) -> Any:
    """Return an argument of a command, shown as `metavar`, with the help text of this key; `more`
    is passed to typer.
    """
    return typer.Argument(metavar=metavar, help=say(key), **more)


AsJson = Annotated[bool, option("--json", "commands.as_json")]


class _GermanHelp:
    """Translates the help of a command into German."""

    def get_help(self, ctx: Any) -> str:
        """Return the help of a command, with typer's English words ("Usage:") replaced by German
        ones.
        """
        help_text: str = super().get_help(ctx)  # type: ignore[misc]  # of typer's class
        for english, german in load_words("de/command_help").items():
            help_text = help_text.replace(english, german)
        return help_text


class GermanCommand(_GermanHelp, TyperCommand):
    """A command with a German help, whose known errors are told in a German sentence."""

    def invoke(self, ctx: Any) -> Any:
        """Run the command."""
        with errors_as_sentences():
            return super().invoke(ctx)


class GermanGroup(_GermanHelp, TyperGroup):
    """A group of commands with a German help."""


class CommandLine(typer.Typer):
    """A typer application of German commands; `help` is its description."""

    def __init__(self, help: str, name: str | None = None) -> None:
        """Make the application without commands; `name` is shown in its help.

        typer's frames, colours and completion are off, and errors reach `run`. Without arguments a
        group prints its help.
        """
        plain: dict[str, Any] = {
            "add_completion": False,
            "pretty_exceptions_enable": False,
            "rich_markup_mode": None,
        }
        super().__init__(name=name, help=help, cls=GermanGroup, no_args_is_help=True, **plain)

    def command(self, name: str | None = None, **options: Any) -> Callable[[Function], Function]:
        """Register a function as a command."""
        return super().command(name, cls=GermanCommand, **options)

    def run(self, args: Sequence[str] | None = None, name: str | None = None) -> None:
        """Run the command line and exit with its code.

        `args` and `name` are by default those of the process. A wrong use is told in a German
        sentence. Who interrupts a command (Ctrl-C), or answers no where it asks whether to go on,
        reads "Abgebrochen."; the exit code is then that of something refused.
        """
        try:
            code = typer.main.get_command(self)(args=args, prog_name=name, standalone_mode=False)
        except typer.TyperException as fault:
            _print_usage_error(fault)
            sys.exit(Exit.BAD_INPUT)
        except typer.Abort:
            error_console.print("Abgebrochen.")
            sys.exit(Exit.REJECTED)
        sys.exit(code)


def _print_usage_error(fault: Any) -> None:
    """Print a usage error as one sentence that names the help.

    If a group of commands is called without a command, its help is printed, which is the message of
    this error.
    """
    if type(fault).__name__ == "NoArgsIsHelpError":
        error_console.print(fault.message)
        return
    sentence = _describe_usage_error(fault)
    context = getattr(fault, "ctx", None)
    if context:
        sentence = f"{sentence} Hilfe: {context.command_path} --help"
    error_console.print(sentence)


def _describe_usage_error(fault: Any) -> str:
    """Return a German sentence on a usage error.

    Its kind is told from the name of its class. For an error without an option or argument, such as
    an unknown command, what is wrong is taken from the English message: it is in single quotation
    marks, or in brackets at the end.
    """
    kind, parameter = type(fault).__name__, getattr(fault, "param", None)
    if kind == "NoSuchOption":
        return say("serving.no_option", option_name=fault.option_name)
    if parameter:
        key = "missing" if kind == "MissingParameter" else "bad_value"
        return say(f"serving.{key}", hint=parameter.get_error_hint())
    # What is wrong stands in the message, "'x'" or "(x)" at the end.
    quoted = re.search(r"'(.+)'|\(([^()]+)\)$", fault.message)
    if quoted is None:
        return say("serving.not_here", named="Das")
    return say("serving.not_here", named=quoted[1] or quoted[2])
