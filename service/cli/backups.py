"""Commands that carry a whole installation: everything into one archive, and back out of it."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from service.terminal.errors import DataDir, errors, sentences, settings_for
from service.terminal.notes import audited
from service.terminal.output import progress_bar


def backup(
    target: Annotated[
        Path,
        typer.Argument(metavar="ZIEL", help="Datei, die es noch nicht gibt, oder Ordner; - für die Standardausgabe"),
    ],
    data_dir: DataDir = None,
) -> None:
    """Schreibt alles in eine Datei: Ausgaben, Korrekturen, Entscheidungen, Protokoll; der Dienst läuft weiter."""
    from service.backup.saving import back_up

    settings = settings_for(data_dir)
    with sentences(settings):
        with progress_bar() as show:
            saved = back_up(settings, target, show)
        audited(settings, "backed up", saved.file.name)
    errors.print(f"Gesichert: {saved.file} (Ausgaben: {', '.join(saved.editions) or 'keine'}).")
    if saved.damaged:
        errors.print(f"Beschädigt und nicht gesichert: {', '.join(saved.damaged)}.")


def restore(
    source: Annotated[Path, typer.Argument(metavar="DATEI", help="Sicherung; - für die Standardeingabe")],
    replace: Annotated[bool, typer.Option("--replace", help="Ersetzen, was dort schon liegt")] = False,
    data_dir: DataDir = None,
) -> None:
    """Legt eine Sicherung zurück, nachdem sie als Ganzes geprüft ist; was dort liegt, ersetzt nur --replace."""
    from service.backup.restoring import put_back

    settings = settings_for(data_dir)
    with sentences(settings):
        with progress_bar() as show:
            restored = put_back(settings, source, show, replace=replace)
        audited(settings, "restored", f"{source.name}: {restored.current or 'ohne Ausgabe'}")
    told = f"Veröffentlicht ist die Ausgabe {restored.current}." if restored.current else "Eine Ausgabe hat sie nicht."
    errors.print(f"Zurückgelegt ist die Sicherung vom {restored.made:%d.%m.%Y, %H:%M} Uhr (UTC). {told}")
    errors.print("Laufende Dienste bitte neu starten: Sie kennen noch den Schlüssel von vorher.")
