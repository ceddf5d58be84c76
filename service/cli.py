"""The command line, and the one place where service, ingestion and evaluation meet."""

from __future__ import annotations

import logging
import os
import sys
from collections.abc import Sequence
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from service import (
    cli_audit,
    cli_backup,
    cli_changes,
    cli_decisions,
    cli_drafts,
    cli_editions,
    cli_feedback,
    cli_ingest,
    cli_model,
    cli_model_read,
    cli_organisations,
    cli_plan,
    cli_queries,
    cli_questions,
    cli_staff,
)
from service.cli_audit import As, audited
from service.cli_errors import CommandError, DataDir, errors, fail, sentences, settings_for, unexpected
from service.cli_ingest import Wanted
from service.cli_output import out
from service.composition import make_database, make_links
from service.settings import Settings

if TYPE_CHECKING:
    from service.people.trial import Show, Trial, Try
    from service.uploads.orders import Reader

app = typer.Typer(
    name="strategielotse",
    help="Beantwortet Fragen zu Strategiedokumenten eines Kreises, mit Beleg für jede Aussage.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
)


class Prefer(StrEnum):
    """Which rendering of a registered document is read."""

    PDF = "pdf"
    TEXT = "text"


def main() -> None:
    """Run the command line; LangSmith's tracing stays off, and libraries' log lines stay out of the output."""
    os.environ["LANGSMITH_TRACING"] = os.environ["LANGCHAIN_TRACING_V2"] = "false"
    logging.basicConfig(handlers=[logging.NullHandler()])
    try:
        app()
    except Exception as error:
        sys.exit(unexpected(error))


@app.command(epilog="Beispiel: strategielotse ingest berichte/ --add")
def ingest(
    paths: Annotated[
        list[Path] | None,
        typer.Argument(metavar="PATH...", help="Dateien (PDF, DOCX, HTML, Text, Markdown) und Ordner"),
    ] = None,
    manifest: Annotated[Path | None, typer.Option("--manifest", help="Register der Dokumente (TOML)")] = None,
    add: Annotated[bool, typer.Option("--add", help="Die vorhandenen Dokumente behalten")] = False,
    replace: Annotated[bool, typer.Option("--replace", help="Nicht genannte Dokumente entfernen")] = False,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Nur lesen und berichten, nichts veröffentlichen")] = False,
    prefer: Annotated[Prefer, typer.Option("--prefer", help="Welche Fassung gelesen wird")] = Prefer.PDF,
    register: Annotated[
        Path | None,
        typer.Option(
            "--write-register", metavar="DATEI", help="Titel, Art, Stand … der Dokumente in ein Register schreiben"
        ),
    ] = None,
    as_json: Annotated[bool, typer.Option("--json", help="Den Bericht als JSON ausgeben")] = False,
    report_html: Annotated[
        Path | None,
        typer.Option(
            "--report-html", metavar="DATEI", help="Was gelesen wurde, als eine Seite zum Prüfen im Browser schreiben"
        ),
    ] = None,
    again: Annotated[
        bool,
        typer.Option("--again", help="Die Originale der Ausgabe noch einmal lesen, etwa nach einer neuen Version"),
    ] = False,
    draft: Annotated[
        bool, typer.Option("--draft", help="Nicht veröffentlichen, sondern als Entwurf zur Durchsicht bereitlegen")
    ] = False,
    gate: Annotated[
        Path | None,
        typer.Option("--gate", metavar="DATEI", help="Nur veröffentlichen, was diese Schwellen einhält (TOML)"),
    ] = None,
    person: As = None,
    data_dir: DataDir = None,
) -> None:
    """Liest Dokumente ein und veröffentlicht eine Ausgabe, die genau sie enthält."""
    if dry_run and (draft or gate):
        raise fail("--dry-run legt nichts an: Bitte --draft und --gate weglassen.")
    if again and (paths or manifest or add or replace):
        raise fail("--again liest, was die Ausgabe aufbewahrt: Bitte keine Dateien, --manifest, --add, --replace dazu.")
    if not paths and manifest is None and not again:
        raise fail("Es fehlt, was eingelesen werden soll: PATH... oder --manifest DATEI.")
    if add and replace:
        raise fail("--add behält die vorhandenen Dokumente, --replace entfernt sie: Bitte nur eines angeben.")
    settings = settings_for(data_dir)
    named = [*(paths or ()), *(one for one in (manifest, gate) if one)]
    missing = [str(path) for path in named if not path.exists()]
    if missing:
        raise fail(f"Das gibt es nicht: {', '.join(missing)}.")
    if report_html and (report_html.is_dir() or not report_html.absolute().parent.is_dir()):
        raise fail(f"Dorthin lässt sich keine Datei schreiben: {report_html}.")
    files = tuple(paths or ())
    wanted = Wanted(
        files, manifest, add, replace, dry_run, prefer is Prefer.TEXT, register, report_html, again, draft, gate
    )
    raise typer.Exit(cli_ingest.ingest(settings, wanted, _fully_right, as_json=as_json, person=person))


def _fully_right(settings: Settings, edition: str, files: Sequence[Path]) -> tuple[int, int]:
    """Return how many cases are fully right over an edition, and how many there are; raises CommandError."""
    from evals.asking import fully_right
    from evals.cases.errors import CaseError

    try:
        return fully_right(settings, edition, files)
    except CaseError as error:
        raise CommandError(str(error)) from None


@app.command(epilog="Beispiel: strategielotse remove leitbild-entwurf")
def remove(
    ids: Annotated[list[str], typer.Argument(metavar="ID...", help="Ids der Dokumente")],
    person: As = None,
    data_dir: DataDir = None,
) -> None:
    """Veröffentlicht eine Ausgabe ohne diese Dokumente und löscht die Ausgaben, die sie enthalten."""
    settings = settings_for(data_dir)
    name = cli_ingest.remove(settings, ids)
    audited(settings, "removed", f"{name}: {', '.join(ids)}", person)
    out.print(f"Ausgabe {name} enthält {', '.join(ids)} nicht mehr.")


@app.command(epilog="Beispiel: strategielotse serve --port 8080 --demo")
def serve(
    host: Annotated[str | None, typer.Option("--host", help="Adresse (127.0.0.1)")] = None,
    port: Annotated[int | None, typer.Option("--port", min=0, max=65535, help="Port (8000)")] = None,
    demo: Annotated[
        bool, typer.Option("--demo", help="Beispielseite zeigen, Beispieldaten einlesen, wo nichts ist")
    ] = False,
    workers: Annotated[int | None, typer.Option("--workers", min=1, max=64, help="Prozesse, die antworten (1)")] = None,
    data_dir: DataDir = None,
) -> None:
    """Startet den Dienst mit Startseite, Schnittstelle und ihrer Beschreibung."""
    from service.http import server
    from service.staff.links import by_link, new_link

    settings = settings_for(data_dir, host=host, port=port, demo=demo or None, workers=workers)
    with sentences(settings, server.CannotListen):
        taken = server.listen(settings.host, settings.port)
        if demo:
            cli_ingest.ingest_sample(settings)
        out.print(f"Strategielotse läuft auf {server.address_of(taken)} (Ende mit Strg+C)")
        database = make_database(settings)
        links, damage = make_links(database), database.damage()
        if damage:
            errors.print(damage)
        elif by_link(settings):
            out.print(f"Seite für Beschäftigte (gilt einmal): {new_link(links, server.address_of(taken))}")
        server.serve(settings, taken, links, hands)


@app.command(epilog="Beispiel: strategielotse mcp")
def mcp(data_dir: DataDir = None) -> None:
    """Gibt einem Assistenten die fünf Werkzeuge über Standard-Ein- und -Ausgabe (Model Context Protocol)."""
    from service.composition import make_holder

    settings = settings_for(data_dir)
    with sentences(settings):
        try:
            from service.mcp_server import serve_stdio
        except ModuleNotFoundError:
            raise CommandError('Dazu fehlt ein Paket: pip install "strategielotse[mcp]"') from None
        serve_stdio(settings, make_holder(settings))


app.command("staff-link", epilog="Beispiel: strategielotse staff-link --url https://lotse.example.org")(
    cli_staff.staff_link
)
app.add_typer(cli_drafts.app, name="editions")
app.add_typer(cli_plan.app, name="plan")
app.add_typer(cli_questions.app, name="questions")
app.add_typer(cli_decisions.app, name="decisions")
cli_model.app.command("read", epilog="Beispiel: strategielotse model read --document klima-2026")(cli_model_read.read)
app.add_typer(cli_model.app, name="model")
app.add_typer(cli_organisations.app, name="organisations")


def hands(settings: Settings) -> tuple[Reader, Try]:
    """Return what reads documents that staff hand in, and what tries what was decided."""
    from service.cli_uploads import UploadReader

    return UploadReader(settings), attempt


def attempt(settings: Settings, show: Show) -> Trial:
    """Try what was decided; raises TrialFailed, StoreError."""
    from service import cli_trial

    return cli_trial.attempt(settings, show)


app.command(epilog="Beispiel: strategielotse audit --since 2026-11-01 --format csv > protokoll.csv")(cli_audit.audit)
app.command(epilog="Beispiel: strategielotse verify")(cli_editions.verify)
app.command(epilog="Beispiel: strategielotse rollback")(cli_editions.rollback)
app.command(epilog="Beispiel: strategielotse backup /sicherung")(cli_backup.backup)
app.command(epilog="Beispiel: strategielotse restore /sicherung/lotse.tar")(cli_backup.restore)
app.command(epilog='Beispiel: strategielotse ask "Welche Projekte zur Mobilität sind noch Ideen?"')(cli_queries.ask)
app.command(epilog='Beispiel: strategielotse lookup "Radverkehr" --json')(cli_queries.lookup)
app.command(epilog="Beispiel: strategielotse projects --status idea --theme 2 --format csv > ideen.csv")(
    cli_queries.projects
)
app.command(epilog="Beispiel: strategielotse changes --format csv > aenderungen.csv")(cli_changes.changes)
app.command(epilog="Beispiel: strategielotse documents")(cli_queries.documents)
app.command(epilog="Beispiel: strategielotse feedback --format csv > bewertungen.csv")(cli_feedback.feedback)


@app.command(
    "eval",
    context_settings={"allow_extra_args": True, "ignore_unknown_options": True, "help_option_names": []},
    epilog="Beispiel: strategielotse eval run",
)
def evaluate(context: typer.Context) -> None:
    """Prüft die Güte der Antworten: Läufe mit Bericht, Vergleich, Schwellen; Lesen und Lernen."""
    from evals.commands import make_app
    from evals.corpora import Ingestion

    ingestion = Ingestion(cli_ingest.papers_in, cli_ingest.ingest_papers, cli_ingest.ingest_sample)
    make_app(ingestion, cli_ingest.read_files)(args=context.args, prog_name="strategielotse eval")
