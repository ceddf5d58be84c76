"""Commands that carry a whole installation: everything into one archive, and back out of it."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from prompts import say
from service.terminal.errors import DataDir, errors, sentences, settings_for
from service.terminal.notes import audited
from service.terminal.output import progress_bar


def backup(
    target: Annotated[Path, typer.Argument(metavar="ZIEL", help=say("commands.backup_target"))],
    data_dir: DataDir = None,
) -> None:
    """Schreibt alles in eine Datei: Ausgaben, Korrekturen, Entscheidungen, Protokoll; der Dienst läuft weiter."""
    from service.backup.installation import back_up

    settings = settings_for(data_dir)
    with sentences(settings):
        with progress_bar() as show:
            saved = back_up(settings, target, show)
        audited(settings, "backed up", saved.file.name)
    errors.print(f"Gesichert: {saved.file} (Ausgaben: {', '.join(saved.editions) or 'keine'}).")
    if saved.damaged:
        errors.print(say("commands.backup_damaged", damaged=", ".join(saved.damaged)))


def restore(
    source: Annotated[Path, typer.Argument(metavar="DATEI", help=say("commands.restore_source"))],
    replace: Annotated[bool, typer.Option("--replace", help="Ersetzen, was dort schon liegt")] = False,
    data_dir: DataDir = None,
) -> None:
    """Legt eine Sicherung zurück, nachdem sie als Ganzes geprüft ist; was dort liegt, ersetzt nur --replace."""
    from service.backup.installation import put_back

    settings = settings_for(data_dir)
    with sentences(settings):
        with progress_bar() as show:
            restored = put_back(settings, source, show, replace=replace)
        audited(settings, "restored", f"{source.name}: {restored.current or 'ohne Ausgabe'}")
    told = (
        say("commands.restored_current", current=restored.current)
        if restored.current
        else say("commands.restored_none")
    )
    errors.print(say("commands.restored", made=restored.made, told=told))
    errors.print(say("commands.restart_services"))
