"""Commands about organisations: names and public contacts of the units that papers print as codes."""

from __future__ import annotations

from contextlib import closing
from pathlib import Path
from typing import Annotated

import typer

from service import cli_amending
from service.cli_audit import audited
from service.cli_errors import DataDir, sentences, settings_for
from service.cli_output import out
from service.composition import make_store

app = typer.Typer(help="Namen und Kontakte der zuständigen Stellen.", no_args_is_help=True)


@app.command("import", epilog="Beispiel: strategielotse organisations import stellen.csv")
def import_(
    file: Annotated[Path, typer.Argument(metavar="DATEI", help="CSV: code;name;contact_email;phone;url;aliases")],
    data_dir: DataDir = None,
) -> None:
    """Nimmt genau diese Stellen und veröffentlicht eine Ausgabe mit ihnen; Ende mit 1, wo Zeilen abgelehnt sind."""
    from vectorstore.amending.tables import organisations_in

    settings = settings_for(data_dir)
    with sentences(settings):
        rows, rejected = cli_amending.rows_of(file, organisations_in)
        cli_amending.kept(settings).replace(rows)
        audited(settings, "organisations imported", f"{len(rows)}")
        out.print(f"{_counted(len(rows))} gelesen.")
        if make_store(settings).current_name() is not None:
            out.print(cli_amending.publish(settings))
    cli_amending.end((), rejected=rejected)


@app.command("export", epilog="Beispiel: strategielotse organisations export stellen.csv")
def export(
    file: Annotated[Path, typer.Argument(metavar="DATEI", help="CSV-Datei, die geschrieben wird")],
    data_dir: DataDir = None,
) -> None:
    """Schreibt die Stellen als CSV: code;name;contact_email;phone;url;aliases, in UTF-8."""
    from vectorstore.amending.tables import organisations_table

    settings = settings_for(data_dir)
    with sentences(settings):
        known = cli_amending.kept(settings).load().organisations
        cli_amending.written(file, organisations_table(known), _counted(len(known)))


@app.command("list", epilog="Beispiel: strategielotse organisations list")
def list_(data_dir: DataDir = None) -> None:
    """Zeigt die Stellen mit ihrem Kontakt."""
    settings = settings_for(data_dir)
    with sentences(settings):
        known = cli_amending.kept(settings).load().organisations
    for one in known:
        out.print(one.shown, style="bold")
        contact = ", ".join(filter(None, (one.contact_email, one.phone, one.url)))
        if contact:
            out.print(f"  {contact}")
        if one.aliases:
            out.print(f"  auch: {', '.join(one.aliases)}")
    if not known:
        out.print("Es sind keine Stellen bekannt.")


@app.command("check", epilog="Beispiel: strategielotse organisations check")
def check(data_dir: DataDir = None) -> None:
    """Nennt Kennungen in den Einträgen, zu denen kein Name bekannt ist; Ende mit 1, wo es welche gibt."""
    from vectorstore.amending.naming import unnamed_codes

    settings = settings_for(data_dir)
    with sentences(settings):
        loaded = cli_amending.kept(settings).load()
        with closing(make_store(settings).open()) as edition:
            missing = unnamed_codes(edition.catalogue.as_read.items, loaded.organisations)
    for code, number in missing.items():
        out.print(f"{code}: ohne Namen, in {number} {'Eintrag' if number == 1 else 'Einträgen'}")
    cli_amending.end([str(row) for row in loaded.rejected_rows], rejected=bool(missing))
    out.print("Alle Kennungen haben einen Namen.")


def _counted(number: int) -> str:
    return f"{number} {'Stelle' if number == 1 else 'Stellen'}"
