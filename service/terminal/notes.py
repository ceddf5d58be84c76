"""Notes in the audit log of commands that change something."""

from __future__ import annotations

import getpass
from contextlib import closing

from prompts import say
from service.composition import make_database
from service.settings import Settings
from service.terminal.errors import errors

ROLE = "command line"


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
