"""Commands about decisions: out as a table, and in from one; they are made on the page "Entscheiden"."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from prompts import say
from service.composition import make_database, make_decisions
from service.terminal.errors import CommandError, DataDir, Exit, sentences, settings_for
from service.terminal.notes import audited, user
from service.terminal.output import out

if TYPE_CHECKING:
    from service.people.decisions import Decisions
    from service.settings import Settings

app = typer.Typer(help=say("commands.decisions_help"), no_args_is_help=True)


@app.command(epilog="Beispiel: strategielotse decisions export entscheidungen.csv")
def export(
    file: Annotated[Path, typer.Argument(metavar="DATEI", help=say("commands.csv_written"))],
    data_dir: DataDir = None,
) -> None:
    """Schreibt alle Entscheidungen, die gelten, als CSV mit Kopfzeile, in UTF-8."""
    from service.people.decisions_csv import table

    settings = settings_for(data_dir)
    with _decisions(settings) as decisions:
        found = decisions.standing()
        try:
            file.write_text(table(found), encoding="utf-8", newline="")
        except OSError as error:
            raise CommandError(say("commands.file_unwritable", file=file, strerror=error.strerror)) from None
    out.print(f"{_counted(len(found))} geschrieben: {file}")


@app.command("import", epilog="Beispiel: strategielotse decisions import entscheidungen.csv")
def import_(
    file: Annotated[Path, typer.Argument(metavar="DATEI", help=say("commands.csv_taken"))],
    data_dir: DataDir = None,
) -> None:
    """Nimmt Entscheidungen einer Tabelle auf, die es noch nicht gibt; Ende mit 1, wo Zeilen abgelehnt sind."""
    from service.cli.questions import tell_rejected
    from service.people.decisions_csv import read_file

    settings = settings_for(data_dir)
    with _decisions(settings) as decisions:
        rows, rejected = read_file(file)
        known = {one.content for one in decisions.standing()}
        new = [one for one in rows if one.content not in known]
        decisions.put(replace(one, person=one.person or user()) for one in new)
    audited(settings, "decisions imported", str(len(new)))
    out.print(
        say("commands.decisions_taken", new=_counted(len(new)), known=len(rows) - len(new), rejected=len(rejected))
    )
    tell_rejected(rejected, "Zeile", "Zeilen")
    out.print(say("commands.decisions_try"))
    if rejected:
        raise typer.Exit(Exit.REJECTED)


@contextmanager
def _decisions(settings: Settings) -> Iterator[Decisions]:
    """The decisions of a data folder; what goes wrong there is told in one sentence."""
    from sqlalchemy.exc import SQLAlchemyError

    from service.people.form import Wrong

    with sentences(settings, Wrong), closing(make_database(settings)) as database:
        try:
            yield make_decisions(settings, database)
        except SQLAlchemyError as error:
            reason = type(error).__name__
            raise CommandError(say("commands.decisions_unreadable", reason=reason)) from None


def _counted(number: int) -> str:
    return f"{number} {'Entscheidung' if number == 1 else 'Entscheidungen'}"
