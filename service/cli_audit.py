"""Who did what, on the command line: the notes of commands that change something, and the command that shows them."""

from __future__ import annotations

import getpass
import json
from contextlib import closing
from datetime import datetime
from enum import StrEnum
from typing import TYPE_CHECKING, Annotated

import typer
from rich.table import Table

from service.audit_words import action_word, kept_for, role_word
from service.cli_errors import CommandError, DataDir, errors, sentences, settings_for
from service.cli_output import out, print_raw, print_table
from service.composition import make_database
from service.settings import Settings

if TYPE_CHECKING:
    from service.audit import AuditNote

ROLE = "command line"
As = Annotated[
    str | None, typer.Option("--as", metavar="NAME", help="Wer im Protokoll steht, sonst der Benutzer des Rechners")
]


class Format(StrEnum):
    """How the notes are printed."""

    TABLE = "table"
    CSV = "csv"
    JSON = "json"


def audited(settings: Settings, action: str, subject: str, person: str | None = None) -> None:
    """Keep that somebody changed something by a command; where that fails, a hint says so and the change stays."""
    from sqlalchemy.exc import SQLAlchemyError

    from service.audit import AuditLog

    try:
        with closing(make_database(settings)) as database:
            AuditLog(database).note(_person(person), ROLE, action, subject)
    except SQLAlchemyError as error:
        errors.print(f"Hinweis: Das steht nicht im Protokoll, es ließ sich nicht schreiben ({type(error).__name__}).")


def audit(
    person: Annotated[str, typer.Option("--person", help="Nur von Personen, deren Name das enthält")] = "",
    action: Annotated[str, typer.Option("--action", help="Nur diese Handlung, wie --format json sie nennt")] = "",
    since: Annotated[
        datetime | None, typer.Option("--since", formats=["%Y-%m-%d"], help="Ab diesem Tag (JJJJ-MM-TT, UTC)")
    ] = None,
    until: Annotated[
        datetime | None, typer.Option("--until", formats=["%Y-%m-%d"], help="Bis zu diesem Tag (JJJJ-MM-TT, UTC)")
    ] = None,
    most: Annotated[int, typer.Option("--most", min=0, help="Höchstens so viele, die letzten; 0: alle")] = 50,
    sweep: Annotated[
        bool, typer.Option("--sweep", help="Löscht, was seine Tage hinter sich hat, wie der Dienst täglich")
    ] = False,
    form: Annotated[Format, typer.Option("--format", help="table, csv oder json")] = Format.TABLE,
    data_dir: DataDir = None,
) -> None:
    """Zeigt, wer etwas eingelesen, berichtigt, veröffentlicht oder entschieden hat, das Neueste zuerst."""
    from sqlalchemy.exc import SQLAlchemyError

    from service.audit import AuditFilter, AuditLog

    settings = settings_for(data_dir)
    wanted = AuditFilter(person, action, since.date() if since else None, until.date() if until else None)
    with sentences(settings), closing(make_database(settings)) as database:
        log = AuditLog(database)
        try:
            if sweep:
                gone = log.delete_before(settings.audit_days)
                out.print(f"{gone} {'Eintrag' if gone == 1 else 'Einträge'} gelöscht. {kept_for(settings.audit_days)}")
                return
            notes, begin = log.latest(most or None, wanted), log.begin()
        except SQLAlchemyError as error:
            raise CommandError(f"Das Protokoll ist nicht zu lesen ({type(error).__name__}).") from None
    _print(notes, form, begin, settings.audit_days)


def _print(notes: list[AuditNote], form: Format, begin: datetime | None, days: int) -> None:
    if form is Format.CSV:
        from service.audit_csv import audit_csv

        print_raw(audit_csv(notes, begin, days))
    elif form is Format.JSON:
        print_raw(json.dumps([one.model_dump(mode="json") for one in notes], ensure_ascii=False, indent=1))
    elif not notes:
        out.print("Dazu ist nichts vermerkt.")
    else:
        table = Table("Zeit (UTC)", "Wer", "Rolle", "Was", "Woran")
        for one in notes:
            when = one.moment.strftime("%d.%m.%Y %H:%M:%S")
            table.add_row(when, one.person, role_word(one.role), action_word(one.action), one.subject)
        print_table(table)
        if begin is not None:
            out.print(f"Das Protokoll beginnt am {begin.strftime('%d.%m.%Y')}. {kept_for(days)}")


def _person(said: str | None) -> str:
    """Return who runs a command: who they say, else the user of this machine."""
    if name := " ".join((said or "").split()):
        return name
    try:
        return getpass.getuser()
    except (OSError, KeyError):  # a container's user without a name
        return "unbekannt"
