"""The command that lets people in: a new one-time link to the staff page of the running service."""

from __future__ import annotations

import time
from contextlib import closing
from enum import StrEnum
from typing import Annotated

import typer

from service.cli_audit import As, audited
from service.cli_errors import CommandError, DataDir, sentences, settings_for
from service.cli_output import out
from service.composition import make_database, make_links
from service.settings import ROLES

MAX_NAME = 80


class LinkRole(StrEnum):
    """What whoever uses a link may do."""

    READER = "reader"
    EDITOR = "editor"
    PUBLISHER = "publisher"


def staff_link(
    url: Annotated[str | None, typer.Option("--url", help="Adresse des Dienstes, wie der Browser sie aufruft")] = None,
    role: Annotated[
        LinkRole,
        typer.Option(
            "--role", help="Was der Link erlaubt: reader liest, editor entscheidet und berichtigt, publisher alles"
        ),
    ] = LinkRole.PUBLISHER,
    name: Annotated[
        str, typer.Option("--name", metavar="NAME", help="Für wen er ist; ohne Angabe wird danach gefragt")
    ] = "",
    person: As = None,
    data_dir: DataDir = None,
) -> None:
    """Zeigt einen neuen Zugangslink zur Seite für Beschäftigte; er gilt einmal und 12 Stunden."""
    from service.staff.links import by_link, link_to

    settings = settings_for(data_dir)
    with sentences(settings):
        if not by_link(settings):
            setting = f"STRATEGIELOTSE_STAFF_ACCESS={settings.staff_access}"
            raise CommandError(f"Die Seite für Beschäftigte öffnet sich hier ohne Zugangslink ({setting}).")
        if not settings.database_url and not settings.data_dir.is_dir():
            raise CommandError(f"Den Datenordner {settings.data_dir} gibt es nicht; nutzt der Dienst einen anderen?")
        given = " ".join(name.split())
        if len(given) > MAX_NAME:
            raise CommandError(f"Der Name ist zu lang: höchstens {MAX_NAME} Zeichen.")
        with closing(make_database(settings)) as database:
            if damage := database.damage():
                raise CommandError(damage)
            token = make_links(database).issue(time.time(), 1 + ROLES.index(role.value), given)
        audited(settings, "link issued", f"{role.value}: {given or 'ohne Namen'}", person)
    host = f"[{settings.host}]" if ":" in settings.host else settings.host
    out.print(link_to(url or settings.public_url or f"http://{host}:{settings.port}", token))
