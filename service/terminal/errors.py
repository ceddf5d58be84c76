"""Start and end of commands: settings, errors as one sentence with an exit code, the audit log."""

from __future__ import annotations

import getpass
import os
import traceback
from collections.abc import Iterator
from contextlib import closing, contextmanager
from enum import IntEnum
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console

from prompts import say
from service import (
    SETTING_PREFIX,
    Settings,
    SettingsError,
    load_settings,
    make_database,
    unknown_settings,
)
from vectorstore.language import collapse_spaces
from vectorstore.storage import DISK_FULL, NoSpace, StoreError, WriterBusy

DEBUG_VARIABLE = f"{SETTING_PREFIX}LOG_LEVEL"
ROLE = "command line"
error_console = Console(stderr=True, highlight=False, markup=False, soft_wrap=True)


class Exit(IntEnum):
    """The documented exit codes; FAULT is an error of the program itself (EX_SOFTWARE of
    sysexits.h).
    """

    DONE = 0
    REJECTED = 1
    BAD_INPUT = 2
    HELD_BACK = 3
    BUSY = 4
    NO_SPACE = 5
    DAMAGED = 6
    FAULT = 70


class CommandError(Exception):
    """A command cannot do what was asked; the message is one sentence for people."""


DataDir = Annotated[Path | None, typer.Option("--data-dir", help=say("serving.data_dir"))]


def settings_for(data_dir: Path | None, **overrides: object) -> Settings:
    """Return the settings of a command; for each unknown name of a setting a hint is printed.

    `data_dir` and the overrides are options of the command; None means that the option was not
    given. Raises SettingsError for invalid settings, and CommandError for a data folder that this
    user may not read.
    """
    for sentence in unknown_settings():
        error_console.print(f"Hinweis: {sentence}")
    settings = load_settings(data_dir=data_dir, **overrides)
    folder = settings.data_dir
    if folder.is_dir() and not os.access(folder, os.R_OK | os.X_OK):
        raise CommandError(say("serving.foreign_data_dir", data_dir=folder))
    return settings


def fail(message: str, code: Exit = Exit.BAD_INPUT) -> typer.Exit:
    """Print sentences to stderr, one a line, and return the exception that ends the command with a
    code.

    The caller raises it (`raise fail(...)`), so that a reader and a type checker see where the
    command ends.
    """
    for line in message.splitlines():
        error_console.print(collapse_spaces(line))
    return typer.Exit(code)


def print_notice(key: str, **values: object) -> None:
    """Print the text of this key, filled with values, to stderr."""
    error_console.print(say(key, **values))


def report_unexpected(error: Exception) -> Exit:
    """Print a sentence on an unexpected error and return the exit code.

    The sentence has the class of the error, not its message. The traceback is printed too at the
    log level DEBUG.
    """
    if os.environ.get(DEBUG_VARIABLE, "").upper() == "DEBUG":
        traceback.print_exception(error)
    print_notice("serving.unexpected", name=type(error).__name__, debug_variable=DEBUG_VARIABLE)
    return Exit.FAULT


@contextmanager
def errors_as_sentences() -> Iterator[None]:
    """Turn errors in a `with` block into one printed sentence, and end the command with an exit
    code.

    A busy writer and a full disk have codes of their own, so that scripts can tell them.
    """
    try:
        yield
    except WriterBusy as error:  # it and NoSpace are kinds of StoreError, so they come first
        raise fail(str(error), Exit.BUSY) from None
    except NoSpace as error:
        raise fail(str(error), Exit.NO_SPACE) from None
    except (StoreError, CommandError, SettingsError) as error:
        raise fail(str(error)) from None
    except BrokenPipeError:  # nobody reads on, which typer ends with
        raise
    except OSError as error:
        if error.errno in DISK_FULL:
            raise fail(say("serving.disk_full"), Exit.NO_SPACE) from None
        place, reason = error.filename or "Eine Datei", error.strerror or type(error).__name__
        raise fail(say("serving.unusable", place=place, reason=reason)) from None


def write_audit_entry(settings: Settings, action: str, subject: str) -> None:
    """Write a command's change to the audit log, under the name of the machine's user.

    The change has been made already. So if the entry cannot be written, only a hint is printed.
    """
    from sqlalchemy.exc import SQLAlchemyError

    from service.people import AuditLog

    try:
        with closing(make_database(settings)) as database:
            AuditLog(database).note(system_user(), ROLE, action, subject)
    except SQLAlchemyError as error:
        print_notice("serving.not_noted", name=type(error).__name__)


def system_user() -> str:
    """Return the name of the machine's user who runs a command."""
    try:
        return getpass.getuser()
    except (OSError, KeyError):  # a container's user without a name
        return "unbekannt"
