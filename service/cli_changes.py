"""The command that tells what changed between two papers of one series."""

from __future__ import annotations

import json
from contextlib import closing
from enum import StrEnum
from typing import TYPE_CHECKING, Annotated

import typer

from service.cli_errors import CommandError, DataDir, sentences, settings_for
from service.cli_output import out, print_raw, print_table
from service.composition import make_store

if TYPE_CHECKING:
    from service.changes.matching import Comparison
    from vectorstore.catalogue import Catalogue


class Format(StrEnum):
    """How changes are printed."""

    TABLE = "table"
    CSV = "csv"
    JSON = "json"


def changes(
    old: Annotated[str | None, typer.Option("--old", metavar="ID", help="Früheres Papier")] = None,
    new: Annotated[str | None, typer.Option("--new", metavar="ID", help="Späteres Papier")] = None,
    form: Annotated[Format, typer.Option("--format", help="Form der Ausgabe")] = Format.TABLE,
    data_dir: DataDir = None,
) -> None:
    """Zeigt, was sich zwischen zwei Papieren einer Reihe geändert hat; ohne Angabe zwischen den beiden letzten."""
    from service.changes.table import changes_csv, row_of

    settings = settings_for(data_dir)
    with sentences(settings), closing(make_store(settings).open()) as edition:
        comparison = _compared(edition.catalogue, old, new)
    if form is Format.CSV:
        print_raw(changes_csv(comparison))
    elif form is Format.JSON:
        print_raw(json.dumps([row_of(one) for one in comparison.changes], ensure_ascii=False, indent=1))
    else:
        _print(comparison)


def _compared(catalogue: Catalogue, old: str | None, new: str | None) -> Comparison:
    from service.changes.matching import compare, pairs

    if old is None and new is None:
        found = pairs(catalogue)
        if not found:
            raise CommandError("Kein Papier folgt einem anderen derselben Reihe; --old und --new nennen zwei.")
        return compare(catalogue, *found[0])
    if old is None or new is None or old == new:
        raise CommandError("--old und --new nennen zwei verschiedene Papiere.")
    if unknown := [one for one in (old, new) if one not in catalogue.documents]:
        raise CommandError(f"In der Ausgabe gibt es kein Dokument mit dieser Id: {', '.join(unknown)}.")
    return compare(catalogue, catalogue.documents[old], catalogue.documents[new])


def _print(comparison: Comparison) -> None:
    from rich.table import Table

    from service.changes.matching import WORDS, ChangeKind
    from service.changes.table import counted
    from service.pages.labels import shown

    out.print(f"{comparison.new.title} gegenüber {comparison.old.title}", style="bold")
    out.print(f"{counted(comparison) or 'Keine Einträge'}.")
    table = Table("Änderung", "Nr.", "Titel", "Status", "vorher")
    for kind in (one for one in ChangeKind if one is not ChangeKind.UNCHANGED):
        for change in comparison.of(kind):
            before = change.old
            was = ", ".join(filter(None, (before.ref, shown(before.status)))) if before and change.new else ""
            table.add_row(WORDS[kind], change.item.ref, change.item.title, shown(change.item.status), was)
    if table.rows:
        print_table(table)
