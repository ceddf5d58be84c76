"""How commands begin and end: settings, one clear sentence and an exit code, never a traceback; a note in the log."""

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
from service.composition import make_database
from service.settings import PREFIX, Settings, SettingsError, load_settings, unknown_settings
from vectorstore.disk import FULL
from vectorstore.errors import NoSpace, StoreError, WriterBusy

DEBUG_VARIABLE = f"{PREFIX}LOG_LEVEL"
ROLE = "command line"
errors = Console(stderr=True, highlight=False, markup=False, soft_wrap=True)


class Exit(IntEnum):
    """Exit codes of the contract, and one for a fault of the program (EX_SOFTWARE of sysexits.h)."""

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
    """Return the settings of a command and tell unknown ones; ends it where they are wrong."""
    for sentence in unknown_settings():
        errors.print(f"Hinweis: {sentence}")
    try:
        return load_settings(data_dir=data_dir, **overrides)
    except SettingsError as error:
        raise fail(str(error)) from None


def fail(message: str, code: Exit = Exit.BAD_INPUT) -> typer.Exit:
    """Print one sentence to stderr, or several on a line each, and return what ends the command."""
    for line in message.splitlines():
        errors.print(" ".join(line.split()))
    return typer.Exit(code)


def unexpected(error: Exception) -> Exit:
    """Tell a fault of the program in one sentence, with its traceback only where the log level is DEBUG."""
    if os.environ.get(DEBUG_VARIABLE, "").upper() == "DEBUG":
        traceback.print_exception(error)
    errors.print(say("serving.unexpected", name=type(error).__name__, debug_variable=DEBUG_VARIABLE))
    return Exit.FAULT


@contextmanager
def errors_as_sentences(settings: Settings, *known: type[Exception]) -> Iterator[None]:
    """Turn what can go wrong in a command into one sentence; `known` errors carry their own."""
    worded: tuple[type[Exception], ...] = (StoreError, CommandError, SettingsError, *known)
    try:
        if settings.data_dir.is_dir() and not os.access(settings.data_dir, os.R_OK | os.X_OK):
            raise CommandError(say("serving.foreign_data_dir", data_dir=settings.data_dir))
        yield
    except WriterBusy as error:
        raise fail(str(error), Exit.BUSY) from None
    except NoSpace as error:
        raise fail(str(error), Exit.NO_SPACE) from None
    except worded as error:
        raise fail(str(error)) from None
    except OSError as error:
        code = Exit.NO_SPACE if error.errno in FULL else Exit.BAD_INPUT
        raise fail(_os_sentence(error, settings.data_dir), code) from None


@contextmanager
def file_errors_as_sentences(*known: type[Exception]) -> Iterator[None]:
    """Turn errors of the files that a command names into one sentence; `known` errors carry their own."""
    try:
        yield
    except known as error:
        raise fail(str(error)) from None
    except OSError as error:
        raise fail(say("serving.unreadable_file", filename=error.filename, strerror=error.strerror)) from None


def audited(settings: Settings, action: str, subject: str) -> None:
    """Keep that somebody changed something by a command; where that fails, a hint says so and the change stays."""
    from sqlalchemy.exc import SQLAlchemyError

    from service.audit import AuditLog

    try:
        with closing(make_database(settings)) as database:
            AuditLog(database).note(user(), ROLE, action, subject)
    except SQLAlchemyError as error:
        errors.print(say("serving.not_noted", name=type(error).__name__))


def user() -> str:
    """Return who runs a command: the user of this machine."""
    try:
        return getpass.getuser()
    except (OSError, KeyError):  # a container's user without a name
        return "unbekannt"


def _os_sentence(error: OSError, data_dir: Path) -> str:
    place = Path(str(error.filename)) if error.filename else data_dir
    if error.errno in FULL:
        return say("serving.disk_full", place=place)
    reason = error.strerror or type(error).__name__
    if place == data_dir or data_dir in place.parents or place in data_dir.parents:
        return say("serving.data_dir_unusable", data_dir=data_dir, reason=reason)
    return say("serving.unreadable", place=place, reason=reason)
