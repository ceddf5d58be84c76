"""The commands `serve`, `mcp` and `staff-link`."""

from __future__ import annotations

from contextlib import closing, suppress
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Literal

import typer

from prompts import say
from service import ROLES_BY_WORD, Settings, make_database, migrate_database
from service.backup import make_store
from service.cli.ingestion.reading import read_sample
from service.terminal import (
    CommandError,
    DataDir,
    console,
    error_console,
    option,
    print_text,
    settings_for,
    write_audit_entry,
)
from vectorstore.language import collapse_spaces
from vectorstore.storage import StoreUnavailable

if TYPE_CHECKING:
    from service.office.staff import Ticket

MAX_NAME = 80
ADDRESS_FILE = "address"  # in the data folder: where the service listens that was started last
LinkRole = Literal["reader", "editor", "publisher"]  # the words of `Role`


def serve(
    host: Annotated[str | None, typer.Option("--host", help="Adresse (127.0.0.1)")] = None,
    port: Annotated[
        int | None, typer.Option("--port", min=0, max=65535, help="Port (8000)")
    ] = None,
    demo: Annotated[bool, option("--demo", "commands.demo_help")] = False,
    workers: Annotated[
        int | None, option("--workers", "commands.workers_help", min=1, max=64)
    ] = None,
    data_dir: DataDir = None,
) -> None:
    """Startet den Dienst mit Startseite, Schnittstelle und ihrer Beschreibung."""
    from service.app import refusing_requests, server
    from service.cli.ingestion.uploads import UploadReader
    from service.office.staff import Ticket

    settings = settings_for(data_dir, host=host, port=port, demo=demo or None, workers=workers)
    # raises StoreError if the pointer to the edition is damaged
    make_store(settings).local_current_name()
    with closing(make_database(settings)) as database:
        migrate_database(database)
    # before the sample is read, which takes long: a port in use ends the command at once
    listener = server.listen(settings.host, settings.port)
    report = read_sample(settings, refusing_requests(listener)) if demo else None
    if report:
        console.print(
            f"Beispieldaten eingelesen: Ausgabe {report.edition} ({report.seconds:.1f} s)."
        )
    address = server.address_of(listener)
    with suppress(OSError):  # a folder that cannot be written is told by the service itself
        (settings.data_dir / ADDRESS_FILE).write_text(address)
    print_text("commands.running", taken=address)
    console.print(f"Datenordner: {settings.data_dir}")
    if demo:
        in_checkout = Path("strategielotse").is_file()  # the script there
        program = "./strategielotse" if in_checkout else "strategielotse"
        print_text("serving.leave_demo", program=program)
    if settings.staff_access == "link":
        try:
            link = _new_link(settings, settings.public_url or address, Ticket())
            print_text("commands.staff_page", taken=link)
        except (CommandError, StoreUnavailable) as error:  # answers need no staff pages
            error_console.print(str(error))
    server.serve(settings, listener, UploadReader)


def _new_link(settings: Settings, address: str, ticket: Ticket) -> str:
    """Store a ticket; return the link with it, below an address.

    Raises CommandError if the tables are damaged, StoreUnavailable if they cannot be written.
    """
    from service.office.staff import Tickets, sign_in_link

    with closing(make_database(settings)) as database:  # closed before the service runs
        damage = database.damage()
        if damage:
            raise CommandError(damage)
        return sign_in_link(address, Tickets(database).issue(ticket))


def mcp(data_dir: DataDir = None) -> None:
    """Gibt einem Assistenten die fünf Werkzeuge über Standard-Ein- und -Ausgabe (Model Context
    Protocol).
    """
    from service.composition import make_holder

    settings = settings_for(data_dir)
    try:
        from service.app import serve_stdio
    except ModuleNotFoundError:
        raise CommandError(say("commands.mcp_package")) from None
    serve_stdio(settings, make_holder(settings))


def staff_link(
    url: Annotated[str | None, option("--url", "commands.link_url")] = None,
    role: Annotated[LinkRole, option("--role", "commands.link_role")] = "publisher",
    name: Annotated[str, option("--name", "commands.link_name", metavar="NAME")] = "",
    data_dir: DataDir = None,
) -> None:
    """Zeigt einen neuen Zugangslink zur Seite für Beschäftigte; er gilt einmal und 12 Stunden."""
    from service.office.staff import Ticket

    settings, person = settings_for(data_dir), collapse_spaces(name)
    if settings.staff_access != "link":
        setting = f"STRATEGIELOTSE_STAFF_ACCESS={settings.staff_access}"
        raise CommandError(say("commands.no_link_needed", setting=setting))
    # a link that is stored in a new folder would open no service
    if not settings.database_url and not settings.data_dir.is_dir():
        raise CommandError(say("commands.no_data_folder", data_dir=settings.data_dir))
    if len(person) > MAX_NAME:
        raise CommandError(say("commands.name_too_long", max_name=MAX_NAME))
    address = url or settings.public_url or _served_address(settings)
    link = _new_link(settings, address, Ticket(name=person, role=ROLES_BY_WORD[role]))
    write_audit_entry(settings, "link issued", f"{role}: {person or 'ohne Namen'}")
    console.print(link)


def _served_address(settings: Settings) -> str:
    """Return the address of the service that was started last over this data folder.

    `serve` writes it into a file there, since its port may be another than that of the settings. If
    there is no such file, it is the address in the settings.
    """
    with suppress(OSError):
        return (settings.data_dir / ADDRESS_FILE).read_text()
    host = f"[{settings.host}]" if ":" in settings.host else settings.host
    return f"http://{host}:{settings.port}"
