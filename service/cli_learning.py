"""All of learning as its commands need it: over the tables of a data folder, with who decides; a group by its id."""

from __future__ import annotations

import getpass
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

from service.composition import make_database
from service.settings import Settings
from service.terminal.errors import CommandError, fail, sentences

if TYPE_CHECKING:
    from service.edition_holder import Served
    from service.learning.deciding import Deciding
    from service.learning.grouping import Group
    from service.learning.learning import Learning
    from service.learning.running import Try

ROLE = "publisher"  # whoever may run commands may do everything


@contextmanager
def learning_of(
    settings: Settings, *known: type[Exception], attempt: Try | None = None
) -> Iterator[tuple[Learning, Deciding]]:
    """All of learning over the tables of the settings; what can go wrong becomes one sentence."""
    from sqlalchemy.exc import SQLAlchemyError

    from service.audit import AuditLog
    from service.learning.deciding import Deciding
    from service.learning.learning import Learning

    database = make_database(settings)
    try:
        with sentences(settings, *known):
            yield Learning(database, settings, attempt), Deciding(_person(), ROLE, AuditLog(database))
    except SQLAlchemyError as error:
        raise fail(
            f"Die Tabellen neben den Ausgaben sind nicht lesbar oder nicht beschreibbar ({type(error).__name__})."
        ) from None
    finally:
        database.close()


def group_of(kept: str, learning: Learning, served: Served) -> Group:
    """The group of an open question; raises CommandError where it is not open."""
    found, _ = learning.groups(served)
    group = next((one for one in found if any(row.id == kept for row in one.members)), None)
    if group is None:
        raise CommandError(f"Eine offene Frage mit der Id {kept} gibt es nicht; learn list zeigt alle.")
    return group


def _person() -> str:
    try:
        return f"Kommandozeile ({getpass.getuser()})"
    except (KeyError, OSError):  # an account without a name
        return "Kommandozeile"
