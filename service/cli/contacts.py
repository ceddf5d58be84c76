"""Commands on the directory of contacts: import, export, show, and a template to fill in."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing, contextmanager, suppress
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer
from rich.table import Table

from prompts import say
from service.composition import make_database, make_store
from service.labels import format_with_noun
from service.terminal.command_line import CommandLine
from service.terminal.errors import (
    CommandError,
    DataDir,
    errors_as_sentences,
    settings_for,
    write_audit_entry,
)
from service.terminal.output import out, print_table
from vectorstore.errors import NothingIngested

if TYPE_CHECKING:
    from service.contacts.store import ContactStore
    from service.settings import Settings
    from vectorstore.records import Item

app = CommandLine(say("commands.contacts_help"))
OutputFile = Annotated[Path, typer.Argument(metavar="DATEI", help=say("commands.csv_written"))]
InputFile = Annotated[Path, typer.Argument(metavar="DATEI", help=say("contacts.file"))]


@app.command("import", epilog="Beispiel: strategielotse contacts import ansprechstellen.csv")
def import_contacts(file: InputFile, data_dir: DataDir = None) -> None:
    """Ersetzt die Ansprechstellen durch die einer Tabelle; mit einem Fehler darin bleibt alles,
    wie es war.
    """
    from service.contacts.table import InvalidContacts, parse_contacts

    settings = settings_for(data_dir)
    with errors_as_sentences(settings), _open_contacts(settings) as store:
        try:
            contacts = parse_contacts(file.read_bytes(), file)
        except InvalidContacts as error:
            raise CommandError(f"{error}\n{say('contacts.nothing_taken')}") from None
        store.replace(contacts)
    number = _count(len(contacts))
    write_audit_entry(settings, "contacts imported", number)
    out.print(say("contacts.taken", contacts=number))


@app.command("export", epilog="Beispiel: strategielotse contacts export ansprechstellen.csv")
def export_contacts(file: OutputFile, data_dir: DataDir = None) -> None:
    """Schreibt die Ansprechstellen als CSV: code;name;telephone;mail;url;hours, in UTF-8."""
    from service.contacts.table import contacts_csv

    settings = settings_for(data_dir)
    with errors_as_sentences(settings), _open_contacts(settings) as store:
        contacts = store.read().contacts
        file.write_text(contacts_csv(contacts), encoding="utf-8", newline="")
    out.print(say("contacts.written", contacts=_count(len(contacts)), file=file))


@app.command("show", epilog="Beispiel: strategielotse contacts show")
def show_contacts(data_dir: DataDir = None) -> None:
    """Zeigt die Ansprechstellen."""
    from service.contacts.table import COLUMNS

    settings = settings_for(data_dir)
    with errors_as_sentences(settings), _open_contacts(settings) as store:
        directory = store.read()
    if not directory.contacts:
        out.print(say("contacts.none"))
        return
    table = Table(*(say(f"contacts.column_{name}") for name in COLUMNS), box=None, pad_edge=False)
    for contact in directory.contacts:
        table.add_row(*contact.model_dump().values())
    print_table(table)
    if directory.general is None:
        out.print(say("contacts.no_general"))


@app.command("template", epilog="Beispiel: strategielotse contacts template ansprechstellen.csv")
def write_template(file: OutputFile, data_dir: DataDir = None) -> None:
    """Schreibt eine Tabelle zum Ausfüllen, mit den Stellen, die in den Dokumenten stehen."""
    from service.contacts.table import template_csv

    settings = settings_for(data_dir)
    items: tuple[Item, ...] = ()
    with errors_as_sentences(settings):
        with suppress(NothingIngested), closing(make_store(settings).open()) as edition:
            items = edition.catalogue.items
        file.write_text(template_csv(items), encoding="utf-8", newline="")
    out.print(say("contacts.template_written", file=file))


def _count(number: int) -> str:
    return format_with_noun(number, "Ansprechstelle", "Ansprechstellen")


@contextmanager
def _open_contacts(settings: Settings) -> Iterator[ContactStore]:
    """Open the directory of a data folder."""
    from service.contacts.store import ContactStore

    with closing(make_database(settings)) as database:
        yield ContactStore(database)
