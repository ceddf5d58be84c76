"""Commands about editions as a whole: are their files what they were, and back to the one before."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

from service.cli_audit import As, audited
from service.cli_errors import DataDir, Exit, fail, sentences, settings_for
from service.cli_output import out
from service.composition import make_database, make_store

if TYPE_CHECKING:
    from vectorstore.checking import EditionCheck

MOST = 20  # damages of one edition that are told; the rest is counted
MENDED = (
    "Was hilft: 'strategielotse rollback', wo die Ausgabe davor heil ist, 'strategielotse ingest' mit den Dokumenten, "
    "oder eine Sicherung."
)


def verify(
    mend: Annotated[
        bool, typer.Option("--mend", help="Vorher Vektoren zurücklegen, die dem Chroma-Server verloren gingen")
    ] = False,
    data_dir: DataDir = None,
) -> None:
    """Prüft jede Datei jeder Ausgabe gegen deren Dateiliste mit Größen und SHA-256."""
    from service.feedback.store import ratings_database

    settings = settings_for(data_dir)
    with sentences(settings):
        store = make_store(settings)
        if mend and (mended := store.mend()):
            out.print(f"Auf dem Chroma-Server liegen wieder die Vektoren von: {', '.join(mended)}.")
        current, checks = store.current_name(), store.check()
        database = make_database(settings)
        tables = [one.damage() for one in (database, ratings_database(settings.data_dir, database))]
    damaged = [check for check in checks if check.damages]
    for check in checks:
        if not check.listed and not check.damages:
            out.print(_unlisted(check))
    for check in damaged:
        out.print(f"Ausgabe {check.name}{' (veröffentlicht)' if check.name == current else ''} ist beschädigt:")
        for line in _lines(check):
            out.print(f"  {line}")
    if told := list(dict.fromkeys(filter(None, tables))):
        out.print("\n".join(told))
    if damaged:
        raise fail(f"Beschädigt: {', '.join(check.name for check in damaged)}. {MENDED}", Exit.DAMAGED)
    if told:
        raise fail("Beschädigt ist, was beim Betrieb entsteht; die Ausgaben sind es nicht.", Exit.DAMAGED)
    if all(check.listed for check in checks):
        names = ", ".join(check.name for check in checks)
        out.print(f"Alle Dateien sind, wie sie geschrieben wurden (Ausgabe {names}; veröffentlicht ist {current}).")


def rollback(person: As = None, data_dir: DataDir = None) -> None:
    """Veröffentlicht wieder die Ausgabe davor; gelöscht wird nichts."""
    settings = settings_for(data_dir)
    with sentences(settings):
        store = make_store(settings)
        left, name = store.current_name(), store.roll_back()
        audited(settings, "rolled back", f"{left} → {name}", person)
    out.print(f"Veröffentlicht ist wieder die Ausgabe {name}. Die Ausgabe {left} bleibt bis zum nächsten Einlesen.")


def _unlisted(check: EditionCheck) -> str:
    return (
        f"Die Ausgabe {check.name} hat eine frühere Programmversion gebaut, ohne Dateiliste. Geprüft ist, dass sie "
        "sich lesen lässt und ihre Originale unverändert sind; 'strategielotse ingest' baut sie mit Dateiliste neu."
    )


def _lines(check: EditionCheck) -> list[str]:
    more = len(check.damages) - MOST
    return [*check.damages[:MOST], *([f"und {more} weitere"] if more > 0 else [])]
