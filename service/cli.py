"""The command line, and the one place where service, ingestion and evaluation meet."""

from __future__ import annotations

import logging
import os
import sys
from contextlib import closing
from enum import StrEnum
from importlib.resources import files
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from service import cli_feedback, cli_queries
from service.cli_errors import CommandError, DataDir, Exit, fail, sentences, settings_for, unexpected
from service.cli_output import out, print_table, progress_bar
from service.composition import make_store
from service.settings import Settings

if TYPE_CHECKING:
    from ingest.job import IngestRequest
    from ingest.report import IngestReport

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
    paths: Annotated[list[Path] | None, typer.Argument(metavar="PATH...", help="Dateien und Ordner")] = None,
    manifest: Annotated[Path | None, typer.Option("--manifest", help="Register der Dokumente (TOML)")] = None,
    add: Annotated[bool, typer.Option("--add", help="Die vorhandenen Dokumente behalten")] = False,
    prefer: Annotated[Prefer, typer.Option("--prefer", help="Welche Fassung gelesen wird")] = Prefer.PDF,
    data_dir: DataDir = None,
) -> None:
    """Liest Dokumente ein und veröffentlicht eine Ausgabe, die genau sie enthält."""
    if not paths and manifest is None:
        raise fail("Es fehlt, was eingelesen werden soll: PATH... oder --manifest DATEI.")
    settings = settings_for(data_dir)
    raise typer.Exit(_ingest(settings, paths or [], manifest, add, prefer is Prefer.TEXT))


@app.command(epilog="Beispiel: strategielotse remove leitbild-entwurf")
def remove(
    ids: Annotated[list[str], typer.Argument(metavar="ID...", help="Ids der Dokumente")],
    data_dir: DataDir = None,
) -> None:
    """Veröffentlicht eine Ausgabe ohne diese Dokumente und löscht die Ausgaben, die sie enthalten."""
    settings = settings_for(data_dir)
    with sentences(settings):
        name = _remove(settings, ids)
    out.print(f"Ausgabe {name} enthält {', '.join(ids)} nicht mehr.")


@app.command(epilog="Beispiel: strategielotse serve --port 8080 --demo")
def serve(
    host: Annotated[str | None, typer.Option("--host", help="Adresse (127.0.0.1)")] = None,
    port: Annotated[int | None, typer.Option("--port", min=0, max=65535, help="Port (8000)")] = None,
    demo: Annotated[
        bool, typer.Option("--demo", help="Beispielseite zeigen, Beispieldaten einlesen, wo nichts ist")
    ] = False,
    data_dir: DataDir = None,
) -> None:
    """Startet den Dienst mit Startseite, Schnittstelle und ihrer Beschreibung."""
    from service import server

    settings = settings_for(data_dir, host=host, port=port, demo=demo or None)
    with sentences(settings, server.CannotListen):
        taken = server.listen(settings.host, settings.port)
        if demo:
            _ingest_sample(settings)
        out.print(f"Strategielotse läuft auf {server.address_of(taken)} (Ende mit Strg+C)")
        server.serve(settings, taken)


app.command(epilog='Beispiel: strategielotse ask "Welche Projekte zur Mobilität sind noch Ideen?"')(cli_queries.ask)
app.command(epilog='Beispiel: strategielotse lookup "Radverkehr" --json')(cli_queries.lookup)
app.command(epilog="Beispiel: strategielotse projects --status idea --theme 2 --format csv > ideen.csv")(
    cli_queries.projects
)
app.command(epilog="Beispiel: strategielotse documents")(cli_queries.documents)
app.command(epilog="Beispiel: strategielotse feedback --format csv > bewertungen.csv")(cli_feedback.feedback)


@app.command(
    "eval",
    context_settings={"allow_extra_args": True, "ignore_unknown_options": True, "help_option_names": []},
    epilog="Beispiel: strategielotse eval run",
)
def evaluate(context: typer.Context) -> None:
    """Prüft die Güte der Antworten: Fälle, Läufe, Berichte, Vergleich, Schwellen."""
    from evals.commands import make_app

    make_app(_ingest_sample)(args=context.args, prog_name="strategielotse eval")


def _remove(settings: Settings, ids: list[str]) -> str:
    from ingest.cache import ParsedCache
    from ingest.keeping import KeptDocuments

    store = make_store(settings)
    with store.writing(), closing(store.open()) as edition:
        kept = KeptDocuments.of(edition, ids)
        known = edition.catalogue.documents.keys() & ids
        report = {"files": kept.files, "removed": sorted(known)}
        name = store.publish(kept.parsed, report=report, originals=kept.originals).name if known else edition.name
        ParsedCache(store.root / "cache" / "parsed").keep_only({one.document.id for one in kept.parsed})
        store.forget(ids)
    if unknown := sorted(set(ids) - known):
        raise CommandError(f"In der Ausgabe gibt es kein Dokument mit dieser Id: {', '.join(unknown)}.")
    return name


def _ingest(settings: Settings, paths: list[Path], manifest: Path | None, add: bool, prefer_text: bool) -> Exit:
    from ingest.errors import RegisterError
    from ingest.job import IngestRequest

    missing = [str(path) for path in [*paths, *([manifest] if manifest else [])] if not path.exists()]
    if missing:
        raise fail(f"Das gibt es nicht: {', '.join(missing)}.")
    with sentences(settings, RegisterError):
        report = _run(settings, IngestRequest(tuple(paths), manifest, add, prefer_text))
    if report.files or report.left:
        print_table(report.table())
    if not report.files:
        raise fail("Dort gibt es kein PDF-, Text- oder Markdown-Dokument.")
    if len(report.rejected) == len(report.files):
        message = "Kein Dokument konnte eingelesen werden; was bisher veröffentlicht ist, bleibt, wie es ist."
        raise fail(message, Exit.REJECTED)
    change = "veröffentlicht" if report.changed else "unverändert: Der Inhalt ist derselbe"
    out.print(f"Ausgabe {report.edition} {change} ({report.seconds:.1f} s).")
    return Exit.REJECTED if report.rejected else Exit.DONE


def _run(settings: Settings, request: IngestRequest) -> IngestReport:
    from ingest.job import run_ingest

    store = make_store(settings)
    with progress_bar() as show:
        return run_ingest(request, store, show)


def _ingest_sample(settings: Settings) -> None:
    """Ingest the sample corpus where nothing is ingested."""
    if make_store(settings).current_name() is not None:
        return
    from ingest.job import IngestRequest

    register = Path(str(files("ingest.sample"))) / "corpus.toml"
    report = _run(settings, IngestRequest(manifest=register))
    if report.rejected:
        raise CommandError("Die Beispieldaten konnten nicht vollständig eingelesen werden.")
    out.print(f"Beispieldaten eingelesen: Ausgabe {report.edition} ({report.seconds:.1f} s).")
