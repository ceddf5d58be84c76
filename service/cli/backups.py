"""The commands `backup` and `restore`, for backups of the whole installation."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from prompts import say
from service.composition import open_answers
from service.terminal import (
    DataDir,
    argument,
    error_console,
    fail,
    print_notice,
    progress_bar,
    settings_for,
    write_audit_entry,
)


def backup(
    target: Annotated[Path, argument("ZIEL", "commands.backup_target")],
    data_dir: DataDir = None,
) -> None:
    """Schreibt alles in eine Datei: Ausgaben, Korrekturen, Entscheidungen, Protokoll; der Dienst
    läuft weiter.
    """
    from service.backup import back_up

    settings = settings_for(data_dir)
    with progress_bar() as show:
        saved = back_up(settings, target, show)
    write_audit_entry(settings, "backed up", saved.file.name)
    error_console.print(
        f"Gesichert: {saved.file} (Ausgaben: {', '.join(saved.editions) or 'keine'})."
    )
    if saved.damaged:
        print_notice("commands.backup_damaged", damaged=", ".join(saved.damaged))


def restore(
    source: Annotated[Path, argument("DATEI", "commands.restore_source")],
    replace: Annotated[
        bool, typer.Option("--replace", help="Ersetzen, was dort schon liegt")
    ] = False,
    data_dir: DataDir = None,
) -> None:
    """Legt eine Sicherung zurück, nachdem sie als Ganzes geprüft ist; was dort liegt, ersetzt nur
    --replace.
    """
    from service.backup import is_copy_of_tables, put_tables_back, restore

    settings = settings_for(data_dir)
    # such a file was made by a migration and has no editions, so there is nothing to verify
    if is_copy_of_tables(source):
        if not replace:
            raise fail(say("commands.tables_need_replace"))
        put_tables_back(settings, source)
        print_notice("commands.tables_put_back")
        return
    with progress_bar() as show:
        restored = restore(settings, source, show, open_answers, replace=replace)
    current = restored.pointer.current
    write_audit_entry(settings, "restored", f"{source.name}: {current or 'ohne Ausgabe'}")
    text = say("commands.restored_none")
    if current:
        text = say("commands.restored_current", current=current)
    print_notice("commands.restored", made=restored.made, told=text)
    print_notice("commands.restart_services")
