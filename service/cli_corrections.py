"""Commands about corrections: the table listed, changed, checked, and carried out as a new edition."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import closing
from datetime import date
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from service import cli_amending
from service.composition import make_store
from service.settings import Settings
from service.terminal.errors import CommandError, DataDir, sentences, settings_for
from service.terminal.notes import audited
from service.terminal.output import out

if TYPE_CHECKING:
    from vectorstore.amending.form import Correction, Outcome, Part

app = typer.Typer(help="Korrekturen an Einträgen, mit Begründung; sie überdauern jedes Einlesen.", no_args_is_help=True)
Document = Annotated[str, typer.Argument(metavar="DOKUMENT", help="Id des Dokuments")]
Key = Annotated[str, typer.Argument(metavar="SCHLÜSSEL", help="Schlüssel des Eintrags, wie in seiner Adresse")]


class PartName(StrEnum):
    """What of an item can be corrected."""

    ITEM = "item"
    KIND = "kind"
    PAGE = "page"
    TITLE = "title"
    STATUS = "status"
    UNIT = "unit"
    DATE = "date"
    PERIOD = "period"
    COST = "cost"
    TEXT = "text"


@app.command("list", epilog="Beispiel: strategielotse corrections list")
def list_(data_dir: DataDir = None) -> None:
    """Zeigt alle Korrekturen mit dem, was aus jeder wird; Ende mit 1, wo eine nicht mehr passt."""
    settings = settings_for(data_dir)
    with sentences(settings):
        outcomes, rejected = _outcomes(settings)
    for one in outcomes:
        _tell(one)
    if not outcomes:
        out.print("Es gibt keine Korrekturen.")
    cli_amending.end(rejected, rejected=not all(one.applies for one in outcomes))


@app.command("check", epilog="Beispiel: strategielotse corrections check")
def check(data_dir: DataDir = None) -> None:
    """Nennt Korrekturen, die nicht mehr passen, und Zeilen, die nicht zu lesen sind; Ende mit 1, wo es sie gibt."""
    settings = settings_for(data_dir)
    with sentences(settings):
        outcomes, rejected = _outcomes(settings)
    for one in outcomes:
        if not one.applies:
            out.print(str(one))
    if not rejected and all(one.applies for one in outcomes):
        out.print(f"Alle Korrekturen passen: {len(outcomes)}.")
    cli_amending.end(rejected, rejected=not all(one.applies for one in outcomes))


@app.command(
    "add", epilog='Beispiel: strategielotse corrections add bericht-2026 5.1.4.1 status planned --reason "Beschluss"'
)
def add(
    document: Document,
    key: Key,
    field: Annotated[PartName, typer.Argument(metavar="FELD", help=", ".join(PartName))],
    value: Annotated[str, typer.Argument(metavar="WERT", help="Was richtig ist; leer nimmt den gelesenen Wert weg")],
    reason: Annotated[str, typer.Option("--reason", help="Warum; steht öffentlich am Eintrag")],
    instead_of: Annotated[
        str | None,
        typer.Option("--instead-of", help="Gelesener Wert, der ersetzt wird; ohne Angabe der einzige gelesene"),
    ] = None,
    person: Annotated[str, typer.Option("--person", help="Wer es festgestellt hat; steht nur in der Tabelle")] = "",
    apply: Annotated[bool, typer.Option("--apply", help="Gleich als neue Ausgabe veröffentlichen")] = False,
    data_dir: DataDir = None,
) -> None:
    """Nimmt eine Korrektur in die Tabelle auf."""
    from service.amending.entering import as_kept
    from vectorstore.amending.form import Correction, Part

    settings = settings_for(data_dir)
    with sentences(settings, ValueError):
        read = _read_value(settings, document, key, Part(field)) if instead_of is None else instead_of
        part = Part(field)
        said, read = as_kept(part, value.strip()), as_kept(part, read)
        one = Correction(document, key, part, said, read, reason.strip(), person.strip(), date.today())
        new = cli_amending.kept(settings).add([one])
        audited(settings, "correction", f"{document} {key} {field}")
        out.print(f"Korrektur {'aufgenommen' if new else 'ersetzt die bisherige'}: {document} {key}, {field}.")
        _published(settings, apply=apply)


@app.command("remove", epilog="Beispiel: strategielotse corrections remove bericht-2026 5.1.4.1 --field status")
def remove(
    document: Document,
    key: Key,
    field: Annotated[PartName | None, typer.Option("--field", help="Nur dieses Feld")] = None,
    apply: Annotated[bool, typer.Option("--apply", help="Gleich als neue Ausgabe veröffentlichen")] = False,
    data_dir: DataDir = None,
) -> None:
    """Nimmt die Korrekturen eines Eintrags aus der Tabelle."""
    settings = settings_for(data_dir)
    with sentences(settings):
        kept = cli_amending.kept(settings)
        known = kept.load().amendments.corrections
        mine = [one for one in known if one.item == (document, key) and field in (None, one.part.value)]
        if not mine:
            raise CommandError(f"Zu {document} {key} gibt es keine solche Korrektur.")
        kept.remove(mine)
        audited(settings, "correction removed", f"{document} {key}")
        out.print(f"{len(mine)} entfernt.")
        _published(settings, apply=apply)


@app.command("export", epilog="Beispiel: strategielotse corrections export korrekturen.csv")
def export(
    file: Annotated[Path, typer.Argument(metavar="DATEI", help="CSV-Datei, die geschrieben wird")],
    data_dir: DataDir = None,
) -> None:
    """Schreibt die Korrekturen als CSV: document_id;key;field;value;instead_of;reason;person;date, in UTF-8."""
    from vectorstore.amending.tables import corrections_table

    settings = settings_for(data_dir)
    with sentences(settings):
        known = cli_amending.kept(settings).load().amendments.corrections
        cli_amending.written(file, corrections_table(known), _counted(len(known)))


@app.command("import", epilog="Beispiel: strategielotse corrections import korrekturen.csv --apply")
def import_(
    file: Annotated[Path, typer.Argument(metavar="DATEI", help="CSV wie vom Export")],
    replace: Annotated[bool, typer.Option("--replace", help="Genau diese: Die vorhandenen werden entfernt")] = False,
    apply: Annotated[bool, typer.Option("--apply", help="Gleich als neue Ausgabe veröffentlichen")] = False,
    data_dir: DataDir = None,
) -> None:
    """Nimmt Korrekturen einer Datei auf; Ende mit 1, wo Zeilen abgelehnt sind."""
    from vectorstore.amending.tables import corrections_in

    settings = settings_for(data_dir)
    with sentences(settings, ValueError):
        rows, rejected = cli_amending.rows_of(file, corrections_in)
        kept = cli_amending.kept(settings)
        take: Callable[[list[Correction]], object] = kept.replace if replace else kept.add
        take(rows)
        audited(settings, "corrections imported", f"{len(rows)}")
        out.print(f"{_counted(len(rows))} gelesen.")
        _published(settings, apply=apply)
    cli_amending.end((), rejected=rejected)


@app.command("apply", epilog="Beispiel: strategielotse corrections apply")
def apply_(data_dir: DataDir = None) -> None:
    """Veröffentlicht eine Ausgabe mit den Korrekturen, ohne Papiere neu zu lesen; Ende mit 1, wo eine nicht passt."""
    settings = settings_for(data_dir)
    with sentences(settings):
        out.print(cli_amending.publish(settings))
        audited(settings, "corrections applied", "")
        outcomes, rejected = _outcomes(settings)
    for one in outcomes:
        if not one.applies:
            out.print(str(one))
    cli_amending.end(rejected, rejected=not all(one.applies for one in outcomes))


def _outcomes(settings: Settings) -> tuple[tuple[Outcome, ...], tuple[str, ...]]:
    """What becomes of each correction of the table over the current edition as it was read, and its rejected rows."""
    loaded = cli_amending.kept(settings).load()
    with closing(make_store(settings).open()) as edition:
        outcomes = edition.catalogue.as_read.amended(loaded.amendments).outcomes
    return outcomes, loaded.rejected


def _read_value(settings: Settings, document: str, key: str, part: Part) -> str:
    """The value that was read, where there is one at most; raises CommandError where it has to be named."""
    from vectorstore.amending.reading import read_values

    with closing(make_store(settings).open()) as edition:
        item = edition.catalogue.as_read.item(document, key)
    values = read_values(item, part) if item else ()
    if len(values) > 1:
        raise CommandError(f"Welcher Wert soll ersetzt werden? --instead-of mit einem von: {', '.join(values)}.")
    return values[0] if values else ""


def _published(settings: Settings, *, apply: bool) -> None:
    if apply:
        out.print(cli_amending.publish(settings))
    else:
        out.print("'strategielotse corrections apply' veröffentlicht eine Ausgabe damit.")


def _tell(one: Outcome) -> None:
    correction = one.correction
    was = f" statt „{correction.instead_of}“" if correction.instead_of else ""
    out.print(str(one), style="" if one.applies else "yellow")
    by = ", ".join(filter(None, (correction.person, str(correction.day or ""))))
    out.print(f"  „{correction.value}“{was}. Grund: {correction.reason}{f' ({by})' if by else ''}")


def _counted(number: int) -> str:
    return f"{number} {'Korrektur' if number == 1 else 'Korrekturen'}"
