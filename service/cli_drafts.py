"""Commands about editions side by side: list them, compare two, publish one, drop a draft; composition root."""

from __future__ import annotations

import json
from collections.abc import Sequence
from contextlib import closing
from datetime import datetime
from enum import StrEnum
from typing import TYPE_CHECKING, Annotated

import typer
from rich.table import Table

from service.cli_errors import DataDir, fail, sentences, settings_for
from service.cli_output import out, print_raw, print_table
from service.composition import make_store
from service.edition_diff import DOCUMENT_WORDS, GONE, NEW, RECORD_WORDS, EditionDiff, edition_diff
from service.pages.edition_words import STATES, made_when
from service.settings import Settings
from service.staff.words import counted

if TYPE_CHECKING:
    from vectorstore.editions import EditionStore
    from vectorstore.records import ParsedDocument

app = typer.Typer(help="Ausgaben: zeigen, vergleichen, veröffentlichen, Entwürfe verwerfen.", no_args_is_help=True)
Name = Annotated[str, typer.Argument(metavar="NAME", help="Name der Ausgabe, wie 'editions list' sie nennt")]
MOST = 40  # records of each sort that the text tells; --format json and csv have all


class DiffFormat(StrEnum):
    """How differences are printed."""

    TEXT = "text"
    JSON = "json"
    CSV = "csv"


@app.command("list", epilog="Beispiel: strategielotse editions list")
def list_(
    as_json: Annotated[bool, typer.Option("--json", help="Als JSON ausgeben")] = False, data_dir: DataDir = None
) -> None:
    """Zeigt alle Ausgaben: welche veröffentlicht ist, welche davor war, welche Entwürfe warten."""
    settings = settings_for(data_dir)
    with sentences(settings):
        found = make_store(settings).listed()
    if as_json:
        rows = [
            {
                "name": one.name,
                "state": one.state,
                "created": one.created,
                "made": one.made,
                "documents": one.documents,
                "items": one.items,
                "based_on": one.based_on,
                "outdated": one.outdated,
            }
            for one in found
        ]
        print_raw(json.dumps(rows, ensure_ascii=False, indent=1, default=_text))
        return
    if not found:
        out.print("Es gibt noch keine Ausgabe.")
        return
    table = Table("Ausgabe", "Zustand", "Dokumente", "Einträge", "Vom", box=None, pad_edge=False)
    for one in found:
        numbers = ("beschädigt", "") if one.documents is None else (str(one.documents), str(one.items))
        table.add_row(one.name, STATES[one.state] + (", überholt" if one.outdated else ""), *numbers, made_when(one))
    print_table(table)


@app.command(epilog="Beispiel: strategielotse editions diff 2026-11-20-1 2026-11-22-1 --format csv > unterschiede.csv")
def diff(
    names: Annotated[
        list[str], typer.Argument(metavar="[A] B", help="Zwei Ausgaben; eine allein gegen die veröffentlichte")
    ],
    form: Annotated[DiffFormat, typer.Option("--format", help="Form der Ausgabe")] = DiffFormat.TEXT,
    as_json: Annotated[bool, typer.Option("--json", help="Dasselbe wie --format json")] = False,
    data_dir: DataDir = None,
) -> None:
    """Sagt, was sich von einer Ausgabe zur anderen ändert: Dokumente und Einträge, neu, weg oder anders."""
    if len(names) > 2:
        raise fail("Zu vergleichen sind zwei Ausgaben, oder eine mit der veröffentlichten.")
    settings = settings_for(data_dir)
    with sentences(settings):
        store = make_store(settings)
        before = names[0] if len(names) == 2 else store.current_name()
        for name in [*names, *([before] if before else [])]:
            if name not in store.names():
                raise fail(f"Eine Ausgabe {name} gibt es nicht; 'strategielotse editions list' nennt alle.")
        found = diff_of(store, before, names[-1])
    if as_json or form is DiffFormat.JSON:
        print_raw(json.dumps(found.as_dict(), ensure_ascii=False, indent=1))
    elif form is DiffFormat.CSV:
        print_raw(found.as_csv())
    else:
        for line in _lines(found):
            out.print(line)


@app.command(epilog="Beispiel: strategielotse editions publish 2026-11-22-1")
def publish(
    name: Name,
    anyway: Annotated[
        bool, typer.Option("--anyway", help="Auch wenn seit dem Entwurf eine andere Ausgabe veröffentlicht wurde")
    ] = False,
    data_dir: DataDir = None,
) -> None:
    """Veröffentlicht einen Entwurf, oder wieder eine Ausgabe, die noch da ist."""
    settings = settings_for(data_dir)
    with sentences(settings):
        before = make_store(settings).make_current(name, anyway=anyway)
    back = f" 'strategielotse rollback' führt zu {before} zurück." if before else ""
    out.print(f"Veröffentlicht ist die Ausgabe {name}.{back}")


@app.command(epilog="Beispiel: strategielotse editions drop 2026-11-22-1")
def drop(name: Name, data_dir: DataDir = None) -> None:
    """Verwirft einen Entwurf mit allem, was nur in ihm steht."""
    settings = settings_for(data_dir)
    with sentences(settings):
        drop_draft(settings, name)
    out.print(f"Der Entwurf {name} ist verworfen.")


def drop_draft(settings: Settings, name: str) -> None:
    """Remove a draft, and what was read for it alone; raises NotPublishable, WriterBusy."""
    from ingest.cache import ParsedCache

    store = make_store(settings)
    with store.writing():
        store.drop(name)
        ParsedCache(store.root).keep_only({one for edition in store.names() for one in store.document_ids(edition)})


def diff_of(store: EditionStore, before: str | None, name: str) -> EditionDiff:
    """Return what differs between two editions, or all of one where there is none before; raises StoreError."""
    return edition_diff(before, papers_of(store, before) if before else {}, name, papers_of(store, name))


def papers_of(store: EditionStore, name: str) -> dict[str, ParsedDocument]:
    """Return the documents of an edition by id; raises StoreError."""
    with closing(store.open(name)) as edition:
        return {one.document.id: one for one in edition.catalogue.parsed()}


def _lines(found: EditionDiff) -> list[str]:
    if not found:
        return [f"Zwischen {found.before} und {found.now} unterscheidet sich kein Dokument und kein Eintrag."]
    numbers = found.counts
    head = (
        f"Von {found.before or 'nichts'} zu {found.now}: {counted(numbers[NEW], 'Eintrag', 'Einträge')} neu, "
        f"{numbers[GONE]} nicht mehr da, {numbers['changed']} anders."
    )
    documents = [
        f"Dokument {one.document_id} ({one.title}): {_told(DOCUMENT_WORDS[one.change], one.before, one.now)}"
        for one in found.documents
    ]
    records = [
        f"{one.document_id} {' '.join(filter(None, (one.ref, one.title)))}: "
        f"{_told(RECORD_WORDS[one.change], one.before, one.now)}"
        for one in found.records
    ]
    return [head, *_first(documents, "Dokumente"), *_first(records, "Einträge")]


def _told(what: str, before: str, now: str) -> str:
    return f"{what} „{before}“ → „{now}“" if before or now else what


def _first(lines: Sequence[str], noun: str) -> list[str]:
    more = len(lines) - MOST
    return [*lines[:MOST], *([f"und {more} weitere Zeilen über {noun}; --format csv hat alle"] if more > 0 else [])]


def _text(value: object) -> str:
    return value.isoformat(timespec="seconds") if isinstance(value, datetime) else str(value)
