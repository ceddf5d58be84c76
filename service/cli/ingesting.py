"""`ingest` and `remove`: what is in the edition, and what became of every file."""

from __future__ import annotations

import json
import sys
from collections.abc import Sequence
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from service.ingestion.reading import read
from service.settings import Settings
from service.terminal.errors import DataDir, Exit, errors, fail, sentences, settings_for
from service.terminal.notes import audited
from service.terminal.output import out, print_lines, print_raw, print_table

if TYPE_CHECKING:
    from ingest.report.report import IngestReport


class Prefer(StrEnum):
    """Which rendering of a registered document is read."""

    PDF = "pdf"
    TEXT = "text"


def ingest(
    paths: Annotated[
        list[Path] | None,
        typer.Argument(metavar="PATH...", help="Dateien (PDF, DOCX, HTML, Text, Markdown) und Ordner"),
    ] = None,
    manifest: Annotated[Path | None, typer.Option("--manifest", help="Register der Dokumente (TOML)")] = None,
    add: Annotated[bool, typer.Option("--add", help="Die vorhandenen Dokumente behalten")] = False,
    replace: Annotated[bool, typer.Option("--replace", help="Nicht genannte Dokumente entfernen")] = False,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Nur lesen und berichten, nichts veröffentlichen")] = False,
    draft: Annotated[bool, typer.Option("--draft", help="Als Entwurf zur Durchsicht bereitlegen")] = False,
    again: Annotated[
        bool, typer.Option("--again", help="Die Originale der Ausgabe noch einmal lesen, etwa mit neuer Version")
    ] = False,
    prefer: Annotated[Prefer, typer.Option("--prefer", help="Welche Fassung gelesen wird")] = Prefer.PDF,
    as_json: Annotated[bool, typer.Option("--json", help="Den Bericht als JSON ausgeben")] = False,
    data_dir: DataDir = None,
) -> None:
    """Liest Dokumente ein und veröffentlicht eine Ausgabe, die genau sie enthält."""
    named = [*(paths or ()), *([manifest] if manifest else ())]
    _require_meaning(named, add=add, replace=replace, dry_run=dry_run, draft=draft, again=again)
    settings = settings_for(data_dir)
    request = {
        "paths": tuple(paths or ()),
        "manifest": manifest,
        "add": add,
        "replace": replace,
        "dry_run": dry_run,
        "draft": draft,
        "again": again,
        "prefer_text": prefer is Prefer.TEXT,
    }
    report = _run(settings, request)
    if report.changed:
        number = len(report.files)
        audited(settings, "ingested", f"{report.edition}: {number} {'Datei' if number == 1 else 'Dateien'}")
    if as_json:
        print_raw(json.dumps(report.as_dict(), ensure_ascii=False, indent=1, default=str))
    else:
        _tell(report, settings.data_dir)
    if not report.files:
        from ingest.sources import why_not

        raise fail(f"Dort gibt es {why_not('')}.")
    if len(report.rejected) == len(report.files):
        message = "Kein Dokument konnte eingelesen werden; was bisher veröffentlicht ist, bleibt, wie es ist."
        raise fail(message, Exit.REJECTED)
    raise typer.Exit(report.exit_code)


def remove(
    ids: Annotated[list[str], typer.Argument(metavar="ID...", help="Ids der Dokumente")], data_dir: DataDir = None
) -> None:
    """Veröffentlicht eine Ausgabe ohne diese Dokumente und löscht die Ausgaben, die sie enthalten."""
    from service.ingestion.editions import remove as removed

    settings = settings_for(data_dir)
    with sentences(settings):
        name = removed(settings, ids)
    audited(settings, "removed", f"{name}: {', '.join(ids)}")
    out.print(f"Ausgabe {name} enthält {', '.join(ids)} nicht mehr.")


def _require_meaning(
    named: Sequence[Path], *, add: bool, replace: bool, dry_run: bool, draft: bool, again: bool
) -> None:
    """End the command where what is asked for contradicts itself, or is not there."""
    if dry_run and draft:
        raise fail("--dry-run legt nichts an: Bitte --draft weglassen.")
    if again and (named or add or replace):
        raise fail("--again liest, was die Ausgabe aufbewahrt: Bitte keine Dateien, --manifest, --add, --replace dazu.")
    if not named and not again:
        raise fail("Es fehlt, was eingelesen werden soll: PATH... oder --manifest DATEI.")
    if add and replace:
        raise fail("--add behält die vorhandenen Dokumente, --replace entfernt sie: Bitte nur eines angeben.")
    if missing := [str(path) for path in named if not path.exists()]:
        raise fail(f"Das gibt es nicht: {', '.join(missing)}.")


def _run(settings: Settings, request: dict[str, Any]) -> IngestReport:
    """Read; in a terminal ask before documents go that were not named."""
    from ingest.errors import RegisterError, WouldRemove

    with sentences(settings, RegisterError, WouldRemove):
        try:
            return read(settings, **request)
        except WouldRemove as would:
            if not (sys.stdin.isatty() and sys.stderr.isatty()):
                raise
            errors.print(f"Aus der Ausgabe verschwänden damit: {', '.join(would.ids)}.")
        if not typer.confirm("Sollen sie entfernt werden?", default=False, err=True):
            raise fail("Nichts geändert; mit --add bleiben die vorhandenen Dokumente.")
        return read(settings, **request | {"replace": True})


def _tell(report: IngestReport, folder: Path) -> None:
    if report.files or report.left:
        print_table(report.table())
    if not report.files or len(report.rejected) == len(report.files):
        return
    _tell_questions(report)
    _tell_corrections(report)
    if report.dry_run:
        gone = f" Es verschwänden: {', '.join(report.going)}." if report.going else ""
        out.print(f"Probelauf: Es wurde nichts veröffentlicht ({report.seconds:.1f} s).{gone}")
        return
    if report.going:
        out.print(f"Nicht mehr in der Ausgabe: {', '.join(report.going)}.")
    if unsure := sum(not one.sure for file in report.files for one in file.front):
        out.print(
            f"{unsure} {'Angabe' if unsure == 1 else 'Angaben'} zu Dokumenten sind unbestätigt und so gekennzeichnet; "
            "ein Register (--manifest) bestätigt sie, oder die Seite „Einreichen“."
        )
    if report.draft:
        out.print(
            f"Entwurf {report.edition} liegt bereit ({report.seconds:.1f} s); veröffentlicht ist er nicht. "
            f"'strategielotse editions diff {report.edition}' zeigt, was sich änderte, "
            f"'strategielotse editions publish {report.edition}' veröffentlicht ihn."
        )
        return
    change = "veröffentlicht" if report.changed else "unverändert: Der Inhalt ist derselbe"
    out.print(f"Ausgabe {report.edition} {change} ({report.seconds:.1f} s). Datenordner: {folder}")


def _tell_questions(report: IngestReport) -> None:
    """Say what of the questions for items is not (or no longer) in the edition."""
    told = report.questions
    if told.rejected:
        out.print(f"Abgelehnte Fragen des Registers: {len(told.rejected)}")
        print_lines(told.rejected)
    if told.damaged:
        out.print(f"{told.damaged} Sie sind nicht übernommen.")
    if told.lost:
        out.print(f"Fragen ohne Eintrag, den es noch gibt: {len(told.lost)}")
        print_lines(list(dict.fromkeys(f"{one.document_id} {one.key}" for one in told.lost)))
        if not report.dry_run:
            out.print("'strategielotse questions export DATEI --lost' schreibt sie heraus.")


def _tell_corrections(report: IngestReport) -> None:
    """Say what became of the corrections of the data folder; nothing where there are none."""
    told = report.corrections
    if told.applied or told.needless:
        more = f", {told.needless} nicht mehr nötig" if told.needless else ""
        out.print(f"Korrekturen: {told.applied} angewandt{more}.")
    for words, lines in (("Korrekturen, die nicht mehr passen", told.lost), ("Nicht zu lesen", told.rejected)):
        if lines:
            out.print(f"{words}: {len(lines)}")
            print_lines(lines)
