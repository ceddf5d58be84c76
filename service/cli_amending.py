"""What the commands for corrections and organisations share: the kept tables, files in and out, publishing."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, TypeVar

import typer

from service.composition import make_shelf, make_store
from service.settings import Settings
from service.terminal.errors import CommandError, Exit
from service.terminal.output import out, progress_bar

if TYPE_CHECKING:
    from vectorstore.amending.kept import KeptAmendments
    from vectorstore.question_tables import RejectedRow

_MOST_TOLD = 20
Row = TypeVar("Row")
Read = Callable[[bytes, str], tuple[list[Row], list["RejectedRow"]]]


def kept(settings: Settings) -> KeptAmendments:
    """Return the tables of corrections and organisations; raises StoreAway."""
    from vectorstore.amending.kept import KeptAmendments

    return KeptAmendments(make_shelf(settings).texts)


def rows_of(file: Path, read: Read[Row]) -> tuple[list[Row], bool]:
    """Return the rows of a file, those that are rejected told, and whether there are any of these.

    Raises CommandError where nothing of it can be used, TableError.
    """
    from service.cli_questions import tell_rejected
    from vectorstore.amending.tables import content_of

    if not file.is_file():
        raise CommandError(f"Das gibt es nicht: {file}.")
    rows, rejected = read(content_of(file), str(file))
    tell_rejected(rejected, "Zeile", "Zeilen")
    if rejected and not rows:
        raise CommandError(f"Keine Zeile von {file} ließ sich übernehmen; nichts geändert.")
    return rows, bool(rejected)


def written(file: Path, table: str, told: str) -> None:
    """Write a table into a file and say how much it is; raises CommandError where it cannot be written."""
    try:
        file.write_text(table, encoding="utf-8", newline="")
    except OSError as error:
        raise CommandError(f"{file} lässt sich nicht schreiben ({error.strerror}).") from None
    out.print(f"{told} geschrieben: {file}")


def publish(settings: Settings) -> str:
    """Publish an edition with the kept tables; return what became of that as a sentence."""
    from vectorstore.amending.publishing import publish_amended

    with progress_bar() as show:
        published = publish_amended(make_store(settings), show)
    return f"Ausgabe {published.name} {'veröffentlicht' if published.changed else 'unverändert'}."


def tell_lines(lines: Sequence[str]) -> None:
    """Print the first of many lines, and how many more there are."""
    for line in lines[:_MOST_TOLD]:
        out.print(f"  {line}")
    if len(lines) > _MOST_TOLD:
        out.print(f"  und {len(lines) - _MOST_TOLD} weitere")


def end(unread: Sequence[str], *, rejected: bool) -> None:
    """Name rows that cannot be read; ends the command with 1 where there are any, or something was `rejected`."""
    if unread:
        out.print("Nicht zu lesen:")
        tell_lines(unread)
    if unread or rejected:
        raise typer.Exit(Exit.REJECTED)
